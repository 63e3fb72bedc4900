"""Chart ids lead to pages and give charts without the window."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.analysis.frame import PageRequest
from csdesk.analysis.pages import PAGES
from csdesk.charts.catalogue import CHARTS, chart
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.errors import UserFault
from tests.fake_engine import Cell, FakeEngine


def test_every_chart_of_every_page_is_listed_once() -> None:
    ids = [chart_id for page in PAGES.values() for chart_id in page.charts]
    assert list(CHARTS) == ids
    assert len(set(ids)) == len(ids)
    assert CHARTS["invites.funnel"].page == "invites"
    assert CHARTS["invites.funnel"].title == "从接待到满意"


def test_a_chart_by_id() -> None:
    day = date(2026, 11, 2)
    engine = FakeEngine([Cell(day, counts={"received": 100, "invites": 60})])
    spec = chart(engine, "invites.funnel", PageRequest(Filter(Period.of_day(day))))
    assert spec.id == "invites.funnel"
    assert spec.series[0].points[1].y == 60


def test_unknown_id_says_where_to_look() -> None:
    with pytest.raises(UserFault, match="csdesk-cli charts"):
        chart(FakeEngine([]), "invites.nothing", PageRequest())
