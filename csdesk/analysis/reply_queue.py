"""Bad reviews nobody has answered yet, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from csdesk.charts.spec import Cell, Column, Format, TableSpec
from csdesk.domain.period import from_epoch_day
from csdesk.metrics.days import Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.review_rows import BAD
from csdesk.metrics.rows.table import Codes

_LISTED = 100


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One of them, without a word of what it says. ``waiting_hours`` up to the newest moment known of the shop."""

    review: str | None
    order: str | None
    product: str | None
    stars: int | None
    written: date | None
    waiting_hours: float | None
    late: bool | None


@dataclass(frozen=True, slots=True)
class ReplyQueue:
    """``status``: ok | not_provided (the files do not tell answers).

    ``bad`` counts the bad reviews chosen, ``told`` those whose files say whether they were answered, ``count`` the
    unanswered ones among these, ``late`` those beyond the window of ``within_hours``. At most 100 ``items``.
    """

    status: str
    text: str
    within_hours: float
    bad: int = 0
    count: int = 0
    late: int = 0
    items: tuple[Unanswered, ...] = ()
    told: int = 0

    @property
    def asked(self) -> str:
        """Of which bad reviews ``count`` is told."""
        if self.told == self.bad:
            return f"{self.bad:,} 条差评里"
        return f"{self.bad:,} 条差评里有 {self.told:,} 条看得出回没回复，其中"


def reply_queue(reviews: ChosenRows) -> ReplyQueue:
    """The queue of the chosen reviews."""
    within = reviews.windows.reply_hours
    bad = reviews.number("level") == BAD
    told = bad & (reviews.number("reply_told") == 1)
    if not bad.any():
        return ReplyQueue("ok", "没有差评。" if reviews.size else "没有评价。", within)
    if not told.any():
        return ReplyQueue("not_provided", "评价文件里没有商家回复这一列，看不出哪些还没回复。", within, int(bad.sum()))
    open_ones = np.flatnonzero(told & (reviews.number("replied") != 1))
    hours = (reviews.number("last_known") - reviews.number("written_at"))[open_ones] / 3600
    late = int((hours > within).sum())
    order = np.argsort(-np.where(np.isnan(hours), -np.inf, hours), kind="stable")
    oldest = open_ones[order][:_LISTED]
    items = _items(reviews, oldest, hours[order][:_LISTED].tolist(), within) if len(oldest) else ()
    queue = ReplyQueue("ok", "", within, int(bad.sum()), len(open_ones), late, items, int(told.sum()))
    return replace(queue, text=_words(queue))


def _items(reviews: ChosenRows, places: Ints, hours: list[float], within: float) -> tuple[Unanswered, ...]:
    names = [_texts(reviews.codes(column), places) for column in ("review_id", "order_id", "product")]
    stars, days = reviews.number("rating")[places].tolist(), reviews.day[places].tolist()
    return tuple(
        Unanswered(
            review, order, product,
            None if np.isnan(star) else int(star),
            None if np.isnan(hour) else from_epoch_day(day),
            None if np.isnan(hour) else hour,
            None if np.isnan(hour) else hour > within,
        )
        for review, order, product, star, day, hour in zip(*names, stars, days, hours, strict=True)
    )  # fmt: skip


def _texts(codes: Codes, places: Ints) -> list[str | None]:
    return [None if code < 0 else str(codes.texts[code]) for code in codes.code[places].tolist()]


def _words(queue: ReplyQueue) -> str:
    if not queue.count:
        return f"{queue.asked}每一条都回复了。"
    first = queue.items[0].written if queue.items else None
    oldest = f"，最早的一条写于 {first}" if first else ""
    hours = f"{queue.within_hours:g} 小时"
    beyond = f"{queue.late:,} 条超过 {hours}" if queue.late else f"都还在 {hours}之内"
    return f"{queue.asked} {queue.count:,} 条还没回复，{beyond}{oldest}。"


def queue_table(queue: ReplyQueue) -> TableSpec:
    """The items as a table; numbers of reviews have a column where files give them."""
    numbered = any(one.review is not None for one in queue.items)
    rows: list[tuple[Cell, ...]] = [
        (
            one.written, one.product, one.order, *([one.review] if numbered else []), one.stars,
            None if one.waiting_hours is None else one.waiting_hours * 3600,
            {True: "超时", False: "", None: ""}[one.late],
        )
        for one in queue.items
    ]  # fmt: skip
    return TableSpec(
        (
            Column("written", "写评价的日子", Format.DATE),
            Column("product", "商品"),
            Column("order", "订单编号"),
            *([Column("review", "评价编号")] if numbered else []),
            Column("stars", "星级", Format.COUNT),
            Column("waiting", "已经等了", Format.SECONDS),
            Column("late", "时限"),
        ),
        tuple(rows),
    )
