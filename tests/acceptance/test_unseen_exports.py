"""Random exports through the command line; all sixteen numbers, in every grouping, equal the second calculation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from csdesk import cli
from tests.acceptance.calculator import METRICS, Expected, Truth, days_of
from tests.acceptance.scenarios import Scenario, make

Json = dict[str, Any]
Run = Callable[..., Json]
Lanes = list[tuple[str, str, list[str]]]
FILE_KEYS = {
    "path", "status", "layout", "platform", "shop", "period", "rows", "repairs", "problems", "message", "needs",
    "batch", "dry_run",
}  # fmt: skip
NUMBER_KEYS = {
    "value", "unit", "numerator", "denominator", "n", "low", "high", "small", "status", "variant", "sources",
    "left_out",
}  # fmt: skip
GROUPINGS = ("agent", "day", "week", "month", "shop", "platform", "hour", "weekday", "category")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that answers in JSON; the exit code is under ``exit``."""

    def call(*arguments: object) -> Json:
        capsys.readouterr()
        code = cli.main([*map(str, arguments), "--json"])
        out = capsys.readouterr().out
        return {**json.loads(out), "exit": code}

    return call


def close(found: object, expected: object) -> bool:
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return abs(found - expected) <= 1e-9 * max(1.0, abs(expected))
    return found == expected


@dataclass
class Comparison:
    """Collects what differs."""

    truth: Truth
    differences: list[str]

    def row(
        self, where: str, row: Json, lanes: Lanes, window: frozenset[date], whole: bool,
        keep: Callable[[Mapping[str, Any]], bool] = lambda row: True, sessions_only: bool = False,
    ) -> None:  # fmt: skip
        for metric in METRICS:
            if where == "category" and metric == "category_share":
                continue  # there it is the share of the row's category among all
            expected = self.truth.total(metric, lanes, window, whole, keep, sessions_only)
            self.number(f"{where} {row['key']} {metric}", metric, row["metrics"][metric], expected)

    def number(self, what: str, metric: str, found: Json, expected: Expected) -> None:
        assert set(found) >= NUMBER_KEYS
        value = expected.value
        if metric == "cs_sales" and value is not None:
            value = f"{round(value) / 100:.2f}"
        if isinstance(value, dict):
            got = found["value"] or {}
            same = all(close(got.get(level, 0), value.get(level, 0)) for level in {*got, *value})
        else:
            same = close(found["value"], value)
        if not same:
            self.differences.append(f"{what}: {found['value']} {found['status']}, not {value} {expected.status}")
            return
        if value is None:
            if found["status"] not in ("no_data", "not_provided", "provisional", "not_summable"):
                self.differences.append(f"{what}: {found['status']} without a value")
            return
        if found["status"] not in ({"ok", "provisional"} if expected.status == "ok" else {expected.status}):
            self.differences.append(f"{what}: {found['status']}, not {expected.status}")
        if expected.bottom is not None:
            self._sample(what, metric, found, expected.top, expected.bottom)

    def _sample(self, what: str, metric: str, found: Json, top: float | None, bottom: float) -> None:
        if not close(found["n"], bottom) or found["small"] != (bottom < 30):
            self.differences.append(f"{what}: n {found['n']} small {found['small']}, not {bottom}")
        if not metric.endswith("_rate") or top is None or not 0 <= top <= bottom:
            return
        if float(top).is_integer() and float(bottom).is_integer():
            interval = binomtest(int(top), int(bottom)).proportion_ci(method="wilson")
            if abs(interval.low - found["low"]) > 1e-9 or abs(interval.high - found["high"]) > 1e-9:
                self.differences.append(f"{what}: {found['low']} to {found['high']}, not {interval}")


def group_of(by: str, day: date) -> tuple[str | int, frozenset[date]]:
    """(key, the days of the group) a day belongs to."""
    if by == "day":
        return day.isoformat(), days_of((day, day))
    if by == "week":
        monday = day - timedelta(days=day.weekday())
        return monday.isoformat(), days_of((monday, monday + timedelta(days=6)))
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return day.isoformat()[:7], days_of((first, after - timedelta(days=1)))


def agent_keys(lanes: Lanes) -> dict[str, Lanes]:
    """Display names; with the shop before them where two shops have one of that name."""
    named: dict[str, Lanes] = {}
    for platform, shop, agents in lanes:
        for agent in agents:
            named.setdefault(agent.casefold(), []).append((platform, shop, [agent]))
    return {
        lane[2][0] if len(found) == 1 else f"{lane[1]}:{lane[2][0]}": [lane]
        for found in named.values()
        for lane in found
    }


def compare_everything(run: Run, data: Path, truth: Truth, groupings: Iterable[str] = GROUPINGS) -> list[str]:
    """All differences between the program's numbers and the truth's."""
    lanes: Lanes = [(platform, shop, truth.agents(platform, shop)) for platform, shop in truth.shops()]
    days = truth.all_days()
    comparison = Comparison(truth, [])
    (whole,) = run("--data", data, "metrics")["rows"]
    assert whole["key"] is None
    comparison.row("all", whole, lanes, days, whole=True)
    for by in groupings:
        rows = {row["key"]: row for row in run("--data", data, "metrics", "--by", by)["rows"]}
        if by == "agent":
            keys: dict[Any, Any] = {key: (mine, days, False) for key, mine in agent_keys(lanes).items()}
        elif by in ("shop", "platform"):
            place = 1 if by == "shop" else 0
            keys = {lane[place]: ([one for one in lanes if one[place] == lane[place]], days, True) for lane in lanes}
        elif by == "weekday":
            keys = {
                day.isoweekday(): (lanes, frozenset(d for d in days if d.weekday() == day.weekday()), True)
                for day in days
            }
        elif by in ("hour", "category"):
            compare_slices(comparison, by, rows, lanes, days)
            continue
        else:
            keys = {key: (lanes, window, True) for key, window in (group_of(by, day) for day in days)}
        if set(rows) != set(keys):
            comparison.differences.append(f"{by}: rows {sorted(rows)}, not {sorted(keys)}")
        for key, (mine, window, with_totals) in keys.items():
            if key in rows:
                comparison.row(by, rows[key], mine, window, with_totals)
    return comparison.differences


def compare_slices(
    comparison: Comparison, by: str, rows: Mapping[Any, Json], lanes: Lanes, days: frozenset[date]
) -> None:
    """Hours and categories, which only sessions have."""

    def key_of(row: Mapping[str, Any]) -> Any:
        return row["started_at"].hour if by == "hour" else row["category"] or "未分类"

    wanted = {key_of(row) for row in comparison.truth.sessions.values()}
    if set(rows) != wanted:
        comparison.differences.append(f"{by}: rows {sorted(rows)}, not {sorted(wanted)}")
    for key, row in rows.items():
        comparison.row(
            by, row, lanes, days, whole=False, keep=lambda one, key=key: key_of(one) == key, sessions_only=True
        )


def imported(run: Run, data: Path, scenario: Scenario, *, order: int = 1) -> Json:
    """Import all files and check the answer field by field."""
    files = scenario.files[::order]
    answer = run("--data", data, "import", *(file.path for file in files))
    assert answer["exit"] == 0
    assert [found["path"] for found in answer["files"]] == [str(file.path) for file in files]
    for found, file in zip(answer["files"], files, strict=True):
        rows = found["rows"]
        assert set(found) >= FILE_KEYS
        assert rows["read"] == sum(rows.values()) - rows["read"], file.path
        if found["status"] == "duplicate":  # the numbers of another file once more
            assert found["message"]
            assert found["batch"]
            continue
        assert (found["status"], found["layout"], found["platform"]) == ("imported", file.layout, file.platform), found
        assert rows["rejected"] == file.rejected, found
        assert len(found["problems"]) <= file.rejected, found["problems"]
        if file.says:
            span = [str(min(one.first for one in file.says)), str(max(one.last for one in file.says))]
            assert (found["shop"], found["period"]) == (file.says[0].shop, span), found
            assert rows["summary"] == file.summaries, found
    return answer


@pytest.mark.parametrize(
    ("seed", "parts"),
    [(2, "chitu sycm two"), (3, "shop"), (4, "chitu shop douyin"), (5, "chitu sessions"), (6, "douyin shop sessions")],
)
def test_numbers_of_unseen_exports(seed: int, parts: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    scenario = make(seed, tmp_path / "files", parts)
    imported(run, tmp_path / "data", scenario)
    assert compare_everything(run, tmp_path / "data", scenario.truth()) == []
    checked = run("--data", tmp_path / "data", "check")
    assert (checked["ok"], checked["exit"]) == (True, 0)
    assert [problem for problem in checked["problems"] if problem["kind"] != "cross_check"] == []


def test_order_repetition_and_undo_leave_the_same_numbers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    scenario = make(7, tmp_path / "files", "chitu sessions")
    data, other = tmp_path / "data", tmp_path / "other"
    short = ("agent",)

    dry = run("--data", data, "import", *scenario.paths, "--dry-run")
    assert {(found["dry_run"], found["batch"]) for found in dry["files"]} == {(True, None)}
    assert run("--data", data, "imports")["imports"] == []

    first = imported(run, data, scenario)
    imported(run, other, scenario, order=-1)
    assert compare_everything(run, data, scenario.truth(), short) == []
    assert compare_everything(run, other, scenario.truth(), short) == []

    again = run("--data", data, "import", *scenario.paths)
    assert {(found["status"], found["rows"]["inserted"], found["rows"]["updated"]) for found in again["files"]} == {
        ("duplicate", 0, 0)
    }
    assert all(found["message"] for found in again["files"])

    batch_of = {found["path"]: found["batch"] for found in first["files"]}
    gone = scenario.files[1::2]
    for file in reversed(gone):
        undone = run("--data", data, "undo", batch_of[str(file.path)])
        assert set(undone) == {"batch", "rows", "exit"}
    left = Scenario([file for file in scenario.files if file not in gone])
    assert compare_everything(run, data, left.truth(), short) == []
    run("--data", data, "import", *(file.path for file in gone))
    assert compare_everything(run, data, scenario.truth(), short) == []
