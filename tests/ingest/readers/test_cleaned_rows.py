"""Rows cleaned by the reading child are what cleaning them on this side gives: values, repairs, problems, rejects."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from csdesk.demo.sheetfile import write_workbook
from csdesk.ingest.headers import find_header
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.model import CleanRows, RawChunk
from csdesk.ingest.readers.source import read_chunks
from csdesk.ingest.records import RecordContext, StagedRecords
from csdesk.ingest.rowclean import RowCleaning, RowRules
from csdesk.ingest.sessions import SessionContext, stage_sessions
from csdesk.safety.buyers import BuyerKeys

KEYS = BuyerKeys(bytes(range(32)))

WORDS = ["", "-", "无", "延迟统计", "#N/A", " ", "\u200b", "null", "合计", "客服", "说不清", "13812345678"]
INSTANTS = [
    "2026-03-01 09:05:00", "2026-03-01T09:05:59", "2026/3/1 9:05", "2026年3月1日", "46082.378472", "2026-02-30 00:00",
    "2026-13-01 10:00:00", "1989-12-31 23:59:59", "2026-03-01 24:00:00", "20260301", "2026-03-01 09:05:00.5",
]  # fmt: skip
IDS = [
    "S1",
    "0012",
    '="123456789012345678"',
    "1.23E+18",
    "12.0",
    "'77",
    "订单号：88",
    "1000000000000000000",
    "a b",
    "１２３",
]
NUMBERS = ["0", "12", "3.5", "1,200", "-3", "１２", "12秒", "00:01:20", "1e3", "99999999999", "1.2.3", "7%"]
MONEY = ["0.00", "12.30", "¥1,234.56", "-1.00", "1.005", "3万", "12.345", ".5", "007.10", "1e2", "９.９９"]
NICKS = ["tb123", "tb6***70", "匿名买家", " tb123", "cntaobao小明", "张**", "ＴＢ９"]
TEXTS = ["很好", "回复很快,满意", "电话13812345678", '他说"好"', "第一行\n第二行", "##abc##", "一般"]
RATINGS = ["1", "5", "5星", "★★★☆☆", "很满意", "6", "0", "好评"]
FLAGS = ["是", "否", "Y", "已解决", "2", "1.0"]
AGENTS = ["小美", "云间小铺:小丽", "机器人小蜜", "合计"]
SESSION = {
    "会话ID": IDS, "店铺": ["云间小铺", "另一家店"], "客服": AGENTS, "买家昵称": NICKS,
    "开始时间": INSTANTS, "结束时间": INSTANTS, "首次响应时长(秒)": NUMBERS, "平均响应时长": NUMBERS, "消息数": NUMBERS,
    "是否转接": FLAGS, "咨询分类": TEXTS, "评分": RATINGS, "评价内容": TEXTS, "订单编号": IDS, "支付金额": MONEY,
    "手机号": ["13812345678"],
}  # fmt: skip
ORDER = {
    "订单编号": IDS, "买家会员名": NICKS, "买家应付货款": MONEY, "买家实际支付金额": MONEY,
    "订单状态": ["交易成功", "交易关闭", "没见过的"], "收货人姓名": ["王小二"],
    "收货地址 ": ["浙江省 杭州市 余杭区 某路1号", "$$密文"], "订单创建时间": INSTANTS, "订单付款时间": INSTANTS,
    "宝贝标题 ": TEXTS, "宝贝总数量": NUMBERS, "店铺名称": ["云间小铺"], "退款金额": MONEY, "订单备注": TEXTS,
    "确认收货时间": INSTANTS, "联系手机": ["'13812345678"],
}  # fmt: skip


def table(pools: dict[str, list[str]], seed: int, rows: int = 400) -> list[list[str]]:
    """A header and rows, most of them good, some with something odd in each column."""
    chance = random.Random(seed)
    usual = {name: pool[0] for name, pool in pools.items()}
    found: list[list[str]] = [list(pools)]
    for number in range(rows):
        odd = chance.random()
        row = [
            chance.choice(chance.choice((pool, WORDS))) if chance.random() < odd * odd else usual[name]
            for name, pool in pools.items()
        ]
        if row[0] == usual[next(iter(pools))]:
            row[0] = f"{row[0]}{number}" if chance.random() < 0.9 else f"26{number:016d}"
        found.append(row)
    found.insert(rows // 2, [""] * len(pools))
    found.insert(rows // 3, list(pools))
    return found


def rules_for(layout_id: str, chunk: RawChunk) -> RowRules:
    """The rules the program would clean such a table by."""
    layout = catalogue().by_id[layout_id]
    mapping = find_header(list(chunk.rows()), layout.vocabulary)
    assert mapping is not None
    if layout.kind == "sessions":
        return stage_sessions([], mapping, SessionContext(KEYS)).rows.rules
    return StagedRecords([], mapping, layout, RecordContext(KEYS)).rows.rules


def outcome(path: Path, layout: str, *, by_child: bool) -> tuple[list[int], dict[str, list[Any]], list[Any]]:
    """(sheet rows, field → values, what was found out) of a file."""
    stream = read_chunks(path)
    first = next(stream)
    cleaning = RowCleaning(rules_for(layout, first))
    seen: list[bool] = []

    def chunks() -> Iterator[RawChunk]:
        yield first if by_child else RawChunk(first.sheet, first.sheet_index, first.first_row, first.columns)
        for chunk in stream:
            seen.append(chunk.cleaned is not None)
            yield chunk

    rows, values = joined(cleaning.rows(chunks()))
    assert set(seen) == {by_child}
    found = [cleaning.counts, cleaning.problem_count, cleaning.problems, cleaning.rejected, cleaning.repairs]
    return rows, values, found


def joined(chunks: Iterator[CleanRows]) -> tuple[list[int], dict[str, list[Any]]]:
    rows: list[int] = []
    values: dict[str, list[Any]] = {}
    for chunk in chunks:
        rows += chunk.rows
        for name, column in chunk.values.items():
            values.setdefault(name, []).extend(column)
    return rows, values


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("layout", "pools"), [("sessions", SESSION), ("taobao_orders", ORDER)])
def test_texts(tmp_path: Path, layout: str, pools: dict[str, list[str]], seed: int) -> None:
    file = write_csv(tmp_path / "a.csv", table(pools, seed))
    here, there = outcome(file, layout, by_child=False), outcome(file, layout, by_child=True)
    assert there == here
    counts, problem_count, _, _, repairs = here[2]
    assert counts.rejected
    assert problem_count
    assert repairs


def test_workbook(tmp_path: Path) -> None:
    """Numbers, moments, days and times of day in cells of their own kind."""
    chance = random.Random(7)
    kinds: list[Any] = [datetime(2026, 3, 1, 9, 5), date(2026, 3, 2), time(0, 1, 20), 12, 3.5, "说不清", None, 46082.5]
    rows = table(SESSION, 5)
    mixed: list[list[Any]] = [list(rows[0])] + [
        [chance.choice(kinds) if chance.random() < 0.1 else cell for cell in row] for row in rows[1:]
    ]
    write_workbook(tmp_path / "a.xlsx", "会话明细", iter(mixed))
    file = tmp_path / "a.xlsx"
    assert outcome(file, "sessions", by_child=True) == outcome(file, "sessions", by_child=False)


def test_only_the_first_chunk_can_be_asked_and_only_before_the_next(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", table(SESSION, 1, rows=5000))
    with read_chunks(file) as stream:
        first = next(stream)
        assert first.ask is not None
        rules = rules_for("sessions", first)
        second = next(stream)
        assert second.ask is None
        assert second.cleaned is None
        assert not first.ask(rules)


def test_a_sheet_of_one_chunk_cannot_be_asked(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", table(SESSION, 1, rows=20))
    (only,) = read_chunks(file)
    assert only.ask is None


def test_blank_rows_before_the_table_do_not_disturb(tmp_path: Path) -> None:
    rows = [[""] * len(SESSION)] * 70 + table(SESSION, 2, rows=4500)
    file = write_csv(tmp_path / "a.csv", rows)
    here, there = outcome(file, "sessions", by_child=False), outcome(file, "sessions", by_child=True)
    assert there == here
    assert here[0][0] > 70
