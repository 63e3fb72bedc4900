"""The kinds of records the store keeps row by row, declared as data: one mechanism serves them all.

Of every kind there are four tables: ``<kind>`` (the row as it stands now), ``<kind>_member`` (batches that said
exactly the same), ``<kind>_version`` (every batch's word where they disagree) and ``<kind>_coverage`` (the days and
agents each file speaks for). Rows are found again by one text key inside a shop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

DAY_SECONDS = 86_400
SUMMED = 1 << 48
"""Bit of a mask of fields: the amounts of this word are sums of lines, not what the platform says of the whole."""
LONGEST_PAUSE = 183
"""Days: a file says nothing of a stretch longer than this without a single row, as a mistyped year brings about."""
ORDINAL = "#"
"""In a key recipe: the how-manieth row of the file with the same other parts (1, 2, …)."""
WITHDRAWN = "withdrawn"
"""Column of kinds that are typed in by hand: 1 where the latest word is that the row was a mistake.

All other columns of such a row are NULL; it is no row to anyone who reads.
"""


@dataclass(frozen=True)
class RecordKind:
    """One kind of record.

    ``key`` is the text column that tells the rows of a shop apart. Where it is not a column of the platform,
    ``key_recipes`` says what it is made of, best first (see :class:`csdesk.ingest.natural_keys.KeyMaker`); "buyer" is
    buyer_key, else buyer_mask. ``columns`` maps the other columns to
    their SQL type; "agent" stands for ``agent_id``. Their order is frozen (bits of the ``fields`` mask follow it): new
    ones go to the end. ``always`` are fields every file has; ``rolled_up``: day sums of the kind are kept.
    ``ref``: what ``_member`` and ``_version`` call the id of the row. ``day_from``: epoch-second columns; the first
    one known says the day of the row (NULL if none is). ``totals``: amounts of which the platform's own word, unless it
    is nothing, beats any sum of lines (:data:`SUMMED`), however new. ``hidden``: SQL about a row ``s`` that does not
    count, because another file names the same thing more exactly.
    """

    name: str
    title: str
    key: str
    columns: dict[str, str]
    day_from: tuple[str, ...]
    key_recipes: tuple[tuple[str, ...], ...] = ()
    always: tuple[str, ...] = ()
    rolled_up: bool = False
    ref: str = "row_id"
    totals: tuple[str, ...] = ()
    hidden: str = ""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """What a file may say of a row: bit k of a mask stands for ``fields[k]`` (buyer_mask: buyer_key too)."""
        return tuple(name for name in self.columns if name != "buyer_key")

    @cached_property
    def stored(self) -> tuple[str, ...]:
        """The columns of the table a batch can speak about: ``agent_id`` for the agent, and ``day``."""
        named = tuple("agent_id" if name == "agent" else name for name in self.columns)
        return (*named, "day")

    @cached_property
    def bits(self) -> tuple[int, ...]:
        """For each of :attr:`stored` but the last (``day``, which follows from others), the bit of its field."""
        field_of = {"agent_id": "agent", "buyer_key": "buyer_mask"}
        return tuple(self.fields.index(field_of.get(name, name)) for name in self.stored[:-1])

    @cached_property
    def always_mask(self) -> int:
        """Bit mask of :attr:`always`."""
        return self.mask(set(self.always))

    def day_of(self, values: Sequence[Any]) -> int | None:
        """Epoch day of a row given as the values of :attr:`stored`."""
        for index in self._day_indexes:
            moment = values[index]
            if moment is not None:
                return int(moment) // DAY_SECONDS
        return None

    def days_of(self, columns: Mapping[str, Sequence[Any]], size: int) -> list[int | None]:
        """Epoch days of ``size`` rows given column by column."""
        known = [columns[name] for name in self.day_from if name in columns]
        if not known:
            return [None] * size
        if len(known) == 1:
            return [None if moment is None else moment // DAY_SECONDS for moment in known[0]]
        rows = zip(*known, strict=True)
        return [next((moment // DAY_SECONDS for moment in row if moment is not None), None) for row in rows]

    @cached_property
    def _day_indexes(self) -> tuple[int, ...]:
        return tuple(self.stored.index(name) for name in self.day_from)

    @property
    def counts(self) -> str:
        """Condition on the alias ``s``: the row was not withdrawn, nor is told more exactly by another."""
        if self.hidden:
            return f"NOT ({self.hidden})"
        return f"s.{WITHDRAWN} IS NOT 1" if WITHDRAWN in self.columns else "1"

    @property
    def has_agent(self) -> bool:
        """Whether rows can belong to an agent."""
        return "agent" in self.columns

    def mask(self, names: frozenset[str] | set[str]) -> int:
        """Bit mask of the fields among ``names``."""
        return sum(1 << bit for bit, name in enumerate(self.fields) if name in names)

    def names(self, mask: int) -> tuple[str, ...]:
        """The fields whose bits are set in ``mask``."""
        return tuple(name for bit, name in enumerate(self.fields) if mask >> bit & 1)


_TEXT, _INT, _REAL, _BLOB = "TEXT", "INTEGER", "REAL", "BLOB"
_BUYER = {"buyer_key": _BLOB, "buyer_mask": _TEXT}

SESSION = RecordKind(
    name="session",
    title="会话",
    key="session_key",
    columns={
        "agent": _INT, "started_at": _INT, "ended_at": _INT, "first_response": _REAL, "avg_response": _REAL,
        "messages": _INT, "buyer_messages": _INT, "transferred": _INT, "category": _TEXT, "resolved": _INT,
        "invited": _INT, "rated": _INT, "rating": _INT, "comment": _TEXT, "order_id": _TEXT, "paid_fen": _INT,
        "channel": _TEXT, **_BUYER,
    },
    day_from=("started_at",),
    always=("agent", "started_at"),
    rolled_up=True,
    ref="session_id",
)  # fmt: skip

ORDER_HEAD = RecordKind(
    name="order_head",
    title="订单",
    key="order_id",
    columns={
        "agent": _INT,
        "status": _TEXT,
        "created_at": _INT, "paid_at": _INT, "shipped_at": _INT,
        "signed_at": _INT,          # 确认收货 / 完成
        "payable_fen": _INT, "paid_fen": _INT, "refund_fen": _INT,
        "closed_reason": _TEXT,
        "quantity": _INT,
        **_BUYER,
        "province": _TEXT, "city": _TEXT,
        "seller_note": _TEXT,       # masked
        "channel": _TEXT,
    },
    day_from=("paid_at", "created_at"),
    totals=("payable_fen", "paid_fen", "refund_fen", "quantity"),
)  # fmt: skip

# Some exports number the lines of an order (子订单编号), others do not. Both may come, in any order: where an order has
# numbered lines, these are its lines.
_LINE_WITHOUT_NUMBER = """s.line_id IS NULL AND EXISTS (SELECT 1 FROM order_line AS n
    WHERE n.shop_id = s.shop_id AND n.order_id = s.order_id AND n.line_id IS NOT NULL)"""

# Likewise refunds told by their order or line only, where a file with 退款编号 tells of the same.
_REFUND_WITHOUT_NUMBER = """s.refund_id IS NULL AND EXISTS (SELECT 1 FROM refund AS n
    WHERE n.shop_id = s.shop_id AND n.order_id = s.order_id AND (
        (n.refund_id IS NOT NULL AND (n.line_id IS NULL OR s.line_id IS NULL OR n.line_id = s.line_id))
        OR (s.line_id IS NULL AND n.line_id IS NOT NULL)))"""

ORDER_LINE = RecordKind(
    name="order_line",
    title="订单商品",
    key="line_key",
    key_recipes=(("order_id", "line_id"), ("order_id", "title", "sku", ORDINAL)),
    columns={
        "order_id": _TEXT, "line_id": _TEXT,
        "product_id": _TEXT, "title": _TEXT, "sku": _TEXT,
        "quantity": _INT, "price_fen": _INT, "paid_fen": _INT,
        "status": _TEXT, "refund_status": _TEXT, "refund_fen": _INT,
        "is_gift": _INT,
        "created_at": _INT, "paid_at": _INT,
    },
    day_from=("paid_at", "created_at"),
    always=("order_id",),
    hidden=_LINE_WITHOUT_NUMBER,
)  # fmt: skip

REFUND = RecordKind(
    name="refund",
    title="退款售后",
    key="refund_key",
    key_recipes=(("refund_id",), ("order_id", "line_id"), ("order_id",)),
    columns={
        "refund_id": _TEXT, "order_id": _TEXT, "line_id": _TEXT, "product_id": _TEXT,
        "kind": _TEXT,              # 仅退款 / 退货退款 / 换货 …
        "reason": _TEXT,
        "applied_at": _INT, "finished_at": _INT,
        "refund_fen": _INT,
        "status": _TEXT,
        "stage": _TEXT,             # 售中 / 售后
        "partial": _INT,
        "intervened": _INT,         # the platform decided
    },
    day_from=("applied_at", "finished_at"),
    hidden=_REFUND_WITHOUT_NUMBER,
)  # fmt: skip

REVIEW = RecordKind(
    name="review",
    title="商品评价",
    key="review_key",
    key_recipes=(("review_id",), ("order_id", "product_id", "buyer", "written_at", "text")),
    columns={
        "review_id": _TEXT, "order_id": _TEXT, "product_id": _TEXT, "title": _TEXT,
        "written_at": _INT,
        "rating": _INT,             # 1..5
        "grade": _TEXT,             # 好评 / 中评 / 差评
        "text": _TEXT, "append_text": _TEXT, "reply_text": _TEXT,  # masked
        "replied_at": _INT,
        **_BUYER,
        "is_default": _INT,         # written by the system
    },
    day_from=("written_at",),
)  # fmt: skip

SURVEY_ANSWER = RecordKind(
    name="survey_answer",
    title="满意度调查",
    key="answer_key",
    key_recipes=(("answer_id",), ("agent", "answered_at", "csat", "nps", "comment", ORDINAL)),
    columns={
        "agent": _INT,
        "answer_id": _TEXT,
        "answered_at": _INT,
        "csat": _INT,               # 1..5
        "nps": _INT,                # 0..10
        "comment": _TEXT,           # masked
        "source": _TEXT,
        "resolved": _INT,
        **_BUYER,
        WITHDRAWN: _INT,
    },
    day_from=("answered_at",),
)  # fmt: skip

QUALITY_CHECK = RecordKind(
    name="quality_check",
    title="抽检",
    key="check_key",
    key_recipes=(("check_id",), ("agent", "checked_at", "session_key", "total", "remark", ORDINAL)),
    columns={
        "agent": _INT,
        "check_id": _TEXT,
        "checked_at": _INT,
        "session_key": _TEXT,
        "total": _REAL,             # 0..100
        "items": _TEXT,             # JSON: [[name, points, full points], ...]
        "remark": _TEXT,            # masked
        "inspector": _TEXT,
        WITHDRAWN: _INT,
    },
    day_from=("checked_at",),
)  # fmt: skip

TICKET = RecordKind(
    name="ticket",
    title="工单",
    key="ticket_id",
    columns={
        "agent": _INT,
        "opened_at": _INT, "solved_at": _INT,
        "category": _TEXT, "status": _TEXT,
        "is_complaint": _INT,
        "order_id": _TEXT,
        "text": _TEXT,              # masked
    },
    day_from=("opened_at", "solved_at"),
)  # fmt: skip

# What a buyer wrote may be copied before anybody answered, and once more afterwards, then with the agent.
_ASKED_WITHOUT_AGENT = """s.agent_id IS NULL AND EXISTS (SELECT 1 FROM message AS n
    WHERE n.shop_id = s.shop_id AND n.day = s.day AND n.sent_at = s.sent_at AND n.agent_id IS NOT NULL
      AND n.from_buyer IS s.from_buyer AND n.buyer_key IS s.buyer_key AND n.buyer_mask IS s.buyer_mask)"""

INVITATION = RecordKind(
    name="invitation",
    title="邀评记录",
    key="invite_key",
    key_recipes=(("invite_id",), ("agent", "buyer", "sent_at")),
    columns={
        "agent": _INT,
        "invite_id": _TEXT,
        **_BUYER,
        "sent_at": _INT,
        "kind": _TEXT,
        "rated_at": _INT,
        "rating": _INT,
    },
    day_from=("sent_at", "rated_at"),
)  # fmt: skip

MESSAGE = RecordKind(
    name="message",
    title="聊天消息",
    key="message_key",
    key_recipes=(("agent", "buyer", "sent_at", ORDINAL),),
    columns={
        "agent": _INT,
        **_BUYER,
        "sent_at": _INT,
        "from_buyer": _INT,
        "text": _TEXT,              # masked
        "session_key": _TEXT,
    },
    day_from=("sent_at",),
    hidden=_ASKED_WITHOUT_AGENT,
)  # fmt: skip

KINDS: dict[str, RecordKind] = {
    kind.name: kind
    for kind in (
        SESSION,
        ORDER_HEAD,
        ORDER_LINE,
        REFUND,
        REVIEW,
        SURVEY_ANSWER,
        TICKET,
        INVITATION,
        MESSAGE,
        QUALITY_CHECK,
    )
}
