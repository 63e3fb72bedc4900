"""Groups along time: what a row's moment belongs to, and which days a group has."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any


def time_key(by: str, at: datetime) -> Any:
    """The group of a moment by day, week, month, weekday or hour, as the command line writes it."""
    match by:
        case "day":
            return at.date().isoformat()
        case "week":
            return (at.date() - timedelta(days=at.weekday())).isoformat()
        case "month":
            return at.isoformat()[:7]
        case "weekday":
            return at.isoweekday()
        case "hour":
            return at.hour
    raise ValueError(by)


def span_of(by: str | None, key: Any) -> tuple[date, date] | None:
    """The days of a group along time; None for hours and weekdays."""
    if by in ("hour", "weekday"):
        return None
    first = date.fromisoformat(key if len(key) == 10 else f"{key}-01")
    if by == "month":
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first, first + timedelta(days=6 if by == "week" else 0)
