"""How a number may stand in a cell; every way is with what it then states."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any

from tests.acceptance.dice import kind_of
from tests.acceptance.files import Percent

Writer = Callable[[float], tuple[Any, float]]
"""number → (cell, the number the cell states)"""


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in text)


COUNTS: tuple[Writer, ...] = (
    lambda n: (int(n), n),
    lambda n: (float(n), n),
    lambda n: (str(int(n)), n),
    lambda n: (f"{int(n):,}", n),
    lambda n: (f"{n:.1f}", n),
    lambda n: (_wide(str(int(n))), n),
    lambda n: (f" {int(n)} ", n),
)
_AMOUNTS: tuple[Writer, ...] = (
    lambda n: (n / 100, n),
    lambda n: (f"{n / 100:.2f}", n),
    lambda n: (f"¥{n / 100:,.2f}", n),
    lambda n: (f"￥{n / 100:,.2f}", n),
    lambda n: (f"{n / 100:,.2f}元", n),
    lambda n: (_wide(f"{n / 100:.2f}"), n),
)


def _clock(n: float) -> str:
    return f"{int(n) // 3600:02d}:{int(n) // 60 % 60:02d}:{int(n) % 60:02d}"


def _words(n: float) -> str:
    hours, minutes, seconds = int(n) // 3600, int(n) // 60 % 60, int(n) % 60
    text = (f"{hours}小时" if hours else "") + (f"{minutes}分" if minutes else "")
    return text + (f"{seconds}秒" if seconds or not text else "")


TIMES: Mapping[str, Writer] = {
    "bare": lambda n: (n + 0.25, n + 0.25) if n else (0.0, 0.0),
    "bare text": lambda n: (f"{n:.2f}", n),
    "words": lambda n: (_words(n), n),
    "clock": lambda n: (_clock(n), n),
    "excel": lambda n: (time(int(n) // 3600, int(n) // 60 % 60, int(n) % 60), n),
    "seconds word": lambda n: (f"{n:.1f}秒", n),
    "wide words": lambda n: (_wide(_words(n)), n),
}


def rate_writer(rng: random.Random, values: Sequence[float]) -> Writer:
    """One way for the whole column; bare percents only where a value gives them away."""
    ways: list[Writer] = [
        lambda n: (f"{n * 100:.2f}%", round(n, 4)),
        lambda n: (f"{n * 100:.1f}%", round(float(f"{n * 100:.1f}") / 100, 6)),
        lambda n: (round(n, 4), round(n, 4)),
        lambda n: (f"{n:.4f}", round(n, 4)),
        lambda n: (Percent(round(n, 4)), round(n, 4)),
        lambda n: (_wide(f"{n * 100:.2f}") + "％", round(n, 4)),
    ]
    if any(n > 0.1 for n in values):
        ways.append(lambda n: (round(n * 100, 2), round(round(n * 100, 2) / 100, 6)))
    if any(n == 1.0 for n in values) and any(0 < n < 1 for n in values):
        ways.append(lambda n: ("100.00%", 1.0) if n == 1 else (round(n, 4), round(n, 4)))
    return rng.choice(ways)


def column_writer(rng: random.Random, measure: str, values: Sequence[float], kind: str) -> tuple[Writer, str]:
    """(writer of the cells, unit the header must carry)."""
    of = kind_of(measure)
    if of == "rate":
        return rate_writer(rng, values), ""
    if of == "money":
        return rng.choice(_AMOUNTS), ""
    if of == "ratio":
        return (lambda n: (round(n, 4), round(n, 4))), ""
    if of == "score":
        return (lambda n: (n, n)), ""
    if of == "duration":
        way = rng.choice([w for w in TIMES if w != "excel" or not kind.startswith("csv")])
        return TIMES[way], "(秒)" if way.startswith("bare") and measure in ("handle_time", "online_seconds") else ""
    return rng.choice(COUNTS), ""
