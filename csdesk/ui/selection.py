"""What the filter bar says, as plain values: presets, their dates, the words on its buttons. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from csdesk.analysis.frame import Compare, FilterWords, Grain, PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.holdings import DataFacts
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform


class Preset(StrEnum):
    """A named period; the words kept in the settings."""

    YESTERDAY = "yesterday"
    LAST_7 = "last7"
    LAST_30 = "last30"
    THIS_WEEK = "week"
    THIS_MONTH = "month"
    LAST_MONTH = "last-month"
    ALL = "all"
    CUSTOM = "custom"

    @property
    def label(self) -> str:
        """As it stands in the menu."""
        return _PRESET_LABELS[self]


_PRESET_LABELS = {
    Preset.YESTERDAY: "昨天",
    Preset.LAST_7: "近 7 天",
    Preset.LAST_30: "近 30 天",
    Preset.THIS_WEEK: "本周",
    Preset.THIS_MONTH: "本月",
    Preset.LAST_MONTH: "上月",
    Preset.ALL: "全部",
    Preset.CUSTOM: "自定义",
}

TEAM_SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class Selection:
    """What the owner chose. ``custom`` counts with :attr:`Preset.CUSTOM` only; empty tuples mean all."""

    preset: Preset = Preset.LAST_30
    custom: Period | None = None
    compare: Compare = Compare.PREVIOUS
    platform: Platform | None = None
    shops: tuple[int, ...] = ()
    agents: tuple[int, ...] = ()
    grain: Grain | None = None
    groups: tuple[str, ...] = ()


def anchor(facts: DataFacts, today: date) -> date:
    """The day presets count back from: the last day with data, but never later than today."""
    return min(today, facts.last_day) if facts.last_day else today


def period_of(selection: Selection, facts: DataFacts, today: date) -> Period | None:
    """The dates of the chosen period; None = everything there is, also before there is anything."""
    if facts.first_day is None and selection.preset is not Preset.CUSTOM:
        return None
    end = anchor(facts, today)
    if selection.preset is Preset.ALL:
        return Period(facts.first_day, facts.last_day) if facts.first_day and facts.last_day else None
    if selection.preset is Preset.CUSTOM and selection.custom is not None:
        return selection.custom
    return _counted_back(selection.preset, end, today)


def _counted_back(preset: Preset, end: date, today: date) -> Period:
    match preset:
        case Preset.YESTERDAY:
            period = Period.of_day(min(today - timedelta(days=1), end))
        case Preset.LAST_7:
            period = Period(end - timedelta(days=6), end)
        case Preset.THIS_WEEK:
            period = Period(end - timedelta(days=end.weekday()), end)
        case Preset.THIS_MONTH:
            period = Period(end.replace(day=1), end)
        case Preset.LAST_MONTH:
            last = end.replace(day=1) - timedelta(days=1)
            period = Period(last.replace(day=1), last)
        case _:
            period = Period(end - timedelta(days=29), end)
    return period


def anchor_note(selection: Selection, facts: DataFacts, today: date) -> str:
    """Says so when the presets count back from older data than today's; else empty."""
    if facts.last_day is None or selection.preset in {Preset.ALL, Preset.CUSTOM}:
        return ""
    if facts.last_day >= today - timedelta(days=1):
        return ""
    return f"数据到 {facts.last_day.isoformat()} 为止，从这一天往前数"


def short_period(period: Period | None, today: date) -> str:
    """``10-23 至 11-21``; with years where it is not this one."""
    if period is None:
        return ""
    if period.first.year == period.last.year == today.year:
        first, last = f"{period.first:%m-%d}", f"{period.last:%m-%d}"
    else:
        first, last = period.first.isoformat(), period.last.isoformat()
    return first if period.first == period.last else f"{first} 至 {last}"


def visible_shops(selection: Selection, facts: DataFacts) -> set[int]:
    """Shops that the platform and shop choice leave."""
    return {
        shop.id
        for shop in facts.shops
        if selection.platform in {None, shop.platform} and (not selection.shops or shop.id in selection.shops)
    }


def with_known_only(selection: Selection, facts: DataFacts) -> Selection:
    """Drop choices that no longer exist, or that the platform and shop choice exclude."""
    platform = selection.platform if selection.platform in facts.platforms else None
    kept = replace(selection, platform=platform)
    shops_there = {shop.id for shop in facts.shops if platform in {None, shop.platform}}
    kept = replace(kept, shops=tuple(shop for shop in selection.shops if shop in shops_there))
    visible = visible_shops(kept, facts)
    agents_there = {agent.id for agent in facts.agents if agent.shop_id in visible}
    groups = tuple(group for group in selection.groups if group in facts.groups)
    return replace(kept, agents=tuple(agent for agent in selection.agents if agent in agents_there), groups=groups)


def shop_words(selection: Selection, facts: DataFacts) -> str:
    """Name of the chosen shop, ``2 家店``, or "" for all."""
    names = [shop.name for shop in facts.shops if shop.id in selection.shops]
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{len(names)} 家店"


def agent_words(selection: Selection, facts: DataFacts) -> str:
    """Name of the chosen agent, ``小美、阿杰``, ``5 人``, or "" for all."""
    names = [agent.name for agent in facts.agents if agent.id in selection.agents]
    if not names:
        return ""
    return TEAM_SEPARATOR.join(names) if len(names) <= 2 else f"{len(names)} 人"


def group_words(selection: Selection) -> str:
    """Names of the chosen groups, ``3 个组``, or "" for all."""
    if len(selection.groups) <= 2:
        return TEAM_SEPARATOR.join(selection.groups)
    return f"{len(selection.groups)} 个组"


def request_of(selection: Selection, facts: DataFacts, today: date) -> PageRequest:
    """The question the analysis pages are asked."""
    period = period_of(selection, facts, today)
    words = FilterWords(
        period="" if selection.preset is Preset.CUSTOM else selection.preset.label,
        shop=shop_words(selection, facts),
        agent=agent_words(selection, facts),
    )
    return PageRequest(
        selection=Filter(period, selection.platform, selection.shops, selection.agents, selection.groups),
        compare=selection.compare,
        grain=selection.grain,
        words=words,
    )
