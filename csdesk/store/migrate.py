"""Schema versions: frozen SQL steps in ``migrations/NNNN_name.sql``, each applied and recorded in one transaction."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from csdesk.domain.drafts import draft_of
from csdesk.errors import StoreUnavailable

APPLICATION_ID = 0x4353444B  # "CSDK"
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: brings a store from version - 1 to version."""

    version: int
    file: Path

    @property
    def sql(self) -> str:
        """Its text; line ends do not depend on the checkout."""
        return self.file.read_text(encoding="utf-8")


def all_steps(folder: Path = MIGRATIONS) -> list[Step]:
    """The steps in order; versions run 1, 2, 3 … without a gap."""
    steps = [
        Step(int(match[1]), file)
        for file in sorted(folder.iterdir())
        if (match := re.fullmatch(r"(\d{4})_\w+\.sql", file.name))
    ]
    if [step.version for step in steps] != list(range(1, len(steps) + 1)):
        raise AssertionError(f"gap or repetition in the migrations: {[step.file.name for step in steps]}")
    return steps


def statements(sql: str) -> Iterator[str]:
    """The single statements of a script. ``executescript`` would commit first, so it cannot be used."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            if _without_comments(pending):
                yield pending.strip()
            pending = ""
    if _without_comments(pending):
        raise AssertionError(f"unfinished statement at the end of a migration: {pending.strip()[:80]}")


def schema_version(conn: sqlite3.Connection) -> int:
    """0 for an empty file; raises StoreUnavailable for a database of another program."""
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    application = int(conn.execute("PRAGMA application_id").fetchone()[0])
    empty = conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application != APPLICATION_ID and not (empty and version == 0 and application == 0):
        raise StoreUnavailable("这个文件属于别的程序，不能当作本软件的数据打开。请换一个数据文件夹。")
    return version


def migrate(conn: sqlite3.Connection, steps: list[Step], backups: Path) -> None:
    """Bring the store to the newest version; a verified copy of a store with data is made first.

    ``conn`` is in autocommit mode. A store newer than the program is refused with both numbers.
    """
    version = schema_version(conn)
    newest = len(steps)
    if version > newest:
        raise StoreUnavailable(
            f"数据文件是更新版本的软件建的（数据版本 {version}，本软件支持到 {newest}）。请安装新版软件后再打开。"
        )
    pending = steps[version:]
    if pending and version > 0:
        verified_copy(conn, backups / f"before-schema-{newest}-from-{version}.sqlite")
    for step in pending:
        _apply(conn, step)


def verified_copy(conn: sqlite3.Connection, target: Path) -> None:
    """A consistent copy of the open store at ``target``, checked before it takes that name.

    A reader of the same file may go on meanwhile. Raises StoreUnavailable if the copy does not pass
    SQLite's integrity check; nothing of a failed copy is left.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(target)
    try:
        copy = sqlite3.connect(draft, isolation_level=None)
        try:
            conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, no -wal beside it
            verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        finally:
            copy.close()
        if verdict != "ok":
            raise StoreUnavailable("数据文件没有通过完整性检查，备份未生成。请运行自检，并从较早的备份恢复。")
        _flush(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _apply(conn: sqlite3.Connection, step: Step) -> None:
    conn.execute("BEGIN IMMEDIATE")
    try:
        if schema_version(conn) < step.version:  # another process may have been quicker
            for statement in statements(step.sql):
                conn.execute(statement)
            conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            conn.execute(f"PRAGMA user_version = {step.version}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _flush(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql).strip()
