"""Plans carried out: what counts, what is kept, how rows are counted, shops and agents on the fly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.errors import Cancelled, UserFault
from csdesk.ingest.load import StoreWorld, load, remove_demo, undo
from csdesk.ingest.model import AgentRef, Given, Plan, RowCounts, SessionChunk, Status
from csdesk.store import agents, batches, benchmarks, measures, sessions, shops
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.kinds import SESSION
from tests.store.builders import FIRST_DAY, content, report_plan, session, session_plan

DAY = date(2026, 2, 16)
EARLY, LATE = datetime(2026, 3, 1), datetime(2026, 3, 2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened
        assert check(opened) == []


def values(store: Store) -> dict[str, tuple[float | None, int]]:
    with store.reading() as conn:
        return {cell[5]: (cell[6], cell[7]) for cell in measures.cells(conn, Filter())}


def counts(plan: Plan) -> tuple[int, int, int, int]:
    rows = plan.rows
    return rows.read, rows.inserted, rows.updated, rows.duplicate


# ---------------------------------------------------------------- reports


@pytest.mark.parametrize("later_first", [False, True])
def test_later_export_wins_whatever_the_order(store: Store, later_first: bool) -> None:
    early = report_plan("早.xlsx", [("小美", DAY, {"received": 5.0, "messages": 9.0})], exported=EARLY)
    late = report_plan("晚.xlsx", [("小美", DAY, {"received": 6.0})], exported=LATE)
    for plan in (late, early) if later_first else (early, late):
        load(store, plan, delays={})
    assert values(store) == {"received": (6.0, 0), "messages": (9.0, 0)}


@pytest.mark.parametrize("later_first", [False, True])
@pytest.mark.parametrize("names", [("甲.xlsx", "乙.xlsx"), ("乙.xlsx", "甲.xlsx")])
def test_of_exports_of_the_same_time_the_later_file_wins(
    store: Store, names: tuple[str, str], later_first: bool
) -> None:
    early = session_plan(names[0], [session("a", rating=2)], exported=EARLY)
    late = session_plan(names[1], [session("a", rating=5)], exported=EARLY)
    report = report_plan(names[0], [("小美", DAY, {"received": 5.0})], exported=EARLY)
    newer = report_plan(names[1], [("小美", DAY, {"received": 6.0})], exported=EARLY)
    early.written_at = report.written_at = datetime(2026, 3, 3, 10, 0, 0, 1)
    late.written_at = newer.written_at = datetime(2026, 3, 3, 10, 0, 0, 2)
    for plan in (late, early, newer, report) if later_first else (early, late, report, newer):
        load(store, plan, delays={})
    assert values(store)["received"] == (6.0, 0)
    assert [row[SESSION.stored.index("rating") + 3] for row in content(store)["session"]] == [5]


@pytest.mark.parametrize("later_first", [False, True])
def test_a_value_beats_delayed_even_if_exported_earlier(store: Store, later_first: bool) -> None:
    early = report_plan("早.xlsx", [("小美", DAY, {"rated_5": 2.0})], exported=EARLY)
    late = report_plan("晚.xlsx", [("小美", DAY, {"rated_5": None})], exported=LATE)
    for plan in (late, early) if later_first else (early, late):
        load(store, plan, delays={})
    assert values(store) == {"rated_5": (2.0, 0)}


def test_values_inside_their_delay_are_provisional(store: Store) -> None:
    rows = [("小美", DAY, {"received": 5.0, "satisfaction_rate": 0.9, "rated_5": None})]
    load(store, report_plan("a.xlsx", rows, exported=datetime(2026, 2, 19, 9)), delays={"satisfaction_rate": 3})
    assert values(store) == {"received": (5.0, 0), "satisfaction_rate": (0.9, 1), "rated_5": (None, 1)}
    load(store, report_plan("b.xlsx", rows[:1], exported=datetime(2026, 2, 20, 9)), delays={"satisfaction_rate": 3})
    assert values(store)["satisfaction_rate"] == (0.9, 0)


def test_report_rows_are_counted_not_cells(store: Store) -> None:
    first = report_plan(
        "a.xlsx",
        [("小美", DAY, {"received": 5.0, "messages": 9.0}), ("阿强", DAY, {"received": 3.0, "messages": 4.0})],
        exported=EARLY,
    )
    first.rows = RowCounts(read=4, rejected=1, summary=1)
    load(store, first, delays={})
    assert counts(first) == (4, 2, 0, 0)
    second = report_plan(
        "b.xlsx",
        [
            ("小美", DAY, {"received": 5.0, "messages": 9.0}),  # all there already
            ("阿强", DAY, {"received": 4.0, "messages": 4.0}),  # one value changes
            ("小丽", DAY, {"received": 1.0}),  # new
        ],
        exported=LATE,
    )
    load(store, second, delays={})
    assert counts(second) == (3, 1, 1, 1)
    assert second.status is Status.IMPORTED


def test_nothing_new_is_a_duplicate_with_a_batch_and_keeps_the_rows_when_the_first_goes(store: Store) -> None:
    rows = [("小美", DAY, {"received": 5.0})]
    first, again = (report_plan(name, rows, exported=EARLY) for name in ("a.xlsx", "b.xlsx"))
    load(store, first, delays={})
    load(store, again, delays={})
    assert (again.status, counts(again)) == (Status.DUPLICATE, (1, 0, 0, 1))
    assert again.message
    assert first.batch is not None
    assert again.batch is not None
    undo(store, first.batch)
    assert values(store) == {"received": (5.0, 0)}
    undo(store, again.batch)
    assert values(store) == {}
    with store.reading() as conn:
        assert [line.undone_at is None for line in batches.ledger(conn)] == [False, False]


def test_shop_rows_and_peers(store: Store) -> None:
    plan = report_plan("a.xlsx", [(None, DAY, {"received": 9.0})], exported=EARLY, peers={"received": 7.5})
    load(store, plan, delays={})
    with store.reading() as conn:
        (cell,) = measures.cells(conn, Filter())
        assert (cell[1], cell[6]) == (0, 9.0)
        (peer,) = benchmarks.peers(conn, Filter(Period.of_day(DAY)))
        assert peer[4:7] == ("peer_average", "received", 7.5)
        assert agents.all_agents(conn) == []


# ---------------------------------------------------------------- sessions


def test_sessions_are_stored_summed_and_covered(store: Store) -> None:
    plan = session_plan(
        "s.xlsx",
        [
            session("1", rating=5, invited=1, first_response=20.0, category="物流"),
            session("2", rating=None, invited=1, first_response=None, category="物流"),
            session("3", "阿强", 2, rating=3, invited=0, first_response=200.0, category=None),
        ],
        exported=EARLY,
    )
    load(store, plan, delays={})
    assert counts(plan) == (3, 3, 0, 0)
    assert plan.period == Period(DAY, date(2026, 2, 18))
    with store.reading() as conn:
        names = agents.display_names(conn)
        days = [
            (names[row[1]], row[2] - FIRST_DAY, dict(zip(sessions.SUM_NAMES, row[3:], strict=True)))
            for row in sessions.day_sums(conn, Filter())
        ]
        assert [row[:2] for row in days] == [("小美", 0), ("阿强", 2)]
        mei = days[0][2]
        assert {k: mei[k] for k in ("n", "invited", "rated_known", "rated", "invited_rated", "rating_5")} == {
            "n": 2, "invited": 2, "rated_known": 2, "rated": 1, "invited_rated": 1, "rating_5": 1,
        }  # fmt: skip
        assert (mei["reply_known"], mei["unreplied"], mei["first_response_sum"]) == (2, 1, 20.0)
        assert days[1][2]["self_rating_n"] == 1
        assert days[1][2]["first_response_180"] == 0
        assert [(row[3], row[4]) for row in sessions.category_sums(conn, Filter())] == [("物流", 2), ("", 1)]
        assert {(row[2] - FIRST_DAY, row[3] - FIRST_DAY) for row in sessions.coverage(conn, Filter())} == {(0, 2)}
        assert batches.days_of_data(conn, Filter()) == (FIRST_DAY, FIRST_DAY + 2)


def test_the_last_of_repeated_keys_counts(store: Store) -> None:
    rows = [session("1", rating=1), session("1", rating=2), session("2", rating=4), session("1", rating=3)]
    plan = session_plan("s.xlsx", rows, exported=EARLY)
    load(store, plan, delays={})
    assert counts(plan) == (4, 2, 0, 2)
    assert ratings(store) == {"1": 3, "2": 4}
    again = session_plan("t.xlsx", rows, exported=LATE)
    load(store, again, delays={})
    assert (again.status, counts(again)) == (Status.DUPLICATE, (4, 0, 0, 4))


def ratings(store: Store) -> dict[str, int | None]:
    with store.reading() as conn:
        return dict(conn.execute("SELECT session_key, rating FROM session").fetchall())


def test_a_column_the_newer_file_lacks_keeps_its_value(store: Store) -> None:
    load(store, session_plan("a.xlsx", [session("1", rating=2, category="退款")], exported=EARLY), delays={})
    newer = session_plan("b.xlsx", [session("1", rating=4)], exported=LATE)
    load(store, newer, delays={})
    assert counts(newer) == (1, 0, 1, 0)
    with store.reading() as conn:
        assert conn.execute("SELECT rating, category FROM session").fetchall() == [(4, "退款")]
    blank = session_plan("c.xlsx", [session("1", category=None)], exported=datetime(2026, 3, 3))
    load(store, blank, delays={})
    with store.reading() as conn:
        assert conn.execute("SELECT rating, category FROM session").fetchall() == [(4, None)]


def test_an_older_export_changes_nothing_but_is_remembered(store: Store) -> None:
    newer = session_plan("b.xlsx", [session("1", rating=4)], exported=LATE)
    older = session_plan("a.xlsx", [session("1", rating=2)], exported=EARLY)
    load(store, newer, delays={})
    load(store, older, delays={})
    assert counts(older) == (1, 0, 0, 1)
    assert ratings(store) == {"1": 4}
    assert newer.batch is not None
    undo(store, newer.batch)
    assert ratings(store) == {"1": 2}


def test_two_shops_in_one_file(store: Store) -> None:
    rows = [session("1", shop="甲店"), session("1", shop="乙店"), session("2", shop="")]
    load(store, session_plan("s.xlsx", rows, exported=EARLY, shop="甲店"), delays={})
    with store.reading() as conn:
        assert [shop.name for shop in shops.all_shops(conn)] == ["乙店", "甲店"]
        assert sorted(agents.display_names(conn).values()) == ["乙店:小美", "甲店:小美"]
        assert conn.execute("SELECT count(*) FROM session").fetchone()[0] == 3
        (found,) = agents.find(conn, "甲店:小美")
        assert [row[3] for row in sessions.day_sums(conn, Filter(agents=(found.person,)))] == [2]


def test_no_usable_row_makes_no_batch(store: Store) -> None:
    plan = session_plan("s.xlsx", [], exported=EARLY)
    load(store, plan, delays={})
    assert (plan.status, plan.batch) == (Status.FAILED, None)
    assert plan.message
    with store.reading() as conn:
        assert batches.ledger(conn) == []


# ---------------------------------------------------------------- shops and agents


def test_a_nameless_shop_takes_the_first_name_and_loses_it_with_it(store: Store) -> None:
    rows = [("小美", DAY, {"received": 5.0})]
    load(store, report_plan("a.xlsx", rows, exported=EARLY, shop="我的淘宝店"), delays={})
    assert StoreWorld(store).shops()[0].assumed
    named = report_plan("b.xlsx", [("阿强", DAY, {"received": 2.0})], exported=EARLY, shop="甲旗舰店")
    load(store, named, delays={})
    (shop,) = StoreWorld(store).shops(Platform.TAOBAO)
    assert (shop.name, shop.assumed, shop.agents) == ("甲旗舰店", False, frozenset({"小美", "阿强"}))
    assert StoreWorld(store).shops(Platform.DOUYIN) == []
    assert named.batch is not None
    undo(store, named.batch)
    (shop,) = StoreWorld(store).shops()
    assert (shop.name, shop.assumed, shop.agents) == ("我的淘宝店", True, frozenset({"小美"}))


def test_agents_are_one_person_over_spellings_files_and_merges(store: Store) -> None:
    plan = report_plan("a.xlsx", [("小 美", DAY, {"received": 5.0})], exported=EARLY)
    plan.staged.agents["小 美"] = AgentRef("小 美", account="xm01", team="售前")
    load(store, plan, delays={})
    load(store, session_plan("s.xlsx", [session("1", "小美"), session("2", "美美")], exported=EARLY), delays={})
    with store.reading() as conn:
        mei, beauty = sorted(agents.all_agents(conn), key=lambda agent: agent.name)
        assert (mei.name, mei.account, mei.team, beauty.name) == ("小美", "xm01", "售前", "美美")
    with store.writing() as conn:
        agents.merge(conn, beauty.id, mei.id)
    with store.reading() as conn:
        assert {row[1] for row in sessions.day_sums(conn, Filter())} == {mei.id}
        assert len(sessions.day_sums(conn, Filter(agents=(mei.id,))).fetchall()) == 2
        assert agents.display_names(conn)[beauty.id] == "小美"
        assert [agent.person for agent in agents.find(conn, "美美")] == [mei.id]
    with store.writing() as conn:
        agents.merge(conn, beauty.id, None)
    with store.reading() as conn:
        assert {row[1] for row in sessions.day_sums(conn, Filter())} == {mei.id, beauty.id}


# ---------------------------------------------------------------- around it


def test_dry_run_counts_truly_and_writes_nothing(store: Store) -> None:
    plan = session_plan("s.xlsx", [session("1"), session("1"), session("2")], exported=EARLY)
    before = content(store)
    load(store, plan, delays={}, dry_run=True)
    assert counts(plan) == (3, 2, 0, 1)
    assert plan.batch is None
    assert content(store) == before


def test_cancel_in_the_middle_leaves_nothing(store: Store) -> None:
    cancel = threading.Event()

    def chunks() -> Iterator[SessionChunk]:
        for start in range(0, 100, 10):
            rows = [session(str(start + n)) for n in range(10)]
            if start == 50:
                cancel.set()
            yield SessionChunk(range(10), {name: [row[name] for row in rows] for name in rows[0]})

    plan = session_plan("s.xlsx", [session("1")], exported=EARLY)
    plan.staged.sessions = chunks()
    before = content(store)
    with pytest.raises(Cancelled):
        load(store, plan, cancel=cancel, delays={})
    assert content(store) == before
    assert plan.batch is None
    with store.reading() as conn:
        assert batches.ledger(conn) == []


def test_a_reader_that_breaks_leaves_nothing(store: Store) -> None:
    def chunks() -> Iterator[SessionChunk]:
        row = session("1")
        yield SessionChunk(range(1), {name: [value] for name, value in row.items()})
        raise UserFault("文件读到一半断了。")

    plan = session_plan("s.xlsx", [session("1")], exported=EARLY)
    plan.staged.sessions = chunks()
    with pytest.raises(UserFault, match="断了"):
        load(store, plan, delays={})
    with store.reading() as conn:
        assert conn.execute("SELECT count(*) FROM session").fetchone()[0] == 0


def test_undo_of_nothing_is_said(store: Store) -> None:
    with pytest.raises(UserFault, match="没有编号为 7"):
        undo(store, 7)
    plan = session_plan("s.xlsx", [session("1")], exported=EARLY)
    load(store, plan, delays={})
    assert plan.batch is not None
    assert undo(store, plan.batch).inserted == 1
    with pytest.raises(UserFault, match="已经撤销"):
        undo(store, plan.batch)


def test_the_same_file_is_known_until_it_is_undone(store: Store) -> None:
    plan = session_plan("s.xlsx", [session("1")], exported=EARLY)
    plan.claim = "sessions|taobao"
    plan.path = "dir/包.zip!s.xlsx"
    plan.file = Path("unpacked")
    load(store, plan, delays={})
    world = StoreWorld(store)
    assert world.duplicate(plan.sha256, plan.claim) == plan.batch
    assert world.duplicate(plan.sha256, "other") is None
    assert plan.batch is not None
    assert world.rows_of(plan.batch).inserted == 1
    with store.reading() as conn:
        assert batches.file_names(conn) == {plan.batch: "包.zip!s.xlsx"}
    undo(store, plan.batch)
    assert world.duplicate(plan.sha256, plan.claim) is None


def test_what_the_owner_said_is_remembered_by_loading(store: Store) -> None:
    world = StoreWorld(store)
    for number, said in enumerate((Given(Platform.DOUYIN, "甲店", Period.of_day(DAY)), Given(shop="乙店"), Given())):
        plan = report_plan(f"{number}.xlsx", [("小美", DAY, {"received": float(number)})], exported=EARLY)
        plan.fingerprint, plan.said = "f1", said
        load(store, plan, delays={}, dry_run=True)
        assert world.answer("f1") == (
            None if number == 0 else Given(Platform.DOUYIN, "甲店" if number == 1 else "乙店")
        )
        load(store, plan, delays={})
    assert world.answer("f1") == Given(Platform.DOUYIN, "乙店")


def test_example_shops_and_the_owners_never_mix(store: Store) -> None:
    rows = [("小美", DAY, {"received": 5.0})]
    load(store, report_plan("own.xlsx", rows, exported=EARLY, shop="我的淘宝店"), delays={})
    load(store, report_plan("demo.xlsx", rows, exported=EARLY, shop="示例店"), delays={}, demo=True)
    assert [shop.name for shop in StoreWorld(store).shops()] == ["我的淘宝店"]
    assert [shop.name for shop in StoreWorld(store, demo=True).shops()] == ["示例店"]
    load(store, report_plan("named.xlsx", rows, exported=EARLY, shop="甲店"), delays={})
    assert [shop.name for shop in StoreWorld(store).shops()] == ["甲店"]


def test_progress_of_a_previewed_plan_is_truthful(store: Store) -> None:
    plan = session_plan("s.xlsx", [session(str(n)) for n in range(12)], exported=EARLY)
    plan.rows.read = 12
    told: list[float] = []
    load(store, plan, delays={}, on_progress=told.append)
    assert told == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])


def test_demo_goes_wholly_and_the_owners_data_stays(store: Store) -> None:
    own = session_plan("own.xlsx", [session("1", rating=4)], exported=EARLY, shop="我家店")
    load(store, own, delays={})
    before = content(store)
    load(
        store,
        session_plan("demo.xlsx", [session("1"), session("9", "演示")], exported=LATE, shop="示例店"),
        delays={},
        demo=True,
    )
    load(
        store,
        report_plan("d.xlsx", [("演示", DAY, {"received": 1.0})], exported=LATE, shop="示例店"),
        delays={},
        demo=True,
    )
    with store.reading() as conn:
        assert batches.has_demo(conn)
    assert remove_demo(store) == 2
    assert content(store) == before
    with store.reading() as conn:
        assert not batches.has_demo(conn)
        assert [line.file_name for line in batches.ledger(conn)] == ["own.xlsx"]
