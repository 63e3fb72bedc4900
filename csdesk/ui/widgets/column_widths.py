"""How wide the columns of a table are: what they need, what is spare, and what gives way where there is too little."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

BAR_ROOM = 76
SHORTEST_BAR = 30
_NARROWEST_WORDS = 120
_WORDS_BESIDE_MORE = 240
_STEP = 20
_ONE_LINE = 4  # titles of so many characters stay in one line
_TAILS = ("得分", "占比", "人数", "时长", "数量", "金额", "下限", "上限", "响应")


def fitted_widths(
    needs: Sequence[int],
    numeric: Sequence[bool],
    room: int,
    bars: Sequence[bool] = (),
    cells: Sequence[Sequence[int]] = (),
) -> list[int]:
    """Column widths that fill ``room``: words get more of what is spare.

    Where it is short, in-cell bars (part of ``needs`` where ``bars`` says so) give way first, then words, and of these
    the column in which the fewest cells are cut (``cells``: the widths of each column's cells, ascending; without
    them the widest). Where even that is not enough, words keep a readable width.
    """
    found = list(needs)
    spare = room - sum(found)
    with_bars = [column for column, bar in enumerate(bars) if bar]
    if spare < 0 and with_bars:
        cut = min(BAR_ROOM, -(spare // len(with_bars)))
        cut = BAR_ROOM if cut > BAR_ROOM - SHORTEST_BAR else cut
        for column in with_bars:
            found[column] -= cut
        spare = room - sum(found)
    if spare >= 0:
        weights = [1 if number else 2 for number in numeric]
        given = [spare * weight // sum(weights) for weight in weights]
        return [need + more for need, more in zip(found, given, strict=True)]
    wanted = list(found)
    words = [column for column, number in enumerate(numeric) if not number]
    while spare < 0:
        can = [column for column in words if found[column] > _NARROWEST_WORDS]
        if not can:  # it will have to scroll sideways: then names may as well be read
            return [
                width if number else min(width, _WORDS_BESIDE_MORE)
                for width, number in zip(wanted, numeric, strict=True)
            ]
        place = min(can, key=lambda column: (_cut_off(cells, column, found[column] - _STEP), -found[column]))
        cut = min(-spare, _STEP, found[place] - _NARROWEST_WORDS)
        found[place] -= cut
        spare += cut
    return found


def _cut_off(cells: Sequence[Sequence[int]], column: int, width: int) -> int:
    """How many cells of a column do not fit into ``width``."""
    return len(cells[column]) - bisect_right(cells[column], width) if cells else 0


def title_lines(title: str) -> tuple[str, ...]:
    """A column title in two lines, broken where its words end: ``3分钟`` ``回复率``; short ones in one."""
    if len(title) <= _ONE_LINE:
        return (title,)
    if " " in title:
        before, _space, after = title.rpartition(" ")
        return (before, after)
    tail = 2 if title.endswith(_TAILS) else 3
    return (title[:-tail], title[-tail:])
