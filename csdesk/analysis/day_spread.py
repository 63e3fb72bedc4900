"""How much a shop's days vary: what changes are held against.

A month of ratings is no sample drawn one by one: good and bad days hang together. How much so is learnt from the shop's
own last days (up to 104, weekdays taken out, promotions and holidays left out, days that are not final too). Where the
days are not known, or show no more than chance, rates are held against chance alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.attention.judging import final_days
from csdesk.analysis.attention.steady import steady_people, steady_whole
from csdesk.analysis.attention.window import Window, special_days, window_of
from csdesk.analysis.frame import PageRequest
from csdesk.analysis.terms import unit_of
from csdesk.metrics.daily import Daily, DailyCounts
from csdesk.metrics.model import MetricValue, Unit
from csdesk.stats import control
from csdesk.stats.between_days import common_spread, rate_spread
from csdesk.stats.change import likely_dispersion

if TYPE_CHECKING:
    from csdesk.analysis.facts import Trend
    from csdesk.stats.control import Bools, Floats

_ROUNDING = 1e-6


class DaySpreads:
    """Of one page: variance of sums over what chance alone gives, at least 1. Computed when it is asked for."""

    def __init__(self, request: PageRequest, daily: Callable[[], Daily], trend: Callable[[], Trend]) -> None:
        self._request = request
        self._ask = daily
        self._trend = trend

    def of_count(self, value: MetricValue) -> float:
        """Variance over mean of a count: the shop's own, or what is likely where its days are not known."""
        window, counts = self._window, self._daily.metrics.get(value.metric)
        if window is not None and counts is not None and counts.summable:
            ordinary = (self._usable(window, value.metric, counts) & ~window.lacking)[None]
            nothing = np.zeros(ordinary.shape, dtype=np.bool_)
            found = control.counts(
                steady_whole(window, counts, exactly=True).top[None], window.weekday, ordinary, nothing
            )
            own = float(control.dispersion(found, ordinary, self._later(window))[0])
            if not np.isnan(own):
                return own
        period = self._request.selection.period
        days = sum(span.days for span in value.covered) or (period.days if period else 0)
        return likely_dispersion(value.value / days) if days and isinstance(value.value, int | float) else 1.0

    def of_rate(self, value: MetricValue | None) -> float:
        """Of everybody's numerator, see :func:`csdesk.stats.between_days.rate_spread`."""
        if value is None or value.unit is not Unit.RATE:
            return 1.0
        return self._rates.get(value.metric) or self._of_steps(value)

    def of_people(self, metric: str) -> float:
        """Of the numerators of single agents: one factor for all of them, for one alone has few days to learn from."""
        return self._people.get(metric, 1.0)

    def of_part(self, value: MetricValue | None, share: float) -> float:
        """Of a part of the whole that holds ``share`` of its trials: what days do to all, fewer trials show less of."""
        return 1 + (self.of_rate(value) - 1) * min(max(share, 0.0), 1.0)

    @cached_property
    def _daily(self) -> Daily:
        return self._ask()

    @cached_property
    def _window(self) -> Window | None:
        return window_of(self._daily, self._request)

    @cached_property
    def _rates(self) -> dict[str, float]:
        """All rates of the page at once."""
        window = self._window
        if window is None:
            return {}
        known = {
            metric: counts for metric, counts in self._daily.metrics.items()
            if counts.summable and unit_of(metric) is Unit.RATE
        }  # fmt: skip
        if not known:
            return {}
        sums = [steady_whole(window, counts, exactly=False) for counts in known.values()]
        usable = np.array([self._usable(window, metric, counts) for metric, counts in known.items()])
        k, n = _trials(np.array([one.top for one in sums]), np.array([one.bottom for one in sums]), usable)
        spread = rate_spread(k, n, window.weekday, self._later(window))
        return {metric: float(spread[at]) for at, metric in enumerate(known) if (n[at] > 0).any()}

    @cached_property
    def _people(self) -> dict[str, float]:
        """All rates of the page at once."""
        window = self._window
        mine = [row for row, person in enumerate(self._daily.people) if person.kind == "person"]
        if window is None or not mine:
            return {}
        known = {
            metric: counts for metric, counts in self._daily.metrics.items()
            if unit_of(metric) is Unit.RATE and len(counts.top_by)
        }  # fmt: skip
        if not known:
            return {}
        sides = [
            _trials(top[mine], bottom[mine], self._usable(window, metric, counts))
            for metric, counts in known.items() for top, bottom in (steady_people(window, counts),)
        ]  # fmt: skip
        k, n = (np.array([one[side] for one in sides]) for side in (0, 1))
        return dict(zip(known, common_spread(k, n, window.weekday, self._later(window)).tolist(), strict=True))

    def _of_steps(self, value: MetricValue) -> float:
        """Of a rate that only rows kept one by one tell of: from the days of the page's own trend."""
        steps = [(step, step.values.get(value.metric)) for step in self._trend().steps]
        told = [
            (step.first, one.numerator, one.denominator) for step, one in steps
            if one is not None and one.numerator is not None and one.denominator and not one.provisional_days
            and step.first == step.last
        ]  # fmt: skip
        if not told or value.denominator is None:
            return 1.0
        whole = sum(one.denominator or 0.0 for _step, one in steps if one is not None)
        if abs(whole - value.denominator) > _ROUNDING * value.denominator:
            return 1.0  # days that do not add up to the whole (buyers) are other numbers
        request = self._request
        platform = request.selection.platform or request.only_platform
        names = special_days(told[0][0], told[-1][0], platform, request.events)
        plain = np.array([not names[(day - told[0][0]).days] for day, _k, _n in told], dtype=np.bool_)
        k, n = _trials(np.array([[one[1] for one in told]]), np.array([[one[2] for one in told]]), plain[None])
        weekday = np.array([day.weekday() for day, _k, _n in told], dtype=np.int64)
        return float(rate_spread(k, n, weekday, np.ones(len(told), dtype=np.bool_))[0])

    def _usable(self, window: Window, metric: str, counts: DailyCounts) -> Bools:
        return final_days(window, metric, counts) & window.plain

    def _later(self, window: Window) -> Bools:
        """The days of the selection, which may have another level than those before."""
        period = self._request.selection.period
        return np.array([period is None or day in period for day in window.days], dtype=np.bool_)


def _trials(top: Floats, bottom: Floats, usable: Bools) -> tuple[Floats, Floats]:
    """Hits and trials, both 0 where a day does not count."""
    there = usable & (np.nan_to_num(bottom) > 0) & ~np.isnan(top)
    n = np.where(there, bottom, 0.0)
    return np.clip(np.where(there, top, 0.0), 0.0, n), n
