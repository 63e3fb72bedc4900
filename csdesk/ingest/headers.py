"""Find the header of a table and say what each column is.

A header is compared in a bare form: NFKC, no brackets, spaces, arrows, punctuation or case. Units in
brackets are kept aside, badges like 延 and suffixes like (新标) are dropped only if the full text is unknown.
Matching is by whole alias, never by part: 相对满意度 is not 满意度.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from csdesk.ingest import cells
from csdesk.ingest.model import RawCell

_UNITS = {
    "秒": "秒", "s": "秒", "sec": "秒", "秒钟": "秒", "单位:秒": "秒", "单位秒": "秒",
    "分": "分", "分钟": "分", "min": "分", "m": "分", "单位:分": "分", "单位:分钟": "分",
    "时": "时", "小时": "时", "h": "时", "hour": "时", "单位:小时": "时",
    "天": "天", "日": "天", "毫秒": "毫秒", "ms": "毫秒",
    "元": "元", "¥": "元", "rmb": "元", "单位:元": "元", "万元": "万元", "单位:万元": "万元",
    "%": "%", "百分比": "%", "百分数": "%", "单位:%": "%",
    "人": "人", "个": "个", "条": "条", "次": "次", "件": "件", "字": "字", "单": "单", "笔": "笔", "人次": "次",
}  # fmt: skip
_BRACKETS = str.maketrans("[]【】{}「」〔〕", "()()()()()")
_PART = re.compile(r"\(([^()]*)(?:\)|$)")
_NOISE = re.compile(r"新|新标|新版|新口径|旧版?|延|延迟|延迟统计|含延迟|原.+|数据延迟|t\+\d|人工|平均|必填|选填|可选")
_LONGEST = 100  # longer cells are no headers
_WIDEST = 400  # columns looked at; real exports have under a hundred
_TAIL_UNIT = re.compile(r"^(.+?)(秒|分钟|小时|元|%|s)$")
_DAY_TAIL = re.compile(r"\.\d+$")  # pandas numbers repeated headers: 满意.1


@dataclass(frozen=True, slots=True)
class HeaderName:
    """A header taken apart: ``keys`` from the fullest to the barest comparison form, and the unit found."""

    text: str
    keys: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One understood column. ``group`` is "" | "invited" | "self"; ``exact`` 0 is the surest match."""

    index: int
    header: str
    field: str
    kind: str
    unit: str = ""
    group: str = ""
    exact: int = 0

    @property
    def measure(self) -> str:
        """Id as stored: the field with its group suffix."""
        return f"{self.field}.{self.group}" if self.group else self.field


@dataclass(frozen=True, slots=True)
class UnmatchedColumn:
    """A column that is not imported, and why."""

    index: int
    header: str
    note: str = "不认识"


@dataclass(slots=True)
class ColumnMapping:
    """What a header row means. ``header_rows`` are sheet rows (1-based); data begin after the last of them."""

    columns: list[MappedColumn]
    unmatched: list[UnmatchedColumn]
    header_rows: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def data_row(self) -> int:
        """The first sheet row after the header."""
        return self.header_rows[-1] + 1 if self.header_rows else 1

    def column(self, field_id: str) -> MappedColumn | None:
        """The column of a field without group, or None."""
        return next((c for c in self.columns if c.field == field_id and not c.group), None)

    def fields(self) -> frozenset[str]:
        """All field ids present."""
        return frozenset(column.field for column in self.columns)


def squeeze(text: str) -> str:
    """Comparison form: letters and digits only, NFKC, case-folded. Idempotent."""
    folded = cells.plain(cells.plain(text).casefold())
    return "".join(char for char in folded if char.isalnum() or char == "%")


_ARROW = re.compile(r"-*[>→⇒]+|至(?=最终|次日|当日)")


def spelling(text: str) -> str:
    """Like :func:`squeeze`, but an arrow stays: 询单->付款率 is one tool's spelling, 询单付款率 another's."""
    flat = cells.plain(cells.plain(text).casefold())
    return squeeze(flat) + (">" if _ARROW.search(flat) else "")


def take_apart(cell: object) -> HeaderName:
    """Keys and unit of a header cell of any type; an empty cell has no keys."""
    return HeaderName("", (), "") if cell is None else _taken_apart(str(cell)[:_LONGEST])


@lru_cache(maxsize=32768)
def _taken_apart(raw: str) -> HeaderName:
    text = " ".join(cells.plain(raw).translate(_BRACKETS).split())
    unit, without_unit, without_noise = "", text, text
    for part in _PART.finditer(text):
        inner = "".join(part[1].split()).casefold()
        if inner in _UNITS:
            unit = unit or _UNITS[inner]
            without_unit = without_unit.replace(part[0], "")
            without_noise = without_noise.replace(part[0], "")
        elif _NOISE.fullmatch(inner):
            without_noise = without_noise.replace(part[0], "")
    keys: list[str] = []
    _extend(keys, (squeeze(text), squeeze(without_unit), squeeze(without_noise)))
    badge = re.sub(r"^(?:延迟?|新|实时)\s*(?=\S)", "", without_noise)
    _extend(keys, (squeeze(badge), squeeze(_DAY_TAIL.sub("", badge))))
    for key in tuple(keys):
        tail = _TAIL_UNIT.match(key)
        if tail:
            _extend(keys, (tail[1],))
            unit = unit or _UNITS[tail[2]]
    return HeaderName(text, tuple(keys), unit)


def _extend(keys: list[str], more: Iterable[str]) -> None:
    keys.extend(key for key in more if key and key not in keys)


@dataclass(frozen=True, slots=True)
class FieldAlias:
    """Where an alias leads: the field, its kind, whether it may be grouped, and its rank among the aliases."""

    field: str
    kind: str
    grouped: bool = False
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Aliases in comparison form → fields; group words → "" | "invited" | "self"."""

    aliases: Mapping[str, FieldAlias]
    groups: Mapping[str, str]

    def match(self, name: HeaderName, group: str | None = None) -> tuple[FieldAlias, str, int] | None:
        """(alias, group, exactness) of a header, or None. ``group`` is that of the row above."""
        for exact, key in enumerate(name.keys):
            alias = self.aliases.get(key)
            if alias is not None and alias.field:
                return alias, (group or "") if alias.grouped else "", exact
            if alias is not None:
                return None
        words = tuple(self.groups)
        for key in name.keys:
            found = self._flattened(key) if key.startswith(words) or key.endswith(words) else None
            if found is not None:
                return found[0], found[1], len(name.keys)
        return None

    def _flattened(self, key: str) -> tuple[FieldAlias, str] | None:
        """邀请-发出评价数 or 发出评价数(邀请) in one row."""
        for word, group in self.groups.items():
            for rest in (key.removeprefix(word), key.removesuffix(word)):
                if rest and rest != key:
                    alias = self.aliases.get(rest)
                    if alias is not None and alias.grouped:
                        return alias, group
        return None

    def extended(self, more: Mapping[str, FieldAlias]) -> Vocabulary:
        """This vocabulary with a layout's own words on top."""
        return Vocabulary({**self.aliases, **more}, self.groups)


def find_header(
    rows: Sequence[tuple[int, Sequence[RawCell]]], vocabulary: Vocabulary, *, reach: int = 30
) -> ColumnMapping | None:
    """The best header among the first ``reach`` rows (sheet row, cells), or None if none has two known columns.

    One or two header rows; a repeated header and an explanation row after it belong to it.
    """
    rows = [(number, row[:_WIDEST]) for number, row in rows[: reach + 3]]
    best: tuple[tuple[int, int], int, bool, ColumnMapping] | None = None
    for position, (_, row) in enumerate(rows[:reach]):
        above = rows[position - 1][1] if position else None
        for groups in [None] if above is None else [None, above]:
            mapping = map_columns(row, vocabulary, groups)
            if mapping is None:
                continue
            score = (len(mapping.columns), -position)
            if best is None or score > best[0]:
                best = (score, position, groups is not None, mapping)
    if best is None:
        return None
    _, position, two, mapping = best
    used = [rows[position - 1][0]] if two else []
    used.append(rows[position][0])
    used.extend(rows_to_skip(rows, position, mapping))
    mapping.header_rows = tuple(used)
    return mapping


def map_columns(
    row: Sequence[RawCell], vocabulary: Vocabulary, above: Sequence[RawCell] | None = None
) -> ColumnMapping | None:
    """What a row means as a header, with the row above as group names if given; None below two known columns."""
    groups: list[str | None] = [None] * len(row)
    labels: list[RawCell] = list(row)
    if above is not None:
        spread = _group_row(above, vocabulary)
        if spread is None:
            return None
        groups, fillers = spread
        labels = [
            cell if not _blank(cell) else filler for cell, filler in zip(row, _padded(fillers, len(row)), strict=True)
        ]
        groups = _padded(groups, len(row))
    texts = [cell for cell in row if isinstance(cell, str) and not _blank(cell)]
    if len(texts) < 2:
        return None
    mapping = assign(labels, groups, vocabulary)
    return mapping if len(mapping.columns) >= 2 else None


def map_repeated(labels: Sequence[RawCell], vocabulary: Vocabulary, order: Sequence[str]) -> ColumnMapping | None:
    """Groups by position where the group row is lost: every grouped header stands there ``len(order)`` times."""
    counts: dict[str, int] = {}
    groups: list[str | None] = []
    for cell in labels:
        hit = vocabulary.match(take_apart(cell)) if isinstance(cell, str) else None
        if hit is None or not hit[0].grouped:
            groups.append(None)
            continue
        seen = counts.get(hit[0].field, 0)
        counts[hit[0].field] = seen + 1
        groups.append(order[seen] if seen < len(order) else None)
    if not counts or set(counts.values()) != {len(order)}:
        return None
    return assign(labels, groups, vocabulary)


def _blank(cell: object) -> bool:
    return cell is None or not str(cell).strip()


def _padded(items: Sequence[str | None], length: int) -> list[str | None]:
    return [*items, *[None] * (length - len(items))][:length]


def _group_row(above: Sequence[RawCell], vocabulary: Vocabulary) -> tuple[list[str | None], list[str | None]] | None:
    """(group of each column, label of columns whose header cell is merged over both rows), or None if no group row."""
    groups: list[str | None] = []
    fillers: list[str | None] = []
    current: str | None = None
    seen = 0
    for cell in above:
        filler = None
        if not _blank(cell):
            keys = take_apart(cell).keys
            word = next((vocabulary.groups[key] for key in keys if key in vocabulary.groups), None)
            current, seen = word, seen + (word is not None)
            filler = str(cell) if word is None else None
        groups.append(current)
        fillers.append(filler)
    return (groups, fillers) if seen else None


def assign(labels: Sequence[RawCell], groups: Sequence[str | None], vocabulary: Vocabulary) -> ColumnMapping:
    """Columns by label and group; of two columns for one measure the surer spelling wins."""
    found: dict[str, tuple[MappedColumn, int]] = {}
    unmatched: list[UnmatchedColumn] = []
    headers: list[str] = []
    for index, (cell, group) in enumerate(zip(labels, groups, strict=True)):
        name = take_apart(cell)
        headers.append(name.text)
        hit = vocabulary.match(name, group) if isinstance(cell, str) else None
        if hit is None:
            unmatched.append(UnmatchedColumn(index, name.text, "不认识" if name.text else "没有表头"))
            continue
        alias, own_group, exact = hit
        column = MappedColumn(index, name.text, alias.field, alias.kind, name.unit, own_group, exact)
        rival = found.get(column.measure)
        if rival is None:
            found[column.measure] = (column, alias.rank)
            continue
        loser, winner = column, rival[0]
        if (exact, alias.rank) < (rival[0].exact, rival[1]):
            loser, winner = rival[0], column
            found[column.measure] = (column, alias.rank)
        unmatched.append(UnmatchedColumn(loser.index, loser.header, f"与“{winner.header}”是同一指标，只用一列"))
    columns = sorted((column for column, _ in found.values()), key=lambda c: c.index)
    unmatched.sort(key=lambda c: c.index)
    return ColumnMapping(columns, unmatched, headers=tuple(headers))


def is_repeated_header(row: Sequence[RawCell], mapping: ColumnMapping) -> bool:
    """Whether a data row is the header once more (concatenated files, page breaks)."""
    same = known = 0
    for column in mapping.columns:
        cell = row[column.index] if column.index < len(row) else None
        known += 1
        same += isinstance(cell, str) and squeeze(cell) == squeeze(column.header)
    return known > 0 and same * 5 >= known * 4


_MARK_KINDS = frozenset({"id", "instant", "date"})
_VALUE_KINDS = frozenset({"count", "money", "rate", "ratio", "duration", "number"})


def rows_to_skip(rows: Sequence[tuple[int, Sequence[RawCell]]], position: int, mapping: ColumnMapping) -> list[int]:
    """Sheet rows right below the header in ``rows[position]`` that repeat or explain it."""
    skipped: list[int] = []
    for sheet_row, row in rows[position + 1 : position + 3]:
        if not (is_repeated_header(row, mapping) or _is_explanation(row, mapping)):
            break
        skipped.append(sheet_row)
    return skipped


def _is_explanation(row: Sequence[RawCell], mapping: ColumnMapping) -> bool:
    """A row of words under the header: text in columns of numbers and not one value among them."""
    words = 0
    for column in mapping.columns:
        cell = row[column.index] if column.index < len(row) else None
        if column.kind in _MARK_KINDS and not _blank(cell) and any(char.isdigit() for char in str(cell)):
            return False  # an order number or a date: a row of its own, however odd the rest
        if column.kind not in _VALUE_KINDS:
            continue
        if cells.absent(cell) is cells.MISSING and _blank(cell):
            continue
        if not isinstance(cell, str) or cells.absent(cell) is not None:
            return False
        if any(char.isdigit() for char in cells.plain(cell)) and (
            cells.read_number(cell).state is cells.State.VALUE or cells.read_duration(cell).state is cells.State.VALUE
        ):
            return False
        words += 1
    return words >= 2 or (words == 1 and _sparse(row))


def _sparse(row: Sequence[RawCell]) -> bool:
    return sum(not _blank(cell) for cell in row) == 1
