"""A rate in its calendar month: how far it is from its target, and how likely it gets there by the month's end.

Pure arithmetic on counts. What is assumed is part of the result: the rest of the month brings as many ratings a day as
the days so far, each good with the chance the ratings so far speak for (beta-binomial, Jeffreys' prior).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from csdesk.domain.period import Period
from csdesk.stats.goals import bad_allowed, chance, good_missing


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """``good`` and ``bad`` so far, up to ``until``; ``days`` of them have data, ``days_left`` of the month are to come.

    ``missing``: good ones in a row until the target is reached, None where no number will do (100 % and a bad one);
    ``bad_allowed``: bad ones in a row that still keep it. ``to_come``: ratings expected in the days left; ``chance``
    that the target is reached at the month's end, None without any rating. ``open_days``: days so far whose numbers may
    still change.
    """

    month: Period
    until: date
    good: int
    bad: int
    days: int
    days_left: int
    missing: int | None
    bad_allowed: int
    to_come: int
    chance: float | None
    open_days: int = 0

    @property
    def rate(self) -> float | None:
        """The share of good ones so far."""
        return self.good / (self.good + self.bad) if self.good + self.bad else None

    @property
    def pace(self) -> float:
        """Ratings a day with data."""
        return (self.good + self.bad) / self.days if self.days else 0.0

    @property
    def reached(self) -> bool:
        """Whether the target holds now."""
        return self.missing == 0


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def month_end(target: Fraction, good: int, bad: int, *, days: int, until: date, open_days: int = 0) -> MonthEnd:
    """The month of ``until`` from what came up to then, ``days`` of it with data."""
    month = month_of(until)
    left = (month.last - until).days
    to_come = round(Fraction(good + bad, days) * left) if days else 0
    return MonthEnd(
        month, until, good, bad, days, left,
        missing=good_missing(good, bad, target),
        bad_allowed=bad_allowed(good, bad, target),
        to_come=to_come,
        chance=chance(good, bad, target, to_come) if good + bad else None,
        open_days=open_days,
    )  # fmt: skip


def days_left_words(month: MonthEnd) -> str:
    """``剩下 9 天大约还有 76 个``; 只有 where they are fewer than it takes."""
    only = "只" if month.missing and month.to_come < month.missing else "还"
    return f"剩下 {month.days_left} 天大约{only}有 {month.to_come:,} 个"


def whole(counts: float) -> int:
    """Ratings are whole: a count worked out of a rate and its weight is off by a hair."""
    return round(counts)


def chance_words(share: float) -> str:
    """``约 12%``; the ends are never said as certain."""
    if share < 0.01:
        return "不到 1%"
    return "超过 99%" if share > 0.99 else f"约 {share:.0%}"
