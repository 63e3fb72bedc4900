"""A program that loads and undoes without end until it is killed; prints a line before and after each step.

``python -m tests.store.loader_child DATA_DIR SEED``
"""

from __future__ import annotations

import random
import sys
from datetime import datetime
from pathlib import Path

from csdesk.ingest.load import load, undo
from csdesk.store.database import Store
from tests.store.builders import session, session_plan

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
            start = chance.randrange(3) * ROWS // 2
            rating = chance.choice([None, 3, 5])
            rows = [session(str(start + n), f"客服{n % 7}", n % 20, rating=rating) for n in range(ROWS)]
            exported = datetime(2026, 3, chance.randrange(1, 29))
            plan = session_plan(f"{chance.random()}.xlsx", rows, exported=exported, chunk_rows=1000)
            load(store, plan, delays={})
            assert plan.batch is not None
            live.append(plan.batch)


if __name__ == "__main__":
    main(*sys.argv[1:])
