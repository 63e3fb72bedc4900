"""Whole pages of simulated shops: nothing happened and hardly anything is said; something happened and it is said."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from csdesk.analysis.frame import PageRequest, PageResult
from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from tests.analysis.quiet_sessions import LAST, Quiet

MONTH = Period(LAST - timedelta(days=27), LAST)
PAGES = ("overview", "agents", "questions", "response")
SURE = {"up", "down", "above", "below", "higher", "lower"}


def _pages(shop: Quiet, folder: Path, seed: int, *pages: str) -> list[PageResult]:
    shop.write(folder, seed)
    services = Services(folder)
    try:
        return [services.page(page, PageRequest(Filter(MONTH))) for page in pages]
    finally:
        services.close()


def _said(page: PageResult) -> set[str]:
    """The kinds of things a page says that something is, or that somebody is other than the rest."""
    answers = {one.id: one.value for one in page.answers}
    found = {one.kind for one in page.attention}
    found |= {"sentence" for one in answers["summary_sentences"] if one.kind in {"change", "reason"}}  # type: ignore[attr-defined]
    found |= {"slice" for one in answers.get("slices", ()) if one.verdict in SURE}  # type: ignore[attr-defined]
    found |= {"card" for one in answers.get("agent_cards", ()) for row in one.measures if row.verdict in SURE}  # type: ignore[attr-defined]
    found |= {"fair" for one in answers.get("fair_comparison", ()) for row in one.agents if row.verdict in SURE}  # type: ignore[attr-defined]
    found |= {"outside" for one in answers.get("funnel_plot", ()) if one.outside}  # type: ignore[attr-defined]
    found |= {"rank" for one in answers.get("ranking", ()) for row in one.places if row.place > 1}  # type: ignore[attr-defined]
    hot = answers.get("hot")
    return found | ({"hot"} if getattr(hot, "categories", ()) else set())


@pytest.mark.parametrize("shop", [Quiet(), Quiet(rho=0.03), Quiet(agents=2, a_day=25)])
def test_quiet_shops_hear_hardly_anything(shop: Quiet, tmp_path: Path) -> None:
    said: Counter[str] = Counter()
    for seed in range(4):
        for page in _pages(shop, tmp_path / str(seed), seed, *PAGES):
            said.update(_said(page))
            moved = [kpi for kpi in page.kpis if kpi.change is not None and kpi.change.verdict in {"up", "down"}]
            assert all(kpi.change is None or kpi.change.note != "变化可信" or kpi.change.certain for kpi in moved)
    assert said.total() <= 4, f"of 16 pages: {said}"


def test_what_happened_to_all_is_said(tmp_path: Path) -> None:
    shop = Quiet(moved={"invite_rate": 0.45, "slower": 2.0})
    overview, response = _pages(shop, tmp_path, 1, "overview", "response")
    invited = next(kpi for kpi in overview.kpis if kpi.metric == "invite_rate")
    assert invited.change is not None
    assert (invited.change.verdict, invited.change.certain, invited.change.note) == ("down", True, "变化可信")
    assert overview.answer("summary_sentences")[0].metric == "invite_rate"  # type: ignore[index]
    median = next(kpi for kpi in response.kpis if kpi.metric == "first_response_median")
    assert median.change is not None
    assert (median.change.verdict, median.change.certain) == ("up", True)


def test_what_happened_to_one_is_said_of_him_alone(tmp_path: Path) -> None:
    shop = Quiet(a_day=120, moved={"satisfaction_rate": 0.72}, first_alone=True)
    (page,) = _pages(shop, tmp_path, 2, "agents")
    fair = page.answer("fair_comparison")[0]  # type: ignore[index]
    assert [one.agent for one in fair.agents if one.verdict == "below"] == ["客服1"]
    cards = page.answer("agent_cards")
    moved = {(one.agent, row.metric) for one in cards for row in one.measures if row.verdict in SURE}  # type: ignore[attr-defined]
    assert ("客服1", "satisfaction_rate") in moved
    assert {agent for agent, _metric in moved} == {"客服1"}
