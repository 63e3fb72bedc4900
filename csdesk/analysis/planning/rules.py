"""By what staffing is reckoned: the owner's settings, each with its default, its limits and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from csdesk.analysis.planning.chats import Length, Overlap
from csdesk.errors import UserFault
from csdesk.settings.options import (
    SMALL_SAMPLE,
    STAFF_BUSY,
    STAFF_CHATS,
    STAFF_HANDLE,
    STAFF_LEVEL,
    STAFF_OCCUPANCY,
    STAFF_SHRINKAGE,
    STAFF_WEEKS,
    STAFF_WITHIN,
    Option,
)
from csdesk.settings.store import Settings
from csdesk.stats.staffing import Goal

USUAL_CHATS = 3.0
"""Chats an agent serves at a time where nothing says how many."""
_DEFAULT, _OWN, _MEASURED = "本软件默认，可改", "您设的", "按数据实测"


@dataclass(frozen=True, slots=True)
class Rule:
    """One setting in force: ``key`` in the settings, Chinese ``name``, ``value`` and ``source``."""

    key: str
    name: str
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class StaffingRules:
    """Seconds, shares and counts; ``handle_seconds`` and ``chats_at_a_time`` 0 = as measured.

    ``small_sample``: chats below which an hour is not judged. ``own`` names the fields the owner has set,
    ``measured`` those that were measured.
    """

    within_seconds: float = STAFF_WITHIN.default
    level: float = STAFF_LEVEL.default
    occupancy: float = STAFF_OCCUPANCY.default
    shrinkage: float = STAFF_SHRINKAGE.default
    chats_at_a_time: float = STAFF_CHATS.default
    handle_seconds: float = STAFF_HANDLE.default
    weeks: float = STAFF_WEEKS.default
    busy_share: float = STAFF_BUSY.default
    small_sample: int = SMALL_SAMPLE.default
    own: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()

    @property
    def goal(self) -> Goal:
        """What the people are to achieve."""
        return Goal(self.within_seconds, self.level, self.occupancy, self.shrinkage)

    def in_force(self, length: Length, overlap: Overlap | None) -> StaffingRules:
        """With what was measured in place of what is not set.

        How many chats an agent can have open: as many as agents do have nine tenths of the time, in the same unit as
        the length of chats; :data:`USUAL_CHATS` where it cannot be seen.
        """
        if self.chats_at_a_time:
            return replace(self, handle_seconds=length.mean, measured=frozenset({"handle_seconds"} - self.own))
        seen = overlap is not None and length.how == "handle"
        chats = max(1.0, overlap.p90) if overlap is not None and seen else USUAL_CHATS
        measured = frozenset({"handle_seconds"} - self.own) | (frozenset({"chats_at_a_time"}) if seen else frozenset())
        return replace(self, chats_at_a_time=chats, handle_seconds=length.mean, measured=measured)

    def told(self) -> tuple[Rule, ...]:
        """Every setting with its source."""
        return tuple(
            Rule(
                option.key, name, float(getattr(self, field)),
                _OWN if field in self.own else _MEASURED if field in self.measured else _DEFAULT,
            )
            for field, (option, name, _low, _high) in _DECLARED.items()
        )  # fmt: skip


_DECLARED: dict[str, tuple[Option[float], str, float, float]] = {
    "within_seconds": (STAFF_WITHIN, "多少秒内回复", 1, 3600),
    "level": (STAFF_LEVEL, "按时回复的比例", 0.01, 0.999),
    "occupancy": (STAFF_OCCUPANCY, "最高忙碌程度", 0.05, 1),
    "shrinkage": (STAFF_SHRINKAGE, "休息、吃饭、培训占班次", 0, 0.9),
    "chats_at_a_time": (STAFF_CHATS, "每人同时接待", 1, 50),
    "handle_seconds": (STAFF_HANDLE, "一个会话多少秒", 0, 86400),
    "weeks": (STAFF_WEEKS, "看最近几周", 2, 26),
    "busy_share": (STAFF_BUSY, "够用的日子占比", 0.5, 0.99),
}
"""By field: the option, its Chinese name, the least and the most it may be."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting as it may be changed: ``value`` in force (0 = as measured), ``default``, and from where to where."""

    name: str
    title: str
    value: float
    default: float
    own: bool
    low: float
    high: float


def choices(settings: Settings) -> tuple[Choice, ...]:
    """Every setting."""
    rules = rules_of(settings)
    return tuple(
        Choice(field, title, float(getattr(rules, field)), option.default, field in rules.own, low, high)
        for field, (option, title, low, high) in _DECLARED.items()
    )


def choose(settings: Settings, name: str, value: float | None) -> Choice:
    """Set one of them, None = back to the default. Raises UserFault for a name or a value there is none of."""
    if name not in _DECLARED:
        raise UserFault(f"没有叫 {name} 的排班设置。", f"有这些：{'、'.join(_DECLARED)}。")
    option, title, low, high = _DECLARED[name]
    chosen = option.default if value is None else value
    if chosen != option.default and not low <= chosen <= high:
        raise UserFault(f"“{title}”不能是 {chosen:g}。", f"请写 {low:g} 到 {high:g} 之间的数。")
    settings.set(option, chosen)
    return next(one for one in choices(settings) if one.name == name)


def rules_of(settings: Settings) -> StaffingRules:
    """The rules in force; a value out of its limits counts as not set."""
    rules, own = StaffingRules(small_sample=settings.get(SMALL_SAMPLE)), set()
    for field, (option, _name, low, high) in _DECLARED.items():
        value = settings.get(option)
        if value != option.default and low <= value <= high:
            rules = _with(rules, field, float(value))
            own.add(field)
    return replace(rules, own=frozenset(own))


def _with(rules: StaffingRules, field: str, value: float) -> StaffingRules:
    changes: dict[str, Any] = {field: value}
    return replace(rules, **changes)
