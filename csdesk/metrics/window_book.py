"""How long things may take and still count: every such setting with its default, and the owner's word on it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.metrics import standards
from csdesk.metrics.rows.windows import LONGEST_RETURN, USUAL_EDGES, Windows, windows_of
from csdesk.settings.options import (
    ANSWER_WITHIN,
    CHECK_PASS,
    REPLY_HOURS,
    RESPONSE_EDGES,
    RETENTION_DAYS,
    RETURN_DAYS,
    RETURN_HOURS,
    TICKET_HOURS,
    Option,
)
from csdesk.settings.store import Settings

WITHIN = "answer_within"
EDGES = "response_edges"
_MOST_EDGES = 12


@dataclass(frozen=True, slots=True)
class _Figure:
    """A setting that is one number from ``least`` to ``most``."""

    option: Option[Any]
    title: str
    unit: str
    least: float = 1.0
    most: float = 100_000.0


_FIGURES = {
    "return_hours": _Figure(RETURN_HOURS, "买家多少小时内没有再来才算一次解决", "小时", 1, LONGEST_RETURN),
    "ticket_hours": _Figure(TICKET_HOURS, "工单多少小时内解决算及时", "小时"),
    "reply_hours": _Figure(REPLY_HOURS, "差评多少小时内回复算及时", "小时"),
    "return_days": _Figure(RETURN_DAYS, "邀评后的买家多少天内再下单算回访", "天"),
    "retention_days": _Figure(RETENTION_DAYS, "新买家多少天内再下单算留住", "天"),
    "check_pass": _Figure(CHECK_PASS, "抽检多少分起算答得准确", "分", 1, 100),
}
NAMES = (WITHIN, EDGES, *_FIGURES)


@dataclass(frozen=True, slots=True)
class Setting:
    """One of them. ``value`` and ``default`` are written out, ``own``: the owner set it, ``source`` of the default."""

    name: str
    title: str
    value: str
    default: str
    unit: str
    own: bool
    platform: Platform | None = None
    source: str = "本软件默认，可改"


class WindowBook:
    """What holds, and the owner's word on it (kept in the settings)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def in_force(self) -> Windows:
        """What rows are counted by now."""
        return windows_of(self._settings)

    def listed(self) -> Sequence[Setting]:
        """Every setting with its value and default."""
        now, usual = self.in_force(), Windows()
        own = {platform for platform, _ in now.answer_within}
        within = [
            Setting(
                WITHIN, "首次响应多少秒内算达到服务水平", f"{now.answer_limit(platform):g}",
                f"{usual.answer_limit(platform):g}", "秒", platform in own, platform,
                standards.answer_source(platform),
            )
            for platform in Platform
        ]  # fmt: skip
        edges = Setting(
            EDGES, "响应区间的边界", _joined(now.edges), _joined(USUAL_EDGES), "秒", now.edges != USUAL_EDGES
        )
        figures = [self._figure(name, figure) for name, figure in _FIGURES.items()]
        return (*within, edges, *figures)

    def set(self, name: str, text: str, platform: Platform | None = None) -> None:
        """Set one; raises UserFault for a name there is none of and a figure it cannot have."""
        self._check(name, platform)
        if name == WITHIN:
            seconds = f"{_number(text, 1, 86_400):g}"
            chosen = (platform,) if platform else tuple(Platform)
            self._settings.set(ANSWER_WITHIN, {**self._within(), **{str(one): seconds for one in chosen}})
        elif name == EDGES:
            edges = [_number(one, 1, 86_400) for one in text.replace("，", ",").split(",")]
            if len(edges) > _MOST_EDGES or any(a >= b for a, b in itertools.pairwise(edges)):
                raise UserFault(f"看不懂边界“{text}”。", "写成从小到大的秒数，用逗号隔开，如 60,180,300,600。")
            self._settings.set(RESPONSE_EDGES, [f"{edge:g}" for edge in edges])
        else:
            self._put(_FIGURES[name], _number(text, _FIGURES[name].least, _FIGURES[name].most))

    def reset(self, name: str, platform: Platform | None = None) -> None:
        """Let the default hold again."""
        self._check(name, platform)
        if name == WITHIN:
            gone = {str(platform)} if platform else set(Platform)
            self._settings.set(ANSWER_WITHIN, {one: text for one, text in self._within().items() if one not in gone})
        elif name == EDGES:
            self._settings.set(RESPONSE_EDGES, [])
        else:
            self._put(_FIGURES[name], _FIGURES[name].option.default)

    def _within(self) -> dict[str, str]:
        return dict(self._settings.get(ANSWER_WITHIN))

    def _figure(self, name: str, figure: _Figure) -> Setting:
        value, default = self._settings.get(figure.option), figure.option.default
        return Setting(name, figure.title, f"{value:g}", f"{default:g}", figure.unit, value != default)

    def _put(self, figure: _Figure, number: float) -> None:
        whole = isinstance(figure.option.default, int)
        if whole and number != int(number):
            raise UserFault(f"“{number:g}”不是整数。", f"请写整数的{figure.unit}数。")
        self._settings.set(figure.option, int(number) if whole else float(number))

    @staticmethod
    def _check(name: str, platform: Platform | None) -> None:
        if name not in NAMES:
            raise UserFault(f"没有叫 {name} 的设置。", f"有这些：{'、'.join(NAMES)}。")
        if platform is not None and name != WITHIN:
            raise UserFault(f"{name} 不分平台。", "去掉 --platform 再试。")


def _number(text: str, least: float, most: float) -> float:
    try:
        number = float(text.strip())
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise UserFault(f"看不懂“{text}”。", f"请写 {least:g} 到 {most:g} 之间的数。")
    return number


def _joined(edges: Sequence[float]) -> str:
    return ",".join(f"{edge:g}" for edge in edges)
