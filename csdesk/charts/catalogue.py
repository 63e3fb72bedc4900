"""Every chart by id: which page it lives on, and how to get it without the window."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.analysis.frame import Engine, PageRequest
from csdesk.analysis.pages import PAGES
from csdesk.charts.spec import ChartSpec
from csdesk.errors import UserFault


@dataclass(frozen=True, slots=True)
class ChartInfo:
    """A chart of the catalogue."""

    id: str
    title: str
    page: str
    page_title: str


_TITLES = {
    "overview.received": "接待走势",
    "overview.rates": "满意率与转化率走势",
    "overview.agents": "各客服的接待",
    "overview.levels": "评价分布",
    "invites.funnel": "从接待到满意",
    "invites.trend": "邀评率、评价率、满意率走势",
    "invites.agents": "各客服的评价率",
    "invites.levels": "评价分布",
    "invites.groups": "邀请与自主",
    "satisfaction.trend": "满意率走势",
    "satisfaction.levels": "评价分布",
    "satisfaction.agents": "各客服的满意率",
    "response.trend": "响应时长走势",
    "response.buckets": "首次响应落在哪个区间",
    "response.heat": "什么时候等得久",
    "response.staffing": "每个小时要几个人",
    "response.agents": "各客服的首次响应",
    "questions.share": "问题类别占比",
    "questions.trend": "主要类别走势",
    "questions.resolution": "各类别的解决率",
    "agents.invites": "各客服的邀评率",
    "agents.satisfaction": "各客服的满意率",
    "agents.response": "各客服的首次响应",
    "agents.conversion": "各客服的询单转化率",
    "reviews.trend": "差评率、中评率走势",
    "reviews.good": "好评率走势",
    "reviews.levels": "好评、中评、差评",
    "reviews.products": "差评多的商品",
    "reviews.delay": "多久写评价",
    "customers.trend": "订单走势",
    "customers.spending": "订单金额分布",
    "customers.forecast": "接下来四周的咨询量",
    "customers.cohorts": "首单之后每个月还有多少人来买",
    "customers.regions": "各省的订单",
}

CHARTS: dict[str, ChartInfo] = {
    chart: ChartInfo(chart, _TITLES[chart], page.id, page.title) for page in PAGES.values() for chart in page.charts
}
"""The charts in the order of the pages. The drawn title may name what the data could feed."""


def chart(engine: Engine, chart_id: str, request: PageRequest) -> ChartSpec:
    """One chart for ``request``; UserFault for an id that is not in the catalogue."""
    return PAGES[page_of(chart_id)].compute(engine, request).chart(chart_id)


def page_of(chart_id: str) -> str:
    """The page a chart lives on; UserFault for an id that is not in the catalogue."""
    if chart_id not in CHARTS:
        raise UserFault(f"没有叫“{chart_id}”的图。", "用 csdesk-cli charts 看全部图的名字。")
    return CHARTS[chart_id].page


def charts_json() -> dict[str, object]:
    """The answer of ``csdesk-cli charts --json``."""
    return {
        "charts": [
            {"id": info.id, "title": info.title, "page": info.page, "page_title": info.page_title}
            for info in CHARTS.values()
        ]
    }
