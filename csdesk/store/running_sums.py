"""The day roll-ups of session rows that stream into an empty table, summed up while they come.

Summing a million rows at the end takes SQLite as long as writing them. These are the same sums
(:data:`~csdesk.store.session_sums.SUMS`), made from the columns at hand, chunk by chunk; the tests hold each against
its SQL. Sums of seconds may differ from SQLite's in the last bit, as they do when rows come in another order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from csdesk.store.many_rows import insert_columns
from csdesk.store.session_sums import SUM_NAMES, SUMS, field_mask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_WORTH_ROWS = 30_000
"""Below, numpy's start costs more than it saves."""
_FEWEST_TO_A_GROUP = 2
_GROUPS_HELD = 20_000
"""More are written before new ones come, so that memory stays bounded (20 MB)."""
_REAL = frozenset(("first_response_sum", "avg_response_sum"))
_NUMBERS = (
    "started_at", "ended_at", "first_response", "avg_response", "messages", "buyer_messages", "transferred", "resolved",
    "invited", "rated", "rating", "paid_fen",
)  # fmt: skip

_ADDED = ", ".join(f"{name} = {name} + excluded.{name}" for name in SUM_NAMES)
_UP_TO_NOW = f"""INSERT INTO session_category_day SELECT s.shop_id, s.day, s.agent_id, coalesce(s.category, ''),
    {", ".join(SUMS.values())} FROM session AS s GROUP BY 1, 2, 3, 4"""
_DAYS_UP_TO_NOW = f"""INSERT INTO session_day SELECT c.shop_id, c.day, c.agent_id,
    {", ".join(f"sum(c.{name})" for name in SUM_NAMES)} FROM session_category_day AS c GROUP BY 1, 2, 3"""
_BLOCK = 4096
_WIDEST_SPAN = 1 << 15  # four of them are one number of 63 bits


class RunningSums:
    """Fed with every chunk that goes into an empty table; gives up where hardly two rows share a group.

    A group is a shop, day, agent and category. ``mask``: the columns the file has, as in the rows' ``fields``.
    """

    def __init__(self, conn: sqlite3.Connection, mask: int) -> None:
        self._conn = conn
        self._mask = mask
        self._rows = 0
        self._begun = False
        self._pays = True
        self._held: list[tuple[Ints, Floats]] = []
        self._groups = self._written = 0
        self._categories: dict[str, int] = {}

    def add(self, shops: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        """Count rows in that were just written."""
        self._rows += len(shops)
        if not self._pays or self._rows < _WORTH_ROWS:
            return
        if self._begun:
            self._count(shops, columns)
        else:
            self._begin()
        if self._groups > _GROUPS_HELD:
            self._write()

    def finish(self) -> bool:
        """Write what is left of the roll-ups of the whole table; False where they are to be made anew."""
        if self._pays and self._begun:
            self._write()
        return self._begun and self._pays

    def _begin(self) -> None:
        """Sum up all rows written so far, with SQL."""
        self._begun = True
        self._conn.execute("DELETE FROM session_category_day")
        self._conn.execute("DELETE FROM session_day")
        self._written = self._conn.execute(_UP_TO_NOW).rowcount
        self._conn.execute(_DAYS_UP_TO_NOW)
        self._judge()

    def _judge(self) -> None:
        """Go on only where a group has several rows; what it has written is made anew at the end otherwise."""
        self._pays = self._written * _FEWEST_TO_A_GROUP <= self._rows

    def _write(self) -> None:
        """Add what is held to what was written before."""
        if not self._held:
            return
        keys, sums = _added_up(*map(_joined, zip(*self._held, strict=True)))
        self._held, self._groups = [], 0
        self._written += len(keys)
        self._judge()
        if self._pays:
            names = list(self._categories)
            self._add_to("session_category_day", ("shop_id", "day", "agent_id", "category"), keys, sums, names)
            self._add_to("session_day", ("shop_id", "day", "agent_id"), *_added_up(keys[:, :3], sums))

    def _add_to(
        self, table: str, key: tuple[str, ...], keys: Ints, sums: Floats, categories: Sequence[str] = ()
    ) -> None:
        listed = (*key, *SUM_NAMES)
        into, row = f"INSERT INTO {table} ({', '.join(listed)})", f"({', '.join('?' * len(listed))})"
        for start in range(0, len(keys), _BLOCK):
            columns: list[list[Any]] = keys[start : start + _BLOCK].T.tolist()
            if categories:
                columns[3] = [categories[number] for number in columns[3]]
            for name, values in zip(SUM_NAMES, sums[start : start + _BLOCK].T, strict=True):
                columns.append((values if name in _REAL else values.astype("int64")).tolist())
            insert_columns(self._conn, into, row, columns, f"ON CONFLICT DO UPDATE SET {_ADDED}")

    def _count(self, shops: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        import numpy as np  # noqa: PLC0415  (only for large files)

        size = len(shops)
        categories = self._numbers(columns.get("category") or [""] * size)
        columns_of = [shops, columns["day"], columns["agent_id"], categories]
        keys = np.array([_doubles(values) for values in columns_of]).astype(np.int64).T
        firsts, place = _grouped(keys)
        known = {name: _doubles(columns[name]) for name in _NUMBERS if name in columns}
        nothing = np.full(size, np.nan)
        parts = self._parts(lambda name: known.get(name, nothing), size)
        sums = np.array([np.bincount(place, part, len(firsts)) for part in parts], dtype=np.float64).T
        self._held.append((keys[firsts], sums))
        self._groups += len(firsts)

    def _numbers(self, categories: Sequence[str | None]) -> list[int]:
        known = self._categories
        for name in dict.fromkeys(categories):
            known.setdefault(name or "", len(known))
        return [known[name or ""] for name in categories]

    def _parts(self, of: Callable[[str], Floats], size: int) -> list[Floats]:
        """What every row adds to each of SUMS, in their order; ``of`` gives a column, NaN where nothing is known."""
        import numpy as np  # noqa: PLC0415  (only for large files)

        def there(values: Floats) -> Floats:
            return (~np.isnan(values)).astype(np.float64)

        def worth(values: Floats) -> Floats:
            return np.nan_to_num(values, nan=0.0)

        def where(condition: NDArray[np.bool_], values: Floats) -> Floats:
            return np.where(condition, values, np.nan)

        invited, rating, rated = of("invited"), of("rating"), of("rated")
        if self._mask & field_mask({"rating"}):
            rated = np.where(np.isnan(rated), there(rating), rated)
        first, average = of("first_response"), of("avg_response")
        tells_replies = bool(self._mask & field_mask({"first_response"}))
        messages, of_buyer = of("messages"), of("buyer_messages")
        both = messages - of_buyer
        handle = of("ended_at") - of("started_at")
        handle = where(handle >= 0, handle)
        paid = of("paid_fen")
        asked, unasked = invited != 0, invited == 0
        asked &= ~np.isnan(invited)
        values = {
            "n": np.ones(size),
            "invited_known": there(invited), "invited": worth(invited),
            "rated_known": there(rated), "rated": worth(rated),
            "invited_rated_known": there(where(asked, rated)), "invited_rated": worth(where(asked, rated)),
            **{f"rating_{level}": (rating == level).astype(np.float64) for level in (1, 2, 3, 4, 5)},
            "invited_rating_n": there(where(asked, rating)),
            "invited_rating_good": ((invited == 1) & (rating >= 4)).astype(np.float64),
            "self_rating_n": there(where(unasked, rating)),
            "self_rating_good": (unasked & (rating >= 4)).astype(np.float64),
            "resolved_known": there(of("resolved")), "resolved": worth(of("resolved")),
            "transferred_known": there(of("transferred")), "transferred": worth(of("transferred")),
            "reply_known": np.full(size, float(tells_replies)),
            "unreplied": (np.isnan(first) & np.isnan(average)).astype(np.float64) * tells_replies,
            "first_response_n": there(first), "first_response_sum": worth(first),
            "first_response_180": (first <= 180).astype(np.float64),
            "avg_response_n": there(average), "avg_response_sum": worth(average),
            "avg_response_180": (average <= 180).astype(np.float64),
            "messages_n": there(messages), "messages_sum": worth(messages),
            "both_messages_n": there(both), "both_messages_buyer": worth(where(~np.isnan(messages), of_buyer)),
            "both_messages_agent": worth(both),
            "handle_n": there(handle), "handle_sum": worth(handle),
            "paid_n": there(where(paid != 0, paid)), "paid_fen": worth(paid),
        }  # fmt: skip
        return [values[name] for name in SUM_NAMES]


class _Doubles(Protocol):
    """A column that comes as numbers already."""

    def doubles(self) -> Floats:
        """Its numbers, NaN for none."""
        ...


def _doubles(values: Sequence[Any] | _Doubles) -> Floats:
    import numpy as np  # noqa: PLC0415  (only for large files)

    own = getattr(values, "doubles", None)
    return np.array(values, dtype=np.float64) if own is None else own()


def _grouped(keys: Ints) -> tuple[Ints, Ints]:
    """(a row of each group, the group of each row) of a table of whole numbers."""
    import numpy as np  # noqa: PLC0415  (only for large files)

    code = np.zeros(len(keys), dtype=np.int64)
    for column in keys.T:
        lowest, highest = int(column.min()), int(column.max())
        numbers, span = column - lowest, highest - lowest + 1
        if span > _WIDEST_SPAN:
            different, numbers = np.unique(column, return_inverse=True)
            span = len(different)
        code = code * span + numbers
    _, firsts, place = np.unique(code, return_index=True, return_inverse=True)
    return firsts, place


def _joined(parts: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    import numpy as np  # noqa: PLC0415  (only for large files)

    return np.concatenate(parts)


def _added_up(keys: Ints, sums: Floats) -> tuple[Ints, Floats]:
    """The same groups, each once, in the order of their keys."""
    import numpy as np  # noqa: PLC0415  (only for large files)

    order = np.lexsort(keys.T[::-1])
    keys, sums = keys[order], sums[order]
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    return keys[new], np.add.reduceat(sums, np.flatnonzero(new), axis=0)
