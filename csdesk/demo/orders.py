"""Plays what is bought, sent back and reviewed: the orders the sessions led to, and those of buyers who never asked.

All files about orders are written from these, so they agree with each other and with the sessions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from csdesk.demo.cast import Cast
from csdesk.demo.goods import Goods, Product
from csdesk.demo.simulate import Session

_SILENT = 0.35
"""Orders of buyers who never asked, as a part of those that came out of a session."""
_AGAIN_AFTER_ORDER, _AGAIN_INVITED, _AGAIN_TALKED = 0.11, 0.055, 0.03
"""Chance that somebody orders once more without asking: after an order, an invited session, another session."""
_AGAIN_DAYS = 28
_NEVER_PAID = 0.05
_TWO_LINES = 0.08
_REFUNDED = 0.06
_PARTLY = 0.02
_BEFORE_SHIPPING = 0.25
_DEFAULT_AFTER_DAYS = 15
_DEFAULT_SHARE = 0.4
_NICKS = ("tb", "小", "爱", "星", "lily", "木子", "晚风", "雨", "江", "阿")


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order. Money in 分; ``price_fen`` of a piece."""

    id: str
    product: Product
    sku: str
    quantity: int
    price_fen: int
    paid_fen: int


@dataclass(slots=True)
class Refund:
    """What went back. ``finished`` None: still open when the files were exported."""

    id: str
    fen: int
    partial: bool
    reason: str
    applied: datetime
    finished: datetime | None
    goods_back: bool
    sold_already: bool
    intervened: bool


@dataclass(slots=True)
class Review:
    """What was written about an order; ``rating`` 1–5, ``by_system`` where the buyer wrote nothing."""

    written: datetime
    rating: int
    text: str
    append: str
    reply: str
    replied: datetime | None
    by_system: bool


@dataclass(slots=True)
class Order:
    """One order as it stands on the morning of the export. Money in 分, 0 and None = not paid, not yet."""

    id: str
    buyer: str
    created: datetime
    paid: datetime | None
    paid_fen: int
    province: str
    city: str
    lines: tuple[Line, ...]
    closed_reason: str = ""
    shipped: datetime | None = None
    signed: datetime | None = None
    refund: Refund | None = None
    review: Review | None = None

    @property
    def payable_fen(self) -> int:
        """List price of everything."""
        return sum(line.price_fen * line.quantity for line in self.lines)

    @property
    def day(self) -> date:
        """The day it was made."""
        return self.created.date()

    @property
    def returned_fen(self) -> int:
        """What has come back to the buyer."""
        return self.refund.fen if self.refund is not None and self.refund.finished is not None else 0

    @property
    def wholly_returned(self) -> bool:
        """Whether all of it went back."""
        return self.returned_fen > 0 and self.refund is not None and not self.refund.partial


def simulate_orders(
    cast: Cast, goods: Goods, sessions: Sequence[Session], until: datetime, random: Random
) -> list[Order]:
    """All orders up to ``until``, by the time they were made. The same arguments give the same orders."""
    return _Trade(cast, goods, until, random).run(sessions)


class _Trade:
    def __init__(self, cast: Cast, goods: Goods, until: datetime, random: Random) -> None:
        self._cast = cast
        self._goods = goods
        self._until = until
        self._random = random
        self._number = random.randrange(10**18, 19 * 10**17)
        self._homes: dict[str, tuple[str, str]] = {}

    def run(self, sessions: Sequence[Session]) -> list[Order]:
        orders: list[Order] = []
        for session in sessions:
            orders += self._talked(session)
        strangers = [self._stranger(session) for session in sessions if session.paid_fen]
        orders += [order for order in strangers if order is not None]
        orders += list(self._again(sessions, [order for order in orders if order.paid is not None]))
        return sorted(orders, key=lambda order: (order.created, order.id))

    def _talked(self, session: Session) -> Iterator[Order]:
        """The order a session led to; now and then one that was never paid."""
        if session.paid_fen:
            created = self._after_talk(session)
            if created <= self._until:
                yield self._order(session.buyer, created, session.paid_fen, session)
        elif session.inquiry and self._random.random() < _NEVER_PAID:
            yield self._unpaid(session)

    def _after_talk(self, session: Session) -> datetime:
        """When it was ordered: the same day before midnight, or at some hour of the next."""
        if session.same_day:
            midnight = datetime.combine(session.day, datetime.max.time()).replace(microsecond=0)
            return min(session.end + timedelta(seconds=self._random.randrange(30, 1500)), midnight)
        return self._some_time(session.day + timedelta(days=1))

    def _some_time(self, day: date) -> datetime:
        hour = self._random.choices(range(24), self._cast.hours)[0]
        return datetime(day.year, day.month, day.day, hour) + timedelta(seconds=self._random.randrange(3600))

    def _stranger(self, session: Session) -> Order | None:
        """A buyer who asked nothing, on a day as full as this session's."""
        random = self._random
        if random.random() >= _SILENT:
            return None
        buyer = f"{random.choice(_NICKS)}{random.randrange(10_000, 100_000)}{random.randrange(1000):03d}"
        created = self._some_time(session.day)
        return self._order(buyer, created, self._money()) if created <= self._until else None

    def _again(self, sessions: Sequence[Session], orders: Sequence[Order]) -> Iterator[Order]:
        """Orders of buyers who come back: more often those who bought, and those who were asked for a rating."""
        random = self._random
        for session in sessions:
            chance = _AGAIN_INVITED if session.invited else _AGAIN_TALKED
            if random.random() < chance:
                yield from self._returning(session.buyer, session.end)
        for order in orders:
            if random.random() < _AGAIN_AFTER_ORDER:
                yield from self._returning(order.buyer, order.created)

    def _returning(self, buyer: str, last_seen: datetime) -> Iterator[Order]:
        created = self._some_time(last_seen.date() + timedelta(days=self._random.randrange(2, _AGAIN_DAYS)))
        if created <= self._until:
            yield self._order(buyer, created, self._money())

    def _money(self) -> int:
        return max(990, round(self._random.lognormvariate(math.log(20_900), 0.55)) // 10 * 10)

    def _home(self, buyer: str) -> tuple[str, str]:
        if buyer not in self._homes:
            self._homes[buyer] = self._goods.place(self._random)
        return self._homes[buyer]

    def _next(self) -> str:
        self._number += self._random.randrange(10**6, 10**9)
        return str(self._number)

    def _unpaid(self, session: Session) -> Order:
        fen = self._money()
        number = self._next()
        lines = self._lines(number, fen, refunded=False)
        created = min(session.end, self._until)
        reason = self._random.choice(self._goods.words.lifted) if created.date() < self._until.date() else ""
        return Order(number, session.buyer, created, None, 0, *self._home(session.buyer), lines, reason)

    def _order(self, buyer: str, created: datetime, fen: int, session: Session | None = None) -> Order:
        random = self._random
        number = session.order if session is not None else self._next()
        # the reports about agents count one order in ten as sent back, by its number
        back = number.endswith("7") if session is not None else random.random() < _REFUNDED
        lines = self._lines(number, fen, refunded=back)
        paid = min(created + timedelta(seconds=random.randrange(15, 400)), self._until)
        order = Order(number, buyer, created, paid, fen, *self._home(buyer), lines)
        busy = 2.2 if self._busy(paid.date()) else 1.0
        shipped = paid + timedelta(hours=random.uniform(4, 40) * busy)
        signed = shipped + timedelta(days=random.uniform(1.6, 5.5) * busy**0.5)
        early = back and random.random() < _BEFORE_SHIPPING
        if not early:
            order.shipped, order.signed = self._by_now(shipped), self._by_now(signed)
        if back or random.random() < _PARTLY:
            order.refund = self._refund(order, shipped if early else signed, whole=back, early=early)
        if order.signed is not None and not back:
            order.review = self._review(order, order.signed, session, late=busy > 1)
        return order

    def _lines(self, number: str, fen: int, *, refunded: bool) -> tuple[Line, ...]:
        random = self._random
        second = fen * 30 // 100 // 10 * 10 if random.random() < _TWO_LINES else 0
        parts = [fen - second, second] if second >= 990 else [fen]
        found = []
        for place, part in enumerate(parts, start=1):
            product, pieces = self._goods.choose(random, part, refunded=refunded)
            name = number if len(parts) == 1 else str(int(number) + place)
            found.append(Line(name, product, random.choice(product.skus), pieces, product.price_fen, part))
        return tuple(found)

    def _busy(self, day: date) -> bool:
        return any(promotion.covers(day - timedelta(days=back)) for promotion in self._cast.promotions
                   for back in range(3))  # fmt: skip

    def _by_now(self, moment: datetime) -> datetime | None:
        moment = moment.replace(microsecond=0)
        return moment if moment <= self._until else None

    def _refund(self, order: Order, moment: datetime, *, whole: bool, early: bool) -> Refund | None:
        random, reasons = self._random, self._goods.reasons
        wait = -random.uniform(0.5, 3) if early else random.uniform(4, 140)
        paid = order.paid or order.created
        applied = max(moment + timedelta(hours=wait), paid + timedelta(minutes=5)).replace(microsecond=0)
        if applied > self._until:
            return None
        product = order.lines[0].product
        blamed = random.random() < 0.25 * product.returns
        words = reasons.parcel if early and random.random() < 0.5 else reasons.goods if blamed else reasons.buyer
        fen = order.paid_fen if whole else max(100, order.paid_fen * random.randrange(5, 40) // 1000 * 10)
        return Refund(
            id=str(int(order.id) // 10**9 * 10 + 7) + f"{random.randrange(10**8):08d}",
            fen=fen,
            partial=not whole,
            reason=random.choice(words),
            applied=applied,
            finished=self._by_now(applied + timedelta(hours=random.uniform(0.3, 20 if early else 110))),
            goods_back=whole and not early,
            sold_already=not early,
            intervened=random.random() < 0.04,
        )

    def _review(self, order: Order, signed: datetime, session: Session | None, *, late: bool) -> Review | None:
        """The buyer's own words, sooner and more often after an invitation; else perhaps what the system writes."""
        random, words = self._random, self._goods.words
        invited = session is not None and session.invited
        if random.random() < (0.36 if invited else 0.24):
            days = random.lognormvariate(math.log(2.4 if invited else 4.0), 0.8)
            written = self._by_now(signed + timedelta(days=days))
            return self._own_words(order, session, written, late=late) if written is not None else None
        written = self._by_now(signed + timedelta(days=_DEFAULT_AFTER_DAYS))
        if written is None or random.random() > _DEFAULT_SHARE:
            return None
        return Review(written, 5, words.default, "", "", None, by_system=True)

    def _own_words(self, order: Order, session: Session | None, written: datetime, *, late: bool) -> Review:
        random, words = self._random, self._goods.words
        product = order.lines[0].product
        ease = 2.5 + product.quality - (0.9 if late else 0.0)
        ease -= 1.3 if session is not None and not session.resolved else 0.0
        if random.random() < 1 / (1 + math.exp(-ease)):
            rating = 5 if random.random() < 0.86 else 4
            text = random.choice(product.good if random.random() < 0.7 else words.any_good)
        else:
            rating = random.choices((3, 2, 1), (0.34, 0.22, 0.44))[0]
            text = random.choice(words.late if late and random.random() < 0.6 else product.bad)
            text = random.choice(words.fair) if rating == 3 and random.random() < 0.6 else text
        answered = random.random() < (0.72 if rating <= 2 else 0.15)
        replied = self._by_now(written + timedelta(hours=random.uniform(1, 70))) if answered else None
        reply = random.choice(words.reply_bad if rating <= 3 else words.reply_good) if replied else ""
        append = random.choice(words.append) if random.random() < 0.05 else ""
        return Review(written, rating, text, append, reply, replied, by_system=False)
