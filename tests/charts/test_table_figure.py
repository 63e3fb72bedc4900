"""Tables as finished figures: pictures say what they leave out, paper has every row."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtPrintSupport import QPrinter

from csdesk.analysis.frame import PageTable
from csdesk.charts.export import copy_picture, export_chart, figure_size, print_chart, render
from csdesk.charts.plot.canvas import Canvas, painting
from csdesk.charts.spec import Column, Format, TableSpec
from csdesk.charts.table_figure import MOST_ROWS, TableFigure
from csdesk.settings.theme import load_theme

pytestmark = pytest.mark.usefixtures("qapp")
SVG = "{http://www.w3.org/2000/svg}"
COLUMNS = (
    Column("agent", "客服"),
    Column("received", "接待人数", Format.COUNT, bar=True),
    Column("rate", "评价率", Format.PERCENT, bar=True),
    Column("wait", "首次响应", Format.SECONDS),
    Column("sales", "客服销售额", Format.YUAN),
    Column("day", "最后一天", Format.DATE),
)


def page_table(rows: int, *, columns: int = len(COLUMNS)) -> PageTable:
    cells = tuple(
        (f"客服{row:03}", 1000 - row, None if row == 1 else 0.5, 18.0, 123456, date(2026, 3, 1))[:columns]
        for row in range(rows)
    )
    return PageTable("t", "各客服的数字", TableSpec(COLUMNS[:columns], cells, frozenset({2})), "灰色的样本不足 30")


def words_of(path: Path) -> dict[str, ET.Element]:
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    return {"".join(element.itertext()): element for element in root.iter(f"{SVG}text")}


def test_svg_has_every_word_and_right_aligned_figures(tmp_path: Path) -> None:
    path = tmp_path / "表.svg"
    export_chart(page_table(5), path, load_theme("light"), notes=["近30天"])
    words = words_of(path)
    wanted = {"各客服的数字", "灰色的样本不足 30", "客服", "接待人数", "客服000", "1,000", "996", "50.0%", "–", "18秒",
              "¥1,234.56", "2026-03-01", "近30天"}  # fmt: skip
    assert wanted <= set(words)
    with painting(QImage(1, 1, QImage.Format.Format_RGB32)) as painter:
        canvas = Canvas(painter, load_theme("light"))
        rights = [float(words[text].get("x") or 0) + canvas.width(text, 12.5) for text in ("1,000", "996")]
    assert rights[0] == pytest.approx(rights[1], abs=1)


def test_small_samples_are_grey_and_bars_are_drawn() -> None:
    theme = load_theme("light")
    image = render(page_table(4), theme)
    found = {image.pixelColor(x, y).name() for y in range(0, image.height(), 2) for x in range(0, image.width(), 3)}
    assert {theme.color(role).lower() for role in ("surface", "series1", "muted", "hairline")} <= found


def test_a_picture_of_a_long_table_says_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "表.svg"
    export_chart(page_table(500), path, load_theme("light"))
    words = words_of(path)
    assert f"客服{MOST_ROWS - 1:03}" in words
    assert f"客服{MOST_ROWS:03}" not in words
    assert any(f"还有 {500 - MOST_ROWS} 行没有画" in text for text in words)
    assert figure_size(page_table(500), load_theme("light")).height() < 2000
    export_chart(page_table(MOST_ROWS), path, load_theme("light"))
    assert not any("没有画" in text for text in words_of(path))


@pytest.mark.parametrize("rows", [0, 1, 30, 500])
def test_pages_hold_every_row_once_and_the_foot_once(rows: int) -> None:
    figure = TableFigure(page_table(rows), notes=("口径", "近30天"))
    with painting(QImage(1, 1, QImage.Format.Format_RGB32)) as painter:
        parts = figure.pages(Canvas(painter, load_theme("light")), 700, 640)
    tables = [part for part in parts if isinstance(part, TableFigure)]
    assert [row for part in tables for row in part.rows] == list(range(rows))
    assert [bool(part.foot) for part in tables] == [False] * (len(tables) - 1) + [True]
    assert all(part.rows for part in tables) or rows == 0


def test_pdf_has_all_rows_on_numbered_pages(tmp_path: Path) -> None:
    path = tmp_path / "表.pdf"
    export_chart(page_table(90), path, load_theme("light"), notes=["近30天"])
    content = path.read_bytes()
    pages = int(re.search(rb"/Count (\d+)", content).group(1))  # type: ignore[union-attr]
    assert pages > 1
    assert b"CSDeskSansSC" in content
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: the words in the file are not read back")
    words = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    assert all(f"客服{row:03}" in words for row in range(90))
    assert words.count("各客服的数字") == pages
    assert f"第 {pages} 页，共 {pages} 页" in words
    assert words.count("近30天") == 1


def test_a_narrow_table_stands_upright_and_a_wide_one_lies(tmp_path: Path) -> None:
    def shape(source: PageTable) -> list[float]:
        export_chart(source, tmp_path / "表.pdf")
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)", (tmp_path / "表.pdf").read_bytes())
        assert box is not None
        return [float(side) for side in box.groups()]

    assert shape(page_table(3, columns=2)) == pytest.approx([595, 842], abs=1)
    wide = TableSpec(COLUMNS * 3, tuple(row * 3 for row in page_table(3).table.rows))
    assert shape(PageTable("w", "宽", wide)) == pytest.approx([842, 595], abs=1)


def test_sheets_clipboard_and_printer_take_tables_too(tmp_path: Path) -> None:
    source = page_table(90)
    export_chart(source, tmp_path / "表.csv")
    assert len((tmp_path / "表.csv").read_text(encoding="utf-8-sig").splitlines()) == 91
    copy_picture(source, load_theme("dark"))
    picture = QGuiApplication.clipboard().image()
    assert picture.width() == figure_size(source, load_theme("dark")).width() * 2
    assert picture.pixelColor(1, 1) == QColor(load_theme("dark").color("surface"))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    print_chart(printer, source)
    assert b"/Count 1" not in (tmp_path / "p.pdf").read_bytes()


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    export_chart(page_table(0), tmp_path / "表.svg")
    assert "没有数据。" in words_of(tmp_path / "表.svg")
