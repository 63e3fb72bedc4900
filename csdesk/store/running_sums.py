"""The day roll-ups of session rows that stream into an empty table, summed up while they come.

Summing a million rows at the end takes SQLite as long as writing them. These are the same sums
(:data:`~csdesk.store.session_sums.SUMS`), made from the columns at hand, chunk by chunk; the tests hold each against
its SQL. Sums of seconds may differ from SQLite's in the last bit, as they do when rows come in another order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from csdesk.store.session_sums import SUM_NAMES, SUMS, field_mask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_WORTH_ROWS = 60_000
"""Below, numpy's start costs more than it saves."""
_FEWEST_TO_A_GROUP = 2
_MOST_GROUPS = 200_000
"""More are put together before new ones come, so that memory stays bounded (60 MB)."""
_REAL = frozenset(("first_response_sum", "avg_response_sum"))
_NUMBERS = (
    "started_at", "ended_at", "first_response", "avg_response", "messages", "buyer_messages", "transferred", "resolved",
    "invited", "rated", "rating", "paid_fen",
)  # fmt: skip

_UP_TO_NOW = f"""SELECT s.shop_id, s.day, s.agent_id, coalesce(s.category, ''), {", ".join(SUMS.values())}
    FROM session AS s GROUP BY 1, 2, 3, 4"""
_WRITE = f"""INSERT INTO session_category_day (shop_id, day, agent_id, category, {", ".join(SUM_NAMES)})
    VALUES ({", ".join("?" * (4 + len(SUM_NAMES)))})"""
_BY_DAY = f"""INSERT INTO session_day SELECT c.shop_id, c.day, c.agent_id,
    {", ".join(f"sum(c.{name})" for name in SUM_NAMES)} FROM session_category_day AS c GROUP BY 1, 2, 3"""


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
        self._found: list[tuple[Ints, Floats]] = []
        self._groups = 0
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
        if self._groups > _MOST_GROUPS:
            self._found = [self._together()]
            self._groups = len(self._found[0][1])
        self._pays = self._groups * _FEWEST_TO_A_GROUP <= self._rows
        if not self._pays:
            self._found = []

    def finish(self) -> bool:
        """Write the roll-ups of the whole table; False, with nothing done, where it gave up."""
        if not self._begun or not self._pays:
            return False
        keys, sums = self._together()
        names = list(self._categories)
        columns: list[list[Any]] = [keys[:, at].tolist() for at in range(3)]
        columns.append([names[number] for number in keys[:, 3].tolist()])
        for at, name in enumerate(SUM_NAMES):
            values = sums[:, at]
            columns.append((values if name in _REAL else values.astype("int64")).tolist())
        self._conn.execute("DELETE FROM session_category_day")
        self._conn.execute("DELETE FROM session_day")
        self._conn.executemany(_WRITE, zip(*columns, strict=True))
        self._conn.execute(_BY_DAY)
        return True

    def _begin(self) -> None:
        """Take over all rows written so far."""
        import numpy as np  # noqa: PLC0415  (only for large files)

        self._begun = True
        rows = self._conn.execute(_UP_TO_NOW).fetchall()
        numbers = self._numbers([row[3] for row in rows])
        keys = np.array([(*row[:3], number) for row, number in zip(rows, numbers, strict=True)], dtype=np.int64)
        self._keep(keys.reshape(-1, 4), np.array([row[4:] for row in rows], dtype=np.float64))

    def _count(self, shops: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        import numpy as np  # noqa: PLC0415  (only for large files)

        size = len(shops)
        categories = self._numbers(columns.get("category") or [""] * size)
        keys = np.array([shops, columns["day"], columns["agent_id"], categories], dtype=np.int64).T
        firsts, place = _grouped(keys)
        known = {name: _doubles(columns[name]) for name in _NUMBERS if name in columns}
        nothing = np.full(size, np.nan)
        parts = self._parts(lambda name: known.get(name, nothing), size)
        sums = np.array([np.bincount(place, part, len(firsts)) for part in parts], dtype=np.float64).T
        self._keep(keys[firsts], sums)

    def _numbers(self, categories: Sequence[str | None]) -> list[int]:
        known = self._categories
        for name in dict.fromkeys(categories):
            known.setdefault(name or "", len(known))
        return [known[name or ""] for name in categories]

    def _keep(self, keys: Ints, sums: Floats) -> None:
        self._found.append((keys, sums))
        self._groups += len(keys)

    def _together(self) -> tuple[Ints, Floats]:
        """All chunks' groups as one table, each once, in the order of shop, day, agent."""
        import numpy as np  # noqa: PLC0415  (only for large files)

        keys = np.concatenate([keys for keys, _ in self._found])
        sums = np.concatenate([sums for _, sums in self._found])
        order = np.lexsort(keys.T[::-1])
        keys, sums = keys[order], sums[order]
        new = np.ones(len(keys), dtype=np.bool_)
        new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
        return keys[new], np.add.reduceat(sums, np.flatnonzero(new), axis=0)

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
    """(a row of each group, the group of each row) of a table of whole numbers ≥ 0."""
    import numpy as np  # noqa: PLC0415  (only for large files)

    code = np.zeros(len(keys), dtype=np.int64)
    for column in keys.T:
        _, numbers = np.unique(column, return_inverse=True)
        code = code * (int(numbers.max()) + 1) + numbers
    _, firsts, place = np.unique(code, return_index=True, return_inverse=True)
    return firsts, place
