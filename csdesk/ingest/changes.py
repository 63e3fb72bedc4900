"""What an import changed, in the owner's words: which columns, what was there and what is there now."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from csdesk.domain.period import Period, from_epoch_day
from csdesk.errors import UserFault
from csdesk.ingest.layouts import Catalogue, catalogue

if TYPE_CHECKING:
    from csdesk.store.changes import ChangedRow
    from csdesk.store.database import Store

_EPOCH = datetime(1970, 1, 1)
_GROUPS = {"invited": "邀请", "self": "自主"}
_SECRET = frozenset(("buyer_key",))
_NOTHING, _DELAYED = "（空）", "延迟统计"
_FLAGS = frozenset(
    ("transferred", "resolved", "invited", "rated", "is_gift", "is_default", "is_complaint", "partial", "intervened")
)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: ``column`` by its Chinese name, what it said before the import and after."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChanges:
    """One row: ``what`` kind it is (订单, 会话, 报表 …), ``name`` its number, or whose it is and of which days."""

    what: str
    shop: str
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class BatchChanges:
    """What an import changed: how many rows, how often each column, and the first rows in full."""

    batch: int
    file_name: str
    rows: int
    columns: tuple[tuple[str, int], ...]
    first: tuple[RowChanges, ...]


class Changes:
    """What the store's imports changed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, batch_id: int, limit: int = 200) -> BatchChanges:
        """What an import changed of what was there before, ``limit`` rows in full.

        Raises UserFault if there is no such import, or it was undone.
        """
        from csdesk.store import batches, changes  # noqa: PLC0415  (with the store only)

        with self._store.reading() as conn:
            batch = batches.get(conn, batch_id)
            if batch is None:
                raise UserFault(f"没有编号为 {batch_id} 的导入记录。", "请在导入记录里查看编号。")
            if batch.undone_at is not None:
                raise UserFault(f"编号 {batch_id} 的导入已经撤销，改过的都恢复了。")
            words = _Words(conn)
            columns: Counter[str] = Counter()
            first: list[RowChanges] = []
            rows = 0
            for row in changes.of_batch(conn, batch_id):
                told = words.row(row)
                if not told.changes:
                    continue
                rows += 1
                columns.update(change.column for change in told.changes)
                if len(first) < limit:
                    first.append(told)
        return BatchChanges(batch_id, batch.file_name, rows, tuple(columns.most_common()), tuple(first))


class _Words:
    """Names of shops, people and columns."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        from csdesk.store import agents, shops  # noqa: PLC0415  (with the store only)

        self._shops = {shop.id: shop.name for shop in shops.all_shops(conn)}
        self._agents = agents.display_names(conn)

    def row(self, row: ChangedRow) -> RowChanges:
        what, titles = _kind(row.kind)
        empty = _DELAYED if row.kind == "report" else _NOTHING
        found = tuple(
            Change(self._title(name, titles), self._value(name, before, empty), self._value(name, after, empty))
            for name, (before, after) in row.columns.items()
            if name not in _SECRET
        )
        return RowChanges(what, self._shops.get(row.shop_id, ""), self._name(row), found)

    def _name(self, row: ChangedRow) -> str:
        if row.key and not row.key.startswith("~"):
            return row.key
        who = self._agents.get(row.agent_id or 0, "") or ("全店" if row.kind == "report" else "")
        days = ""
        if row.first_day is not None and row.last_day is not None:
            days = str(Period(from_epoch_day(row.first_day), from_epoch_day(row.last_day)))
        return " ".join(part for part in (who, days) if part)

    def _title(self, name: str, titles: Mapping[str, str]) -> str:
        measure, _, group = name.partition(".")
        title = titles.get(name) or titles.get(measure, measure)
        return f"{_GROUPS[group]}-{title}" if group in _GROUPS else title

    def _value(self, name: str, value: Any, empty: str) -> str:
        if value is None:
            return empty
        if name == "agent_id":
            return self._agents.get(value, str(value))
        return shown(name, value)


def shown(name: str, value: Any) -> str:
    """A stored value of a column or measure as the owner reads it."""
    if name.endswith("_at"):
        return f"{_EPOCH + timedelta(seconds=value):%Y-%m-%d %H:%M:%S}"
    if name in _FLAGS:
        return "是" if value else "否"
    info = catalogue().fields.get(name.partition(".")[0])
    kind = "money" if name.endswith("_fen") else info.kind if info else ""
    if kind == "money":
        return f"{value / 100:,.2f} 元"
    if kind == "rate":
        return f"{round(value * 100, 4):g}%"
    if kind == "duration" or name in ("first_response", "avg_response"):
        return f"{_figure(value)} 秒"
    return _figure(value) if isinstance(value, float) else str(value)


def _figure(value: float) -> str:
    """All digits, however large."""
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


@cache
def _kind(kind: str) -> tuple[str, dict[str, str]]:
    """(Chinese name, column → Chinese name) of a kind of rows."""
    from csdesk.store.kinds import KINDS  # noqa: PLC0415  (with the store only)

    words = catalogue()
    if kind == "report":
        return "报表", {name: info.title for name, info in words.fields.items()}
    return KINDS[kind].title, {**_COMMON, **_titles(kind, words)}


def _titles(kind: str, words: Catalogue) -> dict[str, str]:
    """The names the layouts give the columns of a kind."""
    found: dict[str, str] = {}
    for layout in words.layouts:
        if layout.records == kind or (kind == "session" and layout.kind == "sessions"):
            for name, info in layout.fields.items():
                found.setdefault(name, info.title)
    if kind == "order_head" and not found:
        return _titles("order_line", words)
    return found


_COMMON = {
    "agent_id": "客服",
    "buyer_mask": "买家",
    "is_gift": "赠品",
    "is_default": "系统默认好评",
    "session_key": "会话ID",
}
