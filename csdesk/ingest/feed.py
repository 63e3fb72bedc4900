"""Session rows on their way from the reader to the store: streamed once, or kept for the preview.

A file is never read twice. On the command line the loader pulls rows while the file is still being parsed;
for a preview they are cleaned, counted and kept, in memory up to a limit and then in a temporary file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from csdesk.domain.identity import fold
from csdesk.domain.period import Period, from_epoch_day
from csdesk.errors import UserFault
from csdesk.ingest import table_repairs
from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.model import Plan, Problem, RawChunk, SessionChunk
from csdesk.ingest.readers.values import counts_of, translated
from csdesk.ingest.sessions import SessionContext, StagedSessions, stage_sessions
from csdesk.ingest.settle import Settled, shops_text
from csdesk.ingest.sheets import end_stream
from csdesk.ingest.spool import Spool

NextSheet = Callable[[RawChunk], ColumnMapping | None]
"""Tells whether a further sheet, by its first chunk, holds sessions too."""


class SessionFeed:
    """The session rows of a file, all sheets of that layout one after the other. Iterate once, to the end.

    Afterwards the plan has its counts, period, problems and repairs, all but what the loader counts. Raises
    UserFault at the end if not one row could be used, and what the reader raises.
    """

    def __init__(
        self,
        plan: Plan,
        first: RawChunk,
        chunks: Iterator[RawChunk],
        mapping: ColumnMapping,
        *,
        context: SessionContext,
        settled: Settled,
        next_sheet: NextSheet,
    ) -> None:
        self._plan = plan
        self._pending: RawChunk | None = first
        self._chunks = chunks
        self._mapping: ColumnMapping | None = mapping
        self._context = context
        self._settled = settled
        self._next_sheet = next_sheet
        self._parts: list[StagedSessions] = []

    @property
    def shops_in_column(self) -> frozenset[str]:
        """Folded names in the column 店铺, complete after iteration."""
        return frozenset(fold(name) for part in self._parts for name in part.shop_column)

    def end(self) -> None:
        """End the reader, wherever it is; nothing comes after it."""
        end_stream(self._chunks)

    def __iter__(self) -> Iterator[SessionChunk]:
        while self._pending is not None:
            sheet = self._pending.sheet_index
            if self._mapping is None:
                for _ in self._sheet(sheet):
                    pass
            else:
                part = stage_sessions(self._sheet(sheet), self._mapping, self._context)
                part.agents = self._plan.staged.agents
                self._parts.append(part)
                for chunk in part:
                    yield self._with_shops(chunk)
            if self._pending is not None:
                self._mapping = self._next_sheet(self._pending)
        self._finish()

    def _sheet(self, index: int) -> Iterator[RawChunk]:
        """The chunks of one sheet; the first of the next one is left in ``_pending``."""
        chunk = self._pending
        while chunk is not None and chunk.sheet_index == index:
            yield chunk
            chunk = next(self._chunks, None)
        self._pending = chunk

    def _with_shops(self, chunk: SessionChunk) -> SessionChunk:
        shops = chunk.columns["shop"]
        settled = {name: self._settled.of_row(name or "") for name in counts_of(shops)}
        if any(name != used for name, used in settled.items()):
            chunk.columns["shop"] = translated(shops, settled)
        return chunk

    def _finish(self) -> None:
        plan = self._plan
        spans = [part.period for part in self._parts if part.period]
        for part in self._parts:
            rows = part.rows
            plan.rows.add(rows.counts)
            plan.staged.rejected += rows.rejected
            plan.problems.extend(rows.problems)
            plan.problem_count += rows.problem_count
            plan.repairs.extend(rows.repairs)
        plan.repairs += table_repairs.of_rows(plan)
        named = {self._settled.of_row(name) for part in self._parts for name in part.shops}
        if named:
            plan.shop = shops_text(sorted(named))
        if not spans:
            raise UserFault("没有一行能导入：每行都缺会话ID、客服或开始时间。", "请看下面列出的问题，改好后再导入。")
        plan.period = Period(min(span.first for span in spans), max(span.last for span in spans))
        plan.period_from = "content"
        newest = max((part.newest for part in self._parts if part.newest is not None), default=None)
        if newest is not None and plan.exported_at is None:
            plan.exported_at = datetime.combine(from_epoch_day(0), datetime.min.time()) + timedelta(seconds=newest)


class SessionSpool(Spool[SessionChunk]):
    """Cleaned session rows kept between preview and load."""


def sheet_note(sheet: str) -> Problem:
    """A word about a sheet that stands after the sessions and is something else."""
    return Problem(sheet, "", "", "", "这张工作表在会话明细之后，没有导入；请把它单独存成一个文件再导入")
