"""Own events: kept with the data, found again with their shop, shown to the pages they concern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from csdesk.analysis.event_book import EventBook
from csdesk.analysis.events import EventKind, events_during
from csdesk.analysis.frame import PageRequest
from csdesk.analysis.overview import compute
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.load import load, undo
from csdesk.store import shop_merges, shops
from csdesk.store.database import Store
from tests.fake_engine import Cell, FakeEngine
from tests.store.builders import report_plan

DAYS = Period(date(2026, 5, 4), date(2026, 5, 6))
EVERYTHING = Filter()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as made:
        yield made


def bring(store: Store, shop: str) -> int:
    plan = report_plan(
        f"{shop}.xlsx", [("小美", DAYS.first, {"received": 5.0})], exported=datetime(2026, 5, 7), shop=shop
    )
    load(store, plan, delays={})
    assert plan.batch is not None
    return plan.batch


def shop_id(store: Store, name: str) -> int:
    with store.reading() as conn:
        return shops.find(conn, name)[0].id


def names(book: EventBook, selection: Filter = EVERYTHING) -> list[str]:
    return [event.name for event in book.concerning(selection)]


def test_events_of_one_shop_and_of_all(store: Store) -> None:
    bring(store, "甲旗舰店")
    bring(store, "乙专卖店")
    one, other = shop_id(store, "甲旗舰店"), shop_id(store, "乙专卖店")
    told: list[str] = []
    book = EventBook(store, lambda: told.append("copy"))
    before = store.data_version
    book.add("店庆", DAYS, shop_id=one, note="打电话 13812345678 订")
    second = book.add(" 断 网 ", Period.of_day(DAYS.last), kind="other")
    assert (told, store.data_version) == (["copy", "copy"], before + 2)
    assert names(book) == names(book, Filter(shops=(one, other))) == ["店庆", "断 网"]
    assert names(book, Filter(shops=(other,))) == names(book, Filter(platform=Platform.DOUYIN)) == ["断 网"]
    assert "13812345678" not in book.listed()[0].note
    assert book.remove(second).name == "断 网"
    assert names(EventBook(store)) == ["店庆"]
    with pytest.raises(UserFault):
        book.remove(second)


def test_an_event_outlives_the_imports_of_its_shop(store: Store) -> None:
    batch = bring(store, "甲旗舰店")
    book = EventBook(store)
    book.add("店庆", DAYS, shop_id=shop_id(store, "甲旗舰店"))
    undo(store, batch)
    assert (names(book), [one.shop for one in book.listed()]) == ([], ["甲旗舰店"])
    bring(store, "乙专卖店")
    assert names(book) == []
    bring(store, "甲旗舰店")
    assert names(book, Filter(shops=(shop_id(store, "甲旗舰店"),))) == ["店庆"]


def test_an_event_follows_its_shop_into_another_spelling_and_name(store: Store) -> None:
    bring(store, "甲旗舰店")
    bring(store, "甲 旗舰")
    kept, gone = shop_id(store, "甲旗舰店"), shop_id(store, "甲 旗舰")
    book = EventBook(store)
    book.add("店庆", DAYS, shop_id=gone)
    with store.writing() as conn:
        shop_merges.merge(conn, gone, kept)
        shops.rename(conn, kept, "甲店")
    (event,) = book.listed()
    assert (event.shop_id, event.shop) == (kept, "甲店")


@pytest.mark.parametrize(
    ("name", "period", "kind"),
    [(" ", DAYS, "other"), ("长" * 31, DAYS, "other"), ("店庆", DAYS, "make_up_workday"),
     ("店庆", Period(date(2026, 1, 1), date(2027, 1, 2)), "other")],
)  # fmt: skip
def test_what_is_no_event(store: Store, name: str, period: Period, kind: str) -> None:
    with pytest.raises(UserFault):
        EventBook(store).add(name, period, kind=kind)


def test_own_events_stand_among_the_others_and_behind_trends(store: Store) -> None:
    book = EventBook(store)
    book.add("店庆", DAYS)
    own = book.concerning(Filter())
    found = events_during(Period(date(2026, 5, 1), date(2026, 5, 31)), own=own)
    assert [(event.name, event.own) for event in found] == [("劳动节", False), ("店庆", True)]
    assert events_during(DAYS, kinds=frozenset({EventKind.OTHER}), own=own) == ()
    cells = [Cell(day, counts={"received": 9}) for day in DAYS]
    page = compute(FakeEngine(cells), PageRequest(Filter(DAYS), events=own))
    marks = {(mark.label, mark.first, mark.last) for mark in page.chart("overview.received").marks}
    assert ("店庆", 0, 2) in marks
