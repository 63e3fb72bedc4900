"""The questions page."""

from __future__ import annotations

from csdesk.analysis.frame import Engine, Grain, PageRequest, PageResult, Run

TITLE = "常见问题"
LAYOUT = ((("questions.share", 45), ("questions.trend", 55)), (("questions.resolution", 100),),)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    return PageResult("questions", TITLE, request.selection, request.compare, request.grain or Grain.DAY, "", (Run(""),), (), ())
