"""Stretches of days held in memory: whatever was asked before, the answer is that of somebody asked first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import numpy as np
import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.held import Held
from csdesk.metrics.model import By
from csdesk.metrics.rows.held import HeldRows
from csdesk.store import row_columns
from csdesk.store.database import Store, open_store
from tests.store.builders import report_plan, session, session_plan

FIRST, DAYS = date(2024, 1, 1), 900
ANCHOR = date(2026, 2, 16)
"""Day 0 of the builders."""
METRICS = (
    "received", "satisfaction_rate", "first_response_mean", "first_response_median", "category_share",
    "first_response_mean_window",
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A shop with a few sessions and a report on every other day, and groups that change once."""
    chance = Random(5)
    sessions = [
        session(f"s{number}", chance.choice("甲乙丙"), (FIRST - ANCHOR).days + number,
                category=chance.choice(("物流", "尺码", None)), rating=chance.choice((5, 5, 4, 1, None)),
                first_response=float(chance.randrange(1, 200)))
        for number in range(DAYS)
    ]  # fmt: skip
    reports = [
        ("丁", FIRST + timedelta(days=number), {"received": chance.randrange(9), "rated_5": chance.randrange(5)})
        for number in range(0, DAYS, 2)
    ]
    with open_store(tmp_path_factory.mktemp("stretches")) as store:
        load(store, session_plan("会话.xlsx", sessions, exported=datetime(2026, 12, 1)))
        load(store, report_plan("日报.xlsx", reports, exported=datetime(2026, 12, 1)))
        yield store


def spans(seed: int, number: int) -> list[Period | None]:
    """Spans anywhere in the years; now and then a long one, or all there is."""
    chance = Random(seed)
    found: list[Period | None] = []
    for _ in range(number):
        first = FIRST + timedelta(days=chance.randrange(DAYS))
        days = chance.choice((1, 7, 30, 92, 185))
        found.append(Period(first, first + timedelta(days=days)))
    return [*found, Period(FIRST, FIRST + timedelta(days=500)), *found[:3], None]


@pytest.mark.parametrize("seed", range(2))
def test_earlier_questions_do_not_show(store: Store, seed: int) -> None:
    engine = MetricEngine(store)
    for period in spans(seed, 5):
        for by in (By.AGENT, By.HOUR):
            engine.forget()
            assert engine.compute(Filter(period), by, METRICS) == MetricEngine(store).compute(
                Filter(period), by, METRICS
            )
        mine, fresh = (one.daily(Filter(period), ("received",)) for one in (engine, MetricEngine(store)))
        assert np.array_equal(mine.metrics["received"].top_by, fresh.metrics["received"].top_by, equal_nan=True)
        assert (mine.first, mine.days, mine.people) == (fresh.first, fresh.days, fresh.people)


@pytest.mark.parametrize(("metrics", "longest"), [(METRICS[:-1], 150), (METRICS, 260)])
def test_another_month_reads_its_own_days_only(
    store: Store, monkeypatch: pytest.MonkeyPatch, metrics: tuple[str, ...], longest: int
) -> None:
    """Month after month back in time; each asked twice, and the second time nothing is read."""
    read: list[tuple[int, int] | None] = []
    columns = row_columns.columns

    def noted(conn, kind, pack, days, rules=()):  # type: ignore[no-untyped-def]
        read.append(days)
        return columns(conn, kind, pack, days, rules)

    monkeypatch.setattr(row_columns, "columns", noted)
    engine = MetricEngine(store)
    last = FIRST + timedelta(days=DAYS - 1)
    for month in range(20):
        period = Period(last - timedelta(days=30 * month + 29), last - timedelta(days=30 * month))
        engine.compute(Filter(period), None, metrics)
        so_far = len(read)
        engine.forget()
        engine.compute(Filter(period), None, metrics)
        assert len(read) == so_far
    assert None not in read
    assert max(days[1] - days[0] for days in read if days) < longest
    assert len(read) >= 5


def test_what_varies_does_not_depend_on_what_was_asked_before(store: Store) -> None:
    """Scores are as sure as the sessions chosen make them, not as those that happen to be held."""
    from csdesk.analysis.performance.strata import spread_of  # noqa: PLC0415 - a page's, of rows held here

    month = Filter(Period(FIRST + timedelta(days=300), FIRST + timedelta(days=329)))
    with store.reading() as conn:
        fresh, busy = MetricEngine(conn), MetricEngine(conn)
        busy.table("session", Filter())
        alone, later = (spread_of(one.table("session", month), "first_response") for one in (fresh, busy))
        assert alone is not None
        assert alone == later


def test_no_more_stretches_are_kept_than_a_page_needs(store: Store) -> None:
    held = Held()
    engine = MetricEngine(store, held=held)
    for month in range(25):
        first = FIRST + timedelta(days=30 * month)
        engine.compute(Filter(Period(first, first + timedelta(days=29))), None, METRICS)
    assert 1 < len(held._stretches) <= 6
    assert 1 < len(held.rows._tables["session"]) <= 6
    engine.compute(Filter(), None, METRICS)
    assert [stretch.days for stretch in held._stretches] == [None]
    assert [table.days for table in held.rows._tables["session"]] == [None]


def test_what_the_owner_sets_reaches_every_stretch(store: Store) -> None:
    """Measures worked out by the old setting are forgotten in all of them."""
    from csdesk.metrics.rows.windows import Windows  # noqa: PLC0415 - plain data of this test alone

    setting = [Windows()]
    held = HeldRows(windows=lambda: setting[0])
    with store.reading() as conn:
        held.refresh(conn)
        early = held.rows(conn, "session", Filter(Period(FIRST, FIRST + timedelta(days=9))))
        late = held.rows(conn, "session", Filter(Period(FIRST + timedelta(days=700), FIRST + timedelta(days=709))))
        assert early.table is not late.table
        made = []
        for rows in (early, late):
            rows.table.kept("mark", lambda: made.append(1))
        setting[0] = Windows(return_hours=48.0)
        held.refresh(conn)
        for rows in (early, late):
            rows.table.kept("mark", lambda: made.append(1))
    assert len(made) == 4


def test_texts_are_numbered_in_their_own_order(store: Store) -> None:
    """What stands first among equals must depend neither on the days held nor on the process."""
    with store.reading() as conn:
        rows = HeldRows().rows(conn, "session", Filter())
        codes = rows.codes("category")
        assert list(codes.texts) == sorted(codes.texts) == ["尺码", "物流"]
        named = [codes.texts[code] if code >= 0 else None for code in codes.code.tolist()]
        by_day = dict(conn.execute("SELECT day, category FROM session"))
        assert named == [by_day[day] or None for day in rows.day.tolist()]
