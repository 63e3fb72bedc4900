"""会话明细 rows: understood, repaired, rejected and counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.ingest.headers import find_header
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.model import RawChunk, SessionChunk
from csdesk.ingest.readers.columns import pack, unpack
from csdesk.ingest.sessions import SessionContext, StagedSessions, stage_sessions
from csdesk.safety.buyers import BuyerKeys

KEYS = BuyerKeys(bytes(32))
T1 = datetime(2026, 3, 1, 9, 5)
T1_SECONDS = 1_772_355_900
NEEDED = ["会话ID", "客服", "开始时间"]


def chunked(rows: Sequence[Sequence[Any]], *sizes: int, first_row: int = 1) -> list[RawChunk]:
    """Rows packed into chunks as the reader does; the last size holds for the rest."""
    width = max(map(len, rows))
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    chunks, start, left = [], 0, list(sizes) or [len(rows)]
    while start < len(full):
        size = left.pop(0) if len(left) > 1 else left[0]
        part = full[start : start + size]
        columns = [
            unpack(pack(["" if cell is None else cell for cell in column])) for column in zip(*part, strict=True)
        ]
        chunks.append(RawChunk("会话", 0, first_row + start, columns))
        start += size
    return chunks


def staged(
    rows: Sequence[Sequence[Any]], *sizes: int, shop: str = ""
) -> tuple[StagedSessions, dict[str, list[Any]], list[int]]:
    """(what was found out, all columns joined, sheet rows) of a sheet whose first row is its header."""
    layout = catalogue().layout("sessions")
    assert layout is not None
    chunks = chunked(rows, *sizes)
    mapping = find_header(list(chunks[0].rows()), layout.vocabulary)
    assert mapping is not None
    session = stage_sessions(chunks, mapping, SessionContext(KEYS, shop))
    columns: dict[str, list[Any]] = {}
    numbers: list[int] = []
    for chunk in session:
        assert isinstance(chunk, SessionChunk)
        assert {len(values) for values in chunk.columns.values()} == {len(chunk.rows)}
        numbers.extend(chunk.rows)
        for name, values in chunk.columns.items():
            columns.setdefault(name, []).extend(values)
    return session, columns, numbers


def one(header: str, cell: Any) -> tuple[Any, StagedSessions]:
    """The value of one cell under a header, in an otherwise good row."""
    session, columns, _ = staged([[*NEEDED, header], ["S1", "小美", T1, cell]])
    (name,) = set(columns) - {"session_key", "agent", "shop", "started_at", "day", "buyer_key"} or {"shop"}
    return columns[name][0], session


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    "written",
    ["2026-03-01 09:05:00", "2026/3/1 9:05", "2026年3月1日 09:05:00", "2026-03-01T09:05:00", T1, 46082.378472222226],
)
def test_start_in_every_form(written: Any) -> None:
    _, columns, _ = staged([NEEDED, ["S1", "小美", written]])
    assert columns["started_at"] == [T1_SECONDS]
    assert columns["day"] == [T1_SECONDS // 86_400]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (37.79, 37.79),
        ("12秒", 12),
        ("8分48秒", 528),
        ("7小时41分52秒", 27_712),
        ("00:01:20", 80),
        ("-", None),
        ("", None),
    ],
)
def test_durations(written: Any, seconds: float | None) -> None:
    assert one("首次响应时长(秒)", written)[0] == seconds


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("是", 1),
        ("否", 0),
        (1, 1),
        (0.0, 0),
        ("Y", 1),
        ("n", 0),
        ("已解决", 1),
        ("未解决", 0),
        (True, 1),
        ("FALSE", 0),
        ("--", None),
    ],
)
def test_truth_words(written: Any, value: int | None) -> None:
    assert one("是否解决", written)[0] == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (5, 5),
        ("4", 4),
        ("很满意", 5),
        ("非常满意", 5),
        ("满意", 4),
        ("一般", 3),
        ("不满意", 2),
        ("很不满", 1),
        ("5星", 5),
        ("-", None),
    ],
)
def test_ratings(written: Any, value: int | None) -> None:
    found, session = one("评分", written)
    assert found == value
    assert session.rows.problem_count == 0


@pytest.mark.parametrize("written", [0, 6, 4.5, "很好吃"])
def test_ratings_out_of_range_are_problems_with_their_cell(written: Any) -> None:
    found, session = one("评分", written)
    assert found is None
    assert [(problem.cell, problem.column) for problem in session.rows.problems] == [("D2", "评分")]
    assert session.rows.counts.rejected == 0


def test_money_is_fen_and_never_negative() -> None:
    assert one("支付金额", "¥1,234.50")[0] == 123_450
    assert one("支付金额", 0.1 + 0.2)[0] == 30
    value, session = one("支付金额", -3)
    assert value is None
    assert session.rows.problem_count == 1


def test_counts_are_whole_and_never_negative() -> None:
    assert one("消息数", 12.0)[0] == 12
    assert one("消息数", "1,200")[0] == 1200
    assert one("消息数", -1)[1].rows.problem_count == 1


def test_ids_stay_text() -> None:
    assert one("订单编号", '="35153131473293579"')[0] == "35153131473293579"
    assert one("订单编号", "\t6917926768823643751")[0] == "6917926768823643751"
    assert one("订单编号", 123456789012.0)[0] == "123456789012"


@pytest.mark.parametrize("written", ["1.23457E+18", 1.234567890123e18, "6917926768823640000"])
def test_damaged_ids_are_reported(written: Any) -> None:
    found, session = one("订单编号", written)
    assert found is None
    assert session.rows.problems[0].cell == "D2"


@pytest.mark.parametrize("written", ["{}", '="{}"', "\t{}", "'{}"])
def test_one_round_id_among_intact_ones_is_believed(written: str) -> None:
    intact = [[written.format(6917926768823643751 + number * 7_919_003), "小美", T1] for number in range(19)]
    session, columns, _ = staged([NEEDED, *intact, [written.format("6917926768823600000"), "小美", T1]])
    assert session.rows.counts.rejected == 0
    assert session.rows.problem_count == 0
    assert columns["session_key"][-1] == "6917926768823600000"


def test_a_lone_round_id_is_believed_where_it_is_marked_as_text() -> None:
    assert one("订单编号", '="6917926768823600000"')[0] == "6917926768823600000"


@pytest.mark.parametrize("written", ["{}000", '="{}000"'])
def test_a_whole_column_of_round_ids_is_damaged(written: str) -> None:
    rows = [[written.format(10**14 + number), "小美", T1] for number in range(3000)]
    session, columns, _ = staged([NEEDED, *rows])
    assert session.rows.counts.rejected == 3000
    assert columns == {}


def test_comments_are_masked_and_so_are_problem_values() -> None:
    assert one("评价内容", "请打13812345678")[0] == "请打【手机号】"
    _, session = one("评分", "请打13812345678")
    assert "138" not in session.rows.problems[0].value


def test_buyers_are_hashed_and_masked() -> None:
    _, columns, _ = staged(
        [[*NEEDED, "买家昵称"], ["S1", "小美", T1, "tb123456"], ["S2", "小美", T1, "t**1"], ["S3", "小美", T1, "-"]]
    )
    assert columns["buyer_key"] == [KEYS.of("tb123456")[0], None, None]
    assert columns["buyer_mask"] == ["t***6", "t**1", None]
    assert "buyer" not in columns


def test_excel_day_fractions_among_durations() -> None:
    session, columns, _ = staged(
        [[*NEEDED, "首次响应时长"], *[[f"S{n}", "小美", T1, n * 20 / 86_400] for n in (1, 2, 3)]]
    )
    assert columns["first_response"] == [20, 40, 60]
    assert session.rows.repairs


# ---------------------------------------------------------------- rows


def test_rejected_rows_are_kept_masked_and_without_personal_columns() -> None:
    header = [*NEEDED, "买家昵称", "评价内容", "收货人姓名"]
    session, _, _ = staged([header, ["S1", "小美", "某天", "张三丰", "打13912345678找我", "张三"], ["S2", "小美", T1]])
    (kept,) = session.rows.rejected
    assert (kept.sheet, kept.row, kept.column) == ("会话", 2, "开始时间")
    assert kept.reason
    assert list(kept.cells)[:3] == NEEDED
    assert kept.cells["开始时间"] == "某天"
    assert "收货人姓名" not in kept.cells
    assert kept.cells["买家昵称"] not in ("", "张三丰")
    assert "13912345678" not in kept.cells["评价内容"]


def test_rows_without_a_required_cell_are_rejected_with_the_cell() -> None:
    rows = [NEEDED, ["S1", "小美", T1], ["", "小美", T1], ["S3", "-", T1], ["S4", "小美", "昨天"], ["S5", "小丽", T1]]
    session, columns, numbers = staged(rows)
    assert columns["session_key"] == ["S1", "S5"]
    assert numbers == [2, 6]
    assert (session.rows.counts.read, session.rows.counts.rejected, session.rows.counts.summary) == (5, 3, 0)
    assert [problem.cell for problem in session.rows.problems] == ["A3", "B4", "C5"]


def test_summary_rows_are_counted_apart_and_blank_rows_not_at_all() -> None:
    rows = [NEEDED, ["S1", "小美", T1], ["", "", ""], ["合计", "", ""], ["", "汇总", "--"], ["S2", "小美", T1]]
    session, columns, _ = staged(rows)
    assert columns["session_key"] == ["S1", "S2"]
    assert (session.rows.counts.read, session.rows.counts.rejected, session.rows.counts.summary) == (4, 0, 2)


def test_a_header_repeated_in_the_data_is_passed_over() -> None:
    session, columns, _ = staged([NEEDED, ["S1", "小美", T1], NEEDED, ["S2", "小美", T1]])
    assert columns["session_key"] == ["S1", "S2"]
    assert (session.rows.counts.read, session.rows.counts.rejected) == (2, 0)
    assert [repair.count for repair in session.rows.repairs] == [1]


def test_repeated_sessions_are_left_to_the_loader() -> None:
    _, columns, _ = staged([NEEDED, ["S1", "小美", T1], ["S1", "小丽", T1]])
    assert columns["session_key"] == ["S1", "S1"]


def test_shop_from_column_then_prefix_then_context() -> None:
    rows = [[*NEEDED, "店铺"], ["S1", "甲店:小美", T1, "乙店"], ["S2", "甲店:小美", T1, ""], ["S3", "小丽", T1, None]]
    session, columns, _ = staged(rows, shop="丙店")
    assert columns["shop"] == ["乙店", "甲店", "丙店"]
    assert columns["agent"] == ["小美", "小美", "小丽"]
    assert session.shops == {"乙店": 1, "甲店": 1, "": 1}
    assert session.shop_column == {"乙店": 1}
    assert set(session.agents) == {"小美", "小丽"}


def test_robots_are_marked() -> None:
    session, _, _ = staged([NEEDED, ["S1", "店小蜜", T1], ["S2", "小美", T1]])
    assert {name: who.kind for name, who in session.agents.items()} == {"店小蜜": "robot", "小美": "person"}


def test_period_and_newest() -> None:
    session, _, _ = staged([NEEDED, ["S1", "小美", T1], ["S2", "小美", datetime(2026, 3, 9, 23, 59, 59)]])
    assert str(session.period) == "2026-03-01..2026-03-09"
    assert session.newest == T1_SECONDS + 8 * 86_400 + 14 * 3600 + 54 * 60 + 59


def test_rows_given_in_chunks_read_the_same() -> None:
    """Chunks change how columns are packed, never what they mean."""
    header = [*NEEDED, "首次响应时长(秒)", "是否邀评", "评分", "订单编号", "支付金额", "结束时间", "买家昵称"]
    rows = [
        [f"S{n}", f"店:小{n % 3}", _day(n, n % 60), n * 1.5, "是否"[n % 2], *_sparse(n), f"tb{n}"]
        for n in range(1, 200)
    ]
    whole = staged([header, *rows])
    parts = staged([header, *rows], 5, 64)
    single = staged([header, *rows], 3, 1)
    assert whole[1:] == parts[1:] == single[1:]
    assert whole[0].rows.counts == parts[0].rows.counts == single[0].rows.counts
    assert whole[1]["ended_at"][6] is None


def _day(number: int, minute: int) -> datetime:
    return datetime(2026, 3, 1 + number % 28, 9, minute)


def _sparse(number: int) -> list[Any]:
    """Rating, order, money and end: each missing in some rows."""
    bought = number % 2
    return [
        number % 5 + 1 if number % 3 else None,
        f"69{number:017d}" if bought else None,
        number / 4 if bought else None,
        _day(number, 59) if number % 7 else None,
    ]


CELL = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.integers(-(10**6), 10**19), st.booleans(),
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
    st.sampled_from(["是", "合计", "-", "5星", "1.2E+18", "13812345678"]),
)  # fmt: skip


@given(st.lists(st.lists(CELL, min_size=9, max_size=9), min_size=1, max_size=12))
def test_no_cells_upset_it_and_every_row_is_accounted_for(rows: list[list[Any]]) -> None:
    header = [*NEEDED, "首次响应时长", "是否解决", "评分", "支付金额", "买家昵称", "评价内容"]
    session, columns, numbers = staged([header, *rows])
    kept = len(numbers)
    assert session.rows.counts.read == kept + session.rows.counts.rejected + session.rows.counts.summary
    assert all(value is not None for name in ("session_key", "agent", "started_at") for value in columns.get(name, []))
    assert all(value is None or 1 <= value <= 5 for value in columns.get("rating", []))
    assert all(value is None or value >= 0 for value in columns.get("first_response", []))
