"""Rejected rows: seen, saved as a file to correct, or corrected in the window and tried again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.errors import UserFault
from csdesk.ingest.correction_files import file_bytes, headers_of
from csdesk.ingest.correction_marks import Origin, moment
from csdesk.ingest.model import Plan, RejectedRow

if TYPE_CHECKING:
    from csdesk.store.batches import Batch
    from csdesk.store.database import Store

RETRY_NAME = "退回的行（窗口里改过）.csv"


@dataclass(frozen=True, slots=True)
class RejectedTable:
    """The rejected rows of one import: ``headers`` as the file had them, rows in the order of the file."""

    batch: int
    file_name: str
    headers: tuple[str, ...]
    rows: tuple[RejectedRow, ...]


class Corrections:
    """The rejected rows of the store's imports."""

    def __init__(self, store: Store, import_file: Callable[[Path], list[Plan]]) -> None:
        self._store = store
        self._import_file = import_file

    def table(self, batch: int) -> RejectedTable:
        """The rejected rows of an import. Raises UserFault if there is no such import, or it was undone."""
        found, rows = self._read(batch)
        return RejectedTable(batch, found.file_name, tuple(headers_of(rows)), tuple(rows))

    def content(self, batch: int, suffix: str) -> bytes:
        """The file to correct (``.xlsx`` or ``.csv``). Raises UserFault, also if no row was rejected."""
        found, rows = self._read(batch)
        return file_bytes(rows, self._origin(found), suffix)

    def content_of(self, plan: Plan, suffix: str) -> bytes:
        """The same of a plan that is not imported (yet)."""
        return file_bytes(plan.staged.rejected, origin_of_plan(plan), suffix)

    def retry(self, batch: int, edits: Mapping[tuple[int, str], str]) -> list[Plan]:
        """Import the rejected rows again with the owner's words, as if they came in a file; the plans tell the rest.

        ``edits``: (place of the row in :meth:`table`, header) → new text. Rows still wrong are rejected again, as
        rows of the new import. Raises UserFault as :meth:`table` does.
        """
        found, rows = self._read(batch)
        mended = [
            replace(row, cells={header: edits.get((place, header), text) for header, text in row.cells.items()})
            for place, row in enumerate(rows)
        ]
        with tempfile.TemporaryDirectory(prefix="csdesk-") as folder:
            path = Path(folder) / RETRY_NAME
            path.write_bytes(file_bytes(mended, self._origin(found), ".csv"))
            return self._import_file(path)

    def _read(self, batch: int) -> tuple[Batch, list[RejectedRow]]:
        from csdesk.store import batches, rejected_rows  # noqa: PLC0415  (with the store only)

        with self._store.reading() as conn:
            found = batches.get(conn, batch)
            if found is None:
                raise UserFault(f"没有编号为 {batch} 的导入记录。", "请在导入记录里查看编号。")
            if found.undone_at is not None:
                raise UserFault(
                    f"编号 {batch} 的导入已经撤销，退回的行也一起撤掉了。", "需要的话请重新导入原来的文件。"
                )
            rows = [
                RejectedRow(row.sheet, row.row, row.column, row.reason, row.cells)
                for row in rejected_rows.of_batch(conn, batch)
            ]
        return found, rows

    def _origin(self, batch: Batch) -> Origin:
        from csdesk.domain.period import Period, from_epoch_day  # noqa: PLC0415
        from csdesk.domain.platforms import Platform  # noqa: PLC0415
        from csdesk.store import rejected_rows  # noqa: PLC0415

        with self._store.reading() as conn:
            shops = rejected_rows.shops_of(conn, batch.id)
        period = None
        if batch.first_day is not None and batch.last_day is not None:
            period = Period(from_epoch_day(batch.first_day), from_epoch_day(batch.last_day))
        return Origin(
            batch.id,
            batch.sha256,
            batch.layout,
            Platform(batch.platform) if batch.platform else None,
            shops[0][0] if len(shops) == 1 else "",
            period,
            moment(batch.exported_at),
        )


def origin_of_plan(plan: Plan) -> Origin:
    """Where the rejected rows of a plan come from; a shop named by its rows is left to them."""
    written = plan.exported_at or plan.written_at
    exported = written.replace(microsecond=0) if isinstance(written, datetime) else None
    shop = plan.shop or ""
    several = "、" in shop
    return Origin(
        plan.batch or 0, plan.sha256, plan.layout or "", plan.platform, "" if several else shop, plan.period, exported
    )
