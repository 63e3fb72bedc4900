"""What is sent back: how often, why, how much, how long it takes, and which products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from csdesk.charts.build import Step, number
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.reduce import tally, total
from csdesk.metrics.rows.table import Codes
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson_many
from csdesk.stats.multiple import adjusted, two_rates_p
from csdesk.store.kinds import DAY_SECONDS

_MOST = 20
_NOT_TOLD = "没有写"
_FOUND = 0.05


@dataclass(frozen=True, slots=True)
class RateStep:
    """Refunded of the orders paid in a step."""

    first: date
    last: date
    refunded: int
    orders: int
    rate: float | None
    low: float | None
    high: float | None
    small: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """Refunds of a reason (or kind, or stage): how many, of all, and the money given back."""

    name: str
    count: int
    share: float
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Took:
    """Days from asking to the end of ``n`` refunds given back; ``open``: asked for, without an end or a refusal."""

    n: int
    median_days: float | None
    p90_days: float | None
    open: int


@dataclass(frozen=True, slots=True)
class ProductRefunds:
    """Paid orders with a product (``lines``: a line each) and in how many of them it was refunded.

    ``higher``: more often than the other products together, beyond chance when all are looked at (BH at 5 %); None
    where there are too few to say.
    """

    product: str
    lines: int
    refunded: int
    rate: float
    low: float
    high: float
    small: bool
    higher: bool | None


@dataclass(frozen=True, slots=True)
class Refunds:
    """``applied``: refunds asked for in the span, ``given_back`` of them with ``amount_fen``; the rate: by payment."""

    trend: tuple[RateStep, ...]
    applied: int
    given_back: int
    amount_fen: int
    partial: int
    intervened: int
    reasons: tuple[Cause, ...]
    kinds: tuple[Cause, ...]
    stages: tuple[Cause, ...]
    took: Took
    products: tuple[ProductRefunds, ...]
    note: str


def refunds(steps: Sequence[Step], rows: ChosenRows, lines: ChosenRows) -> Refunds:
    """Out of the trend's values, the refunds asked for and the order lines paid in the span."""
    back = rows.number("given_back") > 0
    amount = np.nan_to_num(rows.number("refund_fen"))
    return Refunds(
        tuple(_trend(steps)),
        rows.size, int(back.sum()), round(float(amount[back].sum())),
        int((rows.number("partial") > 0).sum()), int((rows.number("intervened") > 0).sum()),
        _causes(rows.codes("reason"), back, amount), _causes(rows.codes("kind"), back, amount),
        _causes(rows.codes("stage"), back, amount),
        _took(rows),
        tuple(_products(lines)),
        note="退款率按订单付款的日子算；原因、金额和用时按申请退款的日子算，只数退成的。" if rows.size else "",
    )  # fmt: skip


def _trend(steps: Sequence[Step]) -> list[RateStep]:
    found = []
    for step in steps:
        value = step.values.get("refund_rate")
        if value is None or value.denominator is None:
            continue
        found.append(RateStep(
            step.first, step.last, round(value.numerator or 0), round(value.denominator), number(value),
            value.low, value.high, value.small,
        ))  # fmt: skip
    return found


def _causes(codes: Codes, back: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], amount: object) -> tuple[Cause, ...]:
    code = np.where(back, codes.code + 1, -1)
    height = len(codes.texts) + 1
    counts, sums = tally(code, height), total(code, height, np.asarray(amount, dtype=np.float64))
    everything = int(counts.sum())
    if not everything or (counts[0] == everything):
        return ()
    names = [_NOT_TOLD, *map(str, codes.texts)]
    order = np.argsort(-counts, kind="stable").tolist()
    return tuple(
        Cause(names[at], int(counts[at]), float(counts[at] / everything), round(sums[at])) for at in order if counts[at]
    )


def _took(rows: ChosenRows) -> Took:
    asked, ended = rows.number("applied_at"), rows.number("finished_at")
    back = rows.number("given_back") > 0
    status = rows.codes("status")
    over = np.array(
        [any(word in str(text) for word in ("成功", "关闭", "取消", "拒绝", "失败")) for text in status.texts]
    )
    done = np.append(over, False)[status.code] if len(status.texts) else np.zeros(rows.size, dtype=np.bool_)
    days = (ended - asked) / DAY_SECONDS
    known = back & (days >= 0)
    pending = int((np.isfinite(asked) & ~np.isfinite(ended) & ~done & ~back).sum())
    if not known.any():
        return Took(0, None, None, pending)
    middle, late = np.quantile(days[known], (0.5, 0.9)).tolist()
    return Took(int(known.sum()), middle, late, pending)


def _products(lines: ChosenRows) -> list[ProductRefunds]:
    paid, back = lines.number("paid_once"), lines.number("refunded_once")
    product = lines.codes("product")
    mine = (paid > 0) & np.isfinite(back)
    code = np.where(mine, product.code, -1)
    height = len(product.texts)
    if not height:
        return []
    counts, refunded = tally(code, height), total(code, height, np.where(mine, back, 0.0))
    lines_all, back_all = counts.sum(), refunded.sum()
    low, high = wilson_many(refunded, counts)
    chosen = [at for at in np.argsort(-refunded, kind="stable").tolist() if counts[at]]
    enough = [at for at in chosen if counts[at] >= SMALL_SAMPLE and lines_all - counts[at] >= SMALL_SAMPLE]
    p_values = [
        two_rates_p(refunded[at], counts[at], back_all - refunded[at], lines_all - counts[at]) or 1.0 for at in enough
    ]
    above = {
        at: p <= _FOUND and refunded[at] * lines_all > back_all * counts[at]
        for at, p in zip(enough, adjusted(p_values), strict=True)
    }
    return [
        ProductRefunds(
            str(product.texts[at]), int(counts[at]), int(refunded[at]), float(refunded[at] / counts[at]),
            float(low[at]), float(high[at]), bool(counts[at] < SMALL_SAMPLE),
            bool(above[at]) if at in above else None,
        )
        for at in chosen[:_MOST]
    ]  # fmt: skip
