"""A program that loads and undoes without end until it is killed; says when it is ready and after each import.

``python -m tests.store.loader_child DATA_DIR SEED``
"""

from __future__ import annotations

import random
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from csdesk.ingest.load import load, undo
from csdesk.ingest.model import Plan
from csdesk.store.database import Store
from tests.store.builders import at, record_plan, session, session_plan

ROWS = 6000


def main(data_dir: str, seed: str) -> None:
    chance = random.Random(seed)
    with Store(Path(data_dir)) as store:
        print("ready", flush=True)
        live: list[int] = []
        while True:
            if live and chance.random() < 0.4:
                undo(store, live.pop(chance.randrange(len(live))))
                continue
            plan = chance.choice([sessions, orders])(chance)
            load(store, plan, delays={})
            assert plan.batch is not None
            live.append(plan.batch)
            print("loaded", flush=True)


def sessions(chance: random.Random) -> Plan:
    """A file of sessions, a third of which every other file has too."""
    start, rating = chance.randrange(3) * ROWS // 2, chance.choice([None, 3, 5])
    rows = [session(str(start + n), f"客服{n % 7}", n % 20, rating=rating) for n in range(ROWS)]
    return session_plan(f"{chance.random()}.xlsx", rows, exported=_some_day(chance), chunk_rows=1000)


def orders(chance: random.Random) -> Plan:
    """A file of orders with two lines each, and their messages."""
    start, status = chance.randrange(3) * ROWS // 4, chance.choice([None, "已付款", "已完成"])
    ids = [str(start + n) for n in range(ROWS // 2)]
    rows: dict[str, list[dict[str, Any]]] = {
        "order_line": [
            {"order_id": id_, "title": "杯子", "sku": colour, "paid_fen": 100} for id_ in ids for colour in ("红", "绿")
        ],
        "order_head": [{"order_id": id_, "status": status, "created_at": at(int(id_) % 20)} for id_ in ids],
        "message": [{"agent": f"客服{int(id_) % 7}", "buyer_mask": id_, "sent_at": at(1), "text": "在"} for id_ in ids],
    }
    return record_plan(f"{chance.random()}.xlsx", rows, exported=_some_day(chance), chunk_rows=1000)


def _some_day(chance: random.Random) -> datetime:
    return datetime(2026, 3, chance.randrange(1, 29))


if __name__ == "__main__":
    main(*sys.argv[1:])
