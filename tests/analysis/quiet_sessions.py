"""A shop of session rows to which nothing happens, or one thing; written straight into a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from csdesk.domain.period import to_epoch_day
from csdesk.store import batches
from csdesk.store.database import open_store
from csdesk.store.kinds import DAY_SECONDS, KINDS
from csdesk.store.record_facts import RecordWriter

CATEGORIES = ("物流", "尺码", "售后", "优惠", None)
LAST = date(2026, 5, 14)
"""No promotion in the four weeks before and the four before these."""


@dataclass(frozen=True)
class Quiet:
    """``rho``: correlation of what buyers do within a day. ``moved``: another level of a rate in the last 28 days, for
    everybody or for the first of the agents.
    """

    agents: int = 5
    a_day: float = 60
    days: int = 150
    rho: float = 0.01
    moved: Mapping[str, float] = field(default_factory=dict)
    first_alone: bool = False

    def write(self, folder: Path, seed: int) -> None:
        """The shop as a store in ``folder``."""
        random = np.random.default_rng(seed)
        days = np.arange(self.days)
        first = to_epoch_day(LAST - timedelta(days=self.days - 1))
        weekend = (first + days + 3) % 7 >= 5
        traffic = self.a_day * random.gamma(50, 1 / 50, self.days) * np.where(weekend, 0.7, 1.0)
        day = np.repeat(days, random.poisson(traffic))
        size = len(day)
        agent = random.integers(1, self.agents + 1, size)
        concerned = (day >= self.days - 28) & ((agent == 1) if self.first_alone else True)

        def happened(name: str, level: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
            off = np.where(concerned, self.moved.get(name, level) - level, 0.0)
            of_day = random.beta(level * (1 / self.rho - 1), (1 - level) * (1 / self.rho - 1), self.days)
            return np.asarray(random.random(size) < of_day[day] + off)

        invited, rated = happened("invite_rate", 0.6), happened("review_rate", 0.3)
        good, solved = happened("satisfaction_rate", 0.93), happened("resolution_rate", 0.85)
        slow = np.exp(random.normal(0, 0.1, self.days))[day] * np.where(concerned, self.moved.get("slower", 1.0), 1.0)
        at = (first + day) * DAY_SECONDS + (8 * 3600 + random.beta(2, 1.6, size) * 15 * 3600).astype(int)
        rating = np.where(good, 5, random.choice([3, 2, 1], size))
        told_by = (invited & rated).tolist()
        columns = {
            "session_key": [f"s{number}" for number in range(size)], "day": (first + day).tolist(),
            "agent_id": agent.tolist(), "started_at": at.tolist(),
            "first_response": np.round(slow * random.lognormal(3.4, 1, size)).tolist(),
            "category": [CATEGORIES[one] for one in random.choice(5, size, p=[0.3, 0.25, 0.2, 0.15, 0.1]).tolist()],
            "resolved": solved.astype(int).tolist(), "invited": invited.astype(int).tolist(),
            "rated": [int(told) for told in told_by],
            "rating": [mark if told else None for mark, told in zip(rating.tolist(), told_by, strict=True)],
        }  # fmt: skip
        kind = KINDS["session"]
        with open_store(folder) as store, store.writing() as conn:
            conn.execute("INSERT INTO shop (id, platform, name, key) VALUES (1, 'taobao', '甲店', '甲店')")
            conn.execute(
                """INSERT INTO batch (id, file_name, sha256, claim, layout, exported_at, imported_at)
                   VALUES (1, '会话.csv', 'x', 'x', 'sessions', 0, '2026-11-01')"""
            )
            for number in range(1, self.agents + 1):
                conn.execute(
                    "INSERT INTO agent (id, shop_id, key, name) VALUES (?, 1, ?, ?)",
                    (number, f"k{number}", f"客服{number}"),
                )
            names = {"agent" if name == "agent_id" else name for name in columns} - {"day", kind.key}
            writer = RecordWriter(conn, kind, 1, kind.mask(frozenset(names) & frozenset(kind.fields)))
            writer.add([1] * size, columns)
            writer.finish()
            batches.raise_data_version(conn)
