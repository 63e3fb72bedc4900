"""The book of what was typed in by hand: saving, correcting and deleting entries, by the ordinary door.

Every entry is a row of the same tables imports fill, written by a batch of the ledger with the same law of undo (see
:mod:`csdesk.store.hand_rows` for which entries share one).
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from csdesk.domain.entries import ENTRY_TITLES, TYPED_IN, entry_layout
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.columns import epoch_seconds
from csdesk.ingest.entry.checking import Checked, Checker, EntryShop, shop_choices
from csdesk.ingest.entry.forms import ITEM, EntryForm, form_of
from csdesk.ingest.entry.items import CheckItem, items_from, texts_of
from csdesk.safety.buyers import BuyerKeys
from csdesk.settings.options import CHECK_ITEMS
from csdesk.settings.store import Settings
from csdesk.store import agents, batches, hand_rows, shops
from csdesk.store.database import Store
from csdesk.store.hand_rows import HandRow, Moment, ShopRow
from csdesk.store.kinds import DAY_SECONDS

_EPOCH = datetime(1970, 1, 1)
_KEY = "手工"
_BUYER = ("buyer_key", "buyer_mask")


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry that is in the store. ``count``: how many entries its line of the ledger holds now.

    ``left``: the batch that took it out of another shop, 0 if it stayed where it was.
    """

    key: str
    batch: int
    count: int
    left: int = 0

    @property
    def batches(self) -> list[int]:
        """All that must be undone to take it back, oldest first."""
        return [self.left, self.batch] if self.left else [self.batch]


class EntryBook:
    """Entries of one data folder. ``before`` is called before each change; ``now`` is the shop's clock.

    Reading methods may be called in any thread, writing ones go through the store's single writer. All raise
    StoreUnavailable; nothing is half written then.
    """

    def __init__(
        self,
        store: Store,
        keys: BuyerKeys,
        settings: Settings,
        before: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._store = store
        self._keys = keys
        self._settings = settings
        self._before = before
        self._now = now

    # ---------------------------------------------------------------- what a form needs

    def items(self) -> tuple[CheckItem, ...]:
        """The items of 抽检 with their full points."""
        return items_from(self._settings.get(CHECK_ITEMS))

    def keep_items(self, items: Sequence[CheckItem]) -> None:
        """Judge by these from now on; entries there are keep theirs. Raises UserFault, OSError."""
        self._settings.set(CHECK_ITEMS, texts_of(items))

    def form(self, form_id: str) -> EntryForm:
        """A form by id or Chinese name, with the items as they are now. Raises UserFault."""
        wanted = next((one for one, title in ENTRY_TITLES.items() if form_id in (one, title)), None)
        if wanted is None:
            names = "、".join(f"{one}（{title}）" for one, title in ENTRY_TITLES.items())
            raise UserFault(f"没有叫“{form_id}”的录入表。", f"可以用：{names}。")
        return form_of(wanted, self.items())

    def shops(self) -> tuple[EntryShop, ...]:
        """The shops an entry may be for, with their people; before any import one nameless shop of each platform."""
        with self._store.reading() as conn:
            people: dict[int, list[str]] = {}
            for agent in agents.all_agents(conn):
                if agent.person == agent.id and agent.kind != "robot":
                    people.setdefault(agent.shop_id, []).append(agent.name)
            known = [
                (shop.platform, shop.file_name, shop.name, tuple(people.get(shop.id, ())))
                for shop in shops.all_shops(conn)
                if not shop.is_demo
            ]
        return shop_choices(known or [(platform, name, name, ()) for platform, name in shops.ASSUMED_NAMES.items()])

    def check(self, form: EntryForm, filled: Mapping[str, str], platform: Platform | None = None) -> Checked:
        """What a filled form comes to; writes nothing. ``platform`` lets the shop be one that is not known yet."""
        known = self.shops()
        name = filled.get("shop", "").strip()
        if platform is not None:
            known = tuple(shop for shop in known if shop.platform is platform)
            if name and not any(name in (shop.name, shop.label) for shop in known):
                known = (*known, EntryShop(platform, name, name))
        return Checker(known, self._now(), self._keys).check(form, filled)

    # ---------------------------------------------------------------- writing

    def save(self, form: EntryForm, entry: Checked) -> Saved:
        """Store a new entry of a form without faults; it joins the day's line of the ledger."""
        shop = _shop_of(entry)
        now = self._moment()
        key = self._new_key(form)
        row = ShopRow(key, shop.name, entry.agent, {**entry.values, form.key: key})
        claim = _claim("entry", shop)
        self._before()
        with self._store.writing() as conn:
            held = hand_rows.open_batch(conn, entry_layout(form.id), claim, now.seconds // DAY_SECONDS)
            batch = held.id if held else batches.begin(conn, _line(form, shop, now, claim))
            first, last = hand_rows.write(conn, form.kind, batch, shop.platform, row)
            count = 1
            if held:
                count, first, last = held.rows + 1, min(first, held.first_day), max(last, held.last_day)
            name = f"{TYPED_IN} · {form.title} {count} 条"
            counts = {"rows_read": count, "rows_inserted": count, "first_day": first, "last_day": last}
            batches.finish(conn, batch, {"file_name": name, **counts})
        return Saved(key, batch, count)

    def change(self, form: EntryForm, key: str, entry: Checked) -> Saved:
        """Say an entry anew; what it was is kept and comes back when the correction is taken back.

        A buyer that is not named stays who he was. An entry that goes to another shop is taken out of the first by a
        batch of its own: no batch speaks of two shops, so that these may still turn out to be one. Raises UserFault if
        there is no such entry.
        """
        shop = _shop_of(entry)
        self._before()
        with self._store.writing() as conn:
            old = _there(hand_rows.find(conn, form.kind, key))
            known = {name: old.values[name] for name in _BUYER if name in old.values}
            row = ShopRow(key, shop.name, entry.agent, {**known, **entry.values, form.key: key})
            now = hand_rows.after_newest(conn, form.kind, key, self._moment())
            left = 0
            if (old.platform, old.shop) != (shop.platform, shop.name):
                left = self._take_out(conn, form, old, now, "移走")
                now = Moment(now.seconds, now.micros + 1)
            batch = batches.begin(conn, _line(form, shop, now, _claim(f"change|{key}", shop), "修改"))
            first, last = hand_rows.write(conn, form.kind, batch, shop.platform, row)
            batches.finish(conn, batch, {"rows_read": 1, "rows_updated": 1, "first_day": first, "last_day": last})
        return Saved(key, batch, 1, left)

    def delete(self, form: EntryForm, key: str) -> Saved:
        """Take one entry out; undoing the batch brings it back. Raises UserFault if there is no such entry."""
        self._before()
        with self._store.writing() as conn:
            old = _there(hand_rows.find(conn, form.kind, key))
            now = hand_rows.after_newest(conn, form.kind, key, self._moment())
            batch = self._take_out(conn, form, old, now, "删除")
        return Saved(key, batch, 1)

    # ---------------------------------------------------------------- reading

    def recent(self, form_id: str, limit: int = 500) -> list[HandRow]:
        """The entries of a form, the last typed first."""
        form = form_of(form_id, ())
        with self._store.reading() as conn:
            return hand_rows.recent(conn, form.kind, _prefix(form), limit)

    def find(self, form_id: str, key: str) -> HandRow:
        """One entry. Raises UserFault if it is not there (any more)."""
        form = form_of(form_id, ())
        with self._store.reading() as conn:
            return _there(hand_rows.find(conn, form.kind, key))

    def form_for(self, form_id: str, row: HandRow) -> EntryForm:
        """The form an entry is corrected in: 抽检 with the items it was judged by, then those that are new since."""
        judged = tuple(CheckItem(name, full) for name, _, full in items_of(row))
        known = {item.name for item in judged}
        return form_of(form_id, (*judged, *(item for item in self.items() if item.name not in known)))

    # ---------------------------------------------------------------- small things

    @staticmethod
    def _take_out(conn: sqlite3.Connection, form: EntryForm, old: HandRow, now: Moment, verb: str) -> int:
        """A batch that says the row was a mistake."""
        shop = EntryShop(old.platform, old.shop, old.shop)
        batch = batches.begin(conn, _line(form, shop, now, _claim(f"delete|{old.key}", shop), verb))
        hand_rows.write(conn, form.kind, batch, old.platform, ShopRow(old.key, old.shop, "", None))
        day = form.kind.day_of([old.values.get(name) for name in form.kind.stored])
        batches.finish(conn, batch, {"rows_read": 1, "rows_updated": 1, "first_day": day, "last_day": day})
        return batch

    def _moment(self) -> Moment:
        now = self._now()
        return Moment(epoch_seconds(now), (now - _EPOCH) // timedelta(microseconds=1))

    def _new_key(self, form: EntryForm) -> str:
        return f"{_prefix(form)}{self._now():%Y%m%d%H%M%S%f}-{secrets.token_hex(2)}"


def items_of(row: HandRow) -> list[tuple[str, float, float]]:
    """(name, points, full points) of what an entry of 抽检 was judged by; none for other forms."""
    return [
        (str(name), float(points), float(full)) for name, points, full in json.loads(row.values.get("items") or "[]")
    ]


def filled_from(row: HandRow, label: str) -> dict[str, str]:
    """The form as it would have been filled for this entry, under the shop's ``label``; a buyer's name is not known."""
    values = row.values
    moment = values.get("answered_at", values.get("checked_at"))
    when = _EPOCH + timedelta(seconds=moment) if moment is not None else None
    yes_no = {1: "是", 0: "否"}
    filled = {
        "shop": label,
        "agent": row.agent,
        "day": f"{when:%Y-%m-%d}" if when else "",
        "clock": (f"{when:%H:%M:%S}" if when.second else f"{when:%H:%M}") if when else "",
        "csat": _text(values.get("csat")),
        "nps": _text(values.get("nps")),
        "resolved": yes_no.get(values.get("resolved"), ""),  # type: ignore[arg-type]  # None is no key
        "comment": values.get("comment") or "",
        "source": values.get("source") or "",
        "session": values.get("session_key") or "",
        "remark": values.get("remark") or "",
        "inspector": values.get("inspector") or "",
    }
    return filled | {ITEM + name: f"{points:g}" for name, points, _ in items_of(row)}


def _prefix(form: EntryForm) -> str:
    return f"{_KEY}-{form.id}-"


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _shop_of(entry: Checked) -> EntryShop:
    if entry.faults or entry.shop is None:
        raise ValueError(f"an entry with faults is not stored: {entry.faults}")
    return entry.shop


def _there(row: HandRow | None) -> HandRow:
    if row is None:
        raise UserFault("这一条已经不在了。", "它可能已被删除，或它所在的那一批已撤销。")
    return row


def _claim(what: str, shop: EntryShop) -> str:
    return f"{what}|{shop.platform}|{shop.name}"


def _line(form: EntryForm, shop: EntryShop, now: Moment, claim: str, verb: str = "") -> dict[str, object]:
    """A line of the ledger, as one of a file; no two entries are the same bytes."""
    what = f"{verb}{form.title}" if verb else form.title
    return {
        "file_name": f"{TYPED_IN} · {what} 1 条",
        "sha256": secrets.token_hex(32),
        "claim": claim,
        "layout": entry_layout(form.id),
        "platform": str(shop.platform),
        "shop": shop.name,
        "exported_at": now.seconds,
        "written_at": now.micros,
        "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
