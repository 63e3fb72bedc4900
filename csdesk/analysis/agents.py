"""The agents page."""

from __future__ import annotations

from csdesk.analysis.frame import Engine, Grain, PageRequest, PageResult, Run

TITLE = "客服绩效"
LAYOUT = ((("agents.invites", 1), ("agents.satisfaction", 1)), (("agents.response", 1), ("agents.conversion", 1)),)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    return PageResult("agents", TITLE, request.selection, request.compare, request.grain or Grain.DAY, "", (Run(""),), (), ())
