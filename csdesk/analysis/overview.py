"""The overview page."""

from __future__ import annotations

from csdesk.analysis.frame import Engine, Grain, PageRequest, PageResult, Run

TITLE = "总览"
LAYOUT = ((("overview.received", 1), ("overview.rates", 1)), (("overview.agents", 1), ("overview.categories", 1)),)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    return PageResult("overview", TITLE, request.selection, request.compare, request.grain or Grain.DAY, "", (Run(""),), (), ())
