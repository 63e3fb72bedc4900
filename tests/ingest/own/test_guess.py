"""Guesses with their reasons, where the header is, and what a trial says."""

from __future__ import annotations

from pathlib import Path

import pytest

from csdesk.ingest.layouts import catalogue
from csdesk.ingest.own.desk import MappingDesk, Suggestion
from csdesk.ingest.own.guess import columns_of, guess_columns
from csdesk.ingest.own.heads import guess_header
from csdesk.ingest.own.mapping import NO_HEADER, HeaderPlace, header_texts
from csdesk.ingest.own.targets import TARGETS, Target, fields_of, needs_of, target
from csdesk.ingest.own.trial import try_out
from csdesk.ingest.own.values import profile
from csdesk.store.database import Store
from tests.ingest.own.tables import REPORT, head_of, report_mapping
from tests.ingest.tables import Table


@pytest.fixture
def desk(tmp_path: Path) -> MappingDesk:
    def never() -> Store:
        raise AssertionError("guessing needs no data")

    return MappingDesk(tmp_path, never)  # type: ignore[arg-type]


def guessed(found: Suggestion) -> dict[str, tuple[str, str]]:
    return {header: (guess.key, guess.reason) for header, guess in zip(found.headers, found.guesses, strict=True)}


def test_guesses_say_why(desk: MappingDesk) -> None:
    found = desk.suggest(head_of(REPORT))
    guesses = guessed(found)
    assert guesses["统计日"] == ("date", "列名一样")
    assert guesses["首响(分)"] == ("first_response", "列名去掉单位和括号后一样")
    assert guesses["工号昵称"][0] == "agent"
    assert "相近" in guesses["工号昵称"][1]
    assert guesses["手机号"] == ("", "")
    assert "个人信息" in found.columns[5].private
    units = {guess.key: guess.unit for guess in found.guesses}
    assert units["first_response"] == "分"


def test_values_alone_say_when(desk: MappingDesk) -> None:
    rows: Table = [["甲", "乙"], ["2026-03-01", "x"], ["2026-03-02", "y"]]
    found = desk.suggest(head_of(rows), target=target("report:agent"))
    assert guessed(found)["甲"] == ("date", "里面是日期，像“日期”")
    assert guessed(found)["乙"] == ("", "")


def test_same_name_with_other_values_is_said(desk: MappingDesk) -> None:
    rows: Table = [["客服", "接待人数"], ["小美", "很多"], ["小丽", "很少"]]
    key, reason = guessed(desk.suggest(head_of(rows), target=target("report:agent")))["接待人数"]
    assert key == "received"
    assert "但里面是文字" in reason


def test_a_header_mapped_before_is_mapped_so_again(desk: MappingDesk) -> None:
    desk.save(report_mapping(desk))
    rows: Table = [["工号昵称", "总服务人次", "新列"], ["小美", 3, 4]]
    assert guessed(desk.suggest(head_of(rows)))["总服务人次"] == ("received", "在“外包日报”里这样对过")


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (["会话编号", "坐席", "开始时间", "是否解决"], "sessions"),
        (["交易编号", "实付款", "付款日期"], "records:order_head"),
        (["工单号", "受理人", "创建时间", "工单分类"], "records:ticket"),
        (["答卷编号", "满意度", "提交时间"], "records:survey_answer"),
        (["退款单号", "退款总额", "申请时间"], "records:refund"),
        (["日期", "接待人数", "平均响应"], "report:shop"),
        (["昵称", "接待人数", "平均响应"], "report:agent"),
    ],
)
def test_the_kind_is_guessed(desk: MappingDesk, headers: list[str], wanted: str) -> None:
    chosen = desk.suggest(head_of([headers, ["1"] * len(headers)])).target.id
    assert chosen == wanted or (wanted == "report:shop" and chosen.startswith("report"))


def test_no_field_is_guessed_twice() -> None:
    known = catalogue()
    columns = columns_of(["接待人数", "接待人数", "总接待人数"], [[1], [2], [3]], known)
    chosen = target("report:agent")
    assert chosen is not None
    keys = [guess.key for guess in guess_columns(columns, chosen, known) if guess.key]
    assert len(keys) == len(set(keys))


GROUPED: Table = [
    ["", "", "邀请", "", "自主", ""],
    ["人", "日", "好", "差", "好", "差"],
    ["小美", "2026-03-01", 1, 2, 3, 4],
]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (REPORT, HeaderPlace(1)),
        ([*[[f"说明第 {line} 行"] for line in range(11)], *REPORT[1:]], HeaderPlace(11)),
        ([["小美", 3, "2026-03-01"], ["小丽", 4, "2026-03-01"]], NO_HEADER),
        (GROUPED, HeaderPlace(1, 2)),
    ],
)  # fmt: skip
def test_where_the_header_is(rows: Table, place: HeaderPlace) -> None:
    assert guess_header(head_of(rows), [catalogue().vocabulary]) == place


def test_headers_of_two_rows_say_both() -> None:
    rows = [["人", None, "邀请", None, None], [None, "日", "好", "差", None]]
    assert header_texts(rows) == ("人", "日", "邀请 好", "邀请 差")


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-03-01", "2026/3/2"], "date"),
        (["2026-03-01 09:00", "20260302101112"], "instant"),
        (["00:01:20", "1分20秒"], "duration"),
        (["98%", "97.5%", 0], "percent"),
        ([1, "2", 3.0], "whole"),
        ([1.5, 2], "number"),
        (["2026030112345678", "2026030112345679"], "id"),
        (["是", "否"], "boolean"),
        (["小美", "小丽"], "text"),
        ([None, "", "-"], "empty"),
    ],
)
def test_what_values_look_like(values: list[str], form: str) -> None:
    assert profile(values).form == form


def test_a_trial_shows_rows_and_problems(desk: MappingDesk) -> None:
    rows = [*REPORT[:3], ["2026-03-01", "", "abc", 1, 2, "", 3, 4], *REPORT[3:]]
    mapping = report_mapping(desk, rows=rows)
    head = head_of(rows)
    place = HeaderPlace(1)
    trial = try_out(mapping, head, place, catalogue())
    assert trial.faults == ()
    assert trial.titles[:4] == ("日期", "客服", "接待人数", "首次响应时长")
    assert trial.rows[0][:5] == ("2026-03-01", "小美", "120", "30 秒", "95.00%")
    assert trial.rows[1][2] == "读不出"
    assert trial.numbers[0] == 3
    assert any("没有客服名" in problem for problem in trial.problems)
    assert trial.summary == "试读前 5 行：3 行能导入，1 行不能，1 行是合计、均值；有 3 处问题。"


def test_a_trial_of_an_unfinished_mapping_shows_what_is_there(desk: MappingDesk) -> None:
    mapping = report_mapping(desk)
    part = type(mapping)(**{**_fields(mapping), "columns": mapping.columns[2:3]})
    trial = try_out(part, head_of(REPORT), HeaderPlace(1), catalogue())
    assert trial.rows[0] == ("120",)
    assert any("客服" in fault for fault in trial.faults)
    assert trial.counts is None


def _fields(mapping: object) -> dict[str, object]:
    return {name: getattr(mapping, name) for name in type(mapping).__dataclass_fields__}  # type: ignore[attr-defined]


@pytest.mark.parametrize("chosen", TARGETS, ids=lambda one: one.id)
def test_every_kind_has_its_needs_among_its_fields(chosen: Target) -> None:
    keys = [field.key for field in fields_of(chosen, catalogue())]
    assert len(keys) == len(set(keys))
    for group in needs_of(chosen, catalogue()):
        assert set(group) & set(keys)


def test_three_hundred_columns_are_no_burden(desk: MappingDesk) -> None:
    width = 300
    rows: Table = [[f"很长的列名{at}" * 20 for at in range(width)], *(list(range(width)) for _ in range(60))]
    found = desk.suggest(head_of(rows), place=HeaderPlace(0))
    assert len(found.guesses) == width
    assert all(len(header) <= 300 for header in found.headers)
