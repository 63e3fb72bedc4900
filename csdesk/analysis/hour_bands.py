"""The bands of hours a day is cut into where single hours are too few: night, morning, afternoon, evening."""

from __future__ import annotations

HOUR_BANDS = (("0–8 点", 0, 8), ("8–12 点", 8, 12), ("12–18 点", 12, 18), ("18–24 点", 18, 24))
"""Title, first hour, hour after the last."""


def band_of(hour: int) -> str:
    """The title of the band an hour 0–23 lies in."""
    return next(title for title, first, end in HOUR_BANDS if first <= hour < end)
