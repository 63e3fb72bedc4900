"""Cleaned cells of a row → the columns of its kind of record: what follows from other columns, and order totals.

Amounts are exact to the 分: nothing here divides except :func:`share`, which gives every 分 to somebody.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from csdesk.domain.period import Period, to_epoch_day
from csdesk.ingest.entry.items import DEFAULT_ITEMS, CheckItem, total_of
from csdesk.ingest.headers import squeeze
from csdesk.ingest.record_columns import grade_of
from csdesk.safety.buyers import BuyerKeys
from csdesk.store.kinds import DAY_SECONDS

Values = dict[str, list[Any]]
"""Field → value of each row, all of one length."""

PAID_STATES = frozenset(("待发货", "部分发货", "已发货", "已完成"))
REFUNDED = "退款成功"
_GIFT_REASON = "主品订单售后完成"
_JOINTS = str.maketrans(dict.fromkeys(";;,,、|", ";"))


def height(values: Values) -> int:
    """Number of rows."""
    return len(next(iter(values.values()), ()))


def share(amount: int | None, parts: int) -> list[int | None]:
    """An amount over so many rows; what is left over goes to the first, so that the sum is exact."""
    if amount is None:
        return [None] * parts
    each, rest = divmod(amount, parts)
    return [each + (1 if index < rest else 0) for index in range(parts)]


def split_joined(rows: Sequence[int], values: Values) -> tuple[Sequence[int], Values, int]:
    """Rows that hold several order ids (``1;2``) → one row for each id, amounts shared; and how many there were."""
    ids = values.get("order_id")
    joined = [] if ids is None else [at for at, text in enumerate(ids) if text and _parts(text)]
    if ids is None or not joined:
        return rows, values, 0
    taken = set(joined)
    new_rows: list[int] = []
    new: Values = {name: [] for name in values}
    for at, row in enumerate(rows):
        if at not in taken:
            new_rows.append(row)
            for name, column in values.items():
                new[name].append(column[at])
            continue
        parts = _parts(ids[at])
        new_rows.extend([row] * len(parts))
        for name, column in values.items():
            new[name].extend(_shared(name, column[at], parts))
    return new_rows, new, len(joined)


def _parts(text: str) -> list[str]:
    if text.isalnum():
        return []
    found = list(dict.fromkeys(part.strip() for part in text.translate(_JOINTS).split(";") if part.strip()))
    return found if len(found) > 1 and all(part.isalnum() for part in found) else []


def _shared(name: str, value: Any, parts: list[str]) -> list[Any]:
    if name == "order_id":
        return list(parts)
    if name.endswith("_fen") and name != "price_fen":
        return list(share(value, len(parts)))
    if name == "line_id" and isinstance(value, str):
        lines = _parts(value)
        return lines if len(lines) == len(parts) else [f"{value}-{at}" for at in range(1, len(parts) + 1)]
    return [value] * len(parts)


# ---------------------------------------------------------------- orders


def finish_order(values: Values, names: OrderNames) -> None:
    """Order heads and lines alike: amounts, payment, place, gift, in place."""
    count = height(values)
    nothing: list[Any] = [None] * count
    names.date(values)
    if "address" in values:
        places = values.pop("address")
        for position, name in enumerate(("province", "city")):
            own = values.get(name, nothing)
            values[name] = [
                given or (place[position] if place else None) for given, place in zip(own, places, strict=True)
            ]
    goods, postage = values.pop("goods_fen", None), values.pop("postage_fen", None)
    if "payable_fen" not in values and goods is not None:
        values["payable_fen"] = [_plus(*pair) for pair in zip(goods, postage or nothing, strict=True)]
    paid = _paid(values, nothing)
    if "paid_fen" not in values and "payable_fen" in values:
        values["paid_fen"] = [
            amount if done or amount is None else 0 for amount, done in zip(values["payable_fen"], paid, strict=True)
        ]
    if "paid_at" not in values and "created_at" in values and ("status" in values or "refund_status" in values):
        values["paid_at"] = [
            moment if done else None for moment, done in zip(values["created_at"], paid, strict=True)
        ]  # fmt: skip
    _gift(values, nothing)
    if "refund_fen" not in values and "refund_status" in values and "paid_fen" in values:
        values["refund_fen"] = [
            amount if state == REFUNDED else None
            for amount, state in zip(values["paid_fen"], values["refund_status"], strict=True)
        ]
    if "order_id" not in values or None in values["order_id"]:
        names.name(values)


def _plus(one: int | None, other: int | None) -> int | None:
    if one is None:
        return other
    return one if other is None else one + other


def _paid(values: Values, nothing: list[Any]) -> list[bool]:
    """Whether each row was paid: it has a time of payment; without such a column, its state says so."""
    if "paid_at" in values:
        return [moment is not None for moment in values["paid_at"]]
    if "status" not in values:
        return [True] * len(nothing)
    refunds = values.get("refund_status", nothing)
    return [
        state in PAID_STATES or refund == REFUNDED
        for state, refund in zip(values["status"], refunds, strict=True)
    ]  # fmt: skip


def _gift(values: Values, nothing: list[Any]) -> None:
    said, reasons = values.get("is_gift"), values.get("closed_reason")
    if said is None and reasons is None:
        return
    values["is_gift"] = [
        1 if gift or (reason is not None and _GIFT_REASON in reason) else 0
        for gift, reason in zip(said or nothing, reasons or nothing, strict=True)
    ]


class OrderNames:
    """Ids for orders whose table gives none: made of buyer, time and amount, hidden as a buyer's name is.

    Only what nearly every such table has goes into the id, so that exports with other columns say the same orders.
    Rows alike in all three are told apart by their number among themselves: without ids nobody can know whether a
    row was written twice, so each counts. ``span`` stands for the time where the table has none. Used for one table.
    """

    def __init__(self, keys: BuyerKeys, span: Period | None = None) -> None:
        self._keys = keys
        self._span = span
        self._met: Counter[bytes] = Counter()
        self.alike = 0

    def date(self, values: Values) -> None:
        """Give the rows of a table without any time the day it was said to be of."""
        if self._span is not None and self._span.first == self._span.last and not {"created_at", "paid_at"} & {*values}:
            values["created_at"] = [to_epoch_day(self._span.first) * DAY_SECONDS] * height(values)

    def name(self, values: Values) -> None:
        """Fill ``order_id`` where it is missing, in place."""
        nothing: list[Any] = [None] * height(values)
        ids = values.get("order_id") or nothing
        told = [values.get(name, nothing) for name in ("buyer", "paid_at", "created_at", "paid_fen", "payable_fen")]
        made: list[str] = []
        for known, buyer, paid_at, created_at, paid, payable in zip(ids, *told, strict=True):
            made.append(known or self._made(buyer, paid_at or created_at, payable if paid is None else paid))
        values["order_id"] = made

    def _made(self, buyer: tuple[bytes | None, str] | None, moment: int | None, amount: int | None) -> str:
        who = (buyer[0].hex() if buyer[0] else buyer[1]) if buyer else ""
        when = moment if moment is not None else self._span or ""
        base = self._keys.digest(f"{who}\x1f{when}\x1f{amount}")
        self._met[base] += 1
        number = self._met[base]
        if number > 1:
            self.alike += 1
            base = self._keys.digest(f"{who}\x1f{when}\x1f{amount}\x1f{number}")
        return "无号" + base.hex()[:20]


class OrderSums:
    """Orders summed up from their lines: money and pieces added, first and last moments, refunded if any line is.

    Gifts add money but no pieces. An order's state is that of its least advanced line that is not closed; it is
    closed when all are.
    """

    def __init__(self) -> None:
        self._places: dict[str, dict[str, int]] = {}  # shop → order → place in the columns
        self._rows = array("q")
        self._gifts = bytearray()
        self._names: tuple[str, ...] = ()
        self._columns: list[array[int] | list[Any]] = []
        self._words: dict[Any, Any] = {}  # every text once: a million orders share a few hundred

    def add(self, rows: Sequence[int], values: Values) -> None:
        """Add lines; all calls must bring the same columns."""
        if not self._names:
            self._names = tuple(name for name in _HEAD_RULES if name in values)
            self._columns = [array("q") if name.endswith(_NUMBERS) else [] for name in self._names]
        gifts = values.get("is_gift") or [0] * len(rows)
        fresh, again = self._placed(values)
        self._rows.extend(rows[at] for at in fresh)
        self._gifts.extend(1 if gifts[at] else 0 for at in fresh)
        # A later line changes whose words count, so the gift before it is remembered for all columns.
        after_gift: list[bool] = []
        for at, place in again:
            after_gift.append(bool(self._gifts[place]) and not gifts[at])
            if after_gift[-1]:
                self._gifts[place] = 0
        for name, kept in zip(self._names, self._columns, strict=True):
            told = values[name]
            if name in _NOT_OF_GIFTS and any(gifts):
                told = [None if gift else value for value, gift in zip(told, gifts, strict=True)]
            self._take(kept, told, fresh)
            rule, none = _HEAD_RULES[name], None if type(kept) is list else _NONE
            for (at, place), swapped in zip(again, after_gift, strict=True):
                new, old = told[at], kept[place]
                if new is None or (new == old and rule is not _plus):  # no rule makes anything of these
                    continue
                if old == none:
                    kept[place] = new
                else:
                    kept[place] = rule(new, old) if swapped else rule(old, new)

    def blocks(self, size: int) -> Iterator[tuple[list[int], Values]]:
        """(first sheet row of each order, its columns), so many orders at a time."""
        orders = ((shop, order) for shop, places in self._places.items() for order in places)
        # Places of several shops run through each other; each shop's are in order.
        where = (place for places in self._places.values() for place in places.values())
        while block := list(islice(orders, size)):
            places = list(islice(where, len(block)))
            values: Values = {"shop": [shop for shop, _ in block], "order_id": [order for _, order in block]}
            for name, kept in zip(self._names, self._columns, strict=True):
                values[name] = [self._value(kept, place) for place in places]
            yield [self._rows[place] for place in places], values

    def _placed(self, values: Values) -> tuple[list[int], list[tuple[int, int]]]:
        """(lines that begin an order, (line, place of its order) of the others)."""
        fresh: list[int] = []
        again: list[tuple[int, int]] = []
        count = len(self._rows)
        for at, (shop, order) in enumerate(zip(values["shop"], values["order_id"], strict=True)):
            places = self._places.setdefault(shop, {})
            place = places.setdefault(order, count)
            if place == count:
                count += 1
                fresh.append(at)
            else:
                again.append((at, place))
        return fresh, again

    def _take(self, kept: array[int] | list[Any], told: Sequence[Any], fresh: Sequence[int]) -> None:
        """The words of lines that begin an order."""
        if type(kept) is list:
            words = self._words
            if len(words) > _MOST_WORDS:
                words.clear()
            kept.extend(words.setdefault(told[at], told[at]) for at in fresh)
        else:
            kept.extend(_NONE if told[at] is None else told[at] for at in fresh)

    @staticmethod
    def _value(kept: array[int] | list[Any], place: int) -> Any:
        value = kept[place]
        return None if type(kept) is not list and value == _NONE else value


_NUMBERS = ("_at", "_fen", "quantity")
_NOT_OF_GIFTS = frozenset(("quantity", "closed_reason"))
_NONE = -(2**62)
_MOST_WORDS = 100_000


def _first(old: Any, new: Any) -> Any:
    return new if old is None else old


def _low(old: Any, new: Any) -> Any:
    return _first(old, new) if old is None or new is None else min(old, new)


def _high(old: Any, new: Any) -> Any:
    return _first(old, new) if old is None or new is None else max(old, new)


_STEPS = {"待付款": 0, "待发货": 1, "部分发货": 2, "已发货": 3, "已完成": 4}


def _state(old: Any, new: Any) -> Any:
    if old is None or new is None or old == new:
        return _first(old, new)
    if old == "已关闭":
        return new
    if new == "已关闭":
        return old
    one, other = _STEPS.get(old, 9), _STEPS.get(new, 9)
    if {one, other} == {1, 3}:
        return "部分发货"
    return old if one <= other else new


_HEAD_RULES: dict[str, Callable[[Any, Any], Any]] = {
    "agent": _first, "status": _state, "created_at": _low, "paid_at": _low, "shipped_at": _high, "signed_at": _high,
    "payable_fen": _plus, "paid_fen": _plus, "refund_fen": _plus, "closed_reason": _first, "quantity": _plus,
    "buyer": _first, "province": _first, "city": _first, "seller_note": _first, "channel": _first,
}  # fmt: skip


# ---------------------------------------------------------------- the others


def finish_refund(values: Values, keys: BuyerKeys) -> None:
    """The money given back is goods, freight and tax where they stand apart."""
    parts = [values.pop(name, None) for name in ("goods_refund_fen", "postage_refund_fen", "tax_refund_fen")]
    known = [part for part in parts if part is not None]
    if "refund_fen" not in values and known:
        total = known[0]
        for part in known[1:]:
            total = [_plus(*pair) for pair in zip(total, part, strict=True)]
        values["refund_fen"] = total


def finish_review(values: Values, keys: BuyerKeys, default_texts: frozenset[str]) -> None:
    """Stars and 好中差评 out of either column; reviews the system wrote are marked."""
    nothing: list[Any] = [None] * height(values)
    if "rating" in values or "grade" in values:
        stars, words = values.get("rating", nothing), values.get("grade", nothing)
        values["rating"] = [_rating(star, word) for star, word in zip(stars, words, strict=True)]
        values["grade"] = [_grade(star, word) for star, word in zip(stars, words, strict=True)]
    if "text" in values:
        values["is_default"] = [int(text is not None and squeeze(text) in default_texts) for text in values["text"]]


def finish_check(values: Values) -> None:
    """Points of the items in one column, and a total where none is given.

    Points are out of the item's full points; a row with one above these is judged by 100 points an item.
    """
    columns = {item: values.pop(f"item_{at}") for at, item in enumerate(DEFAULT_ITEMS, 1) if f"item_{at}" in values}
    if not columns:
        return
    totals = values.get("total") or [None] * height({"": next(iter(columns.values()))})
    told = [[(item, points) for item, points in zip(columns, row, strict=True) if points is not None]
            for row in zip(*columns.values(), strict=True)]  # fmt: skip
    judged = [_of_hundred(row) if any(points > item.full for item, points in row) else row for row in told]
    values["items"] = [
        json.dumps([[item.name, points, item.full] for item, points in row], ensure_ascii=False) if row else None
        for row in judged
    ]
    values["total"] = [
        total_of({item.name: points for item, points in row}, [item for item, _ in row]) if total is None else total
        for row, total in zip(judged, totals, strict=True)
    ]


def _of_hundred(row: list[tuple[CheckItem, float]]) -> list[tuple[CheckItem, float]]:
    return [(CheckItem(item.name, 100), points) for item, points in row]


def _rating(star: tuple[int | None, str] | None, word: tuple[int | None, str] | None) -> int | None:
    return (star[0] if star else None) or (word[0] if word else None)


def _grade(star: tuple[int | None, str] | None, word: tuple[int | None, str] | None) -> str | None:
    if word is not None:
        return word[1]
    if star is None:
        return None
    return star[1] if star[0] is None else grade_of(star[0])
