"""CSV and XLSX: the values, their formats, and nothing that a spreadsheet would run. No Qt."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from csdesk.charts.spec import ChartSpec, Column, Format, TableSpec
from csdesk.charts.tables import clipboard_text, csv_bytes, export_table, harmless, sheet_name, text_width, xlsx_bytes
from csdesk.errors import UserFault

TABLE = TableSpec(
    (
        Column("day", "日期", Format.DATE),
        Column("agent", "客服"),
        Column("n", "接待人数", Format.COUNT),
        Column("rate", "评价率", Format.PERCENT),
        Column("wait", "首次响应", Format.SECONDS),
        Column("sales", "销售额", Format.YUAN),
        Column("score", "得分", Format.SCORE),
    ),
    (
        (date(2026, 11, 1), "小美", 1234, 0.248123, 18.25, 123456, 4.875),
        (date(2026, 11, 2), "=HYPERLINK(1)", None, None, None, None, None),
        (date(2026, 11, 3), "123456789012345678", 5.0, 1.0, 0.0, -5, float("nan")),
        ("合计", 'a,b\n"c"', -3, -0.5, 3600.0, 0, 5.0),
    ),
    frozenset({2}),
)
GOLDEN_CSV = (
    "\ufeff日期,客服,接待人数,评价率,首次响应（秒）,销售额（元）,得分\r\n"
    "2026-11-01,小美,1234,24.81%,18.25,1234.56,4.875\r\n"
    "2026-11-02,'=HYPERLINK(1),,,,,\r\n"
    "2026-11-03,123456789012345678\t,5,100.00%,0,-0.05,\r\n"
    '合计,"a,b\n""c""",-3,-50.00%,3600,0.00,5\r\n'
)
GOLDEN_XLSX = [
    ["日期", "客服", "接待人数", "评价率", "首次响应（秒）", "销售额（元）", "得分"],
    [datetime(2026, 11, 1), "小美", 1234, 0.248123, 18.25, 1234.56, 4.875],
    [datetime(2026, 11, 2), "=HYPERLINK(1)", None, None, None, None, None],
    [datetime(2026, 11, 3), "123456789012345678", 5, 1, 0, -0.05, None],
    ["合计", 'a,b\n"c"', -3, -0.5, 3600, 0, 5],
]
SPEC = ChartSpec("x", "各客服的评价率", "bars", "灰色样本不足 30", footnote="来源:赤兔名品。", table=TABLE)


def test_csv_golden() -> None:
    assert csv_bytes(TABLE).decode("utf-8") == GOLDEN_CSV


def test_xlsx_golden(tmp_path: Path) -> None:
    path = tmp_path / "评价率.xlsx"
    export_table(SPEC, path, notes=["评价率 = 收到评价 ÷ 接待人数", "=1+1"])
    book = load_workbook(path)
    assert book.sheetnames == ["各客服的评价率", "说明"]
    sheet = book["各客服的评价率"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == GOLDEN_XLSX
    formats = [cell.number_format for cell in sheet[2]]
    assert formats == ["yyyy-mm-dd", "General", "#,##0", "0.0%", "#,##0.0", "¥#,##0.00", "0.00"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:G5"
    assert sheet["A1"].font.bold
    assert sheet["B4"].font.color.rgb == "FF6B7280"
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["C"].width
    notes = [row[0].value for row in book["说明"].iter_rows()]
    assert notes == [
        "本文件由 CSDesk 网店客服数据台导出",
        None,
        "各客服的评价率",
        "灰色样本不足 30",
        "来源:赤兔名品。",
        None,
        "评价率 = 收到评价 ÷ 接待人数",
        "=1+1",
    ]


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(TABLE, title="=1", notes=["+2", "@x"]))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
        styles = archive.read("xl/styles.xml")
    assert len(sheets) == 2
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert b'quotePrefix="1"' in styles


@given(st.text(max_size=30))
def test_no_text_of_a_csv_starts_a_formula(text: str) -> None:
    table = TableSpec((Column("t", "文字"),), ((text,),))
    rows = list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"), newline="")))
    written = rows[1][0] if len(rows) > 1 and rows[1] else ""
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_fits_a_workbook(text: str) -> None:
    table = TableSpec((Column("t", text),), ((text,),))
    load_workbook(io.BytesIO(xlsx_bytes(table, title=text, notes=[text])))


def test_clipboard_is_one_line_a_row() -> None:
    lines = clipboard_text(TABLE).split("\n")
    assert lines[0].split("\t")[:3] == ["日期", "客服", "接待人数"]
    assert lines[1] == "2026-11-01\t小美\t1,234\t24.8%\t18秒\t¥1,234.56\t4.88"
    assert lines[2].split("\t")[1] == "'=HYPERLINK(1)"
    assert len(lines) == 5
    assert lines[4].split("\t")[1:4] == ['a,b "c"', "-3", "-50.0%"]


def test_small_things() -> None:
    assert harmless("小美") == "小美"
    assert harmless("\uff1d1") == "'\uff1d1"
    assert sheet_name("a/b:c[d]*?") == "a b c d"
    assert sheet_name("说明") == sheet_name("") == "数据"
    assert len(sheet_name("长" * 50)) == 31
    assert text_width("小a") == 3


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFault, match=r"csv"):
        export_table(SPEC, tmp_path / "x.doc")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_table_is_a_file_all_the_same(tmp_path: Path) -> None:
    export_table(TableSpec((), ()), tmp_path / "a.csv", title="空")
    export_table(TableSpec((), ()), tmp_path / "a.xlsx", title="空")
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["空", "说明"]


def test_tables_need_no_qt_and_no_openpyxl_until_used() -> None:
    code = "import sys, csdesk.charts.tables; print([m for m in sys.modules if m in {'PySide6', 'openpyxl', 'numpy'}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
