"""The limit beyond which an amount is far off."""

from __future__ import annotations

import random

from csdesk.stats.robust import FEWEST, far_above


def test_wild_amounts_do_not_move_the_limit_and_are_beyond_it() -> None:
    draw = random.Random(3)
    usual = [round(draw.lognormvariate(9, 0.8)) for _ in range(2000)]
    limit = far_above(usual)
    assert limit is not None
    assert max(usual) < limit
    with_wild = far_above([*usual, *[9_000_000_000.0] * 20])
    assert with_wild is not None
    assert abs(with_wild / limit - 1) < 0.1
    assert with_wild < 9_000_000_000


def test_counts_stand_for_repeated_amounts() -> None:
    amounts = [100.0, 200.0, 300.0, 5000.0]
    counts = [20, 15, 9, 2]
    repeated = [amount for amount, count in zip(amounts, counts, strict=True) for _ in range(count)]
    assert far_above(amounts, counts) == far_above(repeated)


def test_too_few_amounts_say_nothing_and_zeros_are_none() -> None:
    assert far_above([100.0] * (FEWEST - 1)) is None
    assert far_above([0.0] * 100) is None


def test_equal_prices_are_no_reason_to_call_the_others_far_off() -> None:
    limit = far_above([1990.0] * 90 + [3980.0] * 10)
    assert limit is not None
    assert limit > 19_899
