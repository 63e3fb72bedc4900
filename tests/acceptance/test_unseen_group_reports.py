"""Reports of people who change groups and bear two names, session rows of some days beside them: numbers in every split."""

# ruff: noqa: E501  (a line a list of metrics)
from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from csdesk import cli
from tests.acceptance.mixed_reports import PERSON, PLATFORM, Keep, Reports, make, number

Json = dict[str, Any]
Run = Callable[..., Json]
REPORTED = (
    "received", "workload", "received_buyers", "received_sessions", "consulted", "inquiry_buyers", "ordering_buyers", "paying_buyers", "transfer_rate", "reply_rate",
    "answer_question_ratio", "first_response_mean", "avg_response_mean", "handle_time_mean", "first_response_mean_window", "avg_response_mean_window", "response_3min_rate",
    "response_3min_rate_window", "satisfaction_rate_window", "ratings_received", "satisfaction_rate", "dissatisfaction_rate", "satisfaction_score", "cs_sales", "conversion_rate",
)  # fmt: skip


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that answers in JSON."""

    def call(*arguments: object) -> Json:
        capsys.readouterr()
        code = cli.main([*map(str, arguments), "--json"])
        answer: Json = json.loads(capsys.readouterr().out)
        assert code == 0, (arguments, answer)
        return answer

    return call


def made(run: Run, seed: int, folder: Path, days: int) -> tuple[Path, Reports]:
    """A world of reports, imported in its order; then the owner says who is who."""
    world = make(seed, folder, days=days)
    for shop, path in world.files:
        run("--data", folder / "data", "import", "--platform", PLATFORM[shop], "--shop", shop, path)
    for word in world.words:
        run("--data", folder / "data", *word)
    return folder / "data", world


def key_of(world: Reports, by: str, cell: tuple[str, str, date, date]) -> str | None:
    """The group a report lies wholly inside; None where it lies in none."""
    shop, account, first, last = cell
    match by:
        case "day":
            return first.isoformat() if first == last else None
        case "week":
            weeks = {(day - timedelta(days=day.weekday())).isoformat() for day in (first, last)}
            return weeks.pop() if len(weeks) == 1 else None
        case "shop":
            return shop
        case "agent":
            return PERSON.get(account, account)
        case "group":
            return world.group(*cell)
    raise AssertionError(by)


def differences(
    run: Run, data: Path, world: Reports, by: str, scope: Sequence[object], inside: Keep
) -> tuple[list[str], int]:
    """What differs in one question, and how many numbers there were."""
    wrong, told = [], 0
    for row in run("--data", data, "metrics", *scope, "--by", by, "--metric", ",".join(REPORTED))["rows"]:

        def keep(shop: str, account: str, first: date, last: date, key: str = row["key"]) -> bool:
            return inside(shop, account, first, last) and key_of(world, by, (shop, account, first, last)) == key

        for metric in REPORTED:
            if metric == "conversion_rate" and by in ("group", "day", "week"):
                continue  # the two platforms count it differently and are not averaged
            found = row["metrics"][metric]
            value, _, bottom = number(world, metric, keep)
            if value is None:  # a rate without a weight is shown for its own row
                sound = not found["value"] or found["status"] == "not_summable"
            else:
                told += 1
                sound = found["value"] is not None and abs(float(found["value"]) - float(value)) <= 1e-9 * max(
                    1.0, abs(float(value))
                )
                sound = sound and (bottom is None or abs(found["denominator"] - float(bottom)) <= 1e-9 * float(bottom))
            if not sound:
                wrong.append(f"{by} {scope} {row['key']} {metric}: {found}, not {value}")
    return wrong, told


def test_every_split(run: Run, tmp_path: Path) -> None:
    data, world = made(run, 2, tmp_path, 14)
    assert world.sessions
    wrong, told = [], 0
    first, last = world.first + timedelta(days=3), world.first + timedelta(days=10)
    questions: tuple[tuple[str, Sequence[object], Keep], ...] = (
        ("group", (), lambda shop, account, one, other: True),
        ("agent", (), lambda shop, account, one, other: True),
        ("day", ("--group", "售前"), lambda *cell: world.group(*cell) == "售前"),
        ("shop", ("--from", first, "--to", last), lambda shop, account, one, other: first <= one and other <= last),
        ("week", ("--agent", "小美"), lambda shop, account, one, other: PERSON.get(account, account) == "小美"),
    )
    for by, scope, inside in questions:
        more, numbers = differences(run, data, world, by, scope, inside)
        wrong += more
        told += numbers
    assert wrong == []
    assert told > 300
    (whole,) = run("--data", data, "metrics", "--metric", "peer_average,peer_top")["rows"]
    days = {
        row["key"]: row["metrics"]
        for row in run("--data", data, "metrics", "--metric", "peer_average,peer_top", "--by", "day")["rows"]
    }
    for day, peer, measure, value in world.peers:
        assert days[day.isoformat()][peer]["value"][measure] == value
        assert (day != world.peers[-1][0]) or whole["metrics"][peer]["value"][measure] == value
