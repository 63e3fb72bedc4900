"""The days of the coverage calendar: what is expected, what is a gap, what is a day off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import Plan, ReportCell
from csdesk.store import batches, presence, shop_merges
from csdesk.store.database import Store
from csdesk.store.presence import SourceDays
from tests.store.builders import FIRST_DAY, at, record_plan, report_plan, session, session_plan

EARLY, LATE = datetime(2026, 3, 1), datetime(2026, 5, 20)
ALL = Filter()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened


def chitu(name: str, days: Iterable[int], shop: str = "甲旗舰店", value: float | None = 1.0) -> Plan:
    rows = [("小美", date(2026, 2, 16) + timedelta(days=day), {"received": value}) for day in days]
    return report_plan(name, rows, exported=LATE, shop=shop)


def relative(days: Iterable[int]) -> list[int]:
    return sorted(day - FIRST_DAY for day in days)


def found(store: Store, today: int | None = None) -> dict[str, SourceDays]:
    with store.reading() as conn:
        entries = presence.source_days(conn, ALL, None if today is None else FIRST_DAY + today)
    return {entry.source: entry for entry in entries}


def test_today_and_later_are_never_missing(store: Store) -> None:
    load(store, chitu("一.xlsx", [0, 1, 3]), delays={})
    assert relative(found(store)["chitu"].missing) == [2]
    assert relative(found(store, today=4)["chitu"].missing) == [2]
    assert relative(found(store, today=7)["chitu"].missing) == [2, 4, 5, 6], "until yesterday"
    assert relative(found(store, today=3)["chitu"].missing) == [2], "an export of today's own numbers"
    longest = 3 + presence.STILL_OPEN_DAYS + 1
    assert relative(found(store, today=longest)["chitu"].missing)[-1] == longest - 1
    assert relative(found(store, today=longest + 1)["chitu"].missing) == [2], "old data are not waited for"


def test_days_before_the_first_file_and_of_undone_ones_are_not_missing(store: Store) -> None:
    load(store, session_plan("会话.xlsx", [session("a", day=0), session("b", day=6)], exported=LATE), delays={})
    first, later = chitu("早.xlsx", [1]), chitu("晚.xlsx", [4])
    for plan in (first, later):
        load(store, plan, delays={})
    assert relative(found(store)["chitu"].missing) == [2, 3, 5, 6]
    assert first.batch is not None
    undo(store, first.batch)
    assert relative(found(store)["chitu"].missing) == [5, 6]
    assert [batch for *_, batch in found(store)["chitu"].brought] == [later.batch]


def test_the_shops_weekly_day_off_is_empty(store: Store) -> None:
    sundays = {day for day in range(42) if (date(2026, 2, 16) + timedelta(days=day)).isoweekday() == 7}
    load(store, chitu("一.xlsx", [day for day in range(42) if day not in sundays | {9, 10}]), delays={})
    entry = found(store)["chitu"]
    assert relative(entry.missing) == [9, 10]
    assert set(relative(entry.empty)) == {day for day in sundays if day < 40}


def test_a_day_off_needs_more_than_three_weeks(store: Store) -> None:
    load(store, chitu("一.xlsx", [day for day in range(21) if day % 7 != 6] + [21]), delays={})
    assert relative(found(store)["chitu"].missing) == [6, 13, 20]


def test_a_number_that_is_not_final_until_a_final_one_covers_it(store: Store) -> None:
    week = report_plan("周.xlsx", [], exported=EARLY)
    assert week.staged is not None
    week.staged.reports = [
        ReportCell(2, "甲旗舰店", None, Period(date(2026, 2, 16), date(2026, 2, 18)), "rated_5", None, True)
    ]
    load(store, week, delays={})
    assert relative(found(store)["chitu"].provisional) == [0, 1, 2]
    days = [(None, date(2026, 2, 16 + day), {"rated_5": 3.0}) for day in range(3)]
    load(store, report_plan("日.xlsx", days[:2], exported=LATE), delays={})
    assert relative(found(store)["chitu"].provisional) == [0, 1, 2], "one day is still open"
    load(store, report_plan("日 2.xlsx", days[2:], exported=LATE), delays={})
    assert not found(store)["chitu"].provisional


def test_quiet_kinds_of_rows_have_gaps_only_beyond_the_usual(store: Store) -> None:
    one = [{"review_id": str(day), "written_at": at(day)} for day in (0, 4)]
    two = [{"review_id": str(day), "written_at": at(day)} for day in (8, 20)]
    talk = [{"answer_id": str(day), "answered_at": at(day)} for day in (0, 20)]
    load(store, record_plan("评价.xlsx", {"review": one}, exported=LATE), delays={})
    load(store, record_plan("评价 2.xlsx", {"review": two[:1]}, exported=LATE), delays={})
    for name, rows in (("问卷.xlsx", talk[:1]), ("问卷 2.xlsx", talk[1:])):
        load(store, record_plan(name, {"survey_answer": rows}, exported=LATE), delays={})
    entries = found(store)
    assert relative(entries["review"].missing) == list(range(9, 21)), "5 to 7 is no longer than 1 to 3"
    assert relative(entries["review"].empty) == [1, 2, 3]
    assert entries["survey_answer"].missing == []
    load(store, record_plan("评价 3.xlsx", {"review": two[1:]}, exported=LATE), delays={})
    assert relative(found(store)["review"].missing) == list(range(9, 20))


def test_two_spellings_of_a_shop_fill_each_others_days(store: Store) -> None:
    load(store, chitu("甲.xlsx", [0, 3]), delays={})
    load(store, chitu("甲 2.xlsx", [1, 2], shop="甲店"), delays={})
    with store.writing() as conn:
        known = {row[1]: row[0] for row in conn.execute("SELECT id, name FROM shop")}
        shop_merges.merge(conn, known["甲店"], known["甲旗舰店"])
    with store.reading() as conn:
        (entry,) = presence.source_days(conn, ALL)
    assert (relative(entry.present), entry.missing) == ([0, 1, 2, 3], [])


def test_a_shop_with_nothing_but_orders_has_days(store: Store) -> None:
    orders = [{"order_id": str(day), "created_at": at(day)} for day in (2, 9)]
    load(store, record_plan("订单.xlsx", {"order_head": orders}, exported=LATE), delays={})
    with store.reading() as conn:
        span = batches.days_of_data(conn, ALL)
    assert span == (FIRST_DAY + 2, FIRST_DAY + 9)
    assert from_epoch_day(span[0]) == date(2026, 2, 18)


def test_runs() -> None:
    assert presence.runs([3, 1, 2, 7]) == [(1, 3), (7, 7)]
    assert presence.runs([]) == []
