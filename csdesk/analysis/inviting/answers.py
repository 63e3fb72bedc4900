"""All further answers of the 邀评 page."""

from __future__ import annotations

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Engine
from csdesk.analysis.funnel import funnel_steps
from csdesk.analysis.inviting import cells
from csdesk.analysis.inviting.agents import by_agent
from csdesk.analysis.inviting.losses import invited_and_self, losses
from csdesk.analysis.inviting.selective import selective_invites
from csdesk.analysis.inviting.times import best_time, timings_of
from csdesk.analysis.reviews import order_timing

_NOT_TOLD = "会话明细里没有“是否邀评”，分不开邀请过和没邀请的。"
WHY_EMPTY = {
    "trend": "没有分天、分周或分月的邀评数据。",
    "by_agent": "没有分客服的数据。导出每位客服一行的报表，拖进来就有。",
    "by_hour": _NOT_TOLD,
    "by_category": _NOT_TOLD,
    "by_product": "会话明细里没有订单编号，或没有对得上的订单，看不出问的是哪个商品。",
    "review_timing": "没有逐条的邀评记录，也没有签收或付款的订单，看不出评价隔多久来。",
}
"""Why a list of the page may be empty, by its id."""


def invite_answers(engine: Engine, facts: Facts) -> tuple[Answer, ...]:
    """Losses, agents, hours, categories, products, 邀请 against 自主, timing, the best time, and who is asked."""
    selection = facts.request.selection
    sessions, invitations = engine.table("session", selection), engine.table("invitation", selection)
    hours = cells.by_hour(sessions)
    timings = timings_of(invitations, order_timing(engine, selection))
    return (
        Answer("funnel_losses", losses(funnel_steps(facts))),
        Answer("by_agent", by_agent(facts)),
        Answer("by_hour", hours),
        Answer("by_category", cells.by_category(sessions)),
        Answer("by_product", cells.by_product(engine, sessions, selection)),
        Answer("invited_self", invited_and_self(facts.total)),
        Answer("review_timing", timings),
        Answer("best_time_to_ask", best_time(hours, invitations, timings)),
        Answer("selective_invites", selective_invites(sessions)),
    )
