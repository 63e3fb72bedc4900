"""How the lines of a copied chat look: light enough for the process that reads files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_TIME = r"(\d{4}[-/]\d{1,2}[-/]\d{1,2}\s+\d{1,2}:\d{2}:\d{2})"
HEAD = re.compile(rf"^([^\s,\t;|\"][^,\t;|\"]{{0,59}}?)\s*{_TIME}$")
"""Nick and time on one line."""
ALONE = re.compile(rf"^{_TIME}$")
"""A time under a line with the nick."""
NICK = re.compile(r"^[^\s,\t;|\"]{1,60}$")


def looks_like_chat(lines: Sequence[str]) -> bool:
    """Whether lines are a copied chat: at least two begin a message, and no table would have so many."""
    filled = [line.strip() for line in lines if line.strip()]
    heads = sum(1 for line in filled if HEAD.match(line))
    alone = sum(1 for before, line in pairwise(filled) if ALONE.match(line) and NICK.match(before))
    return heads + alone >= 2 and (heads + 2 * alone) * 12 >= len(filled)
