"""How commands speak: one JSON object on stdout, or plain lines; messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width


def print_json(value: object) -> None:
    """Print exactly one JSON object, Chinese readable; indented only for eyes, which is ten times slower."""
    indent = 1 if sys.stdout.isatty() else None
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False) + "\n")


def say(text: str) -> None:
    """A message beside the result."""
    print(text, file=sys.stderr)


def print_done(text: str, *, as_json: bool, **more: object) -> int:
    """What a command did, in a sentence or as the object of ``--json``; returns its exit code."""
    if as_json:
        print_json({"done": True, **more, "text": text})
    else:
        print(text)
    return 0


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns; Chinese characters count as two cells wide."""
    table = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[column]) for row in table) for column in range(len(header))]
    for row in table:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
