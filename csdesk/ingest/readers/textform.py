"""Encoding and separator of a text file, found from its bytes."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from csdesk.ingest.chatlines import looks_like_chat

SAMPLE_BYTES = 256 * 1024
_BLOCK = 1 << 20
_SNIFF_LINES = 200
_DELIMITERS = ",\t;|"
_LINE_SUFFIXES = frozenset((".txt", ".log", ""))
LINES = "\n"
"""The separator of a text that is no table but lines, such as a copied chat."""

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class TextForm(NamedTuple):
    """How to read a text file.

    ``sample`` is the decoded beginning (at most :data:`SAMPLE_BYTES` bytes of it), ``strict``
    whether every byte of the file fits the encoding (else bad bytes become U+FFFD).
    """

    encoding: str
    delimiter: str
    strict: bool
    sample: str


def text_form(path: Path) -> TextForm | None:
    """Find encoding and separator; None where the bytes are no text at all."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    encoding, strict = _encoding(path, head)
    sample = decode_sample(head, encoding)
    if _is_binary(sample):
        return None
    return TextForm(encoding, sniff_delimiter(sample, path.suffix.lower()), strict, sample)


def decode_sample(head: bytes, encoding: str) -> str:
    """The beginning of a file as text; a character cut off at its end is left out."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(head, final=False)


def sniff_delimiter(sample: str, suffix: str = "") -> str:
    """The separator that cuts the sample's lines into the most regular rows; "," when none does."""
    if suffix in _LINE_SUFFIXES and looks_like_chat(sample.splitlines()[:_SNIFF_LINES]):
        return LINES
    best, best_score = "\t" if suffix == ".tsv" else ",", 0.0
    for delimiter in _DELIMITERS:
        score = _regularity(sample, delimiter)
        if score > best_score * 1.05:
            best, best_score = delimiter, score
    return best


def _regularity(sample: str, delimiter: str) -> float:
    """Share of rows that have the commonest width above one, weighed by that width."""
    if delimiter not in sample:
        return 0.0
    widths: Counter[int] = Counter()
    try:
        for number, row in enumerate(csv.reader(io.StringIO(sample.replace("\0", "")), delimiter=delimiter)):
            if number >= _SNIFF_LINES:
                break
            if any(row):
                widths[len(row)] += 1
    except csv.Error:
        return 0.0
    wide = {width: rows for width, rows in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, rows = max(wide.items(), key=lambda item: (item[1], item[0]))
    return rows / widths.total() * (1 + math.log(width))


def _encoding(path: Path, head: bytes) -> tuple[str, bool]:
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked:
        return marked, _fits(path, marked)
    wide = _unmarked_utf16(head)
    if wide:
        return wide, _fits(path, wide)
    for name in ("utf-8", "gb18030"):
        if _fits(path, name):
            return name, True
    return min(("utf-8", "gb18030", "latin-1"), key=lambda name: _damage(head, name)), False


def _fits(path: Path, encoding: str) -> bool:
    """Whether the whole file decodes; one pass over its bytes, block by block."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without a mark shows as zero bytes on one side of most pairs."""
    pairs = len(head) // 2
    if pairs < 2 or head.count(0) < pairs // 4:
        return None
    if head[1::2].count(0) > 3 * head[0::2].count(0) and b"\n\0" in head:
        return "utf-16-le"
    if head[0::2].count(0) > 3 * head[1::2].count(0) and b"\0\n" in head:
        return "utf-16-be"
    return None


def _damage(head: bytes, encoding: str) -> float:
    """How badly a codec fits the sample: replaced characters, and for latin-1 a handicap that only
    a short western text overcomes."""
    text = decode_sample(head, encoding)
    if encoding == "latin-1":
        return sum(1 for letter in text if letter >= "\x80") * 0.9 + 0.5
    return text.count("\ufffd") * (1.0 if encoding == "utf-8" else 1.5)


def _is_binary(sample: str) -> bool:
    """Control characters beyond a stray zero byte or two mean this was never text."""
    return len(_CONTROL.findall(sample)) > 3 + len(sample) // 50
