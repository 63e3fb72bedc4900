"""Real layouts of every kind, small: any order, overlap and repetition of files gives the same numbers; so does undo.

The files are a pool that overlaps on purpose: a week on top of its days, the same orders in three kinds of files, a
later export that changed its mind, delayed figures that came true.
"""

# ruff: noqa: E501  (rows as the platforms write them)
from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from csdesk.domain.platforms import Platform
from csdesk.ingest.load import StoreWorld, load, undo
from csdesk.ingest.model import Given, Plan, Status
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS
from tests.ingest.record_tables import DOUDIAN_74, DOUDIAN_REFUND, QIANNIU_MAIN, QIANNIU_SUB, TAOBAO_DETAILS, table
from tests.ingest.tables import headers, planned, write_csv, write_xlsx
from tests.store.builders import content

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # many small commits: no need to wait for a disk
OWN = Given(platform=Platform.TAOBAO, shop="云间旗舰店")
DOU = Given(platform=Platform.DOUYIN, shop="云间抖店")
FACTS = ("measure", "benchmark", "shop", "agent", "session", "by_day", "by_category", *KINDS)
ORDER = "351531314732935"


class Pool:
    """Files with what the owner would say of them; ``given`` by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given: dict[Path, Given] = {}
        self._chitu()
        self._sycm()
        self._feige()
        self._sessions()
        self._orders()
        self._own_tables()

    @property
    def files(self) -> list[Path]:
        return list(self.given)

    def _add(self, path: Path, given: Given, day: int) -> None:
        moment = datetime(2026, 4, day, 9).timestamp()
        os.utime(path, (moment, moment))
        self.given[path] = given

    def _csv(self, name: str, rows: Sequence[Sequence[Any]], given: Given = OWN, day: int = 1, **more: Any) -> None:
        self._add(write_csv(self.folder / name, rows, **more), given, day)

    def _chitu(self) -> None:
        header = headers("客服昵称,接待人数,回复率,平均响应(秒),平均接待时长,询单人数,服务满意度评价很满意")
        days: dict[str, list[list[Any]]] = {
            "2026-03-01至2026-03-01": [
                ["云间旗舰店:小美", 10, 0.9, 30.5, "8分48秒", "延迟统计", "延迟统计"],
                ["云间旗舰店:阿强", 5, 1, 12, "3分", 2, 1],
            ],
            "2026-03-02至2026-03-02": [
                ["云间旗舰店:小美", 20, 0.95, 31.5, "8分", 3, 2],
                ["云间旗舰店:阿强", 0, None, None, None, None, None],
            ],
            "2026-03-01至2026-03-07": [
                ["云间旗舰店:小美", 70, 0.93, 31.5, "8分", 13, 12],
                ["云间旗舰店:小新", 6, 0.5, 90, "1小时2分", 1, 0],
            ],
        }
        for day, (span, rows) in enumerate(days.items(), start=1):
            total = ["汇总", sum(row[1] for row in rows), *[None] * 5]
            path = write_xlsx(
                self.folder / f"自定义报表_x_下单优先判定_{span}.xlsx", ("Sheet1", [header, *rows, total])
            )
            self._add(path, OWN, day)
        final: list[list[Any]] = [header, ["云间旗舰店:小美", 11, 0.9, 30.5, "8分48秒", 4, 3]]
        self._add(
            write_xlsx(self.folder / "自定义报表_y_下单优先判定_2026-03-01至2026-03-01.xlsx", ("Sheet1", final)), OWN, 9
        )

    def _sycm(self) -> None:
        header = headers(
            "日期,咨询人数,接待人数,未回复人数,有效接待人数,平均响应时长,3分钟人工响应率,旺旺回复率,首次响应时长,总消息数,答问比"
        )
        rows: list[Any] = [
            [f"2026-03-0{day}", 10 + day, 9, 1, 8, "37.5秒", "98.8%", "99%", 12, 300, 1.19] for day in range(1, 6)
        ]
        peer: list[Any] = ["同行同层均值", 50, 45, 2, 40, 30, "97%", "98%", 10, 1000, 1.3]
        self._csv("咨询接待 a.csv", [header, *rows[:3], peer])
        changed = [rows[2][0], 99, *rows[2][2:]]
        self._csv("咨询接待 b.csv", [header, changed, *rows[3:]], day=2)
        agents = headers("旺旺昵称,询单人数,询单最终付款人数,询单最终付款转化率,平均响应时长（秒),客户满意率")
        self._csv(
            "自制报表-报表查看-客服绩效_20260301_20260302_全部.csv",
            [agents, ["小美", 9, 3, "33.33%", "30秒", "90%"], ["阿强", 2, 1, "50%", "12秒", "-"]],
        )

    def _feige(self) -> None:
        header = headers(
            "客服账号,客服昵称,接待会话量,已接待人数,有效评价数,有效好评数,有效差评数,全天满意率,全天平响时长,全天3分钟回复率,询单人数,支付人数,客服询单支付额"
        )
        for day, number in ((1, 10), (2, 12)):
            rows = [
                ["a1", "小云", number, number - 1, 4, 3, 1, "75%", "2分30秒", "98.8%", 3, 1, "1,234.50"],
                ["a2", "小雨", 0, 0, 0, 0, 0, "-", "-", "-", 0, 0, 0],
            ]
            total = ["店铺汇总值", "", number, number - 1, 4, 3, 1, "-", "-", "-", 3, 1, "1234.5"]
            self._csv(f"抖音_2026030{day}_云间抖店_飞鸽_客服表现.csv", [header, total, *rows], DOU, day)

    def _sessions(self) -> None:
        header = headers("会话ID,客服,开始时间,首次响应时长(秒),咨询分类,是否解决,是否评价,评分")
        rows = [
            [
                f"S{n}",
                ("小美", "阿强")[n % 2],
                f"2026-03-0{1 + n // 3} 10:0{n}:00",
                n * 7,
                "物流",
                "是",
                "是" if n % 2 else "否",
                5 if n % 2 else "",
            ]
            for n in range(9)
        ]
        self._csv("会话 a.csv", [header, *rows[:6]])
        self._csv("会话 b.csv", [header, *[[*row[:7], 1 if row[7] else ""] for row in rows[4:]]], day=3)
        self._csv("会话 c.csv", [header[:3], *[row[:3] for row in rows[2:7]]], day=2)

    def _orders(self) -> None:
        lines = [
            {"主订单编号": f"\t6917926768800{n // 2}", "子订单编号": f"\t69179267688{n:03d}", "选购商品": f"商品{n % 3}", "商品数量": 1 + n % 2,
             "订单提交时间": f"2026-03-0{1 + n // 4} 10:10:00", "订单应付金额": f"{n * 3.35:.2f}", "支付完成时间": f"2026-03-0{1 + n // 4} 10:12:00",
             "订单状态": "已发货", "省": "浙江省", "售后状态": "-"} for n in range(10)
        ]  # fmt: skip
        self._csv("抖店订单 a.csv", table(DOUDIAN_74, *lines[:6]), DOU)
        late = [
            {**line, "订单状态": "已完成", "售后状态": "退款成功" if n == 5 else "-"} for n, line in enumerate(lines)
        ]
        self._csv("抖店订单 b.csv", table(DOUDIAN_74, *late[4:]), DOU, 5)
        refund = {"售后单号": "\t7100", "订单号": "\t69179267688002", "商品单号": "\t69179267688005", "售后类型": "仅退款", "退商品金额（元）": "16.75",
                  "退运费金额（元）": "0", "售后状态": "同意退款，退款成功", "售后申请时间": "2026-03-03 10:00:00"}  # fmt: skip
        self._csv("售后 a.csv", table(DOUDIAN_REFUND, refund), DOU)
        self._csv(
            "售后 b.csv",
            table(DOUDIAN_REFUND, {**refund, "退商品金额（元）": "10.00"}, {**refund, "售后单号": "\t7101"}),
            DOU,
            4,
        )
        mine = {
            "主订单编号": f"{ORDER}7900",
            "订单状态": "交易成功",
            "订单创建时间": "2026-03-01 10:00:00",
            "订单付款时间": "2026-03-01 10:05:00",
        }
        sub = [
            {
                **mine,
                "子订单编号": f"{ORDER}790{n}",
                "商品标题": title,
                "商品价格": "99.00",
                "购买数量": "1",
                "买家实付金额": "90.00",
                "退款状态": "没有申请退款",
            }
            for n, title in enumerate(("刀", "锅"), start=1)
        ]
        self._csv("宝贝报表.csv", table(QIANNIU_SUB, *sub), day=6)
        head = {
            **mine,
            "订单编号": mine["主订单编号"],
            "买家实付金额": "170.50",
            "买家应付货款": "198.00",
            "宝贝总数量": "2",
            "退款金额": "无退款申请",
        }
        del head["主订单编号"]
        self._csv(
            "订单报表.csv", table(QIANNIU_MAIN, head, {**head, "订单编号": f"{ORDER}8800", "买家实付金额": "12.00"})
        )
        details: list[Any] = [
            {"订单编号": f'="{ORDER}{end}"', "标题": title, "价格": "99.00", "购买数量": "1", "商品属性": "红"}
            for end, title in (("7900", "刀"), ("7900", "锅"), ("8800", "盆"))
        ]
        self._csv("ExportOrderDetailList.csv", table(TAOBAO_DETAILS, *details), encoding="gb18030")

    def _own_tables(self) -> None:
        reviews: list[Any] = [
            ["订单编号", "商品ID", "评价内容", "评价时间", "评分"],
            [f"{ORDER}7900", "88", "很好，电话 13812345678", "2026-03-05 10:00:00", 5],
            [f"{ORDER}8800", "89", "一般", "2026-03-06 10:00:00", 3],
        ]
        self._csv("评价 a.csv", reviews[:2])
        self._csv("评价 b.csv", reviews)
        answers: list[Any] = [
            ["客服", "提交时间", "满意度(1-5)", "推荐意愿(0-10)", "意见"],
            ["小美", "2026-03-05 10:00:00", 5, 10, "好"],
            ["小美", "2026-03-05 10:00:00", 5, 10, "好"],
            ["阿强", "2026-03-06 10:00:00", 2, 3, ""],
        ]
        self._csv("问卷 a.csv", answers[:3])
        self._csv("问卷 b.csv", answers)
        tickets: list[Any] = [
            ["工单编号", "客服", "创建时间", "工单状态", "是否投诉"],
            ["T1", "小美", "2026-03-05 10:00:00", "处理中", "否"],
            ["T2", "阿强", "2026-03-06 10:00:00", "已完成", "是"],
        ]
        self._csv("工单 a.csv", tickets[:2])
        self._csv("工单 b.csv", [tickets[0], [*tickets[1][:3], "已完成", "否"], tickets[2]], day=5)
        invites: list[Any] = [
            ["邀评编号", "客服", "买家昵称", "邀评时间", "邀评方式", "评分"],
            ["Y1", "小美", "tb1234567", "2026-03-05 10:00:00", "手动", ""],
            ["Y2", "阿强", "tb7654321", "2026-03-05 11:00:00", "系统", 5],
        ]
        self._csv("邀评记录 a.csv", invites)
        self._csv(
            "邀评记录 b.csv",
            [*invites[:1], [*invites[1][:5], 4], ["Y3", "阿强", "tb1", "2026-03-06 11:00:00", "系统", ""]],
            day=5,
        )


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    return Pool(tmp_path_factory.mktemp("pool"))


def bring(store: Store, pool: Pool, path: Path) -> Plan:
    (plan,) = planned(path, pool.given[path], StoreWorld(store))
    assert plan.status in (Status.IMPORTED, Status.DUPLICATE), (path.name, plan.status, plan.message)
    if plan.status is Status.IMPORTED:
        load(store, plan)
    return plan


def facts(store: Store) -> dict[str, Any]:
    told = content(store)
    return {name: told[name] for name in FACTS}


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name, rows in one.items():
        assert rows == other[name], name


def test_the_pool_covers_every_kind(pool: Pool, tmp_path: Path) -> None:
    with Store(tmp_path / "all") as store:
        layouts = {bring(store, pool, path).layout for path in pool.files}
        told = facts(store)
        assert check(store) == []
    assert len(layouts) >= 14
    kept = {name for name, rows in told.items() if rows}
    assert kept >= {
        "measure",
        "benchmark",
        "session",
        "order_head",
        "order_line",
        "refund",
        "review",
        "survey_answer",
        "ticket",
        "invitation",
    }


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@drawn(st.data())
def test_order_repetition_and_undo_change_nothing(pool: Pool, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(pool.files), min_size=2, max_size=9, unique=True))
    again = data.draw(st.lists(st.sampled_from(chosen), max_size=2))
    other = data.draw(st.permutations([*chosen, *again]))
    gone = data.draw(st.sets(st.sampled_from(chosen), max_size=len(chosen) - 1))
    undoing = data.draw(st.permutations(sorted(gone)))
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        with Store(Path(folder, "one")) as store:
            for path in chosen:
                bring(store, pool, path)
            expected = content(store)
        with Store(Path(folder, "other")) as store:
            batch: dict[Path, int | None] = {}
            for path in other:
                batch.setdefault(path, bring(store, pool, path).batch)
            same(content(store), expected)
            for path in undoing:
                number = batch[path]
                assert number is not None
                undo(store, number)
            left = content(store)
            assert check(store) == []
        with Store(Path(folder, "rest")) as store:
            for path in chosen:
                if path not in gone:
                    bring(store, pool, path)
            same(left, content(store))


@pytest.mark.parametrize("word", ["咨询接待", "抖店订单", "评价", "问卷", "工单", "邀评记录", "会话"])
def test_two_years_apart_equal_the_merged_file(word: str, pool: Pool, tmp_path: Path) -> None:
    """The rows of each pair of files, merged into one in the order of their export, give the same numbers."""
    parts = [path for path in pool.files if path.name.startswith(word) and path.name[-5] in "ab"]
    assert len(parts) == 2
    tables = [list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines())) for path in parts]
    key = 1 if word == "抖店订单" else 0
    rows: dict[str, list[str]] = {}
    for one in tables:
        for place, row in enumerate(one[1:]):
            name = f"{row[key]}#{place}" if word in ("问卷", "评价") else row[key]
            rows[name] = row
    whole = write_csv(tmp_path / f"{word} 全部.csv", [tables[0][0], *rows.values()])
    os.utime(whole, (parts[1].stat().st_mtime,) * 2)
    pool.given[whole] = pool.given[parts[0]]
    try:
        with Store(tmp_path / "parts") as store:
            for path in parts:
                bring(store, pool, path)
            expected = facts(store)
        with Store(tmp_path / "whole") as store:
            bring(store, pool, whole)
            del expected["benchmark"]  # a peer row without a day speaks for the span of its file
            same({name: rows for name, rows in facts(store).items() if name in expected}, expected)
    finally:
        del pool.given[whole]
