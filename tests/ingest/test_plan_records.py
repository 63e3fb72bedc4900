"""Refunds, reviews and our own templates from file to staged records."""
# ruff: noqa: E501  (rows as the platforms write them)

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.columns import epoch_seconds
from csdesk.ingest.model import Given, Status
from csdesk.ingest.plan import plan_file
from csdesk.ingest.templates import templates, write_template
from tests.ingest import record_tables as made
from tests.ingest.empty_world import EmptyWorld
from tests.ingest.record_tables import everything, staged, table
from tests.ingest.tables import KEYS, only, planned, write_csv, write_xlsx


def _at(text: str) -> int:
    return epoch_seconds(datetime.fromisoformat(text))


TAOBAO_REFUND = {
    "订单编号": "2518123456789012345", "退款编号": "91812345678901234", "订单付款时间": "2026-02-28 10:00:00", "退款完结时间": "2026-03-03 12:00:00",
    "买家实际支付金额": "100.00", "宝贝标题": "锅", "买家退款金额": "33.33", "是否需要退货": "是", "退款的申请时间": "2026-03-01 10:00:00",
    "退款状态": "退款成功", "客服介入状态": "未介入", "卖家真实姓名": "薛某某", "卖家退货地址": "广州市越秀区中山三路9号", "卖家手机": "13800138000",
    "买家退款原因": "7天无理由退换货", "买家退款说明": "我的电话13800138000", "售中或售后": "售中退款", "部分退款/全部退款": "部分退款",
    "退款原因标签": "无理由", "完结时间": "2026-03-04 12:00:00",
}  # fmt: skip


def test_taobao_refunds_of_42_columns(tmp_path: Path) -> None:
    open_case = {
        **TAOBAO_REFUND,
        "退款编号": "91812345678901235",
        "退款状态": "退款关闭",
        "退款完结时间": "",
        "完结时间": "",
        "客服介入状态": "客服已介入",
        "是否需要退货": "否",
        "部分退款/全部退款": "全部退款",
    }
    path = write_csv(tmp_path / "退款.csv", table(made.TAOBAO_REFUND, TAOBAO_REFUND, open_case), encoding="gbk")
    plan = only(planned(path))
    assert (plan.layout, plan.rows.read, plan.problem_count) == ("taobao_refunds", 2, 0)
    one, two = staged(plan, "refund")
    assert (one["refund_id"], one["order_id"], one["refund_fen"]) == ("91812345678901234", "2518123456789012345", 3333)
    assert (one["kind"], one["status"], one["stage"], one["reason"]) == (
        "退货退款",
        "退款成功",
        "售中",
        "7天无理由退换货",
    )
    assert (one["partial"], one["intervened"], two["partial"], two["intervened"]) == (1, 0, 0, 1)
    assert (one["applied_at"], one["finished_at"]) == (_at("2026-03-01 10:00:00"), _at("2026-03-03 12:00:00"))
    assert (two["kind"], two["status"], two["finished_at"]) == ("仅退款", "退款关闭", None)
    assert not [word for word in ("薛某某", "13800138000", "中山三路") if word in everything(plan)]


def test_taobao_refunds_since_2025(tmp_path: Path) -> None:
    header = [
        name
        for name in made.TAOBAO_REFUND
        if name not in ("支付宝交易号", "买家退款金额", "是否需要退货", "退款的申请时间")
    ]
    header += ["支付单号", "商品 id", "退款总额", "售后类型", "退款申请时间", "备注标签"]
    row: dict[str, Any] = {name: cell for name, cell in TAOBAO_REFUND.items() if name in header}
    row |= {
        "商品 id": "712345678901",
        "退款总额": 33.33,
        "售后类型": "仅退款",
        "退款申请时间": datetime(2026, 3, 1, 10),
    }
    plan = only(planned(write_xlsx(tmp_path / "退款单.xlsx", ("退款", table(header, row, empty=None)))))
    (found,) = staged(plan, "refund")
    assert (plan.layout, found["refund_fen"], found["kind"], found["product_id"]) == (
        "taobao_refunds",
        3333,
        "仅退款",
        "712345678901",
    )


def test_doudian_refunds(tmp_path: Path) -> None:
    row = {
        "售后单号": "\t7391206644000000001", "订单号": "\t6917926768823643751", "商品单号": "\t6917926768823643752", "应付金额（元）": "28.90",
        "售后类型": "退货退款", "退商品金额（元）": "20.01", "退运费金额（元）": "3.00", "退税费金额（元）": "-", "售后状态": "同意退款，退款成功",
        "售后申请时间": "2026-09-24 13:18:29", "售后原因": "质量问题", "仲裁状态": "-", "售后完结时间": "2026-09-25 13:18:29",
        "商家退货地址": "广东省广州市越秀区中山三路9号", "商家退货联系人姓名": "薛某某", "商家退货联系人电话": "13800138000", "门店名称": "-",
    }  # fmt: skip
    others = [
        {**row, "售后单号": f"\t739120664400000000{number}", "售后状态": word}
        for number, word in enumerate(("售后关闭", "换货成功", "售后处理中"), 2)
    ]
    plan = only(planned(write_csv(tmp_path / "售后.csv", table(made.DOUDIAN_REFUND, row, *others))))
    assert (plan.layout, plan.platform) == ("doudian_refunds", Platform.DOUYIN)
    found = staged(plan, "refund")
    assert [one["status"] for one in found] == ["退款成功", "退款关闭", "换货成功", "退款中"]
    assert (found[0]["refund_fen"], found[0]["line_id"], found[0]["kind"]) == (2301, "6917926768823643752", "退货退款")
    assert not [word for word in ("薛某某", "13800138000", "中山三路") if word in everything(plan)]


def test_reviews_of_several_platforms_in_one_sheet(tmp_path: Path) -> None:
    rows = [
        ["平台", "店铺", "时间", "订单编号", "商品名称", "评价内容", "评分"],
        ["抖音", "甲店", "2026年06月07日 12:39:34", "6953400731356894751", "锅", "很好,加微信 wx_abc12345", 5],
        ["拼多多", "乙店", "6/7/26 13:40", "订单编号：260527-277872699724055", "锅", "一般", 2],
        ["天猫", "丙店", "初次评价: 2026-06-07 13:40:07", "", "锅", "…", "负面评价"],
        ["天猫", "丙店", "初次评价: 2026-06-07 13:40:08", "", "锅", "此用户没有填写评价。", "好评"],
        ["天猫", "丙店", "初次评价: 2026-06-07 13:40:08", "", "锅", "系统默认好评!", "好评"],
    ]
    plans = planned(write_xlsx(tmp_path / "2026-06-07评论数据.xlsx", ("抓取数据汇总", rows)))
    assert [plan.platform for plan in plans] == [Platform.DOUYIN, Platform.PDD, Platform.TAOBAO]
    assert [plan.shop for plan in plans] == ["甲店", "乙店", "丙店"]
    assert sum(plan.rows.read for plan in plans) == 5
    assert len({plan.claim for plan in plans}) == 3
    douyin, pdd, tmall = (staged(plan, "review") for plan in plans)
    assert (douyin[0]["rating"], douyin[0]["grade"], douyin[0]["written_at"]) == (5, "好评", _at("2026-06-07 12:39:34"))
    assert (pdd[0]["order_id"], pdd[0]["rating"], pdd[0]["grade"]) == ("260527-277872699724055", 2, "差评")
    assert [(one["rating"], one["grade"], one["is_default"]) for one in tmall] == [
        (None, "差评", 0),
        (None, "好评", 1),
        (None, "好评", 1),
    ]
    assert len({one["review_key"] for one in tmall}) == 3
    assert "wx_abc12345" not in "".join(map(everything, plans))


def test_doudian_reviews(tmp_path: Path) -> None:
    header = [
        "评价日期",
        "订单ID",
        "商品ID",
        "商品名称",
        "商品规格",
        "商品评价得分",
        "评价内容",
        "用户昵称",
        "评价等级",
        "追评内容",
        "商家是否回复",
        "回复内容",
        "门店ID",
        "门店名称",
    ]
    row = [
        "2026-03-01 09:00:00",
        "6953400731356894751",
        "3651234567890123456",
        "锅",
        "大",
        3,
        "还行",
        "阿云朵朵",
        "中评",
        "追一句",
        "是",
        "谢谢",
        "1",
        "",
    ]
    plan = only(planned(write_xlsx(tmp_path / "评价.xlsx", ("S", [header, row]))))
    (found,) = staged(plan, "review")
    assert (plan.layout, plan.platform) == ("doudian_reviews", Platform.DOUYIN)
    assert (found["rating"], found["grade"], found["append_text"], found["reply_text"]) == (3, "中评", "追一句", "谢谢")
    assert found["buyer_key"] is not None
    assert "阿云朵朵" not in everything(plan)


# ---------------------------------------------------------------- our own templates

FILLED: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "reviews": (
        "review",
        {"评价ID": "R1", "评价时间": "2026-03-01 09:30:00", "评分": 4, "评价内容": "好,电话13800138000", "买家昵称": "tb1234567"},
        {"review_id": "R1", "rating": 4, "grade": "好评", "text": "好,电话【手机号】"},
    ),
    "satisfaction_survey": (
        "survey_answer",
        {"答卷编号": "Q1", "客服": "云间小铺:小美", "提交时间": "2026年3月1日 09:30", "满意度(1-5)": "非常满意", "推荐意愿(0-10)": "9分", "意见": "无"},
        {"answer_id": "Q1", "agent": "小美", "shop": "云间小铺", "csat": 5, "nps": 9, "comment": None, "answered_at": _at("2026-03-01 09:30:00")},
    ),
    "tickets": (
        "ticket",
        {"工单编号": "T1", "客服": "小美", "创建时间": "2026-03-01 09:30:00", "工单状态": "已解决", "是否投诉": "是", "订单编号": "6917926768823643751", "工单内容": "送到中山路8号3栋"},
        {"ticket_id": "T1", "status": "已完结", "is_complaint": 1, "order_id": "6917926768823643751", "solved_at": None},
    ),
    "quality_checks": (
        "quality_check",
        {"客服": "云间小铺:小美", "抽检日期": "2026-03-01", "响应及时": "18", "服务态度": 20, "问题解决": "24分", "备注": "电话13800138000", "抽检人": "组长"},
        {"agent": "小美", "checked_at": _at("2026-03-01 00:00:00"), "total": 88.57, "remark": "电话【手机号】", "inspector": "组长",
         "items": '[["响应及时", 18.0, 20], ["服务态度", 20.0, 20], ["问题解决", 24.0, 30]]'},
    ),
    "invitations": (
        "invitation",
        {"客服": "小美", "买家昵称": "tb1234567", "邀评时间": "2026-03-01 09:38:20", "邀评方式": "客服触发", "评价时间": "-", "评分": ""},
        {"agent": "小美", "buyer_mask": "t***7", "sent_at": _at("2026-03-01 09:38:20"), "kind": "客服触发", "rated_at": None, "rating": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FILLED))
def test_a_filled_template_comes_back(tmp_path: Path, name: str) -> None:
    kind, row, expected = FILLED[name]
    path = tmp_path / "模板.xlsx"
    write_template(path, name)
    blank = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS))
    assert (blank.status, blank.layout) == (Status.SKIPPED, name)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert set(row) <= set(titles)
    sheet.append([row.get(str(title)) for title in titles])
    book.save(path)
    plan = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS))
    assert (plan.status, plan.layout, plan.rows.read, plan.problem_count) == (Status.IMPORTED, name, 1, 0), (
        plan.problems
    )
    (found,) = staged(plan, kind)
    assert {key: found.get(key) for key in expected} == expected
    assert not [word for word in ("13800138000", "tb1234567", "3栋") if word in everything(plan)]


def test_templates_are_listed_and_unknown_ones_refused(tmp_path: Path) -> None:
    listed = templates()
    assert listed[0].id == "sessions"
    assert {one.id for one in listed} == {"sessions", *FILLED}
    assert next(one for one in listed if one.id == "tickets").required == ("工单编号", "创建时间")
    with pytest.raises(UserFault, match="没有叫"):
        write_template(tmp_path / "x.xlsx", "nothing")


def test_surveys_without_numbers_keep_equal_answers_apart(tmp_path: Path) -> None:
    rows = [
        ["客服", "提交时间", "推荐意愿"],
        ["小美", "2026-03-01", 9],
        ["小美", "2026-03-01", 9],
        ["小美", "2026-03-01", 11],
        ["", "2026-03-01", 10],
    ]
    plan = only(planned(write_csv(tmp_path / "NPS问卷.csv", rows)))
    found = staged(plan, "survey_answer")
    assert [one["nps"] for one in found] == [9, 9, 10]
    assert len({one["answer_key"] for one in found}) == 3
    assert (plan.rows.read, plan.rows.rejected) == (4, 1)


@pytest.mark.parametrize(
    ("sample", "layout", "status"),
    [
        ("doudian_orders_header_74cols.csv", "doudian_orders", "skipped"),
        ("doudian_orders_header_75cols_variant.csv", "doudian_orders", "skipped"),
        ("doudian_orders_real_layout.csv", "doudian_orders", "imported"),
        ("doudian_售后_50cols.csv", "doudian_refunds", "skipped"),
        ("doudian_结算账单_two_header_rows.csv", "doudian_settlement", "skipped"),
        ("reviews_multi_platform_RPA.csv", "reviews", "imported"),
        ("taobao_ExportOrderDetailList_2017.csv", "taobao_order_details", "imported"),
        ("taobao_ExportOrderList_2017.csv", "taobao_orders", "imported"),
        ("taobao_books_2018_mingribooks.csv", "taobao_orders_unnumbered", "imported"),
        ("taobao_order_header_2022_71cols.csv", "taobao_orders", "skipped"),
        ("taobao_suborder_header_2022.csv", "taobao_suborders", "skipped"),
        ("taobao_退款_42cols.csv", "taobao_refunds", "skipped"),
        ("tmall_order_report.csv", "taobao_orders", "imported"),
    ],
)
def test_the_samples(shared_dir: Path, sample: str, layout: str, status: str) -> None:
    for plan in planned(shared_dir / "formats" / "samples" / sample):
        assert (plan.layout, str(plan.status), plan.problem_count) == (layout, status, 0)
