"""会话明细 from file to plan: template, spool, streaming, several sheets, faults."""

from __future__ import annotations

import threading
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.errors import Cancelled, UserFault
from csdesk.ingest.feed import SessionSpool
from csdesk.ingest.model import Given, SessionChunk, Status
from csdesk.ingest.plan import plan_file
from csdesk.ingest.report import file_json, files_json
from csdesk.ingest.templates import write_template
from csdesk.ingest.world import KnownShop
from tests.ingest.empty_world import EmptyWorld
from tests.ingest.tables import KEYS, World, only, planned, write_csv, write_xlsx

HEADER = ["会话ID", "客服", "开始时间", "买家昵称", "是否邀评", "评分", "手机号"]


def _row(number: int, agent: str = "云间小铺:小美", day: int = 1) -> list[object]:
    return [f"S{number}", agent, datetime(2026, 3, day, 9, 30), "tb12345678", "是", 5, "13800138000"]


def _rows(chunks: object) -> list[tuple[str, str, str]]:
    return [
        row
        for chunk in chunks  # type: ignore[attr-defined]
        for row in zip(chunk.columns["session_key"], chunk.columns["agent"], chunk.columns["shop"], strict=True)
    ]


def test_sessions_are_complete_in_the_preview(tmp_path: Path) -> None:
    rows = [HEADER, *[_row(number, day=1 + number % 5) for number in range(200)], [None, "小美", None], ["汇总"]]
    plan = only(planned(write_xlsx(tmp_path / "会话.xlsx", ("Sheet1", rows))))
    assert (plan.status, plan.layout, plan.platform) == (Status.IMPORTED, "sessions", Platform.TAOBAO)
    assert plan.period == Period(date(2026, 3, 1), date(2026, 3, 5))
    assert (plan.shop, plan.rows.read, plan.rows.rejected, plan.rows.summary) == ("云间小铺", 202, 1, 1)
    assert len(_rows(plan.staged.sessions)) == 200
    assert len(_rows(plan.staged.sessions)) == 200, "a preview may be looked at twice"
    readings = {reading.header: reading for reading in plan.columns}
    assert readings["手机号"].note == "隐私，不保存"
    assert "12345678" not in readings["买家昵称"].sample
    assert "buyer_mask" in plan.staged.session_fields


def test_sessions_stream_when_lazy_and_the_plan_fills_up(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "会话.xlsx", ("3月", [HEADER, _row(1), _row(2)]), ("4月", [HEADER, _row(3, day=9)]))
    plan = only(planned(path, lazy=True))
    assert plan.period is None
    assert [key for key, _, _ in _rows(plan.staged.sessions)] == ["S1", "S2", "S3"]
    assert plan.period == Period(date(2026, 3, 1), date(2026, 3, 9))
    assert plan.rows.read == 3


def test_a_report_sheet_after_sessions_is_named(tmp_path: Path) -> None:
    report = [["客服昵称", "接待人数", "未回复人数"], ["小美", 1, 0]]
    plan = only(planned(write_xlsx(tmp_path / "会话.xlsx", ("会话", [HEADER, _row(1)]), ("绩效", report))))
    assert plan.status is Status.IMPORTED
    assert [problem.sheet for problem in plan.problems] == ["绩效"]


def test_said_shop_wins_unless_the_column_names_several(tmp_path: Path) -> None:
    header = ["店铺", *HEADER]
    one = write_xlsx(tmp_path / "a.xlsx", ("S", [header, ["甲店", *_row(1, "小美")]]))
    two = write_xlsx(tmp_path / "b.xlsx", ("S", [header, ["甲店", *_row(1, "小美")], ["乙店", *_row(2, "小美")]]))
    assert {shop for _, _, shop in _rows(only(planned(one, Given(shop="丙店"))).staged.sessions)} == {"丙店"}
    assert {shop for _, _, shop in _rows(only(planned(two, Given(shop="丙店"))).staged.sessions)} == {"甲店", "乙店"}
    late = [header, *(["甲店", *_row(number, "小美")] for number in range(99)), ["乙店", *_row(100, "小美")]]
    far = planned(write_xlsx(tmp_path / "d.xlsx", ("S", late)), Given(shop="丙店"), lazy=True)
    assert {shop for _, _, shop in _rows(only(far).staged.sessions)} == {"甲店", "乙店"}
    prefixed = write_xlsx(tmp_path / "c.xlsx", ("S", [HEADER, _row(1)]))
    assert {shop for _, _, shop in _rows(only(planned(prefixed, Given(shop="丙店"))).staged.sessions)} == {"丙店"}


def test_rows_that_name_no_shop_take_the_files(tmp_path: Path) -> None:
    rows = [HEADER, _row(1), _row(2, "小丽"), _row(3, "小丽")]
    plan = only(planned(write_xlsx(tmp_path / "会话.xlsx", ("Sheet1", rows))))
    assert {shop for _, _, shop in _rows(plan.staged.sessions)} == {"云间小铺"}


def test_platform_of_sessions(tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "会话.xlsx", ("S", [HEADER, _row(1, "小美")]))
    assert "看不出是哪个平台" in only(planned(plain)).message
    world = World(
        KnownShop(Platform.DOUYIN, "抖音甲店", agents=frozenset(["小美"])), KnownShop(Platform.TAOBAO, "甲店")
    )
    known = only(planned(plain, world=world))
    assert (known.platform, known.shop) == (Platform.DOUYIN, "抖音甲店")
    named = write_xlsx(tmp_path / "抖店会话.xlsx", ("S", [HEADER, _row(1, "小美")]))
    assert only(planned(named)).platform is Platform.DOUYIN
    assert only(planned(plain, Given(platform=Platform.JD))).platform is Platform.JD


def test_a_named_shop_is_the_same_whatever_was_known_before(tmp_path: Path) -> None:
    named = write_xlsx(tmp_path / "会话.xlsx", ("S", [HEADER, _row(1)]))
    other = World(KnownShop(Platform.DOUYIN, "别的抖店"))
    for world in (World(), other):
        plan = only(planned(named, world=world))
        assert (plan.platform, plan.shop) == (Platform.TAOBAO, "云间小铺")
    unnamed = write_xlsx(tmp_path / "会话2.xlsx", ("S", [HEADER, _row(1, "小美")]))
    assert only(planned(unnamed, world=other)).platform is Platform.DOUYIN


def test_a_second_import_is_a_duplicate_with_the_first_ones_counts(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "会话.csv", [HEADER, _row(1)])
    world = World()
    first = only(planned(path, world=world))
    world.batches[first.sha256, first.claim] = 3
    again = only(planned(path, world=world, lazy=True))
    assert again.status is Status.DUPLICATE
    assert (again.rows.read, again.rows.duplicate, again.rows.rejected) == (5, 4, 1)


def test_nothing_but_bad_rows_is_a_failure(tmp_path: Path) -> None:
    plan = only(planned(write_csv(tmp_path / "会话.csv", [HEADER, ["S1", "", "2026-03-01", "", "", "", ""]])))
    assert plan.status is Status.FAILED
    assert plan.rows.rejected == 1


def test_a_required_column_missing_is_named(tmp_path: Path) -> None:
    rows = [["客服", "开始时间", "结束时间", "评分", "咨询分类"], ["小美", "2026-03-01 09:00:00", "", 5, "物流"]]
    plan = only(planned(write_csv(tmp_path / "会话.csv", rows)))
    assert plan.status is Status.UNRECOGNISED
    assert "会话ID" in plan.message


def test_the_blank_template_says_so_and_a_filled_one_imports(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path)
    blank = only(planned(path))
    assert (blank.status, blank.layout) == (Status.SKIPPED, "sessions")
    assert "空白" in blank.message
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.max_column == 20
    sheet.append(["S1", "甲店", "小美", "tb1", "2026-03-01 09:30:00", "", "1分20秒"])
    book.save(path)
    filled = only(planned(path))
    assert filled.status is Status.IMPORTED
    chunk = next(iter(filled.staged.sessions))
    assert chunk.columns["first_response"] == [80]
    assert not [file for file in tmp_path.iterdir() if file != path], "no draft is left behind"


def test_a_template_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with pytest.raises(UserFault, match="模板存不到"):
        write_template(tmp_path / "missing" / "模板.xlsx")


def test_the_spool_overflows_into_a_file() -> None:
    chunks = [SessionChunk([number], {"session_key": [f"S{number}"]}) for number in range(10)]
    spool = SessionSpool(iter(chunks), memory_rows=3)
    assert spool.rows == 10
    for _ in range(2):
        assert [chunk.columns["session_key"][0] for chunk in spool] == [f"S{number}" for number in range(10)]
    spool.close()
    assert list(spool) == []


# ---------------------------------------------------------------- through the real reader


def test_a_real_file_through_the_child(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "会话.csv", [HEADER, _row(1)], "gb18030")
    plan = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS))
    assert (plan.status, plan.rows.read) == (Status.IMPORTED, 1)
    assert len(plan.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("~$客服.xlsx", b"x", Status.SKIPPED),
        ("客服.crdownload", b"x", Status.SKIPPED),
        ("空.xlsx", b"", Status.SKIPPED),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, Status.FAILED),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, name: str, content: bytes, status: Status) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    plan = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS))
    assert plan.status is status
    assert plan.message


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    plan = only(plan_file(tmp_path / "没有.xlsx", Given(), EmptyWorld(), keys=KEYS))
    assert plan.status is Status.FAILED


def test_cancel(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    path = write_csv(tmp_path / "会话.csv", [HEADER, _row(1)])
    with pytest.raises(Cancelled):
        plan_file(path, Given(), EmptyWorld(), keys=KEYS, cancel=stop)


# ---------------------------------------------------------------- json


def test_the_json_has_every_key_and_a_path_once(tmp_path: Path) -> None:
    sheet = [["客服昵称", "接待人数", "未回复人数"], ["小美", 10, 1], ["小丽", "x", 1]]
    plans = planned(write_xlsx(tmp_path / "自定义报表.xlsx", ("2026-04-20", sheet), ("2026-04-21", sheet)))
    one = file_json(plans[0], dry_run=True)
    assert {
        "path", "status", "layout", "platform", "shop", "period", "rows", "repairs", "problems", "message", "needs",
        "batch", "dry_run",
    } <= one.keys()  # fmt: skip
    assert (one["status"], one["platform"], one["dry_run"]) == ("imported", "taobao", True)
    assert one["problems"][0].keys() == {"sheet", "cell", "column", "value", "reason"}
    together = files_json(plans, dry_run=False)
    assert len(together) == 1
    assert together[0]["rows"]["read"] == 0, "nothing is counted before it is loaded"
    for plan in plans:
        plan.rows.inserted = 2
    assert files_json(plans, dry_run=False)[0]["rows"]["read"] == 4
    assert together[0]["period"] == ["2026-04-20", "2026-04-21"]
    assert len(together[0]["problems"]) == 2


def test_the_words_of_the_reader_are_among_the_problems(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "会话.csv", [HEADER, *map(_row, range(1, 400))], "gb18030")
    path.write_bytes(path.read_bytes().replace(b"tb12345678", b"tb1234567\xff", 1))
    for lazy in (False, True):
        plan = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS, lazy=lazy))
        for _ in plan.staged.sessions:
            pass
        (problem,) = plan.problems
        assert "代替" in problem.reason
        assert plan.problem_count == 1


def test_a_remembered_platform_yields_to_what_the_file_says(tmp_path: Path) -> None:
    class Remembers(EmptyWorld):
        def answer(self, fingerprint: str) -> Given | None:
            return Given(Platform.DOUYIN)

    for name, platform in (("会话.csv", Platform.DOUYIN), ("淘宝会话.csv", Platform.TAOBAO)):
        path = write_csv(tmp_path / name, [HEADER, _row(1)], "utf-8")
        assert only(plan_file(path, Given(), Remembers(), keys=KEYS)).platform is platform
