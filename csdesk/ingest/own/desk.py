"""Mapping a table by hand, step by step, and the mappings there are: what window and command line ask for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from sqlite3 import Connection

from csdesk.errors import UserFault
from csdesk.ingest.detect import LayoutMatch, recognise
from csdesk.ingest.headers import Vocabulary, map_columns
from csdesk.ingest.layouts import Catalogue, Layout
from csdesk.ingest.own.guess import Column, Guess, columns_of, guess_columns, guess_target, spellings_of, unit_for
from csdesk.ingest.own.heads import SheetHead, guess_header, read_heads
from csdesk.ingest.own.lookup import find_own
from csdesk.ingest.own.mapping import HeaderPlace, OwnColumn, OwnMapping
from csdesk.ingest.own.shelf import OwnMappings
from csdesk.ingest.own.targets import (
    TARGETS,
    UNITS,
    Target,
    TargetField,
    column_titles,
    field_infos,
    fields_of,
    needs_of,
    source_of,
    target,
    target_of,
)
from csdesk.ingest.own.trial import Trial, column_values, headers_at, try_out
from csdesk.store import batches

_AS_READ, _SAVED = "程序是这样读的", "上次这样对的"
_SURE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A mapping in the list: how often a file was imported by it, and when last."""

    mapping: OwnMapping
    target: Target
    imports: int
    last_used: date | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where the owner starts: the columns of the table as it stands, the choices, and a guess for each column.

    ``mapping`` is the one kept for this header (None = new), ``source`` what reports are kept under, ``spellings`` all
    names by which a field may be looked for, by its key.
    """

    head: SheetHead
    place: HeaderPlace
    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    target: Target
    fields: tuple[TargetField, ...]
    needs: tuple[tuple[str, ...], ...]
    guesses: tuple[Guess, ...]
    source: str
    spellings: Mapping[str, str]
    mapping: OwnMapping | None = None
    layout: Layout | None = None


class MappingDesk:
    """``reading`` gives a connection to the store for reading."""

    def __init__(self, data_dir: Path, reading: Callable[[], AbstractContextManager[Connection]]) -> None:
        self.shelf = OwnMappings(data_dir)
        self._reading = reading

    def layouts(self) -> Catalogue:
        """What can be recognised in this data folder."""
        return self.shelf.layouts()

    @staticmethod
    def targets() -> Sequence[Target]:
        """The kinds of tables to choose from."""
        return TARGETS

    @staticmethod
    def target(name: str) -> Target | None:
        """A kind of table by its id."""
        return target(name)

    def listed(self) -> list[Listed]:
        """All mappings with their use, by name."""
        with self._reading() as conn:
            ledger = [batch for batch in batches.ledger(conn) if batch.undone_at is None]
        used: dict[str, list[date]] = {}
        for batch in ledger:
            day = datetime.fromisoformat(batch.imported_at).astimezone().date()
            used.setdefault(batch.layout, []).append(day)
        found = []
        for mapping in self.shelf.all():
            chosen = target_of(mapping.kind, mapping.grain)
            days = used.get(mapping.id, [])
            if chosen is not None:
                found.append(Listed(mapping, chosen, len(days), max(days, default=None)))
        return found

    def listed_with_titles(self) -> list[tuple[Listed, list[str]]]:
        """The same, each with our names of the columns it maps."""
        known = self.layouts()
        return [
            (one, column_titles(one.mapping.columns, field_infos(one.mapping.kind, known))) for one in self.listed()
        ]

    # ---------------------------------------------------------------- a table

    def open(self, path: Path, cancel: threading.Event | None = None) -> list[SheetHead]:
        """The tables of a file, their first rows; raises ReadFault and Cancelled."""
        return read_heads(path, cancel)

    def suggest(
        self,
        head: SheetHead,
        *,
        file_name: str = "",
        place: HeaderPlace | None = None,
        target: Target | None = None,
        layout_id: str = "",
    ) -> Suggestion:
        """The guesses for a table. ``place`` and ``target`` where the owner chose them; ``layout_id``: how the
        program read it, where that is to be corrected."""
        known = self.layouts()
        own = find_own(head.rows, known.own)
        start = _as_read(head, file_name, known, own[0] if own else known.by_id.get(layout_id))
        place = place or (start[1] if start else guess_header(head, _vocabularies(known)))
        headers = headers_at(head, place)
        columns = columns_of(headers, column_values(head, place, len(headers), known), known)
        before = self.shelf.all()
        layout = start[0].layout if start is not None else None
        bare = None if place.height else self._bare(len(headers))
        of = bare or layout
        there = target_of(of.kind, of.grain) if of is not None else None
        if target is None:
            target = there or guess_target(columns, known, before)
        fields = fields_of(target, known)
        here = start is not None and start[1] == place
        if bare is not None and there is target:
            guesses = _from_mapping(bare, f"在“{bare.name}”里这样对过")
        elif start is not None and here and there is target:
            guesses = _from_match(start[0], columns, fields)
        else:
            guesses = guess_columns(columns, target, known, before)
        source = source_of(target.kind, known)
        if layout is not None and layout.kind == target.kind == "report":
            source = layout.source
        kept = bare or (layout.own if layout is not None and here else None)
        return Suggestion(
            head, place, headers, tuple(columns), target, fields, needs_of(target, known), tuple(guesses), source,
            spellings_of(target, known), kept, layout,
        )  # fmt: skip

    def reopen(self, mapping: OwnMapping, wanted: Target | None = None) -> Suggestion:
        """A mapping without a table at hand: its header alone, as one row. ``wanted``: it shall be of another kind."""
        known = self.layouts()
        before = target_of(mapping.kind, mapping.grain)
        chosen = wanted or before
        if chosen is None:
            raise UserFault("这个列映射的种类不认识。", "请删掉它，用一张同样的表重新对一次。")
        columns = columns_of(mapping.headers, [()] * len(mapping.headers), known)
        if chosen is before:
            guesses = _from_mapping(mapping, _SAVED)
        else:
            guesses = guess_columns(columns, chosen, known, self.shelf.all())
        source = mapping.source if mapping.kind == chosen.kind else source_of(chosen.kind, known)
        return Suggestion(
            SheetHead("", ((1, mapping.headers),)), HeaderPlace(0), mapping.headers, tuple(columns), chosen,
            fields_of(chosen, known), needs_of(chosen, known), tuple(guesses), source, spellings_of(chosen, known),
            mapping,
        )  # fmt: skip

    def _bare(self, width: int) -> OwnMapping | None:
        """A mapping for tables without a header and with so many columns: nothing else tells such tables."""
        bare = (one for one in self.shelf.all() if not one.header_rows and len(one.headers) == width)
        return next(bare, None)

    def free_name(self, wanted: str) -> str:
        """This name, with a number behind it where it is taken."""
        return self.shelf.free_name(wanted)

    def try_out(self, mapping: OwnMapping, head: SheetHead, place: HeaderPlace) -> Trial:
        """What the mapping makes of the first rows."""
        return try_out(mapping, head, place, self.layouts())

    def read_before(self, sha256: str) -> list[int]:
        """The imports, not undone, of the very same file, the newest first."""
        with self._reading() as conn:
            return [one.id for one in batches.ledger(conn) if one.sha256 == sha256 and one.undone_at is None]

    def save(self, mapping: OwnMapping) -> OwnMapping:
        """Keep a mapping; raises UserFault saying what is wrong with it."""
        return self.shelf.save(mapping)


def _vocabularies(known: Catalogue) -> list[Vocabulary]:
    return list({id(layout.vocabulary): layout.vocabulary for layout in known.layouts}.values())


def _as_read(
    head: SheetHead, file_name: str, known: Catalogue, layout: Layout | None
) -> tuple[LayoutMatch, HeaderPlace] | None:
    """How the program reads the table by a layout of its own, and where it sees the header."""
    if layout is None:
        return None
    match = recognise(head.rows, head.name, file_name, wanted=layout, layouts=known)
    if not isinstance(match, LayoutMatch) or target_of(match.layout.kind, match.layout.grain) is None:
        return None
    rows = match.mapping.header_rows
    positions = {number: position for position, (number, _) in enumerate(head.rows)}
    if match.layout.own is not None:
        height = match.layout.own.header_rows
        at = positions[rows[height - 1]] if height else -1
        return match, HeaderPlace(at, height)
    first = positions[rows[0]]
    alone = map_columns(head.rows[first][1], layout.vocabulary)
    two = len(rows) > 1 and (alone is None or len(alone.columns) < len(match.mapping.columns))
    return match, HeaderPlace(first + 1, 2) if two else HeaderPlace(first)


def _from_match(match: LayoutMatch, columns: Sequence[Column], fields: Sequence[TargetField]) -> list[Guess]:
    """The columns as they are read now; what cannot be chosen by hand is left open."""
    found = [Guess() for _ in columns]
    by_key = {field.key: field for field in fields}
    why = _SAVED if match.layout.own is not None else _AS_READ
    for column in match.mapping.columns:
        field = by_key.get(column.measure)
        if field is not None and column.index < len(found):
            units = UNITS.get(field.kind, ("",))
            unit = column.unit if column.unit in units else unit_for(column.header, field)
            found[column.index] = Guess(column.measure, unit, why, _SURE)
    return found


def _from_mapping(mapping: OwnMapping, why: str) -> list[Guess]:
    found = [Guess() for _ in mapping.headers]
    for column in mapping.columns:
        found[column.at] = Guess(column.key, column.unit, why, _SURE)
    return found


def with_choices(suggestion: Suggestion, choices: Sequence[tuple[int, str, str]], mapping: OwnMapping) -> OwnMapping:
    """``mapping`` with the columns chosen: (column, field key, unit)."""
    columns = []
    for at, key, unit in choices:
        field, _, group = key.partition(".")
        columns.append(OwnColumn(at, suggestion.headers[at], field, unit, group))
    return replace(mapping, columns=tuple(columns), heads=_sums_orders(suggestion, {one.field for one in columns}))


def _sums_orders(suggestion: Suggestion, mapped: set[str]) -> bool:
    """Orders are summed up from lines as the layout being corrected does; else where lines say what was paid."""
    kind, layout, kept = suggestion.target.kind, suggestion.layout, suggestion.mapping
    if kept is not None and kept.kind == kind:
        return kept.heads
    if layout is not None and layout.kind == kind:
        return layout.heads
    return kind == "records:order_line" and "paid_fen" in mapped
