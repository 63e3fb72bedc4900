"""Everybody at one glance, and every word of the owner taken back exactly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import UNGROUPED
from csdesk.domain.period import to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import AgentRef, Plan
from csdesk.store import agents, shops, teams
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.people import Change, People, Person
from tests.store.builders import report_plan, session, session_plan

MONDAY = date(2026, 2, 16)
DAY = to_epoch_day(MONDAY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened
        assert check(opened) == []


def report(name: str, people: dict[str, AgentRef], days: range = range(1), shop: str = "甲旗舰店") -> Plan:
    rows = [(person, MONDAY + timedelta(days=day), {"received": 1.0}) for day in days for person in people]
    plan = report_plan(name, rows, exported=datetime(2026, 3, 20), shop=shop)
    plan.staged.agents.update(people)
    return plan


def named(*names: str) -> dict[str, AgentRef]:
    return {name: AgentRef(name) for name in names}


def person(store: Store, name: str) -> Person:
    return next(one for one in People(store).roster().people if one.name == name)


def said(store: Store) -> list[Any]:
    """Everything the owner can say, as it stands."""
    with store.reading() as conn:
        return [
            conn.execute("SELECT id, merged_into, owner_kind FROM agent ORDER BY id").fetchall(),
            teams.spans(conn),
            conn.execute("SELECT * FROM agent_distinct").fetchall(),
            conn.execute("SELECT * FROM shop_distinct").fetchall(),
            [(shop.name, shop.file_name) for shop in shops.all_shops(conn)],
        ]


def test_a_person_with_names_days_and_sessions(store: Store) -> None:
    load(store, report("一.xlsx", {"小美": AgentRef("小美", account="a1", team="售前"), "小强": AgentRef("小强")},
                       range(2, 5)), delays={})  # fmt: skip
    load(store, session_plan("会话.xlsx", [session("a", "小美2", 7), session("b", "小美2", 8)],
                             exported=datetime(2026, 3, 20)), delays={})  # fmt: skip
    people = People(store)
    people.merge([people.account_id("小美2")], people.account_id("小美"))
    one = person(store, "小美")
    assert [(each.name, each.account, each.sessions) for each in one.accounts] == [("小美", "a1", 0), ("小美2", "", 2)]
    assert (one.first_day, one.last_day, one.sessions, one.group) == (DAY + 2, DAY + 8, 2, "售前")
    assert person(store, "小强").group == UNGROUPED


def test_what_accounts_look_like_is_asked_until_the_owner_has_said_it(store: Store) -> None:
    load(store, report("一.xlsx", named("晚班-03", "甲旗舰店", "小美")), delays={})
    people = People(store)
    assert (person(store, "晚班-03").suggested_kind, person(store, "甲旗舰店").suggested_kind) == ("shared", "main")
    assert person(store, "小美").suggested_kind == ""
    people.set_kind([person(store, "晚班-03").id], "person")
    assert person(store, "晚班-03").suggested_kind == ""
    assert person(store, "晚班-03").kind_by_owner


def test_every_change_is_taken_back_exactly(store: Store) -> None:
    load(store, report("一.xlsx", named("小美", "小美2", "阿强", "阿强_1")), delays={})
    load(store, report("二.xlsx", named("小美"), shop="甲店"), delays={})
    people = People(store)
    ids = {one.name: one.id for one in people.roster().people if one.shop == "甲旗舰店"}
    people.merge([ids["阿强_1"]], ids["阿强"])
    people.assign([ids["小美"]], "早班", DAY, DAY + 9)
    (shop_pair, *_) = people.roster().suggestions
    shop_ids = {shop.name: shop.id for shop in people.roster().shops}

    def changes() -> Iterator[Change]:
        yield people.merge([ids["阿强"]], ids["小美"])
        yield people.separate(ids["阿强_1"])
        yield people.set_kind([ids["小美"], ids["阿强"]], "robot")
        yield people.assign([ids["小美"], ids["小美2"]], "晚班", DAY + 3, None)
        yield people.ungroup([ids["小美"]], DAY + 2)
        yield people.refuse(shop_pair)
        yield people.refuse(next(one for one in people.roster().suggestions if one.of == "agents"))
        yield people.rename_shop(shop_ids["甲旗舰店"], "大甲")
        yield people.merge_shops(shop_ids["甲店"], shop_ids["甲旗舰店"])

    before = said(store)
    for change in changes():
        assert said(store) != before, change.text
        change.undo()
        assert said(store) == before, change.text
    assert said(store)[1] == [teams.TeamSpan(ids["小美"], "早班", DAY, DAY + 9)]
    with store.reading() as conn:
        merged = {one.id: one.person for one in agents.all_agents(conn) if one.person != one.id}
    assert merged == {ids["阿强_1"]: ids["阿强"]}
    assert not any(said(store)[2:4])
    assert sorted(said(store)[4]) == [("甲店", "甲店"), ("甲旗舰店", "甲旗舰店")]
    assert {one.kind_by_owner for one in people.roster().people} == {False}


def test_taking_a_merge_back_leaves_others_alone(store: Store) -> None:
    load(store, report("一.xlsx", named("小美", "小美2", "小美3")), delays={})
    people = People(store)
    ids = {one.name: one.id for one in people.roster().people}
    first = people.merge([ids["小美2"]], ids["小美"])
    people.merge([ids["小美3"]], ids["小美"])
    first.undo()
    assert [one.name for one in person(store, "小美").accounts] == ["小美", "小美3"]


def test_people_of_two_shops_are_not_merged(store: Store) -> None:
    load(store, report("一.xlsx", named("小美")), delays={})
    load(store, report("二.xlsx", named("小强"), shop="乙店"), delays={})
    people = People(store)
    with pytest.raises(UserFault, match="不同店铺"):
        people.merge([people.account_id("小美")], people.account_id("小强"))


def test_a_renamed_shop_takes_files_under_both_names(store: Store) -> None:
    first = report("一.xlsx", named("小美"))
    load(store, first, delays={})
    people = People(store)
    (shop,) = people.roster().shops
    people.rename_shop(shop.id, "大甲")
    load(store, report("二.xlsx", named("小强"), range(1, 2)), delays={})
    load(store, report("三.xlsx", named("阿强"), range(2, 3), shop="大甲"), delays={})
    (shop,) = people.roster().shops
    assert (shop.name, shop.file_name) == ("大甲", "甲旗舰店")
    assert {one.shop for one in people.roster().people} == {"大甲"}
    assert people.shop_id("甲旗舰店") == people.shop_id("大甲") == shop.id
    assert first.batch is not None
    undo(store, first.batch)
    assert people.roster().shops[0].name == "大甲"
    people.rename_shop(shop.id, None)
    assert people.roster().shops[0].name == "甲旗舰店"


def test_a_name_another_shop_has_is_refused(store: Store) -> None:
    load(store, report("一.xlsx", named("小美")), delays={})
    load(store, report("二.xlsx", named("小强"), shop="乙店"), delays={})
    people = People(store)
    with pytest.raises(UserFault, match="已经有一家店叫"):
        people.rename_shop(people.shop_id("乙店"), "甲旗舰店")
    with pytest.raises(UserFault, match="不能为空"):
        people.rename_shop(people.shop_id("乙店"), "  ")


def test_refused_pairs_are_listed_and_allowed_again(store: Store) -> None:
    load(store, report("一.xlsx", named("小美", "小美2")), delays={})
    people = People(store)
    (asked,) = people.roster().suggestions
    people.refuse(asked)
    (kept,) = people.roster().refused
    assert people.roster().suggestions == ()
    people.allow(kept)
    assert (people.roster().suggestions, people.roster().refused) == ((asked,), ())


def test_names_of_accounts(store: Store) -> None:
    load(store, report("一.xlsx", {"小美": AgentRef("小美", account="CS01")}), delays={})
    load(store, report("二.xlsx", named("小美"), shop="乙店"), delays={})
    people = People(store)
    assert people.account_id("cs01") == people.account_id("甲旗舰店：小美")
    with pytest.raises(UserFault, match="有 2 个"):
        people.account_id("小美")
    with pytest.raises(UserFault, match="没有叫"):
        people.account_id("小丽")


def test_groups_have_names(store: Store) -> None:
    load(store, report("一.xlsx", {"小美": AgentRef("小美", team="售前")}), delays={})
    people = People(store)
    one = people.account_id("小美")
    for name in ("", UNGROUPED):
        with pytest.raises(UserFault, match="组名"):
            people.assign([one], name, DAY, None)
    people.assign([one], "晚班", DAY, None)
    assert people.group_names("售前，晚班,未分组") == ("售前", "晚班", UNGROUPED)
    with pytest.raises(UserFault, match="没有叫“夜班”的客服组"):
        people.group_names("夜班")


def test_days_of_somebody_cut_by_groups(store: Store) -> None:
    load(store, report("一.xlsx", {"小美": AgentRef("小美", team="售前")}), delays={})
    people = People(store)
    one = people.account_id("小美")
    people.assign([one], "晚班", DAY + 2, DAY + 3)
    with store.reading() as conn:
        team = teams.Teams(conn)
    assert team.during(one, DAY, DAY + 9) == [
        ("售前", DAY, DAY + 1), ("晚班", DAY + 2, DAY + 3), ("售前", DAY + 4, DAY + 9),
    ]  # fmt: skip
    assert team.during(one, DAY + 3, DAY + 3) == [("晚班", DAY + 3, DAY + 3)]
    assert team.during(999, DAY, DAY) == [(UNGROUPED, DAY, DAY)]


def test_a_shop_of_another_platform_is_named_as_such(store: Store) -> None:
    load(store, session_plan("甲.csv", [session("S1")], exported=datetime(2026, 7, 1), shop="甲旗舰店"))
    with pytest.raises(UserFault, match="“甲旗舰店”是淘宝/天猫的店铺，不是"):
        People(store).shop_ids("甲旗舰店", Platform.DOUYIN)
