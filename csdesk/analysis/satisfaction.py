"""The satisfaction page."""

from __future__ import annotations

from csdesk.analysis.frame import Engine, Grain, PageRequest, PageResult, Run

TITLE = "满意度"
LAYOUT = ((("satisfaction.trend", 60), ("satisfaction.levels", 40)), (("satisfaction.agents", 100),),)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    return PageResult("satisfaction", TITLE, request.selection, request.compare, request.grain or Grain.DAY, "", (Run(""),), (), ())
