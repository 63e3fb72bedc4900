"""Rows of every kind column by column, for numbers that no day roll-up can give (medians, windows, cohorts).

Columns come in packs, so that a question reads what it needs. All packs of one kind and span list the same rows in
the same order (as they lie in the store), as long as they are read from one state of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from csdesk.store import cleaned
from csdesk.store.kinds import KINDS
from csdesk.store.outlier_rules import Rules
from csdesk.store.selection import FINAL_AGENT
from csdesk.store.session_sums import HANDLE, RATED, REPLY_KNOWN, UNREPLIED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_DAY = -1_000_000
"""Epoch day of a row without one."""
CORE = "core"
"""The pack that is read first of every kind: what says when a row was is in it. A row costs what it takes to go
through the table, more than its cells do, so there are few packs."""
UNKNOWN = -1e300
"""In place of a number that is not known: columns without NULL become arrays three times as fast."""
_AT_A_TIME = 500
"""Rows fetched at a time: few enough for the processor's cache, which halves the time."""
_IDS = 1 << 22
"""More than any shop, agent or day since :data:`NO_DAY` is numbered."""
T = TypeVar("T", int, "NDArray[np.int64]")


@dataclass(frozen=True, slots=True)
class Pack:
    """SQL over a row ``s``, by name of the column.

    ``numbers`` (NULL = not known), ``texts`` (text or bytes that tell rows apart; NULL = none), ``small``: numbers
    that are 0 to 6, yes or no most of them. What a row costs to read is its cells, so all of these come in one.
    """

    numbers: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    small: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, column: str) -> bool:
        return column in self.numbers or column in self.texts or column in self.small


def _plain(*names: str) -> dict[str, str]:
    return {name: f"s.{name}" for name in names}


_BUYER = Pack(texts={"buyer": "s.buyer_key"})
_ORDER = Pack(
    {
        "order_row": """(SELECT o.id FROM order_head AS o
    WHERE o.shop_id = s.shop_id AND o.order_id = s.order_id)"""
    }
)
"""The ``row`` of the order a row names: a number where texts would be large."""

# A line or a refund is of an order by its number; an order is refunded if any of its lines is, part or whole. What was
# only asked for, refused or taken back, and goods sent anew are no refunds. The sets are made once, not row by row: of
# one column each, because a set of pairs that may hold NULL is gone through whole for every pair it does not hold.
_GIVEN_BACK = """(r.status LIKE '%退款成功%' OR (coalesce(r.refund_fen, 0) > 0 AND (coalesce(r.status, '') = ''
    OR (r.finished_at IS NOT NULL AND r.status NOT LIKE '%关闭%' AND r.status NOT LIKE '%取消%'
        AND r.status NOT LIKE '%拒绝%' AND r.status NOT LIKE '%失败%' AND r.status NOT LIKE '%退款中%'))))"""
_REFUNDED = f"""(coalesce(s.refund_fen, 0) > 0
    OR s.shop_id || ' ' || s.order_id IN (SELECT l.shop_id || ' ' || l.order_id FROM order_line AS l
        WHERE (coalesce(l.refund_fen, 0) > 0 OR l.refund_status LIKE '%退款成功%')
          AND {KINDS["order_line"].counts.replace("s.", "l.")})
    OR s.shop_id || ' ' || s.order_id IN (SELECT r.shop_id || ' ' || r.order_id FROM refund AS r
        WHERE {_GIVEN_BACK} AND {KINDS["refund"].counts.replace("s.", "r.")}))"""
_REFUNDS = f"""refund AS r {{}} WHERE {_GIVEN_BACK} AND {KINDS["refund"].counts.replace("s.", "r.")}"""
_LINES = KINDS["order_line"].counts.replace("s.", "l.")
_THEIR_LINES = "JOIN order_line AS l ON l.shop_id = r.shop_id AND l.order_id = r.order_id"
# A refund names the line; one that names the order alone is of its line where there is but one, else of the product.
# Refunds are few: their lines are looked up, not the refunds of every line.
_LINE_REFUNDED = f"""(coalesce(s.refund_fen, 0) > 0 OR coalesce(s.refund_status, '') LIKE '%退款成功%'
    OR s.id IN (SELECT l.id FROM {_REFUNDS.format(_THEIR_LINES)}
        AND {_LINES} AND (l.line_id = r.line_id OR (r.line_id IS NULL AND (l.product_id = r.product_id
            OR (SELECT count(*) FROM order_line AS o WHERE o.shop_id = l.shop_id AND o.order_id = l.order_id
                AND o.is_gift IS NOT 1 AND {_LINES.replace("l.", "o.")}) = 1))))
    OR (s.line_id IN (SELECT r.line_id FROM {_REFUNDS.format("")} AND r.order_id IS NULL AND r.line_id IS NOT NULL)
        AND EXISTS (SELECT 1 FROM {_REFUNDS.format("")} AND r.shop_id = s.shop_id AND r.order_id IS NULL
            AND r.line_id = s.line_id)))"""
_LINES_TELL = KINDS["order_line"].mask({"refund_fen", "refund_status"})
_REFUND_TOLD = f"""(s.fields & {KINDS["order_head"].mask({"refund_fen"})} <> 0
    OR s.shop_id IN (SELECT c.shop_id FROM order_line_coverage AS c WHERE c.fields & {_LINES_TELL} <> 0))"""


_COMPLAINED = """s.shop_id || ' ' || s.order_id IN (SELECT t.shop_id || ' ' || t.order_id FROM ticket AS t
    WHERE t.is_complaint = 1 AND t.order_id IS NOT NULL)"""
"""Whether any complaint names the order of a line."""

_CORRECT_ITEM = """(SELECT min(json_extract(j.value, '$[1]') >= json_extract(j.value, '$[2]'))
    FROM json_each(CASE WHEN json_valid(s.items) THEN s.items ELSE '[]' END) AS j
    WHERE json_extract(j.value, '$[0]') LIKE '%准确%' OR json_extract(j.value, '$[0]') LIKE '%正确%')"""


def _has(kind: str, field: str) -> str:
    """SQL: whether the files had the column."""
    return f"s.fields & {KINDS[kind].mask({field})} <> 0"


PACKS: Mapping[str, Mapping[str, Pack]] = {
    "session": {
        "core": Pack({**_plain("started_at", "first_response", "avg_response", "messages", "buyer_messages"),
                      **_plain("paid_fen"), "handle": HANDLE},
                     _plain("category"),
                     {"rated": RATED, "reply_known": REPLY_KNOWN, "unreplied": UNREPLIED,
                      **_plain("rating", "invited", "resolved", "transferred")}),
        "buyer": _BUYER,
        "channel": Pack(texts=_plain("channel")),
        "order": _ORDER,
    },
    "order_head": {
        "core": Pack(_plain("created_at", "paid_at", "paid_fen", "refund_fen", "quantity"),
                     small={"payment_told": _has("order_head", "paid_at")}),
        "life": Pack({**_plain("shipped_at", "signed_at", "payable_fen"), "row": "s.id"},
                     _plain("status", "closed_reason", "channel")),
        "refunded": Pack(small={"refunded": _REFUNDED, "refund_told": _REFUND_TOLD}),
        "buyer": _BUYER,
        "place": Pack(texts=_plain("province", "city")),
        "id": Pack(texts=_plain("order_id")),
    },
    "order_line": {
        "core": Pack(_plain("created_at", "paid_at", "paid_fen", "refund_fen", "quantity"),
                     {"product": "coalesce(s.title, s.product_id)"},
                     {**_plain("is_gift"),
                      "payment_told": _has("order_line", "paid_at")}),
        "refunded": Pack(small={"refunded": _LINE_REFUNDED, "refund_told": f"s.fields & {_LINES_TELL} <> 0"}),
        "complained": Pack(small={"complained": _COMPLAINED}),
        "id": Pack(texts=_plain("order_id", "product_id", "sku")),
        "order": _ORDER,
    },
    "refund": {
        "core": Pack({**_plain("applied_at", "finished_at", "refund_fen", "partial", "intervened"),
                      "given_back": _GIVEN_BACK.replace("r.", "s.")},
                     _plain("reason", "kind", "status", "stage")),
        "id": Pack(texts=_plain("order_id", "product_id")),
    },
    "review": {
        "core": Pack(_plain("written_at", "replied_at"),
                     {**_plain("grade"), "product": "coalesce(s.title, s.product_id)"},
                     {**_plain("rating", "is_default"),
                      "replied": "coalesce(s.reply_text, '') <> '' OR s.replied_at IS NOT NULL",
                      "reply_told": f"s.fields & {KINDS['review'].mask({'reply_text', 'replied_at'})} <> 0"}),
        "id": Pack(texts=_plain("order_id", "product_id")),
        "number": Pack(texts=_plain("review_id")),
        "order": _ORDER,
        "buyer": _BUYER,
    },
    "survey_answer": {"core": Pack(_plain("answered_at", "csat", "nps", "resolved"), _plain("source"))},
    "ticket": {"core": Pack(_plain("opened_at", "solved_at", "is_complaint"), _plain("category", "status"))},
    "invitation": {
        "core": Pack(_plain("sent_at", "rated_at", "rating"), {"channel": "s.kind"}),
        "buyer": _BUYER,
    },
    "message": {
        "core": Pack(_plain("sent_at", "from_buyer"), {"talk": "coalesce(s.session_key, s.buyer_key)"}),
        "buyer": _BUYER,
    },
    "quality_check": {"core": Pack({**_plain("checked_at", "total"), "correct_item": _CORRECT_ITEM})},
}  # fmt: skip
"""Packs by kind and name. Free text is in none of them."""

AT: Mapping[str, tuple[str, ...]] = {name: kind.day_from for name, kind in KINDS.items()}
"""By kind the columns (epoch seconds) of which the first known one says when a row was."""


def pack_of(kind: str, column: str) -> str:
    """The pack a column is in; KeyError for one in none."""
    for name, pack in PACKS[kind].items():
        if column in pack:
            return name
    raise KeyError(f"{kind}.{column}")


def head_parts(head: T) -> tuple[T, T, T]:
    """Shop, account and day (:data:`NO_DAY` for none) of a head, or of an array of them."""
    return head // (_IDS * _IDS), head // _IDS % _IDS, head % _IDS + NO_DAY


def merged_agents(conn: sqlite3.Connection) -> list[tuple[int, int]]:
    """(account, final person) of the accounts that were merged into another."""
    return conn.execute("SELECT id, merged_into FROM agent WHERE merged_into IS NOT NULL ORDER BY id").fetchall()


def columns(
    conn: sqlite3.Connection, kind: str, pack: str, days: tuple[int, int] | None, rules: Rules = ()
) -> Iterator[list[tuple[float | int | str | bytes | None, ...]]]:
    """The values of a pack in portions: its numbers (:data:`UNKNOWN` for what is not known), its texts, and where there
    are any all its small ones in one number: three bits each, 7 for what is not known.

    The rows of :data:`CORE` end with their head: shop, account (0 = none) and day in one number (:func:`head_parts`).
    """
    declared = PACKS[kind][pack]
    numbers = (f"coalesce({one}, {UNKNOWN!r})" for one in declared.numbers.values())
    small = (f"(coalesce(min({one}, 6), 7) << {3 * at})" for at, one in enumerate(declared.small.values()))
    listed = [*numbers, *declared.texts.values(), *([" | ".join(small)] if declared.small else ())]
    if pack == CORE:
        agent = "coalesce(s.agent_id, 0)" if KINDS[kind].has_agent else "0"
        listed.append(f"(s.shop_id * {_IDS} + {agent}) * {_IDS} + coalesce(s.day, {NO_DAY}) - {NO_DAY}")
    yield from _portions(conn, kind, ", ".join(listed), days, rules)


def spoken(conn: sqlite3.Connection, kind: str, rules: Rules = ()) -> list[tuple[int, int, int, int, int]]:
    """(shop_id, first_day, last_day, fields, batch_id) of the files that brought rows of a kind."""
    person = FINAL_AGENT.format("c")
    rows = conn.execute(
        f"SELECT c.shop_id, {person}, c.first_day, c.last_day, c.fields, c.batch_id FROM {kind}_coverage AS c"
    )
    told = cleaned.clipped(conn, rules, rows) if kind == "session" else rows
    return sorted({(shop, first, last, fields, batch) for shop, _, first, last, fields, batch in told})


def _portions(
    conn: sqlite3.Connection, kind: str, listed: str, days: tuple[int, int] | None, rules: Rules
) -> Iterator[list[tuple]]:  # type: ignore[type-arg]
    declared = KINDS[kind]
    source = cleaned.session_source(rules) if kind == "session" else f"{kind} AS s"
    condition = declared.counts
    if days is not None:  # the shops are named for the sake of the index
        shops = ", ".join(str(row[0]) for row in conn.execute("SELECT id FROM shop"))
        condition += f" AND s.shop_id IN ({shops}) AND s.day BETWEEN {int(days[0])} AND {int(days[1])}"
    cursor = conn.execute(f"SELECT {listed} FROM {source} WHERE {condition} ORDER BY s.id")
    while portion := cursor.fetchmany(_AT_A_TIME):
        yield portion
