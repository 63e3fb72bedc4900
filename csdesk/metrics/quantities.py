"""Amounts a report gives, written as data: ``quantity("ratings_received", "rated_5+rated_4")``.

A quantity is a list of alternatives, tried in order; each is a sum (``a+b-c``, ``5*a+4*b``), a product of a
rate and a count (``rate*count``) or a quotient (``count/rate``). Products and quotients stand for a whole
number of people and are rounded to it when the rate, as far as it was written out, says just that number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import NamedTuple


class Reported(NamedTuple):
    """One number of a report and the batches it came in; ``value`` None means 延迟统计."""

    value: float | None
    provisional: bool = False
    batches: tuple[int, ...] = ()


Measures = Mapping[str, Reported]
"""What one report says of one agent (or shop) and span: by measure id. A measure it left blank is absent."""


class Amount(NamedTuple):
    """A quantity worked out. ``value`` None: 延迟统计 if ``provisional``, else not given."""

    value: float | None
    provisional: bool = False
    batches: tuple[int, ...] = ()


NOT_GIVEN = Amount(None)


class Kind(Enum):
    """How a term's items go together."""

    SUM = "sum"
    PRODUCT = "product"
    QUOTIENT = "quotient"


@dataclass(frozen=True, slots=True)
class Term:
    """One alternative. ``items`` are (coefficient, measure id); two of them for products and quotients."""

    kind: Kind
    items: tuple[tuple[float, str], ...]

    def of(self, measures: Measures) -> Amount:
        """Its amount in one report; NOT_GIVEN unless every part is there."""
        if len(self.items) == 1:
            coefficient, name = self.items[0]
            found = measures.get(name)
            if found is None:
                return NOT_GIVEN
            if found.value is None or coefficient == 1.0:
                return Amount(found.value, found.provisional or found.value is None, found.batches)
        value, provisional, delayed = 0.0, False, False
        batches: tuple[int, ...] | None = None
        for coefficient, name in self.items:
            found = measures.get(name)
            if found is None:
                return NOT_GIVEN
            if batches != found.batches:
                batches = found.batches if batches is None else joined(batches, found.batches)
            if found.value is None:
                delayed = True
            else:
                provisional = provisional or found.provisional
                value += coefficient * found.value
        if delayed:
            return Amount(None, True, batches or ())
        if self.kind is not Kind.SUM:
            number = self._number(measures)
            return NOT_GIVEN if number is None else Amount(number, provisional, batches or ())
        return Amount(value, provisional, batches or ())

    def _number(self, measures: Measures) -> float | None:
        left, right = (measures[name].value or 0.0 for _, name in self.items)
        return _product(left, right) if self.kind is Kind.PRODUCT else _quotient(left, right)


Quantity = tuple[Term, ...]

_NAME = re.compile(r"[a-z][a-z0-9_.]*")
_PART = re.compile(r"([+-]?)(?:(\d+)\*)?([a-z][a-z0-9_.]*)")


@cache
def quantity(*alternatives: str) -> Quantity:
    """Alternatives from their texts; raises ValueError for a text that is none."""
    return tuple(_term(text.replace(" ", "")) for text in alternatives)


def amount(wanted: Quantity, measures: Measures) -> Amount:
    """The first alternative that is given; else 延迟统计 if one of them is, else NOT_GIVEN."""
    waiting = NOT_GIVEN
    for term in wanted:
        found = term.of(measures)
        if found.value is not None:
            return found
        if found.provisional:
            waiting = found
    return waiting


def joined(*batches: tuple[int, ...]) -> tuple[int, ...]:
    """All of them, each once, in order."""
    first = batches[0]
    if all(group == first for group in batches):
        return first
    return tuple(dict.fromkeys(one for group in batches for one in group))


def measures_of(wanted: Quantity) -> frozenset[str]:
    """All measure ids the quantity may read."""
    return frozenset(name for term in wanted for _, name in term.items)


def _term(text: str) -> Term:
    for mark, kind in (("/", Kind.QUOTIENT), ("*", Kind.PRODUCT)):
        left, found, right = text.partition(mark)
        if found and _NAME.fullmatch(left) and _NAME.fullmatch(right):
            return Term(kind, ((1.0, left), (1.0, right)))
    items = []
    end = 0
    for match in _PART.finditer(text):
        sign, coefficient, name = match.groups()
        items.append((float(coefficient or 1) * (-1 if sign == "-" else 1), name))
        end += len(match.group())
    if end != len(text) or not items:
        raise ValueError(f"not a quantity: {text!r}")
    return Term(Kind.SUM, tuple(items))


def _product(rate: float, count: float) -> float | None:
    """``rate`` × ``count``, as a whole number where the written rate says that number."""
    exact = rate * count
    whole = float(round(exact))
    return whole if count > 0 and _says(whole / count, rate) else exact


def _quotient(count: float, rate: float) -> float | None:
    """``count`` / ``rate`` likewise; None where the rate is zero, as any number could stand behind it."""
    if rate <= 0:
        return None
    exact = count / rate
    whole = float(round(exact))
    return whole if whole > 0 and _says(count / whole, rate) else exact


def _says(rate: float, written: float) -> bool:
    """Whether ``rate`` rounds to ``written``, which has at least two decimals of a fraction (whole percents)."""
    tolerance: float = 0.5 / 10 ** _decimals(written)
    return abs(rate - written) <= tolerance + 1e-12


def _decimals(number: float) -> int:
    if not math.isfinite(number):
        return 2
    text = repr(number)
    if "e" in text:
        return 12
    return max(2, len(text.partition(".")[2]))
