"""The sums over session rows by name: those of the day roll-ups, and those worked out of rows in memory."""

from __future__ import annotations

from collections.abc import Mapping

from csdesk.store.session_sums import SUM_NAMES

ROW_SUMS: Mapping[str, str] = {
    "first_response_window_n": "first_response",
    "first_response_window_sum": "first_response",
    "first_response_window_180": "first_response",
    "unreplied_window": "first_response",
    "avg_response_window_n": "avg_response",
    "avg_response_window_sum": "avg_response",
    "rating_window_n": "rating",
    "rating_window_good": "rating",
    "rating_window_bad": "rating",
    "invited_rating_bad": "rating",
    "self_rating_bad": "rating",
    "self_rated": "rated",
}
"""Name → the column it is made of: sums of sessions that began inside the assessment window of their platform, of
ratings that the platform of the session calls dissatisfied, and of ratings given unasked.
"""

ALL_SUMS = (*SUM_NAMES, *ROW_SUMS)
