"""The known exports and the vocabulary of measures, loaded from ``resources/layouts/*.toml``.

A layout is data: how it is recognised, whose numbers it holds, which column means what.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csdesk.domain.entries import ENTRY_TITLES, TYPED_IN, entry_of_layout
from csdesk.domain.identity import fold
from csdesk.domain.platforms import Platform
from csdesk.ingest.headers import FieldAlias, Vocabulary, spelling, squeeze, take_apart
from csdesk.settings.paths import resource_path

if TYPE_CHECKING:
    from csdesk.ingest.own.mapping import OwnMapping

RECORDS = "records:"
TOTAL, SHOP_TOTAL, MEAN = "total", "shop_total", "mean"
PEER_AVERAGE, PEER_TOP = "peer_average", "peer_top"
SHOP_ROW = "shop_row"
_VOCABULARIES = frozenset(("fields", "records"))


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A measure or entity: ``kind`` as in fields.toml, ``delay_days`` until the platform's number is final.

    ``low``: a rate that is usually small. ``sums``: a 汇总 row should equal the sum of the rows.
    ``grouped``: may stand under 总/邀请/自主. ``words``: the word table of a record field of kind "word".
    """

    id: str
    title: str
    kind: str
    low: bool = False
    sums: bool = True
    grouped: bool = False
    delay_days: int = 0
    is_measure: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a blank template of our own, with an example of what stands in it."""

    field: str
    title: str
    kind: str
    hint: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One known export. ``grain`` is "agent", "shop", "session" or "row".

    ``kind`` is "report", "sessions", "records:<kind>" (see :mod:`csdesk.store.kinds`), or "skip" for a table that is
    known and not needed; ``notice`` then says so. ``heads``: the orders themselves are summed up from the lines.

    ``signature`` and ``words`` are headers (:func:`~csdesk.ingest.headers.spelling`) that speak strongly and
    weakly for it; a file whose name does not help must show ``min_signature`` of the former. Of ``needs_one_of`` it
    must have a field; ``enough_if_named`` are further ones that will do where the file or the sheet is called after it.
    """

    id: str
    name: str
    kind: str
    source: str
    grain: str
    platform: Platform | None
    priority: int
    required: frozenset[str]
    forbidden: frozenset[str]
    needs_one_of: frozenset[str]
    min_signature: int
    group_order: tuple[str, ...]
    signature: frozenset[str]
    words: frozenset[str]
    file_name: tuple[str, ...]
    sheet_names: frozenset[str]
    where: str
    vocabulary: Vocabulary
    fields: Mapping[str, FieldInfo]
    template: tuple[TemplateColumn, ...] = ()
    notice: str = ""
    heads: bool = False
    enough_if_named: frozenset[str] = frozenset()
    own: OwnMapping | None = None
    """What the owner mapped by hand; such layouts are told by their whole header alone."""

    @property
    def records(self) -> str:
        """The kind of record a row is, "" for reports and sessions."""
        return self.kind.partition(":")[2] if self.kind.startswith(RECORDS) else ""


@dataclass(frozen=True, slots=True)
class RecordWords:
    """Words shared by the tables that are kept row by row.

    ``tables``: word table → word in comparison form → value. ``private``: headers that are never read.
    ``default_reviews``: texts the system writes (comparison form). ``needs``: kind → groups of fields, of each of
    which a row must have one.
    """

    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    default_reviews: frozenset[str] = frozenset()
    needs: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All layouts and the shared words. ``own``: those the owner made, see :mod:`csdesk.ingest.own`."""

    layouts: tuple[Layout, ...]
    fields: Mapping[str, FieldInfo]
    row_words: Mapping[str, str]
    robot_words: tuple[str, ...]
    vocabulary: Vocabulary
    by_id: Mapping[str, Layout] = field(default_factory=dict)
    record_words: RecordWords = field(default_factory=RecordWords)
    own: tuple[Layout, ...] = ()

    def row_role(self, text: str) -> str:
        """TOTAL, SHOP_TOTAL, MEAN, PEER_AVERAGE or PEER_TOP for the label of a summary row, "" for a name."""
        return self.row_words.get(squeeze(text), "")

    @property
    def labels(self) -> frozenset[str]:
        """What summary rows are called, in comparison form."""
        return frozenset(self.row_words)

    def is_robot(self, name: str) -> bool:
        """Whether an agent's name is that of a machine."""
        folded = fold(name)
        return any(word in folded for word in self.robot_words)

    def layout(self, name: str) -> Layout | None:
        """A layout by id or Chinese name."""
        wanted = fold(name)
        every = (*self.own, *self.layouts)
        return next((one for one in every if wanted in (fold(one.id), fold(one.name))), None)

    def name_of(self, layout_id: str) -> str:
        """Chinese name of a layout, or of the form a batch was typed in by; for one that is gone a word, or its id."""
        form = entry_of_layout(layout_id)
        if form:
            return f"{ENTRY_TITLES[form]}（{TYPED_IN}）"
        found = self.by_id.get(layout_id)
        if found is not None:
            return found.name
        return "自己对的列（已删除）" if layout_id.startswith("own-") else layout_id


@lru_cache(maxsize=4)
def catalogue(folder: Path | None = None) -> Catalogue:
    """Load (once) the vocabulary and every layout of ``folder``, by default the program's own."""
    root = folder or resource_path("layouts")
    shared = _toml(root / "fields.toml")
    entities = {
        name: FieldInfo(name, table["title"], "date" if name == "date" else "text", is_measure=False)
        for name, table in shared["entities"].items()
    }
    measures = {name: _measure(name, table) for name, table in shared["measures"].items()}
    fields = {**entities, **measures}
    groups = {
        squeeze(word): "" if name == "total" else name for name, words in shared["groups"].items() for word in words
    }
    aliases: dict[str, FieldAlias] = {}
    for name, table in (*shared["entities"].items(), *shared["measures"].items()):
        _add_aliases(aliases, fields[name], table["aliases"])
    vocabulary = Vocabulary(aliases, groups)
    records = _toml(root / "records.toml")
    families = {
        kind: _family(records[name]) for kind, name in records["families"].items() if isinstance(records[name], dict)
    }
    layouts = tuple(
        sorted(
            (
                _layout(_toml(path), vocabulary, fields, families)
                for path in root.glob("*.toml")
                if path.stem not in _VOCABULARIES
            ),
            key=lambda one: (-one.priority, one.id),
        )
    )
    rows = {squeeze(word): role for role, words in shared["rows"].items() for word in words}
    robots = tuple(fold(word) for word in shared["robots"]["words"])
    by_id = {one.id: one for one in layouts}
    return Catalogue(layouts, fields, rows, robots, vocabulary, by_id, _record_words(records))


def delay_days() -> dict[str, int]:
    """Measure id (group suffixes included) → days after the business day until its value is final."""
    found: dict[str, int] = {}
    for info in catalogue().fields.values():
        if info.is_measure:
            for suffix in ("", ".invited", ".self") if info.grouped else ("",):
                found[info.id + suffix] = info.delay_days
    return found


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _measure(name: str, table: Mapping[str, Any]) -> FieldInfo:
    return FieldInfo(
        name,
        table["title"],
        table["kind"],
        low=table.get("low", False),
        sums=table.get("sums", True),
        grouped=table.get("grouped", False),
        delay_days=table.get("delay_days", 0),
    )


def _add_aliases(aliases: dict[str, FieldAlias], info: FieldInfo, words: Iterable[str]) -> None:
    """Both the full form and, where a unit stands in brackets, the form without it. The first field to claim wins."""
    for rank, word in enumerate((*words, info.title)):
        name = take_apart(word)
        for key in name.keys[: 2 if name.unit else 1]:
            aliases.setdefault(key, FieldAlias(info.id, info.kind, info.grouped, rank))


def _family(table: Mapping[str, Any]) -> tuple[dict[str, FieldInfo], Vocabulary]:
    """Fields and vocabulary of the tables of one kind of record."""
    fields: dict[str, FieldInfo] = {}
    aliases: dict[str, FieldAlias] = {}
    for name, column in table.items():
        info = FieldInfo(name, column["title"], column["kind"], is_measure=False, words=column.get("words", ""))
        fields[name] = info
        _add_aliases(aliases, info, column["aliases"])
    return fields, Vocabulary(aliases, {})


def _record_words(table: Mapping[str, Any]) -> RecordWords:
    tables = {
        name: {squeeze(word): value for value, words in values.items() for word in (value, *words)}
        for name, values in table["words"].items()
    }
    private = frozenset(squeeze(word) for word in table["privacy"]["headers"])
    texts = frozenset(squeeze(word) for word in table["default_reviews"]["texts"])
    needs = {kind: tuple(tuple(group) for group in groups) for kind, groups in table["needs"].items()}
    return RecordWords(tables, private, texts, needs)


def _layout(
    table: Mapping[str, Any],
    vocabulary: Vocabulary,
    fields: Mapping[str, FieldInfo],
    families: Mapping[str, tuple[dict[str, FieldInfo], Vocabulary]],
) -> Layout:
    template: tuple[TemplateColumn, ...] = ()
    if table["kind"].startswith(RECORDS) or table["kind"] == "skip":
        fields, vocabulary = families[table.get("family", table["kind"].removeprefix(RECORDS))]
        template = tuple(
            TemplateColumn(c["field"], c["title"], fields[c["field"]].kind, c["hint"], c.get("example", ""))
            for c in table.get("columns", ())
        )
    if table["kind"] == "sessions":
        own: dict[str, FieldAlias] = {}
        fields = {}
        for column in (*table["columns"], *table.get("extra", ())):
            info = FieldInfo(column["field"], column["title"], column["kind"], is_measure=False)
            fields[info.id] = info
            _add_aliases(own, info, column["aliases"])
        vocabulary = Vocabulary(own, {})
        template = tuple(TemplateColumn(c["field"], c["title"], c["kind"], c["hint"]) for c in table["columns"])
    if "fields" in table:
        more: dict[str, FieldAlias] = {}
        for word, name in table["fields"].items():
            info = fields.get(name, FieldInfo("", "", ""))
            _add_aliases(more, FieldInfo(info.id, word, info.kind, grouped=info.grouped), (word,))
        vocabulary = vocabulary.extended(more)
    return Layout(
        id=table["id"],
        name=table["name"],
        kind=table["kind"],
        source=table["source"],
        grain=table["grain"],
        platform=Platform(table["platform"]) if "platform" in table else None,
        priority=table.get("priority", 0),
        required=frozenset(table.get("required", ())),
        forbidden=frozenset(table.get("forbidden", ())),
        needs_one_of=frozenset(table.get("needs_one_of", ())),
        min_signature=table.get("min_signature", 0),
        group_order=tuple(table.get("group_order", ())),
        signature=frozenset(spelling(word) for word in table.get("signature", ())),
        words=frozenset(spelling(word) for word in table.get("words", ())),
        file_name=tuple(table.get("file_name", ())),
        sheet_names=frozenset(squeeze(word) for word in table.get("sheet_names", ())),
        where=table.get("where", ""),
        vocabulary=vocabulary,
        fields=fields,
        template=template,
        notice=table.get("notice", ""),
        heads=table.get("heads", False),
        enough_if_named=frozenset(table.get("enough_if_named", ())),
    )
