"""Read a file and say what it would do to the store, before anything is written.

Every file gets an answer: one plan for each recognised table, or exactly one plan that says in Chinese what
is wrong and what to do.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from csdesk.domain.period import Period
from csdesk.errors import UserFault
from csdesk.ingest import periods, table_repairs
from csdesk.ingest.chat_plan import LAYOUT as CHAT
from csdesk.ingest.chat_plan import as_lines, is_chat, is_chat_table, plan_chat, plan_chat_tables
from csdesk.ingest.correction_marks import CorrectionSheet, Origin, correction_sheet
from csdesk.ingest.detect import LayoutMatch, Unrecognised, recognise
from csdesk.ingest.dsr import industry_means
from csdesk.ingest.evidence import evidence_of_rows, evidence_of_sessions
from csdesk.ingest.feed import SessionFeed, SessionSpool, sheet_note
from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.layouts import Catalogue, Layout, catalogue
from csdesk.ingest.model import (
    BenchmarkCell,
    Given,
    Need,
    Plan,
    Problem,
    RawChunk,
    ReportCell,
    RowCounts,
    Status,
)
from csdesk.ingest.preview import session_readings, without_private
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.sniff import check_name
from csdesk.ingest.readers.source import ChunkStream, read_chunks
from csdesk.ingest.readers.trouble import unreadable
from csdesk.ingest.record_plan import SheetStream, name_shops_by_sheet, plan_records
from csdesk.ingest.reports import ReportTable, read_report
from csdesk.ingest.scratch import is_full, no_room
from csdesk.ingest.sessions import SessionContext
from csdesk.ingest.settle import Evidence, Settled, platform_said, settle_platform, settle_shop, shops_text
from csdesk.ingest.sheets import Rows, end_stream, has_rows, is_filled, is_own_export, until_rows, whole_sheet
from csdesk.ingest.templates import OWN_SHEET
from csdesk.ingest.world import KnownWorld, claim_of, fingerprint_of
from csdesk.safety.buyers import BuyerKeys

OnProgress = Callable[[float], None]

_BLOCK = 1 << 20
_SKIPPED_FAULTS = frozenset({"lock_file", "partial_download", "empty"})


def plan_file(
    path: Path,
    given: Given,
    known: KnownWorld,
    *,
    keys: BuyerKeys,
    cancel: threading.Event | None = None,
    on_progress: OnProgress | None = None,
    lazy: bool = False,
    started: ChunkStream | None = None,
    layouts: Catalogue | None = None,
) -> list[Plan]:
    """The plans of one file, never empty. Raises Cancelled; everything wrong with the file is a status.

    With ``lazy`` the rows of a session file are left in the reader, to be pulled by the loader: fast, but
    counts, period and problems of that plan are complete only after loading. Without it they are kept in a
    spool and the plan is complete at once. ``started``: the file's reader, where it is at work already.
    ``layouts``: what can be recognised, by default the program's own layouts alone.
    """
    layouts = layouts or catalogue()
    plan = Plan(path=str(path), file=path, sha256="", status=Status.FAILED, said=given)
    if given.mapping and layouts.layout(given.mapping) is None:
        names = "、".join([*(layout.name for layout in layouts.own), *(layout.id for layout in layouts.layouts)])
        plan.message = f"没有叫“{given.mapping}”的格式。可以用的有：{names}。"
        return [plan]
    try:
        check_name(path)
        stream = started or read_chunks(path, cancel=cancel, on_progress=on_progress)  # reads while we hash
        plan.stop_reading = stream.close
        plan.sha256, written = _fingerprint(stream.file, path)
        plan.written_at = written
        planner = _Planner(plan, given, known, keys, layouts, lazy=lazy, written=written.replace(microsecond=0))
        return planner.plans(stream)
    except ReadFault as fault:
        plan.status = Status.SKIPPED if fault.kind in _SKIPPED_FAULTS else Status.FAILED
        plan.message = str(fault)
    except OSError as error:
        plan.message = str(no_room(error) if is_full(error) else unreadable(error, path))
    return [plan]


def _fingerprint(opened: Path, path: Path) -> tuple[str, datetime]:
    """(SHA-256 of the bytes, time of last change); ``opened`` is ``path`` or a copy of it."""
    digest = hashlib.sha256()
    with opened.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    written = datetime.fromtimestamp(path.stat().st_mtime)  # noqa: DTZ006  (local clock, as all times here)
    return digest.hexdigest(), written


class _Planner:
    """The plans of one file while its sheets come in."""

    def __init__(
        self,
        blank: Plan,
        given: Given,
        known: KnownWorld,
        keys: BuyerKeys,
        layouts: Catalogue,
        *,
        lazy: bool,
        written: datetime,
    ) -> None:
        self.blank = blank
        self.given = given
        self.known = known
        self.keys = keys
        self.lazy = lazy
        self.written = written
        self.name = blank.file.name.encode("utf-8", "replace").decode("utf-8")  # names may hold letters no text can
        self.layouts = layouts
        self.wanted = layouts.layout(given.mapping) if given.mapping else None
        platforms = {shop.platform for shop in known.shops()}
        self.leaning = platforms.pop() if len(platforms) == 1 else None
        self.from_name = periods.from_file_name(self.name, written)
        self.unknown: list[tuple[str, Unrecognised]] = []
        self.origin: Origin | None = None
        """The import these are corrected rows of."""

    def plans(self, reader: ChunkStream) -> list[Plan]:
        """Go through the sheets."""
        found: list[Plan] = []
        plans = self._plans(_to_its_end(reader, found), found)
        _tell_notes(reader, plans[0])
        return plans

    def _plans(self, stream: Iterator[RawChunk], found: list[Plan]) -> list[Plan]:
        chunk = next(stream, None)
        while chunk is not None:
            if is_own_export(chunk):
                return [self._own_export()]
            corrected = correction_sheet(chunk) if self.origin is None else None
            if corrected is not None:
                more, chunk = self._corrected(corrected, chunk, stream)
                found += more
                continue
            if (self.wanted is None or self.wanted.id == CHAT) and is_chat(chunk):
                more, chunk = plan_chat(self, chunk, stream)
                found += more
                continue
            match = self.recognise_sheet(chunk)
            if match is not None and match.layout.kind == "sessions":
                found.append(self._sessions(chunk, match, stream))
                break
            if match is not None and is_chat_table(match):
                more, chunk = plan_chat_tables(self, chunk, match, stream)
                found += more
                continue
            if match is not None and (match.layout.records or match.layout.kind == "skip"):
                more, chunk = plan_records(self, chunk, match, stream)
                found += more
                continue
            sheet = chunk.sheet
            rows, chunk = whole_sheet(chunk, stream, wanted=match is not None)
            if match is not None:
                found.append(self._report(match, sheet, rows))
        return self._finished(found)

    def recognise_sheet(self, chunk: RawChunk) -> LayoutMatch | None:
        """What the sheet is that begins with ``chunk``, None for a table nobody knows."""
        rows = [(number, row) for number, row in chunk.rows() if is_filled(row)]
        found = recognise(
            rows,
            chunk.sheet,
            self.name,
            platform=self.given.platform,
            leaning=self.leaning,
            wanted=self.wanted,
            layouts=self.layouts,
        )
        if isinstance(found, LayoutMatch):
            return found
        if rows and chunk.sheet not in (OWN_SHEET, *(sheet for sheet, _ in self.unknown[-1:])):
            self.unknown.append((chunk.sheet, found))
        return None

    def _corrected(
        self, corrected: CorrectionSheet, first: RawChunk, stream: Iterator[RawChunk]
    ) -> tuple[list[Plan], RawChunk | None]:
        """(the plans of a sheet of corrected rows, the next sheet's first chunk): read as the rows were at first."""
        origin = corrected.origin
        given = Given(
            self.given.platform or origin.platform,
            self.given.shop or origin.shop or None,
            self.given.period or origin.period,
            self.given.mapping or (origin.layout if self.layouts.layout(origin.layout) else None),
        )
        inner = _Planner(
            replace(self.blank), given, self.known, self.keys, self.layouts, lazy=False, written=self.written
        )
        inner.origin = origin
        sheet = SheetStream(first, stream)
        found: list[Plan] = []
        chunks = (corrected.original(chunk) for chunk in sheet)
        plans = inner._plans(as_lines(chunks) if origin.layout == CHAT else chunks, found)
        sheet.skip()
        return plans, sheet.following

    def _finished(self, found: list[Plan]) -> list[Plan]:
        if not found:
            return [self._unrecognised()]
        if len({plan.sheet for plan in found}) == 1 and self.origin is None:
            for plan in found:
                plan.sheet = ""
        name_shops_by_sheet(found)
        for plan in found:
            if plan.source != "sessions":
                plan.claim = plan.claim or claim_of(plan, plan.sheet)
                self._check_duplicate(plan)
        if self.unknown and found[0].status is Status.IMPORTED:
            names = "、".join(sheet for sheet, _ in self.unknown)
            found[0].message = f"{found[0].message}工作表“{names}”不认识，没有导入。"
        return found

    def new_plan(self, match: LayoutMatch, sheet: str) -> Plan:
        """A plan for a recognised table, empty but for what the file and the layout say."""
        layout, mapping = match.layout, match.mapping
        return replace(
            self.blank,
            status=Status.IMPORTED,
            layout=layout.id,
            layout_name=layout.name,
            source=layout.source,
            sheet=sheet,
            fingerprint=fingerprint_of(mapping.headers),
            exported_at=self.origin.exported_at if self.origin else self.from_name.exported_at,
            said=None if self.origin else self.blank.said,
            corrects=self.origin.batch or None if self.origin else None,
            corrected_sha=self.origin.sha256 if self.origin else "",
            rows=RowCounts(),
            repairs=table_repairs.of_headers(mapping),
            problems=[],
            columns=[],
            sum_checks=list(mapping.notes),
            sums=[],
            needs=[],
            staged=type(self.blank.staged)(),
        )

    def _remembered(self, plan: Plan) -> Given:
        return self.known.answer(plan.fingerprint) or Given()

    # ------------------------------------------------------------ reports

    def _report(self, match: LayoutMatch, sheet: str, rows: Rows) -> Plan:
        layout, mapping = match.layout, match.mapping
        plan = self.new_plan(match, sheet)
        above = [row for number, row in rows if number < min(mapping.header_rows, default=0)]
        below = [row for row in rows if row[0] >= mapping.data_row]
        table = read_report(sheet, below, layout, mapping, self._near())
        preamble = periods.from_cells(above)
        in_sheet = None if sheet == plan.file.stem else periods.from_text(sheet).period  # a csv is its own sheet
        self._settle_period(plan, table, mapping, preamble.period or in_sheet)
        if plan.period is not None:
            table.peers += industry_means(above, Period.of_day(plan.period.last), self.layouts)
        plan.exported_at = plan.exported_at or preamble.exported_at or self.written
        plan.rows, plan.problems, plan.problem_count = table.counts, table.problems, len(table.problems)
        plan.repairs += [*table.repair_list(), *table_repairs.of_rows(plan)]
        plan.sum_checks += table.sum_checks
        plan.sums = table.sums
        plan.columns = [without_private(reading) for reading in table.readings]
        settled = self.settle_plan(plan, layout, evidence_of_rows(self.name, table))
        plan.staged.rejected = table.rejected(mapping)
        self._stage(plan, table, settled)
        if not plan.staged.reports and plan.status is Status.IMPORTED:
            plan.status = Status.SKIPPED
            plan.message = "表里只有表头、汇总行或空行，没有可导入的数据。请核对导出时选的日期和客服，再导出一次。"
        return plan

    def _near(self) -> datetime:
        """The time a file is of, for days written without a year: the end of its own period, else when it was made."""
        for period in (self.given.period, self.from_name.period):
            if period is not None:
                return datetime(period.last.year, period.last.month, period.last.day)
        return self.from_name.exported_at or self.written

    def _settle_period(self, plan: Plan, table: ReportTable, mapping: ColumnMapping, inside: Period | None) -> None:
        """Business days: the rows' own dates; else what the owner said; else lines above the table; else the name."""
        own = [row.period for row in table.rows if row.period is not None]
        if own:
            plan.period = Period(min(p.first for p in own), max(p.last for p in own))
            plan.period_from = "content"
            if len(own) == len(table.rows):
                return
        for period, origin in (
            (self.given.period, "given"),
            (inside, "content"),
            (self.from_name.period, "file_name"),
        ):
            if period is not None and (not own or self.origin is None):
                if not own:
                    plan.period, plan.period_from = period, origin
                for row in table.rows:
                    row.period = row.period or period
                return
        if own:
            self._reject_undated(table, mapping)
        elif table.rows:
            plan.needs.append(Need("period", "表里和文件名里都没有日期。这些数据是哪一天（或哪一段）的？"))

    def _reject_undated(self, table: ReportTable, mapping: ColumnMapping) -> None:
        for row in [row for row in table.rows if row.period is None]:
            table.rows.remove(row)
            table.counts.rejected += 1
            table.row_problem(row.row, mapping.column("date"), "没有日期，这一行没有导入")

    def settle_plan(self, plan: Plan, layout: Layout, evidence: Evidence) -> Settled:
        """Settle platform and shop of a plan, or note the question."""
        remembered = self._remembered(plan)
        platform, note = settle_platform(
            self.given.platform, layout.platform, evidence, self.known, remembered.platform
        )
        plan.platform = platform
        told = evidence.platform_column or platform_said(self.given.platform, layout.platform, evidence)
        plan.leans = not told and remembered.platform is None
        always = layout.own.shop if layout.own is not None else ""
        settled = settle_shop(self.given.shop or always or None, platform, evidence, self.known)
        if settled.need is not None and remembered.shop:
            settled = settle_shop(remembered.shop, platform, evidence, self.known)
        if settled.need is not None:
            plan.needs.append(settled.need)
        plan.shop = settled.shop or None
        plan.shop_assumed = settled.assumed
        plan.message = note + settled.note
        return settled

    def _stage(self, plan: Plan, table: ReportTable, settled: Settled) -> None:
        """Cells for the store; a plan with open questions stages nothing."""
        if plan.needs:
            plan.status = Status.NEEDS_INPUT
            plan.message = " ".join(need.question for need in plan.needs)
            return
        used: Counter[str] = Counter()
        delayed: set[date] = set()
        for row in table.rows:
            assert row.period is not None  # noqa: S101  (settled above)
            shop = settled.of_row(row.shop)
            used[shop] += 1
            if row.agent is not None:
                plan.staged.agents[row.agent.name] = row.agent
            plan.staged.reports += [
                ReportCell(row.row, shop, row.agent, row.period, measure, value)
                for measure, value in sorted(row.values.items())
            ]
            plan.staged.reports += [
                ReportCell(row.row, shop, row.agent, row.period, measure, None, True) for measure in sorted(row.delayed)
            ]
            if row.delayed:
                delayed.update(row.period)
        plan.provisional_days = tuple(sorted(delayed))
        if used:
            plan.shop = shops_text(sorted(used))
            plan.shop_assumed = settled.assumed and set(used) == {settled.shop}
        for peer in table.peers:
            period = peer.period or plan.period
            if period is not None:
                plan.staged.benchmarks += [
                    BenchmarkCell(settled.shop or next(iter(used), ""), peer.peer, period, measure, value)
                    for measure, value in sorted(peer.values.items())
                ]

    # ------------------------------------------------------------ sessions

    def _sessions(self, chunk: RawChunk, match: LayoutMatch, stream: Iterator[RawChunk]) -> Plan:
        plan = self.new_plan(match, chunk.sheet)
        mapping = match.mapping
        chunk, stream = until_rows(chunk, mapping, stream)
        plan.columns = [without_private(reading) for reading in session_readings(match, chunk)]
        if not has_rows(chunk, mapping):
            end_stream(stream)
            plan.status = Status.SKIPPED
            plan.message = "这是一张空白的会话明细，还没有填数据。请一行填一条会话，存好后再拖进来。"
            return plan
        settled = self.settle_plan(plan, match.layout, evidence_of_sessions(self.name, mapping, chunk))
        # The owner's word yields only to a 店铺 column with several shops, which shows at the end of the file.
        said = settled.shop if self.given.shop and mapping.column("shop") else ""
        if said:
            settled = replace(settled, rows_decide=True)
        plan.claim = claim_of(plan, plan.sheet if self.origin else "")
        if plan.needs:
            end_stream(stream)
            plan.status = Status.NEEDS_INPUT
            plan.message = " ".join(need.question for need in plan.needs)
            return plan
        if self._check_duplicate(plan):
            end_stream(stream)
            return plan
        feed = SessionFeed(
            plan,
            chunk,
            stream,
            mapping,
            context=SessionContext(self.keys),
            settled=settled,
            next_sheet=lambda first: self._further_sessions(plan, first),
        )
        plan.staged.session_fields = frozenset("buyer_mask" if name == "buyer" else name for name in mapping.fields())
        if self.lazy and not said:
            plan.staged.sessions = feed
        else:
            self._spool(plan, feed, said)
        return plan

    def _spool(self, plan: Plan, feed: SessionFeed, said: str) -> None:
        """Read everything now; a file without one usable row is a failure that lists why."""
        try:
            spool = SessionSpool(iter(feed))
            plan.staged.sessions = spool
            if said and len(feed.shops_in_column) < 2:
                spool.all_to(said)
                plan.shop = said
        except ReadFault:
            raise
        except UserFault as fault:
            plan.status = Status.FAILED
            plan.message = str(fault)
        plan.exported_at = plan.exported_at or self.written

    def _further_sessions(self, plan: Plan, chunk: RawChunk) -> ColumnMapping | None:
        if chunk.sheet == OWN_SHEET:
            return None
        match = self.recognise_sheet(chunk)
        if match is None:
            return None
        if match.layout.kind == "sessions":
            return match.mapping
        plan.problems.append(sheet_note(chunk.sheet))
        plan.problem_count += 1
        return None

    # ------------------------------------------------------------ endings

    def _check_duplicate(self, plan: Plan) -> bool:
        if plan.status is not Status.IMPORTED:
            return False
        batch = self.known.duplicate(plan.sha256, plan.claim)
        if batch is None:
            return False
        plan.status = Status.DUPLICATE
        plan.message = f"这个文件以前导入过（批次 {batch}），没有重复写入。想重新导入，请先撤销那一批。"
        if plan.source == "sessions" or plan.staged.record_rows:
            rows = self.known.rows_of(batch)
            plan.rows = RowCounts(rows.read, rejected=rows.rejected, summary=rows.summary)
        plan.rows.duplicate = plan.rows.read - plan.rows.rejected - plan.rows.summary
        plan.staged = type(plan.staged)()
        return True

    def _own_export(self) -> Plan:
        self.blank.status = Status.SKIPPED
        self.blank.message = "这是 CSDesk 自己导出的表，数据已经在里面了，没有导入。请拖入平台后台导出的原表。"
        return self.blank

    def _unrecognised(self) -> Plan:
        plan = self.blank
        plan.status = Status.UNRECOGNISED
        best = max((found for _, found in self.unknown), key=lambda found: len(found.understood), default=None)
        asked = f"按“{self.wanted.name}”读不通：" if self.wanted else ""
        if best is None or len(best.understood) < 2:
            plan.message = (
                f"{asked}认不出这是哪一种导出：前 30 行里没有找到认识的列名。"
                "请拖入赤兔、生意参谋、飞鸽、千牛、抖店等后台导出的表，或按我们的模板填写的表。"
            )
            return plan
        understood = "、".join(best.understood[:12])
        plan.message = f"{asked}认不出这是哪一种导出。看懂的列只有：{understood}。{_advice(best)}"
        return plan


def _to_its_end(reader: ChunkStream, found: Sequence[Plan]) -> Iterator[RawChunk]:
    """The chunks; a plan whose rows are pulled later gets the reader's notes when it has read to the end."""
    with reader:
        yield from reader
    if found:
        _tell_notes(reader, found[0])


def _tell_notes(reader: ChunkStream, plan: Plan) -> None:
    """What the reader had to say beside the rows (replaced letters, damaged sheets) belongs among the problems."""
    plan.problems += [Problem("", "", "", "", note) for note in reader.notes]
    plan.problem_count += len(reader.notes)
    reader.notes.clear()


_BY_HAND = "如果是自己做的表，在窗口的导入预览里点“自己对列”。"


def _advice(found: Unrecognised) -> str:
    """What the owner can do about a table that is none of the known exports."""
    near = found.near
    if near is None:
        return f"请从平台后台重新导出，不要删改表头。{_BY_HAND}"
    missing = f"，还缺 {'、'.join(found.missing)}" if found.missing else ""
    return f"最像“{near.name}”{missing}。请核对表头，或重新取一份：{near.where}。{_BY_HAND}"
