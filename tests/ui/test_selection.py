"""Presets count back from the right day, and stale choices fall away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.holdings import AgentFact, DataFacts, ShopFact
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ui.selection import (
    Preset,
    Selection,
    anchor_note,
    period_of,
    request_of,
    short_period,
    with_known_only,
)

TODAY = date(2026, 11, 22)
FACTS = DataFacts(
    first_day=date(2026, 9, 1),
    last_day=date(2026, 11, 21),
    shops=(ShopFact(1, "云间小铺", Platform.TAOBAO), ShopFact(2, "云间抖店", Platform.DOUYIN)),
    agents=(AgentFact(11, "小美", 1), AgentFact(12, "阿杰", 1), AgentFact(21, "豆豆", 2)),
)


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        (Preset.YESTERDAY, "2026-11-21"),
        (Preset.LAST_7, "2026-11-15..2026-11-21"),
        (Preset.LAST_30, "2026-10-23..2026-11-21"),
        (Preset.THIS_WEEK, "2026-11-16..2026-11-21"),
        (Preset.THIS_MONTH, "2026-11-01..2026-11-21"),
        (Preset.LAST_MONTH, "2026-10-01..2026-10-31"),
        (Preset.ALL, "2026-09-01..2026-11-21"),
    ],
)
def test_presets_count_back_from_the_last_day_with_data(preset: Preset, expected: str) -> None:
    assert period_of(Selection(preset), FACTS, TODAY) == Period.parse(expected)


def test_data_of_today_is_not_yesterday() -> None:
    facts = replace(FACTS, last_day=TODAY)
    assert period_of(Selection(Preset.YESTERDAY), facts, TODAY) == Period.of_day(date(2026, 11, 21))


def test_future_rows_do_not_move_the_anchor_past_today() -> None:
    facts = replace(FACTS, last_day=date(2027, 3, 1))
    assert period_of(Selection(Preset.LAST_7), facts, TODAY) == Period.parse("2026-11-16..2026-11-22")


def test_old_data_is_said_so() -> None:
    old = replace(FACTS, last_day=date(2026, 6, 30))
    assert "2026-06-30" in anchor_note(Selection(), old, TODAY)
    assert anchor_note(Selection(), FACTS, TODAY) == ""
    assert anchor_note(Selection(Preset.ALL), old, TODAY) == ""


def test_platform_choice_drops_other_platforms_shops_and_agents() -> None:
    chosen = Selection(platform=Platform.DOUYIN, shops=(1,), agents=(11, 21))
    assert with_known_only(chosen, FACTS) == Selection(platform=Platform.DOUYIN, agents=(21,))


def test_shop_gone_after_undo_falls_away() -> None:
    facts = replace(FACTS, shops=FACTS.shops[:1], agents=FACTS.agents[:2])
    assert with_known_only(Selection(platform=Platform.DOUYIN, shops=(2,), agents=(21,)), facts) == Selection()


def test_request_carries_the_words_of_the_bar() -> None:
    request = request_of(Selection(agents=(11, 12), shops=(1,)), FACTS, TODAY)
    assert request.selection.period == Period.parse("2026-10-23..2026-11-21")
    assert (request.words.period, request.words.shop, request.words.agent) == ("近 30 天", "云间小铺", "小美、阿杰")


def test_years_are_written_only_where_they_differ() -> None:
    assert short_period(Period.parse("2026-10-23..2026-11-21"), TODAY) == "10-23 至 11-21"
    assert short_period(Period.parse("2025-12-01..2026-01-05"), TODAY) == "2025-12-01 至 2026-01-05"


def test_before_the_first_import_no_dates_are_made_up() -> None:
    assert period_of(Selection(), DataFacts(), date(2026, 11, 22)) is None
    assert request_of(Selection(), DataFacts(), date(2026, 11, 22)).selection == Filter()
