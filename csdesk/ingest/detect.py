"""Which known export a table is: every layout gathers reasons, the strongest wins, ties by the layouts' priority."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from csdesk.domain.platforms import Platform
from csdesk.ingest.headers import ColumnMapping, find_header, map_repeated, spelling, squeeze
from csdesk.ingest.layouts import Catalogue, Layout, catalogue
from csdesk.ingest.model import RawCell
from csdesk.ingest.own.lookup import find_own, force_own

Rows = Sequence[tuple[int, Sequence[RawCell]]]

_STRONG, _WEAK, _NAME, _SHEET, _GROUPS, _SAID, _LEANING, _SESSIONS, _RECORDS = 4, 1, 6, 4, 8, 8, 3, 30, 20
_CERTAIN = 1000
_VAGUE_AGENT = frozenset(
    map(squeeze, ("姓名", "昵称", "员工姓名", "账号", "帐号", "账户名称", "帐户名", "客服ID", "账号ID"))
)
# measures that other lists than service reports have too
_COMMON_MEASURES = frozenset(
    (
        "sales_amount", "net_sales_amount", "sales_quantity", "sales_buyers", "sales_orders",
        "avg_order_value", "items_per_order", "price_per_item", "refund_amount", "refund_buyers",
        "refund_quantity", "work_days", "messages", "online_seconds", "rest_seconds", "offline_seconds",
        "ordering_amount", "sales_share", "rated_4", "rated_3",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayoutMatch:
    """A recognised table: its layout, what its columns are, and why (Chinese, for the preview)."""

    layout: Layout
    mapping: ColumnMapping
    score: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Unrecognised:
    """Why a table is none of the known exports.

    ``understood`` are headers we know, ``near`` the closest layout, ``missing`` what would complete it.
    """

    understood: list[str] = field(default_factory=list)
    near: Layout | None = None
    missing: list[str] = field(default_factory=list)


def recognise(
    rows: Rows,
    sheet: str,
    file_name: str,
    *,
    platform: Platform | None = None,
    leaning: Platform | None = None,
    wanted: Layout | None = None,
    layouts: Catalogue | None = None,
) -> LayoutMatch | Unrecognised:
    """Recognise a table by its first rows (sheet row, cells), sheet name and file name.

    ``platform`` (said by the owner) speaks for its layouts, ``leaning`` (that of all known shops) a little;
    ``wanted`` (chosen by the owner) is taken if its columns can be found at all. A table the owner mapped by hand
    (``layouts.own``) is that, whatever else it looks like.
    """
    known = layouts or catalogue()
    own = _own(rows, known, wanted)
    if own is not None:
        return own
    mappings = _mappings(rows, known)
    candidates = () if wanted and wanted.own else (wanted,) if wanted else known.layouts
    matches: list[LayoutMatch] = []
    for layout in candidates:
        mapping = mappings.get(id(layout.vocabulary))
        if mapping is None:
            continue
        match = _match(layout, mapping, sheet, file_name, (platform, leaning))
        if match is not None and (wanted or _plausible(match, file_name)):
            matches.append(match)
    if matches:
        return max(matches, key=lambda match: (match.score, match.layout.priority, match.layout.id))
    return _explain(mappings, known)


def _own(rows: Rows, known: Catalogue, wanted: Layout | None) -> LayoutMatch | None:
    if wanted is not None and wanted.own is None:
        return None
    found = find_own(rows, known.own if wanted is None else (wanted,))
    if found is None and wanted is not None:
        found = force_own(rows, wanted)
    return None if found is None else LayoutMatch(found[0], found[1], _CERTAIN, (found[2],))


def _mappings(rows: Rows, known: Catalogue) -> dict[int, ColumnMapping | None]:
    found: dict[int, ColumnMapping | None] = {}
    for layout in known.layouts:
        key = id(layout.vocabulary)
        if key not in found:
            found[key] = find_header(rows, layout.vocabulary)
    return found


def _match(
    layout: Layout,
    mapping: ColumnMapping,
    sheet: str,
    file_name: str,
    platforms: tuple[Platform | None, Platform | None],
) -> LayoutMatch | None:
    fields = mapping.fields()
    has_agent = "agent" in fields or (layout.kind == "report" and "account" in fields)
    missing = [name for name in layout.required if name not in fields and not (name == "agent" and has_agent)]
    if missing or layout.forbidden & fields or ("agent" in layout.forbidden and has_agent):
        return None
    named = name_hints(layout, file_name) or squeeze(sheet) in layout.sheet_names
    enough = layout.needs_one_of | layout.enough_if_named if named else layout.needs_one_of
    if enough and not enough & fields:
        return None
    if layout.group_order and not any(column.group for column in mapping.columns):
        repeated = map_repeated(mapping.headers, layout.vocabulary, layout.group_order)
        if repeated is not None:
            repeated.header_rows = mapping.header_rows
            repeated.notes = ["没有 总/邀请/自主 一行，按列的先后认作 总、邀请、自主"]
            mapping = repeated
    score, reasons = _evidence(layout, mapping, sheet, file_name)
    said, leaning = platforms
    if said is not None and said is layout.platform:
        score += _SAID
        reasons.append(f"你说是{said.label}")
    elif said is None and leaning is not None and leaning is layout.platform:
        score += _LEANING
    return LayoutMatch(layout, mapping, score, tuple(reasons))


def _evidence(layout: Layout, mapping: ColumnMapping, sheet: str, file_name: str) -> tuple[int, list[str]]:
    marks = {spelling(header) for header in mapping.headers if header}
    strong = sum(mark in layout.signature for mark in marks)
    weak = sum(mark in layout.words for mark in marks)
    score = strong * _STRONG + weak * _WEAK
    reasons = [f"有 {strong} 个它特有的列名"] if strong else []
    hints = name_hints(layout, file_name)
    if hints:
        score += _NAME + len(hints) - 1
        reasons.append(f"文件名里有“{hints[0]}”")
    if squeeze(sheet) in layout.sheet_names:
        score += _SHEET
        reasons.append(f"工作表叫“{sheet}”")
    if layout.group_order and any(column.group for column in mapping.columns):
        score += _GROUPS
        reasons.append("有 总/邀请/自主 分组")
    if layout.kind == "sessions":
        score += _SESSIONS
        reasons.append("一行是一条会话")
    if layout.records:
        score += _RECORDS
        reasons.append("一行是一条记录")
    return score, reasons


def name_hints(layout: Layout, file_name: str) -> list[str]:
    """Words of the layout that stand in the file name."""
    folded = unicodedata.normalize("NFKC", file_name).casefold()
    return [word for word in layout.file_name if word.casefold() in folded]


def _plausible(match: LayoutMatch, file_name: str) -> bool:
    """Whether a table is a service report at all, and not some list that happens to share two headers."""
    layout, mapping = match.layout, match.mapping
    if layout.kind == "sessions":
        return True
    if layout.records or layout.kind == "skip":
        return _plausible_rows(match, file_name)
    measures = {column.field for column in mapping.columns if layout.fields[column.field].is_measure}
    own = measures - _COMMON_MEASURES
    marks = {spelling(header) for header in mapping.headers if header}
    strong, weak = len(marks & layout.signature), len((marks & layout.words) - {"日期", "销售额"})
    named = bool(name_hints(layout, file_name))
    if not measures or (not named and strong < layout.min_signature):
        return False
    if layout.grain == "shop":
        has_date = mapping.column("date") is not None
        return (strong + weak >= 2 and (has_date or named or strong >= 2)) or (named and has_date)
    agent = mapping.column("agent") or mapping.column("account")
    if agent is not None and squeeze(agent.header) in _VAGUE_AGENT:
        return len(own) >= 2 or (bool(own) and (named or strong >= 2))
    return len(own) >= 2 or bool(strong) or (named and bool(measures)) or len(measures) >= 3


def _plausible_rows(match: LayoutMatch, file_name: str) -> bool:
    """Whether a table is one of records: its own headers, or some of the usual ones and a name that says so."""
    layout = match.layout
    marks = {spelling(header) for header in match.mapping.headers if header}
    strong, weak = len(marks & layout.signature), len(marks & layout.words)
    if strong < layout.min_signature:
        return False
    return strong >= 2 or strong + weak >= 3 or (strong + weak >= 1 and bool(name_hints(layout, file_name)))


def _explain(mappings: dict[int, ColumnMapping | None], known: Catalogue) -> Unrecognised:
    found = [(one, mappings[id(one.vocabulary)]) for one in known.layouts if one.kind != "skip"]
    best = max(
        ((layout, mapping) for layout, mapping in found if mapping is not None),
        key=lambda pair: (len(pair[1].columns), pair[0].priority),
        default=None,
    )
    if best is None:
        return Unrecognised()
    layout, mapping = best
    fields = mapping.fields()
    missing = [layout.fields[name].title for name in sorted(layout.required - fields)]
    return Unrecognised([column.header for column in mapping.columns], layout, missing)
