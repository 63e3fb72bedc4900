"""What comes next in a daily count with a weekly rhythm, and whether that is worth showing.

The model is exponential smoothing with additive errors, a level and a weekly season, ETS(A,N,A) of Hyndman et al. 2008,
fitted by statsmodels on Anscombe's scale √(x + 3/8), where counts of any size scatter alike: forecasts stay above 0 and
weekdays differ in proportion. It is judged on the series' own past by a rolling origin against "the same weekday of
last week", by a mean absolute scaled error (Hyndman & Koehler 2006) whose scale is that forecast's own error.

Days without a value are NaN everywhere: they take part in nothing, neither as past nor as what was to be foreseen.
statsmodels costs seconds to import: nothing here is for a page's own time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.stats.intervals import critical

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

WEEK = 7
_PARAMETERS = 9  # two smoothing weights, the level, seven days that sum to nothing but for one
LEAST_DAYS = 42
"""Days of history below which nothing is fitted: six of every weekday."""
LEAST_OF_A_WEEKDAY = 4
LEAST_ORIGINS = 4
_SURE = 0.95
_WITHIN_AT_LEAST = 0.88
"""Bands at 95 % that held fewer of the past days are too narrow, not unlucky."""
_WIDEST = 20.0
HORIZON = 14
"""Days ahead on which a model is judged."""


def least_history(horizon: int = HORIZON, step: int = WEEK) -> int:
    """Days a series must have for its forecast to be judged at all."""
    return LEAST_DAYS + horizon + step * (LEAST_ORIGINS - 1)


@dataclass(frozen=True, slots=True)
class Projection:
    """The days ahead, one entry a day: ``middle`` and ``spread`` (standard deviation) on the scale √(x + 3/8)."""

    middle: Floats
    spread: Floats

    @property
    def median(self) -> Floats:
        """As likely to be passed as not; which makes the absolute error smallest."""
        return _counts(self.middle)

    @property
    def mean(self) -> Floats:
        """The expected count, which adds up over days: E[x] = middle² + spread² − 3/8."""
        return np.maximum(0.0, self.middle**2 + self.spread**2 - 0.375)

    def widened(self, factor: float) -> Projection:
        """The same with ``factor`` times the spread, for a series that has strayed further than its scatter says."""
        return Projection(self.middle, self.spread * factor)

    def band(self, level: float) -> tuple[Floats, Floats]:
        """Where a day's count lies with this probability: (low, high), each day by itself."""
        half = critical(level) * self.spread
        return _counts(self.middle - half), _counts(self.middle + half)


def project(values: ArrayLike, days: int) -> Projection | None:
    """The ``days`` after the last of ``values`` (one a day, NaN = not known); None with too little to fit.

    The spread holds the scatter of the known days, with the parameters' number taken off, and what a season known from
    so many weeks leaves open.
    """
    series = np.asarray(values, dtype=np.float64)
    known = np.isfinite(series)
    if not _enough(known):
        return None
    scaled = np.sqrt(np.maximum(series, 0.0) + 0.375)
    number = int(known.sum())
    first = int(np.flatnonzero(known)[0])
    filled = _bridged(scaled[first:], known[first:])
    weekly = filled[-WEEK:]
    if np.allclose(filled, np.resize(weekly[(np.arange(len(filled)) - len(filled)) % WEEK], len(filled))):
        return Projection(np.resize(weekly, days), np.zeros(days))  # the same week over and over: nothing to estimate
    middle, variance, residuals = _fitted(filled, days)
    squares = float(np.square(residuals[known[first:]]).sum())
    common = float(np.square(residuals).mean())  # what the library took for the errors' variance
    widened = squares / max(1, number - _PARAMETERS) / common * variance
    own = squares / max(1, number - _PARAMETERS) * WEEK / number
    return Projection(middle, np.sqrt(widened + own))


def last_week(values: ArrayLike, days: int) -> Floats:
    """The forecast to be beaten: for each of the ``days`` ahead the last known value of its weekday; NaN where none."""
    series = np.asarray(values, dtype=np.float64)
    found = np.full(WEEK, np.nan)
    for ahead in range(WEEK):
        same = series[::-1][WEEK - 1 - ahead :: WEEK]
        there = same[np.isfinite(same)]
        if len(there):
            found[ahead] = there[0]
    return np.resize(found, days)


@dataclass(frozen=True, slots=True)
class Origin:
    """One forecast of the past: made after ``known`` days, judged on ``scored`` of the days that followed.

    ``error`` and ``naive_error`` are mean absolute errors of the model and of the same weekday of last week.
    ``strayed``: how many standard deviations each judged day lay from what was foreseen.
    """

    known: int
    scored: int
    error: float
    naive_error: float
    strayed: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Backtest:
    """All origins together, every judged day alike: mean absolute errors, shares of days ``within`` bands by level.

    ``widening``: 1, or by how much the bands must be widened for those at 95 % to have held 95 % of the days; only
    where they missed far more than chance, for days of one origin stray together. ``within`` is before it.
    """

    origins: tuple[Origin, ...]
    horizon: int
    error: float
    naive_error: float
    within: dict[float, float]
    widening: float = 1.0

    @property
    def mase(self) -> float:
        """Mean absolute scaled error: in units of what the same weekday of last week erred on the same days.

        The scale is the naive forecast's error over the same origins and horizons, not that of one step inside the
        past, so that a hard fortnight counts against both; infinite where last week was never wrong.
        """
        return self.error / self.naive_error if self.naive_error > 0 else float("inf")

    @property
    def better(self) -> bool:
        """Whether it beats the same weekday of last week."""
        return self.mase < 1


def backtest(
    values: ArrayLike,
    *,
    horizon: int = HORIZON,
    step: int = WEEK,
    most: int = 10,
    levels: Sequence[float] = (0.8, 0.95),
    check: Callable[[], None] = lambda: None,
) -> Backtest | None:
    """Forecasts of the series' own past, from every ``step``-th day back from the latest that can be judged in full.

    None with fewer than :data:`LEAST_ORIGINS` of them. ``check`` is called before each; what it raises ends it.
    """
    series = np.asarray(values, dtype=np.float64)
    tried: list[tuple[Origin, dict[float, float]]] = []
    known = len(series) - horizon
    while known >= LEAST_DAYS and len(tried) < most:
        check()
        one = _origin(series, known, horizon, levels)
        if one is not None:
            tried.append(one)
        known -= step
    if len(tried) < LEAST_ORIGINS:
        return None
    tried.reverse()
    scored = sum(one.scored for one, _inside in tried)
    return Backtest(
        tuple(one for one, _inside in tried),
        horizon,
        error=sum(one.error * one.scored for one, _inside in tried) / scored,
        naive_error=sum(one.naive_error * one.scored for one, _inside in tried) / scored,
        within={level: sum(inside[level] * one.scored for one, inside in tried) / scored for level in levels},
        widening=_widening(np.array([far for one, _inside in tried for far in one.strayed])),
    )


def _widening(strayed: Floats) -> float:
    bound = critical(_SURE)
    if float((strayed <= bound).mean()) >= _WITHIN_AT_LEAST:
        return 1.0
    return min(float(np.quantile(strayed, _SURE)) / bound, _WIDEST)


def _origin(
    series: Floats, known: int, horizon: int, levels: Sequence[float]
) -> tuple[Origin, dict[float, float]] | None:
    past, true = series[:known], series[known : known + horizon]
    naive = last_week(past, horizon)
    scored = np.isfinite(true) & np.isfinite(naive)
    found = project(past, horizon)
    if found is None or not scored.any():
        return None
    inside = {}
    for level in levels:
        low, high = found.band(level)
        inside[level] = float(((low <= true) & (true <= high))[scored].mean())
    origin = Origin(
        known,
        int(scored.sum()),
        float(np.abs(true - found.median)[scored].mean()),
        float(np.abs(true - naive)[scored].mean()),
        tuple(_strayed(found, true)[scored].tolist()),
    )
    return origin, inside


def _strayed(found: Projection, true: Floats) -> Floats:
    """How many standard deviations each day lay from what was foreseen; of a sure forecast none or very many."""
    away = np.abs(np.sqrt(np.maximum(true, 0.0) + 0.375) - found.middle)
    return np.asarray(np.where(away > 1e-9, away / np.maximum(found.spread, 1e-9), 0.0), dtype=np.float64)


def _fitted(filled: Floats, days: int) -> tuple[Floats, Floats, Floats]:
    """(forecasts, their variances, one-day-ahead residuals of the past) of ETS(A,N,A)."""
    import pandas as pd  # noqa: PLC0415  costs seconds
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # an optimum at the edge (no smoothing at all) is told as trouble
        fit = ETSModel(pd.Series(filled), error="add", seasonal="add", seasonal_periods=WEEK).fit(disp=False)
        ahead = fit.get_prediction(len(filled), len(filled) + days - 1)
        return (
            np.asarray(ahead.predicted_mean, dtype=np.float64),
            np.asarray(ahead.forecast_variance, dtype=np.float64),
            np.asarray(fit.resid, dtype=np.float64),
        )


def _enough(known: NDArray[np.bool_]) -> bool:
    there = np.flatnonzero(known)
    if not len(there) or len(known) - there[0] < LEAST_DAYS:
        return False
    return bool((np.bincount(there % WEEK, minlength=WEEK) >= LEAST_OF_A_WEEKDAY).all())


def _bridged(series: Floats, known: NDArray[np.bool_]) -> Floats:
    """Unknown days on the line between the same weekday before and after, so that the smoothing can pass over them."""
    filled = series.copy()
    places = np.arange(len(series))
    for day in range(WEEK):
        mine = places % WEEK == day
        there = mine & known
        filled[mine] = np.interp(places[mine], places[there], series[there])
    return filled


def _counts(scaled: Floats) -> Floats:
    return np.asarray(np.maximum(0.0, np.maximum(scaled, 0.0) ** 2 - 0.375))
