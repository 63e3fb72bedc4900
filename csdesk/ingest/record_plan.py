"""The plans of a sheet that is kept row by row: one for each platform that stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from csdesk.domain.identity import fold
from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest import cells, table_repairs
from csdesk.ingest.detect import LayoutMatch
from csdesk.ingest.evidence import evidence_of_sessions
from csdesk.ingest.layouts import Layout
from csdesk.ingest.model import (
    ColumnReading,
    Given,
    Need,
    Plan,
    RawChunk,
    RecordChunk,
    RowCounts,
    Status,
)
from csdesk.ingest.periods import Dates
from csdesk.ingest.preview import without_private
from csdesk.ingest.record_columns import how_read
from csdesk.ingest.records import HEADS, ORDERS, PLATFORM, RecordContext, StagedRecords, private_columns
from csdesk.ingest.settle import Evidence, Settled, platform_of_words, settle_shop, shop_in_name, shops_text
from csdesk.ingest.sheets import end_stream, has_rows, until_rows
from csdesk.ingest.spool import Spool
from csdesk.ingest.world import KnownWorld, claim_of
from csdesk.safety.buyers import BuyerKeys
from csdesk.safety.masking import mask_nick, mask_text
from csdesk.safety.personal import is_cipher

PRIVATE_NOTE = "隐私，不保存"
_EPOCH = datetime(1970, 1, 1)
_CHINA_HOURS = 8
_EPOCH_NAME = re.compile(r"(?<!\d)(1[4-9]\d{8}|2[0-2]\d{8})(?:\d{3})?(?!\d)")
_NO_ROW = "没有一行能导入。"
_NO_TIME = "表里没有下单或付款时间，文件名里也没有日期。这些订单是哪一天（或哪一段）的？"
_STREAMED = frozenset((".csv", ".txt", ".tsv"))
_SHOP_SHEET = re.compile(r"[A-Za-z\u4e00-\u9fff·&]{2,12}")
_NO_SHOP = re.compile(
    r"(?i)sheet|工作表|表|订单|明细|数据|汇总|合计|报|导出|退款|售后|售前|退货|付款|支付|发货|收货|完成|关闭|取消|成功|待|未|已|"
    r"[一二三四五六七八九十初本上下]月|周|季|年|第|旧|测试|副本|客服|评价|客户|买家|商品|宝贝|主单|子单|main|order|data|test|all"
)
_DATED = frozenset(("order_id", "created_at", "paid_at"))


class Planner(Protocol):
    """What a plan of records needs from the planner of the file."""

    given: Given
    known: KnownWorld
    keys: BuyerKeys
    name: str
    from_name: Dates
    lazy: bool
    written: datetime

    def new_plan(self, match: LayoutMatch, sheet: str) -> Plan:
        """A plan for a recognised table, empty but for what the file and the layout say."""
        ...

    def recognise_sheet(self, chunk: RawChunk) -> LayoutMatch | None:
        """What the sheet is that begins with ``chunk``, None for a table nobody knows."""
        ...

    def settle_plan(self, plan: Plan, layout: Layout, evidence: Evidence) -> Settled:
        """Settle platform and shop of a plan, or note the question."""
        ...


class SheetStream:
    """The chunks of one sheet; afterwards ``following`` is the first of the next one."""

    def __init__(self, first: RawChunk, stream: Iterator[RawChunk]) -> None:
        self._sheet = first.sheet_index
        self._stream = stream
        self.following: RawChunk | None = first

    def __iter__(self) -> Iterator[RawChunk]:
        while self.following is not None and self.following.sheet_index == self._sheet:
            chunk = self.following
            yield chunk
            self.following = next(self._stream, None)

    def end(self) -> None:
        """End the reader, wherever it is."""
        end_stream(self._stream)

    def skip(self) -> None:
        """Pass over what is left of the sheet."""
        for _ in self:
            pass


def plan_records(
    planner: Planner, first: RawChunk, match: LayoutMatch, stream: Iterator[RawChunk]
) -> tuple[list[Plan], RawChunk | None]:
    """(the plans of this sheet, the next sheet's first chunk)."""
    layout, mapping = match.layout, match.mapping
    plan = planner.new_plan(match, first.sheet)
    first, stream = until_rows(first, mapping, stream)
    sheet = SheetStream(first, stream)
    if layout.kind == "skip":
        sheet.skip()
        plan.status, plan.message = Status.SKIPPED, layout.notice
        return [plan], sheet.following
    plan.columns = record_readings(match, first)
    if not has_rows(first, mapping):
        sheet.skip()
        plan.status = Status.SKIPPED
        plan.message = f"这是一张空白的{layout.name}，还没有数据。"
        return [plan], sheet.following
    undated = layout.records == HEADS and not mapping.fields() & _DATED
    if undated:
        settle_period(planner, plan, _NO_TIME)
    evidence = evidence_of_sessions(planner.name, mapping, first)
    in_sheet = "" if first.sheet == plan.file.stem else shop_in_name(first.sheet, planner.known.shops(layout.platform))
    if in_sheet and not evidence.shop_column:
        evidence.shop_column[in_sheet] += 1
    settled = planner.settle_plan(plan, layout, evidence)
    if plan.needs:
        sheet.skip()
        plan.status = Status.NEEDS_INPUT
        plan.message = " ".join(need.question for need in plan.needs)
        return [plan], sheet.following
    words = evidence.platform_column
    if words and all(platform_of_words(word) for word in words):
        plan.message = settled.note  # every row says its platform
    said = bool(planner.given.shop)
    if said and mapping.column("shop"):  # the owner's word yields to a 店铺 column with several shops
        settled = replace(settled, rows_decide=True)
    if plan.exported_at is None:
        plan.exported_at = exported_in_name(planner.name)
    span = plan.period if undated else None
    staged = StagedRecords(sheet, mapping, layout, RecordContext(planner.keys, settled.shop, span=span))
    plan.claim = _claim(plan)
    plan.staged.record_rows = layout.records
    one_table = first.sheet == plan.file.stem and plan.file.suffix.lower() in _STREAMED
    if planner.lazy and one_table and not said and not mapping.column(PLATFORM):
        plan.staged.records = dict.fromkeys(_kinds(layout), ())
        plan.staged.records[layout.records] = _Feed(plan, staged, settled, sheet)
        return [plan], None
    plans = _spooled(planner, plan, staged, settled)
    return plans, sheet.following


def settle_period(planner: Planner, plan: Plan, question: str) -> None:
    """The days of rows that have no date of their own: what the owner said, else the file's name, else a question."""
    for period, origin in ((planner.given.period, "given"), (planner.from_name.period, "file_name")):
        if period is not None:
            plan.period, plan.period_from = period, origin
            return
    plan.needs.append(Need("period", question))


def _claim(plan: Plan) -> str:
    """Told before a row is read: neither the period nor the shops of the rows belong to it."""
    return claim_of(plan, "" if plan.sheet == plan.file.stem else plan.sheet)


def _kinds(layout: Layout) -> list[str]:
    return [layout.records, HEADS] if layout.heads else [layout.records]


def exported_in_name(name: str) -> datetime | None:
    """The export time where a file is named by epoch seconds (1791430000_….csv)."""
    found = _EPOCH_NAME.search(name)
    if found is None:
        return None
    moment = _EPOCH + timedelta(seconds=int(found[1]) + _CHINA_HOURS * 3600)
    return moment if 2014 <= moment.year <= 2040 else None


def instant_of(seconds: int) -> datetime:
    """Epoch seconds of the shop's clock as a moment."""
    return _EPOCH + timedelta(seconds=seconds)


class _Feed:
    """Chunks straight from the reader into the loader; the plan is complete when they are used up."""

    def __init__(self, plan: Plan, staged: StagedRecords, settled: Settled, sheet: SheetStream) -> None:
        self._plan = plan
        self._staged = staged
        self._settled = settled
        self._sheet = sheet

    def end(self) -> None:
        """End the reader, wherever it is; nothing comes after it."""
        self._sheet.end()

    def __iter__(self) -> Iterator[RecordChunk]:
        usable = False
        for chunk in self._staged:
            usable = True
            yield _in_shops(chunk, self._settled)
        _complete(self._plan, self._staged, self._settled)
        if not usable:
            raise UserFault(_NO_ROW, "请看下面列出的问题，改好后再导入。")


def _in_shops(chunk: RecordChunk, settled: Settled) -> RecordChunk:
    shops = chunk.columns["shop"]
    used = {name: settled.of_row(name or "") for name in set(shops)}
    if any(name != shop for name, shop in used.items()):
        chunk.columns["shop"] = [used[name] for name in shops]
    return chunk


def _complete(plan: Plan, staged: StagedRecords, settled: Settled) -> None:
    """Counts, period, shops and findings, once all rows were read."""
    rows, shaper = staged.rows, staged.shaper
    plan.rows = RowCounts(rows.counts.read, rejected=rows.counts.rejected, summary=rows.counts.summary)
    plan.problems = [*plan.problems, *rows.problems]  # the reader may have had something to say already
    plan.problem_count += rows.problem_count
    plan.repairs += [*rows.repairs, *table_repairs.of_rows(plan)]
    plan.staged.rejected = rows.rejected
    plan.staged.agents.update(shaper.agents)
    if shaper.days is not None:
        plan.period = Period(*map(from_epoch_day, shaper.days))
        plan.period_from = "content"
    if plan.exported_at is None and shaper.newest is not None:
        plan.exported_at = instant_of(shaper.newest)
    named = sorted({settled.of_row(shop) for shop in shaper.shops})
    if named:
        plan.shop = shops_text(named)


def _spooled(planner: Planner, plan: Plan, staged: StagedRecords, settled: Settled) -> list[Plan]:
    """Read everything now; rows of several platforms become a plan for each."""
    layout = staged.layout
    said = settled.shop if planner.given.shop else ""
    spools: dict[Platform, Spool[RecordChunk]] = {}
    own = plan.platform or Platform.TAOBAO
    fixed = planner.given.platform is not None or layout.platform is not None
    for chunk in staged:
        for platform, part in _by_platform(chunk, own, fixed=fixed):
            spools.setdefault(platform, Spool()).add(_in_shops(part, settled))
    _complete(plan, staged, settled)
    plan.exported_at = plan.exported_at or planner.written
    if not spools:
        plan.status = Status.SKIPPED if not plan.rows.rejected else Status.FAILED
        plan.message = _NO_ROW + ("请看列出的问题，改好后再导入。" if plan.rows.rejected else "表里只有表头或汇总行。")
        return [plan]
    if said and len({fold(shop) for shop in staged.shaper.shop_column}) < 2:
        for spool in spools.values():
            spool.all_to(said)
        plan.shop = said
    plans = []
    for number, (platform, spool) in enumerate(spools.items()):
        one = plan if number == 0 else _twin(plan)
        if platform is not one.platform:
            one.platform = platform
            one.claim = _claim(replace(one, shop=settled.shop, period=None))
        one.staged.records = dict.fromkeys(_kinds(layout), ())
        one.staged.records[layout.records] = spool
        plans.append(one)
    if len(plans) > 1:
        _share_out(planner, plans, said)
    return plans


def _twin(plan: Plan) -> Plan:
    """A second plan of the same table; what was wrong with it is told by the first."""
    staged = type(plan.staged)(record_rows=plan.staged.record_rows, agents=plan.staged.agents)
    return replace(
        plan, rows=RowCounts(), repairs=[], problems=[], problem_count=0, sum_checks=[], needs=[], staged=staged
    )


def _share_out(planner: Planner, plans: list[Plan], said: str) -> None:
    """Rows, period and shops of each platform's own plan."""
    for plan in plans:
        read = 0
        shops: set[str] = set()
        for kind, chunks in plan.staged.records.items():
            for chunk in chunks:
                read += len(chunk.rows) if chunk.kind == kind else 0
                shops |= set(chunk.columns["shop"])
        plan.rows.read = read + plan.rows.rejected + plan.rows.summary
        if shops == {""} or not shops:
            settled = settle_shop(said or None, plan.platform or Platform.TAOBAO, Evidence(planner.name), planner.known)
            shops = {settled.shop}
        plan.shop = shops_text(sorted(shops))


def _by_platform(chunk: RecordChunk, own: Platform, *, fixed: bool) -> list[tuple[Platform, RecordChunk]]:
    """The chunk cut by the platform its rows name; rows that name none belong to the plan's."""
    words = chunk.columns.pop(PLATFORM, None)
    if words is None or fixed:
        return [(own, chunk)]
    known = {word: (platform_of_words(word) if word else None) or own for word in set(words)}
    if len(set(known.values())) == 1:
        return [(next(iter(known.values())), chunk)]
    parts = []
    for platform in dict.fromkeys(known[word] for word in words):
        mine = [known[word] is platform for word in words]
        columns = {
            name: [value for value, keep in zip(column, mine, strict=True) if keep]
            for name, column in chunk.columns.items()
        }
        rows = [row for row, keep in zip(chunk.rows, mine, strict=True) if keep]
        parts.append((platform, RecordChunk(chunk.kind, rows, columns)))
    return parts


def name_shops_by_sheet(plans: Sequence[Plan]) -> None:
    """Orders of several shops in one workbook, a sheet for each: where nothing else says whose they are, the sheets do.

    Only where every such sheet is called something that can be a shop, and not 已付款, 3月 or 订单明细.
    """
    mine = [plan for plan in plans if plan.staged.record_rows in ORDERS and plan.shop_assumed]
    mine = [plan for plan in mine if plan.status is Status.IMPORTED]
    sheets = {plan.sheet for plan in mine}
    if len(sheets) < 2 or not all(_SHOP_SHEET.fullmatch(name) and not _NO_SHOP.search(name) for name in sheets):
        return
    for plan in mine:
        for rows in plan.staged.records.values():
            if isinstance(rows, Spool):
                rows.all_to(plan.sheet)
        plan.shop, plan.shop_assumed = plan.sheet, False
        plan.message = f"{plan.message}店铺取自工作表名“{plan.sheet}”。"


# ---------------------------------------------------------------- the preview


def record_readings(match: LayoutMatch, chunk: RawChunk) -> list[ColumnReading]:
    """The columns as the preview shows them: what each is taken for, and that nothing of people is kept."""
    rows = [row for number, row in chunk.rows() if number >= match.mapping.data_row]
    found: dict[int, ColumnReading] = {}
    for column in match.mapping.columns:
        info = match.layout.fields[column.field]
        sample = _sample(rows, column.index)
        if info.kind == "buyer":
            sample = mask_nick(sample) if sample else ""
        elif info.kind == "address":
            sample = "***" if sample else ""
        found[column.index] = ColumnReading(column.header, column.field, info.title, mask_text(sample), how_read(info))
    private = private_columns(match.mapping, RecordContext(BuyerKeys(bytes(32))).words)
    for other in match.mapping.unmatched:
        sample = _sample(rows, other.index)
        if not other.header and not sample:
            continue
        reading = without_private(ColumnReading(other.header, None, "", sample, other.note))
        if other.index in private or is_cipher(sample):
            reading = replace(reading, sample="***" if sample else "", note=PRIVATE_NOTE)
        elif reading.note == "不认识":
            reading = replace(reading, note="不需要，不导入")
        found[other.index] = reading
    return [found[index] for index in sorted(found)]


def _sample(rows: Sequence[Sequence[object]], index: int) -> str:
    return next((cells.show(row[index]) for row in rows if index < len(row) and cells.absent(row[index]) is None), "")
