"""A shop of three years, written straight into a store: sessions, orders, refunds and reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from csdesk.domain.period import to_epoch_day
from csdesk.store import batches
from csdesk.store.database import open_store
from csdesk.store.kinds import DAY_SECONDS, KINDS, RecordKind
from csdesk.store.record_facts import RecordWriter

FIRST, LAST = date(2023, 11, 1), date(2026, 10, 31)
AGENTS = 40
CATEGORIES = ("物流", "尺码", "售后", "优惠", "库存", "发票", None)
PLACES = (("浙江省", "杭州市"), ("广东省", "广州市"), ("江苏省", "苏州市"), ("四川省", "成都市"), (None, None))
PRODUCTS = [f"商品{number:03d}" for number in range(60)]
_PORTION = 50_000


def fill(folder: Path, *, sessions: int, orders: int, reviews: int, seed: int = 7) -> None:
    """Write that many rows, spread over the days, the agents and ``orders // 4`` buyers."""
    with open_store(folder) as store, store.writing() as conn:
        conn.execute("INSERT INTO shop (id, platform, name, key) VALUES (1, 'taobao', '甲旗舰店', '甲旗舰店')")
        conn.execute(
            """INSERT INTO batch (id, file_name, sha256, claim, layout, exported_at, imported_at)
               VALUES (1, '三年.csv', 'x', 'x', 'sessions', 0, '2026-11-01')"""
        )
        for agent in range(1, AGENTS + 1):
            conn.execute(
                "INSERT INTO agent (id, shop_id, key, name) VALUES (?, 1, ?, ?)", (agent, f"k{agent}", f"客服{agent}")
            )
        made = Rows(np.random.default_rng(seed), max(orders, 4) // 4)
        plan: tuple[tuple[str, int, Callable[[int, int], dict[str, list[Any]]]], ...] = (
            ("session", sessions, made.sessions),
            ("order_head", orders, made.orders),
            ("order_line", orders, made.lines),
            ("refund", orders // 25, made.refunds),
            ("review", reviews, made.reviews),
        )
        for name, size, rows in plan:
            _write(conn, KINDS[name], size, rows)
        batches.raise_data_version(conn)


def _write(conn: Any, kind: RecordKind, size: int, rows: Callable[[int, int], dict[str, list[Any]]]) -> None:
    if not size:
        return
    writer: RecordWriter | None = None
    for start in range(0, size, _PORTION):
        columns = rows(start, min(_PORTION, size - start))
        if writer is None:
            names = {"agent" if name == "agent_id" else name for name in columns} - {"day", kind.key, "buyer_key"}
            writer = RecordWriter(conn, kind, 1, kind.mask(frozenset(names) & frozenset(kind.fields)))
        writer.add([1] * len(columns["day"]), columns)
    if writer is not None:
        writer.finish()


class Rows:
    """Columns of made-up rows, portion by portion."""

    def __init__(self, chance: np.random.Generator, buyers: int) -> None:
        self._chance = chance
        self._buyers = buyers
        self._first = to_epoch_day(FIRST)
        self._days = to_epoch_day(LAST) - self._first + 1

    def sessions(self, start: int, size: int) -> dict[str, list[Any]]:
        """Sessions between 8 and 23 o'clock."""
        chance = self._chance
        at = self._moments(size)
        quick = np.round(chance.exponential(40, size), 1)
        handle = chance.integers(30, 1800, size)
        rated = chance.random(size) < 0.2
        rating = chance.choice([5, 4, 3, 2, 1], size, p=[0.7, 0.15, 0.07, 0.04, 0.04])
        invited = chance.random(size) < 0.6
        messages = chance.integers(2, 40, size)
        return {
            "session_key": [f"s{start + at_}" for at_ in range(size)],
            "day": (at // DAY_SECONDS).tolist(),
            "agent_id": chance.integers(1, AGENTS + 1, size).tolist(),
            "started_at": at.tolist(),
            "ended_at": (at + handle).tolist(),
            "first_response": _some(quick, chance.random(size) < 0.97),
            "avg_response": _some(np.round(quick * 1.3, 1), chance.random(size) < 0.97),
            "messages": messages.tolist(),
            "buyer_messages": (messages // 2).tolist(),
            "transferred": (chance.random(size) < 0.05).astype(int).tolist(),
            "category": _named(CATEGORIES, chance.integers(0, len(CATEGORIES), size)),
            "resolved": _some((chance.random(size) < 0.8).astype(int), chance.random(size) < 0.7),
            "invited": invited.astype(int).tolist(),
            "rated": rated.astype(int).tolist(),
            "rating": _some(rating, rated),
            "buyer_key": self._keys(size),
            "buyer_mask": ["买**"] * size,
        }

    def orders(self, start: int, size: int) -> dict[str, list[Any]]:
        """Orders; one in twelve is never paid."""
        chance = self._chance
        at = self._order_moments(start, size)
        paid = chance.random(size) < 11 / 12
        amount = chance.integers(500, 90_000, size)
        places = chance.integers(0, len(PLACES), size)
        return {
            "order_id": [f"o{start + at_}" for at_ in range(size)],
            "day": (at // DAY_SECONDS).tolist(),
            "agent_id": chance.integers(1, AGENTS + 1, size).tolist(),
            "created_at": at.tolist(),
            "paid_at": _some(at, paid),
            "signed_at": _some(at + 4 * DAY_SECONDS, paid),
            "paid_fen": _some(amount, paid),
            "buyer_key": self._keys(size),
            "buyer_mask": ["买**"] * size,
            "province": [PLACES[at_][0] for at_ in places.tolist()],
            "city": [PLACES[at_][1] for at_ in places.tolist()],
        }

    def lines(self, start: int, size: int) -> dict[str, list[Any]]:
        """One line an order."""
        at = self._order_moments(start, size)
        return {
            "line_key": [f"o{start + at_}/1" for at_ in range(size)],
            "order_id": [f"o{start + at_}" for at_ in range(size)],
            "line_id": ["1"] * size,
            "title": _named(PRODUCTS, self._chance.integers(0, len(PRODUCTS), size)),
            "day": (at // DAY_SECONDS).tolist(),
            "created_at": at.tolist(),
            "paid_at": at.tolist(),
            "paid_fen": self._chance.integers(500, 90_000, size).tolist(),
        }

    def refunds(self, start: int, size: int) -> dict[str, list[Any]]:
        """Refunds of every 25th order."""
        at = self._moments(size)
        return {
            "refund_key": [f"r{start + at_}" for at_ in range(size)],
            "refund_id": [f"r{start + at_}" for at_ in range(size)],
            "order_id": [f"o{(start + at_) * 25}" for at_ in range(size)],
            "reason": _named(("不想要了", "质量问题", "发错货"), self._chance.integers(0, 3, size)),
            "day": (at // DAY_SECONDS).tolist(),
            "applied_at": at.tolist(),
            "refund_fen": self._chance.integers(500, 50_000, size).tolist(),
            "status": ["退款成功"] * size,
        }

    def reviews(self, start: int, size: int) -> dict[str, list[Any]]:
        """Reviews of orders, some days after these."""
        chance = self._chance
        order = (start + np.arange(size)) * 2
        at = self._at_of(order) + chance.integers(5, 20, size) * DAY_SECONDS
        return {
            "review_key": [f"v{start + at_}" for at_ in range(size)],
            "review_id": [f"v{start + at_}" for at_ in range(size)],
            "order_id": [f"o{number}" for number in order.tolist()],
            "title": _named(PRODUCTS, chance.integers(0, len(PRODUCTS), size)),
            "day": (at // DAY_SECONDS).tolist(),
            "written_at": at.tolist(),
            "rating": chance.choice([5, 4, 3, 2, 1], size, p=[0.8, 0.08, 0.05, 0.03, 0.04]).tolist(),
            "is_default": (chance.random(size) < 0.1).astype(int).tolist(),
        }

    def _moments(self, size: int) -> np.ndarray[Any, Any]:
        days = np.sort(self._chance.integers(self._first, self._first + self._days, size))
        return days * DAY_SECONDS + self._chance.integers(8 * 3600, 23 * 3600, size)

    def _order_moments(self, start: int, size: int) -> np.ndarray[Any, Any]:
        return self._at_of(start + np.arange(size))

    def _at_of(self, order: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The moment of an order by its number: the same for its head, its lines and its review."""
        day = self._first + (order * 7919) % self._days
        return day * DAY_SECONDS + 8 * 3600 + (order * 104_729) % (15 * 3600)

    def _keys(self, size: int) -> list[bytes]:
        return [int(one).to_bytes(16, "big") for one in self._chance.integers(0, self._buyers, size)]


def _some(values: np.ndarray[Any, Any], there: np.ndarray[Any, Any]) -> list[Any]:
    return [value if known else None for value, known in zip(values.tolist(), there.tolist(), strict=True)]


def _named(names: Any, numbers: np.ndarray[Any, Any]) -> list[Any]:
    return [names[number] for number in numbers.tolist()]
