"""The owner's own events: kept, listed, and handed to the pages they concern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from csdesk.analysis.events import Event, EventKind
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.errors import UserFault
from csdesk.safety.masking import mask_text
from csdesk.store import own_events, shops
from csdesk.store.database import Store
from csdesk.store.own_events import OwnEvent

KIND_TITLES = {"promotion": "活动", "holiday": "放假", "other": "其他"}
_LONGEST_NAME, _LONGEST_NOTE, _LONGEST_SPAN = 30, 300, 366


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of one data version; ``shops`` by id: platform and whether it has data."""

    version: int
    events: tuple[OwnEvent, ...]
    platforms: dict[int, str]


class EventBook:
    """Reads and writes the owner's events; ``before_change`` is called before anything is written."""

    def __init__(self, store: Store, before_change: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._before_change = before_change
        self._known: _Known | None = None

    def listed(self) -> tuple[OwnEvent, ...]:
        """Every event, by first day."""
        return self._now().events

    def add(
        self, name: str, period: Period, *, kind: str = "promotion", shop_id: int | None = None, note: str = ""
    ) -> int:
        """Keep an event, free text masked; its id. Raises UserFault for what cannot be one."""
        name, note = mask_text(" ".join(name.split())), mask_text(" ".join(note.split()))
        if not name or len(name) > _LONGEST_NAME:
            raise UserFault("事件要有名字。" if not name else "事件的名字太长。", f"请写 1 到 {_LONGEST_NAME} 个字。")
        if len(note) > _LONGEST_NOTE:
            raise UserFault("备注太长。", f"请写 {_LONGEST_NOTE} 个字以内。")
        if kind not in own_events.KINDS:
            raise UserFault(f"没有“{kind}”这一类事件。", f"可以写：{'、'.join(own_events.KINDS)}。")
        if period.days > _LONGEST_SPAN:
            raise UserFault("一个事件不能长于一年。", "请分成几段，或检查年份是不是写错了。")
        self._before_change()
        days = (to_epoch_day(period.first), to_epoch_day(period.last))
        with self._store.writing() as conn:
            return own_events.add(conn, name, days, kind, shop_id=shop_id, note=note)

    def remove(self, event_id: int) -> OwnEvent:
        """Take an event away and hand it back; raises UserFault where there is none of that number."""
        found = next((one for one in self.listed() if one.id == event_id), None)
        if found is None:
            raise UserFault(f"没有编号是 {event_id} 的事件。", "用 csdesk-cli events 看有哪些。")
        self._before_change()
        with self._store.writing() as conn:
            own_events.remove(conn, event_id)
        return found

    def concerning(self, selection: Filter) -> tuple[Event, ...]:
        """The events of the shops a selection is about, as pages use them. Cheap: read once for each data version."""
        known = self._now()
        return tuple(as_event(one) for one in known.events if _concerns(one, selection, known.platforms))

    def _now(self) -> _Known:
        with self._store.reading() as conn:
            version = self._store.data_version
            known = self._known
            if known is None or known.version != version:
                platforms = {shop.id: str(shop.platform) for shop in shops.all_shops(conn)}
                known = self._known = _Known(version, tuple(own_events.all_events(conn)), platforms)
        return known


def as_event(one: OwnEvent) -> Event:
    """An own event in the form of all others."""
    period = Period(from_epoch_day(one.first_day), from_epoch_day(one.last_day))
    return Event(one.name, period, EventKind(one.kind), own=True)


def _concerns(one: OwnEvent, selection: Filter, platforms: dict[int, str]) -> bool:
    if not one.shop:
        return True
    if one.shop_id is None:
        return False
    fits = selection.platform is None or platforms.get(one.shop_id) == selection.platform
    return fits and (not selection.shops or one.shop_id in selection.shops)
