"""Finding header rows and matching every spelling, and nothing but them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.ingest.headers import ColumnMapping, find_header, spelling, squeeze, take_apart
from csdesk.ingest.layouts import catalogue, delay_days
from csdesk.settings.paths import resource_path


def _field(header: str) -> str | None:
    hit = catalogue().vocabulary.match(take_apart(header))
    if hit is None:
        return None
    return f"{hit[0].field}.{hit[1]}" if hit[1] else hit[0].field


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("平均响应(秒)", "avg_response", "秒"),
        ("平均响应时长（秒)", "avg_response", "秒"),
        ("平均响应时长（秒）", "avg_response", "秒"),
        ("平均响应时间", "avg_response", ""),
        ("平均响应（s）", "avg_response", "秒"),
        ("工作时间平响时长", "avg_response_window", ""),
        ("全天平响时长", "avg_response", ""),
        ("新平均响应时长（秒）", "avg_response", "秒"),
        ("旺旺人工平响时长", "avg_response", ""),
        ("平均响应时长(分)", "avg_response", "分"),
        ("延 询单人数", "inquiry_buyers", ""),
        ("延询单人数", "inquiry_buyers", ""),
        ("聊天人数(原咨询人数)", "consulted", ""),
        ("接待人数(新标)", "received", ""),
        ("客户满意率（新）", "satisfaction_rate", ""),
        ("询单->最终付款转化率", "conversion_rate", ""),
        ("询单→最终付款转化率", "conversion_rate", ""),
        ("询单－＞最终付款转化率", "conversion_rate", ""),
        ("询单->次日付款成功率", "next_day_conversion_rate", ""),
        ("\ufeff客服昵称 ", "agent", ""),
        ("客户满意率(%)", "satisfaction_rate", "%"),
        ("3分钟人工回复率 (会话)", "response_3min_rate_sessions", ""),
        ("3分钟人工回复率(8-23点)", "response_3min_rate_window", ""),
        ("客服销售额（元）", "sales_amount", "元"),
        ("PC在线时长（时）", "online_seconds", "时"),
        ("邀请-发出评价数", "invites_sent.invited", ""),
        ("发出评价数(自主)", "invites_sent.self", ""),
        ("满意.1", "rated_4", ""),
        ("E客服评价发送率", "send_rate", ""),
        ("满意(三级)", "ratings_satisfied", ""),
        ("15s首响率", "first_15s_rate", ""),
    ],
)
def test_spellings(header: str, field: str, unit: str) -> None:
    assert _field(header) == field
    assert take_apart(header).unit == unit


@pytest.mark.parametrize(
    "header",
    [
        "相对满意度",
        "满意率(会话)",
        "接待人数占比",
        "满意率目标",
        "备注",
        "",
        "不满意原因",
        "评价",
    ],
)
def test_what_must_not_match(header: str) -> None:
    assert _field(header) is None


def test_every_alias_leads_to_its_own_field() -> None:
    shared = tomllib.loads(resource_path("layouts", "fields.toml").read_text(encoding="utf-8"))
    for section in ("entities", "measures"):
        for name, table in shared[section].items():
            for alias in (*table["aliases"], table["title"]):
                assert _field(alias) == name, alias


def test_delays() -> None:
    delays = delay_days()
    assert (delays["received"], delays["rated_5.invited"], delays["conversion_rate"]) == (0, 3, 4)


def _find(*rows: Sequence[object]) -> ColumnMapping | None:
    return find_header(list(enumerate(rows, start=1)), catalogue().vocabulary)  # type: ignore[arg-type]


def test_header_below_a_preamble() -> None:
    mapping = _find(["报表"], ["统计时间", "2026-03-01"], ["客服昵称", "接待人数", "满意"], ["小美", 1, 2])
    assert mapping is not None
    assert mapping.header_rows == (3,)
    assert [column.field for column in mapping.columns] == ["agent", "received", "rated_4"]


def test_repeated_and_explaining_rows_belong_to_the_header() -> None:
    mapping = _find(
        ["客服昵称", "接待人数", "满意"], ["客服昵称", "接待人数", "满意"], ["谁", "多少人", "多少"], ["小美", 1, 2]
    )
    assert mapping is not None
    assert mapping.data_row == 4


def test_a_row_of_delayed_cells_is_no_explanation() -> None:
    mapping = _find(["客服昵称", "接待人数", "满意"], ["小美", "延迟统计", "延迟统计"])
    assert mapping is not None
    assert mapping.data_row == 2


def test_of_two_columns_for_one_measure_the_surer_wins() -> None:
    mapping = _find(["客服昵称", "新平均响应时长（秒）", "平均响应时长（秒）", ""])
    assert mapping is not None
    column = mapping.column("avg_response")
    assert column is not None
    assert column.index == 2
    assert [(other.index, other.note) for other in mapping.unmatched] == [
        (1, "与“平均响应时长(秒)”是同一指标，只用一列"),
        (3, "没有表头"),
    ]


def test_no_header() -> None:
    assert _find([1, 2, 3], ["a", "b", "c"], []) is None


@given(st.text())
def test_squeeze_is_idempotent(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)


@given(st.one_of(st.none(), st.text(), st.floats(), st.datetimes()))
def test_any_header_can_be_taken_apart(cell: object) -> None:
    name = take_apart(cell)
    assert len(set(name.keys)) == len(name.keys)
    assert spelling(name.text) is not None


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=5), st.floats(), st.sampled_from(["总", "满意", "客服"]))))
)
def test_any_rows_can_be_searched(rows: list[list[object]]) -> None:
    width = max(map(len, rows), default=0)
    padded = [row + [None] * (width - len(row)) for row in rows]
    _find(*padded)


def test_a_row_with_a_number_of_its_own_explains_nothing() -> None:
    header = ["订单号", "订单应付金额", "运费"]
    words = catalogue().by_id["doudian_orders"].vocabulary
    odd = [(1, header), (2, ["6917926768823643751", "见备注", "见备注"]), (3, ["6917926768823643752", "5", "0"])]
    explained = [(1, header), (2, [None, "收入+支出", "元"]), (3, ["6917926768823643752", "5", "0"])]
    assert [find_header(rows, words).header_rows for rows in (odd, explained)] == [(1,), (1, 2)]  # type: ignore[union-attr]
