"""Which changes of a page's numbers are certain, all of them looked at together.

A 95 % interval leaves out the truth once in twenty times; of a page with five numbers one would seem to have changed on
every fourth quiet day. Each card keeps its own interval and verdict, but what is called certain (the words beside it,
the sentences, the findings) keeps the share of false ones at 5 % among all numbers of the page (Benjamini–Hochberg).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Kpi, Tone
from csdesk.charts.build import number
from csdesk.metrics.model import Unit
from csdesk.stats.intervals import critical
from csdesk.stats.multiple import discoveries

FALSE_SHARE = 0.05
MOVED = frozenset({"up", "down"})
UNSURE = "可能有变化"


def together(facts: Facts, kpis: Sequence[Kpi]) -> tuple[Kpi, ...]:
    """The cards, with the words for changes that do not stand out among all of them."""
    stretch = stretch_of(facts)
    sized = [(at, z) for at, kpi in enumerate(kpis) if _judged(kpi) and (z := z_of(kpi, stretch)) is not None]
    sure = dict(zip((at for at, _z in sized), discoveries([p_of(z) for _at, z in sized], FALSE_SHARE), strict=True))
    return tuple(
        kpi if sure.get(at, True) or not has_moved(kpi) else _unsure(kpi, len(sized)) for at, kpi in enumerate(kpis)
    )


def has_moved(kpi: Kpi) -> bool:
    """Whether the number's own interval says that it changed."""
    return kpi.change is not None and kpi.change.verdict in MOVED


def is_certain(kpi: Kpi) -> bool:
    """Whether it changed, also among all numbers of the page."""
    return kpi.change is not None and kpi.change.verdict in MOVED and kpi.change.certain


def stretch_of(facts: Facts) -> float:
    """How many days the span has for each of the one before: a month of 28 days holds less than one of 31."""
    now, before = facts.request.selection.period, facts.compared_period
    return now.days / before.days if now is not None and before is not None else 1.0


def z_of(kpi: Kpi, stretch: float) -> float | None:
    """How many standard errors a change is from none, by the end of its interval on that side.

    A count is held against the days there were; 0 where they alone made it move.
    """
    change = kpi.change
    if change is None or change.difference is None or change.low is None or change.high is None:
        return None
    half = change.difference - change.low if change.difference > 0 else change.high - change.difference
    if half <= 0:
        return None
    moved = change.difference
    if kpi.value.unit is Unit.COUNT:
        moved += (number(kpi.previous) or 0.0) * (1 - stretch)
    return max(math.copysign(moved, moved * change.difference), 0.0) / half * critical(0.95)


def p_of(z: float) -> float:
    """Two-sided."""
    return math.erfc(abs(z) / math.sqrt(2))


def _judged(kpi: Kpi) -> bool:
    return kpi.change is not None and kpi.change.verdict in {*MOVED, "no_clear_change"}


def _unsure(kpi: Kpi, among: int) -> Kpi:
    change = kpi.change
    if change is None:
        return kpi
    aside = f"单看这个数有变化；这一页 {among} 个数一起看，偶然也会有这样的一个"
    judged = kpi.value.unit not in {Unit.COUNT, Unit.YUAN}
    return replace(
        kpi,
        change=replace(
            change, certain=False, note=UNSURE if judged else change.note, tone=Tone.NEUTRAL,
            detail=f"{change.detail}；{aside}" if change.detail else aside,
        ),
    )  # fmt: skip
