"""Answer times, service level, solving and coming back, against sums written out by hand over the same rows."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine, compute
from csdesk.metrics.facts import ShopInfo
from csdesk.metrics.held import Held
from csdesk.metrics.model import By, MetricStatus, MetricValue
from csdesk.metrics.rows import answering
from csdesk.metrics.rows.reduce import counted_quantiles, histogram, reduce
from csdesk.metrics.rows.rules import MedianWait, Quantile, Share
from csdesk.metrics.rows.windows import Windows, windows_of
from csdesk.metrics.standards import Window, assessment_windows
from csdesk.settings.options import ANSWER_WITHIN, RESPONSE_EDGES, RETURN_HOURS
from csdesk.settings.store import Settings
from csdesk.stats.survival import kaplan_meier
from csdesk.store.database import Store, open_store
from csdesk.store.outlier_rules import EXCLUDE, SESSION, ZERO, Rule, Rules, Subject
from csdesk.store.people import People
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan, report_plan, session_plan

Row = dict[str, Any]
SHOPS = {1: ShopInfo("甲", Platform.TAOBAO), 2: ShopInfo("乙", Platform.DOUYIN)}
HOUR = 3600
EIGHT, ELEVEN = 8 * HOUR, 23 * HOUR


def sessions(seed: int, size: int = 150, *, verdict: bool = True) -> list[Row]:
    chance = random.Random(seed)
    rows = []
    for number in range(size):
        started = (FIRST_DAY + chance.randrange(25)) * DAY_SECONDS + chance.randrange(DAY_SECONDS)
        buyer = chance.choice((None, *range(12)))
        row: Row = {
            "session_key": f"{seed}-{number}",
            "agent": chance.choice(("小美", "小王")),
            "started_at": started,
            "ended_at": started + chance.randrange(2000),
            "first_response": chance.choice((None, 60.0, 180.0, 181.0, round(chance.expovariate(1 / 200), 1))),
            "avg_response": None,
            "rating": chance.choice((None, None, 1, 2, 3, 4, 5)),
            "buyer_mask": "买**",
            "buyer_key": None if buyer is None else f"buyer{buyer}".encode(),
        }
        if verdict:
            row["resolved"] = chance.choice((None, 0, 1, 1))
        rows.append(row)
    return rows


TAOBAO, DOUYIN = sessions(1), sessions(2, 90, verdict=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_store(tmp_path_factory.mktemp("data")) as store:
        load(store, session_plan("甲.xlsx", TAOBAO, exported=datetime(2026, 4, 1), chunk_rows=40))
        plan = session_plan("乙.xlsx", DOUYIN, exported=datetime(2026, 4, 1), shop="乙店", platform=Platform.DOUYIN)
        load(store, plan)
        yield store


def one(store: Store, metric: str, platform: Platform, by: By | None = None) -> MetricValue:
    (row,) = compute(store, Filter(None, platform), by, (metric,))
    return row.values[metric]


def in_window(row: Row, platform: Platform) -> bool:
    second = row["started_at"] % DAY_SECONDS
    return EIGHT <= second <= (ELEVEN if platform is Platform.TAOBAO else ELEVEN - 1)


@pytest.mark.parametrize(("platform", "rows"), [(Platform.TAOBAO, TAOBAO), (Platform.DOUYIN, DOUYIN)])
def test_inside_the_assessment_window(store: Store, platform: Platform, rows: list[Row]) -> None:
    inside = [row for row in rows if in_window(row, platform)]
    first = [row["first_response"] for row in inside if row["first_response"] is not None]
    rated = [row["rating"] for row in inside if row["rating"] is not None]
    bad = 3 if platform is Platform.DOUYIN else 2
    want = {
        "first_response_mean_window": sum(first) / len(first),
        "response_3min_rate_window": sum(seconds <= 180 for seconds in first) / len(inside),
        "satisfaction_rate_window": sum(stars >= 4 for stars in rated) / len(rated),
        "dissatisfaction_rate_window": sum(stars <= bad for stars in rated) / len(rated),
    }
    for metric, number in want.items():
        assert one(store, metric, platform).value == pytest.approx(number, abs=1e-9), metric
    assert one(store, "avg_response_mean_window", platform).status is MetricStatus.NO_DATA


SPLITS: dict[By, Any] = {
    By.DAY: lambda row: from_epoch_day(row["started_at"] // DAY_SECONDS).isoformat(),
    By.HOUR: lambda row: row["started_at"] % DAY_SECONDS // HOUR,
    By.AGENT: lambda row: row["agent"],
    By.CATEGORY: lambda row: row["category"] or "未分类",
    By.WEEKDAY: lambda row: from_epoch_day(row["started_at"] // DAY_SECONDS).isoweekday(),
}


@pytest.mark.parametrize("by", SPLITS, ids=str)
@pytest.mark.parametrize("days", [None, (4, 9)])
def test_windows_by_every_split(tmp_path: Path, by: By, days: tuple[int, int] | None) -> None:
    """People told by sessions or by a report, one of them under two accounts, with a rule on odd values."""
    chance = random.Random(8)
    rows = [{**row, "category": chance.choice((None, "物流", "尺码"))} for row in sessions(6, 200)]
    accounts = [{**row, "agent": "小美2" if row["agent"] == "小美" and number % 3 == 0 else row["agent"]}
                for number, row in enumerate(rows)]  # fmt: skip
    first = from_epoch_day(FIRST_DAY)
    period = None if days is None else Period(first + timedelta(days[0]), first + timedelta(days[1]))
    rules: Rules = (Rule(Subject(SESSION, "first_response", ZERO), EXCLUDE),)
    with open_store(tmp_path) as store:
        load(store, session_plan("会话.xlsx", accounts, exported=datetime(2026, 4, 1), chunk_rows=100))
        cells: list[Any] = [("小红", first + timedelta(5), {"first_response_window": 30.0, "received": 10.0})]
        load(store, report_plan("飞鸽.xlsx", cells, exported=datetime(2026, 4, 1)))
        with store.reading() as conn:
            ids = dict(conn.execute("SELECT name, id FROM agent").fetchall())
        People(store).merge([ids["小美2"]], ids["小美"])
        engine = MetricEngine(store, held=Held(rules))
        got = engine.compute(Filter(period), by, ("first_response_mean_window", "satisfaction_rate_window"))
        (whole,) = engine.compute(Filter(period), None, ("first_response_mean_window",))
    want: dict[Any, list[Row]] = {}
    for row in rows:
        if in_window(row, Platform.TAOBAO) and (
            period is None or from_epoch_day(row["started_at"] // DAY_SECONDS) in period
        ):
            want.setdefault(SPLITS[by](row), []).append(row)
    for key, mine in want.items():
        values = next(row.values for row in got if row.key == key)
        timed = [row["first_response"] for row in mine if row["first_response"]]
        rated = [row["rating"] for row in mine if row["rating"] is not None]
        mean, rate = values["first_response_mean_window"], values["satisfaction_rate_window"]
        reported = by in {By.DAY, By.WEEKDAY} and key in {(first + timedelta(5)).isoformat(), 6}
        assert mean.denominator == len(timed) + (10 if reported else 0), key
        assert mean.numerator == pytest.approx(sum(timed) + (300 if reported else 0), abs=1e-6), key
        assert (rate.numerator or 0, rate.denominator or 0) == (sum(one >= 4 for one in rated), len(rated)), key
    counted = sum(bool(row["first_response"]) for mine in want.values() for row in mine)
    value = whole.values["first_response_mean_window"]
    assert value.denominator == counted + 10
    assert set(value.sources) == {"sessions", "chitu"}


def test_a_window_holds_from_its_day_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days before the first one known are counted by the first."""
    early, late = Window(10, EIGHT, ELEVEN, "一"), Window(20, EIGHT + 3600, ELEVEN - 7200, "二")
    monkeypatch.setattr(answering, "assessment_windows", lambda: {Platform.TAOBAO: (early, late)})
    for second, wanted in ((EIGHT, [1, 1, 0, 0]), (EIGHT + 3600, [1, 1, 1, 1]), (ELEVEN, [1, 1, 0, 0])):
        rows = rows_made("session", [{"day": day, "at": day * DAY_SECONDS + second} for day in (5, 19, 20, 25)])
        assert rows.number("in_window").tolist() == wanted


def test_windows_are_dated() -> None:
    for spans in assessment_windows().values():
        assert [span.since for span in spans] == sorted(span.since for span in spans)
        assert all(span.source for span in spans)
    edges = [EIGHT - 1, EIGHT, ELEVEN - 1, ELEVEN, ELEVEN + 1]
    rows = rows_made(
        "session",
        [{"day": 1, "shop": shop, "at": DAY_SECONDS + second} for shop in (1, 2) for second in edges],
        shops=SHOPS,
    )
    found = rows.number("in_window")
    assert found[rows.shop == 1].tolist() == [0, 1, 1, 1, 0]
    assert found[rows.shop == 2].tolist() == [0, 1, 1, 0, 0]


@pytest.mark.parametrize(("platform", "rows"), [(Platform.TAOBAO, TAOBAO), (Platform.DOUYIN, DOUYIN)])
def test_service_level_and_bands(store: Store, platform: Platform, rows: list[Row]) -> None:
    in_time = sum(row["first_response"] is not None and row["first_response"] <= 180 for row in rows)
    value = one(store, "sla_rate", platform)
    assert (value.numerator, value.denominator) == (in_time, len(rows))
    known = [row["first_response"] for row in rows if row["first_response"] is not None]
    edges = (0, 60, 180, 300, 600, float("inf"))
    counts = [sum(low <= one < high for one in known) for low, high in itertools.pairwise(edges)]
    buckets = one(store, "response_buckets", platform)
    assert list(buckets.counts.values()) == counts
    assert list(buckets.counts) == ["0–1 分钟", "1–3 分钟", "3–5 分钟", "5–10 分钟", "10 分钟以上"]
    assert isinstance(buckets.value, dict)
    assert list(buckets.value.values()) == pytest.approx([count / len(known) for count in counts])


def came_back(row: Row, rows: list[Row], hours: float) -> bool | None:
    end = max(other["started_at"] for other in rows)
    if row["buyer_key"] is None or row["started_at"] + hours * HOUR > end:
        return None
    return any(
        other["buyer_key"] == row["buyer_key"] and 0 < other["started_at"] - row["started_at"] <= hours * HOUR
        for other in rows
    )


@pytest.mark.parametrize("hours", [72, 24])
@pytest.mark.parametrize("days", [None, (0, 24), (20, 24), (24, 24), (3, 3)])
def test_solved_at_once(store: Store, hours: int, days: tuple[int, int] | None) -> None:
    engine = MetricEngine(store, held=Held(windows=lambda: Windows(return_hours=hours)))
    first = from_epoch_day(FIRST_DAY)
    period = None if days is None else Period(first + timedelta(days[0]), first + timedelta(days[1]))
    for platform, rows in ((Platform.TAOBAO, TAOBAO), (Platform.DOUYIN, DOUYIN)):
        found = []
        for row in rows:
            if period is not None and from_epoch_day(row["started_at"] // DAY_SECONDS) not in period:
                continue
            back = came_back(row, rows, hours)
            if platform is Platform.DOUYIN and back is not None:
                found.append(not back)
            elif back is not None and row.get("resolved") is not None:
                found.append(row["resolved"] == 1 and not back)
        ((got,),) = ([row.values["fcr"]] for row in engine.compute(Filter(period, platform), None, ("fcr",)))
        assert (got.numerator or 0, got.denominator or 0) == (sum(found), len(found))
        assert ("近似" in got.variant) == (platform is Platform.DOUYIN and bool(found))


def test_a_window_at_the_edge_of_what_is_held(tmp_path: Path) -> None:
    """Sessions every day for a year: questions near the edge of the days first read see who comes back after it."""
    rows = [
        {
            "session_key": f"{number}", "agent": "小美", "started_at": (FIRST_DAY + number) * DAY_SECONDS,
            "buyer_mask": "买**", "buyer_key": b"always the same",
        }
        for number in range(365)
    ]  # fmt: skip
    with open_store(tmp_path) as store:
        load(store, session_plan("甲.xlsx", rows, exported=datetime(2027, 4, 1), chunk_rows=200))
        engine = MetricEngine(store)
        start = from_epoch_day(FIRST_DAY + 100)
        engine.compute(Filter(Period.of_day(start)), None, ("fcr",))
        for later in (*range(40, 50), 100):
            day = Period.of_day(start + timedelta(later))
            (row,) = engine.compute(Filter(day), None, ("fcr",))
            assert row.values["fcr"].denominator == 1, later


def test_masked_buyers_are_nobody() -> None:
    rows = rows_made("session", [{"day": 1, "at": DAY_SECONDS + 60.0 * one, "buyer": None} for one in range(5)])
    assert np.isnan(rows.number("came_back")).all()


def test_no_buyers_at_all_says_why(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        rows = [{key: row[key] for key in ("session_key", "agent", "started_at")} for row in TAOBAO]
        load(store, session_plan("甲.xlsx", rows, exported=datetime(2026, 4, 1)))
        (row,) = compute(store, Filter(), None, ("fcr",))
        assert row.values["fcr"].status is MetricStatus.NOT_PROVIDED
        assert "星号" in row.values["fcr"].notes[0]


def test_reports_of_once_solved(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        day = date(2026, 3, 2)
        cells = [("小美", day, {"first_contact_resolution_rate": 0.9, "received_after_sales": 50.0})]
        load(store, report_plan("赤兔.xlsx", cells, exported=datetime(2026, 4, 1)))
        (row,) = compute(store, Filter(), None, ("fcr",))
        assert (row.values["fcr"].numerator, row.values["fcr"].denominator) == (45, 50)


def test_median_of_waits_some_of_which_go_on(store: Store) -> None:
    known = [row for row in TAOBAO if row["resolved"] is not None]
    waits = [row["ended_at"] - row["started_at"] for row in known]
    want = kaplan_meier(waits, [row["resolved"] == 1 for row in known]).quantile(0.5)
    value = one(store, "resolution_time_median", Platform.TAOBAO)
    assert value.value == want
    assert value.n == len(known)


def test_the_published_curve() -> None:
    waits = (3, 5, 6, 7, 8, 10, 12, 12)
    rows = rows_made("session", [{"day": 1, "handle": wait, "resolved": event}
                                 for wait, event in zip(waits, (1, 0, 1, 1, 0, 1, 1, 0), strict=True)])  # fmt: skip
    for group, height in ((np.zeros(8, np.int64), 1), (np.array([0, 0, 0, 0, 0, 0, 0, 0]), 2_000_000)):
        found = reduce(MedianWait("handle", "resolved"), rows, group, min(height, 2))
        assert found.value is not None
        assert found.value[0] == 10
    never = rows_made("session", [{"day": 1, "handle": 5.0, "resolved": 0}])
    found = reduce(MedianWait("handle", "resolved"), never, np.zeros(1, np.int64), 1)
    assert found.value is not None
    assert np.isnan(found.value[0])


def test_tickets_are_censored_where_the_data_end() -> None:
    hour, start = 3600.0, 86400.0
    tickets = [
        {"day": 1, "opened_at": start, "solved_at": start + hour},
        {"day": 1, "opened_at": start, "solved_at": start + 100 * hour},
        {"day": 1, "opened_at": start, "solved_at": None},
        {"day": 1, "opened_at": start + 90 * hour, "solved_at": None},
        {"day": 1, "opened_at": None, "solved_at": start},
    ]
    rows = rows_made("ticket", tickets)
    assert rows.number("solving_time").tolist() == pytest.approx(
        [hour, 100 * hour, 100 * hour, 10 * hour, np.nan], nan_ok=True
    )
    assert rows.number("solved_in_time").tolist() == pytest.approx([1, 0, 0, np.nan, np.nan], nan_ok=True)


def talk(seed: int) -> list[Row]:
    chance = random.Random(seed)
    rows = []
    for number in range(300):
        moment = (FIRST_DAY + chance.randrange(3)) * DAY_SECONDS + chance.randrange(DAY_SECONDS)
        rows.append(
            {
                "message_key": f"m{number}", "agent": "小美", "sent_at": moment,
                "from_buyer": chance.choice((0, 1, 1)), "session_key": chance.choice(("a", "b", "c", "d")),
            }
        )  # fmt: skip
    return rows


def turns(rows: list[Row]) -> list[tuple[bool, Row, float | None]]:
    """(first of its conversation and day, the turn's first message, seconds to the answer)."""
    found = []
    by_talk: dict[tuple[str, int], list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["sent_at"]):
        by_talk.setdefault((row["session_key"], row["sent_at"] // DAY_SECONDS), []).append(row)
    for lines in by_talk.values():
        asked: Row | None = None
        first = True
        for line in lines:
            if line["from_buyer"] and asked is None:
                asked = line
            elif not line["from_buyer"] and asked is not None:
                found.append((first, asked, line["sent_at"] - asked["sent_at"]))
                asked, first = None, False
        if asked is not None:
            found.append((first, asked, None))
    return found


@pytest.mark.parametrize("platform", [Platform.TAOBAO, Platform.DOUYIN])
def test_chats_give_what_nothing_else_does(tmp_path: Path, platform: Platform) -> None:
    rows = talk(5)
    with open_store(tmp_path) as store:
        load(store, record_plan("聊天.txt", {"message": rows}, exported=datetime(2026, 4, 1), platform=platform))
        (row,) = compute(store, Filter(), None, None)
    found = turns(rows)
    answers = [wait for *_, wait in found]
    counted = [600 if wait is None else wait for wait in answers] if platform is Platform.DOUYIN else [
        wait for wait in answers if wait is not None
    ]  # fmt: skip
    first = [wait for is_first, _, wait in found if is_first and wait is not None]
    values = row.values
    assert values["avg_response_mean"].value == pytest.approx(sum(counted) / len(counted))
    assert values["avg_response_median"].value == pytest.approx(np.median(counted))
    assert values["first_response_mean"].value == pytest.approx(sum(first) / len(first))
    assert values["first_response_p90"].value == pytest.approx(np.quantile(first, 0.9))
    rate = values["response_3min_rate"]
    assert (rate.numerator, rate.denominator) == (sum(w is not None and w <= 180 for w in answers), len(answers))
    assert rate.sources == ("messages",)
    assert sum(values["response_buckets"].counts.values()) == len(first)
    ratio, asked = values["answer_question_ratio"], sum(line["from_buyer"] for line in rows)
    assert (ratio.numerator, ratio.denominator) == (len(rows) - asked, asked)
    last = ELEVEN if platform is Platform.TAOBAO else ELEVEN - 1
    inside = [wait for _, asked, wait in found if EIGHT <= asked["sent_at"] % DAY_SECONDS <= last]
    rate = values["response_3min_rate_window"]
    assert (rate.numerator, rate.denominator) == (sum(w is not None and w <= 180 for w in inside), len(inside))


def test_turns_by_hand() -> None:
    day = 86400.0
    lines = [(0, 0), (5, 1), (9, 1), (20, 0), (30, 0), (40, 1)]
    rows = rows_made(
        "message", [{"day": 1, "at": day + at, "from_buyer": side, "talk": "x"} for at, side in lines], shops=SHOPS
    )
    assert rows.number("reply").tolist() == pytest.approx([np.nan, 15, *[np.nan] * 4], nan_ok=True)
    assert rows.number("reply_180").tolist() == pytest.approx([np.nan, 1, *[np.nan] * 3, 0], nan_ok=True)
    assert rows.number("first_reply").tolist() == pytest.approx([np.nan, 15, *[np.nan] * 4], nan_ok=True)
    assert rows_made("message", []).number("reply").tolist() == []


def test_chats_go_before_the_approximation_and_after_reports(tmp_path: Path) -> None:
    day = date(2026, 2, 16)
    with open_store(tmp_path) as store:
        load(store, session_plan("会话.xlsx", TAOBAO, exported=datetime(2026, 4, 1), chunk_rows=60))
        load(store, record_plan("聊天.txt", {"message": talk(5)}, exported=datetime(2026, 4, 1), chunk_rows=60))
        engine = MetricEngine(store)
        (row,) = engine.compute(Filter(), None, ("response_3min_rate",))
        assert row.values["response_3min_rate"].sources == ("messages",)
        assert any("会话明细没有合进来" in left.reason for left in row.values["response_3min_rate"].left_out)
        cells: list[Any] = [("小李", day, {"response_3min_rate": 0.5, "received_sessions": 8.0})]
        load(store, report_plan("飞鸽.xlsx", cells, exported=datetime(2026, 4, 1)))
        (row,) = engine.compute(Filter(), None, ("response_3min_rate",))
        assert "chitu" in row.values["response_3min_rate"].sources


def test_the_owners_standards(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert windows_of(settings) == Windows()
    settings.set(ANSWER_WITHIN, {"taobao": "30", "douyin": "nonsense", "nowhere": "5"})
    settings.set(RESPONSE_EDGES, ["30", "90"])
    settings.set(RETURN_HOURS, 24)
    found = windows_of(settings)
    assert found.answer_limit(Platform.TAOBAO) == 30
    assert found.answer_limit(Platform.DOUYIN) == 180
    assert found.answer_limit(Platform.JD) == 30
    assert found.band_titles == ("0–30 秒", "30–90 秒", "90 秒以上")
    assert found.return_hours == 24
    settings.set(RESPONSE_EDGES, ["90", "30"])
    assert windows_of(settings).edges == Windows().edges


def test_numbers_follow_a_changed_standard(store: Store) -> None:
    told = [Windows()]
    engine = MetricEngine(store, held=Held(windows=lambda: told[0]))
    chosen = Filter(None, Platform.TAOBAO)
    (before,) = engine.compute(chosen, None, ("sla_rate",))
    told[0] = replace(told[0], answer_within=((Platform.TAOBAO, 60.0),))
    (after,) = engine.compute(chosen, None, ("sla_rate",))
    assert before.values["sla_rate"].numerator != after.values["sla_rate"].numerator
    in_time = sum(row["first_response"] is not None and row["first_response"] <= 60 for row in TAOBAO)
    assert after.values["sla_rate"].numerator == in_time


def test_counted_quantiles_are_the_sorted_ones() -> None:
    chance = np.random.default_rng(4)
    values = chance.integers(0, 30, 400).astype(np.float64)
    group = chance.integers(0, 5, 400)
    distinct, place = np.unique(values, return_inverse=True)
    counts = histogram(place, group, (6, len(distinct)))
    for q in (0.0, 0.5, 0.9, 1.0):
        found = counted_quantiles(distinct, counts, q)
        assert found[:5] == pytest.approx([np.quantile(values[group == one], q) for one in range(5)])
        assert np.isnan(found[5])


@pytest.mark.parametrize("height", [1, 3, 400])
def test_quantiles_do_not_depend_on_how_they_are_found(height: int) -> None:
    chance = np.random.default_rng(9)
    rows = rows_made("session", [{"day": 1, "first_response": one} for one in chance.random(60)])
    group = chance.integers(0, height, 60)
    found = reduce(Quantile("first_response", 0.9), rows, group, height)
    assert found.value is not None
    values = rows.number("first_response")
    for one_group in np.unique(group):
        assert found.value[one_group] == pytest.approx(np.quantile(values[group == one_group], 0.9))


def test_shares_of_the_service_level_need_a_word_of_the_file() -> None:
    rows = rows_made("session", [{"day": to_epoch_day(date(2026, 2, 1)), "first_response": None, "unreplied": 0}])
    assert reduce(Share("answered_in_time"), rows, np.zeros(1, np.int64), 1).there.tolist() == [0]
