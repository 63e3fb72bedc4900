"""Entries as JSON objects: the words of the command line ↔ a filled form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.entry.book import items_of
from csdesk.ingest.entry.forms import ITEM, EntryForm
from csdesk.store.hand_rows import HandRow

_KEY, _DELETE, _PLATFORM, _AT, _ITEMS = "id", "delete", "platform", "at", "items"
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one object asks for: a new entry, the correction of ``key`` in the fields it names, or its deletion."""

    filled: dict[str, str] = field(default_factory=dict)
    platform: Platform | None = None
    key: str = ""
    delete: bool = False


def spoken(form: EntryForm, said: object) -> Spoken:
    """Read one object. Fields may be called by id or Chinese title; ``at`` is day and time in one.

    Raises UserFault for what is no object, an unknown field or a value that is no text or number.
    """
    if not isinstance(said, Mapping):
        raise UserFault("每一条要是一个 JSON 对象。")
    names = {one.title: one.id for one in form.fields} | {one.id: one.id for one in form.fields}
    filled: dict[str, str] = {}
    special: dict[str, object] = {}
    for name, value in said.items():
        if name in names:
            filled[names[name]] = _text(name, value)
        elif name in (_KEY, _DELETE, _PLATFORM, _AT, _ITEMS):
            special[name] = value
        else:
            raise UserFault(f"不认识的字段“{name}”。", f"可以用：{'、'.join(names)}。")
    filled |= _points(special.get(_ITEMS), names)
    if _AT in special:
        filled["day"], _, clock = _text(_AT, special[_AT]).replace("T", " ").strip().partition(" ")
        if "clock" in names.values():
            filled["clock"] = clock
    if not special.get(_KEY):
        filled.setdefault("day", "今天")
    return Spoken(filled, _platform(special.get(_PLATFORM)), str(special.get(_KEY) or ""), bool(special.get(_DELETE)))


def entry_json(form: EntryForm, row: HandRow) -> dict[str, object]:
    """An entry as JSON; the buyer's masked form only."""
    moment = row.values.get(form.at)
    found: dict[str, object] = {
        "id": row.key,
        "platform": row.platform,
        "shop": row.shop_shown,
        "agent": row.agent or None,
        "at": (_EPOCH + timedelta(seconds=moment)).isoformat(" ", "seconds") if moment is not None else None,
    }
    for name, value in row.values.items():
        if name not in (form.key, form.at, "buyer_key", "items"):
            found[name] = value
    if "items" in row.values:
        found["items"] = {name: points for name, points, _ in items_of(row)}
    return found


def _points(items: object, names: Mapping[str, str]) -> dict[str, str]:
    if items is None:
        return {}
    if not isinstance(items, Mapping):
        raise UserFault("“items”要写成项目名对得分的 JSON 对象。")
    unknown = [name for name in items if ITEM + str(name) not in names]
    if unknown:
        known = "、".join(name.removeprefix(ITEM) for name in names if name.startswith(ITEM))
        raise UserFault(f"没有叫“{unknown[0]}”的抽检项目。", f"现有：{known}。")
    return {ITEM + name: _text(name, value) for name, value in items.items()}


def _platform(value: object) -> Platform | None:
    if value is None:
        return None
    try:
        return Platform(str(value))
    except ValueError:
        raise UserFault(f"不认识的平台“{value}”。", f"可以用：{'、'.join(Platform)}。") from None


def _text(name: object, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str | int | float):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    raise UserFault(f"“{name}”要是文字或数字。")
