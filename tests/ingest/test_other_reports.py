"""Reports of 拼多多, 京东, 快手, 千牛 服务体验 and the DSR file, made here in the layout the platforms write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Status
from tests.ingest.tables import agents, headers, only, planned, values, write_xlsx

PDD_SERVICE = headers(
    "日期,咨询人数,需要人工回复的咨询人数,人工接待人数,3分钟人工回复率(8-23点),30秒应答率(8-23点),平均响应时长(分)",
    "评分≤3订单数,纠纷退款数,投诉数,投诉率,30天投诉率,3分钟人工回复率(全天),30秒应答率(全天)",
)
PDD_TEAM = headers(
    "客服账号,客服服务分,咨询人数,询单人数,最终成团人数,询单流失人数,询单转化率,客服销售额（元）,去退销售额（元）",
    "需要人工回复的咨询人数,人工接待人数,3分钟未回复人数,3分钟人工回复率(8-23点),30秒应答率(8-23点),平均人工响应时长",
    "评分≤3订单数,纠纷退款数,投诉数",
)
JD_AGENTS = headers(
    "客服,售前接待人数,促成下单人数,促成下单商品金额,接待量,平均响应时长（新）,30s应答率,客服3分钟人工回复率,好评量,评价量"
)
JD_WORKLOAD = headers(
    "日期,值班客服数,登录时长,接待时长,UPV,咨询量,接待量,接通率,应答率,30s应答率,满意度,邀评率,平均回复消息数,慢响应量",
    "平均会话时长(分),首次平均响应(秒),平均响应(新),留言咨询量,留言分配量,留言接待量,留言应答率,留言响应率,商家留言率,解决率",
)
JD_SOFTWARE = headers(
    "客服,接待量,邀评量,评价量,满意度-非常满意,满意度-满意,满意度-一般,满意度-不满意,满意度-非常不满意,邀评率,评价率,满意率",
    "首次平均响应（s）,平均响应（s）,快速应答率,留言响应率,询单→次日付款转化率",
)
KUAISHOU = headers(
    "三分钟回复率（人维度）,三分钟回复率（会话）,不服务率,咨询人数,咨询人次,人工会话量,人工平均回复时长,好评率（人维度）,好评率（会话）",
    "差评率（人维度）,差评率（会话）,IM不满意率（人维度）,询单人数,下单人数,支付人数,询单转化率,询单客单价,客服销售额",
)


def test_pdd_service_below_two_lines_and_in_minutes(tmp_path: Path) -> None:
    rows = [
        ["多多客服服务数据"],
        ["数据说明:仅统计人工客服"],
        PDD_SERVICE,
        ["12-29-25", 100, 80, 78, "98.5%", "90.12%", 0.5, 2, 1, 0, "0.00%", "0.10%", "97%", "88%"],
        ["12-30-25", 110, 82, 80, "97.5%", "91%", 0.75, 1, 0, 0, "0.00%", "0.10%", "96%", "89%"],
    ]
    plan = only(planned(write_xlsx(tmp_path / "客服_服务数据.xlsx", ("Sheet1", rows))))
    assert (plan.layout, plan.platform, plan.rows.read) == ("pdd_service", Platform.PDD, 2)
    assert plan.period == Period(date(2025, 12, 29), date(2025, 12, 30))
    second = {cell.measure: cell.value for cell in plan.staged.reports if cell.period.first == date(2025, 12, 30)}
    assert second["avg_response"] == 45
    assert (second["response_3min_rate_window"], second["response_3min_rate"]) == (0.975, 0.96)
    assert (second["response_30s_rate_window"], second["response_30s_rate"]) == (0.91, 0.89)
    assert (second["manual_consulted"], second["received"], second["low_rated_orders"]) == (82, 80, 1)
    assert second["complaint_rate_30d"] == 0.001
    assert all(reading.field for reading in plan.columns)


def test_pdd_sales(tmp_path: Path) -> None:
    header = headers("日期,咨询人数,询单人数,最终成团人数,询单转化率,客服销售额（元）,客服可提升销售额（元）")
    rows = [["多多客服"], ["销售数据"], header, ["12-29-25", 100, 50, 20, "40.00%", "1,234.56", "300"]]
    plan = only(planned(write_xlsx(tmp_path / "客服_销售数据.xlsx", ("Sheet1", rows))))
    found = values(plan)
    assert (plan.layout, found["paying_buyers"], found["sales_amount"]) == ("pdd_sales", 20, 123456)
    assert (found["uplift_amount"], found["conversion_rate"]) == (30000, 0.4)


def test_pdd_team_leaves_the_total_out(tmp_path: Path) -> None:
    one = ["小一", 4.9, 100, 50, 20, 30, "40%", "1,000.50", 900, 90, 88, 1, "99%", "95%", "25秒", 1, 0, 0]
    two = ["小二", 4.8, 10, 5, 2, 3, "40%", "0.01", 0, 9, 8, 0, "100%", "100%", "5秒", 0, 0, 0]
    total = ["总计", "", 110, 55, 22, 33, "40%", "1,000.51", 900, 99, 96, 1, "99%", "95%", "25秒", 1, 0, 0]
    rows = [PDD_TEAM, one, two, total, ["平均"]]
    plan = only(planned(write_xlsx(tmp_path / "团队_20251229_20251229.xlsx", ("Sheet0", rows))))
    assert (plan.layout, plan.rows.summary, agents(plan)) == ("pdd_team", 2, ["小一", "小二"])
    assert not plan.problems, plan.problems
    found = values(plan, "小一")
    assert (found["sales_amount"], found["avg_response"], found["unreplied_3min"]) == (100050, 25, 1)


def test_jd_agents_and_workload_in_one_workbook(tmp_path: Path) -> None:
    agent = ["小二", 20, 10, "1999.00", 50, "12.5", 0.9, 0.99, 8, 10]
    shop = ["2026-04-01", 3, "08:00:00", "06:30:00", 1000, 200, 190, "99%", "98%", "90%", "95%", "60%", 5.5, 2]
    shop += [4.5, 12, 15, 5, 6, 7, "100%", "99%", "1%", "90%"]
    path = write_xlsx(
        tmp_path / "京东_20260401.xlsx",
        ("整体数据", [JD_AGENTS, agent]),
        ("服务工作量", [["服务工作量"], ["单位:秒"], JD_WORKLOAD, shop]),
    )
    one, two = planned(path)
    assert [one.layout, two.layout] == ["jd_agents", "jd_workload"]
    found = values(one, "小二")
    assert (found["ordering_buyers"], found["ordering_amount"], found["ratings_good"]) == (10, 199900, 8)
    assert (found["response_30s_rate"], found["response_3min_rate"], found["avg_response"]) == (0.9, 0.99, 12.5)
    whole = values(two)
    assert (whole["handle_time"], whole["first_response"], whole["avg_response"]) == (270, 12, 15)
    assert (whole["left_messages"], whole["left_messages_assigned"], whole["left_messages_received"]) == (5, 6, 7)
    assert (whole["send_rate"], whole["resolution_rate"], whole["reception_seconds"]) == (0.6, 0.9, 23400)


def test_jd_software_counts_every_level(tmp_path: Path) -> None:
    row = ["小二", 50, 40, 10, 7, 1, 1, 0, 1, "80%", "25%", "80%", 10, 15, "95%", "100%", "40%"]
    plan = only(planned(write_xlsx(tmp_path / "京东绩效_2026-04-01.xlsx", ("S", [JD_SOFTWARE, row]))))
    found = values(plan, "小二")
    assert plan.layout == "jd_agents"
    assert [found[f"rated_{star}"] for star in (5, 4, 3, 2, 1)] == [7, 1, 1, 0, 1]
    assert (found["invites_sent"], found["ratings_received"], found["send_rate"]) == (40, 10, 0.8)
    assert (found["next_day_conversion_rate"], found["satisfaction_rate"]) == (0.4, 0.8)


def test_kuaishou_shop_row_and_agents(tmp_path: Path) -> None:
    row = ["98%", "97%", "1.2%", 300, 320, 310, "15秒", "90%", "91%", "2%", "2.1%", "3%", 100, 50, 45, "45%"]
    row += ["88.5", "3982.5"]
    plan = only(planned(write_xlsx(tmp_path / "考核数据_20260401.xlsx", ("Sheet1", [KUAISHOU, row]))))
    found = values(plan)
    assert (plan.layout, plan.platform, plan.period) == ("kuaishou_shop", Platform.KUAISHOU, Period.parse("2026-04-01"))
    assert (found["response_3min_rate"], found["response_3min_rate_sessions"]) == (0.98, 0.97)
    assert (found["satisfaction_rate"], found["satisfaction_rate_sessions"], found["bad_rating_rate"]) == (
        0.9,
        0.91,
        0.02,
    )
    assert (found["sales_amount"], found["avg_order_value"], found["no_service_rate"]) == (398250, 8850, 0.012)
    labelled = write_xlsx(
        tmp_path / "店_考核数据_20260401.xlsx", ("S", [["", *KUAISHOU], ["店铺数据", *row]])
    )  # fmt: skip
    assert values(only(planned(labelled)))["consulted"] == 300
    named = write_xlsx(
        tmp_path / "人_考核数据_20260401.xlsx", ("S", [["客服昵称", *KUAISHOU], ["店铺数据", *row], ["阿快", *row]])
    )
    plan = only(planned(named))
    assert (plan.layout, agents(plan), plan.rows.summary) == ("kuaishou_agents", ["阿快"], 1)


def test_qianniu_service_two_sheets(tmp_path: Path) -> None:
    response = headers("旺旺账号名称,平均响应时长,人工接待会话量,3分钟人工响应率")
    path = write_xlsx(
        tmp_path / "服务体验_20260401_20260407.xlsx",
        ("按客服查看", [response, ["云间:小美", "12.5秒", 100, "98.5%"]]),
        ("旺旺账号咨询接待能力明细", [headers("旺旺账号名称,旺旺评价量,满意评价量"), ["云间:小美", 20, 19]]),
    )
    one, two = planned(path)
    assert {one.layout, two.layout} == {"qianniu_service"}
    assert {one.status, two.status} == {Status.IMPORTED}
    assert values(one, "小美") == {"avg_response": 12.5, "received_sessions": 100, "response_3min_rate": 0.985}
    assert values(two, "小美") == {"ratings_received": 20, "ratings_satisfied": 19}
    assert one.claim != two.claim


def test_dsr_scores_by_day_and_the_mean_of_the_industry(tmp_path: Path) -> None:
    rows = [
        ["店铺DSR数据"],
        headers("指标,得分,趋势,行业均值,与行业对比,目标值,距目标值差距"),
        ["描述相符", 4.85, "↑", 4.8, "高于", 4.9, 20],
        ["物流服务", 4.75, "↓", 4.7, "高于", 4.9, 20],
        ["服务态度", 4.95, "-", 4.88, "高于", 4.9, 20],
        [None],
        headers("日期,描述得分（较上日）,物流得分（较上日）,服务得分（较上日）"),
        ["2026-08-10", "4.84（+0.01）", "4.76", "4.95(-0.01)"],
        ["2026-08-11", "4.85 ↑0.01", "4.75", "4.95"],
    ]
    plan = only(planned(write_xlsx(tmp_path / "店铺DSR数据_2026-08-11.xlsx", ("Sheet1", rows))))
    assert (plan.layout, plan.source, plan.rows.read) == ("sycm_dsr", "dsr", 2)
    scores = {(cell.period.first.day, cell.measure): cell.value for cell in plan.staged.reports}
    assert scores == {
        (10, "dsr_description"): 4.84, (10, "dsr_logistics"): 4.76, (10, "dsr_service"): 4.95,
        (11, "dsr_description"): 4.85, (11, "dsr_logistics"): 4.75, (11, "dsr_service"): 4.95,
    }  # fmt: skip
    means = {mark.measure: (mark.peer, mark.value, str(mark.period)) for mark in plan.staged.benchmarks}
    assert means["dsr_service"] == ("peer_average", 4.88, "2026-08-11")
    assert len(means) == 3


TEAM = headers(
    "姓名,组别,有效会话量,满意(三级),一般(三级),不满意(三级),相对满意度,60s应答率,参评量,参评率,24H解决,15s首响率,平均首次响应时长(s)"
)


def test_a_service_team_with_three_levels(tmp_path: Path) -> None:
    rows = [
        TEAM,
        ["小美", "早班", 100, 36, 3, 1, "102%", "95.5%", 40, "40%", 55, "80%", 12.5],
        ["总计", "", 100, 36, 3, 1, "100%", "95.5%", 40, "40%", 55, "80%", 12.5],
    ]
    plan = only(planned(write_xlsx(tmp_path / "拼多多_团队_2026-03-01.xlsx", ("Sheet1", rows))))
    assert (plan.layout, plan.source, plan.platform) == ("team_agents", "team", Platform.PDD)
    assert (plan.rows.read, plan.rows.summary, agents(plan)) == (2, 1, ["小美"])
    assert values(plan, "小美") == {
        "received_sessions": 100, "ratings_satisfied": 36, "ratings_neutral": 3, "ratings_dissatisfied": 1,
        "response_60s_rate": 0.955, "ratings_received": 40, "participation_rate": 0.4, "resolved_24h": 55,
        "first_15s_rate": 0.8, "first_response": 12.5,
    }  # fmt: skip
