"""The invites page."""

from __future__ import annotations

from csdesk.analysis.frame import Engine, Grain, PageRequest, PageResult, Run

TITLE = "邀评"
LAYOUT = ((("invites.funnel", 35), ("invites.trend", 65)), (("invites.agents", 45), ("invites.levels", 28), ("invites.groups", 27)),)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    return PageResult("invites", TITLE, request.selection, request.compare, request.grain or Grain.DAY, "", (Run(""),), (), ())
