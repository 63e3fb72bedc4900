"""Files as the platforms and owners write them, each held against the numbers it ought to feed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csdesk.analysis.quality.desk import QualityDesk
from csdesk.analysis.quality.json import warnings
from csdesk.domain.filters import Filter
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import StoreWorld, load
from csdesk.ingest.model import Given, Plan, Status
from csdesk.ingest.plan import plan_file
from csdesk.metrics.card import definition_lines
from csdesk.metrics.engine import compute
from csdesk.metrics.model import By, MetricStatus, MetricValue
from csdesk.store.database import Store, open_store
from tests.ingest.empty_world import EmptyWorld
from tests.ingest.tables import KEYS, planned, write_csv, write_xlsx

TAOBAO = Given(platform=Platform.TAOBAO, shop="云间旗舰店")
CHAT_LINES = ["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data") as opened:
        yield opened


def plans(path: Path, given: Given = TAOBAO, store: Store | None = None) -> list[Plan]:
    world = EmptyWorld() if store is None else StoreWorld(store)
    return plan_file(path, given, world, keys=KEYS) if path.suffix == ".txt" else planned(path, given, world)


def bring(store: Store, path: Path, given: Given = TAOBAO) -> None:
    for plan in plans(path, given, store):
        assert plan.status is Status.IMPORTED, plan.message
        load(store, plan)


def values(store: Store, *metrics: str, by: By | None = None) -> dict[Any, dict[str, MetricValue]]:
    return {row.key: dict(row.values) for row in compute(store, Filter(), by, metrics)}


def parts(store: Store, metric: str) -> tuple[float | None, float | None]:
    value = values(store, metric)[None][metric]
    return value.numerator, value.denominator


# ---------------------------------------------------------------- chats


def text(path: Path, *said: tuple[str, str]) -> Path:
    lines = [f"{who} 2026-05-09 {when}\n在吗\n" for who, when in said]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_chat_nobody_answered_counts_among_the_rounds(store: Store, tmp_path: Path) -> None:
    bring(store, text(tmp_path / "聊天.txt", ("tb001", "10:00:00"), ("tb001", "10:05:00")))
    assert parts(store, "response_3min_rate") == (0, 1), "two messages in a row are one round"
    bring(store, text(tmp_path / "聊天二.txt", ("tb002", "11:00:00"), ("云间旗舰店:小美", "11:00:20")))
    assert parts(store, "response_3min_rate") == (1, 2)
    assert parts(store, "avg_response_mean") == (20, 1), "a round without an answer has no time"


def test_a_buyer_answered_later_is_told_once(store: Store, tmp_path: Path) -> None:
    early = text(tmp_path / "早.txt", ("tb001", "10:00:00"))
    late = text(tmp_path / "晚.txt", ("tb001", "10:00:00"), ("云间旗舰店:小美", "10:02:00"))
    for path in (early, late):
        bring(store, path)
    assert parts(store, "response_3min_rate") == (1, 1)
    assert parts(store, "answer_question_ratio") == (1, 1)


def test_customers_nobody_answered_in_chat_workbooks(store: Store, tmp_path: Path) -> None:
    day = "2026-05-09"
    bring(
        store,
        write_xlsx(
            tmp_path / "千牛聊天记录_2026-05-09.xlsx",
            ("tb5", [CHAT_LINES, ["tb5", 1, f"{day} 10:00:00", "在吗", "tb5", "客户"],
                     ["tb5", 2, f"{day} 10:00:10", "在", "云间旗舰店:小迪", "客服"]]),
            ("tb6", [CHAT_LINES, ["tb6", 1, f"{day} 11:00:00", "在吗", "tb6", "客户"]]),
        ),
    )  # fmt: skip
    cells = [
        ["客户ID", "聊天记录"],
        ["tb7", f"{day} 10:00:00\ntb7: 在吗\n\n{day} 10:00:20\n云间小铺:小美: 在"],
        ["tb8", f"{day} 11:00:00\ntb8: 有人吗"],
    ]
    bring(store, write_xlsx(tmp_path / "千牛聊天记录_二.xlsx", ("聊天记录", cells)))
    assert parts(store, "response_3min_rate") == (2, 4)


def test_who_is_who_must_be_seen(tmp_path: Path) -> None:
    nobody_knows = text(tmp_path / "聊天.txt", ("甲", "10:00:00"), ("乙", "10:01:00"), ("丙", "10:02:00"))
    (plan,) = plans(nobody_knows)
    assert (plan.status, plan.rows.rejected) == (Status.SKIPPED, 3)
    comes_back = text(
        tmp_path / "聊天二.txt", ("甲", "10:00:00"), ("小美", "10:01:00"), ("丙", "10:02:00"), ("小美", "10:03:00")
    )
    (plan,) = plans(comes_back)
    (chunk,) = plan.staged.records["message"]
    assert (chunk.columns["agent"], chunk.columns["from_buyer"]) == (["小美"] * 4, [1, 0, 1, 0])


# ---------------------------------------------------------------- surveys


def test_an_answer_that_only_says_whether_it_was_solved(store: Store, tmp_path: Path) -> None:
    rows = [
        ["答卷编号", "客服", "提交时间", "满意度(1-5)", "是否解决"],
        ["Q1", "小美", "2026-05-09 10:00:00", 5, "是"],
        ["Q2", "小美", "2026-05-09 11:00:00", None, "否"],
        ["Q3", "小美", "2026-05-09 12:00:00", None, "是"],
        ["Q4", "小美", "2026-05-09 13:00:00", None, None],
    ]
    (plan,) = plans(write_csv(tmp_path / "满意度调查.csv", rows))
    assert (plan.layout, plan.rows.rejected) == ("satisfaction_survey", 1), "the last one says nothing"
    load(store, plan)
    assert parts(store, "resolution_rate") == (2, 3)
    assert parts(store, "satisfaction_rate") == (1, 1)
    assert values(store, "ratings_received")[None]["ratings_received"].value == 1


def test_a_survey_of_that_one_question(store: Store, tmp_path: Path) -> None:
    rows = [
        ["客服", "提交时间", "是否解决"],
        ["小美", "2026-05-09 10:00:00", "是"],
        ["小王", "2026-05-09 11:00:00", "否"],
    ]
    (plan,) = plans(write_csv(tmp_path / "满意度调查.csv", rows))
    assert (plan.status, plan.layout) == (Status.IMPORTED, "satisfaction_survey")
    load(store, plan)
    found = values(store, "resolution_rate", "satisfaction_rate", "ratings_received")[None]
    assert (found["resolution_rate"].numerator, found["resolution_rate"].denominator) == (1, 2)
    assert {found[one].status for one in ("satisfaction_rate", "ratings_received")} == {MetricStatus.NOT_PROVIDED}


@pytest.mark.parametrize("headers", ["工单编号,提交时间,是否解决,客服", "订单编号,提交时间,是否解决,客服"])
def test_a_list_of_tickets_is_no_survey(tmp_path: Path, headers: str) -> None:
    rows = [headers.split(","), ["T1", "2026-05-09 10:00:00", "是", "小美"]]
    assert {plan.layout for plan in plans(write_csv(tmp_path / "导出.csv", rows))} != {"satisfaction_survey"}


# ---------------------------------------------------------------- sessions

SESSIONS = ["会话ID", "客服", "开始时间", "是否邀评", "是否评价", "评分"]
RATED = (
    ("是", "是", 5), ("是", "是", 3), ("是", "是", 1), ("是", "是", None), ("是", "否", None),
    ("否", "是", 2), ("否", "是", 4), ("否", "否", None), (None, "是", 1),
)  # fmt: skip


@pytest.mark.parametrize(("platform", "invited", "unasked"), [(Platform.TAOBAO, 1, 1), (Platform.DOUYIN, 2, 1)])
def test_ratings_of_session_rows_told_apart(
    store: Store, tmp_path: Path, platform: Platform, invited: int, unasked: int
) -> None:
    rows = [[f"S{at}", "小美", f"2026-05-09 {10 + at}:00:00", *row] for at, row in enumerate(RATED)]
    bring(store, write_csv(tmp_path / "会话明细.csv", [SESSIONS, *rows]), Given(platform=platform, shop="云间旗舰店"))
    assert parts(store, "dissatisfaction_rate.invited") == (invited, 3)
    assert parts(store, "dissatisfaction_rate.self") == (unasked, 2)
    assert parts(store, "satisfaction_rate.invited") == (1, 3)
    assert parts(store, "satisfaction_rate.self") == (1, 2)
    counts = values(store, "ratings_received", "ratings_received.invited", "ratings_received.self")[None]
    assert [one.value for one in counts.values()] == [7, 4, 2], "of one nobody knows whether it was asked for"
    by_hour = values(store, "dissatisfaction_rate.invited", by=By.HOUR)
    assert by_hour[12]["dissatisfaction_rate.invited"].value == 1


def test_without_a_word_about_invitations_nothing_is_told_apart(store: Store, tmp_path: Path) -> None:
    header = [*SESSIONS[:3], "评分"]
    bring(store, write_csv(tmp_path / "会话明细.csv", [header, ["S1", "小美", "2026-05-09 10:00:00", 5]]))
    for metric in ("ratings_received.invited", "satisfaction_rate.self", "dissatisfaction_rate.self"):
        assert values(store, metric)[None][metric].status is MetricStatus.NOT_PROVIDED


# ---------------------------------------------------------------- reports


def test_cells_that_contradict_each_other_are_named(store: Store, tmp_path: Path) -> None:
    rows = [
        ["日期", "咨询人数", "接待人数", "未回复人数", "旺旺回复率", "平均响应时长", "首次响应时长"],
        ["2026-05-09", 10, 9, 12, "90%", 20, 10],
        ["2026-05-10", 10, 9, 1, "90%", 20, 10],
    ]
    bring(store, write_csv(tmp_path / "咨询接待.csv", rows))
    assert parts(store, "reply_rate") == (9, 10)
    by_day = values(store, "reply_rate", by=By.DAY)
    assert by_day["2026-05-09"]["reply_rate"].value is None
    (one,) = QualityDesk(store).look().contradictions
    assert (one.days, one.who, one.cells) == ("2026-05-09", "全店", "咨询人数 10、未回复人数 12")
    assert one.files == ("咨询接待.csv",)
    (warning,) = (one for one in warnings(QualityDesk(store).look()) if one["kind"] == "contradiction")
    assert "未回复人数 12" in warning["text"]


# ---------------------------------------------------------------- robots

TIMED = ["会话ID", "客服", "开始时间", "首次响应时长(秒)", "平均响应时长(秒)", "咨询分类", "评分"]
TALKS = (
    ("小美", 100, 50, 5),
    ("小美", 200, 70, 2),
    ("小美", None, None, None),
    ("店小蜜", 1, 1, 4),
    ("店小蜜", 2, 3, 5),
)
PEOPLE_ONLY: dict[str, tuple[float | None, float | None]] = {
    "first_response_mean": (300, 2), "first_response_mean_window": (300, 2),
    "avg_response_mean": (120, 2), "avg_response_mean_window": (120, 2),
    "response_3min_rate": (1, 3), "response_3min_rate_window": (1, 3), "sla_rate": (1, 3),
    "response_buckets": (2, 2), "reply_rate": (4, 5), "satisfaction_rate": (3, 4),
}  # fmt: skip


def test_what_a_robot_held_is_no_response_time_of_the_shop(store: Store, tmp_path: Path) -> None:
    rows = [
        [f"S{at}", who, f"2026-05-09 {10 + at}:00:00", first, average, "物流", stars]
        for at, (who, first, average, stars) in enumerate(TALKS)
    ]
    bring(store, write_csv(tmp_path / "会话明细.csv", [TIMED, *rows]))
    found = values(store, *PEOPLE_ONLY, "first_response_median", "avg_response_p90", "received")[None]
    assert {one: (found[one].numerator, found[one].denominator) for one in PEOPLE_ONLY} == PEOPLE_ONLY
    assert (found["first_response_median"].value, found["avg_response_p90"].value) == (150, 68)
    assert found["received"].value == 5, "it received them all the same"
    assert "机器人" in dict(definition_lines(found["first_response_mean"]))["说明"]
    for by, key in ((By.DAY, "2026-05-09"), (By.CATEGORY, "物流"), (By.SHOP, "云间旗舰店"), (By.SOURCE, "sessions")):
        split = values(store, "first_response_mean", "response_3min_rate", by=by)[key]
        assert [(one.numerator, one.denominator) for one in split.values()] == [(300, 2), (1, 3)], by
    by_agent = values(store, "first_response_mean", "first_response_median", "sla_rate", by=By.AGENT)
    assert {one.status for one in by_agent["店小蜜"].values()} == {MetricStatus.NO_DATA}
    assert by_agent["小美"]["first_response_mean"].value == 150
    by_hour = values(store, "first_response_mean", by=By.HOUR)
    assert [by_hour[hour]["first_response_mean"].value for hour in (10, 13)] == [100, None]


def test_a_robots_line_of_a_report_is_no_response_time_either(store: Store, tmp_path: Path) -> None:
    header = ["客服昵称", "接待人数", "首次响应(秒)", "平均响应(秒)", "未回复人数", "聊天人数(原咨询人数)", "回复率"]
    rows = [["小美", 10, 20, 30, 0, 10, 1.0], ["店小蜜", 90, 1, 1, 0, 90, 1.0]]
    bring(store, write_csv(tmp_path / "自定义报表_客服_下单优先判定_2026-05-09至2026-05-09.csv", [header, *rows]))
    found = values(store, "first_response_mean", "avg_response_mean", "received")[None]
    assert [(one.numerator, one.denominator) for one in found.values()] == [(200, 10), (300, 10), (100, None)]
    assert "机器人接待的不算，只算人工" in {one.reason for one in found["first_response_mean"].left_out}


# ---------------------------------------------------------------- complaints by category


def complaints_and_talks(store: Store, tmp_path: Path, told: tuple[tuple[str, str], ...]) -> dict[str, MetricValue]:
    """Tickets as (category, 是否投诉), beside ten talks about 物流, ten about 质量, five without a category."""
    tickets = [["工单编号", "创建时间", "工单分类", "是否投诉"]]
    tickets += [[f"T{at}", f"2026-05-09 1{at}:00:00", *one] for at, one in enumerate(told)]
    talks = [
        [f"S{at}", "小美", "2026-05-09 10:00:00", 10, 10, ("物流", "质量", "")[at // 10], 5] for at in range(25)
    ]  # fmt: skip
    bring(store, write_csv(tmp_path / "工单.csv", tickets))
    bring(store, write_csv(tmp_path / "会话明细.csv", [TIMED, *talks]))
    rows = values(store, "complaint_rate", by=By.CATEGORY)
    return {str(key): row["complaint_rate"] for key, row in rows.items()}


def test_complaints_by_category_where_both_sides_use_its_name(store: Store, tmp_path: Path) -> None:
    found = complaints_and_talks(store, tmp_path, (("物流", "是"), ("物流", "是"), ("物流", "否"), ("", "是")))
    assert (found["物流"].numerator, found["物流"].denominator) == (2, 10)
    assert (found["质量"].value, found["质量"].denominator) == (0, 10), "every complaint has a name of theirs"
    assert found["未分类"].status is MetricStatus.NOT_PROVIDED
    assert "不相除" in found["未分类"].left_out[0].reason
    assert parts(store, "complaint_rate") == (3, 25)


def test_categories_by_other_names_are_not_divided(store: Store, tmp_path: Path) -> None:
    found = complaints_and_talks(store, tmp_path, (("物流", "是"), ("退款纠纷", "是")))
    assert (found["物流"].numerator, found["物流"].denominator) == (1, 10)
    assert {found[key].status for key in ("退款纠纷", "质量", "未分类")} == {MetricStatus.NOT_PROVIDED}
    assert "没有叫这个名字" in found["退款纠纷"].left_out[0].reason
    assert "叫法不同" in found["质量"].left_out[0].reason


def test_complaints_by_product_through_the_orders_they_name(store: Store, tmp_path: Path) -> None:
    lines = [["子订单编号", "主订单编号", "标题", "价格", "购买数量", "订单状态", "买家实付金额", "订单付款时间"]]
    for order, title in (("A1", "拖鞋"), ("A1", "袜子"), ("A2", "拖鞋"), ("A3", "拖鞋"), ("A4", "袜子")):
        lines.append([f"{order}{title}", order, title, 10, 1, "交易成功", 10, "2026-05-09 10:00:00"])
    tickets = [["工单编号", "创建时间", "工单分类", "是否投诉", "订单编号"]]
    tickets += [["T1", "2026-05-10 10:00:00", "物流", "是", "A1"], ["T2", "2026-05-10 11:00:00", "物流", "是", "A1"]]
    tickets += [["T3", "2026-05-10 12:00:00", "物流", "否", "A2"]]
    bring(store, write_csv(tmp_path / "子订单.csv", lines))
    before = values(store, "complaint_rate", by=By.PRODUCT)["拖鞋"]["complaint_rate"]
    assert (before.status, "工单" in "".join(before.notes)) == (MetricStatus.NOT_PROVIDED, True)
    bring(store, write_csv(tmp_path / "工单.csv", tickets))
    found = values(store, "complaint_rate", by=By.PRODUCT)
    assert [(found[one]["complaint_rate"].numerator, found[one]["complaint_rate"].denominator)
            for one in ("拖鞋", "袜子")] == [(1, 3), (1, 2)]  # fmt: skip


# ---------------------------------------------------------------- columns of other platforms' reports


def test_ratings_of_three_levels_and_of_good_ones_alone(store: Store, tmp_path: Path) -> None:
    header = [
        "姓名",
        "组别",
        "有效会话量",
        "满意(三级)",
        "一般(三级)",
        "不满意(三级)",
        "相对满意度",
        "60s应答率",
        "参评量",
        "邀评量",
    ]
    rows = [["小美", "A", 100, 18, 1, 1, "95%", "90%", 20, 50], ["小王", "B", 50, 9, 1, 0, "100%", "95%", 10, 25]]
    bring(store, write_xlsx(tmp_path / "团队_2026-05-09.xlsx", ("Sheet1", [header, *rows])))
    assert parts(store, "satisfaction_rate") == (27, 30)
    levels = values(store, "rating_distribution")[None]["rating_distribution"]
    assert levels.counts == {"满意（三级）": 27, "一般（三级）": 2, "不满意（三级）": 1}


def test_good_ratings_and_a_rate_of_invitations_of_jd(store: Store, tmp_path: Path) -> None:
    jd = Given(platform=Platform.JD, shop="云间京东店")
    agents = [["客服", "售前接待人数", "接待量", "30s应答率", "客服3分钟人工回复率", "好评量", "评价量"],
              ["小美", 30, 80, "90%", "95%", 18, 20], ["小王", 20, 40, "80%", "90%", 9, 10]]  # fmt: skip
    bring(store, write_xlsx(tmp_path / "京东_整体数据_2026-05-09.xlsx", ("整体数据", agents)), jd)
    assert parts(store, "satisfaction_rate") == (27, 30)
    work = [["日期", "值班客服数", "UPV", "咨询量", "接待量", "接通率", "应答率", "邀评率", "满意度"],
            ["2026-05-10", 2, 90, 100, 80, "95%", "96%", "50%", "92%"]]  # fmt: skip
    bring(store, write_xlsx(tmp_path / "京东_服务工作量.xlsx", ("服务工作量", work)), jd)
    assert parts(store, "invite_rate") == (40, 80)


def test_what_is_called_taobao_is_taobao(store: Store, tmp_path: Path) -> None:
    header = ["日期", "咨询人数", "询单人数", "最终成团人数", "询单转化率", "客服销售额（元）"]
    rows = [header, ["2026-05-09", 100, 40, 20, "50%", 2000]]
    bring(store, write_xlsx(tmp_path / "拼多多_客服_销售数据.xlsx", ("Sheet0", rows)), Given(platform=Platform.PDD))
    assert values(store, "conversion_rate")[None]["conversion_rate"].variant == "付款 / 询单"


# ---------------------------------------------------------------- files that do not say their platform


@pytest.mark.parametrize("sessions_first", [True, False])
def test_sessions_without_a_platform_are_asked_about_where_another_knows_the_people(
    store: Store, tmp_path: Path, *, sessions_first: bool
) -> None:
    talks = [[f"S{at}", ("小美", "小王")[at % 2], "2026-05-09 10:00:00"] for at in range(6)]
    sessions = write_csv(tmp_path / "会话明细.csv", [SESSIONS[:3], *talks])
    header = [
        "客服账号",
        "客服昵称",
        "接待会话量",
        "待回复会话量",
        "工作饱和度",
        "有效评价数",
        "有效好评数",
        "有效差评数",
        "全天平响时长",
    ]
    rows = [["a1", "小美", 50, 0, "50%", 10, 9, 1, "20秒"], ["a2", "小王", 40, 0, "50%", 10, 9, 1, "20秒"]]
    feige = write_xlsx(tmp_path / "飞鸽_客服表现_2026-05-09.xlsx", ("Sheet1", [header, *rows]))
    for path in (sessions, feige) if sessions_first else (feige, sessions):
        bring(store, path, Given())
    suspects = QualityDesk(store).look().suspects
    assert [(one.file, one.other) for one in suspects] == ([("会话明细.csv", "我的抖店")] if sessions_first else [])


def test_tickets_that_say_whether_they_are_solved(store: Store, tmp_path: Path) -> None:
    header = ["工单编号", "创建时间", "客服", "问题类型", "是否解决", "是否投诉"]
    told = ("是", "否", "已解决", "未解决", "")
    rows = [[f"T{at}", "2026-05-09 10:00:00", "小美", "物流", one, "否"] for at, one in enumerate(told)]
    bring(store, write_xlsx(tmp_path / "工单.xlsx", ("工单", [header, *rows])))
    assert parts(store, "resolution_rate") == (2, 4)


def test_more_handed_on_than_received_is_named_though_it_may_be(store: Store, tmp_path: Path) -> None:
    header = ["客服昵称", "接待人数", "转出人数", "服务满意度评价参与量", "客户满意率", "首次响应(秒)"]
    rows = [["小美", 9, 20, 10, "90%", 10], ["小王", 90, 2, 10, "90%", 10]]
    bring(store, write_csv(tmp_path / "自定义报表_客服_下单优先判定_2026-05-09至2026-05-09.csv", [header, *rows]))
    assert parts(store, "transfer_rate") == (22, 99)
    assert values(store, "transfer_rate", by=By.AGENT)["小美"]["transfer_rate"].value is None
    (one,) = QualityDesk(store).look().contradictions
    assert (one.metric, one.who, one.cells) == ("transfer_rate", "小美", "接待人数 9、转出人数 20")


def test_chats_with_masked_buyers_say_why_they_give_no_times(store: Store, tmp_path: Path) -> None:
    bring(store, text(tmp_path / "聊天.txt", ("t**1", "10:00:00"), ("云间旗舰店:小美", "10:00:20")))
    found = values(store, "response_3min_rate", "first_response_median", "answer_question_ratio")[None]
    for metric in ("response_3min_rate", "first_response_median"):
        assert found[metric].status is MetricStatus.NOT_PROVIDED
        assert "带 *" in found[metric].notes[0]
    assert found["answer_question_ratio"].value == 1
