"""The same shop under two spellings: one shop by the owner's word, and two again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import Plan
from csdesk.store import agents, measures, sessions, shop_merges, shops
from csdesk.store.check import check
from csdesk.store.database import Store
from tests.store.builders import at, content, record_plan, report_plan, session, session_plan

DAY = date(2026, 2, 16)
ONE, OTHER, THIRD = "甲旗舰店", "甲官方旗舰店", "乙专卖店"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened
        assert check(opened) == []


def files(spelling: str = OTHER) -> list[Plan]:
    """Files of one shop, some under another spelling; they overlap, agree and disagree."""
    early, late = datetime(2026, 3, 1), datetime(2026, 3, 5)
    order = {"order_id": "1", "created_at": at(0), "status": "已付款"}
    return [
        session_plan("a", [session("1", rating=5), session("2", "阿强", rating=None)], exported=early, shop=ONE),
        session_plan("b", [session("1", rating=5), session("3", "小红", rating=2)], exported=early, shop=spelling),
        session_plan("c", [session("1", rating=4), session("2", "阿强", rating=1)], exported=late, shop=spelling),
        report_plan("d", [("小美", DAY, {"received": 5.0}), (None, DAY, {"received": 9.0})], exported=early, shop=ONE,
                    peers={"received": 7.0}),
        report_plan("e", [("小美", DAY, {"received": 6.0})], exported=late, shop=spelling, peers={"received": 8.0}),
        record_plan("f", {"order_head": [order], "ticket": [{"ticket_id": "t", "agent": "小红", "opened_at": at(0)}]},
                    exported=early, shop=spelling),
        record_plan("g", {"order_head": [{**order, "status": "已完成"}]}, exported=late, shop=ONE),
        session_plan("h", [session("1", rating=3)], exported=early, shop=THIRD),
    ]  # fmt: skip


def load_all(store: Store, plans: list[Plan]) -> list[Plan]:
    for plan in plans:
        load(store, plan, delays={})
    return plans


def ids(store: Store) -> dict[str, int]:
    with store.reading() as conn:
        return {name: id_ for id_, name in conn.execute("SELECT id, name FROM shop")}


def merge(store: Store, spelling: str, shop: str) -> None:
    known = ids(store)
    with store.writing() as conn:
        shop_merges.merge(conn, known[spelling], known[shop])


def separate(store: Store, spelling: str) -> None:
    known = ids(store)
    with store.writing() as conn:
        shop_merges.separate(conn, known[spelling])


def fresh(folder: Path, plans: list[Plan]) -> dict[str, list[tuple[object, ...]]]:
    with Store(folder) as other:
        load_all(other, plans)
        return content(other)


def test_merged_is_as_if_all_files_had_used_one_spelling(store: Store, tmp_path: Path) -> None:
    load_all(store, files())
    merge(store, OTHER, ONE)
    assert content(store) == fresh(tmp_path / "one", files(ONE))
    with store.reading() as conn:
        assert [shop.name for shop in shops.all_shops(conn)] == [THIRD, ONE]
        assert shop_merges.merged(conn) == [(ids(store)[OTHER], OTHER, ids(store)[ONE])]
        assert sum(row[3] for row in sessions.day_sums(conn, Filter(shops=(ids(store)[ONE],)))) == 3


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_imports_undos_merging_and_separating(store: Store, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    plans = files()
    chance.shuffle(plans)
    first, later = plans[:6], plans[6:]
    load_all(store, first)
    known = ids(store)
    spelling, shop = (OTHER, ONE) if chance.random() < 0.5 else (ONE, OTHER)
    both = {spelling, shop} <= known.keys()
    if both:
        merge(store, spelling, shop)
        assert check(store) == []
    load_all(store, later)
    gone = chance.sample(plans, 2)
    assert gone[0].batch is not None
    undo(store, gone[0].batch)
    assert check(store) == []
    if both and spelling in ids(store):
        separate(store, spelling)
    assert gone[1].batch is not None
    undo(store, gone[1].batch)
    left = {plan.path for plan in gone}
    assert content(store) == fresh(tmp_path / "one", [plan for plan in files() if plan.path not in left])


def test_a_later_file_with_the_spelling_goes_to_the_shop_and_comes_back_with_it(store: Store, tmp_path: Path) -> None:
    plans = files()
    load_all(store, plans[:3])
    merge(store, OTHER, ONE)
    load_all(store, plans[3:])
    assert content(store) == fresh(tmp_path / "merged", files(ONE))
    separate(store, OTHER)
    assert content(store) == fresh(tmp_path / "separate", files())


def test_three_spellings_come_apart_one_by_one(store: Store, tmp_path: Path) -> None:
    load_all(store, files())
    merge(store, THIRD, OTHER)
    merge(store, OTHER, ONE)
    with store.reading() as conn:
        assert [shop.name for shop in shops.all_shops(conn)] == [ONE]
    separate(store, THIRD)
    separate(store, OTHER)
    assert content(store) == fresh(tmp_path / "separate", files())


def test_merged_agents_stay_merged(store: Store) -> None:
    load_all(store, files())
    with store.reading() as conn:
        people = {(agent.shop_id, agent.name): agent.id for agent in agents.all_agents(conn)}
    known = ids(store)
    with store.writing() as conn:
        agents.merge(conn, people[known[OTHER], "小红"], people[known[OTHER], "小美"])
        agents.merge(conn, people[known[ONE], "小美"], people[known[OTHER], "小美"])
        agents.set_kind(conn, people[known[OTHER], "小红"], "shared")
    merge(store, OTHER, ONE)
    with store.reading() as conn:
        shown = {
            (agent.name, agent.kind): agent.person for agent in agents.all_agents(conn) if agent.shop_id == known[ONE]
        }
        names = agents.display_names(conn)
    assert shown["小红", "shared"] == shown["小美", "person"] == people[known[ONE], "小美"]
    assert set(names.values()) == {f"{ONE}:小美", "阿强", f"{THIRD}:小美"}
    separate(store, OTHER)
    with store.reading() as conn:
        again = {(agent.shop_id, agent.name): agent.person for agent in agents.all_agents(conn)}
    assert again[known[OTHER], "小红"] == again[known[OTHER], "小美"] == people[known[OTHER], "小美"]


def test_what_cannot_be_merged_is_said(store: Store) -> None:
    two = session_plan("两店", [session("1"), session("2")], exported=datetime(2026, 3, 1))
    for chunk in two.staged.sessions:
        chunk.columns["shop"] = [ONE, OTHER]
    load(store, two, delays={})
    nameless = session_plan("无名", [session("9")], exported=datetime(2026, 3, 1), shop="", platform=Platform.DOUYIN)
    load(store, nameless, delays={})
    with pytest.raises(UserFault, match="同一个文件里"):
        merge(store, OTHER, ONE)
    with pytest.raises(UserFault, match="不同平台"):
        merge(store, "我的抖店", ONE)
    assert len(ids(store)) == 3


def test_spellings_are_suggested(store: Store) -> None:
    for name in (ONE, OTHER, THIRD, "甲-旗舰店"):
        load(store, session_plan(name, [session("1")], exported=datetime(2026, 3, 1), shop=name), delays={})
    with store.reading() as conn:
        found = [(short.name, long.name) for short, long in shop_merges.suggestions(conn)]
        assert measures.cells(conn, Filter()) == []
    assert found == []
    for name in ("小熊家居旗舰店", "小熊家居官方旗舰店", "小熊 家居"):
        load(store, session_plan(name, [session("1")], exported=datetime(2026, 3, 1), shop=name), delays={})
    with store.reading() as conn:
        assert len(shop_merges.suggestions(conn)) == 3
