"""会话明细: one row a session, cleaned column by column while the file is still being read.

Cells are cleaned by :class:`~csdesk.ingest.rowclean.RowCleaning`, in the reading child where it can be; what is left
for here is done per distinct value: whose shop, who.

What is left to others: rows come out in file order and a session id may come several times, in one
chunk or in several; the loader, which has the index, lets the last one win and counts the earlier
ones as duplicates. Which shop a row without a shop of its own belongs to is the plan's decision
(:attr:`SessionContext.shop`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from csdesk.domain.identity import parse_agent
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest.headers import ColumnMapping, MappedColumn
from csdesk.ingest.layouts import Catalogue, catalogue
from csdesk.ingest.model import AgentRef, RawChunk, SessionChunk
from csdesk.ingest.readers.values import buyer_columns, counts_of, translated
from csdesk.ingest.rejected import private_columns
from csdesk.ingest.rowclean import ColumnRule, RowCleaning, RowRules
from csdesk.safety.buyers import BuyerKeys

REQUIRED = ("session_key", "agent", "started_at")
_SHOP_REPAIR = "客服名里的店铺前缀已分开"
_DAY = 86_400


@dataclass(frozen=True)
class SessionContext:
    """What the rows cannot say themselves.

    ``shop``: the shop of rows that name none ("" leaves it to the caller). ``words`` tell summary rows
    and machines by name; the program's own catalogue by default.
    """

    keys: BuyerKeys
    shop: str = ""
    date1904: bool = False
    words: Catalogue = field(default_factory=catalogue)


@dataclass
class StagedSessions:
    """The cleaned rows of one sheet, and what was found out about them while they were iterated.

    Iterate it once, to its end; the other attributes are complete then. ``rows`` has the counts of read, rejected
    and summary rows, the problems and repairs; the loader counts inserted, updated and duplicate. ``shops`` are those
    named by rows (column 店铺, else the prefix of the agent) with their number of rows, in order of
    appearance, "" for rows naming none; ``shop_column`` counts those of the column 店铺 alone.
    """

    chunks: Iterable[RawChunk]
    mapping: ColumnMapping
    context: SessionContext
    shops: dict[str, int] = field(default_factory=dict)
    shop_column: dict[str, int] = field(default_factory=dict)
    agents: dict[str, AgentRef] = field(default_factory=dict)
    fields: frozenset[str] = field(init=False)
    rows: RowCleaning = field(init=False)
    _span: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        columns = _chosen(self.mapping)
        self.fields = frozenset(_stored_name(column.field) for column in columns)
        words = self.context.words
        self.rows = RowCleaning(
            RowRules(
                self.mapping,
                tuple(map(session_rule, columns)),
                [[name] for name in REQUIRED],
                self.context.keys,
                words.labels,
                private=private_columns(self.mapping, words),
                date1904=self.context.date1904,
            )
        )

    @property
    def period(self) -> Period | None:
        """First to last day any row starts on; None before a row was seen."""
        return Period(*map(_day, self._span)) if self._span else None

    @property
    def newest(self) -> int | None:
        """The latest start as epoch seconds of the shop's clock."""
        return self._span[1] if self._span else None

    def __iter__(self) -> Iterator[SessionChunk]:
        for cleaned in self.rows.rows(self.chunks):
            yield self._finished(cleaned.rows, cleaned.values)

    # ---------------------------------------------------------------- one chunk

    def _finished(self, rows: Sequence[int], values: dict[str, list[Any]]) -> SessionChunk:
        columns = {name: found for name, found in values.items() if name not in _NOT_STORED}
        started = columns["started_at"]
        columns["day"] = [moment // _DAY for moment in started]
        low, high = min(started), max(started)
        self._span = (min(low, self._span[0]), max(high, self._span[1])) if self._span else (low, high)
        if "buyer" in values:
            columns["buyer_key"], columns["buyer_mask"] = buyer_columns(values["buyer"])
        self._name_agents(columns, values)
        return SessionChunk(rows, columns)

    def _name_agents(self, columns: dict[str, list[Any]], values: dict[str, list[Any]]) -> None:
        """Split ``店铺:客服`` once per distinct name; settle each row's shop and remember the people."""
        agents = values["agent"]
        named = values.get("shop")
        rows_of = counts_of(agents)
        parsed = {text: parse_agent(text) for text in rows_of}
        names = {text: who.name for text, who in parsed.items()}
        prefixed = sum(rows_of[text] for text, who in parsed.items() if who.shop)
        if prefixed:
            example = next(text for text, who in parsed.items() if who.shop)
            self.rows.repaired(_SHOP_REPAIR, prefixed, f"{example} → {names[example]}")
        columns["agent"] = translated(agents, names)
        if named is None:
            shops = translated(agents, {text: who.shop for text, who in parsed.items()})
        else:
            told = counts_of(named)
            _count_into(self.shop_column, {shop: number for shop, number in told.items() if shop})
            shops = named
            if not all(told):
                shops = [shop or parsed[agent].shop for shop, agent in zip(named, agents, strict=True)]
        _count_into(self.shops, counts_of(shops))
        default = self.context.shop
        columns["shop"] = [shop or default for shop in shops] if "" in self.shops else shops
        for who in parsed.values():
            if who.name not in self.agents:
                kind = "robot" if self.context.words.is_robot(who.name) else "person"
                self.agents[who.name] = AgentRef(who.name, kind=kind)
        self._more_about_agents(columns["agent"], values.get("account"), values.get("team"))

    def _more_about_agents(self, names: list[Any], accounts: list[Any] | None, teams: list[Any] | None) -> None:
        if accounts is None and teams is None:
            return
        nothing = [None] * len(names)
        for name, account, team in set(zip(names, accounts or nothing, teams or nothing, strict=True)):
            known = self.agents[name]
            self.agents[name] = AgentRef(name, known.account or account, known.team or team, known.kind)


_KINDS = {"buyer": "buyer", "comment": "remark", "category": "remark", "channel": "remark"}
"""Fields that are read in a way of their own, whatever the layout calls their kind."""
_NOT_STORED = frozenset({"buyer", "agent", "shop", "account", "team", "platform"})
_KNOWN = frozenset(
    {*REQUIRED, "shop", "buyer", "account", "team", "ended_at", "first_response", "avg_response", "messages"}
    | {"buyer_messages", "transferred", "category", "resolved", "invited", "rated", "rating", "comment"}
    | {"order_id", "paid_fen", "channel"}
)


def session_rule(column: MappedColumn) -> ColumnRule:
    """How a column of a session file is read."""
    return ColumnRule(column, _KINDS.get(column.field, column.kind))


def stage_sessions(chunks: Iterable[RawChunk], mapping: ColumnMapping, context: SessionContext) -> StagedSessions:
    """Clean the rows of one sheet, lazily: reading, cleaning and storing overlap.

    ``chunks`` are the chunks of that sheet from its first row on; rows up to the header are passed
    over. Yields SessionChunk with the columns of table ``session`` the file has, plus ``shop`` and
    ``agent`` as text, ``day``, and ``buyer_key``/``buyer_mask`` for the column of buyers. Rows without
    id, agent or start are rejected, each with the cell that was to blame.
    """
    return StagedSessions(chunks, mapping, context)


def _chosen(mapping: ColumnMapping) -> list[MappedColumn]:
    """One column a field: the first the mapping gives."""
    chosen: dict[str, MappedColumn] = {}
    for column in mapping.columns:
        if column.field in _KNOWN and not column.group:
            chosen.setdefault(column.field, column)
    return list(chosen.values())


def _stored_name(name: str) -> str:
    return "buyer_mask" if name == "buyer" else name


def _count_into(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for value, number in more.items():
        counts[value] = counts.get(value, 0) + number


def _day(seconds: int) -> date:
    return from_epoch_day(seconds // _DAY)
