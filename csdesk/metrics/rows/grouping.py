"""Which group of a split each row belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csdesk.domain.period import from_epoch_day, to_epoch_day
from csdesk.metrics.days import Ints
from csdesk.metrics.model import By
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.store.kinds import KINDS
from csdesk.store.row_columns import NO_DAY, PACKS

UNCATEGORISED = "未分类"
"""Key of the rows without a category."""
UNNAMED = "未注明商品"
"""Key of the rows without a product."""
SOURCES = {
    "session": "sessions",
    "order_head": "orders",
    "order_line": "orders",
    "refund": "refunds",
    "review": "reviews",
    "survey_answer": "surveys",
    "ticket": "tickets",
    "invitation": "invitations",
    "message": "messages",
    "quality_check": "checks",
}
"""What a kind of rows is called as a source of numbers."""
_WIDEST = 1 << 22

Identity = str | int | None
"""What tells groups apart: agent and shop ids, group names, days as ISO text, …; None = the whole."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups that have rows: what each is (and, where it is a span of days, which), and each row's (−1 = none)."""

    identities: list[Identity]
    code: Ints
    spans: list[tuple[int, int]] | None = None


def group_rows(rows: ChosenRows, by: By | None) -> Groups | None:
    """The split of rows; None where these rows cannot be split so."""
    if by in {By.AGENT, By.GROUP} and not KINDS[rows.kind].has_agent:
        return None
    make = _SPLITS.get(by) if by is not None else _whole
    return make(rows) if make is not None else None


def dense(values: Ints) -> tuple[list[int], Ints]:
    """The distinct whole numbers, ascending, and the place of each value among them."""
    if not len(values):
        return [], values
    low, high = int(values.min()), int(values.max())
    if high - low >= _WIDEST:
        known, code = np.unique(values, return_inverse=True)
        return known.tolist(), code
    there = np.zeros(high - low + 1, dtype=np.bool_)
    there[values - low] = True
    place = np.cumsum(there) - 1
    return (np.flatnonzero(there) + low).tolist(), place[values - low]


def _kept(rows: ChosenRows, name: str, of: Callable[[ChosenRows], Ints]) -> tuple[list[int], Ints]:
    """:func:`dense` of a number of the chosen rows; worked out once for the whole table."""
    known, code = rows.table.kept(f"dense {name}", lambda: dense(of(rows.whole)))
    mine = code[rows.rows]
    there = np.bincount(mine, minlength=len(known)) > 0
    if there.all():
        return list(known), mine
    return [one for one, used in zip(known, there.tolist(), strict=True) if used], (np.cumsum(there) - 1)[mine]


def _by_time(day: Ints, by: By) -> Groups:
    heads = np.flatnonzero(np.append(True, day[1:] != day[:-1])) if len(day) else np.zeros(0, dtype=np.int64)
    days = day[heads]  # rows come day by day: what is worked out for one goes for all of its rows
    if by is By.DAY:
        start = days
    elif by is By.WEEK:
        start = days - (days + 3) % 7
    else:
        start = days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    known, of_day = dense(np.where(days == NO_DAY, -1, start))
    if known and known[0] == -1:
        known, of_day = known[1:], of_day - 1
    code = np.repeat(of_day, np.diff(np.append(heads, len(day))))
    cut = 7 if by is By.MONTH else 10
    return Groups(
        [from_epoch_day(one).isoformat()[:cut] for one in known], code, [(one, _end(one, by)) for one in known]
    )


def _end(start: int, by: By) -> int:
    if by is By.DAY:
        return start
    if by is By.WEEK:
        return start + 6
    first = from_epoch_day(start)
    return to_epoch_day(first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)) - 1


def _by_text(rows: ChosenRows, column: str, none: str) -> Groups | None:
    if not any(column in pack.texts for pack in PACKS[rows.kind].values()):
        return None
    codes = rows.codes(column)
    known, code = dense(codes.code)
    return Groups([none if one < 0 else str(codes.texts[one]) for one in known], code)


def _named(names: Sequence[str], code: Ints) -> Groups:
    """Only the names that rows have."""
    known, place = dense(code)
    if known and known[0] == -1:
        known, place = known[1:], place - 1
    return Groups([names[one] for one in known], place)


def _without(groups: Groups, none: int) -> Groups:
    gone = groups.identities.index(none)
    code = np.where(groups.code == gone, -1, groups.code - (groups.code > gone))
    return Groups([one for one in groups.identities if one != none], code)


def _whole(rows: ChosenRows) -> Groups:
    return Groups([None], np.zeros(rows.size, dtype=np.int64))


def _by_source(rows: ChosenRows) -> Groups:
    return Groups([SOURCES[rows.kind]], np.zeros(rows.size, dtype=np.int64))


def _by_platform(rows: ChosenRows) -> Groups:
    platforms = sorted({str(info.platform) for info in rows.shops.values()})
    known, code = _kept(rows, "shop", lambda whole: whole.shop)
    of_shop = np.array([platforms.index(str(rows.shops[shop].platform)) for shop in known], dtype=np.int64)
    return _named(platforms, of_shop[code])


def _by_group(rows: ChosenRows) -> Groups:
    groups = rows.group
    return _named([str(text) for text in groups.texts], groups.code)


def _by_agent(rows: ChosenRows) -> Groups:
    known, code = _kept(rows, "agent", lambda whole: whole.agent)
    groups = Groups(list(known), code)
    return _without(groups, 0) if 0 in known else groups


def _by_number(name: str, of: Callable[[ChosenRows], Ints]) -> Callable[[ChosenRows], Groups]:
    def split(rows: ChosenRows) -> Groups:
        known, code = _kept(rows, name, of)
        groups = Groups(list(known), code)
        return _without(groups, -1) if -1 in known else groups

    return split


_SPLITS: Mapping[By, Callable[[ChosenRows], Groups | None]] = {
    By.AGENT: _by_agent,
    By.GROUP: _by_group,
    By.DAY: lambda rows: _by_time(rows.day, By.DAY),
    By.WEEK: lambda rows: _by_time(rows.day, By.WEEK),
    By.MONTH: lambda rows: _by_time(rows.day, By.MONTH),
    By.HOUR: _by_number("hour", lambda rows: rows.hour),
    By.WEEKDAY: _by_number("weekday", lambda rows: rows.weekday),
    By.CATEGORY: lambda rows: _by_text(rows, "category", UNCATEGORISED),
    By.PRODUCT: lambda rows: _by_text(rows, "product", UNNAMED),
    By.SHOP: _by_number("shop", lambda rows: rows.shop),
    By.PLATFORM: _by_platform,
    By.SOURCE: _by_source,
}
