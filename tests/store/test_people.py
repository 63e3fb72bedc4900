"""People: merges suggested, kinds and groups the owner sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from csdesk.domain.filters import Filter
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import AgentRef, Plan
from csdesk.store import agents, measures, merges, teams
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.teams import Teams, TeamSpan
from tests.store.builders import report_plan

MARCH = datetime(2026, 3, 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened
        assert check(opened) == []


def report(name: str, people: dict[str, AgentRef], days: range = range(1)) -> Plan:
    """A report in which these people work on these days; known by the names of the dict."""
    rows = [(person, date(2026, 2, 16) + timedelta(days=day), {"received": 1.0}) for day in days for person in people]
    plan = report_plan(name, rows, exported=MARCH)
    plan.staged.agents.update(people)
    return plan


def ids(store: Store) -> dict[str, int]:
    with store.reading() as conn:
        return {agent.name: agent.id for agent in agents.all_agents(conn)}


def suggested(store: Store) -> list[tuple[str, int, int]]:
    with store.reading() as conn:
        return [(one.reason, one.account, one.person) for one in merges.suggestions(conn)]


def test_one_account_with_two_names_is_suggested(store: Store) -> None:
    both = {"小美": AgentRef("小美", account="a1"), "美美": AgentRef("美美", account="A1"), "阿强": AgentRef("阿强")}
    load(store, report("一.xlsx", both), delays={})
    known = ids(store)
    assert suggested(store) == [("account", *sorted((known["小美"], known["美美"])))]


def test_a_renamed_agent_is_suggested_into_the_new_name(store: Store) -> None:
    load(store, report("新.xlsx", {"美美": AgentRef("美美", account="a1")}, range(5, 8)), delays={})
    load(store, report("旧.xlsx", {"小美": AgentRef("小美", account="a1")}, range(5)), delays={})
    known = ids(store)
    assert suggested(store) == [("renamed", known["小美"], known["美美"])]
    with store.reading() as conn:
        (one,) = merges.suggestions(conn)
    assert one.sure
    assert one.sentence == (
        "“小美”和“美美”的客服账号都是 a1，"
        "前一个名字用到 2026 年 2 月 20 日，后一个从 2026 年 2 月 21 日开始，应是改了名。"
    )


def test_an_account_shown_as_a_name_is_suggested(store: Store) -> None:
    people = {"小美": AgentRef("小美", account="shop_cs01"), "shop_cs01": AgentRef("shop_cs01")}
    load(store, report("一.xlsx", people), delays={})
    known = ids(store)
    assert suggested(store) == [("account_as_name", known["shop_cs01"], known["小美"])]


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("小美", "小美2", True),
        ("Anna_01", "anna", True),
        ("小美", "小美-", True),
        ("客服1", "客服2", True),
        ("小美", "小强", False),
        ("1", "2", False),
        ("美", "美2", False),
    ],
)
def test_names_equal_but_for_digits_and_signs_are_a_guess(store: Store, one: str, other: str, asked: bool) -> None:
    load(store, report("一.xlsx", {one: AgentRef(one), other: AgentRef(other)}), delays={})
    assert [reason for reason, *_ in suggested(store)] == (["spelling"] if asked else [])


def test_different_accounts_are_different_people(store: Store) -> None:
    people = {"小美": AgentRef("小美", account="a1"), "小美2": AgentRef("小美2", account="a2")}
    load(store, report("一.xlsx", people), delays={})
    assert suggested(store) == []


def test_a_suggestion_is_confirmed_taken_back_or_refused(store: Store) -> None:
    load(store, report("一.xlsx", {"小美": AgentRef("小美"), "小美2": AgentRef("小美2")}), delays={})
    (asked,) = suggested(store)
    _, account, person = asked
    version = store.data_version
    with store.writing() as conn:
        agents.merge(conn, account, person)
    assert suggested(store) == []
    assert store.data_version > version, "numbers are computed again"
    with store.reading() as conn:
        assert {cell[1] for cell in measures.cells(conn, Filter())} == {person}
    with store.writing() as conn:
        agents.merge(conn, account, None)
    assert suggested(store) == [asked]
    with store.writing() as conn:
        merges.refuse(conn, person, account)
    assert suggested(store) == []
    with store.writing() as conn:
        merges.allow(conn, account, person)
    assert suggested(store) == [asked]


def test_the_owner_decides_what_an_agent_is(store: Store) -> None:
    plan = report("一.xlsx", {"店小蜜": AgentRef("店小蜜", kind="robot"), "小美": AgentRef("小美")})
    load(store, plan, delays={})
    known = ids(store)
    with store.writing() as conn:
        agents.set_kind(conn, known["店小蜜"], "person")
        agents.set_kind(conn, known["小美"], "shared")
        with pytest.raises(ValueError, match="no such kind"):
            agents.set_kind(conn, known["小美"], "boss")
    load(store, report("二.xlsx", {"店小蜜": AgentRef("店小蜜", kind="robot")}, range(3)), delays={})
    with store.reading() as conn:
        kinds = {agent.name: (agent.kind, agent.kind_from_owner) for agent in agents.all_agents(conn)}
    assert kinds == {"店小蜜": ("person", True), "小美": ("shared", True)}
    with store.writing() as conn:
        agents.set_kind(conn, known["店小蜜"], None)
    with store.reading() as conn:
        assert {agent.name: agent.kind for agent in agents.all_agents(conn)}["店小蜜"] == "robot"


def test_groups_have_dates_and_later_words_cut_earlier_ones(store: Store) -> None:
    people = {"小美": AgentRef("小美", team="客服部"), "小美2": AgentRef("小美2")}
    plan = report("一.xlsx", people)
    load(store, plan, delays={})
    known = ids(store)
    one = known["小美"]
    with store.writing() as conn:
        agents.merge(conn, known["小美2"], one)
        teams.assign(conn, TeamSpan(one, "早班", 10, None))
        teams.assign(conn, TeamSpan(one, "晚班", 20, 24))
        teams.assign(conn, TeamSpan(one, "夜班", 23, 30))
    with store.reading() as conn:
        found = [(span.team, span.first_day, span.last_day) for span in teams.spans(conn)]
        team = Teams(conn)
    assert found == [("早班", 10, 19), ("晚班", 20, 22), ("夜班", 23, 30), ("早班", 31, None)]
    assert [team.of(one, day) for day in (9, 10, 22, 23, 30, 31, 999)] == [
        "客服部", "早班", "晚班", "夜班", "夜班", "早班", "早班",
    ]  # fmt: skip
    assert team.of(known["小美2"], 20) == "晚班", "an account is in its person's group"
    with store.writing() as conn:
        teams.clear(conn, one, 15)
    with store.reading() as conn:
        assert [(span.team, span.first_day, span.last_day) for span in teams.spans(conn)] == [("早班", 10, 14)]
    assert plan.batch is not None
    undo(store, plan.batch)
