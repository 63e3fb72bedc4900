"""The eight analysis pages through the command line, on shops that are awkward: what every answer must keep."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from csdesk import cli
from tests.acceptance.row_world import Row, Shop, Size, make_shop, write

Json = dict[str, Any]
PAGES = ("overview", "invites", "satisfaction", "response", "questions", "agents", "reviews", "customers")
EVERYTHING = ("sessions", "orders", "reviews", "invitations", "tickets", "surveys", "checks")
KEYS = {"page", "filter", "compare", "kpis", "decompositions", "attention", "findings", "charts"}
KPI = {"metric", "value", "low", "high", "n", "status", "previous", "change"}
VERDICTS = {"up", "down", "no_clear_change", "too_few", "no_data"}


def _analyse(capsys: pytest.CaptureFixture[str], data: Path, page: str, *scope: object) -> Json:
    capsys.readouterr()
    assert cli.main(["--data", str(data), "analyse", page, *map(str, scope), "--json"]) == 0
    answer: Json = json.loads(capsys.readouterr().out)
    return answer


def _imported(folder: Path, *shops: Shop) -> Path:
    for shop in shops:
        paths = [str(path) for path in write(shop, folder / shop.name)]
        assert cli.main(["--data", str(folder / "d"), "import", "--platform", shop.platform, *paths, "--json"]) == 0
    return folder / "d"


def _numbers(value: Any) -> Iterator[float]:
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _numbers(one)
    if isinstance(value, float):
        yield value


def broken(answer: Json) -> list[str]:
    """What an answer of ``analyse`` breaks of its contract."""
    wrong = [f"no {key}" for key in KEYS - answer.keys()]
    wrong += ["a number that is none"] * any(not math.isfinite(number) for number in _numbers(answer))
    for kpi in answer["kpis"]:
        wrong += [f"{kpi['metric']}: no {key}" for key in KPI - kpi.keys()]
        change = kpi["change"]
        if change is None:
            continue
        wrong += [] if change["verdict"] in VERDICTS else [f"{kpi['metric']}: {change['verdict']}"]
        if change["low"] is not None and change["verdict"] in ("up", "down", "no_clear_change"):
            sure = not change["low"] <= 0 <= change["high"]
            wrong += [] if sure == (change["verdict"] != "no_clear_change") else [f"{kpi['metric']}: {change}"]
    of_kpi = {kpi["metric"]: (kpi["change"] or {}).get("difference") for kpi in answer["kpis"]}
    for one in answer["decompositions"]:
        mix, rate = (sum(part[side] for part in one["parts"]) for side in ("mix", "rate"))
        gaps = [mix - one["mix"], rate - one["rate"], mix + rate - one["difference"]]
        if of_kpi.get(one["metric"]) is not None:
            gaps.append(one["difference"] - of_kpi[one["metric"]])
        wrong += [f"{one['metric']} by {one['by']}: {gaps}"] * (max(map(abs, gaps)) > 1e-9)
    wrong += [
        f"a finding without evidence: {one}" for one in answer["findings"] if not (one["text"] and one["evidence"])
    ]
    wrong += [f"{one}" for one in answer["attention"] if {"kind", "metric", "key", "day", "text"} - one.keys()]
    return wrong


def _rate_all(rows: Sequence[Row], rating: int | None, first: int = 0) -> None:
    for row in rows[first:]:
        row["rating"], row["rated"] = rating, rating is not None


def _awkward(case: str) -> tuple[list[Shop], str, str]:
    rng, people = random.Random(case), ("小美", "阿强", "店小蜜")
    first, last, size = "2026-08-20", "2026-09-09", Size(days=40, first=datetime(2026, 8, 1), sessions=60, orders=40)
    if case == "leap day, two platforms":
        size = Size(days=45, first=datetime(2028, 1, 16), sessions=80, orders=50)
        shops = [make_shop(rng, "taobao", "云间小铺", people, EVERYTHING, size),
                 make_shop(rng, "douyin", "抖音小店A", ("07",), ("sessions", "reviews", "tickets"), size)]  # fmt: skip
        return shops, "2028-02-29", "2028-02-29"
    if case == "no sessions":
        return [make_shop(rng, "taobao", "云间小铺", people, EVERYTHING[1:], size)], first, last
    kinds = EVERYTHING[:1]
    shop = make_shop(rng, "taobao", "云间小铺", ("小美",), kinds, size)
    if case == "one day":
        return (
            [make_shop(rng, "taobao", "云间小铺", ("小美",), kinds, Size(days=1, sessions=40))],
            "2028-01-20",
            "2028-01-20",
        )
    _rate_all(shop.sessions, 5 if case == "all good" else None)
    if case == "one rating":
        _rate_all(shop.sessions[:1], 4)
    return [shop], first, last


@pytest.mark.parametrize(
    "case",
    ["leap day, two platforms", "no sessions", "one rating", "no ratings", "all good", "one day", "nothing at all"],
)
def test_no_shop_is_too_awkward(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, first, last = tmp_path / "d", "2026-08-01", "2026-08-31"
    if case != "nothing at all":
        shops, first, last = _awkward(case)
        _imported(tmp_path, *shops)
    for page in PAGES:
        scope = ("--from", first, "--to", last, "--compare", "previous")
        assert broken(_analyse(capsys, data, page, *scope)) == [], page


def test_each_group_better_and_the_whole_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = Shop("taobao", "云间小铺", ("小美", "阿强"))
    for month, category, agent, good, ratings in (
        (7, "售前", "小美", 190, 200), (7, "售后", "阿强", 35, 50),
        (8, "售前", "小美", 96, 100), (8, "售后", "阿强", 108, 150),
    ):  # fmt: skip
        for number in range(ratings):
            at = datetime(2026, month, 1) + timedelta(seconds=number * 28 * 86_400 // ratings)
            shop.sessions.append({
                "at": at, "agent": agent, "buyer": None, "category": category, "ended": None, "first": 10,
                "average": 20, "messages": 4, "buyer_messages": 2, "moved": False, "solved": None, "invited": True,
                "rated": True,
                "rating": 5 if number * 37 % ratings < good else 2, "number": len(shop.sessions),
            })  # fmt: skip
    data = _imported(tmp_path, shop)

    answer = _analyse(
        capsys, data, "satisfaction", "--from", "2026-08-01", "--to", "2026-08-31", "--compare", "previous"
    )
    assert broken(answer) == []
    by_category = next(
        one for one in answer["decompositions"] if (one["metric"], one["by"]) == ("satisfaction_rate", "category")
    )
    assert [round(by_category[key], 9) for key in ("difference", "mix", "rate")] == [-0.084, -0.098, 0.014]
    (told,) = [one for one in answer["findings"] if "每一组的满意率都变好，合计却变差" in one["text"]]
    assert "108/150 对 35/50" in told["evidence"]
    assert "96/100 对 190/200" in told["evidence"]
