"""The staffing in sentences, each with the counts it rests on."""

from __future__ import annotations

from typing import Protocol

from csdesk.analysis.planning.chats import Length, Overlap
from csdesk.analysis.planning.rules import StaffingRules
from csdesk.charts.format import count, duration, percent

_WEEKDAYS = "一二三四五六日"
_LENGTHS = {
    "handle": "{n} 个会话从开始到结束的平均",
    "answering": "没有结束时间，用 {n} 个会话的平均回复时长乘以买家消息数估的",
    "setting": "您在设置里填的",
}


class Hour(Protocol):
    """An hour of the week as it is told."""

    @property
    def weekday(self) -> int: ...
    @property
    def hour(self) -> int: ...
    @property
    def days(self) -> int: ...
    @property
    def mean(self) -> float: ...
    @property
    def busy(self) -> float: ...
    @property
    def agents(self) -> int: ...
    @property
    def rostered(self) -> int: ...
    @property
    def present(self) -> float: ...
    @property
    def in_time(self) -> float | None: ...
    @property
    def answered(self) -> int: ...


def busiest_words(row: Hour, length: Length, rules: StaffingRules) -> str:
    """The busiest hour, what it takes, and by what that is reckoned."""
    how = _LENGTHS[length.how].format(n=count(length.n))
    goal = f"{duration(rules.within_seconds)}内回复 {percent(rules.level, 0)}"
    return (
        f"{hour_words(row)} 最忙：平均 {row.mean:.1f} 个会话（{row.days} 天），忙的日子 {row.busy:.1f} 个。"
        f"按 {goal}、每人同时接待 {rules.chats_at_a_time:g} 个、一个会话 {duration(length.mean)}（{how}）算，"
        f"忙的日子要 {row.agents} 人在岗，算上休息排 {row.rostered} 人；实际平均 {row.present:.1f} 人在岗。"
    )


def short_words(worst: Hour | None, hours: int, judged: int, rules: StaffingRules) -> str:
    """How many hours lack somebody, and the worst of them; ``judged`` hours have enough chats to say."""
    if worst is None:
        if not judged:
            return "每个小时的会话都太少，看不出哪个小时缺人。"
        return f"会话够多、能判断的 {judged} 个小时里，看不出哪个小时缺 1 人以上。"
    measured = (
        f"，{duration(rules.within_seconds)}内回复的占 {percent(worst.in_time)}（n={count(worst.answered)}）"
        if worst.in_time is not None
        else ""
    )
    return (
        f"会话够多、能判断的 {judged} 个小时里，{hours} 个小时平均在岗的人比忙的日子需要的少 1 人以上；"
        f"差得最多的是{hour_words(worst)}：要 {worst.agents} 人，平均在岗 {worst.present:.1f} 人{measured}。"
    )


def doubted_words(foreseen: float, measured: float, n: int, rules: StaffingRules) -> str:
    """What was measured is worse than reckoned: nobody should be sent home for it."""
    return (
        f"算下来人手够的小时里，应该有 {_share(foreseen)}在 {duration(rules.within_seconds)}内回复，"
        f"实测只有 {percent(measured)}（n={count(n)}）。先信实测，不要据此减人；"
        f"每人同时接待 {rules.chats_at_a_time:g} 个也许高了，可以在设置里改小再看。"
    )


def overlap_words(overlap: Overlap | None, rules: StaffingRules) -> str:
    """How many chats an agent has open at a time, beside the number reckoned with."""
    if overlap is None:
        said = f"会话明细里看不出每人同时接待几个，按 {rules.chats_at_a_time:g} 个算，可在设置里改。"
    else:
        used = "这里照此算" if "chats_at_a_time" in rules.measured else f"这里按每人 {rules.chats_at_a_time:g} 个算"
        said = (
            f"{overlap.agents} 位客服手上有会话时平均同时接待 {overlap.mean:.1f} 个，"
            f"九成时间不超过 {overlap.p90:g} 个，{used}，可在设置里改。"
        )
    return f"{said}在岗只数当小时有会话开始或结束的客服，闲着的人看不出来。"


def hour_words(row: Hour) -> str:
    """``周六 20:00–21:00``."""
    return f"周{_WEEKDAYS[row.weekday - 1]} {row.hour}:00–{row.hour + 1}:00"


def _share(share: float) -> str:
    """``98.2% ``; what rounds to everything is not called everything."""
    return "99.9% 以上" if share > 0.999 else f"{percent(share)} "
