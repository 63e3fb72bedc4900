"""Copied 千牛 chats nobody has seen: turns, waits and messages counted by hand from what was written into the files."""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk import cli

SHOP = "云间小铺旗舰店"
ROBOT = "店小蜜"
EDGES = (0, 60, 180, 300, 600, 1 << 40)


@dataclass
class Message:
    """One message of a buyer's chat."""

    buyer: int
    who: str
    at: datetime


@dataclass
class Turn:
    """What a buyer said until a person answered on the same day; ``wait`` None = nobody did."""

    at: datetime
    first: bool
    wait: float | None = None


def run(*arguments: object) -> dict[str, Any]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = cli.main([*map(str, arguments), "--json"])
    assert code == 0, said.getvalue()
    answer: dict[str, Any] = json.loads(said.getvalue())
    return answer


def written(seed: int, folder: Path, buyers: int) -> list[Message]:
    """The chats, a file a buyer."""
    rng = random.Random(seed)
    told: list[Message] = []
    for buyer in range(buyers):
        at = datetime(2026, 7, 1) + timedelta(seconds=rng.randrange(4 * 86_400))
        lines = []
        for place in range(rng.randint(2, 16)):
            who = "buyer" if not place else "agent" if place == 1 else rng.choice(("buyer", "buyer", "agent", "robot"))
            told.append(Message(buyer, who, at))
            name = {"buyer": f"tb{buyer:03d}xx", "agent": f"{SHOP}:小美", "robot": f"{SHOP}:{ROBOT}"}[who]
            lines += [f"{name} {at:%Y-%m-%d %H:%M:%S}", f"第{place}句"]
            at += timedelta(seconds=rng.choice((rng.randint(1, 400), 60, 180, 181, rng.randint(1, 50_000))))
        (folder / f"聊天记录 {buyer}.txt").write_text("\n".join(lines), encoding="utf-8")
    return told


def turns_of(messages: list[Message]) -> list[Turn]:
    found: list[Turn] = []
    for buyer, day in sorted({(one.buyer, one.at.date()) for one in messages}):
        waiting: Turn | None = None
        before = len(found)
        for one in (one for one in messages if (one.buyer, one.at.date()) == (buyer, day)):
            if one.who == "buyer" and waiting is None:
                waiting = Turn(one.at, len(found) == before)
                found.append(waiting)
            elif one.who == "agent" and waiting is not None:
                waiting.wait = (one.at - waiting.at).total_seconds()
                waiting = None
    return found


def numbers(messages: list[Message], turns: list[Turn]) -> dict[str, Any]:
    """Every number chats give of these."""
    waits = [turn.wait for turn in turns if turn.wait is not None]
    firsts = [turn.wait for turn in turns if turn.wait is not None and turn.first]
    quick = [turn.wait is not None and turn.wait <= 180 for turn in turns]
    inside = [flag for flag, turn in zip(quick, turns, strict=True) if time(8) <= turn.at.time() <= time(23)]
    asked, answered = (sum(one.who == who for one in messages) for who in ("buyer", "agent"))
    return {
        "first_response_mean": np.mean(firsts) if firsts else None,
        "first_response_median": np.quantile(firsts, 0.5) if firsts else None,
        "first_response_p90": np.quantile(firsts, 0.9) if firsts else None,
        "avg_response_mean": np.mean(waits) if waits else None,
        "avg_response_median": np.quantile(waits, 0.5) if waits else None,
        "avg_response_p90": np.quantile(waits, 0.9) if waits else None,
        "response_3min_rate": np.mean(quick) if quick else None,
        "response_3min_rate_window": np.mean(inside) if inside else None,
        "workload_messages": len(messages) or None,
        "answer_question_ratio": answered / asked if asked else None,
        "response_buckets": (np.histogram(firsts, EDGES)[0] / len(firsts)).tolist() if firsts else None,
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_of_chats(seed: int, tmp_path: Path) -> None:
    files, data = tmp_path / "聊天", tmp_path / "data"
    files.mkdir()
    messages = written(seed, files, 7)
    run("--data", data, "import", "--platform", "taobao", "--shop", SHOP, files)
    turns = turns_of(messages)
    splits: dict[str | None, Callable[[datetime], Any]] = {
        None: lambda at: None, "day": lambda at: at.date().isoformat(), "hour": lambda at: at.hour,
        "weekday": lambda at: at.isoweekday(),
    }  # fmt: skip
    told = 0
    for by, key in splits.items():
        for row in run("--data", data, "metrics", *(("--by", by) if by else ()))["rows"]:
            mine = [one for one in messages if key(one.at) == row["key"]]
            for metric, wanted in numbers(mine, [turn for turn in turns if key(turn.at) == row["key"]]).items():
                found = row["metrics"][metric]["value"]
                found = list(found.values()) if isinstance(found, dict) else found
                assert (found is None) is (wanted is None), (by, row["key"], metric, found, wanted)
                if wanted is not None:
                    told += 1
                    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12), (by, row["key"], metric)
    assert told > 150
