"""Rows that were not imported: kept, saved to be corrected, imported again into the same shop and days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest import ledger
from csdesk.ingest.correction_marks import Origin, read_mark
from csdesk.ingest.corrections import Corrections
from csdesk.ingest.load import StoreWorld, load, undo
from csdesk.ingest.model import Plan, Status
from csdesk.store.check import check
from csdesk.store.database import Store
from tests.ingest.record_tables import QIANNIU_SUB, table
from tests.ingest.tables import headers, planned, write_csv, write_xlsx
from tests.store.builders import content

CHITU = headers("客服昵称,接待人数,回复率,平均响应(秒),平均接待时长,联系电话,备注")
NAME = "自定义报表_人均_下单优先判定_2026-03-01至2026-03-01.xlsx"
ROWS: list[list[Any]] = [
    ["云间旗舰店:小美", 82.0, 98.8, 37.79, "8分48秒", "13812345678", None],
    ["云间旗舰店:阿强", "八十", 0.5, "12秒", "12分3秒", "13812345678", "=1+1"],
    [None, 12, 1, "12秒", "12分3秒", "13812345678", "打 13812345678 找她"],
    ["汇总", None, None, None, None, None, None],
]
RIGHT = [ROWS[0], ["云间旗舰店:阿强", 80, *ROWS[1][2:]], ["云间旗舰店:小新", *ROWS[2][1:]], ROWS[3]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened


def brought(store: Store, path: Path) -> list[Plan]:
    plans = planned(path, world=StoreWorld(store))
    for plan in plans:
        if plan.status is Status.IMPORTED:
            load(store, plan)
    return plans


def corrections(store: Store) -> Corrections:
    return Corrections(store, lambda path: brought(store, path))


def saved(store: Store, folder: Path, batch: int, suffix: str = ".xlsx") -> Path:
    path = folder / f"要改的{suffix}"
    path.write_bytes(corrections(store).content(batch, suffix))
    return path


def facts(store: Store) -> dict[str, Any]:
    """Everything but the ledger and the rows to correct."""
    told = dict(content(store))
    for name in ("batch", "rejected_row"):
        told.pop(name, None)
    return told


def corrected(path: Path, *cells: tuple[str, Any]) -> Path:
    book = load_workbook(path)
    for where, value in cells:
        book.worksheets[0][where] = value
    target = path.with_name("改好了.xlsx")
    book.save(target)
    return target


def test_rows_of_a_report_are_kept_with_their_fault_and_without_people(store: Store, tmp_path: Path) -> None:
    (plan,) = brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    assert (plan.rows.inserted, plan.rows.rejected, plan.rows.summary) == (2, 1, 1)
    told = corrections(store).table(1)
    assert [(row.row, row.column) for row in told.rows] == [(3, "接待人数"), (4, "客服昵称")]
    assert "联系电话" not in told.headers
    assert told.rows[0].cells["接待人数"] == "八十"
    assert told.rows[1].cells["备注"] == "打 【手机号】 找她"


def test_a_cell_keeps_the_meaning_its_column_gave_it(store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    rows = corrections(store).table(1).rows
    assert [row.cells["回复率"] for row in rows] == ["0.5%", "1%"]  # among 98.8


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_corrected_rows_give_what_a_right_file_gives(suffix: str, store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    draft = saved(store, tmp_path, 1, suffix)
    if suffix == ".xlsx":
        mended = corrected(draft, ("D2", 80), ("C3", "云间旗舰店:小新"))
    else:
        text = draft.read_text(encoding="utf-8-sig").replace("八十", "80").replace("4,,12", "4,云间旗舰店:小新,12")
        mended = tmp_path / "改好了.csv"
        mended.write_text(text, encoding="gb18030")
    (plan,) = brought(store, mended)
    assert (plan.layout, plan.shop, str(plan.period)) == ("chitu_custom", "云间旗舰店", "2026-03-01")
    assert (plan.rows.read, plan.rows.inserted, plan.rows.rejected) == (2, 2, 0)
    with Store(tmp_path / "other") as other:
        brought(other, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *RIGHT])))
        assert values_of(store) == values_of(other)
    assert check(store) == []


def values_of(store: Store) -> list[Any]:
    with store.reading() as conn:
        return conn.execute(
            """SELECT agent.name, m.first_day, m.last_day, m.source, m.measure, m.value FROM measure AS m
               JOIN agent ON agent.id = m.agent_id WHERE m.effective ORDER BY 1, 2, 3, 4, 5"""
        ).fetchall()


def test_the_ledger_ties_the_two_and_undo_takes_only_the_corrected(store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    before = facts(store)
    brought(store, corrected(saved(store, tmp_path, 1), ("D2", 80)))
    with store.reading() as conn:
        second, first = ledger.entries(conn)
    assert (second.corrects, second.kept, first.corrected_by, first.kept) == (1, 1, (2,), 2)
    assert facts(store) != before
    undo(store, 2)
    assert facts(store) == before
    with store.reading() as conn:
        assert ledger.entries(conn)[1].corrected_by == ()


def test_what_is_still_wrong_is_rejected_again(store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    (plan,) = corrections(store).retry(1, {(0, "接待人数"): "80", (1, "回复率"): "很高"})
    assert (plan.rows.inserted, plan.rows.rejected) == (1, 1)
    assert [row.column for row in corrections(store).table(2).rows] == ["客服昵称"]
    (plan,) = corrections(store).retry(2, {(0, "客服昵称"): "小新", (0, "回复率"): "99%"})
    assert (plan.rows.inserted, plan.rows.rejected, plan.corrects) == (1, 0, 2)


def test_the_same_corrected_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    mended = corrected(saved(store, tmp_path, 1), ("D2", 80), ("C3", "小新"))
    brought(store, mended)
    before = content(store)
    (again,) = brought(store, mended)
    assert (again.status, again.rows.inserted) == (Status.DUPLICATE, 0)
    assert content(store) == before


def test_rows_without_a_date_come_again_with_one(store: Store, tmp_path: Path) -> None:
    header = headers("日期,旺旺昵称,接待人数,平均响应(秒),客户满意率,询单人数")
    rows: list[list[Any]] = [
        ["2026-03-01", "小美", 5, 20, "90%", 1],
        ["三月二号", "小美", 6, 20, "90%", 1],
        [None, "阿强", 7, 20, "90%", 1],
    ]
    brought(store, write_csv(tmp_path / "客服绩效.csv", [header, *rows]))
    assert [row.row for row in corrections(store).table(1).rows] == [3, 4]  # an empty day is the one above it
    plans = corrections(store).retry(1, {(0, "日期"): "2026-03-02"})
    assert [(plan.status, str(plan.period)) for plan in plans] == [(Status.IMPORTED, "2026-03-02")]


def test_grouped_headers_are_told_in_one_row(store: Store, tmp_path: Path) -> None:
    groups = [None, None, "总", None, None, "邀请", None, None, "自主", None, None]
    labels = ["日期", "接待人数", *["发出评价数", "收到评价数", "很满意"] * 3]
    rows = [["2026-03-01", 9, 8, 6, 5, 5, 4, 3, 3, 2, 2], ["2026-03-02", "九", 8, 6, 5, 5, 4, 3, 3, 2, 2]]
    brought(store, write_xlsx(tmp_path / "接待评价.xlsx", ("Sheet1", [groups, labels, *rows])))
    (plan,) = corrections(store).retry(1, {(0, "接待人数"): "9"})
    told = {cell.measure: cell.value for cell in plan.staged.reports}
    assert told["invites_sent.invited"] == 5
    assert told["invites_sent.self"] == 3
    assert told["received"] == 9
    assert (plan.rows.inserted, plan.rows.rejected) == (1, 0)


def test_orders_with_damaged_ids_are_corrected_as_text(store: Store, tmp_path: Path) -> None:
    good = {"子订单编号": "3515313147329357911", "主订单编号": "3515313147329357910", "商品标题": "@杯子",
            "买家实付金额": "19.90", "退款状态": "没有申请退款", "订单付款时间": "2026-03-01 10:00:00",
            "订单创建时间": "2026-03-01 09:59:00", "订单状态": "交易成功", "购买数量": "1"}  # fmt: skip
    bad = {**good, "子订单编号": "3.51531E+18", "主订单编号": "3.51531E+18"}
    path = write_csv(tmp_path / "ExportOrderList.csv", table(QIANNIU_SUB, good, bad))
    (plan,) = brought(store, path)
    assert (plan.rows.inserted, plan.rows.rejected) == (1, 1)
    draft = saved(store, tmp_path, 1)
    sheet = load_workbook(draft).worksheets[0]
    place = [cell.value for cell in sheet[1]].index("主订单编号") + 1
    cell = sheet.cell(2, place)
    assert (cell.data_type, cell.number_format, cell.fill.fgColor.rgb) == ("s", "@", "FFFFC7C7")
    title = sheet.cell(2, [one.value for one in sheet[1]].index("商品标题") + 1)
    assert (title.value, title.data_type, title.quotePrefix) == ("@杯子", "s", True)
    edits = {(0, "主订单编号"): "3515313147329357920", (0, "子订单编号"): "3515313147329357921"}
    (again,) = corrections(store).retry(1, edits)
    assert (again.rows.inserted, again.rows.rejected) == (1, 0)
    with store.reading() as conn:
        found = conn.execute("SELECT line_id, title, paid_fen FROM order_line ORDER BY line_id").fetchall()
    assert found == [("3515313147329357911", "@杯子", 1990), ("3515313147329357921", "@杯子", 1990)]


def test_an_undone_import_has_no_rows_to_correct(store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    mended = corrected(saved(store, tmp_path, 1), ("D2", 80))
    undo(store, 1)
    with pytest.raises(UserFault, match="已经撤销"):
        corrections(store).table(1)
    (plan,) = brought(store, mended)  # the file itself is still good
    assert plan.rows.inserted == 1
    with store.reading() as conn:
        assert ledger.entries(conn)[0].corrects is None


def test_an_import_of_another_data_file_is_not_tied(store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    mended = corrected(saved(store, tmp_path, 1), ("D2", 80))
    with Store(tmp_path / "other") as other:
        brought(other, write_xlsx(tmp_path / "自定义报表_x.xlsx", ("Sheet1", [CHITU, ROWS[0]])))
        brought(other, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, ROWS[0]])))
        (plan,) = brought(other, mended)
        assert plan.rows.inserted == 1
        with other.reading() as conn:
            assert ledger.entries(conn)[0].corrects is None


def test_only_workbooks_and_csv_can_be_saved(store: Store, tmp_path: Path) -> None:
    brought(store, write_xlsx(tmp_path / NAME, ("Sheet1", [CHITU, *ROWS])))
    with pytest.raises(UserFault, match="不能存成"):
        corrections(store).content(1, ".pdf")


@given(
    st.integers(0, 10**6), st.sampled_from([None, *Platform]), st.text("甲乙|｜店 ", max_size=6).map(str.strip),
    st.one_of(st.none(), st.dates().map(Period.of_day)),
    st.one_of(st.none(), st.datetimes(datetime(1990, 1, 1)).map(lambda moment: moment.replace(microsecond=0))),
)  # fmt: skip
def test_a_mark_is_read_as_it_was_written(
    batch: int, platform: Platform | None, shop: str, period: Period | None, exported: datetime | None
) -> None:
    origin = Origin(batch, "0f" * 32, "chitu_custom", platform, shop, period, exported)
    found = read_mark(origin.mark())
    assert found is not None
    assert found == Origin(batch, "0f" * 8, "chitu_custom", platform, shop.replace("｜", "|"), period, exported)
