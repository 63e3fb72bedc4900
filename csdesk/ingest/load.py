"""Carrying out a plan: one transaction, one batch; and taking a batch back.

The state of the store always equals importing the batches that are not undone, in whatever order.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import compress
from pathlib import PurePath
from typing import Any

from csdesk.domain.identity import fold
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.errors import Cancelled, UserFault
from csdesk.ingest.findings import findings_of
from csdesk.ingest.model import (
    AgentRef,
    Given,
    Plan,
    RecordChunk,
    RejectedRow,
    ReportCell,
    RowCounts,
    SessionChunk,
    Staged,
    Status,
)
from csdesk.ingest.natural_keys import KeyMaker
from csdesk.ingest.readers.values import counts_of, translated
from csdesk.ingest.world import KnownShop, claim_of
from csdesk.safety.masking import mask_text
from csdesk.store import agents, answers, batches, import_findings, rejected_rows, removal, shops
from csdesk.store.database import Store
from csdesk.store.identities import AgentMore, Identities
from csdesk.store.kinds import KINDS, SESSION, SUMMED, RecordKind
from csdesk.store.record_facts import RecordWriter
from csdesk.store.report_facts import BENCHMARKS, MEASURES, Facts

_EPOCH = datetime(1970, 1, 1)
_STREAMING_SHARE = 0.8  # of the time a load takes; the rest is comparing, summing and committing
_NO_ROW = "没有一行能导入。请看列出的问题，改好后再导入。"
_NO_KEY = "没有编号，分不清是哪一条。"
_NOTHING_NEW = "这个文件里的数据都已经导入过，没有新增内容。"


def load(
    store: Store,
    plan: Plan,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[float], None] | None = None,
    dry_run: bool = False,
    demo: bool = False,
    delays: Mapping[str, int] | None = None,
) -> RowCounts:
    """Write everything ``plan`` holds, or nothing.

    Fills ``plan.batch`` and ``plan.rows`` (inserted, updated, duplicate; read is their sum with rejected and
    summary), and ``plan.period`` for session files. A plan that brings nothing new becomes DUPLICATE, with a batch
    all the same, so that undoing the other one keeps its rows. ``dry_run`` does everything and takes it back
    (``plan.batch`` stays None). ``on_progress`` gets fractions up to 1. ``delays``: days until a measure is
    final, by id; the layouts' own by default.

    Raises Cancelled (within half a second of ``cancel``), ReadFault of a file that breaks while it streams in,
    StoreUnavailable; nothing is left behind then.
    """
    if plan.status is not Status.IMPORTED or plan.platform is None:
        raise ValueError(f"this plan has nothing to load: {plan.status} {plan.platform}")
    try:
        delays = _delays() if delays is None else delays
        counts = _write(store, plan, cancel, on_progress, dry_run=dry_run, demo=demo, delays=delays)
    except _NothingToLoad:
        plan.status = Status.FAILED
        plan.message += _NO_ROW
        return plan.rows
    except BaseException:
        _end_readers(plan.staged)
        raise
    if on_progress is not None:
        on_progress(1.0)
    return counts


def _write(
    store: Store,
    plan: Plan,
    cancel: threading.Event | None,
    on_progress: Callable[[float], None] | None,
    *,
    dry_run: bool,
    demo: bool,
    delays: Mapping[str, int],
) -> RowCounts:
    with store.writing(cancel, keep=not dry_run) as conn:
        batch_id = batches.begin(conn, {**_ledger_line(plan, demo), "corrects": _corrected_batch(conn, plan)})
        writer = _Loading(conn, plan, batch_id, cancel)
        writer.reports(delays)
        writer.benchmarks()
        writer.records(on_progress)
        writer.rejected()
        writer.findings()
        counts = writer.finish()
        _check_cancelled(cancel)
        if writer.is_empty:
            raise _NothingToLoad
        _remember(conn, plan)
    if not dry_run:
        plan.batch = batch_id
    return counts


def _remember(conn: sqlite3.Connection, plan: Plan) -> None:
    """Keep what the owner said about files with these headers (platform, shop, mapping; a period is never kept)."""
    if plan.said is not None and plan.fingerprint:
        said = {"platform": plan.said.platform, "shop": plan.said.shop, "mapping": plan.said.mapping}
        answers.remember(conn, plan.fingerprint, {kind: str(value) for kind, value in said.items() if value})


def undo(store: Store, batch_id: int) -> RowCounts:
    """Take a batch back; returns the row counts its import had. Raises UserFault if there is nothing to undo."""
    with store.writing() as conn:
        batch = batches.get(conn, batch_id)
        if batch is None:
            raise UserFault(f"没有编号为 {batch_id} 的导入记录。", "请在导入记录里查看编号。")
        if batch.undone_at is not None:
            raise UserFault(f"编号 {batch_id} 的导入已经撤销过了。")
        removal.take_back(conn, batch_id)
    return _counts_of(batch)


def remove_demo(store: Store) -> int:
    """Remove the example data wholly, ledger lines included; returns the number of imports it was."""
    with store.writing() as conn:
        return removal.erase_demo(conn)


class StoreWorld:
    """What the planner wants to know, answered by the store (see :class:`csdesk.ingest.world.KnownWorld`).

    Example shops are no evidence about the owner's files, nor his shops about example files (``demo``).
    """

    def __init__(self, store: Store, *, demo: bool = False) -> None:
        self._store = store
        self._demo = demo

    def shops(self, platform: Platform | None = None) -> Sequence[KnownShop]:
        """The known shops, of one platform or all, with the folded names of their agents."""
        with self._store.reading() as conn:
            people: dict[int, set[str]] = {}
            for agent in agents.all_agents(conn):
                people.setdefault(agent.shop_id, set()).add(fold(agent.name))
            return [
                KnownShop(shop.platform, shop.file_name, shop.assumed, frozenset(people.get(shop.id, ())))
                for shop in shops.all_shops(conn)
                if platform in (None, shop.platform) and shop.is_demo == self._demo
            ]

    def duplicate(self, sha256: str, claim: str) -> int | None:
        """The batch, not undone, that has read the same bytes as the same thing."""
        with self._store.reading() as conn:
            return batches.find_duplicate(conn, sha256, claim)

    def rows_of(self, batch: int) -> RowCounts:
        """The row counts of a batch when it was imported."""
        with self._store.reading() as conn:
            found = batches.get(conn, batch)
        return _counts_of(found) if found else RowCounts()

    def answer(self, fingerprint: str) -> Given | None:
        """What the owner said about files with these headers before."""
        with self._store.reading() as conn:
            known = answers.remembered(conn, fingerprint)
        if not known:
            return None
        platform = known.get("platform")
        return Given(Platform(platform) if platform else None, known.get("shop"), None, known.get("mapping"))


class _NothingToLoad(Exception):  # never leaves this module
    """Every row was rejected: no batch is made."""


@dataclass(frozen=True, slots=True)
class _Stream:
    """The rows of one kind while they come in."""

    kind: RecordKind
    writer: RecordWriter
    keys: KeyMaker


class _Loading:
    """One load while it runs."""

    def __init__(self, conn: sqlite3.Connection, plan: Plan, batch_id: int, cancel: threading.Event | None) -> None:
        self._conn = conn
        self._plan = plan
        self._batch = batch_id
        self._platform = plan.platform or Platform.TAOBAO
        self._who = Identities(conn, batch_id, self._platform)
        self._cancel = cancel
        self._inserted = self._updated = self._duplicate = self._rows = 0
        self._span: tuple[int, int] | None = None

    def reports(self, delays: Mapping[str, int]) -> None:
        """Write the report cells and count their rows."""
        source = self._plan.source
        export_day = to_epoch_day(_exported_at(self._plan).date())
        cells: list[tuple[Any, ...]] = []
        keys: list[tuple[int, tuple[Any, ...]]] = []
        for cell in self._plan.staged.reports:
            if cell.value is None and not cell.provisional:
                continue
            first, last = to_epoch_day(cell.period.first), to_epoch_day(cell.period.last)
            key = (self._shop(cell.shop), first, last, self._person(cell), source, cell.measure)
            provisional = cell.provisional or last + delays.get(cell.measure, 0) >= export_day
            cells.append((*key, cell.value, int(provisional)))
            keys.append((cell.row, key))
        _check_cancelled(self._cancel)
        before, after = MEASURES.write(self._conn, self._batch, cells)
        self._count_rows(keys, before, after)
        if keys:
            self._widen(min(key[1] for _, key in keys), max(key[2] for _, key in keys))

    def benchmarks(self) -> None:
        """Write the peer figures. Their rows are summary rows to the planner, so they are not counted here."""
        source = self._plan.source
        cells = [
            (
                self._shop(peer.shop), to_epoch_day(peer.period.first), to_epoch_day(peer.period.last),
                source, peer.peer, peer.measure, peer.value,
            )
            for peer in self._plan.staged.benchmarks
        ]  # fmt: skip
        BENCHMARKS.write(self._conn, self._batch, cells)

    def records(self, on_progress: Callable[[float], None] | None) -> None:
        """Stream the rows of all kinds in; progress is told where their number is known (the plan was previewed)."""
        staged = self._plan.staged
        counted = SESSION.name if staged.session_fields else staged.record_rows or next(iter(staged.records), "")
        streams: dict[str, _Stream] = {}
        total = self._plan.rows.read
        for chunk in _all_chunks(staged):
            _check_cancelled(self._cancel)
            kind = KINDS[chunk.kind] if isinstance(chunk, RecordChunk) else SESSION
            stream = streams.get(kind.name)
            if stream is None:
                stream = streams[kind.name] = self._stream(kind, chunk)
            self._take(stream, chunk)
            if on_progress is not None and total and kind.name == (counted or SESSION.name):
                on_progress(_STREAMING_SHARE * min(1.0, stream.writer.rows / total))
        _check_cancelled(self._cancel)
        if not streams:
            return
        # Known only now where the newest row tells it; it decides which of two batches counts.
        batches.date_export(self._conn, self._batch, _seconds(_exported_at(self._plan)))
        for name, stream in streams.items():
            inserted, updated, duplicate = stream.writer.finish()
            if name == (counted or SESSION.name) or len(streams) == 1:
                self._inserted += inserted
                self._updated += updated
                self._duplicate += duplicate
            self._rows += stream.writer.rows
            if stream.writer.span is not None:
                self._widen(*stream.writer.span)

    def rejected(self) -> None:
        """Keep the rows that were not imported, with the reason and their masked cells."""
        rejected_rows.write(
            self._conn,
            self._batch,
            ((row.sheet, row.row, row.column, row.reason, row.cells) for row in self._plan.staged.rejected),
        )

    def findings(self) -> None:
        """Keep what the file said against itself: summary rows, and cells that could not be read."""
        import_findings.write(self._conn, self._batch, findings_of(self._plan))

    def _stream(self, kind: RecordKind, chunk: SessionChunk | RecordChunk) -> _Stream:
        said = self._plan.staged.session_fields if kind is SESSION else frozenset[str]()
        mask = kind.mask(said | chunk.columns.keys())
        if kind.totals and self._plan.staged.record_rows not in ("", kind.name):
            mask |= SUMMED
        writer = RecordWriter(self._conn, kind, self._batch, mask)
        return _Stream(kind, writer, KeyMaker(kind))

    def _take(self, stream: _Stream, chunk: SessionChunk | RecordChunk) -> None:
        kind, columns = stream.kind, dict(chunk.columns)
        shop_ids = self._shop_column(chunk)
        if kind.key not in columns:
            columns[kind.key] = list(stream.keys.keys(columns, shop_ids))
        if not all(columns[kind.key]):
            self._set_aside(chunk.rows, columns[kind.key])
            shop_ids = list(compress(shop_ids, columns[kind.key]))
            columns = {name: list(compress(values, columns[kind.key])) for name, values in columns.items()}
        if "agent" in columns and kind.has_agent:
            columns["agent_id"] = self._agent_column(shop_ids, columns["agent"])
        if "day" not in columns:
            columns["day"] = list(kind.days_of(columns, len(shop_ids)))
        stream.writer.add(shop_ids, columns)

    def _set_aside(self, rows: Sequence[int], keys: Sequence[str | None]) -> None:
        """Rows without a key cannot be told apart: they are rejected."""
        sheet = self._plan.sheet
        found = [RejectedRow(sheet, row, "", _NO_KEY, {}) for row, key in zip(rows, keys, strict=True) if not key]
        self._plan.staged.rejected += found
        self._plan.rows.rejected += len(found)

    @property
    def is_empty(self) -> bool:
        """Whether no fact was written."""
        return self._span is None and not self._rows

    def finish(self) -> RowCounts:
        """Complete the ledger line and the plan."""
        plan, rows = self._plan, self._plan.rows
        rows.inserted, rows.updated = self._inserted, self._updated
        rows.duplicate += self._duplicate
        rows.read = rows.inserted + rows.updated + rows.duplicate + rows.rejected + rows.summary
        if self._span is not None and (plan.period is None or plan.staged.session_fields or plan.staged.records):
            plan.period = Period(from_epoch_day(self._span[0]), from_epoch_day(self._span[1]))
        if not rows.inserted and not rows.updated and rows.duplicate:
            plan.status = Status.DUPLICATE
            plan.message += _NOTHING_NEW
        line = {"shop": plan.shop, **_span_columns(plan.period)}
        counts = {f"rows_{name}": getattr(rows, name) for name in _COUNTS}
        batches.finish(self._conn, self._batch, {**line, **counts})
        return rows

    def _shop(self, name: str) -> int:
        assumed = shops.ASSUMED_NAMES[self._platform]
        name = name or self._plan.shop or assumed
        return self._who.shop(name, assumed=fold(name) == fold(assumed))

    def _person(self, cell: ReportCell) -> int:
        if cell.agent is None:
            return 0
        known = self._plan.staged.agents.get(cell.agent.name, cell.agent)
        return self._who.agent(self._shop(cell.shop), cell.agent.name, _more(cell.agent, known))

    def _shop_column(self, chunk: SessionChunk | RecordChunk) -> list[int]:
        names = chunk.columns.get("shop")
        if names is None:
            return [self._shop("")] * len(chunk.rows)
        return translated(names, {name: self._shop(name or "") for name in counts_of(names)})

    def _agent_column(self, shop_ids: list[int], names: Sequence[str | None]) -> list[int | None]:
        if len(shops := counts_of(shop_ids)) == 1:
            (shop_id,) = shops
            return translated(names, {name: self._agent(shop_id, name) for name in counts_of(names)})
        pairs = dict.fromkeys(zip(shop_ids, names, strict=True))  # in order: ids do not vary
        ids = {pair: self._agent(*pair) for pair in pairs}
        return [ids[pair] for pair in zip(shop_ids, names, strict=True)]

    def _agent(self, shop_id: int, name: str | None) -> int | None:
        if not name:
            return None
        ref = self._plan.staged.agents.get(name, _NOBODY)
        return self._who.agent(shop_id, name, _more(ref, ref))

    def _count_rows(self, keys: Iterable[tuple[int, tuple[Any, ...]]], before: Facts, after: Facts) -> None:
        """A row is new if it brought any new cell, updated if it changed one, else a duplicate."""
        verdicts: dict[int, int] = {}
        for row, key in keys:
            verdict = _NEW if key not in before else _CHANGED if before[key] != after[key] else _SAME
            verdicts[row] = max(verdict, verdicts.get(row, _SAME))
        found = list(verdicts.values())
        self._inserted += found.count(_NEW)
        self._updated += found.count(_CHANGED)
        self._duplicate += found.count(_SAME)

    def _widen(self, first: int, last: int) -> None:
        self._span = (min(first, self._span[0]), max(last, self._span[1])) if self._span else (first, last)


_SAME, _CHANGED, _NEW = range(3)
_COUNTS = ("read", "inserted", "updated", "duplicate", "rejected", "summary")
_NOBODY = AgentRef("")


def _end_readers(staged: Staged) -> None:
    """End the readers of rows that were to be pulled by this load: there is no second time."""
    for chunks in (staged.sessions, *staged.records.values()):
        end = getattr(chunks, "end", None)
        if end is not None:
            end()


def _all_chunks(staged: Staged) -> Iterator[SessionChunk | RecordChunk]:
    yield from staged.sessions
    for chunks in staged.records.values():
        yield from chunks


def _delays() -> Mapping[str, int]:
    from csdesk.ingest import layouts  # noqa: PLC0415  (reads the layouts; tests of the store bring their own)

    return layouts.delay_days()


def _counts_of(batch: batches.Batch) -> RowCounts:
    return RowCounts(batch.read, batch.inserted, batch.updated, batch.duplicate, batch.rejected, batch.summary)


def _ledger_line(plan: Plan, demo: bool) -> dict[str, object]:
    outer, _, member = plan.path.partition("!") if _is_member(plan) else (plan.path or str(plan.file), "", "")
    return {
        "file_name": mask_text(_writable(PurePath(outer.replace("\\", "/")).name or plan.file.name)),
        "member": mask_text(_writable("!".join(part for part in (member, plan.sheet) if part))),
        "sha256": plan.sha256,
        "claim": plan.claim or claim_of(plan, plan.sheet),
        "layout": plan.layout or "",
        "platform": str(plan.platform),
        "shop": plan.shop,
        "exported_at": _seconds(_exported_at(plan)),
        "written_at": _micros(plan.written_at),
        "is_demo": int(demo),
        "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _corrected_batch(conn: sqlite3.Connection, plan: Plan) -> int | None:
    """The batch whose rejected rows these are, if it is of this data file and not undone."""
    batch = batches.get(conn, plan.corrects) if plan.corrects else None
    if batch is None or batch.undone_at is not None or not batch.sha256.startswith(plan.corrected_sha):
        return None
    return batch.id


def _writable(name: str) -> str:
    """A file's name as text: on some systems it may hold bytes that are no letters."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _is_member(plan: Plan) -> bool:
    """Whether the plan's path is ``a.zip!b.csv``; a plain file may have a ! in its name too."""
    return "!" in plan.path and not plan.path.endswith(plan.file.name)


def _exported_at(plan: Plan) -> datetime:
    """When the file left the platform, on the shop's clock."""
    if plan.exported_at is not None:
        return plan.exported_at
    try:
        return datetime.fromtimestamp(plan.file.stat().st_mtime)  # noqa: DTZ006  (the shop's clock is this machine's)
    except OSError:
        return datetime.now()


def _seconds(moment: datetime) -> int:
    return int((moment.replace(tzinfo=None) - _EPOCH).total_seconds())


def _micros(moment: datetime | None) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1) if moment else 0


def _span_columns(period: Period | None) -> dict[str, int]:
    if period is None:
        return {}
    return {"first_day": to_epoch_day(period.first), "last_day": to_epoch_day(period.last)}


def _more(ref: AgentRef, known: AgentRef) -> AgentMore:
    kind = ref.kind if ref.kind != "person" else known.kind
    return AgentMore(ref.account or known.account, ref.team or known.team, kind)


def _check_cancelled(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled
