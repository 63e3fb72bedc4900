"""Rows cleaned by the reading child are what cleaning them on this side gives: values, repairs, problems, rejects."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.demo.sheetfile import write_workbook
from csdesk.ingest import cells
from csdesk.ingest.columns import reader_of
from csdesk.ingest.headers import find_header
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.model import CleanRows, RawChunk
from csdesk.ingest.readers.source import read_chunks
from csdesk.ingest.record_columns import REPAIR_PLACE, AddressCleaner, read_address
from csdesk.ingest.records import RecordContext, StagedRecords
from csdesk.ingest.row_columns import plain_cleaner
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


ADDRESSES = """
浙江省 杭州市 余杭区 某路1号|浙江省杭州市 余杭区 某路1号|浙江 杭州 余杭 某路|北京 北京市 朝阳区 某街|北京市 朝阳区 某街
中国 广东省 深圳市 南山区|新疆维吾尔自治区 伊犁哈萨克自治州 某县 某地|杭州市 余杭区 某路|某路 1号 2室
浙江省  杭州市 余杭区|##密 文 字|浙江省 杭州市 \u200b|浙江省 杭州市 | 浙江省 杭州市 余杭区|无 无 无
浙江省\u3000杭州市 余杭区 某路|广东省 - 深圳市 南山区|广东省 深圳 南山区
"""


def test_addresses_read_by_their_beginning() -> None:
    cleaner = AddressCleaner()
    addresses = ADDRESSES.strip("\n").replace("\n", "|").split("|")
    for _ in range(2):
        found = cleaner.clean(addresses)
        assert found.values == [read_address(cell).value for cell in addresses]
        places = [at for at, cell in enumerate(addresses) if read_address(cell).repair == REPAIR_PLACE]
        assert found.repairs[REPAIR_PLACE] == (len(places), places[0])


@pytest.mark.parametrize("odd", ["", "S77", "１２３\t", "12 3\t", "合计\t", "1e5\t", '="12"\t', "\t"])
def test_ids_with_tabs(odd: str) -> None:
    ids = ["", "26001\t", "26002\t", odd, "26003\t"]
    found = plain_cleaner("id", "", KEYS).clean(ids)
    readings = [cells.read_id(cell) for cell in ids]
    assert found.values == [one.value for one in readings]
    mended = [at for at, one in enumerate(readings) if one.repair == cells.REPAIR_ID]
    assert found.repairs[cells.REPAIR_ID] == (len(mended), mended[0])


def test_digits_of_other_widths_are_no_plain_id() -> None:
    ids = plain_cleaner("id", "", KEYS).clean(["１２３", "S1", "24"])
    assert list(ids.values) == ["123", "S1", "24"]
    assert ids.repairs == {cells.REPAIR_ID: (1, 0)}


MONEY_AND_MORE = st.one_of(
    st.sampled_from([*MONEY, *NUMBERS, *WORDS, *INSTANTS]),
    st.from_regex(r"-?[0-9]{1,10}(\.[0-9]{0,4})?", fullmatch=True),
    st.from_regex(r"20[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True),
)


@pytest.mark.parametrize("kind", ["money", "duration", "instant", "integer"])
@given(st.lists(MONEY_AND_MORE, min_size=1, max_size=30))
def test_quick_ways_give_what_reading_each_cell_gives(kind: str, column: list[str]) -> None:
    found = plain_cleaner(kind, "", KEYS).clean(column)
    readings = [reader_of(kind)(cell) for cell in column]
    most = 10 * 366 * 86_400 if kind == "duration" else float("inf")
    refused = [one.value is not None and not 0 <= one.value <= most for one in readings]
    assert found.values == [
        None if less and kind != "instant" else one.value for one, less in zip(readings, refused, strict=True)
    ]
    reasons = {at for at, one in enumerate(readings) if one.reason or refused[at]}
    assert {at for at, _ in found.problems} == reasons
    assert sum(count for count, _ in found.repairs.values()) == sum(
        1 for one, less in zip(readings, refused, strict=True) if one.repair and not less
    )
