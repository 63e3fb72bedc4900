"""What is measured of chats, against counting by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from csdesk.analysis.planning.chats import Chats, chats_of, hours_of, leaving_of, length_of, overlap_of
from tests.row_tables import rows_made

MONDAY = 20_500 - (20_500 + 3) % 7


def chats(rows: Sequence[tuple[int, float, int, float]]) -> Chats:
    """(day after Monday, hour of its start, agent, minutes; NaN = not known), answered at once."""
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 4)
    size = len(rows)
    day = MONDAY + table[:, 0].astype(np.int64)
    return Chats(
        day, day * 86_400 + np.round(table[:, 1] * 3600).astype(np.int64), table[:, 2].astype(np.int64),
        table[:, 3] * 60, np.full(size, np.nan), np.zeros(size), np.zeros(size),
    )  # fmt: skip


def many(number: int, seed: int = 1) -> Chats:
    dice = np.random.default_rng(seed)
    day = np.sort(dice.integers(0, 10, number))
    return chats(
        list(
            zip(
                day.tolist(), dice.uniform(0, 23.99, number).tolist(), dice.integers(1, 5, number).tolist(),
                dice.gamma(2, 8, number).tolist(), strict=True,
            )
        )
    )  # fmt: skip


def test_session_rows_without_robots() -> None:
    def row(agent: int, minute: int, **known: Any) -> dict[str, Any]:
        at = MONDAY * 86_400 + minute * 60
        return {"day": MONDAY, "agent": agent, "at": float(at), "started_at": float(at), **known}

    rows = rows_made(
        "session",
        [
            row(1, 60, handle=300.0, avg_response=20.0, buyer_messages=6.0, first_response=9.0, unreplied=0.0),
            row(9, 61, handle=5.0),
            row(0, 62, unreplied=1.0),
        ],
    )
    found = chats_of(rows, frozenset({9}))
    assert found.agent.tolist() == [1, 0]
    assert found.at.tolist() == [MONDAY * 86_400 + 3600, MONDAY * 86_400 + 3720]
    assert found.handle[0] == 300
    assert found.answering[0] == 120
    assert np.isnan(found.handle[1])
    assert found.unreplied.tolist() == [0, 1]
    assert chats_of(rows).size == 3


def test_how_long_a_chat_lasts() -> None:
    found = length_of(many(4000))
    assert found is not None
    seconds = many(4000).handle
    assert (found.how, found.n) == ("handle", 4000)
    assert found.median == pytest.approx(np.median(seconds))
    assert found.mean == pytest.approx(np.minimum(seconds, np.quantile(seconds, 0.99)).mean())


def test_one_window_left_open_for_a_day_does_not_lengthen_all_chats() -> None:
    found = length_of(chats([(0, 9, 1, 5)] * 200 + [(0, 9, 1, 1440)]))
    assert found is not None
    assert found.mean == pytest.approx(300)


def test_without_ends_reply_time_times_rounds() -> None:
    rows = chats([(0, 9, 1, np.nan)] * 40)
    assert length_of(rows) is None
    rows.answering[:] = 90.0
    found = length_of(rows)
    assert found is not None
    assert (found.mean, found.how) == (90.0, "answering")
    assert length_of(rows.only(np.arange(40) < 29)) is None  # too few


def test_ends_of_a_few_chats_do_not_speak_for_all() -> None:
    rows = chats([(0, 9, 1, 5)] * 40 + [(0, 9, 1, np.nan)] * 60)
    assert length_of(rows) is None


def test_overlap_by_hand() -> None:
    # 9:00–9:10 one, 9:10–9:20 two, 9:20–9:30 one; another agent's chat at the same time does not add up
    found = overlap_of(chats([(0, 9, 1, 20), (0, 9 + 1 / 6, 1, 20), (0, 9, 2, 30)]))
    assert found is not None
    assert (found.agents, found.most) == (2, 2)
    assert found.mean == pytest.approx((50 * 1 + 10 * 2) / 60, abs=0.001)  # the longest is cut at the 99th percentile
    assert found.p90 == 2


def test_chats_one_after_the_other_do_not_overlap() -> None:
    found = overlap_of(chats([(0, 9, 1, 30), (0, 9.5, 1, 30), (1, 9.5, 1, 0.2)]))
    assert found is not None
    assert (found.mean, found.most, found.p90) == (1.0, 1, 1.0)


def test_overlap_against_looking_at_every_second() -> None:
    rows = many(300, 4)
    found = overlap_of(rows)
    assert found is not None
    length = np.ceil(np.minimum(rows.handle, np.quantile(rows.handle, 0.99))).astype(int)
    open_ = np.zeros((5, int((rows.at + length).max() - rows.at.min()) + 1), dtype=int)
    for at, agent, seconds in zip(rows.at - rows.at.min(), rows.agent, length, strict=True):
        open_[agent, at : at + seconds] += 1
    busy = open_[open_ > 0]
    assert found.mean == pytest.approx(busy.mean())
    assert found.most == busy.max()
    assert found.p90 == np.quantile(busy, 0.9, method="inverted_cdf")


def test_nothing_to_overlap() -> None:
    assert overlap_of(chats([])) is None
    assert overlap_of(chats([(0, 9, 0, 5), (0, 9, 1, np.nan)])) is None


def test_hours_against_counting_by_hand() -> None:
    rows = many(500, 2)
    rows.first_response[::3] = 40.0
    rows.first_response[::7], rows.unreplied[::7] = np.nan, 1.0
    rows.agent[::11] = 0
    found = hours_of(rows, 30)
    assert found.days.tolist() == sorted(set(rows.day.tolist()))
    for place, day in enumerate(found.days.tolist()):
        assert found.weekday[place] == (day - MONDAY) % 7
        for hour in range(24):
            mine = np.flatnonzero((rows.at // 3600) == day * 24 + hour)
            assert found.came[place, hour] == len(mine)
            known = [at for at in mine if np.isfinite(rows.first_response[at]) or rows.unreplied[at] == 1]
            assert found.answered[place, hour] == len(known)
            assert found.in_time[place, hour] == sum(rows.first_response[at] <= 30 for at in known)
            seen = {
                int(rows.agent[at])
                for at in range(rows.size)
                if rows.agent[at]
                and day * 24 + hour in (rows.at[at] // 3600, (rows.at[at] + int(rows.handle[at])) // 3600)
            }
            assert found.present[place, hour] == len(seen)


def test_no_chats_no_hours() -> None:
    found = hours_of(chats([]), 30)
    assert found.came.shape == found.present.shape == (0, 24)


def test_buyers_nobody_answered() -> None:
    rows = chats([(0, 9, 1, 5)] * 100)
    rows.first_response[:] = 24.0
    assert leaving_of(rows) is None  # nobody left
    rows.unreplied[:8], rows.first_response[:8] = 1.0, np.nan
    found = leaving_of(rows)
    assert found is not None
    assert (found.share, found.unreplied, found.n) == (0.08, 8, 100)
    assert found.patience_seconds == pytest.approx(24 / 0.08)
    rows.unreplied[:] = np.nan
    assert leaving_of(rows) is None  # not known
