"""The things a sampled conversation gets points for (抽检), with their full points, and the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from csdesk.errors import UserFault

_JOINT = "="
MOST_ITEMS = 12
_LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to judge. ``full`` points are its weight in the total."""

    name: str
    full: float


DEFAULT_ITEMS = (
    CheckItem("响应及时", 20),
    CheckItem("服务态度", 20),
    CheckItem("问题解决", 30),
    CheckItem("话术规范", 15),
    CheckItem("记录完整", 15),
)


def items_from(texts: Iterable[str]) -> tuple[CheckItem, ...]:
    """Items as the settings keep them (``响应及时=20``); what cannot be read is left out, none at all: the defaults."""
    found = []
    for text in texts:
        name, _, points = text.rpartition(_JOINT)
        try:
            full = float(points)
        except ValueError:
            continue
        if name.strip() and 0 < full <= 100:
            found.append(CheckItem(name.strip(), full))
    return tuple(found) or DEFAULT_ITEMS


def texts_of(items: Sequence[CheckItem]) -> list[str]:
    """Items in the form the settings keep. Raises UserFault for a list that cannot be used."""
    names = [item.name.strip() for item in items]
    if not items or len(items) > MOST_ITEMS:
        raise UserFault(f"抽检项目要有 1 到 {MOST_ITEMS} 项。")
    if not all(names) or max(map(len, names)) > _LONGEST_NAME:
        raise UserFault(f"每一项都要有名字，不超过 {_LONGEST_NAME} 个字。")
    if len(set(names)) < len(names):
        raise UserFault("有两项的名字一样，请改成不同的。")
    if not all(0 < item.full <= 100 for item in items):
        raise UserFault("每项的满分要在 0 到 100 之间。")
    return [f"{name}{_JOINT}{item.full:g}" for name, item in zip(names, items, strict=True)]


def total_of(points: Mapping[str, float], items: Sequence[CheckItem]) -> float | None:
    """Points over full points of the judged items, times 100, to two decimals; None if nothing was judged.

    Items that do not apply (no points given) count neither above nor below the line.
    """
    judged = [item for item in items if item.name in points]
    full = sum(item.full for item in judged)
    if not full:
        return None
    return round(sum(points[item.name] for item in judged) / full * 100, 2)
