"""Which products get the bad reviews: each one's share with its interval, held against all the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csdesk.charts.spec import Cell, Column, Format, TableSpec
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.grouping import UNNAMED
from csdesk.metrics.rows.review_rows import BAD
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson
from csdesk.stats.multiple import adjusted, rates_p

_LISTED = 200
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class ProductReviews:
    """One product. ``rate`` = bad / n with its 95 % Wilson interval, ``others``: the rate of all other products.

    ``verdict``: more_bad | less_bad | no_clear_difference | too_few, with ``p_adjusted`` over all products that have
    enough reviews (Benjamini–Hochberg).
    """

    product: str
    n: int
    good: int
    fair: int
    bad: int
    rate: float
    low: float | None
    high: float | None
    others: float | None
    p_adjusted: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Products:
    """Products by number of bad reviews, at most 200 of ``count``; ``unnamed``: reviews that name none."""

    count: int
    unnamed: int
    items: tuple[ProductReviews, ...]
    text: str


def by_product(reviews: ChosenRows, small: int = SMALL_SAMPLE) -> Products:
    """The products of the chosen reviews."""
    codes, levels = reviews.codes("product"), reviews.number("level")
    known = np.isfinite(levels)
    height = len(codes.texts) + 1
    keys = (codes.code[known] + 1) * 3 + levels[known].astype(np.int64)
    table = np.bincount(keys, minlength=height * 3).reshape(height, 3)
    sizes = table.sum(axis=1)
    unnamed, whole, bad = int(sizes[0]), int(sizes[1:].sum()), int(table[1:, int(BAD)].sum())
    there = np.flatnonzero(sizes[1:]) + 1
    order = there[np.lexsort((sizes[there], -table[there, int(BAD)]))]
    judged = [one for one in order.tolist() if sizes[one] >= small and whole > sizes[one]]
    p_values = [_p(table[one].tolist(), whole, bad) for one in judged]
    p_of = dict(zip(judged, adjusted(p_values), strict=True))
    shown = [_item(str(codes.texts[one - 1]), table[one].tolist(), (whole, bad), p_of.get(one), small)
             for one in order.tolist()[:_LISTED]]  # fmt: skip
    worse = [_item(str(codes.texts[one - 1]), table[one].tolist(), (whole, bad), p, small)
             for one, p in p_of.items() if p <= _SURE]  # fmt: skip
    return Products(len(there), unnamed, tuple(shown), _words(worse, len(judged), whole, int(known.sum())))


def _p(counts: list[int], whole: int, bad: int) -> float:
    n, mine = sum(counts), counts[2]
    found = rates_p(mine, n, bad - mine, whole - n)
    return 1.0 if found is None else found


def _item(name: str, counts: list[int], whole: tuple[int, int], p: float | None, small: int) -> ProductReviews:
    good, fair, mine = counts
    n = sum(counts)
    interval = wilson(mine, n)
    rest = whole[0] - n
    others = (whole[1] - mine) / rest if rest else None
    verdict = "too_few" if n < small else "no_clear_difference"
    if p is not None and others is not None and p <= _SURE:
        verdict = "more_bad" if mine / n > others else "less_bad"
    return ProductReviews(
        name, n, good, fair, mine, mine / n,
        interval.low if interval else None, interval.high if interval else None, others, p, verdict,
    )  # fmt: skip


def _words(found: list[ProductReviews], judged: int, whole: int, reviews: int) -> str:
    worse = sorted((one for one in found if one.verdict == "more_bad"), key=lambda one: -one.bad)
    if not reviews:
        return "没有评价。"
    if not whole:
        return "评价里没有商品，分不了商品。"
    if judged < 2:
        return f"够 {SMALL_SAMPLE} 条评价的商品不到两个，不比较。"
    if not worse:
        return f"{judged} 个够样本的商品之间，差评率看不出差别（{whole:,} 条评价）。"
    named = "、".join(f"{one.product}（{one.bad}/{one.n}，{one.rate:.1%}）" for one in worse[:3])
    more = f"等 {len(worse)} 个商品" if len(worse) > 3 else ""
    return f"差评率比其他商品高、不像是偶然的：{named}{more}。"


_VERDICTS = {"more_bad": "偏高", "less_bad": "偏低", "no_clear_difference": "看不出差别", "too_few": "样本不足"}


def product_table(found: Products) -> TableSpec:
    """The items as a table; too few reviews are grey."""
    rows: list[tuple[Cell, ...]] = [
        (one.product, one.n, one.good, one.fair, one.bad, one.rate, one.low, one.high, _VERDICTS[one.verdict])
        for one in found.items
    ]
    if found.unnamed:
        rows.append((UNNAMED, found.unnamed, None, None, None, None, None, None, ""))
    return TableSpec(
        (
            Column("product", "商品"),
            Column("n", "评价", Format.COUNT),
            Column("good", "好评", Format.COUNT),
            Column("fair", "中评", Format.COUNT),
            Column("bad", "差评", Format.COUNT),
            Column("rate", "差评率", Format.PERCENT, bar=True),
            Column("low", "95%下限", Format.PERCENT),
            Column("high", "95%上限", Format.PERCENT),
            Column("verdict", "和其他商品比"),
        ),
        tuple(rows),
        frozenset(at for at, one in enumerate(found.items) if one.verdict == "too_few"),
    )
