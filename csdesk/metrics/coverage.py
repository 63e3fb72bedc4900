"""Which reports count: one source a day, nothing twice. The law, and its plain statement.

``choose`` says it for one agent and is what the tests hold against; pages need thousands of choices at once and take
them from :mod:`csdesk.metrics.choice`, which asks ``best_spans`` for what overlaps.

Days are bits of an integer (bit k = base day + k), so "overlaps" and "lies inside" are one operation each.
Pure functions; the rules are those of the catalogue's head: among reports of one source and grain the
non-overlapping set that covers the most days, ties to the finest; a further source fills only days not used.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

SOURCE_ORDER = ("sessions", "chitu", "sycm", "feige")
"""Where two sources cover equally many days, the one named first counts."""


def source_rank(source: str) -> tuple[int, str]:
    """Sort key of a source: the known ones in their order, then by name."""
    known = source in SOURCE_ORDER
    return (SOURCE_ORDER.index(source) if known else len(SOURCE_ORDER), source)


def span_mask(first: int, last: int, base: int) -> int:
    """Bits of the days ``first``..``last`` (both included) over ``base``; none of them may lie before it."""
    return ((1 << (last - first + 1)) - 1) << (first - base)


def best_spans(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Indices of the non-overlapping spans (first, last) that cover most days, ties to more and shorter spans.

    Weighted interval scheduling, O(n log n); in the order of their last days.
    """
    order = sorted(range(len(spans)), key=lambda index: (spans[index][1], spans[index][0]))
    if all(spans[a][1] < spans[b][0] for a, b in pairwise(order)):
        return order
    ends = [spans[index][1] for index in order]
    best: list[tuple[int, int]] = [(0, 0)]  # (days, spans) over the first k of the order
    taken: list[bool] = []
    before: list[int] = []
    for position, index in enumerate(order):
        first, last = spans[index]
        earlier = bisect_left(ends, first)
        with_it = (best[earlier][0] + last - first + 1, best[earlier][1] + 1)
        taken.append(with_it > best[position])
        before.append(earlier)
        best.append(max(with_it, best[position]))
    chosen: list[int] = []
    position = len(order)
    while position:
        if taken[position - 1]:
            chosen.append(order[position - 1])
            position = before[position - 1]
        else:
            position -= 1
    return chosen[::-1]


class Spanned(Protocol):
    """Something that holds for whole days."""

    @property
    def first(self) -> int:
        """First epoch day."""

    @property
    def last(self) -> int:
        """Last epoch day, included."""

    @property
    def mask(self) -> int:
        """The same as bits."""


S = TypeVar("S", bound=Spanned)


@dataclass(slots=True)
class Choice(Generic[S]):
    """What counts (``chosen``, with its days as ``used``) and what does not, with the reason in Chinese."""

    chosen: list[S] = field(default_factory=list)
    left: list[tuple[S, str]] = field(default_factory=list)
    used: int = 0


def choose(
    by_source: Mapping[str, Sequence[S]], window: int, taken: Iterable[tuple[int, str]], titles: Mapping[str, str]
) -> Choice[S]:
    """Pick the reports that count for one agent (or one shop as a whole) inside ``window``.

    ``taken`` are (days, reason) already spoken for by a better source. Reports that do not touch the
    window are not mentioned at all.
    """
    choice: Choice[S] = Choice()
    open_ = _fitting(by_source, window, tuple(taken), choice)
    while True:
        picked = _best_source(open_)
        if picked is None:
            return choice
        source, reports = picked
        fitting = open_.pop(source)
        if len(fitting) > len(reports):
            chosen = {id(report) for report in reports}
            rest = [report for report in fitting if id(report) not in chosen]
            choice.left += [(report, "与已采用的同一来源报表重叠") for report in rest]
        choice.chosen += reports
        for report in reports:
            choice.used |= report.mask
        reason = f"这些天已采用{titles.get(source, source)}"
        for other, waiting in open_.items():
            open_[other] = [report for report in waiting if not report.mask & choice.used]
            choice.left += [(report, reason) for report in waiting if report.mask & choice.used]


def _fitting(
    by_source: Mapping[str, Sequence[S]], window: int, blocked: Sequence[tuple[int, str]], choice: Choice[S]
) -> dict[str, list[S]]:
    """The reports that may count, by source; the others go to ``choice.left``."""
    fitting: dict[str, list[S]] = {source: [] for source in by_source}
    for source, reports in by_source.items():
        for report in reports:
            if not report.mask & window:
                continue
            reason = _unfit(report.mask, window, blocked)
            if reason:
                choice.left.append((report, reason))
            else:
                fitting[source].append(report)
    return fitting


def _unfit(mask: int, window: int, blocked: Sequence[tuple[int, str]]) -> str:
    if mask & ~window:
        return "管的天数超出这里的范围，拆不开"
    for days, reason in blocked:
        if mask & days:
            return reason
    return ""


def _best_source(open_: Mapping[str, Sequence[S]]) -> tuple[str, list[S]] | None:
    best: tuple[int, str, list[S]] | None = None
    there = [source for source, reports in open_.items() if reports]
    if len(there) == 1 and len(open_[there[0]]) == 1:
        return there[0], list(open_[there[0]])
    for source in sorted(there, key=source_rank):
        reports = open_[source]
        chosen = [reports[index] for index in best_spans([(report.first, report.last) for report in reports])]
        days = sum(report.last - report.first + 1 for report in chosen)
        if best is None or days > best[0]:
            best = (days, source, chosen)
    return None if best is None else (best[1], best[2])
