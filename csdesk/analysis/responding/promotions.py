"""Promotion days against ordinary days of the same weekdays: how many came, how soon they were answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from csdesk.analysis.events import Event, EventKind
from csdesk.analysis.frame import Answer, Engine, PageRequest
from csdesk.analysis.responding.waits import Waits, waits_of
from csdesk.charts import format as written
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day

if TYPE_CHECKING:
    from csdesk.metrics.days import Ints
    from csdesk.stats.change import Change

_BEFORE = 28
"""Days before the selection that serve as ordinary days too: a promotion may fill the whole of it."""
_MOVED = {"up": "慢", "down": "快"}


@dataclass(frozen=True, slots=True)
class PromotionEffect:
    """A promotion beside ordinary days of the same weekdays.

    ``days`` with data, ``ordinary_days`` of its weekdays; ``per_day`` sessions a day, ``ordinary_per_day`` weighted by
    the promotion's weekdays; medians in seconds with the interval of their difference; ``in_time`` shares with theirs.
    """

    name: str
    first: date
    last: date
    days: int
    ordinary_days: int
    sessions: int
    per_day: float
    ordinary_per_day: float | None
    median: float | None
    ordinary_median: float | None
    n: tuple[int, int]
    difference: float | None
    low: float | None
    high: float | None
    verdict: str
    in_time: float | None
    ordinary_in_time: float | None
    in_time_difference: tuple[float | None, float | None, float | None]
    in_time_verdict: str
    text: str


def promotions(engine: Engine, request: PageRequest, waits: Waits) -> Answer:
    """Every promotion in the selection; ``baseline`` is where its ordinary days are looked for."""
    span = _span(request, waits)
    if span is None:
        return Answer("promotions", {"baseline": None, "events": (), "text": "没有会话明细，看不出大促的影响。"})
    found = [event for event in request.events_in(span) if event.kind is EventKind.PROMOTION]
    baseline = Period(span.first - timedelta(days=_BEFORE), span.last)
    events: tuple[PromotionEffect, ...] = ()
    if found:
        events = _Compared(engine, request, span, baseline, found).effects()
    text = "".join(event.text for event in events) or "这段时间没有大促。"
    return Answer("promotions", {"baseline": (baseline.first, baseline.last), "events": events, "text": text})


def _span(request: PageRequest, waits: Waits) -> Period | None:
    """The days of the selection that have sessions."""
    days, _ = waits.days
    if not len(days):
        return None
    there = Period(from_epoch_day(int(days[0])), from_epoch_day(int(days[-1])))
    chosen = request.selection.period
    return there if chosen is None else Period(max(there.first, chosen.first), min(there.last, chosen.last))


class _Compared:
    """Sessions of the baseline by promotion and by weekday of ordinary days."""

    def __init__(
        self, engine: Engine, request: PageRequest, span: Period, baseline: Period, found: Sequence[Event]
    ) -> None:
        import numpy as np  # noqa: PLC0415

        self._found = found
        self._span = span
        self._waits = waits = waits_of(engine, request.selection.during(baseline))
        self._group_of_day, self._weekday = self._groups(request, baseline)
        days, sessions = waits.days
        place = days - to_epoch_day(baseline.first)
        self._by_day = np.zeros(baseline.days, dtype=np.int64)
        self._by_day[place] = sessions
        self._open = self._by_day > 0
        height = len(found) + 7
        group = waits.spread(self._group_of_day[place])
        self._counts = waits.histogram(group, height)
        verdicts = waits.verdicts(np.where(group < 0, height, group), height)
        self._good, self._judged = verdicts[:, 1], verdicts[:, :2].sum(axis=1)
        self._spreads = self._day_spreads(place)

    def _day_spreads(self, place: Ints) -> tuple[float, float]:
        """How many times more ordinary days vary than chance: waits above the median, and answers in time."""
        import numpy as np  # noqa: PLC0415

        from csdesk.stats.between_days import rate_spread  # noqa: PLC0415

        days = len(self._by_day)
        ordinary = (self._group_of_day >= len(self._found)) & self._open
        day, waits = self._waits.spread(place), self._waits
        usual = waits.sorted(self._counts[len(self._found) :].sum(axis=0)).quantile(0.5)
        if usual is None:
            return 1.0, 1.0
        above = waits.place >= np.searchsorted(waits.values, usual, side="right")
        counted = (
            (np.bincount(day[above], minlength=days), np.bincount(day[waits.place >= 0], minlength=days)),
            (np.bincount(day[waits.verdict == 1], minlength=days), np.bincount(day[waits.verdict < 2], minlength=days)),
        )
        k, n = (np.array([one[side] * ordinary for one in counted], dtype=np.float64) for side in (0, 1))
        wide = rate_spread(k, n, self._weekday, np.ones(days, dtype=np.bool_))
        return float(wide[0]), float(wide[1])

    def _groups(self, request: PageRequest, baseline: Period) -> tuple[Ints, Ints]:
        """By day of the baseline: its promotion in the span, else (after these) its weekday, −1 for other special
        days; and the weekday from 0.
        """
        import numpy as np  # noqa: PLC0415

        weekday = (np.arange(baseline.days) + baseline.first.weekday()) % 7
        group = len(self._found) + weekday
        for event in request.events_in(baseline):
            group[self._days(event.period, baseline)] = -1
        for number, event in reversed(list(enumerate(self._found))):
            group[self._days(event.period, baseline, within=self._span)] = number
        return group, weekday

    @staticmethod
    def _days(period: Period, baseline: Period, within: Period | None = None) -> slice:
        inside = within or baseline
        first, last = max(period.first, inside.first), min(period.last, inside.last)
        return slice((first - baseline.first).days, (last - baseline.first).days + 1)

    def effects(self) -> tuple[PromotionEffect, ...]:
        """One for each promotion anybody came in."""
        made = (self._effect(number, event) for number, event in enumerate(self._found))
        return tuple(one for one in made if one is not None)

    def _effect(self, number: int, event: Event) -> PromotionEffect | None:
        import numpy as np  # noqa: PLC0415

        from csdesk.stats.change import rate_change  # noqa: PLC0415
        from csdesk.stats.medians import median_change  # noqa: PLC0415

        mine = (self._group_of_day == number) & self._open
        if not mine.any():
            return None
        often = np.bincount(self._weekday[mine], minlength=7)
        ordinary = self._open & (self._group_of_day >= len(self._found)) & (often[self._weekday] > 0)
        days = np.bincount(self._weekday[ordinary], minlength=7)
        both = (often > 0) & (days > 0)
        came = np.bincount(self._weekday[ordinary], self._by_day[ordinary], 7)
        usual = float((often[both] * came[both] / days[both]).sum() / often[both].sum()) if both.any() else None
        rows = len(self._found) + np.flatnonzero(often)
        now = self._waits.sorted(self._counts[number])
        before = self._waits.sorted(self._counts[rows].sum(axis=0))
        more = 1.0 if usual is None else max(1.0, float(self._by_day[mine].mean()) / max(usual, 1e-9))
        waits_wide, in_time_wide = (1 + (one - 1) * more for one in self._spreads)  # busy days show more of it
        moved = median_change(now, before, spread=waits_wide)
        good, judged = self._good[rows].sum(), int(self._judged[rows].sum())
        rate = rate_change(
            int(self._good[number]), int(self._judged[number]), int(good), judged, spread=in_time_wide
        )  # fmt: skip
        sessions = int(self._by_day[mine].sum())
        return PromotionEffect(
            event.name, max(event.period.first, self._span.first), min(event.period.last, self._span.last),
            int(mine.sum()), int(ordinary.sum()), sessions, sessions / int(mine.sum()), usual,
            now.quantile(0.5), before.quantile(0.5), (now.n, before.n),
            moved.difference, moved.low, moved.high, str(moved.verdict),
            float(self._good[number] / self._judged[number]) if self._judged[number] else None,
            float(good / judged) if judged else None,
            (rate.difference, rate.low, rate.high), str(rate.verdict),
            _words(event.name, sessions / int(mine.sum()), (usual, int(ordinary.sum())), moved, (now.n, before.n)),
        )  # fmt: skip


def _words(name: str, per_day: float, ordinary: tuple[float | None, int], moved: Change, n: tuple[int, int]) -> str:
    """``ordinary``: sessions a day, and how many days they come from."""
    usual, days = ordinary
    text = f"{name}期间平均每天 {per_day:.1f} 次会话"
    if usual is None:
        return f"{text}，前后没有同样星期几的平常日子可比。"
    text += f"，同样星期几的平常日子（{days} 天）{usual:.1f} 次"
    verdict = str(moved.verdict)
    sample = f"n={written.count(n[0])} 对 {written.count(n[1])}"
    interval = f"差的 95% 区间 {written.signed_duration(moved.low)} 至 {written.signed_duration(moved.high)}"
    if verdict in _MOVED and moved.difference is not None:
        size = written.duration(abs(moved.difference))
        return f"{text}；首次响应中位数{_MOVED[verdict]} {size}（{interval}，{sample}）。"
    if verdict == "no_clear_change":
        return f"{text}；首次响应看不出差别（{interval}，{sample}）。"
    return f"{text}；首次响应样本不足，不判断。" if verdict == "too_few" else f"{text}。"
