"""What the example shops sell and to where, read from ``resources/demo/goods.toml``."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from csdesk.settings.paths import resource_path

_MOST_PIECES = 3
_LEAST_OF_LIST_PRICE = 0.6


@dataclass(frozen=True, slots=True)
class Product:
    """One of them; see resources/demo/goods.toml for the fields. ``price_fen``: list price of a piece."""

    id: str
    title: str
    price_fen: int
    share: float
    quality: float
    returns: float
    skus: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]

    def pieces(self, paid_fen: int) -> int:
        """How many of them somebody bought who paid ``paid_fen``; 0 where the price does not fit."""
        count = math.ceil(paid_fen / self.price_fen)
        fits = count <= _MOST_PIECES and count * self.price_fen * _LEAST_OF_LIST_PRICE <= paid_fen
        return count if fits else 0


@dataclass(frozen=True, slots=True)
class Place:
    """A province with its cities."""

    province: str
    cities: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class GoodsWords:
    """What buyers and the shop write about the goods."""

    any_good: tuple[str, ...]
    fair: tuple[str, ...]
    late: tuple[str, ...]
    append: tuple[str, ...]
    default: str
    reply_bad: tuple[str, ...]
    reply_good: tuple[str, ...]
    lifted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefundReasons:
    """Reasons that blame the goods, the buyer's own mind, or the parcel."""

    goods: tuple[str, ...]
    buyer: tuple[str, ...]
    parcel: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goods:
    """Everything orders are made of."""

    products: tuple[Product, ...]
    places: tuple[Place, ...]
    words: GoodsWords
    reasons: RefundReasons

    def choose(self, random: Random, paid_fen: int, *, refunded: bool) -> tuple[Product, int]:
        """A product and how many pieces of it for what was paid; those often sent back for refunded orders."""
        fitting = [(product, product.pieces(paid_fen)) for product in self.products]
        fitting = [one for one in fitting if one[1]] or [self._nearest(paid_fen)]
        weights = [product.share * (product.returns if refunded else 1.0) for product, _pieces in fitting]
        return random.choices(fitting, weights)[0]

    def _nearest(self, paid_fen: int) -> tuple[Product, int]:
        """For prices nothing fits: the cheapest for little money, the dearest for much."""
        by_price = sorted(self.products, key=lambda product: product.price_fen)
        product = by_price[0] if paid_fen < by_price[0].price_fen else by_price[-1]
        return product, math.ceil(paid_fen / product.price_fen)

    def place(self, random: Random) -> tuple[str, str]:
        """Province and city of a buyer."""
        found = random.choices(self.places, [place.share for place in self.places])[0]
        return found.province, random.choice(found.cities)


def load_goods() -> Goods:
    """The goods of the example shops."""
    data = tomllib.loads(resource_path("demo", "goods.toml").read_text(encoding="utf-8"))
    words: dict[str, Any] = {
        name: value if isinstance(value, str) else _words(value) for name, value in data["words"].items()
    }
    return Goods(
        products=tuple(
            Product(
                id=entry["id"],
                title=entry["title"],
                price_fen=entry["price"] * 100,
                share=entry["share"],
                quality=entry["quality"],
                returns=entry["returns"],
                skus=_words(entry["skus"]),
                good=_words(entry["good"]),
                bad=_words(entry["bad"]),
            )
            for entry in data["product"]
        ),
        places=tuple(Place(entry["province"], _words(entry["cities"]), entry["share"]) for entry in data["region"]),
        words=GoodsWords(**words),
        reasons=RefundReasons(**{name: _words(value) for name, value in data["refund"].items()}),
    )


def _words(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(found)
