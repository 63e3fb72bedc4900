"""Guesses which column is which field, each with its reason; the owner decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csdesk.ingest.headers import Vocabulary, take_apart
from csdesk.ingest.layouts import Catalogue
from csdesk.ingest.model import RawCell
from csdesk.ingest.own.mapping import PERCENT, OwnMapping, comparison
from csdesk.ingest.own.rules import is_coarse_place, private_reason
from csdesk.ingest.own.targets import TARGETS, UNITS, Target, TargetField, fields_of, needs_of, target_of
from csdesk.ingest.own.values import Profile, fits, profile

_SIMILAR = 0.6
_SAME, _BEFORE, _CLOSE, _VALUE = 100, 98, 50, 30


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column probably is: ``key`` of a field ("" = nothing), its unit, why, and how sure (0–100)."""

    key: str = ""
    unit: str = ""
    reason: str = ""
    sure: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the owner's table, as guesses see it. ``private``: why it must not be mapped ("" if it may)."""

    header: str
    values: Sequence[RawCell]
    seen: Profile
    private: str = ""


def columns_of(headers: Sequence[str], values: Sequence[Sequence[RawCell]], known: Catalogue) -> list[Column]:
    """Look at every column once."""
    return [
        Column(header, column, profile(column), private_reason(header, column, known))
        for header, column in zip(headers, values, strict=True)
    ]


def guess_target(columns: Sequence[Column], known: Catalogue, own: Sequence[OwnMapping] = ()) -> Target:
    """The kind of table most of whose columns and needs are understood by name; else a report of agents."""

    def rank(chosen: Target) -> tuple[int, int]:
        keys = {guess.key for guess in guess_columns(columns, chosen, known, own, by_value=False) if guess.sure >= 85}
        met = sum(bool(keys & set(group)) for group in needs_of(chosen, known))
        return (len(keys) + met, met)

    ranked = sorted(TARGETS, key=rank, reverse=True)
    return ranked[0]


def guess_columns(
    columns: Sequence[Column],
    chosen: Target,
    known: Catalogue,
    own: Sequence[OwnMapping] = (),
    *,
    by_value: bool = True,
) -> list[Guess]:
    """One guess a column; no field is guessed twice. ``by_value``: similar names and mere values count too."""
    fields = {field.key: field for field in fields_of(chosen, known)}
    vocabulary = _vocabulary(chosen, known)
    before = _before(chosen, own)
    shapes = _shapes(vocabulary, fields) if by_value else []
    offers: list[tuple[int, int, Guess]] = []
    for index, column in enumerate(columns):
        for guess in _offers(column, fields, vocabulary, before, shapes, by_value=by_value):
            if not column.private or is_coarse_place(column.header, fields[guess.key].kind):
                offers.append((-guess.sure, index, guess))
    found = [Guess() for _ in columns]
    taken: set[str] = set()
    for _, index, guess in sorted(offers, key=lambda offer: offer[:2]):
        if not found[index].key and guess.key not in taken:
            found[index] = guess
            taken.add(guess.key)
    return found


def unit_for(header: str, field: TargetField) -> str:
    """The unit a header names, as far as the field has a choice of units."""
    units = UNITS.get(field.kind, ("",))
    named = take_apart(header).unit
    if field.kind == "rate":
        return PERCENT if named == "%" and field.low else ""
    return named if named in units else units[0]


def spellings_of(chosen: Target, known: Catalogue) -> dict[str, str]:
    """Field → every name it goes by, for searching."""
    found: dict[str, list[str]] = {}
    for text, alias in _vocabulary(chosen, known).aliases.items():
        found.setdefault(alias.field, []).append(text)
    return {key: " ".join(names) for key, names in found.items()}


def _vocabulary(chosen: Target, known: Catalogue) -> Vocabulary:
    if chosen.kind == "report":
        return known.vocabulary
    return next(layout.vocabulary for layout in known.layouts if layout.kind == chosen.kind)


def _before(chosen: Target, own: Sequence[OwnMapping]) -> dict[str, tuple[str, str, str]]:
    """Header in comparison form → (field, unit, name of the mapping) as the owner mapped it elsewhere."""
    found: dict[str, tuple[str, str, str]] = {}
    for mapping in own:
        if target_of(mapping.kind, mapping.grain) is chosen and mapping.header_rows:
            for column in mapping.columns:
                found.setdefault(comparison([column.header])[0], (column.key, column.unit, mapping.name))
    return found


def _offers(
    column: Column,
    fields: dict[str, TargetField],
    vocabulary: Vocabulary,
    before: dict[str, tuple[str, str, str]],
    shapes: Sequence[tuple[str, str, frozenset[str]]],
    *,
    by_value: bool,
) -> list[Guess]:
    found: list[Guess] = []
    name = take_apart(column.header) if column.header else None
    kept = before.get(comparison([column.header])[0]) if column.header else None
    if kept is not None and kept[0] in fields:
        found.append(Guess(kept[0], kept[1], f"在“{kept[2]}”里这样对过", _BEFORE))
    hit = vocabulary.match(name) if name is not None else None
    if hit is not None:
        alias, group, exact = hit
        field = fields.get(f"{alias.field}.{group}" if group else alias.field)
        if field is not None:
            fitting = fits(field.kind, column.seen)
            reason = "列名一样" if exact == 0 else "列名去掉单位和括号后一样"
            found.append(
                Guess(
                    field.key,
                    unit_for(column.header, field),
                    reason if fitting else f"{reason}，但{column.seen.words}",
                    _SAME - exact - alias.rank // 8 if fitting else _CLOSE - 5,
                )
            )
    if by_value and not found and name is not None and name.keys:
        found += _similar(column, name.keys[-1], fields, shapes)
    if by_value and not found:
        found += _by_value(column, fields)
    return found


# ---------------------------------------------------------------- similar names


def _shapes(vocabulary: Vocabulary, fields: dict[str, TargetField]) -> list[tuple[str, str, frozenset[str]]]:
    """(field, alias, its pairs of letters) of everything that can be chosen."""
    return [(alias.field, text, _pairs(text)) for text, alias in vocabulary.aliases.items() if alias.field in fields]


def _pairs(text: str) -> frozenset[str]:
    return frozenset((*text, *(text[at : at + 2] for at in range(len(text) - 1))))


def _similar(
    column: Column, text: str, fields: dict[str, TargetField], shapes: Sequence[tuple[str, str, frozenset[str]]]
) -> list[Guess]:
    """The closest fields whose kind the values fit, best first."""
    mine = _pairs(text)
    best: dict[str, float] = {}
    for key, _alias, theirs in shapes:
        likeness = 2 * len(mine & theirs) / (len(mine) + len(theirs))
        if likeness >= _SIMILAR and likeness > best.get(key, 0.0) and fits(fields[key].kind, column.seen):
            best[key] = likeness
    ranked = sorted(best, key=lambda key: -best[key])[:3]
    return [
        Guess(
            key,
            unit_for(column.header, fields[key]),
            f"列名和“{fields[key].title}”相近，{column.seen.words}",
            int(_CLOSE + 30 * best[key]),
        )
        for key in ranked
    ]


# ---------------------------------------------------------------- values alone

_OF_VALUES = {
    "date": ("date", "started_at", "created_at", "answered_at", "opened_at", "sent_at", "written_at", "applied_at"),
    "instant": ("started_at", "created_at", "answered_at", "opened_at", "sent_at", "written_at", "applied_at", "date"),
    "id": ("session_key", "order_id", "refund_id", "review_id", "answer_id", "ticket_id", "invite_id"),
}


def _by_value(column: Column, fields: dict[str, TargetField]) -> list[Guess]:
    """When and which, where the values alone say it; nobody is guessed from mere words or numbers."""
    if column.seen.form == "id" and not column.seen.unique:
        return []
    keys = [key for key in _OF_VALUES.get(column.seen.form, ()) if key in fields][:1]
    return [Guess(key, "", f"{column.seen.words}，像“{fields[key].title}”", _VALUE) for key in keys]
