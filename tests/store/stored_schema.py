"""Makes ``data/schema_N.sql``: a dump of a store with facts of every kind, as the released schema N wrote it.

Run once per released schema (``python -m tests.store.stored_schema``); the dumps are never made again.
"""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import date, datetime
from pathlib import Path

from csdesk.ingest.load import load, undo
from csdesk.store.database import Store
from csdesk.store.migrate import all_steps
from tests.store.builders import report_plan, session, session_plan

DATA = Path(__file__).parent / "data"


def fill(store: Store) -> None:
    """A little of everything: agreeing and disagreeing batches, peers, delays, an undone batch."""
    day = date(2026, 2, 16)
    march = datetime(2026, 3, 1)
    plans = [
        report_plan("赤兔.xlsx", [("小美", day, {"received": 5.0, "rated_5": None}), (None, day, {"received": 9.0})],
                    exported=march, peers={"received": 7.5}),
        report_plan("赤兔 新.xlsx", [("小美", day, {"received": 6.0, "rated_5": 2.0})], exported=datetime(2026, 3, 2)),
        session_plan("会话.xlsx", [session("a", rating=5, comment="很好"), session("b", rating=None, comment=None)],
                     exported=march),
        session_plan("会话 又.xlsx", [session("b", rating=None, comment=None)], exported=march),
        session_plan("会话 改.xlsx", [session("a", rating=1), session("c", "阿强", 1, rating=3)],
                     exported=datetime(2026, 3, 5)),
        session_plan("会话 撤.xlsx", [session("d", rating=2)], exported=march),
    ]  # fmt: skip
    for plan in plans:
        load(store, plan, delays={"rated_5": 3})
    assert plans[-1].batch is not None
    undo(store, plans[-1].batch)


def dump(path: Path) -> str:
    """The database as SQL, with the header values that iterdump leaves out."""
    conn = sqlite3.connect(path)
    try:
        pragmas = [
            f"PRAGMA {name} = {conn.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        return "\n".join([*conn.iterdump(), *pragmas]) + "\n"
    finally:
        conn.close()


def restore(sql: Path, path: Path) -> None:
    """Make the database a dump describes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    conn = sqlite3.connect(path)
    try:
        conn.executescript(sql.read_text(encoding="utf-8"))
    finally:
        conn.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder)) as made:
            fill(made)
        target = DATA / f"schema_{len(all_steps())}.sql"
        target.write_text(dump(Path(folder, "csdesk.sqlite")), encoding="utf-8", newline="\n")
