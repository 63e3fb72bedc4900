"""The analysis pages: id, title, which charts they hold and where they sit.

Data only: the module of a page, of the page's name, is read when the page is first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from csdesk.analysis.frame import Engine, PageRequest, PageResult


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One analysis page.

    ``layout`` places the charts: rows of (chart id, share of the row's width).
    """

    id: str
    title: str
    layout: tuple[tuple[tuple[str, int], ...], ...]

    @property
    def charts(self) -> tuple[str, ...]:
        """Chart ids in reading order."""
        return tuple(chart for row in self.layout for chart, _ in row)

    def compute(self, engine: Engine, request: PageRequest) -> PageResult:
        """The page for a request."""
        result: PageResult = import_module(f"csdesk.analysis.{self.id}").compute(engine, request)
        return result


PAGES: dict[str, PageInfo] = {
    info.id: info
    for info in (
        PageInfo(
            "overview",
            "总览",
            (
                (("overview.received", 50), ("overview.rates", 50)),
                (("overview.agents", 60), ("overview.levels", 40)),
            ),
        ),
        PageInfo(
            "invites",
            "邀评",
            (
                (("invites.funnel", 35), ("invites.trend", 65)),
                (("invites.agents", 45), ("invites.levels", 28), ("invites.groups", 27)),
            ),
        ),
        PageInfo(
            "satisfaction",
            "满意度",
            (
                (("satisfaction.trend", 62), ("satisfaction.levels", 38)),
                (("satisfaction.agents", 100),),
            ),
        ),
        PageInfo(
            "response",
            "响应时间",
            (
                (("response.trend", 60), ("response.buckets", 40)),
                (("response.heat", 100),),
                (("response.staffing", 100),),
                (("response.agents", 100),),
            ),
        ),
        PageInfo(
            "questions",
            "常见问题",
            (
                (("questions.share", 45), ("questions.trend", 55)),
                (("questions.resolution", 100),),
            ),
        ),
        PageInfo(
            "agents",
            "客服绩效",
            (
                (("agents.invites", 50), ("agents.satisfaction", 50)),
                (("agents.response", 50), ("agents.conversion", 50)),
            ),
        ),
        PageInfo(
            "reviews",
            "评价口碑",
            (
                (("reviews.trend", 50), ("reviews.good", 50)),
                (("reviews.levels", 30), ("reviews.products", 40), ("reviews.delay", 30)),
            ),
        ),
        PageInfo(
            "customers",
            "客户与订单",
            (
                (("customers.trend", 62), ("customers.spending", 38)),
                (("customers.forecast", 100),),
                (("customers.cohorts", 62), ("customers.regions", 38)),
            ),
        ),
    )
}


def compute_page(page: str, engine: Engine, request: PageRequest) -> PageResult:
    """The page with this id; KeyError for an unknown one."""
    return PAGES[page].compute(engine, request)
