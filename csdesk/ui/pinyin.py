"""Finding Chinese words by the initials of their pinyin ("myl" → 满意率).

The 3,755 everyday characters of GB 2312 (rows 16–55) stand in the order of their pinyin, so the place of a character
tells its initial. Rarer ones are sorted by radical there and match themselves only, but for those of common names.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRST = (  # the character each letter begins with
    "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
)
_STARTS = [int.from_bytes(character.encode("gb2312"), "big") for character in _FIRST]
_LAST = int.from_bytes("座".encode("gb2312"), "big")
_RARER = {  # rarer characters of common names
    "c": "宸琛",
    "h": "晗昊",
    "j": "婧瑾",
    "l": "岚璐",
    "m": "淼",
    "n": "楠",
    "q": "琪倩祺茜",
    "t": "婷",
    "w": "雯薇炜",
    "x": "萱曦鑫璇",
    "y": "怡焱芸嫣妍煜烨",
}
_NAMES = {character: letter for letter, characters in _RARER.items() for character in characters}


@lru_cache(maxsize=4096)
def _initial(character: str) -> str:
    try:
        place = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return _NAMES.get(character, character)
    if _STARTS[0] <= place <= _LAST:
        return _LETTERS[bisect_right(_STARTS, place) - 1]
    return _NAMES.get(character, character)


def initials(text: str) -> str:
    """Pinyin initials, lower case; what is not a known character stays as it is."""
    return "".join(_initial(character) for character in text.casefold() if not character.isspace())


def matches(query: str, text: str) -> bool:
    """Whether the text, or its initials, hold what was typed; an empty query matches everything."""
    wanted = "".join(query.casefold().split())
    return not wanted or wanted in "".join(text.casefold().split()) or wanted in initials(text)


def rank(query: str, text: str) -> int:
    """How good a match is, for sorting: 0 begins with it, 1 initials begin with it, 2 holds it, 3 not at all."""
    wanted = "".join(query.casefold().split())
    plain, short = "".join(text.casefold().split()), initials(text)
    if plain.startswith(wanted):
        return 0
    if short.startswith(wanted):
        return 1
    return 2 if wanted in plain or wanted in short else 3
