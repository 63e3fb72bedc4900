"""Order exports from file to staged records: to the 分 and to the row, and nothing about people."""

# ruff: noqa: E501  (rows and headers as the platforms write them)
from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from csdesk.domain.platforms import Platform
from csdesk.ingest.columns import epoch_seconds
from csdesk.ingest.model import Given, Status
from csdesk.ingest.plan import plan_file
from tests.ingest import record_tables as made
from tests.ingest.empty_world import EmptyWorld
from tests.ingest.record_tables import everything, staged, table, write_raw
from tests.ingest.tables import KEYS, only, planned, write_csv, write_xlsx

PEOPLE = ("13800138000", "薛某某", "越秀区", "中山三路", "buyer@qq.com", "##", "$$", "密文")


def _at(text: str) -> int:
    return epoch_seconds(datetime.fromisoformat(text))


def _doudian_row(order: int, line: int, payable: str, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "主订单编号": f"\t69179267688236{order:05d}", "子订单编号": f"\t69179267688236{line:05d}",
        "选购商品": "辣丝丝", "商品规格": "\t1袋", "商品数量": 1, "商品ID": "\t3651234567890123456",
        "订单应付金额": payable, "收件人": "##密文甲", "收件人手机号": "$$密文乙", "详细地址": "##密文丙",
        "省": "广东省", "市": "广州市", "区": "越秀区", "街道": "中山三路", "订单提交时间": "2026-09-22 00:54:10",
        "支付完成时间": "2026-09-22 00:55:00", "订单完成时间": "-", "发货时间": "-", "订单状态": "待发货", "售后状态": "-",
        "取消原因": "-", "商家备注": "-", "APP渠道": "抖音", "流量体裁": "数据将于第二天更新",
    }  # fmt: skip
    return {**row, **more}


def test_doudian_orders_are_summed_up_from_their_rows(tmp_path: Path) -> None:
    rows = [
        _doudian_row(
            1, 11, "28.90", 订单状态="已完成", 订单完成时间="2026-09-24 13:18:29", 发货时间="2026-09-22 08:53:45"
        ),
        _doudian_row(1, 12, "0.10", 商品数量=2, 订单状态="已发货", 发货时间="2026-09-23 08:00:00", 售后状态="退款成功"),
        _doudian_row(1, 13, "0.00", 选购商品="赠品", 订单状态="已关闭", 取消原因="主品订单售后完成"),
        _doudian_row(2, 21, "20.00", 支付完成时间="-", 订单状态="待付款"),
    ]
    path = write_csv(tmp_path / "1790431000_new.csv", table(made.DOUDIAN_74, *rows))
    plan = only(planned(path))
    assert (plan.status, plan.layout, plan.platform, plan.rows.read) == (
        Status.IMPORTED,
        "doudian_orders",
        Platform.DOUYIN,
        4,
    )
    assert plan.exported_at == datetime(2026, 9, 26, 21, 56, 40)
    first, second = staged(plan, "order_head")
    assert first["order_id"] == "6917926768823600001"
    assert (first["payable_fen"], first["paid_fen"], first["refund_fen"], first["quantity"]) == (2900, 2900, 10, 3)
    assert (first["status"], first["created_at"], first["paid_at"]) == (
        "已发货",
        _at("2026-09-22 00:54:10"),
        _at("2026-09-22 00:55:00"),
    )
    assert (first["shipped_at"], first["signed_at"]) == (_at("2026-09-23 08:00:00"), _at("2026-09-24 13:18:29"))
    assert (first["province"], first["city"], first["channel"], first["closed_reason"]) == (
        "广东省",
        "广州市",
        "抖音",
        None,
    )
    assert (second["status"], second["payable_fen"], second["paid_fen"], second["paid_at"]) == ("待付款", 2000, 0, None)
    lines = staged(plan, "order_line")
    assert [line["is_gift"] for line in lines] == [0, 0, 1, 0]
    assert [line["refund_fen"] for line in lines] == [None, 10, None, None]
    assert lines[1]["line_key"] == "6917926768823600001/6917926768823600012"
    assert not [word for word in PEOPLE if word in everything(plan)]
    notes = {reading.header: reading.note for reading in plan.columns}
    assert {notes[name][:2] for name in ("收件人", "收件人手机号", "详细地址", "街道")} == {"隐私"}


def test_the_other_default_template_and_any_subset(tmp_path: Path) -> None:
    row = _doudian_row(1, 11, "28.90", 订单状态="已完成")
    row = {name: cell for name, cell in row.items() if name in made.DOUDIAN_75} | {"商品金额": "38.90"}
    plan = only(planned(write_csv(tmp_path / "a.csv", table(made.DOUDIAN_75, row))))
    (line,) = staged(plan, "order_line")
    assert (line["price_fen"], line["paid_fen"], line["status"]) == (3890, 2890, "已完成")
    subset = [
        "订单状态",
        "商品数量",
        "主订单编号",
        "售后状态",
        "子订单编号",
        "订单应付金额",
        "订单提交时间",
        "选购商品",
    ]
    plan = only(planned(write_csv(tmp_path / "b.csv", table(subset, {name: row[name] for name in subset}))))
    assert plan.layout == "doudian_orders"
    (head,) = staged(plan, "order_head")
    assert head["paid_at"] == head["created_at"], "paid without a time of payment: the day it was ordered"
    assert head["paid_fen"] == 2890


def test_streamed_and_previewed_alike(tmp_path: Path) -> None:
    rows = [_doudian_row(number // 2, 100 + number, f"{number}.{number % 100:02d}") for number in range(9000)]
    path = write_csv(tmp_path / "1790431000_x.csv", table(made.DOUDIAN_74, *rows))
    one, two = only(planned(path)), only(planned(path, lazy=True))
    assert staged(one, "order_head") == staged(two, "order_head")
    assert one.claim == two.claim
    assert len(staged(one, "order_head")) == 4500
    assert sum(head["paid_fen"] for head in staged(one, "order_head")) == sum(
        number * 100 + number % 100 for number in range(9000)
    )
    assert (one.rows.read, one.period) == (two.rows.read, two.period)


def test_settlement_is_refused_politely(tmp_path: Path) -> None:
    rows = [
        [
            "结算时间",
            "订单号",
            "子订单号",
            "结算金额",
            "结算账户",
            "结算单类型",
            "有结算前退款",
            "下单时间",
            "收入合计",
            "支出合计",
        ],
        [" ", " ", " ", "收入+支出", " ", " ", " ", " ", " ", " "],
        ["2026-07-01 05:59:20", "'6917926768823643751", "'6917926768823643751", 97.02, "聚合账户", "已结算", "否"],
    ]
    plan = only(planned(write_csv(tmp_path / "结算.csv", rows)))
    assert (plan.status, plan.layout) == (Status.SKIPPED, "doudian_settlement")
    assert "没有导入" in plan.message


# ---------------------------------------------------------------- 淘宝


def _taobao_row(order: str, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "订单编号": order, "买家会员名": "tb6***70", "买家支付宝账号": "buyer@qq.com", "买家应付货款": "200.12", "买家应付邮费": "1.00",
        "总金额": "201.12", "买家实际支付金额": "201.12", "订单状态": "买家已付款，等待卖家发货", "收货人姓名": "薛某某",
        "收货地址 ": "广东省 广州市 越秀区 中山三路9号(510180)", "联系电话 ": "", "联系手机": "'13800138000",
        "订单创建时间": "2017-07-08 00:42:32", "订单付款时间 ": "2017-07-08 00:42:39", "宝贝标题 ": "雪平锅", "宝贝总数量": "1",
        "店铺名称": "某某生活", "订单关闭原因": "订单未关闭", "卖家服务费": "0", "买家服务费": "0元", "订单备注": "'null",
        "退款金额": "0.00",
    }  # fmt: skip
    return {**row, **more}


def test_export_order_list_of_2017_in_gbk(tmp_path: Path) -> None:
    rows = [
        _taobao_row('="35153131473293579"'),
        _taobao_row('="13293638796527443"', 买家会员名="小王同学", 总金额="35.5", 买家实际支付金额="0", 订单状态="交易关闭",
                    订单关闭原因="买家未付款", **{"订单付款时间 ": ""}),
    ]  # fmt: skip
    path = write_raw(tmp_path / "ExportOrderList201707.csv", _lines(table(made.TAOBAO_2017, *rows)), "gbk", quote=False)
    plan = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS))
    assert (plan.layout, plan.shop, plan.rows.read, plan.problem_count) == ("taobao_orders", "某某生活", 2, 0)
    paid, closed = staged(plan, "order_head")
    assert (paid["order_id"], paid["paid_fen"], paid["status"]) == ("35153131473293579", 20112, "待发货")
    assert (paid["province"], paid["city"], paid["closed_reason"], paid["seller_note"]) == (
        "广东省",
        "广州市",
        None,
        None,
    )
    assert (paid["buyer_key"], paid["buyer_mask"]) == (None, "tb6***70")
    assert paid["paid_at"] == _at("2017-07-08 00:42:39")
    assert (closed["status"], closed["paid_at"], closed["paid_fen"], closed["payable_fen"]) == ("已关闭", None, 0, 3550)
    assert closed["buyer_key"] is not None
    assert closed["closed_reason"] == "买家未付款"
    assert not [word for word in (*PEOPLE, "小王同学") if word in everything(plan)]


def _lines(rows: list[list[object]]) -> list[list[str]]:
    """Cells as that export quotes them: ="…" ids stand bare."""
    return [[cell if str(cell).startswith("=") else f'"{cell}"' for cell in row] for row in rows]  # type: ignore[misc]


def test_detail_list_with_a_comma_more(tmp_path: Path) -> None:
    item = {"标题": "雪平锅", "价格": "239.00", "购买数量": "2", "商品属性": "颜色分类：20厘米", "订单状态": "交易成功"}
    rows = table(
        made.TAOBAO_DETAILS,
        {"订单编号": '="35153131473293579"', **item},
        {"订单编号": '="35153131473293579"', **item},
        {"订单编号": '="13293638796527443"', **item, "标题": "菜刀", "价格": "349.00"},
    )
    path = write_raw(tmp_path / "ExportOrderDetailList.csv", _lines(rows), "gbk", tail=",", quote=False)
    plan = only(plan_file(path, Given(shop="某某生活"), EmptyWorld(), keys=KEYS))
    lines = staged(plan, "order_line")
    assert (plan.layout, plan.rows.read, len({line["line_key"] for line in lines})) == ("taobao_order_details", 3, 3)
    assert [(line["price_fen"], line["quantity"], line["status"]) for line in lines] == [
        (23900, 2, "已完成"),
        (23900, 2, "已完成"),
        (34900, 2, "已完成"),
    ]
    assert not staged(plan, "order_head")


def _of_2022(order: str) -> dict[str, object]:
    row = {name.strip(): cell for name, cell in _taobao_row(order).items()}
    del row["买家支付宝账号"]
    return row


def test_71_columns_of_2022(tmp_path: Path) -> None:
    row = _of_2022("1518123456789012345")
    row |= {"确认收货时间": "2022-05-06 10:00:00", "发货时间": "2022-05-02 10:00:00", "商家备忘": "加微信 wx_abc12345 谢谢",
            "主订单编号": "1518123456789012345", "买家会员昵称": "薛某某", "退款金额": "10.5", "订单状态": "交易成功"}  # fmt: skip
    plan = only(planned(write_xlsx(tmp_path / "订单.xlsx", ("订单", table(made.TAOBAO_2022, row, empty=None)))))
    (head,) = staged(plan, "order_head")
    assert (head["refund_fen"], head["status"], head["signed_at"]) == (1050, "已完成", _at("2022-05-06 10:00:00"))
    assert "wx_abc12345" not in everything(plan)
    assert not [word for word in PEOPLE if word in everything(plan)]


def test_qianniu_main_orders_with_renamed_columns_in_any_order(tmp_path: Path) -> None:
    full = {
        "订单编号": "2518123456789012345", "订单状态": "买家已付款,等待卖家发货", "买家实付金额": 88.8, "总金额": 98.8,
        "订单创建时间": datetime(2026, 3, 1, 23, 59, 58), "订单付款时间": datetime(2026, 3, 2, 0, 0, 3), "宝贝总数量": 3,
        "退款金额": "无退款申请", "订单关闭原因": "订单未关闭", "收货地址": "上海 上海市 浦东新区 中山三路9号",
    }  # fmt: skip
    header = list(made.QIANNIU_MAIN)
    Random(7).shuffle(header)
    plan = only(planned(write_xlsx(tmp_path / "订单报表.xlsx", ("Sheet1", table(header, full, empty=None)))))
    (head,) = staged(plan, "order_head")
    assert (head["paid_fen"], head["payable_fen"], head["refund_fen"], head["quantity"]) == (8880, 9880, None, 3)
    assert (head["province"], head["city"], head["status"]) == ("上海市", "上海市", "待发货")
    assert str(plan.period) == "2026-03-02", "the business day is that of the payment"
    nine = [
        "订单编号",
        "支付单号",
        "支付详情",
        "买家实付金额",
        "订单状态",
        "订单付款时间",
        "店铺名称",
        "发货时间",
        "确认收货打款金额",
    ]
    rows = table(nine, {name: full[name] for name in nine if name in full} | {"店铺名称": "甲店"}, empty=None)
    plan = only(planned(write_xlsx(tmp_path / "九列.xlsx", ("Sheet1", rows))))
    assert (plan.layout, plan.shop, staged(plan, "order_head")[0]["paid_fen"]) == ("taobao_orders", "甲店", 8880)


@pytest.mark.parametrize("year", [2022, 2026])
def test_sub_orders_give_lines_and_orders(tmp_path: Path, year: int) -> None:
    new = year == 2026
    header = made.QIANNIU_SUB if new else made.TAOBAO_SUB_2022
    title, price, paid = ("商品标题", "商品价格", "买家实付金额") if new else ("标题", "价格", "买家实际支付金额")
    common = {"主订单编号": "2518123456789012345", "购买数量": 2, "订单状态": "交易成功",
              "订单创建时间": datetime(2026, 3, 1, 10), "订单付款时间": datetime(2026, 3, 1, 10, 1)}  # fmt: skip
    one = {**common, "子订单编号": "2518123456789012346", title: "锅", price: 10.05, paid: "20.10", "退款金额": "无退款申请",
           "退款状态": "没有申请退款", "商品属性": "商品规格:大"}  # fmt: skip
    two = {**common, "子订单编号": "2518123456789012347", title: "刀", price: 5, paid: "9.99", "退款金额": 9.99,
           "退款状态": "退款成功"}  # fmt: skip
    path = write_xlsx(tmp_path / "宝贝报表.xlsx", ("Sheet1", table(header, one, two, empty=None)))
    plan = only(planned(path))
    assert (plan.layout, plan.rows.read) == ("taobao_suborders", 2)
    lines = staged(plan, "order_line")
    assert [(line["title"], line["price_fen"], line["paid_fen"], line["refund_fen"]) for line in lines] == [
        ("锅", 1005, 2010, None),
        ("刀", 500, 999, 999),
    ]
    assert [line["refund_status"] for line in lines] == ["无退款", "退款成功"]
    (head,) = staged(plan, "order_head")
    assert (head["paid_fen"], head["refund_fen"], head["quantity"]) == (3009, 999, 4)


def test_the_public_report_and_the_books(tmp_path: Path) -> None:
    rows = [
        ["订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额"],
        [1, 178.8, 0.0, "上海", "2020-02-21 00:00:00", "", 0.0],
        [2, 21.0, 21.0, "内蒙古自治区", "2020-02-20 23:59:54", "2020-02-21 00:00:02", 0.0],
    ]
    plan = only(planned(write_csv(tmp_path / "tmall_order_report.csv", rows)))
    heads = staged(plan, "order_head")
    assert [(head["order_id"], head["payable_fen"], head["paid_fen"], head["province"]) for head in heads] == [
        ("1", 17880, 0, "上海市"),
        ("2", 2100, 2100, "内蒙古自治区"),
    ]
    header = ["Unnamed: 0", "买家会员名", "买家支付宝账号", "买家实际支付金额", "订单状态", "收货人姓名", "收货地址", "联系手机", "订单创建时间",
              "订单付款时间 ", "宝贝标题", "宝贝种类 ", "宝贝种类", "物流单号", "物流公司", "订单备注", "宝贝总数量", "类别"]  # fmt: skip
    book = ["mmbooks101", "********", 41.86, "交易成功", "赵某人", "贵州省 贵阳市 花溪区", "1**********", "2018-05-16 09:38:00",
            "2018-05-16 09:41:00", "Android入门", 1, 1, "No:221307653963", "申通快递", "'null", 1, "全彩系列"]  # fmt: skip
    again = [*book[:9], "Java入门", *book[10:]]
    path = write_xlsx(tmp_path / "1月.xlsx", ("Sheet1", [header, [0, *book], [1, *again]]))
    plan = only(planned(path))
    assert (plan.layout, plan.rows.read) == ("taobao_orders_unnumbered", 2)
    one, two = staged(plan, "order_head")
    assert (one["paid_fen"], one["city"], one["status"]) == (4186, "贵阳市", "已完成")
    assert one["order_id"] != two["order_id"]
    assert one["buyer_key"] == two["buyer_key"] is not None
    assert staged(only(planned(path)), "order_head")[0]["order_id"] == one["order_id"], "the same number every time"
    assert "赵某人" not in everything(plan)


# ---------------------------------------------------------------- what real sheets look like


def test_several_ids_in_one_row_share_its_amount(tmp_path: Path) -> None:
    rows = table(made.QIANNIU_MAIN, {
        "订单编号": "2518123456789012345;2518123456789012346；2518123456789012347", "买家实付金额": "10.00",
        "总金额": "10.00", "订单付款时间": "2026-03-01 10:00:00", "订单创建时间": "2026-03-01 10:00:00",
    }, empty=None)  # fmt: skip
    plan = only(planned(write_xlsx(tmp_path / "erp.xlsx", ("S", rows))))
    heads = staged(plan, "order_head")
    assert [head["paid_fen"] for head in heads] == [334, 333, 333]
    assert len({head["order_id"] for head in heads}) == 3
    assert any("平分" in repair.kind for repair in plan.repairs)


def test_shops_by_column_and_by_sheet(tmp_path: Path) -> None:
    row = {"买家实付金额": "1.00", "订单付款时间": "2026-03-01 10:00:00", "订单状态": "交易成功"}
    mixed = [
        ["店铺名称", "订单编号", "买家实付金额", "订单付款时间", "订单状态"],
        *[
            [shop, f"25181234567890123{number}", *row.values()]
            for number, shop in enumerate(("甲店", "乙店", "甲店"), 10)
        ],
    ]
    plan = only(planned(write_xlsx(tmp_path / "a.xlsx", ("S", mixed))))
    assert [head["shop"] for head in staged(plan, "order_head")] == ["甲店", "乙店", "甲店"]
    header = ["订单编号", "买家实付金额", "订单付款时间", "订单状态", "总金额"]
    sheets = [
        (shop, [header[: 5 - number], [f"35181234567890123{number}", *row.values(), "1"][: 5 - number]])
        for number, shop in enumerate(("丙旗舰店", "丁专营店"))
    ]
    plans = planned(write_xlsx(tmp_path / "b.xlsx", *sheets, ("Sheet3", [])))
    assert [(plan.shop, plan.sheet) for plan in plans] == [("丙旗舰店", "丙旗舰店"), ("丁专营店", "丁专营店")]
    assert len({plan.claim for plan in plans}) == 2


def test_rows_without_an_id_are_kept_to_be_corrected(tmp_path: Path) -> None:
    rows = table(
        made.TAOBAO_2022,
        _of_2022("1.00008E+17"),
        _of_2022("2518123456789012345"),
        {"订单编号": "合计", "总金额": "402.24"},
        dict(zip(made.TAOBAO_2022, made.TAOBAO_2022, strict=True)),
    )
    path = write_csv(tmp_path / "订单.csv", rows)
    rejected = only(planned(path))
    assert (rejected.rows.read, rejected.rows.rejected, rejected.rows.summary) == (3, 1, 1)
    (row,) = rejected.staged.rejected
    assert (row.row, row.column) == (2, "订单编号")
    assert "从后台重新导出" in row.reason
    assert row.cells["总金额"] == "201.12"
    assert not {"收货人姓名", "联系手机", "收货地址", "买家支付宝账号"} & set(row.cells)
    assert not [word for word in PEOPLE if word in everything(rejected)]
