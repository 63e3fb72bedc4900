"""A filled form → an entry ready to be stored, or a sentence for each field that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from csdesk.domain.entries import PHONE
from csdesk.domain.identity import fold, parse_agent
from csdesk.domain.platforms import Platform
from csdesk.ingest.columns import epoch_seconds
from csdesk.ingest.entry import typed
from csdesk.ingest.entry.forms import ITEM, EntryField, EntryForm
from csdesk.ingest.entry.items import total_of
from csdesk.ingest.entry.typed import Unreadable
from csdesk.safety.buyers import BuyerKeys
from csdesk.safety.masking import mask_text

_MISSING = "这里要填。"
_LONGEST_NAME = 60
_SOURCE = "source"
PHONE_SOURCE = "电话回访"
_COLUMNS = {"session": "session_key"}


@dataclass(frozen=True, slots=True)
class EntryShop:
    """A shop an entry may be for: its ``name`` in files, and the ``label`` the owner chooses it by.

    The label tells it from shops of the same name on another platform.
    """

    platform: Platform
    name: str
    label: str
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a filled form came to: nothing is wrong where ``faults`` (field id → sentence, "" for the form) is empty.

    ``values`` are columns of the form's record kind.
    """

    shop: EntryShop | None = None
    agent: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


class Checker:
    """Checks forms against the shops there are and the clock."""

    def __init__(self, shops: Sequence[EntryShop], now: datetime, keys: BuyerKeys) -> None:
        self._shops = shops
        self._now = now
        self._keys = keys

    def check(self, form: EntryForm, filled: Mapping[str, str]) -> Checked:
        """Read every field; all faults are found at once."""
        faults: dict[str, str] = {}
        read: dict[str, Any] = {}
        for one in form.fields:
            text = _storable(filled.get(one.id, ""))
            if not text:
                if one.required:
                    faults[one.id] = _MISSING
                continue
            try:
                read[one.id] = self._read(one, text)
            except Unreadable as fault:
                faults[one.id] = str(fault)
        if form.one_of and not any(name in read or name in faults for name in form.one_of):
            faults[""] = form.nothing
        values = self._values(form, read, filled, faults)
        return Checked(read.get("shop"), read.get("agent", ""), values, faults)

    def _read(self, one: EntryField, text: str) -> Any:
        if one.kind == "points":
            return typed.read_points(text, one.full)
        readers: dict[str, Callable[[str], Any]] = {
            "shop": self._shop,
            "agent": _agent,
            "day": lambda text: typed.read_day(text, self._now.date()),
            "clock": typed.read_clock,
            "buyer": self._keys.of,
            "satisfaction": typed.read_satisfaction,
            "nps": typed.read_nps,
            "yes_no": typed.read_yes_no,
            "id": typed.read_id,
            "words": lambda text: mask_text(typed.read_words(text)),
            "line": lambda text: mask_text(typed.read_words(text)),
        }
        return readers[one.kind](text)

    def _shop(self, text: str) -> EntryShop:
        wanted = fold(text)
        labelled = [shop for shop in self._shops if fold(shop.label) == wanted]
        found = labelled or [shop for shop in self._shops if fold(shop.name) == wanted]
        if len(found) == 1:
            return found[0]
        labels = "、".join(shop.label for shop in (found or self._shops)[:8])
        raise Unreadable(f"几个平台都有这家店，请写清楚：{labels}。" if found else f"没有这家店。现有：{labels}。")

    def _values(
        self,
        form: EntryForm,
        read: Mapping[str, Any],
        filled: Mapping[str, str],
        faults: dict[str, str],
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        day: date | None = read.get("day")
        if day is not None and "clock" not in faults:
            clock = filled.get("clock", "") if any(one.id == "clock" for one in form.fields) else "00:00"
            try:
                values[form.at] = epoch_seconds(typed.moment_of(day, clock, self._now))
            except Unreadable as fault:
                faults["clock"] = str(fault)
        if "buyer" in read:
            values["buyer_key"], mask = read["buyer"]
            values["buyer_mask"] = mask or None
        for name in ("csat", "nps", "resolved", "comment", _SOURCE, "session", "remark", "inspector"):
            if name in read:
                values[_COLUMNS.get(name, name)] = read[name]
        if form.id == PHONE:
            values[_SOURCE] = PHONE_SOURCE
        points = {name.removeprefix(ITEM): value for name, value in read.items() if name.startswith(ITEM)}
        if points:
            items = form.items
            values["total"] = total_of(points, items)
            judged = [[item.name, points[item.name], item.full] for item in items if item.name in points]
            values["items"] = json.dumps(judged, ensure_ascii=False)
        return values


def _storable(text: str) -> str:
    """The text without what no store or file can hold: halves of characters, control characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(sign for sign in whole if sign.isprintable() or sign in "\n\t").strip()


def _agent(text: str) -> str:
    name = " ".join(parse_agent(text).name.split())
    if not name:
        raise Unreadable("请写客服的名字。")
    if len(name) > _LONGEST_NAME:
        raise Unreadable(f"名字太长了，最多 {_LONGEST_NAME} 个字。")
    return name


def shop_choices(found: Sequence[tuple[Platform, str, str, tuple[str, ...]]]) -> tuple[EntryShop, ...]:
    """Shops as (platform, name in files, name on the screen, people), with labels that tell them apart."""
    shown = [fold(name) for _, _, name, _ in found]
    return tuple(
        EntryShop(
            platform,
            name,
            own if shown.count(fold(own)) == 1 else f"{own}（{platform.label}）",
            agents,
        )
        for platform, name, own, agents in found
    )
