"""A span of business days, both ends included."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from csdesk.errors import UserFault

_EPOCH = date(1970, 1, 1).toordinal()


def to_epoch_day(day: date) -> int:
    """Days since 1970-01-01: how business days are kept in the store."""
    return day.toordinal() - _EPOCH


def from_epoch_day(number: int) -> date:
    """Inverse of :func:`to_epoch_day`."""
    return date.fromordinal(number + _EPOCH)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """``first`` to ``last``, both included; never empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"period ends before it starts: {self.first}..{self.last}")

    @classmethod
    def of_day(cls, day: date) -> Self:
        """The period of one day."""
        return cls(day, day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026-02-01..2026-02-28`` or a single day; raises UserFault on anything else."""
        first, _, last = text.strip().partition("..")
        try:
            start = date.fromisoformat(first.strip())
            end = date.fromisoformat(last.strip()) if last else start
            return cls(start, end)
        except ValueError:
            raise UserFault(f"看不懂时间段“{text}”。", "请写成 2026-02-01..2026-02-28。") from None

    @property
    def days(self) -> int:
        """Number of days, at least 1."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        for offset in range(self.days):
            yield self.first + timedelta(days=offset)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"

    def holds(self, other: Period) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Period) -> bool:
        """Whether the two share at least one day."""
        return self.first <= other.last and other.first <= self.last

    def is_whole_months(self) -> bool:
        """Whether it runs from the first of a month to the end of a month."""
        return self.first.day == 1 and self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]

    def previous(self) -> Period:
        """上期: the span of the same length just before; whole months give as many whole months before."""
        if self.is_whole_months():
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(_shift_months(self.first, -months), self.first - timedelta(days=1))
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def last_year(self) -> Period:
        """去年同期: 364 days earlier, so that weekdays align; whole months give the same months."""
        if self.is_whole_months():
            last_first = _shift_months(self.last.replace(day=1), -12)
            end = last_first.replace(day=calendar.monthrange(last_first.year, last_first.month)[1])
            return Period(_shift_months(self.first, -12), end)
        return Period(self.first - timedelta(days=364), self.last - timedelta(days=364))


def _shift_months(first_of_month: date, months: int) -> date:
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
