"""Numbers of product reviews: good, fair or bad, and how bad ones were answered."""

from __future__ import annotations

import numpy as np

from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.chosen import ChosenRows, Measure
from csdesk.metrics.rows.horizon import believed
from csdesk.metrics.sums import Floats

GOOD, FAIR, BAD = 0.0, 1.0, 2.0
"""Levels of a review: 好评 (4–5 stars), 中评 (3), 差评 (1–2)."""
_GRADES = {"好评": GOOD, "中评": FAIR, "差评": BAD}


def level(rows: ChosenRows) -> Floats:
    """By the stars, else by the word; NaN for a review with neither."""
    stars = rows.number("rating")
    grade = rows.codes("grade")
    words: Floats = np.array([*(_GRADES.get(str(text), np.nan) for text in grade.texts), np.nan])  # the last: no word
    levels = np.full(rows.size, GOOD)
    levels[stars <= 3] = FAIR
    levels[stars <= 2] = BAD
    unrated = np.isnan(stars)
    levels[unrated] = words[grade.code[unrated]]
    return levels


def is_level(wanted: float) -> Measure:
    """Whether a review is of a level; NaN where its level is not known."""

    def measure(rows: ChosenRows) -> Floats:
        levels = rows.number("level")
        return np.where(np.isnan(levels), np.nan, levels == wanted)

    return measure


def written_by_system(rows: ChosenRows) -> Floats:
    """1 for what the system wrote because the buyer did not, else 0."""
    written: Bools = rows.number("is_default") == 1
    return written.astype(np.float64)


def last_known(rows: ChosenRows) -> Floats:
    """Of each row the newest moment anything is known of its shop's reviews."""
    newest = np.fmax(rows.number("written_at"), rows.number("replied_at"))
    known = believed(newest) > 0
    shops, place = _dense_shops(rows)
    last = np.full(len(shops), -np.inf)
    np.maximum.at(last, place[known], newest[known])
    return np.where(np.isfinite(last), last, np.nan)[place]


def answered_in_time(rows: ChosenRows) -> Floats:
    """Of bad reviews whose window has closed: 1 where they were answered within it, or at a time nobody knows; 0 else.

    NaN for all other reviews, and where the file does not tell answers.
    """
    window = rows.windows.reply_hours * 3600
    written, wait = rows.number("written_at"), rows.number("replied_at") - rows.number("written_at")
    judged = (rows.number("level") == BAD) & (rows.number("reply_told") == 1)
    judged &= written + window <= rows.number("last_known")
    answered = (rows.number("replied") == 1) & ~(wait > window)
    return np.where(judged, answered, np.nan)


def waiting_for_answer(rows: ChosenRows) -> Floats:
    """Seconds from a bad review to its answer, or to the newest moment known where there is none yet.

    NaN for all other reviews, and for answers whose time is not known.
    """
    written, replied_at = rows.number("written_at"), rows.number("replied_at")
    until = np.where(np.isnan(replied_at), rows.number("last_known"), replied_at)
    told = (rows.number("level") == BAD) & (rows.number("reply_told") == 1)
    told &= np.isfinite(replied_at) | (rows.number("replied") != 1)
    return np.where(told, np.maximum(until - written, 0.0), np.nan)


def answer_came(rows: ChosenRows) -> Floats:
    """Whether the wait of :func:`waiting_for_answer` ended with an answer."""
    return np.where(np.isnan(rows.number("answer_wait")), np.nan, np.isfinite(rows.number("replied_at")))


def _dense_shops(rows: ChosenRows) -> tuple[Ints, Ints]:
    shops, place = np.unique(rows.shop, return_inverse=True)
    return shops, place


REVIEW_MEASURES: dict[str, Measure] = {
    "level": level,
    "good": is_level(GOOD),
    "fair": is_level(FAIR),
    "bad": is_level(BAD),
    "by_system": written_by_system,
    "last_known": last_known,
    "answered_in_time": answered_in_time,
    "answer_wait": waiting_for_answer,
    "answer_came": answer_came,
}
"""Measures of ``review`` rows."""
