"""Entries typed in by hand: the same tables, the same ledger, the same law of undo."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest import ledger
from csdesk.ingest.entry.book import EntryBook, Saved, filled_from
from csdesk.ingest.entry.checking import Checked
from csdesk.ingest.entry.items import CheckItem
from csdesk.ingest.load import load, undo
from csdesk.safety.buyers import BuyerKeys
from csdesk.settings.store import Settings
from csdesk.store import presence, records, shop_merges, shops
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.faults import StoreFault
from csdesk.store.kinds import KINDS
from tests.store.builders import content, report_plan

ALL = Filter()
ANSWERS = KINDS["survey_answer"]
START = datetime(2026, 11, 22, 10, 0)


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        for shop, people in (("甲旗舰店", ("小美", "阿强")), ("乙专营店", ("小丽",))):
            rows = [(name, START.date(), {"received": 5.0}) for name in people]
            load(opened, report_plan(f"{shop}.xlsx", rows, exported=START, shop=shop), delays={})
        yield opened
        assert check(opened) == []


@pytest.fixture
def book(store: Store) -> EntryBook:
    return EntryBook(store, BuyerKeys(store.buyer_key), Settings(store.data_dir), now=Clock())


CALL = {"shop": "甲旗舰店", "agent": "小美", "day": "昨天", "clock": "9:30", "csat": "4"}


def checked(book: EntryBook, form: str, **filled: str) -> Checked:
    found = book.check(book.form(form), filled)
    assert found.faults == {}
    return found


def call(book: EntryBook, **more: str) -> Saved:
    return book.save(book.form("phone"), checked(book, "phone", **{**CALL, **more}))


def answers(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as conn:
        found = records.rows(conn, ANSWERS, ALL, ("csat", "nps", "resolved", "comment", "source")).fetchall()
    return sorted((row[2:] for row in found), key=str)


def names(store: Store) -> list[str]:
    with store.reading() as conn:
        return [entry.file_name for entry in ledger.entries(conn) if not entry.undone][:-2]


def test_a_call_becomes_a_row_with_its_words_masked(book: EntryBook, store: Store) -> None:
    saved = call(book, buyer="tb7654321", resolved="是", comment="换了号 13812345678，寄到幸福路12号3单元")
    row = book.find("phone", saved.key)
    assert (row.shop, row.agent, row.values["csat"], row.values["resolved"]) == ("甲旗舰店", "小美", 4, 1)
    assert row.values["answered_at"] == (datetime(2026, 11, 21, 9, 30) - datetime(1970, 1, 1)).total_seconds()
    assert "138" not in row.values["comment"]
    assert "幸福路12号" not in row.values["comment"]
    assert row.values["buyer_mask"] == "t***1"
    assert len(row.values["buyer_key"]) == 16
    raw = b"".join(file.read_bytes() for file in store.data_dir.glob("csdesk.sqlite*"))
    assert b"13812345678" not in raw
    assert b"tb7654321" not in raw
    with store.reading() as conn:
        assert {entry.source for entry in presence.source_days(conn, ALL)} >= {"survey_answer"}


def test_entries_of_a_day_form_and_shop_share_a_line_of_the_ledger(book: EntryBook, store: Store) -> None:
    first, second, third = call(book), call(book, agent="阿强"), call(book, shop="乙专营店", agent="小丽")
    questionnaire = checked(book, "survey", shop="甲旗舰店", day="今天", nps="9")
    book.save(book.form("survey"), questionnaire)
    assert first.batch == second.batch != third.batch
    assert names(store) == ["手工录入 · 满意度问卷 1 条", "手工录入 · 电话回访 1 条", "手工录入 · 电话回访 2 条"]
    undo(store, first.batch)
    assert [row[:2] for row in answers(store)] == [(4, None), (None, 9)]
    assert call(book).batch not in (first.batch, third.batch), "what was taken back is closed"


def test_the_next_day_begins_a_line_of_its_own(store: Store) -> None:
    clock = Clock()
    book = EntryBook(store, BuyerKeys(store.buyer_key), Settings(store.data_dir), now=clock)
    first = call(book)
    clock.now = START + timedelta(days=1)
    assert call(book, day="昨天").batch != first.batch


def test_a_correction_keeps_what_was_and_can_be_taken_back(book: EntryBook, store: Store) -> None:
    saved = call(book, buyer="tb7654321", comment="还行")
    before = book.find("phone", saved.key)
    filled = {**filled_from(before, before.shop), "csat": "2", "agent": "阿强"}
    form = book.form("phone")
    changed = book.change(form, saved.key, book.check(form, filled))
    after = book.find("phone", saved.key)
    assert (after.agent, after.values["csat"], after.values["comment"]) == ("阿强", 2, "还行")
    assert after.values["buyer_key"] == before.values["buyer_key"], "a buyer that is not named stays"
    assert after.values["answered_at"] == before.values["answered_at"]
    assert after.changed
    assert names(store)[0] == "手工录入 · 修改电话回访 1 条"
    undo(store, changed.batch)
    assert book.find("phone", saved.key) == before


def test_a_correction_can_move_an_entry_to_another_shop_and_back(book: EntryBook, store: Store) -> None:
    saved, form = call(book), book.form("phone")
    there = book.change(form, saved.key, book.check(form, {**CALL, "shop": "乙专营店", "agent": "小丽"}))
    assert [(row.shop, row.agent) for row in book.recent("phone")] == [("乙专营店", "小丽")]
    back = book.change(form, saved.key, book.check(form, CALL))
    assert [(row.shop, row.agent) for row in book.recent("phone")] == [("甲旗舰店", "小美")]
    for batch in reversed(back.batches):
        undo(store, batch)
    assert [(row.shop, row.agent) for row in book.recent("phone")] == [("乙专营店", "小丽")]
    for batch in reversed(there.batches):
        undo(store, batch)
    assert [(row.shop, row.agent) for row in book.recent("phone")] == [("甲旗舰店", "小美")]


def test_a_deleted_entry_is_gone_for_everyone_and_comes_back(book: EntryBook, store: Store) -> None:
    saved, kept = call(book, csat="1"), call(book, csat="5")
    before = content(store)
    gone = book.delete(book.form("phone"), saved.key)
    assert [row.key for row in book.recent("phone")] == [kept.key]
    assert [row[0] for row in answers(store)] == [5]
    with store.reading() as conn:
        assert records.count(conn, ANSWERS, ALL) == 1
        assert "withdrawn" not in [field for field, *_ in records.missing_values(conn, ANSWERS, ALL)]
    with pytest.raises(UserFault, match="不在了"):
        book.find("phone", saved.key)
    with pytest.raises(UserFault, match="不在了"):
        book.delete(book.form("phone"), saved.key)
    undo(store, gone.batch)
    assert content(store) == before


Word = tuple[int, str, int | None]
"""What a batch said of an entry: its satisfaction, None that it is deleted."""


def play(book: EntryBook, dice: random.Random) -> list[Word]:
    """Type, correct and delete at random."""
    form, words = book.form("phone"), list[Word]()
    for number in range(14):
        there = [row.key for row in book.recent("phone")]
        move = dice.choice(["save", "change", "delete"]) if there else "save"
        csat = number % 5 + 1
        entry = book.check(form, {**CALL, "agent": dice.choice(["小美", "阿强"]), "csat": str(csat)})
        if move == "save":
            saved = book.save(form, entry)
        elif move == "change":
            saved = book.change(form, dice.choice(there), entry)
        else:
            saved = book.delete(form, dice.choice(there))
        words.append((saved.batch, saved.key, None if move == "delete" else csat))
    return words


@pytest.mark.parametrize("seed", range(4))
def test_undo_in_any_order_leaves_the_newest_word_of_the_other_batches(
    seed: int, book: EntryBook, store: Store
) -> None:
    dice = random.Random(seed)
    words = play(book, dice)
    live = {batch for batch, _, _ in words}
    for batch in dice.sample(sorted(live), len(live)):
        undo(store, batch)
        live.discard(batch)
        expected = {key: csat for batch, key, csat in words if batch in live}
        found = {row.key: row.values["csat"] for row in book.recent("phone")}
        assert found == {key: csat for key, csat in expected.items() if csat is not None}
        assert check(store) == []


def test_a_clock_set_back_does_not_lose_a_correction(store: Store) -> None:
    clock = Clock()
    book = EntryBook(store, BuyerKeys(store.buyer_key), Settings(store.data_dir), now=clock)
    saved, form = call(book, csat="5"), book.form("phone")
    entry = book.check(form, {**CALL, "csat": "1"})
    clock.now = START - timedelta(hours=3)
    book.change(form, saved.key, entry)
    assert book.find("phone", saved.key).values["csat"] == 1


def test_a_sampled_conversation_has_points_and_a_total(book: EntryBook, store: Store) -> None:
    form = book.form("抽检")
    points = {"item.响应及时": "18", "item.服务态度": "20", "item.问题解决": "24"}
    entry = book.check(form, {"shop": "甲旗舰店", "agent": "小美", "day": "今天", "session": "S-1", **points})
    saved = book.save(form, entry)
    row = book.find("check", saved.key)
    assert row.values["total"] == 88.57  # 62 of 70 points
    book.keep_items([CheckItem("态度", 50), CheckItem("结果", 50)])
    assert [field.title for field in book.form("check").fields if field.kind == "points"] == ["态度", "结果"]
    old = book.form_for("check", row)
    assert [item.full for item in old.items] == [20, 20, 30, 50, 50], "judged as it was, then what is new"
    assert filled_from(row, row.shop) | points == filled_from(row, row.shop)


def test_faults_are_said_for_every_field_at_once(book: EntryBook) -> None:
    form = book.form("phone")
    found = book.check(form, {"shop": "丙店", "day": "2026-11-30", "clock": "26:00", "csat": "9"})
    assert set(found.faults) == {"shop", "agent", "day", "clock", "csat"}
    assert "现有：" in found.faults["shop"]
    assert "甲旗舰店" in found.faults["shop"]
    nothing = book.check(form, {key: text for key, text in CALL.items() if key != "csat"})
    assert nothing.faults == {"": "满意度、是否解决、买家怎么说，至少填一项。"}
    with pytest.raises(ValueError, match="faults"):
        book.save(form, nothing)
    with pytest.raises(UserFault, match="电话回访"):
        book.form("问候")


def test_shops_are_the_owners_and_told_apart(book: EntryBook, store: Store, tmp_path: Path) -> None:
    rows = [("小美", START.date(), {"received": 1.0})]
    load(store, report_plan("抖.xlsx", rows, exported=START, platform=Platform.DOUYIN), delays={})
    assert [shop.label for shop in book.shops()] == ["甲旗舰店（抖店）", "乙专营店", "甲旗舰店（淘宝/天猫）"]
    assert "几个平台" in book.check(book.form("phone"), CALL).faults["shop"]
    assert book.check(book.form("phone"), CALL, Platform.DOUYIN).shop == book.shops()[0]
    with Store(tmp_path / "empty") as empty:
        alone = EntryBook(empty, BuyerKeys(empty.buyer_key), Settings(empty.data_dir))
        assert "我的抖店" in [shop.label for shop in alone.shops()]
        new = alone.check(alone.form("phone"), {**CALL, "shop": "新店"}, Platform.JD)
        assert new.shop is not None
        assert (new.shop.name, new.shop.platform) == ("新店", Platform.JD)


def test_a_full_disk_is_said_and_leaves_nothing(book: EntryBook, store: Store) -> None:
    call(book)
    before, form = content(store), book.form("phone")
    with store.writing() as conn:
        pages = conn.execute("PRAGMA page_count").fetchone()[0]
    store._writer.execute(f"PRAGMA max_page_count = {pages}")
    long = book.check(form, {**CALL, "comment": "很好" * 990})
    with pytest.raises(StoreFault, match="磁盘已满") as caught:
        book.save(form, long)
    assert caught.value.code == sqlite3.SQLITE_FULL
    assert content(store) == before


def test_an_entry_moved_between_shops_survives_their_merge(book: EntryBook, store: Store) -> None:
    saved, form = call(book), book.form("phone")
    moved = book.change(form, saved.key, book.check(form, {**CALL, "shop": "乙专营店", "agent": "小丽"}))
    with store.reading() as conn:
        first, second = sorted(shops.all_shops(conn), key=lambda shop: shop.name)
    with store.writing() as conn:
        shop_merges.merge(conn, first.id, second.id)
    assert [(row.shop, row.agent) for row in book.recent("phone")] == [("甲旗舰店", "小丽")]
    assert check(store) == []
    for batch in reversed(moved.batches):
        undo(store, batch)
    assert [(row.shop, row.agent) for row in book.recent("phone")] == [("甲旗舰店", "小美")]


def test_a_shop_with_a_name_of_the_owners_stays_one_shop(book: EntryBook, store: Store) -> None:
    with store.writing() as conn:
        shop = next(one for one in shops.all_shops(conn) if one.name == "甲旗舰店")
        shops.rename(conn, shop.id, "老店")
    assert "老店" in [one.label for one in book.shops()]
    saved = call(book, shop="老店")
    assert [(row.shop_shown, row.shop) for row in book.recent("phone")] == [("老店", "甲旗舰店")]
    form = book.form("phone")
    assert book.change(form, saved.key, book.check(form, {**CALL, "shop": "老店", "csat": "1"})).left == 0
    with store.reading() as conn:
        assert len(shops.all_shops(conn)) == 2


def test_what_no_store_can_hold_is_left_out(book: EntryBook) -> None:
    saved = call(book, comment="半个字\ud83d 和\x00控制符\n第二行", agent="小\u200b美", buyer="\udc00")
    row = book.find("phone", saved.key)
    assert row.values["comment"] == "半个字? 和控制符\n第二行"
    assert row.agent == "小美"
    too_long = book.check(book.form("phone"), {**CALL, "agent": "长" * 61, "comment": "说" * 2001})
    assert {name: fault[:3] for name, fault in too_long.faults.items()} == {"agent": "名字太", "comment": "太长了"}
