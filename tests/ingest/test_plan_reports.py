"""Every report layout from a file written like the real one, with the quirks the formats note lists."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Given, Status
from csdesk.ingest.world import KnownShop
from tests.ingest.tables import World, agents, cells_of, headers, only, planned, values, write_csv, write_xlsx

DAY = Period.of_day(date(2026, 4, 20))
CHITU_NAME = "自定义报表_人均日接入_下单优先判定_2026-04-20至2026-04-20.xlsx"
CHITU_HEADER = headers(
    "客服昵称,接待人数,平均响应(秒),回复率,询单->最终付款转化率,上班天数,服务满意度评价参与率,客户满意率",
    "服务满意度评价很满意,服务满意度评价满意,服务满意度评价一般,服务满意度评价不满,服务满意度评价很不满",
)
DELAYED = "延迟统计"


def test_chitu_custom_report(tmp_path: Path) -> None:
    rows = [
        CHITU_HEADER,
        ["云间小铺旗舰店:melissa", 82.0, 37.79, 1.0, DELAYED, 1.0, *[DELAYED] * 7],
        ["云间小铺旗舰店：winnie", 56, 30.91, "100.00%", DELAYED, 1, *[DELAYED] * 7],
        ["cntaobao云间小铺旗舰店:zoey", 0, 0, 0, DELAYED, None, *[DELAYED] * 7],
        ["云间小铺旗舰店:dianna", 39, 30.09, 1, 0, 1, 0.5294, 0.8889, 8, 0, 1, 0, 0],
        ["汇总", 177.0],
        ["均值", 44.25],
    ]
    plan = only(planned(write_xlsx(tmp_path / CHITU_NAME, ("Sheet1", rows))))
    assert (plan.status, plan.layout, plan.platform) == (Status.IMPORTED, "chitu_custom", Platform.TAOBAO)
    assert (plan.period, plan.period_from, plan.shop) == (DAY, "file_name", "云间小铺旗舰店")
    assert agents(plan) == ["melissa", "winnie", "zoey", "dianna"]
    assert values(plan, "melissa")["received"] == 82
    assert values(plan, "winnie")["reply_rate"] == 1.0
    dianna = values(plan, "dianna")
    assert dianna["participation_rate"] == pytest.approx(0.5294)
    assert dianna["satisfaction_rate"] == pytest.approx(0.8889)
    assert (dianna["rated_5"], dianna["rated_3"], dianna["conversion_rate"]) == (8, 1, 0)
    late = {cell.measure for cell in cells_of(plan, "melissa") if cell.provisional}
    assert late == {
        "conversion_rate", "participation_rate", "satisfaction_rate", "rated_5", "rated_4", "rated_3",
        "rated_2", "rated_1",
    }  # fmt: skip
    assert plan.provisional_days == (date(2026, 4, 20),)
    assert (plan.rows.read, plan.rows.summary, plan.rows.rejected) == (6, 2, 0)
    assert plan.sum_checks == ["接待人数合计 177，与“汇总”行一致。"]
    assert {repair.kind: repair.count for repair in plan.repairs} == {
        "去掉客服名里的店铺前缀": 4,
        "客服名里的全角冒号当作半角": 1,
        "去掉客服名前的 cntaobao": 1,
        "同一列里有百分号也有小数，按同一比率读": 2,
        "汇总、均值和同行的行不算作客服，也不重复计数": 2,
        "表里没有日期，日期取自文件名": 1,
    }
    assert not plan.problems


def test_chitu_workload_report_with_durations_in_words(tmp_path: Path) -> None:
    header = headers(
        "客服昵称,聊天人数(原咨询人数),接待人数,直接接入人数,转发接入人数,转出人数,总消息数,买家消息数,客服消息数",
        "答问比,客服字数,最大同时聊天数,未回复人数,回复率,慢接待人数,长接待人数,首次响应(秒),平均响应(秒),平均接待时长",
    )
    first = [98.0, 82.0, 82.0, 0.0, 0.0, 1112.0, 507.0, 605.0, 1.1933, 26316.0, 12.0, 0.0, 1.0, 0.0, 10.0]
    first += [27.77, 37.79]
    rows = [header, ["melissa", *first, "8分48秒"], ["汇总", 98.0, 82.0], ["均值", 98.0]]
    path = write_xlsx(
        tmp_path / "自定义报表_客服数据23年新_下单优先判定_2026-04-20至2026-04-20 (1).xlsx", ("Sheet1", rows)
    )
    plan = only(planned(path))
    assert plan.period == DAY
    assert values(plan, "melissa") == {
        "consulted": 98, "received": 82, "direct_received": 82, "transferred_in": 0, "transferred_out": 0,
        "messages": 1112, "buyer_messages": 507, "agent_messages": 605, "answer_question_ratio": 1.1933,
        "characters": 26316, "max_concurrent": 12, "unreplied": 0, "reply_rate": 1.0, "slow_received": 0,
        "long_received": 10, "first_response": 27.77, "avg_response": 37.79, "handle_time": 528,
    }  # fmt: skip
    assert plan.shop == "我的淘宝店"
    assert plan.shop_assumed


def test_the_2019_sheet_has_a_date_and_a_shop_in_every_row(tmp_path: Path) -> None:
    header = headers(
        "日期,店铺,账户名,咨询人数,接待人数,旺旺回复率,首次响应(秒),发出评价数,收到评价数,很满意,满意",
        "评价发送率,评价返回率,客户满意比",
    )
    rows = [
        header,
        [datetime(2019, 3, 1), "甲店", "甲店:小美", 10, 9, "90.00%", 12.5, 8, 4, 3, 1, "88.89%", "50.00%", "100.00%"],
        [datetime(2019, 3, 2), "甲店", "甲店:小美", 20, 18, "95.00%", 10.5, 16, 4, 2, 1, "88.89%", "25.00%", "75.00%"],
        [datetime(2019, 3, 1), "乙店", "乙店:小丽", 5, 5, "100.00%", 8, 5, 5, 5, 0, "100.00%", "100.00%", "100.00%"],
    ]
    plan = only(planned(write_xlsx(tmp_path / "售中服务.xlsx", ("Sheet1", rows)), Given(shop="不算数")))
    assert plan.layout == "chitu_custom"
    assert plan.period == Period(date(2019, 3, 1), date(2019, 3, 2))
    assert plan.period_from == "content"
    assert {(c.shop, c.agent.name, str(c.period), c.value) for c in plan.staged.reports if c.measure == "received"} == {
        ("甲店", "小美", "2019-03-01", 9.0),
        ("甲店", "小美", "2019-03-02", 18.0),
        ("乙店", "小丽", "2019-03-01", 5.0),
    }
    assert plan.shop == "乙店、甲店"


SYCM_HEADER = headers(
    "旺旺昵称,询单人数,询单最终付款人数,询单最终付款转化率,询单最终付款金额,首次响应时长（秒),平均响应时长（秒),旺旺回复率,客户满意率,成功退款金额",
)
SYCM_NAME = "自制报表-报表查看-客服绩效_20260809_20260809_全部.xlsx"


def test_sycm_agent_report_with_six_trailing_rows(tmp_path: Path) -> None:
    rows = [
        SYCM_HEADER,
        ["林志玲", 20, 6, "30.00%", "1,234.56", "12秒", "9.5秒", "96.20%", "98.80%", "-"],
        ["小王", 10, 1, "10.00%", "¥28.90", "1分2秒", 30.0, "100.00%", "-", 5],
        ["汇总值", 30, 7, "23.33%", 1263.46, "-", "-", "-", "-", "-"],
        ["平均值", 15, 3.5, "23.33%", 631.73, "20", "20", "98%", "98%", "-"],
        ["全店汇总值", 40, 9, "22.50%", 2000, "-", "-", "-", "-", "-"],
        ["全店平均值", 20, 4.5, "22.50%", 1000, "-", "-", "-", "-", "-"],
        ["同行同层优秀", 72, 40, "55.00%", 9999, "5", "8秒", "100%", "99%", "-"],
        ["同行同层均值", 36, 10, "27.50%", 888, "15", "20秒", "97%", "95%", "-"],
    ]
    plan = only(planned(write_xlsx(tmp_path / SYCM_NAME, ("全部", rows))))
    assert (plan.layout, plan.source, plan.status) == ("sycm_agent_report", "sycm", Status.IMPORTED)
    assert plan.period == Period.of_day(date(2026, 8, 9))
    assert agents(plan) == ["林志玲", "小王"]
    first = values(plan, "林志玲")
    assert first["final_paid_amount"] == 123456
    assert first["first_response"] == 12
    assert first["avg_response"] == 9.5
    assert first["conversion_rate"] == pytest.approx(0.3)
    assert "refund_amount" not in first
    second = values(plan, "小王")
    assert (second["final_paid_amount"], second["refund_amount"], second["first_response"]) == (2890, 500, 62)
    assert "satisfaction_rate" not in second
    assert (plan.rows.read, plan.rows.summary) == (8, 6)
    peers = {(cell.peer, cell.measure): cell.value for cell in plan.staged.benchmarks}
    assert peers["peer_top", "satisfaction_rate"] == pytest.approx(0.99)
    assert peers["peer_average", "avg_response"] == 20
    assert {cell.period for cell in plan.staged.benchmarks} == {plan.period}
    assert "询单人数合计 30，与“汇总值”行一致。" in plan.sum_checks
    assert "询单最终付款金额合计 1,263.46，与“汇总值”行一致。" in plan.sum_checks
    assert not plan.problems


def test_sycm_page_export_with_few_metrics(tmp_path: Path) -> None:
    rows = [["旺旺昵称", "净销售额", "询单人数", "下单人数"], ["小美", 120.5, 10, 3], ["小丽", 0, "延迟统计", 0]]
    plan = only(planned(write_xlsx(tmp_path / "客服绩效_20260809.xlsx", ("数据信息", rows))))
    assert plan.layout == "sycm_agent_report"
    assert values(plan, "小美") == {"net_sales_amount": 12050, "inquiry_buyers": 10, "ordering_buyers": 3}
    assert values(plan, "小丽")["inquiry_buyers"] is None


def _rating_rows() -> list[list[object]]:
    fields = ["发出", "收到", "很满意", "满意", "一般", "不满", "很不满", "发送率", "返回率", "满意率", "服务度"]
    groups = [None, None, "总", *[None] * 10, "邀请", *[None] * 10, "自主", *[None] * 10]
    total = [90, 36, 30, 3, 2, 1, 0, "90.00%", "40.00%", "91.67%", 4.7]
    invited = [80, 30, 25, 3, 1, 1, 0, "80.00%", "37.50%", "93.33%", 4.7]
    own = [10, 6, 5, 0, 1, 0, 0, "10.00%", "60.00%", "83.33%", 4.6]
    return [groups, ["日期", "接待人数", *fields * 3], ["2026-10-20", 100, *total, *invited, *own]]


def test_sycm_reception_rating_with_two_header_rows(tmp_path: Path) -> None:
    rows = [*_rating_rows(), ["汇总值", 100, 90], ["同行同层均值", 50, 40, 20]]
    path = write_xlsx(tmp_path / "生意参谋_接待评价_20261020_20261020.xlsx", ("接待评价", rows))
    plan = only(planned(path))
    assert (plan.layout, plan.status) == ("sycm_reception_rating", Status.IMPORTED)
    shop = values(plan)
    assert shop["received"] == 100
    assert (shop["invites_sent"], shop["invites_sent.invited"], shop["invites_sent.self"]) == (90, 80, 10)
    assert (shop["rated_5.invited"], shop["rated_3.self"], shop["ratings_received.invited"]) == (25, 1, 30)
    assert shop["return_rate.self"] == pytest.approx(0.6)
    assert shop["service_score.invited"] == 4.7
    assert all(cell.agent is None for cell in plan.staged.reports)
    assert {(cell.measure, cell.value) for cell in plan.staged.benchmarks} == {
        ("received", 50.0), ("invites_sent", 40.0), ("ratings_received", 20.0)
    }  # fmt: skip
    assert (plan.rows.read, plan.rows.summary) == (3, 2)


def test_reception_rating_in_another_order_with_vertical_merges(tmp_path: Path) -> None:
    """日期 merged over both rows, groups 自主 before 邀请, a column subset, long labels."""
    rows = [
        ["日期", "自主评价", None, "邀请评价", None, None, "接待人数"],
        [None, "收到评价数", "很满意", "发出评价数", "收到评价数", "评价返回率", None],
        [datetime(2026, 10, 20), 6, 5, 80, 30, 0.375, 100],
        [datetime(2026, 10, 21), 1, 1, 40, 10, 0.25, 50],
    ]
    plan = only(planned(write_xlsx(tmp_path / "某店接待.xlsx", ("Sheet1", rows))))
    assert plan.layout == "sycm_reception_rating"
    assert {(str(c.period), c.measure, c.value) for c in plan.staged.reports if str(c.period) == "2026-10-20"} == {
        ("2026-10-20", "ratings_received.self", 6.0), ("2026-10-20", "rated_5.self", 5.0),
        ("2026-10-20", "invites_sent.invited", 80.0), ("2026-10-20", "ratings_received.invited", 30.0),
        ("2026-10-20", "return_rate.invited", 0.375), ("2026-10-20", "received", 100.0),
    }  # fmt: skip


def test_reception_rating_that_lost_its_group_row(tmp_path: Path) -> None:
    rows = _rating_rows()[1:]
    plan = only(planned(write_csv(tmp_path / "接待评价.csv", rows, "gb18030")))
    assert values(plan)["invites_sent.invited"] == 80
    assert values(plan)["rated_5.self"] == 5


CONSULT = headers(
    "日期,咨询人数,接待人数,未回复人数,有效接待人数,平均响应时长,3分钟人工响应率,咨询客服人次,客服回复人次,客服未回复人次,旺旺回复率",
    "首次响应时长,慢响应人数,长接待人数,买家发起人数,客服主动跟进人数,总消息数,买家消息条数,客服消息条数,答问比,客服字数,平均接待时长",
)


def test_sycm_consult(tmp_path: Path) -> None:
    day = [
        "2026-08-09",
        120,
        118,
        2,
        110,
        "23.12",
        "99.73%",
        130,
        128,
        2,
        "98.33%",
        "12秒",
        3,
        4,
        100,
        20,
        900,
        400,
        500,
    ]
    rows = [CONSULT, [*day, "125.00%", 9000, "8分48秒"], ["汇总值", 120, 118], ["同行同层优秀", 300, 290, 0]]
    plan = only(planned(write_xlsx(tmp_path / "生意参谋_咨询接待_20260809.xlsx", ("Sheet1", rows))))
    assert plan.layout == "sycm_consult"
    shop = values(plan)
    assert (shop["consulted"], shop["received"], shop["valid_received"], shop["unreplied"]) == (120, 118, 110, 2)
    assert shop["response_3min_rate"] == pytest.approx(0.9973)
    assert (shop["avg_response"], shop["first_response"], shop["handle_time"]) == (23.12, 12, 528)
    assert shop["answer_question_ratio"] == pytest.approx(1.25)


def test_sycm_inquiry_with_badge_delay_and_empty_day(tmp_path: Path) -> None:
    rows = [
        ["日期", "延 询单人数", "当日询单人数", "当日付款人数", "当日付款金额", "询单最终付款转化率"],
        ["2026-09-15", DELAYED, 14, 3, "1,000.00", DELAYED],
        ["暂无数据", "-", "-", "-", "-", "-"],
        ["同行同层优秀", DELAYED, 72, 23, 5000, "30%"],
        ["同行同层均值", DELAYED, 36, 7, 2000, "20%"],
    ]
    plan = only(planned(write_csv(tmp_path / "询单.csv", rows)))
    assert plan.layout == "sycm_inquiry"
    assert values(plan) == {
        "inquiry_buyers": None, "same_day_inquiry_buyers": 14, "same_day_paying_buyers": 3,
        "same_day_paid_amount": 100000, "conversion_rate": None,
    }  # fmt: skip
    assert (plan.rows.read, plan.rows.rejected, plan.rows.summary) == (4, 1, 2)
    assert {(c.peer, c.measure): c.value for c in plan.staged.benchmarks}["peer_top", "same_day_inquiry_buyers"] == 72


FEIGE = headers(
    "客服账号,客服昵称,客服在线天数,客服在线总时长,客服小休总时长,最大接待人数,接待会话量,待回复会话量,已接待人数,正在接待人数,转出会话量",
    "工作饱和度,有效评价数,有效好评数,有效差评数,全天不满意率,全天满意率,工作时间不满意率,工作时间满意率,,全天平响时长,工作时间平响时长",
    "工作时间首响时长,全天首响时长,工作时间3分钟回复率,全天3分钟回复率,服务问题会话数,询单人数,下单人数,支付人数,退款人数,客服询单支付额",
    "退款金额,退款后销售额,询单转化率",
)


def _feige_agent(account: object, nick: str, sessions: int, good: int, bad: int) -> list[object]:
    rate = f"{100 * good / (good + bad):.2f}%" if good + bad else "-"
    worse = f"{100 * bad / (good + bad):.2f}%" if good + bad else "-"
    return [
        account, nick, 1, "7小时41分52秒", "-", 20, sessions, 0, max(0, sessions - 1), 0, 2, "85%", good + bad,
        good, bad, worse,
        rate, worse, rate, None, "2分30秒", "11秒", "5秒", "8秒", "98.40%", "97.10%", 0, 10, 4, 3, 1, 199.9,
        10, 189.9, "40.00%",
    ]  # fmt: skip


def test_feige_2026(tmp_path: Path) -> None:
    blank = [None] * 33
    rows = [
        FEIGE,
        ["店铺汇总值", None, 3, "-", "-", "-", 150, *blank[:28]],
        [None, "店铺平均值", 1, "7小时", "-", "-", 50, *blank[:28]],
        _feige_agent("acct001", "小飞", 100, 9, 1),
        _feige_agent(None, "小鸽", 50, 0, 0),
        ["acct003", "闲人", *["-"] * 33],
        _feige_agent("bot", "店小蜜", 0, 0, 0),
    ]
    path = write_xlsx(tmp_path / "抖音_20260409_云间小铺_飞鸽_客服表现.xlsx", ("Sheet1", rows))
    plan = only(planned(path))
    assert (plan.layout, plan.platform, plan.shop) == ("feige_2026", Platform.DOUYIN, "云间小铺")
    assert plan.period == Period.of_day(date(2026, 4, 9))
    assert agents(plan) == ["小飞", "小鸽", "闲人", "店小蜜"]
    first = values(plan, "小飞")
    assert (first["received_sessions"], first["received"], first["ratings_good"], first["ratings_bad"]) == (
        100,
        99,
        9,
        1,
    )
    assert first["satisfaction_rate"] == pytest.approx(0.9)
    assert first["dissatisfaction_rate_window"] == pytest.approx(0.1)
    assert (first["avg_response"], first["avg_response_window"]) == (150, 11)
    assert (first["first_response"], first["first_response_window"]) == (8, 5)
    assert (first["response_3min_rate"], first["response_3min_rate_window"]) == (
        pytest.approx(0.971),
        pytest.approx(0.984),
    )
    assert first["online_seconds"] == 7 * 3600 + 41 * 60 + 52
    assert (first["sales_amount"], first["net_sales_amount"], first["refund_amount"]) == (19990, 18990, 1000)
    assert first["conversion_rate"] == pytest.approx(0.4)
    assert plan.staged.agents["小飞"].account == "acct001"
    assert plan.staged.agents["店小蜜"].kind == "robot"
    assert (plan.rows.read, plan.rows.summary, plan.rows.rejected) == (6, 2, 0)
    assert "接待会话量合计 150，与“店铺汇总值”行一致。" in plan.sum_checks
    assert not plan.problems


def test_feige_2026_without_a_date_asks_once_and_takes_the_answer(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "客服数据 (3).xlsx", ("Sheet1", [FEIGE, _feige_agent("a", "小飞", 5, 1, 0)]))
    plan = only(planned(path))
    assert plan.status is Status.NEEDS_INPUT
    assert [need.kind for need in plan.needs] == ["period"]
    assert "哪一天" in plan.message
    assert not plan.staged.reports
    told = only(planned(path, Given(period=Period.of_day(date(2026, 4, 9)))))
    assert (told.status, told.period_from) == (Status.IMPORTED, "given")


def test_feige_2024_with_hours_and_two_three_minute_rates(tmp_path: Path) -> None:
    header = headers(
        "日期,店铺id,店铺名称,客服昵称,账号名称,人工已接待人数,人工已接待会话量,CPD",
        "不满意率,3分钟人工回复率 (会话),3分钟人工回复率",
        "首次响应时长（秒）,平均响应时长（秒）,新平均响应时长（秒）,满意率,客服销售额（元）,询单人数,下单人数,支付人数,询单转化率,预警会话量",
        "PC在线时长（时）,PC小休时长（时）,PC离线时长（时）",
    )
    row = [
        "2024-05-06", "123", "云间小铺", "小飞", "acct", 90, 100, 1, 2.5, 95.5, 96.5, 8, 20, 18, 97.5,
        "1234.5", 10, 4, 3, 40,
        1, 7.5, 0.5, 16,
    ]  # fmt: skip
    plan = only(planned(write_xlsx(tmp_path / "x.xlsx", ("Sheet1", [header, row]))))
    assert (plan.layout, plan.shop) == ("feige_2024", "云间小铺")
    found = values(plan, "小飞")
    assert found["response_3min_rate"] == pytest.approx(0.965)
    assert found["response_3min_rate_sessions"] == pytest.approx(0.955)
    assert found["dissatisfaction_rate"] == pytest.approx(0.025)
    assert (found["online_seconds"], found["rest_seconds"], found["avg_response"]) == (27000, 1800, 20)
    assert (found["received_sessions"], found["sales_amount"]) == (100, 123450)


def test_sycm_avg_price(tmp_path: Path) -> None:
    rows = [
        ["日期", "销售额", "销售量", "销售人数", "客单价", "客件数", "件均价"],
        ["2026-08-09", "10,000.50", 100, 40, 250.01, 2.5, 100],
    ]
    plan = only(planned(write_csv(tmp_path / "客单价客服.csv", rows)))
    assert plan.layout == "sycm_avg_price"
    assert values(plan)["sales_amount"] == 1000050


# ---------------------------------------------------------------- quirks


def test_preamble_repeated_header_and_explanation_row(tmp_path: Path) -> None:
    rows = [
        ["某某旗舰店 客服数据"],
        ["统计时间:2026-03-01~2026-03-07"],
        [],
        ["导出时间", "2026-03-08 10:20:30"],
        ["旺旺昵称 ", "有效接待人数", "平均响应时长（秒)", "客户满意率 ", "备注"],
        ["旺旺昵称", "有效接待人数", "平均响应时长（秒)", "客户满意率", "备注"],
        [None, "统计时间内接待的人数", "越低越好", "满意/收到", None],
        ["小美", "1,200", "12秒", 98.8, "早班"],
        ["小丽", "800", "15秒", 97, "晚班"],
        ["合计", "2,000"],
    ]
    plan = only(planned(write_xlsx(tmp_path / "绩效.xlsx", ("Sheet1", rows))))
    assert plan.layout == "sycm_agent_report"
    assert plan.period == Period(date(2026, 3, 1), date(2026, 3, 7))
    assert plan.exported_at == datetime(2026, 3, 8, 10, 20, 30)
    assert values(plan, "小美") == {
        "valid_received": 1200, "avg_response": 12, "satisfaction_rate": pytest.approx(0.988)
    }  # fmt: skip
    assert plan.rows.read == 3
    assert [(c.header, c.note) for c in plan.columns if c.field is None] == [("备注", "不认识")]


def test_bad_cells_are_problems_with_their_address_and_the_rest_of_the_row_counts(tmp_path: Path) -> None:
    rows = [
        ["客服昵称", "接待人数", "未回复人数", "回复率", "平均响应(秒)"],
        ["小美", "十二", 1, 0.9, 10],
        ["小丽", 20, -3, 0.95, -5],
        [None, 5, 1, 0.9, 10],
        ["小王", 30, 3, 1.2, 9],
    ]
    plan = only(planned(write_xlsx(tmp_path / "自定义报表_2026-04-20.xlsx", ("Sheet1", rows))))
    assert {(p.cell, p.column) for p in plan.problems} == {
        ("B2", "接待人数"), ("C3", "未回复人数"), ("E3", "平均响应(秒)"), ("A4", "客服昵称"), ("D5", "回复率")
    }  # fmt: skip
    assert values(plan, "小美") == {"unreplied": 1, "reply_rate": 0.9, "avg_response": 10}
    assert values(plan, "小丽") == {"received": 20, "reply_rate": 0.95}
    assert "reply_rate" not in values(plan, "小王")
    assert (plan.rows.read, plan.rows.rejected) == (4, 1)


def test_sums_that_do_not_agree_are_a_problem(tmp_path: Path) -> None:
    rows = [["客服昵称", "接待人数"], ["小美", 10], ["小丽", 20], ["汇总", 99]]
    plan = only(planned(write_xlsx(tmp_path / "自定义报表_2026-04-20.xlsx", ("Sheet1", rows))))
    assert [(p.cell, p.value) for p in plan.problems] == [("B4", "99")]
    assert "30" in plan.problems[0].reason


def test_the_same_agent_twice(tmp_path: Path) -> None:
    rows = [
        ["客服昵称", "接待人数", "未回复人数"],
        ["小美", 10, 1],
        ["小美", 10, 1],
        ["小丽", 20, 2],
        ["小丽 ", 25, 2],
    ]
    plan = only(planned(write_xlsx(tmp_path / "自定义报表_2026-04-20.xlsx", ("Sheet1", rows))))
    assert (plan.rows.read, plan.rows.duplicate) == (4, 2)
    assert values(plan, "小丽")["received"] == 25
    assert [p.cell for p in plan.problems] == ["A4"]


def test_two_accounts_with_one_nickname_stay_two_people(tmp_path: Path) -> None:
    rows = [["客服账号", "客服昵称", "接待会话量", "有效评价数"], ["a1", "小飞", 10, 2], ["a2", "小飞", 20, 3]]
    plan = only(planned(write_xlsx(tmp_path / "飞鸽_20260409.xlsx", ("Sheet1", rows))))
    assert agents(plan) == ["小飞(a1)", "小飞(a2)"]


def test_excel_times_and_percent_cells(tmp_path: Path) -> None:
    rows = [
        ["旺旺昵称", "接待人数", "平均响应时长", "首次响应时长", "在线时长", "旺旺回复率", "客户满意率"],
        ["小美", 10, time(0, 1, 20), 0.000925925925925926, timedelta(hours=30), 0.95, 0.5],
        ["小丽", 10, time(0, 0, 10), 0.00011574074, timedelta(hours=7), 1, 1],
    ]
    path = write_xlsx(tmp_path / "客服绩效_20260809.xlsx", ("Sheet1", rows), percent=("F2", "F3", "G2", "G3"))
    plan = only(planned(path))
    found = values(plan, "小美")
    assert (found["avg_response"], found["first_response"], found["online_seconds"]) == (80, 80, 108000)
    assert (found["reply_rate"], found["satisfaction_rate"]) == (0.95, 0.5)
    assert values(plan, "小丽")["first_response"] == 10


def test_counts_beside_a_rate_settle_its_scale(tmp_path: Path) -> None:
    """All below 1, yet percents: 1 of 200 and 1 of 125."""
    rows = [
        ["客服昵称", "接待会话量", "有效评价数", "有效好评数", "有效差评数", "全天不满意率"],
        ["小飞", 500, 200, 199, 1, 0.5],
        ["小鸽", 500, 125, 124, 1, 0.8],
    ]
    plan = only(planned(write_xlsx(tmp_path / "飞鸽_20260409.xlsx", ("Sheet1", rows))))
    assert values(plan, "小飞")["dissatisfaction_rate"] == pytest.approx(0.005)


def test_main_account_and_shop_column(tmp_path: Path) -> None:
    rows = [["客服昵称", "接待人数"], ["云间小铺:小美", 10], ["云间小铺", 3]]
    plan = only(planned(write_xlsx(tmp_path / "自定义报表_2026-04-20.xlsx", ("Sheet1", rows))))
    assert plan.staged.agents["云间小铺"].kind == "main"
    assert {cell.shop for cell in plan.staged.reports} == {"云间小铺"}


# ---------------------------------------------------------------- shops


def _simple(tmp_path: Path, agent: str = "小美") -> Path:
    return write_xlsx(
        tmp_path / "自定义报表_2026-04-20.xlsx", ("Sheet1", [["客服昵称", "接待人数", "未回复人数"], [agent, 10, 1]])
    )


def test_shop_from_the_only_known_one(tmp_path: Path) -> None:
    world = World(KnownShop(Platform.TAOBAO, "甲店"), KnownShop(Platform.DOUYIN, "抖音甲店"))
    assert only(planned(_simple(tmp_path), world=world)).shop == "甲店"


def test_shop_by_known_agents_else_asked(tmp_path: Path) -> None:
    shops = (KnownShop(Platform.TAOBAO, "甲店", agents=frozenset(["小美"])), KnownShop(Platform.TAOBAO, "乙店"))
    assert only(planned(_simple(tmp_path), world=World(*shops))).shop == "甲店"
    plan = only(planned(_simple(tmp_path, "新人"), world=World(*shops)))
    assert plan.status is Status.NEEDS_INPUT
    assert [(need.kind, need.choices) for need in plan.needs] == [("shop", ("甲店", "乙店"))]


def test_a_remembered_answer_is_used(tmp_path: Path) -> None:
    world = World(KnownShop(Platform.TAOBAO, "甲店"), KnownShop(Platform.TAOBAO, "乙店"))
    asked = only(planned(_simple(tmp_path), world=world))
    world.answers[asked.fingerprint] = Given(shop="乙店")
    assert only(planned(_simple(tmp_path), world=world)).shop == "乙店"


def test_said_shop_wins_over_the_prefix(tmp_path: Path) -> None:
    plan = only(planned(_simple(tmp_path, "丙店:小美"), Given(shop="丁店")))
    assert {cell.shop for cell in plan.staged.reports} == {"丁店"}


# ---------------------------------------------------------------- endings


def test_the_same_file_again_is_a_duplicate(tmp_path: Path) -> None:
    world = World()
    path = _simple(tmp_path)
    first = only(planned(path, world=world))
    world.batches[first.sha256, first.claim] = 7
    again = only(planned(path, world=world))
    assert again.status is Status.DUPLICATE
    assert (again.rows.read, again.rows.duplicate) == (1, 1)
    assert not again.staged.reports
    assert "批次 7" in again.message


def test_several_sheets_give_several_plans(tmp_path: Path) -> None:
    sheet = [["客服昵称", "接待人数", "未回复人数"], ["小美", 10, 1]]
    path = write_xlsx(
        tmp_path / "自定义报表.xlsx",
        ("2026-04-20", sheet),
        ("2026-04-21", sheet),
        ("随手记", [["买菜"], ["3 斤"]]),
        ("Sheet2", []),
    )
    plans = planned(path)
    assert [(str(plan.period), plan.sheet) for plan in plans] == [
        ("2026-04-20", "2026-04-20"),
        ("2026-04-21", "2026-04-21"),
    ]
    assert len({plan.claim for plan in plans}) == 2


def test_our_own_export_is_refused(tmp_path: Path) -> None:
    sheet = [["客服", "接待人数", "未回复人数"], ["小美", 10, 1]]
    note = [["本文件由 CSDesk 网店客服数据台导出,2026-11-22"]]
    plan = only(planned(write_xlsx(tmp_path / "客服绩效_2026-04-20.xlsx", ("数据", sheet), ("说明", note))))
    assert plan.status is Status.SKIPPED
    assert "CSDesk" in plan.message


def test_an_arbitrary_table_is_not_recognised(tmp_path: Path) -> None:
    rows = [["姓名", "班级", "语文", "数学"], ["小美", "三班", 90, 95]]
    plan = only(planned(write_xlsx(tmp_path / "成绩.xlsx", ("Sheet1", rows))))
    assert plan.status is Status.UNRECOGNISED
    assert plan.message
    sales = [["姓名", "销售额", "退款金额"], ["小美", 90, 95]]
    assert only(planned(write_xlsx(tmp_path / "销售.xlsx", ("Sheet1", sales)))).status is Status.UNRECOGNISED


def test_only_summary_rows_is_skipped_with_a_word(tmp_path: Path) -> None:
    rows = [["客服昵称", "接待人数", "未回复人数"], ["汇总", 0, 0]]
    plan = only(planned(write_xlsx(tmp_path / "自定义报表_2026-04-20.xlsx", ("Sheet1", rows))))
    assert plan.status is Status.SKIPPED
    assert (plan.rows.read, plan.rows.summary) == (1, 1)


def test_a_chosen_mapping_must_exist(tmp_path: Path) -> None:
    plan = only(planned(_simple(tmp_path), Given(mapping="没有这个")))
    assert plan.status is Status.FAILED
    assert "chitu_custom" in plan.message
    assert only(planned(_simple(tmp_path), Given(mapping="sycm_agent_report"))).layout == "sycm_agent_report"


# ---------------------------------------------------------------- recognition


@pytest.mark.parametrize(
    ("header", "name", "layout"),
    [
        (["客服昵称", "接待会话量", "全天满意率"], "x", "feige_2026"),
        (["客服昵称", "询单人数", "支付人数", "询单转化率"], "飞鸽", "feige_2026"),
        (["客服", "满意率", "评价量"], "客服满意度", "chitu_custom"),
        (["旺旺昵称", "接待人数", "平均响应(秒)"], "自定义报表_月报_下单优先判定", "chitu_custom"),
        (["旺旺昵称", "接待人数", "平均响应时长（秒)"], "x", "sycm_agent_report"),
        (["旺旺账号名称", "平均响应时长", "人工接待会话量", "3分钟人工响应率"], "x", "qianniu_service"),
    ],
)
def test_which_layout(tmp_path: Path, header: list[str], name: str, layout: str) -> None:
    path = write_xlsx(tmp_path / f"{name}_20260301.xlsx", ("Sheet1", [header, ["小美", *[0.5] * (len(header) - 1)]]))
    assert only(planned(path)).layout == layout


def test_a_doubtful_table_leans_to_the_platform_of_the_known_shops(tmp_path: Path) -> None:
    table = [["客服", "满意率", "评价量"], ["小飞", "98%", 10]]
    path = write_xlsx(tmp_path / "客服满意度_20260301.xlsx", ("Sheet1", table))
    douyin = World(KnownShop(Platform.DOUYIN, "抖音甲店"))
    assert only(planned(path, world=douyin)).platform is Platform.DOUYIN
    assert only(planned(path, Given(platform=Platform.DOUYIN))).platform is Platform.DOUYIN


def test_ratings_per_agent_with_groups(tmp_path: Path) -> None:
    rows = [
        [None, None, "总", None, "邀请", None],
        ["旺旺昵称", "接待人数", "发出评价数", "收到评价数", "发出评价数", "收到评价数"],
        ["小美", 10, 9, 5, 8, 4],
        ["汇总值", 10, 9, 5, 8, 4],
    ]
    plan = only(planned(write_xlsx(tmp_path / "接待评价_20260809.xlsx", ("S", rows))))
    assert plan.layout == "sycm_agent_report"
    assert values(plan, "小美")["invites_sent.invited"] == 8


def test_merged_dates_are_filled_down(tmp_path: Path) -> None:
    rows = [
        ["日期", "旺旺昵称", "询单人数", "客户满意率"],
        [datetime(2026, 3, 1), "小美", 3, 0.9],
        [None, "小丽", 4, 1],
        [datetime(2026, 3, 2), "小美", 5, 0.8],
        [None, "汇总", 12, None],
    ]
    plan = only(planned(write_xlsx(tmp_path / "客服绩效.xlsx", ("S", rows))))
    assert [str(cell.period) for cell in cells_of(plan, "小丽")] == ["2026-03-01"] * 2
    assert plan.sum_checks == ["询单人数合计 12，与“汇总”行一致。"]


def test_protected_csv_text(tmp_path: Path) -> None:
    rows = [["旺旺昵称", "询单人数", "客户满意率"], ['="小美"', '="12"', '="98.5%"'], ["\t小丽", "\t7", "97%"]]
    plan = only(planned(write_csv(tmp_path / "客服绩效_20260301.csv", rows, "gb18030")))
    assert agents(plan) == ["小美", "小丽"]
    assert values(plan, "小美") == {"inquiry_buyers": 12, "satisfaction_rate": pytest.approx(0.985)}
    assert plan.period_from == "file_name"


def test_what_was_put_right_about_the_table_is_told(tmp_path: Path) -> None:
    rows = [
        ["统计时间：2026-03-01~2026-03-02"], ["门店数据"],
        [None, None, "总", None, None, "邀请", None, None, "自主", None, None],
        ["日期", "接待人数", *["发出评价数", "收到评价数", "很满意"] * 3],
        ["2026-03-01", 9, 8, 6, 5, 5, 4, 3, 3, 2, 2], ["2026-03-02", 9, 8, 6, 5, 5, 4, 3, 3, 2, 2],
        ["汇总", 18, 16, 12, 10, 10, 8, 6, 6, 4, 4],
    ]  # fmt: skip
    plan = only(planned(write_xlsx(tmp_path / "接待评价.xlsx", ("Sheet1", rows))))
    assert [(repair.kind, repair.count, repair.example) for repair in plan.repairs] == [
        ("表头上面的说明行已跳过", 2, "第 1–2 行"),
        ("两行表头合成一行", 1, "第 3–4 行"),
        ("汇总、均值和同行的行不算作客服，也不重复计数", 1, "如“汇总”“均值”"),
    ]
