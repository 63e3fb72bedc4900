"""What a table can be mapped to: the kinds of tables, their fields, and what each kind cannot do without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csdesk.ingest.layouts import RECORDS, Catalogue, FieldInfo, Layout
from csdesk.ingest.own.mapping import FRACTION, PERCENT, OwnColumn, OwnMapping
from csdesk.store.kinds import KINDS

OWN_SOURCE = "own"
"""The source of reports no platform's layout speaks for."""
GROUP_TITLES = {"": "", "invited": "邀请-", "self": "自主-"}
_ENTITIES = {"agent": ("agent", "account", "team", "shop", "platform", "date"), "shop": ("shop", "platform", "date")}
_SHAPED = {  # fields that are no columns of the table themselves, but become some
    "order_head": ("buyer", "goods_fen", "postage_fen", "address", "refund_status", "shop", "platform"),
    "order_line": ("shop", "platform", "buyer", "address", "province", "city", "channel", "seller_note",
                   "shipped_at", "signed_at", "payable_fen", "closed_reason", "agent"),
    "refund": ("goods_refund_fen", "postage_refund_fen", "tax_refund_fen"),
}  # fmt: skip
UNITS = {
    "duration": ("", "秒", "分", "时", "天", "毫秒"),
    "money": ("元", "分", "万元"),
    "rate": ("", PERCENT, FRACTION),
}
"""Kind of field → the units to choose from; the first is what holds when nothing is said."""
_FORMS = {
    "count": "个数", "money": "金额", "rate": "比率", "ratio": "比值",
    "duration": "时长", "number": "数字", "score": "得分", "date": "日期",
    "instant": "日期时间", "integer": "整数", "id": "编号", "boolean": "是/否",
    "rating": "1–5 分", "grade": "1–5 分或好中差评", "nps": "0–10 分", "buyer": "买家（只存加密标识）",
    "address": "地址（只存省和市）", "place": "地区", "word": "固定说法", "masked": "文字",
    "text": "文字",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of table as the owner chooses it. ``hint`` says what one row is."""

    id: str
    title: str
    hint: str
    kind: str
    grain: str


TARGETS = (
    Target("report:agent", "客服报表", "一行一个客服", "report", "agent"),
    Target("report:shop", "店铺报表", "一行一天，全店合计", "report", "shop"),
    Target("sessions", "会话明细", "一行一次会话", "sessions", "session"),
    Target("records:order_head", "订单", "一行一笔订单", "records:order_head", "row"),
    Target("records:order_line", "订单商品", "一行订单里的一件商品", "records:order_line", "row"),
    Target("records:refund", "退款售后", "一行一笔退款", "records:refund", "row"),
    Target("records:review", "商品评价", "一行一条评价", "records:review", "row"),
    Target("records:survey_answer", "满意度调查", "一行一份答卷", "records:survey_answer", "row"),
    Target("records:ticket", "工单", "一行一张工单或投诉", "records:ticket", "row"),
    Target("records:invitation", "邀评记录", "一行一次邀评", "records:invitation", "row"),
)
_BY_ID = {target.id: target for target in TARGETS}


@dataclass(frozen=True, slots=True)
class TargetField:
    """A field to choose. ``key`` has the group suffix; ``form`` says in a word what stands in such a column."""

    key: str
    title: str
    kind: str
    form: str
    is_measure: bool = False
    low: bool = False


def target(name: str) -> Target | None:
    """A kind of table by its id."""
    return _BY_ID.get(name)


def target_of(kind: str, grain: str) -> Target | None:
    """The choice that stands for a layout's kind and grain; None for kinds that cannot be mapped by hand."""
    return next((one for one in TARGETS if one.kind == kind and (kind != "report" or one.grain == grain)), None)


def field_infos(kind: str, known: Catalogue) -> dict[str, FieldInfo]:
    """All fields of a layout kind by id."""
    if kind == "report":
        return dict(known.fields)
    return dict(next(layout.fields for layout in known.layouts if layout.kind == kind))


def source_of(kind: str, known: Catalogue) -> str:
    """The source that tables of a kind are kept under."""
    return OWN_SOURCE if kind == "report" else next(one.source for one in known.layouts if one.kind == kind)


def fields_of(chosen: Target, known: Catalogue) -> tuple[TargetField, ...]:
    """The fields to choose from, who and when first, in the order of the vocabulary."""
    infos = field_infos(chosen.kind, known)
    if chosen.kind != "report":
        record = chosen.kind.removeprefix(RECORDS) if chosen.kind.startswith(RECORDS) else ""
        return tuple(_plain(info) for info in infos.values() if not record or _belongs(record, info.id))
    entities = [_plain(infos[name]) for name in _ENTITIES[chosen.grain]]
    measures: list[TargetField] = []
    for info in infos.values():
        if info.is_measure:
            measures.append(_plain(info))
            if info.grouped:
                for group in ("invited", "self"):
                    title = GROUP_TITLES[group] + info.title
                    measures.append(replace(_plain(info), key=f"{info.id}.{group}", title=title))
    return (*entities, *measures)


def _plain(info: FieldInfo) -> TargetField:
    return TargetField(info.id, info.title, info.kind, _FORMS.get(info.kind, "文字"), info.is_measure, info.low)


def _belongs(record: str, name: str) -> bool:
    kind = KINDS[record]
    stored = name in kind.columns or name == kind.key or name in ("shop", "platform")
    return stored or name in _SHAPED.get(record, ()) or (name == "buyer" and "buyer_key" in kind.columns)


def needs_of(chosen: Target, known: Catalogue) -> tuple[tuple[str, ...], ...]:
    """Groups of fields, of each of which one must be mapped."""
    if chosen.kind == "sessions":
        return (("session_key",), ("agent",), ("started_at",))
    if chosen.kind == "report":
        return (("agent", "account"),) if chosen.grain == "agent" else ()
    return known.record_words.needs[chosen.kind.removeprefix(RECORDS)]


def required_fields(mapping: OwnMapping, known: Catalogue) -> tuple[str, ...]:
    """The mapped fields a table must have to be read by the mapping."""
    chosen = target_of(mapping.kind, mapping.grain)
    needs = needs_of(chosen, known) if chosen else ()
    mapped = {column.key for column in mapping.columns}
    return tuple(name for group in needs for name in group if name in mapped)


def column_titles(columns: Sequence[OwnColumn], infos: dict[str, FieldInfo]) -> list[str]:
    """Our name of each mapped column."""
    return [
        GROUP_TITLES.get(column.group, "") + (infos[column.field].title if column.field in infos else column.field)
        for column in columns
    ]


def own_layout(mapping: OwnMapping, known: Catalogue) -> Layout:
    """The mapping as a layout, beside the program's own."""
    return Layout(
        id=mapping.id,
        name=mapping.name,
        kind=mapping.kind,
        source=mapping.source,
        grain=mapping.grain,
        platform=mapping.platform,
        priority=1000,
        required=frozenset(required_fields(mapping, known)),
        forbidden=frozenset(),
        needs_one_of=frozenset(),
        min_signature=0,
        group_order=(),
        signature=frozenset(),
        words=frozenset(),
        file_name=(),
        sheet_names=frozenset(),
        where="在“列映射”里",
        vocabulary=known.vocabulary,
        fields=field_infos(mapping.kind, known),
        heads=mapping.heads,
        own=mapping,
    )
