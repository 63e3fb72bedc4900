"""Worlds in which the owner has had his say (people and shops merged, groups with dates, imports taken back), through the
command line: every number in every split and under mixed filters, against a calculation of its own."""

# ruff: noqa: E501  (a line a case)
from __future__ import annotations

import contextlib
import copy
import io
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from csdesk import cli
from tests.acceptance.mixed_calculator import DEFAULTS, NOTHING, Judge, Number, Pick, Settings, key_of
from tests.acceptance.mixed_world import DOUYIN, FLAGSHIP, PLATFORM, SECOND, Maker, Row, World
from tests.acceptance.spans import span_of

Json = dict[str, Any]
SPLITS = (
    None,
    "day",
    "week",
    "month",
    "weekday",
    "hour",
    "shop",
    "platform",
    "agent",
    "group",
    "category",
    "product",
    "source",
)
EVERYTHING: Pick = lambda kind, row: True  # noqa: E731
HALF_A_DAY = 43_200
IN_TIME = ("day", "week", "month", "hour", "weekday")


def run(*arguments: object) -> Json:
    """Run a command that answers in JSON."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = cli.main([*map(str, arguments), "--json"])
    answer: Json = json.loads(said.getvalue())
    assert code == 0, (arguments, answer)
    return answer


def made(seed: int, folder: Path, **size: Any) -> tuple[Path, World]:
    """A world imported in any order; some files are taken back again, then the owner says who is who."""
    maker = Maker(seed, folder, **size)
    world, data, away = maker.make(), folder / "data", []
    files = [(*one, False) for one in world.files] + [(*one, True) for one in world.undone]
    maker.rng.shuffle(files)
    for shop, path, undone in files:
        (answer,) = run("--data", data, "import", "--platform", PLATFORM[shop], "--shop", shop, path)["files"]
        assert (answer["status"], answer["rows"]["rejected"]) == ("imported", 0), answer
        away += [answer["batch"]] if undone else []
    for batch in away:
        run("--data", data, "undo", batch)
    for word in world.words:
        run("--data", data, *word)
    return data, world


class Comparison:
    """The program's answers held against the calculator's; what differs is listed in ``wrong``."""

    def __init__(self, data: Path, world: World, settings: Settings = DEFAULTS) -> None:
        self.data, self.world = data, world
        self.judge = Judge(world, settings)
        self.wrong: list[str] = []
        self.told = 0
        self.names = self.named(set(), EVERYTHING)
        self.called = dict(self.names)

    def ask(
        self, by: str | None, scope: Sequence[object] = (), pick: Pick = EVERYTHING, wide: Pick = EVERYTHING
    ) -> None:
        """One question, all its numbers; ``wide``: what it holds but for its choice of people."""
        answer = run("--data", self.data, "metrics", *scope, *(["--by", by] if by else []))
        rows = {row["key"]: row["metrics"] for row in answer["rows"]}
        self.names = self.named(set(rows), pick) if by == "agent" else self.names
        kinds = [kind for kind in self.world.rows if kind != "refund"]
        keys = {
            key_of(self.world, by, kind, row, self.names)
            for kind in kinds
            for row in self.judge.rows(kind)
            if pick(kind, row)
        }
        self.wrong += [f"{by} {scope}: no row {key}" for key in keys - {""} - set(rows)]
        for key, metrics in rows.items():
            for metric, found in metrics.items():
                if by == "category" and metric in ("complaint_rate", "complaints_per_1000_orders"):
                    continue  # only where both sides use the same names: a test of its own
                wanted = self.wanted(
                    metric,
                    by,
                    key,
                    pick,
                    wide,
                    personal=by in ("agent", "group") or "--agent" in scope or "--group" in scope,
                )
                self.told += wanted.value is not None
                self.wrong += [f"{by} {scope} {key} {metric}: {one}" for one in differences(metric, found, wanted)]

    def named(self, keys: set[str], pick: Pick) -> dict[tuple[str, str], str]:
        """What people are called among those who are there: with their shop where two share a name."""
        there = {
            (row["shop"], row["person"])
            for kind, rows in self.world.rows.items()
            for row in rows
            if "person" in row and pick(kind, row)
        }
        often = Counter(person for _, person in there)
        return {(shop, person): person if often[person] == 1 and f"{shop}:{person}" not in keys else f"{shop}:{person}"
                for shop, person in there}  # fmt: skip

    def in_group(self, group: str) -> Pick:
        """Rows of people who were in a group on their day."""
        return lambda kind, row: "person" in row and (self.world.group(row) or "未分组") == group

    def wanted(self, metric: str, by: str | None, key: Any, pick: Pick, wide: Pick, *, personal: bool) -> Number:
        """What the calculator says."""

        def mine(kind: str, row: Row) -> bool:
            return (
                (kind != "line" or by == "product")
                and pick(kind, row)
                and bool(key_of(self.world, by, kind, row, self.names) == key)
            )

        def asked(kind: str, row: Row) -> bool:
            return kind != "line" and pick(kind, row)

        if metric == "category_share" and by == "category":
            whole = self.judge.number(metric, lambda kind, row: kind == "session" and pick(kind, row)).value or {}
            return Number({key: whole[key]}) if key in whole else NOTHING
        if metric in ("complaint_rate", "complaints_per_1000_orders"):
            if by in ("product", "source"):
                return NOTHING
            return self.judge.complaints(
                metric,
                mine,
                asked,
                wide,
                named=personal,
                clock=by in ("hour", "weekday"),
                span=span_of(by, key) if by in ("day", "week", "month") else None,
            )
        return self.judge.number(metric, mine, (asked, span_of(by, key)) if by in IN_TIME else None)

    def scopes(self, rng: random.Random) -> Iterator[tuple[list[object], Pick, Pick]]:
        """Mixed filters without end: (what is written, which rows it holds, which it would hold of everybody)."""
        days = [self.world.first + timedelta(days=number) for number in range(self.world.days)]
        while True:
            words: list[object] = []
            tests: list[Pick] = []
            if rng.random() < 0.6:
                first, last = sorted((rng.choice(days), rng.choice(days)))
                words += ["--from", first, "--to", last]
                tests.append(lambda kind, row, first=first, last=last: first <= row["at"].date() <= last)  # type: ignore[misc]
            if rng.random() < 0.3:
                platform = rng.choice(("taobao", "douyin"))
                words += ["--platform", platform]
                tests.append(lambda kind, row, platform=platform: row["platform"] == platform)  # type: ignore[misc]
            if rng.random() < 0.4:
                named = words[-1] if "--platform" in words else None
                shop = rng.choice([one for one in (FLAGSHIP, SECOND, DOUYIN) if named in (None, PLATFORM[one])])
                words += ["--shop", shop]
                tests.append(lambda kind, row, shop=shop: row["shop"] == shop)  # type: ignore[misc]
            wide, chance = tuple(tests), rng.random()
            if chance < 0.3:
                who = rng.choice(sorted(self.called))
                words += ["--agent", self.called[who]]
                tests.append(lambda kind, row, who=who: (row["shop"], row.get("person")) == who)  # type: ignore[misc]
            if 0.25 < chance < 0.55:
                group = rng.choice(("售前", "售后", "未分组"))
                words += ["--group", group]
                tests.append(self.in_group(group))
            yield words, _all_of(tuple(tests)), _all_of(wide)


def _all_of(tests: Sequence[Pick]) -> Pick:
    return lambda kind, row: all(test(kind, row) for test in tests)


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            return False
        if any(isinstance(name, int) for name in wanted):  # bands, by their place
            return all(same(value, wanted.get(place, 0)) for place, value in enumerate(found.values()))
        return all(same(found.get(name, 0), wanted.get(name, 0)) for name in {*found, *wanted})
    if isinstance(wanted, int | Fraction) and isinstance(found, int | float):
        return abs(found - float(wanted)) <= 1e-9 * max(1.0, abs(float(wanted)))
    return bool(found == wanted)


def differences(metric: str, found: Json, wanted: Number) -> list[str]:
    """What is not as it should be: value, status, both parts, n, small, interval."""
    if wanted.value is None and found["value"] == 0 and found["denominator"] is None:
        return []  # files of sessions speak for these days, and nobody came
    if not same(found["value"], wanted.value):
        return [f"{found['value']} {found['status']} {found['sources']}, not {wanted}"]
    if wanted.value is None:
        return [] if found["status"] in ("no_data", "not_provided") else [found["status"]]
    if found["status"] != "ok":
        return [f"{found['status']} with a value"]
    if wanted.bottom is None:
        return []
    wrong = (
        []
        if same(found["numerator"], wanted.top) and same(found["denominator"], wanted.bottom)
        else [f"{found['numerator']}/{found['denominator']}, not {wanted}"]
    )
    if found["n"] != found["denominator"] or found["small"] is not (found["n"] < 30):
        wrong.append(f"n {found['n']}, small {found['small']}")
    if found["unit"] == "rate":
        interval = binomtest(int(wanted.top or 0), int(wanted.bottom)).proportion_ci(method="wilson")
        if not (same(found["low"], Fraction(interval.low)) and same(found["high"], Fraction(interval.high))):
            wrong.append(f"interval {found['low']}–{found['high']}, not {interval}")
    return wrong


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A leap year's world."""
    return made(5, tmp_path_factory.mktemp("mixed"), days=40, size=45, first=date(2024, 2, 1))


def test_the_owners_word_and_every_split(told: tuple[Path, World]) -> None:
    comparison = Comparison(*told)
    for by in (None, "week", "weekday", "agent", "group", "product", "source"):
        comparison.ask(by)
    assert comparison.wrong == []
    assert comparison.told > 1000


def test_rows_that_are_not_put_in_are_named(told: tuple[Path, World]) -> None:
    """Rows of another source, and a proxy beside what is known."""
    (row,) = run("--data", told[0], "metrics")["rows"]
    named = {name: [one["source"] for one in value["left_out"]] for name, value in row["metrics"].items()}
    assert named["satisfaction_rate"] == ["surveys"]
    assert named["resolution_rate"] == ["tickets", "surveys"]
    assert named["return_visit_rate"] == named["fcr"] == ["sessions"]
    assert "是否解决" in row["metrics"]["fcr"]["left_out"][0]["reason"]
    assert named["received"] == named["first_response_median"] == []


def test_mixed_filters(told: tuple[Path, World]) -> None:
    rng = random.Random(5)
    comparison = Comparison(*told)
    for by, scope in zip(("hour", "day", "month", "category", "platform", None), comparison.scopes(rng), strict=False):
        comparison.ask(by, *scope)
    assert comparison.wrong == []
    assert comparison.told > 250


def test_odd_values_by_the_owners_rules(told: tuple[Path, World]) -> None:
    """Left out, a value is not known; cut, it is twelve hours; rows stay what they are."""
    data, world = told[0], copy.deepcopy(told[1])
    rules = {
        "first_response:zero": "exclude",
        "first_response:long": "exclude",
        "avg_response:long": "cap",
        "ended_at:long": "exclude",
    }
    offered = {one["id"] for one in run("--data", data, "outliers")["outliers"]}
    chosen = {name: f"session:{name}:0::0" for name in rules if f"session:{name}:0::0" in offered}
    assert len(chosen) >= 3
    for name, number in chosen.items():
        run("--data", data, "outliers", "--set", number, "--rule", rules[name])
    for row in world.rows["session"]:
        fault = "zero" if row["first"] == 0 else "long" if (row["first"] or 0) > HALF_A_DAY else ""
        if f"first_response:{fault}" in chosen:
            row |= {"first": None, "unknown": True}
        if (row["average"] or 0) > HALF_A_DAY and "avg_response:long" in chosen:
            row["average"] = HALF_A_DAY
        if row["ended"] and (row["ended"] - row["at"]).total_seconds() > HALF_A_DAY and "ended_at:long" in chosen:
            row["ended"] = None
    comparison = Comparison(data, world)
    for by in (None, "day", "group"):
        comparison.ask(by)
    for number in chosen.values():
        run("--data", data, "outliers", "--set", number, "--rule", "none")
    assert comparison.wrong == []


def test_what_the_owner_sets_counts_in_every_split(told: tuple[Path, World]) -> None:
    data, world = told
    settings = Settings({"taobao": 100, "douyin": 45}, (30, 90, 400), 30, 20, 5, 6, 9, 90)
    words = (
        ("answer_within", 100, "--platform", "taobao"), ("answer_within", 45, "--platform", "douyin"), ("response_edges", "30,90,400"), ("return_hours", 30),
        ("ticket_hours", 20), ("reply_hours", 5), ("return_days", 6), ("retention_days", 9), ("check_pass", 90),
    )  # fmt: skip
    for word in words:
        run("--data", data, "windows", "set", *word)
    comparison = Comparison(data, world, settings)
    for by in (None, "shop", "group"):
        comparison.ask(by)
    for name in dict.fromkeys(word[0] for word in words):
        run("--data", data, "windows", "reset", name)
    assert comparison.wrong == []
