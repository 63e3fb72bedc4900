"""Missing values, and what they cost: which metrics do without how many rows. Read off the declarations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from csdesk.analysis.quality.frame import Loss, Missing
from csdesk.domain.filters import Filter
from csdesk.domain.platforms import Platform
from csdesk.ingest.layouts import catalogue
from csdesk.metrics.declaration import MetricDefinition, source_title
from csdesk.metrics.definitions import DISTINCT, METRICS
from csdesk.metrics.facts import derive
from csdesk.metrics.inputs import report_measures, session_fields
from csdesk.metrics.quantities import Reported
from csdesk.metrics.rules import State, apply
from csdesk.store import blanks, records, sessions, shops
from csdesk.store.database import Connection
from csdesk.store.kinds import KINDS, SESSION

_NOBODY_WROTE = "买家没有写"
MEANINGS: Mapping[str, str] = {
    "rating": "买家没有评价",
    "comment": _NOBODY_WROTE,
    "order_id": "没有订单",
    "paid_fen": "没有付款",
    "first_response": "没有回复",
    "avg_response": "没有回复",
    "buyer_mask": "没有买家昵称",
    "channel": "没有渠道",
    "append_text": "没有追评",
    "reply_text": "没有回复",
    "replied_at": "没有回复",
    "paid_at": "没有付款",
    "shipped_at": "没有发货",
    "signed_at": "没有收货",
    "refund_fen": "没有退款",
    "refund_status": "没有退款",
    "closed_reason": "没有关闭",
    "seller_note": "没有备注",
    "solved_at": "还没解决",
    "finished_at": "还没完结",
    "rated_at": "没有评价",
    "nps": "没有回答",
    "csat": "没有回答",
    "remark": "没有备注",
    "sku": "没有规格",
}
"""Columns of rows in which an empty cell is an answer and no lack."""

_OWN_TITLES = {
    "is_gift": "是否赠品", "partial": "是否部分退款", "intervened": "平台介入", "is_default": "系统默认评价",
    "is_complaint": "是否投诉", "from_buyer": "谁发的", "agent": "客服", "buyer_mask": "买家", "text": "内容",
    "session_key": "会话ID", "items": "评分项", "total": "总分", "inspector": "抽检人",
}  # fmt: skip
"""Columns that no layout names by itself."""


def of_rows(conn: Connection) -> list[Missing]:
    """Columns of every kind of rows that is there, those without a gap left away."""
    found = []
    for kind in KINDS.values():
        if not records.count(conn, kind, Filter()):
            continue
        masks = blanks.session_masks(conn) if kind is SESSION else []
        for field, rows, lacking, empty in records.missing_values(conn, kind, Filter()):
            if not lacking and not empty:
                continue
            meaning = MEANINGS.get(field, "")
            losses = _session_losses(field, masks, 0 if meaning else empty) if kind is SESSION else ()
            found.append(
                Missing(
                    kind.name, kind.title, field, title_of(kind.name, field), rows, lacking, empty, 0, meaning, losses
                )
            )
    return found


@cache
def title_of(kind: str, field: str) -> str:
    """Chinese name of a column, as the layouts of the kind call it."""
    for layout in catalogue().layouts:
        if layout.kind in (f"records:{kind}", "sessions" if kind == SESSION.name else ""):
            for column in layout.template:
                if column.field in (field, {"buyer_mask": "buyer"}.get(field)):
                    return column.title.partition("(")[0].partition("（")[0]
            if field in layout.fields:
                return layout.fields[field].title
    for layout in catalogue().layouts:
        if layout.kind != "report" and field in layout.fields and layout.fields[field].title:
            return layout.fields[field].title
    return _OWN_TITLES.get(field, field)


def _session_losses(field: str, masks: list[tuple[int, int]], empty: int) -> tuple[Loss, ...]:
    losses = []
    for metric in DISTINCT:
        if metric.sessions is None or field not in session_fields(metric.id):
            continue
        needs = metric.sessions.needs
        rows = sum(
            number for mask, number in masks
            if field not in (has := set(sessions.field_names(mask))) and not any(has.issuperset(one) for one in needs)
            and any(field in one for one in needs)
        )  # fmt: skip
        if empty and all(field in one for one in needs):
            rows += empty
        if rows:
            losses.append(Loss(metric.id, metric.name, rows))
    return tuple(losses)


def of_reports(conn: Connection) -> list[Missing]:
    """Measures of reports, by source: empty and delayed cells of the files that have the column."""
    platforms = {shop.id: shop.platform for shop in shops.all_shops(conn)}
    rows: dict[tuple[str, str], int] = defaultdict(int)
    empty: dict[tuple[str, str], int] = defaultdict(int)
    late: dict[tuple[str, str], int] = defaultdict(int)
    losses: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cells in blanks.report_cells(conn):
        columns = frozenset(cells.given) | frozenset(cells.late)
        for measure in columns:
            key = (cells.source, measure)
            waiting = cells.late.get(measure, 0)
            blank = cells.rows - cells.given.get(measure, 0) - waiting
            rows[key] += cells.rows
            empty[key] += blank
            late[key] += waiting
            if blank + waiting:
                for metric in _lost(cells.source, platforms[cells.shop_id], columns, measure):
                    losses[key][metric] += blank + waiting
    return [
        Missing(
            "report", source_title(source), measure, measure_title(measure), rows[key], 0, empty[key], late[key], "",
            tuple(Loss(metric, METRICS[metric].name, number) for metric, number in losses[key].items()),
        )
        for key in sorted(rows)
        for source, measure in (key,)
        if empty[key] or late[key]
    ]  # fmt: skip


@cache
def _lost(source: str, platform: Platform, columns: frozenset[str], measure: str) -> tuple[str, ...]:
    """Metrics a report with these columns gives, and does not give without this one."""
    return tuple(
        metric.id
        for metric in DISTINCT
        if measure in report_measures(metric.id, source, platform)
        and _gives(metric, source, platform, columns)
        and not _gives(metric, source, platform, columns - {measure})
    )


def _gives(metric: MetricDefinition, source: str, platform: Platform, columns: frozenset[str]) -> bool:
    measures = {name: Reported(1.0) for name in columns}
    derive(measures)
    parts = apply(metric.rules_of(source, platform), measures, ())
    return parts is not None and parts.state in (State.WHOLE, State.CONTRADICTORY, State.UNWEIGHTED)


def measure_title(measure: str) -> str:
    """Chinese name of a measure, its group put before it."""
    name, _, group = measure.partition(".")
    info = catalogue().fields.get(name)
    title = info.title if info else name
    return {"invited": "邀请-", "self": "自主-"}.get(group, "") + title
