"""The analysis pages: id, title, how to compute them, which charts they hold and where they sit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from csdesk.analysis import agents, customers, invites, overview, questions, response, reviews, satisfaction
from csdesk.analysis.frame import Engine, PageRequest, PageResult

Compute = Callable[[Engine, PageRequest], PageResult]


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One analysis page.

    ``layout`` places the charts: rows of (chart id, share of the row's width).
    """

    id: str
    title: str
    compute: Compute
    layout: tuple[tuple[tuple[str, int], ...], ...]

    @property
    def charts(self) -> tuple[str, ...]:
        """Chart ids in reading order."""
        return tuple(chart for row in self.layout for chart, _ in row)


PAGES: dict[str, PageInfo] = {
    info.id: info
    for info in (
        PageInfo("overview", overview.TITLE, overview.compute, overview.LAYOUT),
        PageInfo("invites", invites.TITLE, invites.compute, invites.LAYOUT),
        PageInfo("satisfaction", satisfaction.TITLE, satisfaction.compute, satisfaction.LAYOUT),
        PageInfo("response", response.TITLE, response.compute, response.LAYOUT),
        PageInfo("questions", questions.TITLE, questions.compute, questions.LAYOUT),
        PageInfo("agents", agents.TITLE, agents.compute, agents.LAYOUT),
        PageInfo("reviews", reviews.TITLE, reviews.compute, reviews.LAYOUT),
        PageInfo("customers", customers.TITLE, customers.compute, customers.LAYOUT),
    )
}


def compute_page(page: str, engine: Engine, request: PageRequest) -> PageResult:
    """The page with this id; KeyError for an unknown one."""
    return PAGES[page].compute(engine, request)
