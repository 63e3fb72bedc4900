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


_NO_NICK = re.compile(r"时间|日期|报表|统计|导出|[:：]$")
_SINGLE = 12
"""Lines a single message may have."""


def looks_like_chat(lines: Sequence[str]) -> bool:
    """Whether lines are a copied chat: at least two begin a message, and no table would have so many; or the first one
    begins the only message there is.
    """
    filled = [line.strip() for line in lines if line.strip()]
    heads = sum(1 for line in filled if HEAD.match(line))
    alone = sum(1 for before, line in pairwise(filled) if ALONE.match(line) and NICK.match(before))
    if heads + alone == 1:
        return _single(filled)
    return heads + alone >= 2 and (heads + 2 * alone) * 12 >= len(filled)


def _single(filled: Sequence[str]) -> bool:
    """Whether a nick, a time and a few lines of text are all: what a buyer wrote and nobody answered."""
    head = HEAD.match(filled[0])
    if head is None and not ALONE.match(filled[1]):
        return False
    nick, said = (head[1], filled[1:]) if head else (filled[0], filled[2:])
    widths = [len(re.split(r"[,\t;|]", line)) for line in said]
    a_table = any("\t" in line for line in said) or any(one == other > 1 for one, other in pairwise(widths))
    return 0 < len(said) <= _SINGLE and not a_table and not _NO_NICK.search(nick)
