"""The command line's JSON and the definition card."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from csdesk.domain.period import Period
from csdesk.metrics.card import definition_lines
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.json import metrics_json, value_json
from csdesk.metrics.model import By, LeftOut, MetricPart
from tests.metrics.world import DELAYED, DOUYIN_SHOP, World

KEYS = {
    "value", "unit", "numerator", "denominator", "n", "low", "high", "small", "status", "variant", "sources",
    "left_out",
}  # fmt: skip


def world() -> World:
    made = World().report(
        "chitu", 10, 0, received=39, rated_5=8, rated_4=0, rated_3=1, rated_2=0, rated_1=0, sales_amount=123450
    )
    made.report("chitu", 10, 1, received=5, ratings_received=DELAYED)
    return made.report("sycm", 11, 0, first_response=30, batch=1).report("chitu", 11, 0, received=7, batch=2)


def test_the_whole_answer_is_plain_json() -> None:
    answer = metrics_json(world().rows(By.DAY), {"from": None, "to": None}, By.DAY)
    again = json.loads(json.dumps(answer, ensure_ascii=False, allow_nan=False))
    assert again["by"] == "day"
    assert [row["key"] for row in again["rows"]] == ["2026-02-16", "2026-02-17"]
    for row in again["rows"]:
        assert set(row["metrics"]) == set(METRICS)
        for value in row["metrics"].values():
            assert set(value) >= KEYS
    whole = metrics_json(world().rows(), {}, None)
    assert (whole["by"], whole["rows"][0]["key"], len(whole["rows"])) == (None, None, 1)


def test_rate() -> None:
    value = value_json(world().value("satisfaction_rate"))
    assert value["value"] == 8 / 9
    assert (value["unit"], value["status"], value["small"]) == ("rate", "ok", True)
    assert (value["numerator"], value["denominator"], value["n"]) == (8, 9, 9)
    assert 0.5 < value["low"] < 8 / 9 < value["high"] < 1
    assert value["sources"] == ["chitu"]
    assert value["left_out"] == [
        {"source": "chitu", "period": ["2026-02-17", "2026-02-17"], "reason": "延迟统计，数值还没出"}
    ]
    assert value["provisional_days"] == ["2026-02-17"]


def test_money_is_text_with_two_decimals() -> None:
    value = value_json(world().value("cs_sales"))
    assert (value["value"], value["numerator"], value["denominator"], value["n"]) == ("1234.50", "1234.50", None, None)


def test_distribution_and_nothing() -> None:
    value = value_json(world().value("rating_distribution"))
    assert list(value["value"]) == ["很满意", "满意", "一般", "不满", "很不满"]
    assert sum(value["value"].values()) == pytest.approx(1)
    assert value["counts"]["很满意"] == 8
    nothing = value_json(World().value("rating_distribution"))
    assert (nothing["value"], nothing["status"], nothing["left_out"]) == (None, "no_data", [])


def card(metric: str, made: World | None = None) -> dict[str, str]:
    return dict(definition_lines((made or world()).value(metric)))


def test_card_says_formula_parts_sample_and_files() -> None:
    lines = card("satisfaction_rate")
    assert lines["公式"].startswith("淘宝：（很满意 + 满意）/ 收到评价数")
    assert lines["分子"].endswith("= 8")
    assert lines["分母"] == "收到评价数 = 9"
    assert lines["样本量"] == "9（样本太少，只供参考）"
    assert lines["时段"] == "2026-02-16"
    assert lines["数据来源"] == "赤兔：甲.xlsx"
    assert lines["未计入"] == "赤兔 2026-02-17（延迟统计，数值还没出）"
    assert "Wilson" in lines["方法"]


def test_card_says_where_a_weight_came_from() -> None:
    assert "权重取自同一店铺、客服和时段的另一个文件：乙.xlsx" in card("first_response_mean")["说明"]


def test_card_says_whose_formula_it_is() -> None:
    assert "按本软件公式" in card("invite_rate")["公式"]
    assert "按本软件公式" not in card("satisfaction_rate")["公式"]


def test_card_of_an_empty_number_names_the_export() -> None:
    lines = card("resolution_rate")
    assert lines["状态"] == "已导入的文件里没有这一项"
    assert lines["从哪里来"] == "从 会话明细（是否解决列）、工单、带解决率或解决量的客服报表、满意度调查 导出后拖进来"


def test_card_lists_platforms() -> None:
    made = world().report("feige", 20, 0, shop=DOUYIN_SHOP, received_sessions=9, ratings_good=3, ratings_bad=1)
    assert [text for word, text in definition_lines(made.value("satisfaction_rate")) if word == "其中"] == [
        "淘宝：（很满意 + 满意）/ 收到评价数：8 / 9",
        "抖店：好评 /（好评 + 差评）：3 / 4",
    ]


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_a_card(metric: str) -> None:
    assert definition_lines(World().value(metric))
    assert definition_lines(world().value(metric))


def test_a_category_row_gives_its_share_as_a_distribution() -> None:
    sessions = World().cover(10, 0).sessions(10, 0, category="物流", n=6).sessions(10, 0, category="退换", n=2)
    rows = metrics_json(sessions.rows(By.CATEGORY), {}, By.CATEGORY)["rows"]
    shares = {row["key"]: row["metrics"]["category_share"] for row in rows}
    assert {key: share["value"] for key, share in shares.items()} == {"物流": {"物流": 0.75}, "退换": {"退换": 0.25}}
    assert {share["unit"] for share in shares.values()} == {"distribution"}
    assert shares["物流"]["low"] < 0.75 < shares["物流"]["high"]


def test_card_tells_platforms_by_their_chinese_names_and_sums_up_what_was_left_out() -> None:
    weeks = [Period(date(2026, 2, day), date(2026, 2, day + 6)) for day in (2, 9, 16)]
    value = replace(
        world().value("first_response_mean"),
        parts=(MetricPart("taobao", 27.0, 270, 10, ""), MetricPart("douyin", 20.0, 81577, 4037, "抖店：全天平响")),
        left_out=tuple(LeftOut("chitu", week, "管的天数超出这里的范围，拆不开") for week in weeks),
    )
    lines = definition_lines(value)
    assert [text for word, text in lines if word == "其中"] == ["淘宝：270 / 10", "抖店：全天平响：81,577 / 4,037"]
    assert dict(lines)["未计入"] == "赤兔 2026-02-02 至 2026-02-22 之间 3 段（管的天数超出这里的范围，拆不开）"
