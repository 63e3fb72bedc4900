"""Shops made up anew, row by row, through the command line: every number of single rows, in every grouping."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from csdesk import cli
from tests.acceptance.row_calculator import METRICS, Calculator, Keep, Number, dates
from tests.acceptance.row_world import ROBOT, Row, Shop, Size, make_shop, write
from tests.acceptance.spans import span_of, time_key

Json = dict[str, Any]
Run = Callable[..., Json]
EVERYTHING = ("sessions", "orders", "reviews", "invitations", "tickets", "surveys", "checks")
GROUPINGS: dict[str, tuple[str, ...]] = {
    "day": EVERYTHING, "week": EVERYTHING, "month": EVERYTHING, "weekday": EVERYTHING, "shop": EVERYTHING,
    "platform": EVERYTHING, "hour": ("sessions", "orders", "reviews", "tickets", "surveys"),
    "agent": ("sessions", "tickets", "surveys", "checks"), "category": ("sessions", "tickets"), "product": ("reviews",),
}  # fmt: skip


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that answers in JSON."""

    def call(*arguments: object) -> Json:
        capsys.readouterr()
        code = cli.main([*map(str, arguments), "--json"])
        answer: Json = json.loads(capsys.readouterr().out)
        assert code == 0, answer
        return answer

    return call


def key_of(by: str | None, kind: str, shop: Shop, row: Row) -> Any:
    """The group a row belongs to."""
    at: datetime = row["at"]
    match by:
        case None:
            return None
        case "day" | "week" | "month" | "weekday" | "hour":
            return time_key(by, at)
        case "shop":
            return shop.name
        case "platform":
            return shop.platform
        case "agent":
            return row.get("agent")
        case "category":
            return (row["category"] or "未分类") if kind in ("sessions", "tickets") else ""
        case "product":
            return row["product"] if kind == "reviews" else ""
    raise AssertionError(by)


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        there = found if isinstance(found, dict) else {}
        return all(_same(there.get(name, 0), wanted.get(name, 0)) for name in {*there, *wanted})
    if isinstance(wanted, int | Fraction) and isinstance(found, int | float):
        return abs(found - wanted) <= 1e-9 * max(1, abs(wanted))
    return bool(found == wanted)


def _differences(what: str, found: Json, wanted: Number) -> list[str]:
    if wanted.value is None and found["denominator"] is None and found["value"] == 0:
        return []  # files of sessions speak for the day, and nobody came
    if not _same(found["value"], wanted.value):
        return [f"{what}: {found['value']} {found['status']}, not {wanted.value} ({wanted.top} of {wanted.bottom})"]
    if wanted.value is None:
        return [] if found["status"] in ("no_data", "not_provided", "provisional") else [f"{what}: {found['status']}"]
    if found["status"] not in ("ok", "provisional"):
        return [f"{what}: {found['status']} with a value"]
    if wanted.top is None or wanted.bottom is None:
        return []
    wrong = [f"{what}: {name}" for name, is_it in (("numerator", wanted.top), ("denominator", wanted.bottom))
             if not _same(found[name], is_it)]  # fmt: skip
    if not _same(found["n"], wanted.bottom) or found["small"] != (wanted.bottom < 30):
        wrong.append(f"{what}: n {found['n']} small {found['small']}")
    if found["unit"] == "rate":
        sure = binomtest(int(wanted.top), int(wanted.bottom)).proportion_ci(method="wilson")
        if max(abs(sure.low - found["low"]), abs(sure.high - found["high"])) > 1e-9:
            wrong.append(f"{what}: {found['low']} to {found['high']}, not {sure}")
    return wrong


def compare(
    run: Run, data: Path, shops: Sequence[Shop], by: str | None, scope: Sequence[object], chosen: Keep
) -> list[str]:
    """What differs between the program's numbers and the second calculation's, of one grouping and selection."""
    second = Calculator(shops)
    kinds = EVERYTHING if by is None else GROUPINGS[by]
    rows = {
        row["key"]: row["metrics"]
        for row in run("--data", data, "metrics", *scope, *(("--by", by) if by else ()))["rows"]
    }
    told = {kind: {key_of(by, kind, shop, row) for shop, row in second.rows(kind, chosen)} for kind in kinds}
    keys = {key for found in told.values() for key in found if key not in (None, "")} or {None}
    wrong = [f"{by} {key}: there is no such row" for key in keys - rows.keys()]
    for key in keys & rows.keys():
        for kind in kinds:
            for metric in METRICS.get(kind, ()):
                if metric == "category_share" and by == "category":
                    continue  # there it is the share of the row's category among all
                if metric in ("return_visit_rate", "review_delay", "review_delay_paid") and by in (
                    "product",
                    "category",
                ):
                    continue
                wanted = second.number(
                    metric,
                    lambda kind, shop, row, key=key: chosen(kind, shop, row) and key_of(by, kind, shop, row) == key,
                    (chosen, span_of(by, key)) if by in ("day", "week", "month", "hour", "weekday") else None,
                )
                wrong += _differences(f"{scope} by {by} {key} {metric}", rows[key][metric], wanted)
    return wrong


def made(seed: int, folder: Path, run: Run, size: Size) -> tuple[Path, list[Shop]]:
    """Two shops of two platforms, imported in any order."""
    rng = random.Random(seed)
    people = ("小美", "阿强", ROBOT, "melissa")
    shops = [
        make_shop(rng, "taobao", "云间小铺旗舰店", people[: rng.randint(1, 4)], EVERYTHING, size),
        make_shop(rng, "douyin", "抖音小店A", ("Zoe 陈", "07"), ("sessions", "reviews", "tickets"), size),
    ]
    files = [(shop, path) for shop in shops for path in write(shop, folder / shop.name)]
    rng.shuffle(files)
    for shop, path in files:
        (answer,) = run("--data", folder / "data", "import", "--platform", shop.platform, path)["files"]
        assert answer["status"] == "imported", answer
    return folder / "data", shops


def everything(
    run: Run, data: Path, shops: Sequence[Shop], groupings: Sequence[str | None], rng: random.Random
) -> list[str]:
    """All differences, of the whole and of a few selections."""
    wrong: list[str] = []
    for by in groupings:
        wrong += compare(run, data, shops, by, (), lambda kind, shop, row: True)
    days = dates(shops)
    first, last = sorted((rng.choice(days), rng.choice(days)))
    for scope, chosen in (
        (("--from", first, "--to", last), lambda kind, shop, row: first <= row["at"].date() <= last),
        (("--shop", shops[0].name), lambda kind, shop, row: shop is shops[0]),
        (("--platform", "douyin"), lambda kind, shop, row: shop.platform == "douyin"),
        (("--from", days[-1], "--to", days[-1]), lambda kind, shop, row: row["at"].date() == days[-1]),
    ):
        wrong += compare(run, data, shops, None, scope, chosen)
        wrong += compare(run, data, shops, rng.choice(("weekday", "month", "shop")), scope, chosen)
    return wrong


def test_numbers_of_unseen_rows(run: Run, tmp_path: Path) -> None:
    data, shops = made(1, tmp_path, run, Size(days=20, first=datetime(2026, 7, 1), sessions=80, orders=60))
    assert everything(run, data, shops, (None, "day", "agent", "category", "product"), random.Random(1)) == []


def test_the_last_day_is_a_leap_day(run: Run, tmp_path: Path) -> None:
    data, shops = made(2, tmp_path, run, Size(days=45, first=datetime(2028, 1, 16), sessions=70, orders=80))
    assert everything(run, data, shops, (None, "week", "month", "hour", "shop"), random.Random(2)) == []
    assert dates(shops)[-1] >= date(2028, 2, 29)


def test_complaints_over_what_was_received(run: Run, tmp_path: Path) -> None:
    data, shops = made(3, tmp_path, run, Size(days=30, first=datetime(2026, 7, 1), sessions=50, orders=20))
    told = 0
    for by in (None, "day", "month", "shop", "platform"):
        scope = ("metrics", "--metric", "complaint_rate", *(("--by", by) if by else ()))
        for row in run("--data", data, *scope)["rows"]:
            mine = {
                kind: [
                    one for shop in shops for one in getattr(shop, kind) if key_of(by, kind, shop, one) == row["key"]
                ]
                for kind in ("sessions", "tickets")
            }
            wanted = Fraction(sum(one["complaint"] for one in mine["tickets"]), len(mine["sessions"]) or 1)
            if mine["sessions"]:
                told += 1
                assert _same(row["metrics"]["complaint_rate"]["value"], wanted), (by, row["key"])
    assert told > 30
