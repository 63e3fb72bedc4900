"""What is summed over session rows: one list for the day roll-ups and for grouping raw rows.

The roll-up tables have one column for each entry, in this order, so a sum read from a roll-up and one
computed from rows are the same numbers (``csdesk-cli check`` compares them).
"""

from __future__ import annotations

FIELDS = (
    "agent",
    "started_at",
    "ended_at",
    "first_response",
    "avg_response",
    "messages",
    "buyer_messages",
    "transferred",
    "category",
    "resolved",
    "invited",
    "rated",
    "rating",
    "comment",
    "order_id",
    "paid_fen",
    "channel",
    "buyer_mask",
)
"""Columns a session file may have; bit k of a ``fields`` mask stands for FIELDS[k].

``buyer_mask`` stands for buyer_key too. Frozen: new columns go to the end.
"""


def field_mask(names: frozenset[str] | set[str]) -> int:
    """Bit mask of the FIELDS among ``names``."""
    return sum(1 << bit for bit, name in enumerate(FIELDS) if name in names)


def field_names(mask: int) -> tuple[str, ...]:
    """The FIELDS whose bits are set in ``mask``."""
    return tuple(name for bit, name in enumerate(FIELDS) if mask >> bit & 1)


_RATING_BIT = field_mask({"rating"})
_FIRST_RESPONSE_BIT = field_mask({"first_response"})

# Rated: what the file says; a file without that column but with ratings says it by a rating being there.
RATED = f"CASE WHEN rated IS NOT NULL THEN rated WHEN fields & {_RATING_BIT} THEN rating IS NOT NULL END"
UNREPLIED = f"fields & {_FIRST_RESPONSE_BIT} AND first_response IS NULL AND avg_response IS NULL"
REPLY_KNOWN = f"fields & {_FIRST_RESPONSE_BIT} <> 0"
HANDLE = "CASE WHEN ended_at >= started_at THEN ended_at - started_at END"


def _count(expression: str) -> str:
    return f"count({expression})"


def _sum(expression: str) -> str:
    return f"coalesce(sum({expression}), 0)"


SUMS: dict[str, str] = {
    "n": "count(*)",
    "invited_known": _count("invited"),
    "invited": _sum("invited"),
    "rated_known": _count(RATED),
    "rated": _sum(RATED),
    "invited_rated_known": _count(f"CASE WHEN invited THEN {RATED} END"),
    "invited_rated": _sum(f"CASE WHEN invited THEN {RATED} END"),
    "rating_1": _sum("rating = 1"),
    "rating_2": _sum("rating = 2"),
    "rating_3": _sum("rating = 3"),
    "rating_4": _sum("rating = 4"),
    "rating_5": _sum("rating = 5"),
    "invited_rating_n": _count("CASE WHEN invited THEN rating END"),
    "invited_rating_good": _sum("invited = 1 AND rating >= 4"),
    "self_rating_n": _count("CASE WHEN invited = 0 THEN rating END"),
    "self_rating_good": _sum("invited = 0 AND rating >= 4"),
    "resolved_known": _count("resolved"),
    "resolved": _sum("resolved"),
    "transferred_known": _count("transferred"),
    "transferred": _sum("transferred"),
    "reply_known": _sum(REPLY_KNOWN),
    "unreplied": _sum(UNREPLIED),
    "first_response_n": _count("first_response"),
    "first_response_sum": _sum("first_response"),
    "first_response_180": _sum("first_response <= 180"),
    "avg_response_n": _count("avg_response"),
    "avg_response_sum": _sum("avg_response"),
    "avg_response_180": _sum("avg_response <= 180"),
    "messages_n": _count("messages"),
    "messages_sum": _sum("messages"),
    "both_messages_n": _count("messages - buyer_messages"),
    "both_messages_buyer": _sum("CASE WHEN messages IS NOT NULL THEN buyer_messages END"),
    "both_messages_agent": _sum("messages - buyer_messages"),
    "handle_n": _count(HANDLE),
    "handle_sum": _sum(HANDLE),
    "paid_n": _count("nullif(paid_fen, 0)"),
    "paid_fen": _sum("paid_fen"),
}
"""Name of a sum (= column of the roll-ups) → SQL over ``session`` rows.

``X_known`` and ``X_n`` count the rows where X is known; durations are seconds. ``rated``: the 是否评价 column,
else whether the file's 评分 holds something. ``invited_rated`` counts invited rows that were rated,
``invited_rated_known`` invited rows of which that is known. ``unreplied``: the file has 首次响应 but the row has
no response time. ``…_180``: rows within 180 seconds. ``both_messages_…``: rows with 消息数 and 买家消息数.
``handle``: 结束 − 开始.
"""

SUM_NAMES = tuple(SUMS)
