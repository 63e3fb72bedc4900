"""Rules about odd values: on and off again gives the same numbers, on gives those of the file cleaned by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.ingest.load import load, undo
from csdesk.metrics.card import definition_lines
from csdesk.metrics.engine import MetricEngine, compute
from csdesk.metrics.json import metrics_json
from csdesk.metrics.model import By
from csdesk.store import outlier_rules
from csdesk.store.database import Store, open_store
from csdesk.store.outlier_rules import CAP, EXCLUDE, FAR, FUTURE, KEEP, LONG, TWELVE_HOURS, ZERO, Rule, Subject
from tests.store.builders import report_plan, session, session_plan

MONDAY = date(2026, 2, 16)
SPLITS = (None, By.AGENT, By.DAY, By.WEEK, By.MONTH, By.WEEKDAY, By.HOUR, By.CATEGORY, By.SHOP, By.PLATFORM, By.SOURCE)
FEW = (None, By.AGENT, By.MONTH, By.HOUR, By.CATEGORY)
LATER = datetime(2026, 3, 1)

ZERO_FIRST = Subject("session", "first_response", ZERO)
LONG_FIRST = Subject("session", "first_response", LONG, bound=TWELVE_HOURS)
LONG_AVERAGE = Subject("session", "avg_response", LONG, bound=TWELVE_HOURS)
LONG_RECEPTION = Subject("session", "ended_at", LONG, bound=TWELVE_HOURS)
FUTURE_SESSION = Subject("session", "started_at", FUTURE)


def sessions() -> list[dict[str, Any]]:
    rows = []
    for number in range(60):
        first = 4.1 + number
        if number % 10 == 0:
            first = 0.0
        if number % 17 == 5:
            first = 50_000.25 + number
        start = session(f"s{number:03}", ("小美", "小王", "阿强")[number % 3], number % 7)
        rows.append(
            {
                **start,
                "started_at": start["started_at"] + 3600 * (number % 5),
                "ended_at": start["started_at"] + 3600 * (number % 5) + (90_000 if number % 20 == 7 else 300 + number),
                "first_response": first,
                "avg_response": 60_000.5 if number % 17 == 5 else 30.0 + number / 7,
                "category": ("物流", "售后", None)[number % 3 if number % 2 else 2],
                "rating": (5, 4, 1, None)[number % 4],
                "invited": number % 2,
            }
        )
    return rows


def reports() -> Mapping[str, list[tuple[str | None, date, dict[str, float | None]]]]:
    rows: list[tuple[str | None, date, dict[str, float | None]]] = []
    for day in range(7):
        for at, name in enumerate(("小林", "小周")):
            rows.append(
                (name, date(2026, 2, 16 + day), {
                    "received": 10.0 + day, "first_response": 0.0 if (day, at) == (2, 1) else 20.0 + day,
                    "avg_response": 99_999.0 if (day, at) == (3, 0) else 31.5 + day,
                    "sales_amount": 50_000.0 * (1 + at), "sales_buyers": 3.0,
                })
            )  # fmt: skip
    return {"报表.xlsx": rows}


def stored(folder: Path, rows: Iterable[dict[str, Any]], told: Mapping[str, Any] | None = None) -> Store:
    store = open_store(folder)
    load(store, session_plan("会话.xlsx", list(rows), exported=LATER), delays={})
    for name, cells in (told or {}).items():
        load(store, report_plan(name, cells, exported=LATER), delays={})
    return store


def numbers(store: Store | MetricEngine, splits: Sequence[By | None] = SPLITS) -> list[Any]:
    """All values of the splits, without what is said about rules."""
    engine = MetricEngine(store) if isinstance(store, Store) else store
    found = []
    for selection in (Filter(), Filter(Period(MONDAY, MONDAY))):
        for by in splits:
            rows = engine.compute(selection, by)
            for row in metrics_json(rows, {}, by)["rows"]:
                for values in row["metrics"].values():
                    values.pop("left_out")
                    values.pop("notes", None)
                found.append(row)
    return found


def same(one: Any, other: Any, path: str = "") -> None:
    """Equal to 1e-12, and to the letter where there are no numbers."""
    if isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, bool):
        assert math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12), f"{path}: {one} {other}"
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), path
        for key, value in one.items():
            same(value, other[key], f"{path}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), path
        for at, value in enumerate(one):
            same(value, other[at], f"{path}[{at}]")
    else:
        assert one == other, path


def decide(store: Store, *rules: Rule) -> None:
    with store.writing() as conn:
        for rule in rules:
            outlier_rules.put(conn, rule)


def take_back(store: Store, *rules: Rule) -> None:
    with store.writing() as conn:
        for rule in rules:
            outlier_rules.drop(conn, rule.subject)


def without(field: str, condition: Any, value: Any = None) -> list[dict[str, Any]]:
    return [{**row, field: value(row) if value else None} if condition(row) else row for row in sessions()]


CLEANED = {
    "zero seconds left out": (
        [Rule(ZERO_FIRST, EXCLUDE)], without("first_response", lambda row: row["first_response"] == 0)),
    "long response left out": (
        [Rule(LONG_FIRST, EXCLUDE)], without("first_response", lambda row: row["first_response"] > 43_200)),
    "long response cut": (
        [Rule(LONG_FIRST, CAP)],
        without("first_response", lambda row: row["first_response"] > 43_200, lambda row: 43_200.0)),
    "long average cut": (
        [Rule(LONG_AVERAGE, CAP)],
        without("avg_response", lambda row: row["avg_response"] > 43_200, lambda row: 43_200.0)),
    "long reception left out": (
        [Rule(LONG_RECEPTION, EXCLUDE)],
        without("ended_at", lambda row: row["ended_at"] - row["started_at"] > 43_200)),
    "long reception cut": (
        [Rule(LONG_RECEPTION, CAP)],
        without("ended_at", lambda row: row["ended_at"] - row["started_at"] > 43_200,
                lambda row: row["started_at"] + 43_200)),
    "kept": ([Rule(ZERO_FIRST, KEEP)], sessions()),
    "two rules on one column": (
        [Rule(ZERO_FIRST, EXCLUDE), Rule(LONG_FIRST, CAP)],
        [{**row, "first_response": None if row["first_response"] == 0 else min(row["first_response"], 43_200.0)}
         for row in sessions()]),
}  # fmt: skip


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    with stored(tmp_path_factory.mktemp("data"), sessions(), reports()) as store:
        return numbers(store)


@pytest.mark.parametrize("name", list(CLEANED))
def test_a_rule_gives_the_numbers_of_the_file_cleaned_by_hand(name: str, tmp_path: Path, untouched: list[Any]) -> None:
    rules, cleaned = CLEANED[name]
    with stored(tmp_path / "clean", cleaned, reports()) as store:
        expected = numbers(store)
    with stored(tmp_path / "ruled", sessions(), reports()) as store:
        before = store.data_version
        decide(store, *rules)
        assert store.data_version > before
        ruled = numbers(store)
        same(ruled, expected)
        assert (ruled != untouched) is (name != "kept")
        take_back(store, *rules)
        assert numbers(store) == untouched


def test_a_response_left_out_is_unknown_and_not_a_buyer_left_alone(tmp_path: Path) -> None:
    rows = [{**session(f"s{n}"), "first_response": float(n) if n < 3 else None} for n in range(4)]
    with stored(tmp_path, rows) as store:
        assert compute(store, Filter(), None, ["reply_rate"])[0].values["reply_rate"].value == 3 / 4
        decide(store, Rule(ZERO_FIRST, EXCLUDE))
        value = compute(store, Filter(), None, ["reply_rate"])[0].values["reply_rate"]
        assert (value.numerator, value.denominator) == (2, 3)


def test_rows_of_the_future_count_as_not_imported_and_cover_no_days(tmp_path: Path) -> None:
    start = (date.today() - date(1970, 1, 1)).days * 86_400 + 86_400 * 9 + 43_200
    far = {**sessions()[0], "session_key": "far", "started_at": start, "ended_at": start + 60}
    stranger = {**far, "session_key": "far2", "agent": "路人"}
    with stored(tmp_path / "clean", sessions(), reports()) as store:
        expected = numbers(store, FEW)
    with stored(tmp_path / "ruled", [*sessions(), far, stranger], reports()) as store:
        before = numbers(store, FEW)
        rule = Rule(FUTURE_SESSION, EXCLUDE)
        decide(store, rule)
        same(numbers(store, FEW), expected)
        take_back(store, rule)
        assert numbers(store, FEW) == before


def test_cells_of_reports_left_out_or_cut(tmp_path: Path) -> None:
    def cells(**changes: Any) -> Mapping[str, Any]:
        """The report with one kind of cell changed; None takes it away."""
        (rows,) = reports().values()
        changed = []
        for name, day, values in rows:
            kept = dict(values)
            for measure, change in changes.items():
                value = change(name, values[measure])
                if value is None:
                    del kept[measure]
                else:
                    kept[measure] = value
            changed.append((name, day, kept))
        return {"报表.xlsx": changed}

    cases = (
        (Rule(Subject("measure", "first_response", ZERO), EXCLUDE),
         cells(first_response=lambda _, value: value or None)),
        (Rule(Subject("measure", "avg_response", LONG, bound=TWELVE_HOURS), CAP),
         cells(avg_response=lambda _, value: min(value, TWELVE_HOURS))),
        (Rule(Subject("measure", "sales_amount", FAR, 1, "chitu", bound=60_000.0), EXCLUDE),
         cells(sales_amount=lambda _, value: value if value <= 60_000 else None)),
        (Rule(Subject("measure", "sales_amount", FAR, 1, "chitu", bound=60_000.0), CAP),
         cells(sales_amount=lambda _, value: min(value, 60_000.0))),
    )  # fmt: skip
    for number, (rule, told) in enumerate(cases):
        with stored(tmp_path / f"clean{number}", sessions(), told) as store:
            expected = numbers(store)
        with stored(tmp_path / f"ruled{number}", sessions(), reports()) as store:
            before = numbers(store)
            assert before != expected
            decide(store, rule)
            same(numbers(store), expected)
            take_back(store, rule)
            assert numbers(store) == before


def test_the_card_says_which_rule_is_at_work_and_on_how_many_rows(tmp_path: Path) -> None:
    with stored(tmp_path, sessions()) as store:
        decide(store, Rule(ZERO_FIRST, EXCLUDE), Rule(LONG_FIRST, CAP))
        value = compute(store, Filter(), None, ["first_response_mean", "satisfaction_rate"])[0].values
        assert [one.reason for one in value["first_response_mean"].left_out] == ["按您定的规则，6 条为 0 秒，不计入"]
        assert value["first_response_mean"].notes == ("按您定的规则，4 条超过上限，按上限算",)
        assert value["satisfaction_rate"].left_out == ()
        lines = dict(definition_lines(value["first_response_mean"]))
        assert "6 条为 0 秒" in lines["未计入"]
        by_agent = {row.key: row.values for row in compute(store, Filter(), By.AGENT, ["first_response_mean"])}
        told = {key: [one.reason for one in values["first_response_mean"].left_out] for key, values in by_agent.items()}
        assert told == {name: ["按您定的规则，2 条为 0 秒，不计入"] for name in ("小美", "小王", "阿强")}
        by_day = compute(store, Filter(), By.DAY, ["first_response_mean"])
        assert sum(bool(row.values["first_response_mean"].left_out) for row in by_day) == 6


def test_an_engine_at_work_follows_a_rule_and_undo_of_the_file(tmp_path: Path) -> None:
    with stored(tmp_path, sessions()) as store:
        engine = MetricEngine(store)
        before = numbers(engine)
        extra = session_plan("更多.xlsx", [{**session("x", "小美", 1), "first_response": 0.0}], exported=LATER)
        load(store, extra, delays={})
        decide(store, Rule(ZERO_FIRST, EXCLUDE))
        assert extra.batch is not None
        undo(store, extra.batch)
        take_back(store, Rule(ZERO_FIRST, EXCLUDE))
        assert numbers(engine) == before


def test_a_measure_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a measure"):
        outlier_rules.measure_condition(Subject("measure", "a' OR 1=1 --", ZERO))
    with pytest.raises(ValueError, match="bound"):
        outlier_rules.measure_condition(Subject("measure", "avg_response", LONG))
