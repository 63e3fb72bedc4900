"""The example shop by the ordinary door: what the engine says equals what was played, added up here once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from csdesk.bootstrap import Services
from csdesk.demo.cast import load_cast
from csdesk.demo.simulate import Session, simulate
from csdesk.demo.totals import Totals, total, totals_by
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Status
from csdesk.metrics.model import By, MetricValue

AGENTS, DAYS, SEED = 3, 85, 11
LAST_DAY = date(2026, 11, 21)
WHOLE = Period(LAST_DAY - timedelta(days=DAYS - 1), LAST_DAY)
IN_SESSIONS = Period(date(2026, 10, 19), date(2026, 11, 15))
BEFORE_SESSIONS = Period(WHOLE.first, date(2026, 9, 19))
FIRST_MONTHLY_REPORT = Period(WHOLE.first, date(2026, 8, 31))


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = Services(tmp_path_factory.mktemp("data"))
    plans = services.add_demo(agents=AGENTS, days=DAYS, seed=SEED, last_day=LAST_DAY)
    assert [(plan.path, plan.status, plan.message) for plan in plans if plan.status is not Status.IMPORTED] == []
    yield services
    services.close()


@pytest.fixture(scope="module")
def played() -> dict[Platform, list[Session]]:
    cast = load_cast(AGENTS)
    return {shop.platform: simulate(cast, shop, WHOLE, SEED) for shop in cast.shops}


def sums(played: dict[Platform, list[Session]], platform: Platform, period: Period) -> Totals:
    return total(session for session in played[platform] if session.day in period)


def whole(services: Services, platform: Platform, period: Period) -> dict[str, MetricValue]:
    return services.metrics(Filter(period, platform))[0].values


def first_answer(played: dict[Platform, list[Session]], platform: Platform, period: Period) -> float | None:
    """Mean first answer; of session rows those of robots do not count, a report's mean has them in it."""
    mine = [session for session in played[platform] if session.day in period]
    return total(one for one in mine if period != IN_SESSIONS or not one.person.robot).responses.first


@pytest.mark.parametrize("period", [IN_SESSIONS, BEFORE_SESSIONS], ids=["from sessions", "from reports"])
def test_taobao_shop(services: Services, played: dict[Platform, list[Session]], period: Period) -> None:
    expected, found = sums(played, Platform.TAOBAO, period), whole(services, Platform.TAOBAO, period)
    assert found["received"].value == expected.sessions
    assert found["invites_sent"].value == expected.invited.sent
    assert found["invite_rate"].value == pytest.approx(expected.invited.sent / expected.sessions)
    assert found["ratings_received"].value == expected.ratings.received
    assert found["review_rate"].value == pytest.approx(expected.invited.received / expected.invited.sent)
    assert found["satisfaction_rate"].value == pytest.approx(expected.ratings.share_satisfied)
    assert found["first_response_mean"].value == pytest.approx(first_answer(played, Platform.TAOBAO, period), abs=0.3)
    assert found["reply_rate"].value == pytest.approx(expected.reply_rate)
    assert found["inquiry_buyers"].value == expected.inquiries
    assert found["conversion_rate"].value == pytest.approx(expected.payers / expected.inquiries)
    assert found["cs_sales"].value == expected.paid_fen


def test_douyin_shop(services: Services, played: dict[Platform, list[Session]]) -> None:
    period = Period(date(2026, 9, 14), date(2026, 11, 15))
    expected, found = sums(played, Platform.DOUYIN, period), whole(services, Platform.DOUYIN, period)
    assert found["received"].value == expected.sessions
    assert found["satisfaction_rate"].value == pytest.approx(expected.ratings.share_satisfied)
    assert found["invite_rate"].value is None
    assert found["conversion_rate"].value == pytest.approx(expected.payers / expected.inquiries)
    assert found["cs_sales"].value == expected.paid_fen


@pytest.mark.parametrize("period", [IN_SESSIONS, Period(date(2026, 11, 16), date(2026, 11, 18))], ids=str)
def test_taobao_by_agent(services: Services, played: dict[Platform, list[Session]], period: Period) -> None:
    rows = services.metrics(Filter(period, Platform.TAOBAO), By.AGENT)
    found = {str(row.key): row.values for row in rows}
    sessions = [session for session in played[Platform.TAOBAO] if session.day in period]
    for name, expected in totals_by(sessions, lambda session: session.person.name).items():
        assert found[name]["received"].value == expected.sessions
        assert found[name]["invites_sent"].value == expected.invited.sent


def test_reports_by_agent_before_there_are_sessions(services: Services, played: dict[Platform, list[Session]]) -> None:
    rows = services.metrics(Filter(FIRST_MONTHLY_REPORT, Platform.TAOBAO), By.AGENT)
    found = {str(row.key): row.values for row in rows}
    sessions = [session for session in played[Platform.TAOBAO] if session.day in FIRST_MONTHLY_REPORT]
    for name, expected in totals_by(sessions, lambda session: session.person.name).items():
        assert found[name]["received"].value == expected.sessions
        if expected.invited.sent:
            assert found[name]["invites_sent"].value == expected.invited.sent


def test_robots_and_unused_accounts_are_no_people(services: Services) -> None:
    kinds = dict(services_kinds(services))
    assert kinds["店小蜜"] == "robot"
    assert kinds["小美"] == "person"


def services_kinds(services: Services) -> Iterator[tuple[str, str]]:
    with services.store.reading() as conn:
        yield from conn.execute("SELECT name, kind FROM agent")


def test_it_can_be_removed_wholly(tmp_path: Path) -> None:
    services = Services(tmp_path)
    try:
        services.add_demo(agents=2, days=8, last_day=LAST_DAY)
        assert services.facts().demo
        services.remove_demo()
        facts = services.facts()
        assert (facts.demo, facts.first_day, facts.shops, facts.agents) == (False, None, (), ())
    finally:
        services.close()
