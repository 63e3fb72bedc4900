"""A shop's counts by day for the tests of attention: quiet unless a test says otherwise, no store behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.attention import attention_of
from csdesk.analysis.frame import Attention, PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.daily import Daily, DailyCounts, Person
from tests.fake_engine import FakeEngine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIRST = date(2026, 5, 4)  # a Monday; the days that follow hold 端午 and 618
DAYS = 112


@dataclass
class Shop:
    """``metrics`` by id, (person, day) tops and bottoms; a shop that nothing happens to."""

    people: tuple[str, ...]
    tops: dict[str, Floats]
    bottoms: dict[str, Floats]
    first: date = FIRST
    open: Mapping[str, Sequence[int]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    asked: list[Filter] = field(default_factory=list)

    @property
    def days(self) -> int:
        return next(iter(self.tops.values())).shape[1]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    def day(self, place: int) -> date:
        """Place from the end: −1 = the last day."""
        return self.first + timedelta(days=self.days + place)

    def daily(self, period: Period | None, wanted: Sequence[str]) -> Daily:
        """As the engine would answer."""
        inside = [at for at in range(self.days) if period is None or self.first + timedelta(days=at) in period]
        cut = slice(inside[0], inside[-1] + 1)
        found = {}
        for metric in wanted:
            if metric not in self.tops:
                continue
            open_ = np.zeros(self.days, bool)
            open_[list(self.open.get(metric, ()))] = True
            top, bottom = self.tops[metric][:, cut], self.bottoms[metric][:, cut]
            told = (~np.isnan(top)).astype(np.int64)
            found[metric] = DailyCounts(
                _sum(top), _sum(bottom), open_[cut], top, bottom, _sum(top)[None], _sum(bottom)[None],
                told.max(axis=0)[None], told,
            )  # fmt: skip
        people = tuple(Person(name, self.kinds.get(name, "person")) for name in self.people)
        return Daily(self.first + timedelta(days=inside[0]), len(inside), people, ("甲店",), found)

    def attention(self, metrics: Sequence[str] | None = None, *, last: int = 30, by_agent: bool = True,
                  **request: object) -> tuple[Attention, ...]:  # fmt: skip
        """What a page on the last days would say."""
        engine = engine_of(self)
        period = Period(self.last - timedelta(days=last - 1), self.last)
        asked = replace(PageRequest(Filter(period)), **request)  # type: ignore[arg-type]
        return attention_of(engine, asked, tuple(metrics or self.tops), by_agent=by_agent)


class _Engine(FakeEngine):
    def __init__(self, shop: Shop) -> None:
        super().__init__([])
        self._shop = shop

    def daily(self, selection: Filter, metrics: Sequence[str], /) -> Daily:
        self._shop.asked.append(selection)
        return self._shop.daily(selection.period, metrics)


def engine_of(shop: Shop) -> FakeEngine:
    """An engine that knows the shop's days and nothing else."""
    return _Engine(shop)


def _sum(rows: Floats) -> Floats:
    return np.where(np.isnan(rows).all(axis=0), np.nan, np.nansum(rows, axis=0))


def quiet_shop(
    seed: int, *, agents: int = 5, sessions: float = 60, days: int = DAYS, rho: float = 0.01, busy: float = 0.02
) -> Shop:
    """Nothing changes: weekends are slower, promotions and holidays busier, days vary more than chance alone.

    ``sessions``: of one agent and weekday. ``rho``: how much rates vary from day to day, ``busy``: how much traffic.
    """
    random = np.random.default_rng(seed)
    weekday = np.arange(days) % 7
    traffic = random.gamma(1 / busy, busy, days) * np.where(weekday >= 5, 0.7, 1.0)
    for first, last in ((43, 45), (46, 48)):  # 618; 端午 is quieter
        traffic[first : last + 1] *= 2.5 if first == 43 else 0.6
    received = random.poisson(sessions * traffic, (agents, days)).astype(np.float64)
    tops, bottoms = {"received": received}, {"received": np.full(received.shape, np.nan)}

    def rate(metric: str, of: Floats, level: float) -> Floats:
        noise = random.beta(level * (1 / rho - 1), (1 - level) * (1 / rho - 1), of.shape) if rho else level
        tops[metric], bottoms[metric] = random.binomial(of.astype(int), noise).astype(np.float64), of
        return tops[metric]

    invited = rate("invite_rate", received, 0.6)
    rated = rate("review_rate", invited, 0.35)
    rate("satisfaction_rate", rated, 0.94)
    rate("resolution_rate", received, 0.88)
    rate("response_3min_rate", received, 0.96)
    asked = random.binomial(received.astype(int), 0.4).astype(np.float64)
    rate("conversion_rate", asked, 0.45)
    slow = np.exp(random.normal(0, 0.05, (1, days)))
    means = 25 * slow * np.exp(random.normal(0, 0.9, (agents, days)) / np.sqrt(np.maximum(received, 1)))
    tops["first_response_mean"], bottoms["first_response_mean"] = means * received, received
    return Shop(tuple(f"客服{number}" for number in range(agents)), tops, bottoms)
