"""Tables kept row by row (orders, refunds, reviews, answers, tickets, invitations): cells → chunks of records.

Which fields there are, how each is read, what a row must have and what nobody may see is declared in
``resources/layouts/records.toml``; here is only the machine. Session rows, cleaned by the same
:class:`~csdesk.ingest.rowclean.RowCleaning`, take their shape in :mod:`csdesk.ingest.sessions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from csdesk.domain.identity import fold, parse_agent
from csdesk.domain.period import Period
from csdesk.ingest.headers import ColumnMapping, MappedColumn
from csdesk.ingest.layouts import Catalogue, Layout, catalogue
from csdesk.ingest.model import AgentRef, RawChunk, RecordChunk
from csdesk.ingest.natural_keys import KeyMaker
from csdesk.ingest.readers.values import buyer_columns
from csdesk.ingest.record_columns import kind_of
from csdesk.ingest.record_shapes import (
    OrderNames,
    OrderSums,
    Values,
    finish_check,
    finish_order,
    finish_refund,
    finish_review,
    height,
    split_joined,
)
from csdesk.ingest.rejected import private_columns
from csdesk.ingest.rowclean import ColumnRule, RowCleaning, RowRules
from csdesk.safety.buyers import BuyerKeys
from csdesk.store.kinds import KINDS, RecordKind

__all__ = [
    "HEADS",
    "ORDERS",
    "PLATFORM",
    "RecordContext",
    "RecordShaper",
    "StagedRecords",
    "private_columns",
    "record_rule",
]

PLATFORM = "platform"
"""Column of a chunk that names the platform of each row, taken out before the chunk is loaded."""
HEADS = "order_head"

_REPAIR_JOINED = "一行里有几个订单号，拆成几单，金额平分"
_REPAIR_MASKED = "买家昵称被平台打了码，认不出是不是同一个人，这些行不计入复购"
_REPAIR_ALIKE = "没有订单编号、看上去一样的行，各算一单"
_REPAIR_PREFIX = "客服名里的店铺前缀已分开"
_HEAD_BLOCK = 4096
ORDERS = frozenset(("order_head", "order_line"))


@dataclass(frozen=True)
class RecordContext:
    """What the rows cannot say themselves: the buyers' secret, the shop of rows that name none, shared words."""

    keys: BuyerKeys
    shop: str = ""
    words: Catalogue = field(default_factory=catalogue)
    span: Period | None = None
    """The days of a table whose rows have no time."""


class RecordShaper:
    """Cleaned rows of one layout → chunks, with shops, people and what follows from other columns.

    Used chunk after chunk for one sheet; :meth:`rest` gives what is known only at the end.
    """

    def __init__(self, layout: Layout, context: RecordContext) -> None:
        self.layout = layout
        self.context = context
        self.kind: RecordKind = KINDS[layout.records]
        self.shops: Counter[str] = Counter()
        self.shop_column: Counter[str] = Counter()
        self.agents: dict[str, AgentRef] = {}
        self.joined = 0
        self.prefixed = 0
        self.masked_nicks = 0
        self.prefix_example = ""
        self.newest: int | None = None
        self.days: tuple[int, int] | None = None
        self._keys = KeyMaker(self.kind)
        self._shop_numbers: dict[str, int] = {}
        self.names = OrderNames(context.keys, context.span)
        self._sums = OrderSums() if layout.heads else None

    def chunk(self, rows: Sequence[int], values: Values) -> RecordChunk:
        """One chunk of the layout's own kind."""
        self._name(values)
        self.masked_nicks += sum(1 for pair in values.get("buyer", ()) if pair and pair[0] is None and pair[1])
        if self.kind.name in ORDERS:
            rows, values, joined = split_joined(rows, values)
            self.joined += joined
            finish_order(values, self.names)
        elif self.kind.name == "refund":
            finish_refund(values, self.context.keys)
        elif self.kind.name == "review":
            finish_review(values, self.context.keys, self.context.words.record_words.default_reviews)
        elif self.kind.name == "quality_check":
            finish_check(values)
        if self._sums is not None:
            self._sums.add(rows, values)
        return RecordChunk(self.kind.name, rows, self._stored(self.kind, values))

    def rest(self) -> Iterator[RecordChunk]:
        """The orders summed up from all lines."""
        if self._sums is None:
            return
        for rows, values in self._sums.blocks(_HEAD_BLOCK):
            yield RecordChunk(HEADS, rows, self._stored(KINDS[HEADS], values))

    # ---------------------------------------------------------------- people and shops

    def _name(self, values: Values) -> None:
        """The shop of each row and the person without its prefix."""
        count = height(values)
        named: list[Any] = values.get("shop") or [None] * count
        self.shop_column.update(shop for shop in named if shop)
        prefixes: dict[Any, str] = {}
        if "agent" in values:
            parsed = {text: parse_agent(text) for text in set(values["agent"]) if text}
            for text, who in parsed.items():
                prefixes[text] = who.shop
                if who.shop:
                    self.prefix_example = self.prefix_example or f"{text} → {who.name}"
                if who.name and who.name not in self.agents:
                    kind = "robot" if self.context.words.is_robot(who.name) else "person"
                    self.agents[who.name] = AgentRef(who.name, kind=kind)
            agents = values["agent"]
            self.prefixed += sum(1 for text in agents if text and prefixes[text])
            named = [shop or prefixes.get(text) for shop, text in zip(named, agents, strict=True)]
            values["agent"] = [parsed[text].name or None if text else None for text in agents]
        default = self.context.shop
        values["shop"] = [shop or default for shop in named]
        self.shops.update(values["shop"])

    # ---------------------------------------------------------------- the columns of the table

    def _stored(self, kind: RecordKind, values: Values) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {
            name: values[name] for name in ("shop", kind.key, *kind.columns) if name in values
        }
        if "buyer" in values:
            columns["buyer_key"], columns["buyer_mask"] = buyer_columns(values["buyer"])
        if kind.key_recipes and kind.key not in columns:
            columns[kind.key] = self._made_keys(kind, columns)
        if PLATFORM in values and kind is self.kind:
            columns[PLATFORM] = values[PLATFORM]
        self._note_time(kind, columns)
        return columns

    def _made_keys(self, kind: RecordKind, columns: dict[str, list[Any]]) -> list[str | None]:
        """Keys as the loader would make them; a row that lacks the first part of the last recipe says "-" there."""
        numbers = self._shop_numbers
        shops = [numbers.setdefault(fold(shop), len(numbers)) for shop in columns["shop"]]
        first = kind.key_recipes[-1][0]
        filled = dict(columns)
        filled[first] = [part or "-" for part in columns.get(first) or [None] * len(shops)]
        return self._keys.keys(filled, shops)

    def _note_time(self, kind: RecordKind, columns: dict[str, list[Any]]) -> None:
        for name, values in columns.items():
            if name.endswith("_at"):
                latest = max((moment for moment in values if moment is not None), default=None)
                if latest is not None and (self.newest is None or latest > self.newest):
                    self.newest = latest
        known = [day for day in kind.days_of(columns, len(columns["shop"])) if day is not None]
        if known:
            low, high = min(known), max(known)
            self.days = (min(low, self.days[0]), max(high, self.days[1])) if self.days else (low, high)


class StagedRecords:
    """The records of one sheet. Iterate once, to the end; then ``rows`` and ``shaper`` know everything."""

    def __init__(
        self, chunks: Iterable[RawChunk], mapping: ColumnMapping, layout: Layout, context: RecordContext
    ) -> None:
        self.chunks = chunks
        self.layout = layout
        self.shaper = RecordShaper(layout, context)
        words = context.words
        names = [name for name in ("order_id", "agent", "buyer", self.shaper.kind.key) if name in layout.fields]
        self.rows = RowCleaning(
            RowRules(
                mapping,
                tuple(record_rule(column, layout, words) for column in _chosen(mapping)),
                _needs(layout, words.record_words.needs[layout.records]),
                context.keys,
                words.labels,
                tuple(dict.fromkeys(names)),
                private_columns(mapping, words),
            )
        )

    def __iter__(self) -> Iterator[RecordChunk]:
        for cleaned in self.rows.rows(self.chunks):
            yield self.shaper.chunk(cleaned.rows, cleaned.values)
        yield from self.shaper.rest()
        if self.shaper.joined:
            self.rows.repaired(_REPAIR_JOINED, self.shaper.joined, "订单号;订单号")
        if self.shaper.names.alike:
            self.rows.repaired(_REPAIR_ALIKE, self.shaper.names.alike, "买家、时间、金额都相同")
        if self.shaper.masked_nicks:
            self.rows.repaired(_REPAIR_MASKED, self.shaper.masked_nicks, "如 t**1、匿名买家")
        if self.shaper.prefixed:
            self.rows.repaired(_REPAIR_PREFIX, self.shaper.prefixed, self.shaper.prefix_example)


def record_rule(column: MappedColumn, layout: Layout, words: Catalogue) -> ColumnRule:
    """How a column of a table of records is read."""
    info = layout.fields[column.field]
    return ColumnRule(column, kind_of(info), words.record_words.tables[info.words] if info.kind == "word" else {})


def _needs(layout: Layout, groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """The kind's needs; where the layout itself asks for a field of a group, nothing else of the group will do."""
    return [[name for name in group if name in layout.required] or list(group) for group in groups]


def _chosen(mapping: ColumnMapping) -> list[MappedColumn]:
    """One column a field: the first the mapping gives."""
    chosen: dict[str, MappedColumn] = {}
    for column in mapping.columns:
        if not column.group:
            chosen.setdefault(column.field, column)
    return list(chosen.values())
