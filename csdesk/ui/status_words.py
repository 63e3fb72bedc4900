"""The status line's sentence: what is looked at, and how far the data goes. No Qt."""

from __future__ import annotations

from csdesk.charts.format import period_text
from csdesk.ui.filter_model import FilterModel
from csdesk.ui.selection import agent_words, anchor_note, group_words, period_of, shop_words


def data_sentence(model: FilterModel) -> str:
    """For pages without the filter: ``数据从 2026-09-01 到 2026-11-21 · 2 家店 · 12 位客服。``"""
    facts = model.facts
    if facts.empty:
        return status_sentence(model)
    return f"数据从 {facts.first_day} 到 {facts.last_day} · {len(facts.shops)} 家店 · {len(facts.agents)} 位客服。"


def status_sentence(model: FilterModel) -> str:
    """``正在看 近 30 天(2026-10-23 至 2026-11-21)· 云间小铺 · 全部客服。``"""
    facts, selection = model.facts, model.selection
    if facts.empty or facts.first_day is None or facts.last_day is None:
        return "还没有数据。把赤兔、生意参谋、飞鸽导出的表格拖进来就行。"
    today = model.today()
    period = period_of(selection, facts, today)
    span = period_text(period.first, period.last) if period else "全部日期"
    platform = selection.platform.label if selection.platform else ""
    shop = shop_words(selection, facts) or (
        "全部店铺" if len(facts.shops) > 1 else facts.shops[0].name if facts.shops else ""
    )
    agent = agent_words(selection, facts) or "全部客服"
    group = f"客服组 {group_words(selection)}" if selection.groups else ""
    parts = (f"正在看 {selection.preset.label}（{span}）", platform, shop, group, agent)
    words = " · ".join(part for part in parts if part)
    note = anchor_note(selection, facts, today)
    return f"{words}。{note}。" if note else f"{words}。"
