"""How soon somebody answered, row by row: of sessions, of tickets, and of the turns of a chat.

A *turn* is a run of a buyer's messages in one conversation and on one day, from the first of them; the next message of
a person answers it. What is not answered on that day is not answered. The numbers of a turn stand on its first message.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from csdesk.domain.platforms import Platform
from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.chosen import ChosenRows, Measure
from csdesk.metrics.rows.levels import dissatisfied, satisfied
from csdesk.metrics.standards import assessment_windows, unanswered_seconds
from csdesk.metrics.sums import Floats
from csdesk.store.kinds import DAY_SECONDS

THREE_MINUTES = 180.0


def in_window(rows: ChosenRows) -> Floats:
    """1.0 where a row began inside the assessment window of its platform, 0.0 outside, NaN where there is none."""
    inside = np.full(rows.size, np.nan)
    known = np.isfinite(rows.at)
    second = np.where(known, rows.at, 0.0).astype(np.int64) % DAY_SECONDS
    for platform, spans in assessment_windows().items():
        mine = known & (rows.platform_is(platform) > 0)
        if not mine.any():
            continue
        since, first, last = (np.array(one) for one in zip(*((w.since, w.first, w.last) for w in spans), strict=True))
        at = np.maximum(np.searchsorted(since, rows.day[mine], side="right") - 1, 0)
        inside[mine] = (second[mine] >= first[at]) & (second[mine] <= last[at])
    return inside


def inside(of: str) -> Measure:
    """A number of the rows inside the assessment window; NaN of all others."""

    def measure(rows: ChosenRows) -> Floats:
        return np.where(rows.number("in_window") == 1, rows.number(of), np.nan)

    return measure


def limits(rows: ChosenRows) -> Floats:
    """Seconds in which a first answer is in time, by the platform of each row."""
    found = np.zeros(rows.size)
    for platform in {info.platform for info in rows.shops.values()}:
        found[rows.platform_is(platform) > 0] = rows.windows.answer_limit(platform)
    return found


def by_person(of: str) -> Measure:
    """A number of the sessions that people held; NaN of those a robot held, as for the lines of chats."""

    def measure(rows: ChosenRows) -> Floats:
        values = rows.number(of)
        return np.where(np.isin(rows.agent, list(rows.robots)), np.nan, values) if rows.robots else values

    return measure


def answered_in_time(rows: ChosenRows) -> Floats:
    """Of sessions people held: whether the first answer came in time; nobody answered = no. NaN where not told."""
    first = rows.number("person_first_response")
    robots = np.isin(rows.agent, list(rows.robots))
    said = np.where((rows.number("unreplied") == 1) & ~robots, 0.0, np.nan)
    return np.where(np.isnan(first), said, first <= limits(rows))


def solving_time(rows: ChosenRows) -> Floats:
    """Of tickets: seconds until solved, or until the last thing known of the shop where they are still open."""
    opened = rows.number("opened_at")
    waited = _solved_or_last(rows) - opened
    return np.where(waited >= 0, waited, np.nan)


def solved(rows: ChosenRows) -> Floats:
    """Of tickets: whether they are solved (NaN where nobody knows when they were opened)."""
    return np.where(np.isnan(rows.number("opened_at")), np.nan, np.isfinite(rows.number("solved_at")))


def solved_in_time(rows: ChosenRows) -> Floats:
    """Of tickets: solved within the hours allowed; NaN for open ones whose hours are not over."""
    waited, limit = rows.number("solving_time"), rows.windows.ticket_hours * 3600
    done = rows.number("solved")
    open_still = (done == 0) & (waited <= limit)
    return np.where(np.isnan(waited) | open_still, np.nan, (done == 1) & (waited <= limit))


def _solved_or_last(rows: ChosenRows) -> Floats:
    opened, done = rows.number("opened_at"), rows.number("solved_at")
    last: Floats = np.fmax(opened, done)
    latest = {int(shop): np.nanmax(mine) for shop in np.unique(rows.shop)
              if np.isfinite(mine := last[rows.shop == shop]).any()}  # fmt: skip
    ends = np.array([latest.get(shop, np.nan) for shop in rows.shop.tolist()])
    return np.where(np.isnan(done), ends, done)


SESSION: Mapping[str, Measure] = {
    "in_window": in_window,
    "person_first_response": by_person("first_response"),
    "person_avg_response": by_person("avg_response"),
    "first_response_window": inside("person_first_response"),
    "avg_response_window": inside("person_avg_response"),
    "answered_in_time": answered_in_time,
    "satisfied": satisfied("rating"),
    "dissatisfied": dissatisfied("rating"),
    "satisfied_window": inside("satisfied"),
    "dissatisfied_window": inside("dissatisfied"),
}
TICKET: Mapping[str, Measure] = {
    "solving_time": solving_time,
    "solved": solved,
    "solved_in_time": solved_in_time,
}


def reply(rows: ChosenRows) -> Floats:
    """Of turns: seconds until the answer; unanswered ones count as the platform says, else not at all."""
    begins, seconds = _turns(rows)
    found = np.where(begins, seconds, np.nan)
    for platform in Platform:
        counts_as = unanswered_seconds(platform)
        if counts_as is not None:
            found[begins & np.isnan(seconds) & (rows.platform_is(platform) > 0)] = counts_as
    return found


def reply_within_three_minutes(rows: ChosenRows) -> Floats:
    """Of turns: whether a person answered in three minutes."""
    begins, seconds = _turns(rows)
    with np.errstate(invalid="ignore"):
        return np.where(begins, seconds <= THREE_MINUTES, np.nan)


def first_reply(rows: ChosenRows) -> Floats:
    """Of each conversation's first turn of a day: seconds until the answer, NaN where nobody answered."""
    return np.where(_first_turns(rows), _turns(rows)[1], np.nan)


def first_reply_in_time(rows: ChosenRows) -> Floats:
    """Of each conversation's first turn of a day: whether a person answered in time."""
    return np.where(_first_turns(rows), _turns(rows)[1] <= limits(rows), np.nan)


def _first_turns(rows: ChosenRows) -> Bools:
    begins, _ = _turns(rows)
    order, start = _conversations(rows)
    turns = np.flatnonzero(begins[order])
    head = np.maximum.accumulate(np.where(start, np.arange(len(order)), 0))[turns]
    first = turns[np.append(True, head[1:] != head[:-1])] if len(turns) else turns
    found = np.zeros(rows.size, dtype=np.bool_)
    found[order[first]] = True
    return found


def _turns(rows: ChosenRows) -> tuple[Bools, Floats]:
    """(whether a row begins a turn, seconds until it is answered: NaN = never); worked out once."""
    return rows.table.kept("turns", lambda: _find_turns(rows))


def _find_turns(rows: ChosenRows) -> tuple[Bools, Floats]:
    order, start = _conversations(rows)
    size = len(order)
    buyer = rows.number("from_buyer")[order] == 1
    at = rows.at[order]
    begin = buyer & (start | np.append(True, ~buyer[:-1]))[:size]
    answer = np.where(buyer, size, np.arange(size))
    following = np.minimum.accumulate(answer[::-1])[::-1] if size else answer
    number = np.cumsum(start)
    places = np.flatnonzero(begin)
    by = following[places]
    there = by < size
    there[there] = number[by[there]] == number[places[there]]
    begins, seconds = np.zeros(rows.size, dtype=np.bool_), np.full(rows.size, np.nan)
    begins[order[places]] = True
    seconds[order[places[there]]] = at[by[there]] - at[places[there]]
    return begins, seconds


def _conversations(rows: ChosenRows) -> tuple[Ints, Bools]:
    """Rows in the order of conversation and time, and whether each is the first of its conversation and day.

    Robots' lines are no part of it.
    """
    talk, side = rows.codes("talk").code, rows.number("from_buyer")
    a_robot = np.isin(rows.agent, list(rows.robots)) & (side == 0) if rows.robots else np.zeros(rows.size, np.bool_)
    kept = np.flatnonzero((talk >= 0) & np.isfinite(rows.at) & np.isfinite(side) & ~a_robot)
    order = kept[np.lexsort((rows.at[kept], rows.day[kept], talk[kept], rows.shop[kept]))]
    start = np.ones(len(order), dtype=np.bool_)
    keys = (rows.shop[order], talk[order], rows.day[order])
    start[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return order, start


def of_agent(rows: ChosenRows) -> Floats:
    """Of chat lines: written by a person of the shop."""
    side = rows.number("from_buyer")
    return np.where(np.isnan(side), np.nan, (side == 0) & ~np.isin(rows.agent, list(rows.robots)))


MESSAGE: Mapping[str, Measure] = {
    "of_agent": of_agent,
    "reply": reply,
    "reply_180": reply_within_three_minutes,
    "first_reply": first_reply,
    "first_reply_in_time": first_reply_in_time,
    "in_window": in_window,
    "reply_window": inside("reply"),
    "first_reply_window": inside("first_reply"),
    "reply_180_window": inside("reply_180"),
}
