"""Mapped once, understood ever after: the whole way from an unknown file to the numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Given, Plan, Status
from csdesk.ingest.own.desk import with_choices
from csdesk.ingest.own.mapping import NO_HEADER, HeaderPlace, OwnColumn, OwnMapping
from csdesk.metrics.model import By
from csdesk.store import measures
from tests.ingest.own.tables import CHOICES, HEADER, REPORT, head_of, report_mapping
from tests.ingest.tables import Table, write_csv, write_xlsx


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = Services(tmp_path / "data")
    yield opened
    opened.close()


def plan(services: Services, path: Path, given: Given | None = None) -> Plan:
    (found,) = services.plan_files([path], given or Given())
    return found


def take(services: Services, path: Path, given: Given | None = None) -> Plan:
    (found,) = services.import_files([path], given or Given())
    return found


def cells(services: Services) -> dict[tuple[int, int, str], float | None]:
    with services.store.reading() as conn:
        return {(cell[1], cell[2], cell[5]): cell[6] for cell in measures.cells(conn, Filter())}


def test_map_save_import(services: Services, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "三月.csv", REPORT)
    assert plan(services, file).status is Status.UNRECOGNISED
    kept = services.mappings.save(report_mapping(services.mappings))
    done = take(services, file)
    assert (done.status, done.layout, done.layout_name) == (Status.IMPORTED, kept.id, "外包日报")
    assert not done.needs
    assert done.period == Period(date(2026, 3, 1), date(2026, 3, 2))
    assert (done.rows.inserted, done.rows.summary, done.problem_count) == (3, 1, 0)
    assert {reading.header: reading.note for reading in done.columns}["手机号"] == "隐私，不保存"
    first = {key[2]: value for key, value in cells(services).items() if key[:2] == (1, 20_513)}
    assert first == {
        "received": 120, "first_response": 30, "satisfaction_rate": 0.95, "invites_sent": 80, "ratings_received": 40,
    }  # fmt: skip
    (total,) = services.metrics(Filter(), None, ["received"])
    assert total.values["received"].value == 310
    by_agent = services.metrics(Filter(), By.AGENT, ["received"])
    assert sorted(row.values["received"].value or 0 for row in by_agent) == [90, 220]
    (entry,) = services.ledger()
    assert entry.layout_name == "外包日报"
    assert [(item.imports, item.target.title) for item in services.mappings.listed()] == [(1, "客服报表")]


def test_the_same_columns_in_another_order_under_other_lines(services: Services, tmp_path: Path) -> None:
    services.mappings.save(report_mapping(services.mappings))
    first = take(services, write_csv(tmp_path / "a.csv", REPORT))
    before = cells(services)
    order = [5, 2, 7, 0, 6, 1, 4, 3]
    moved: Table = [["说明"], ["制表：某某"], *([row[at] for at in order] for row in REPORT[1:])]
    again = take(services, write_xlsx(tmp_path / "b.xlsx", ("汇总", moved)))
    assert (again.layout, again.status) == (first.layout, Status.DUPLICATE)
    assert cells(services) == before


def test_what_is_not_certain_is_asked_again(services: Services, tmp_path: Path) -> None:
    header = ["日", "谁", "量", "量"]
    rows: Table = [header, ["2026-03-01", "小美", 1, 2]]
    choices = [(0, "date", ""), (1, "agent", ""), (2, "received", ""), (3, "messages", "")]
    desk = services.mappings
    found = desk.suggest(head_of(rows), place=HeaderPlace(0))
    mapping = OwnMapping("", "重名列", "report", "own", "agent", found.headers, ())
    desk.save(with_choices(found, choices, mapping))
    assert plan(services, write_csv(tmp_path / "a.csv", rows)).status is Status.IMPORTED
    moved: Table = [["量", "日", "量", "谁"], [1, "2026-03-01", 2, "小美"]]
    assert plan(services, write_csv(tmp_path / "b.csv", moved)).status is Status.UNRECOGNISED
    one_less: Table = [header[:3], ["2026-03-01", "小美", 1]]
    assert plan(services, write_csv(tmp_path / "c.csv", one_less)).status is Status.UNRECOGNISED


def test_an_own_mapping_overrules_a_known_layout(services: Services, tmp_path: Path) -> None:
    rows: Table = [
        ["日期", "旺旺昵称", "咨询人数", "接待人数", "平均响应(秒)", "询单人数"],
        ["2026-03-01", "小美", 9, 7, 30, 5],
    ]
    file = write_csv(tmp_path / "a.csv", rows)
    known = plan(services, file)
    assert known.status is Status.IMPORTED
    assert known.layout is not None
    desk = services.mappings
    (head,) = desk.open(file)
    found = desk.suggest(head, file_name=file.name, layout_id=known.layout)
    read = {found.headers[at]: guess.key for at, guess in enumerate(found.guesses)}
    assert read["接待人数"] == "received"
    assert found.source == known.source
    choices = [(0, "date", ""), (1, "agent", ""), (3, "consulted", "")]
    mapping = OwnMapping("", "改过的", "report", found.source, "agent", found.headers, ())
    kept = desk.save(with_choices(found, choices, mapping))
    done = take(services, file)
    assert (done.layout, done.source) == (kept.id, known.source)
    assert {key[2]: value for key, value in cells(services).items()} == {"consulted": 7}
    again = desk.suggest(head, file_name=file.name)
    assert again.mapping == kept
    assert [guess.key for guess in again.guesses] == ["date", "agent", "", "consulted", "", ""]


def test_deleting_leaves_the_data(services: Services, tmp_path: Path) -> None:
    desk = services.mappings
    kept = desk.save(report_mapping(desk))
    file = write_csv(tmp_path / "a.csv", REPORT)
    take(services, file)
    before = cells(services)
    desk.shelf.delete(kept.id)
    assert cells(services) == before
    assert plan(services, file).status is Status.UNRECOGNISED
    assert services.ledger()[0].layout_name == "自己对的列（已删除）"


def test_named_on_purpose_it_reads_a_table_with_fewer_columns(services: Services, tmp_path: Path) -> None:
    services.mappings.save(report_mapping(services.mappings))
    fewer = write_csv(
        tmp_path / "a.csv", [["工号昵称", "统计日", "总服务人次", "新的列"], ["小美", "2026-03-05", 7, 1]]
    )
    assert plan(services, fewer).status is Status.UNRECOGNISED
    done = take(services, fewer, Given(mapping="外包日报"))
    assert done.status is Status.IMPORTED
    assert {key[2]: value for key, value in cells(services).items()} == {"received": 7}
    without = write_csv(tmp_path / "b.csv", [["统计日", "总服务人次"], ["2026-03-05", 7]])
    refused = plan(services, without, Given(mapping="外包日报"))
    assert refused.status is Status.UNRECOGNISED
    assert "外包日报" in refused.message


def test_without_a_header_only_by_name(services: Services, tmp_path: Path) -> None:
    rows: Table = [["小美", 12, "2026-03-01"], ["小丽", 9, "2026-03-01"]]
    file = write_csv(tmp_path / "a.csv", rows)
    desk = services.mappings
    (head,) = desk.open(file)
    found = desk.suggest(head)
    assert found.place == NO_HEADER
    assert found.headers == ("A 列", "B 列", "C 列")
    mapping = OwnMapping("", "裸表", "report", "own", "agent", found.headers, (), 0)
    desk.save(with_choices(found, [(0, "agent", ""), (1, "received", ""), (2, "date", "")], mapping))
    assert plan(services, file).status is Status.UNRECOGNISED
    done = take(services, file, Given(mapping="裸表"))
    assert (done.status, done.rows.inserted) == (Status.IMPORTED, 2)
    (head,) = desk.open(file)
    again = desk.suggest(head)
    assert again.mapping is not None
    assert [guess.key for guess in again.guesses] == ["agent", "received", "date"]  # filled in as the last time
    narrow = write_csv(tmp_path / "b.csv", [["小美", 1], ["小丽", 2]])
    assert plan(services, narrow, Given(mapping="裸表")).status is Status.UNRECOGNISED


def test_platform_and_shop_of_the_mapping(services: Services, tmp_path: Path) -> None:
    desk = services.mappings
    desk.save(replace(report_mapping(desk), platform=Platform.JD, shop="京东一店"))
    done = take(services, write_csv(tmp_path / "a.csv", REPORT))
    assert (done.platform, done.shop) == (Platform.JD, "京东一店")
    other = plan(services, write_csv(tmp_path / "b.csv", REPORT), Given(shop="京东二店"))
    assert other.shop == "京东二店"


def test_a_report_without_dates_asks_for_them(services: Services, tmp_path: Path) -> None:
    desk = services.mappings
    rows = [row[1:] for row in REPORT[1:-1]]
    found = desk.suggest(head_of(rows))
    mapping = OwnMapping("", "没有日期", "report", "own", "agent", found.headers, ())
    desk.save(with_choices(found, [(0, "agent", ""), (1, "received", "")], mapping))
    file = write_csv(tmp_path / "a.csv", rows)
    assert [need.kind for need in plan(services, file).needs] == ["period"]
    day = Period.of_day(date(2026, 3, 9))
    done = take(services, file, Given(period=day))
    assert (done.status, done.period) == (Status.IMPORTED, day)
    assert plan(services, write_csv(tmp_path / "b 2026-03-10.csv", rows)).period == Period.of_day(date(2026, 3, 10))


ORDERS: Table = [
    ["流水", "成交额(分)", "成交日", "谁买的", "送到哪里"],
    ["D1", 1999, "2026-03-01 10:00:00", "tb张三", "浙江省杭州市西湖区文三路 1 号"],
    ["D2", 250, "2026-03-02 11:00:00", "tb李四", "上海市浦东新区世纪大道 2 号"],
]


def test_orders_and_sessions_too(services: Services, tmp_path: Path) -> None:
    desk = services.mappings
    file = write_xlsx(tmp_path / "a.xlsx", ("单", ORDERS))
    (head,) = desk.open(file)
    found = desk.suggest(head, target=desk.target("records:order_head"))
    choices = [(0, "order_id", ""), (1, "paid_fen", "分"), (2, "paid_at", ""), (3, "buyer", ""), (4, "address", "")]
    mapping = OwnMapping("", "自有商城订单", "records:order_head", found.source, "row", found.headers, ())
    desk.save(with_choices(found, choices, mapping))
    done = take(services, file)
    assert (done.status, done.rows.inserted) == (Status.IMPORTED, 2)
    with services.store.reading() as conn:
        rows = conn.execute(
            "SELECT order_id, paid_fen, province, city, buyer_mask FROM order_head ORDER BY 1"
        ).fetchall()
    assert [tuple(row)[:4] for row in rows] == [("D1", 1999, "浙江省", "杭州市"), ("D2", 250, "上海市", "上海市")]
    assert "张三" not in str([tuple(row) for row in rows])
    talks: Table = [["号", "接线", "几点来的", "用时"], ["s1", "小美", "2026-03-01 09:00:00", 2]]
    file = write_csv(tmp_path / "b.csv", talks)
    found = desk.suggest(head_of(talks), target=desk.target("sessions"), place=HeaderPlace(0))
    mapping = OwnMapping("", "电话记录", "sessions", found.source, "session", found.headers, ())
    choices = [(0, "session_key", ""), (1, "agent", ""), (2, "started_at", ""), (3, "first_response", "分")]
    desk.save(with_choices(found, choices, mapping))
    assert take(services, file).status is Status.IMPORTED
    with services.store.reading() as conn:
        assert conn.execute("SELECT first_response FROM session").fetchall()[0][0] == 120


def test_any_order_of_columns_gives_the_same_numbers(services: Services, tmp_path: Path) -> None:
    services.mappings.save(report_mapping(services.mappings))
    dice = random.Random(3)
    expected = None
    for turn in range(4):
        order = list(range(len(HEADER)))
        dice.shuffle(order)
        rows: Table = [[row[at] for at in order] for row in REPORT[1:]]
        found = plan(services, write_csv(tmp_path / f"{turn}.csv", rows))
        told = sorted((cell.row, cell.measure, cell.value) for cell in found.staged.reports)
        assert told
        expected = expected or told
        assert told == expected


def test_choices_of_another_field_move_the_numbers(services: Services, tmp_path: Path) -> None:
    desk = services.mappings
    kept = desk.save(report_mapping(desk))
    file = write_csv(tmp_path / "a.csv", REPORT)
    edited = desk.save(
        replace(
            kept, columns=tuple(replace(c, field="consulted") if c.field == "received" else c for c in kept.columns)
        )
    )
    assert edited.id == kept.id
    measures_found = {cell.measure for cell in plan(services, file).staged.reports}
    assert "consulted" in measures_found
    assert "received" not in measures_found
    assert len(CHOICES) == len(edited.columns)
    assert isinstance(edited.columns[0], OwnColumn)


LINES: Table = [
    ["流水", "货名", "件数", "给了多少", "哪天"],
    ["D1", "杯子", 2, 20, "2026-03-01 10:00:00"],
    ["D1", "碟子", 1, 5.5, "2026-03-01 10:00:00"],
]


@pytest.mark.parametrize(("paid", "orders"), [(True, [("D1", 2550, 3)]), (False, [])])
def test_orders_are_summed_up_from_lines_that_say_what_was_paid(
    services: Services, tmp_path: Path, *, paid: bool, orders: list[tuple[str, int, int]]
) -> None:
    desk = services.mappings
    found = desk.suggest(head_of(LINES), target=desk.target("records:order_line"), place=HeaderPlace(0))
    choices = [(0, "order_id", ""), (1, "title", ""), (2, "quantity", ""), (4, "paid_at", "")]
    choices += [(3, "paid_fen", "元")] if paid else []
    mapping = OwnMapping("", "货单", "records:order_line", found.source, "row", found.headers, ())
    desk.save(with_choices(found, choices, mapping))
    assert take(services, write_csv(tmp_path / "a.csv", LINES)).rows.inserted == 2
    with services.store.reading() as conn:
        rows = conn.execute("SELECT order_id, paid_fen, quantity FROM order_head").fetchall()
    assert [tuple(row) for row in rows] == orders


@pytest.mark.parametrize(
    "name",
    ["chitu_custom", "sycm_reception_rating", "feige_2026", "sessions"],
)
def test_a_known_table_kept_as_it_is_read_gives_the_same(services: Services, tmp_path: Path, name: str) -> None:
    files = {
        "chitu_custom": [
            ["赤兔名品", "2026-03-01"],
            ["旺旺昵称", "接待人数", "平均响应(秒)", "询单->最终付款转化率", "客服销售额"],
            ["甲店:小美", 30, "45.5", "21.5%", "¥1,200.50"],
            ["汇总", 30, "45.5", "21.5%", "1200.5"],
        ],
        "sycm_reception_rating": [
            ["日期", "旺旺昵称", "总", None, "邀请", None],
            [None, None, "发出评价数", "很满意", "发出评价数", "很满意"],
            ["2026-03-01", "甲店:小美", 50, 20, 40, 15],
        ],
        "feige_2026": [
            ["日期", "客服昵称", "客服账号", "人工已接待人数", "首次响应时长", "平均响应时长", "满意率", "不满意率"],
            ["2026-03-01", "小美", "1234567", 30, "00:00:20", "00:00:31", "95.2%", "1%"],
        ],
        "sessions": [
            ["会话ID", "客服", "开始时间", "首次响应时长(分)", "支付金额", "评分"],
            ["s1", "甲店:小美", "2026-03-01 09:00:00", 0.5, "12.30", 5],
        ],
    }  # fmt: skip
    file = write_csv(tmp_path / "a.csv", files[name])
    desk = services.mappings
    before = plan(services, file)
    if before.layout is None:
        pytest.fail(f"{name}: {before.message}")
    (head,) = desk.open(file)
    found = desk.suggest(head, file_name=file.name, layout_id=before.layout)
    mapping = OwnMapping(
        "", "一样", found.target.kind, found.source, found.target.grain, found.headers, (), found.place.height,
        before.platform,
    )  # fmt: skip
    choices = [(at, guess.key, guess.unit) for at, guess in enumerate(found.guesses) if guess.key]
    kept = desk.save(with_choices(found, choices, mapping))
    after = plan(services, file)
    assert after.layout == kept.id
    assert _told(after) == _told(before)


def _told(done: Plan) -> list[object]:
    numbers = [(cell.row, cell.shop, cell.measure, cell.value, cell.period) for cell in done.staged.reports]
    rows = [chunk.columns for chunk in done.staged.sessions]
    return [sorted(numbers, key=str), rows, done.rows, done.shop, done.source, done.problem_count]
