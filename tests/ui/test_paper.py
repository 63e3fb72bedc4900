"""Pages on paper: cards in lines, tables whose numbers stay in one piece."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QApplication

from csdesk.analysis.frame import Kpi
from csdesk.charts.format import Part
from csdesk.charts.spec import Column, Format, TableSpec
from csdesk.metrics.model import MetricStatus, MetricValue, Unit
from csdesk.settings.theme import load_theme
from csdesk.ui.page_document import _blank, _cards
from csdesk.ui.paper_table import SMALLEST, USUAL, parts_of, table_html


def test_few_columns_keep_their_size() -> None:
    assert parts_of([100.0, 50.0, 50.0], 400) == ([[0, 1, 2]], USUAL)


def test_words_get_smaller_before_a_table_is_cut() -> None:
    parts, size = parts_of([100.0] * 5, 450)
    assert parts == [[0, 1, 2, 3, 4]]
    assert size == int(USUAL * 450 / 500)


def test_too_many_columns_stand_in_parts_that_begin_alike() -> None:
    parts, size = parts_of([100.0] * 9, 500)
    assert parts == [[0, 1, 2, 3, 4], [0, 5, 6, 7, 8]]
    assert size >= SMALLEST


@pytest.mark.parametrize("widths", [[5000.0], [5000.0, 10.0], [900.0] * 4])
def test_what_never_fits_is_told_all_the_same(widths: list[float]) -> None:
    parts, size = parts_of(widths, 300)
    assert {column for part in parts for column in part} == set(range(len(widths)))
    assert size == SMALLEST


def test_numbers_of_a_wide_table_are_in_one_piece_on_paper(qapp: QApplication, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: the words on the paper cannot be read back")
    columns = (Column("key", "客服"), *(Column(f"m{at}", f"第{at}个指标的金额", Format.YUAN) for at in range(15)))
    table = TableSpec(columns, tuple((f"客服{row}", *[12345678900 + row] * 15) for row in range(3)))
    path = tmp_path / "t.pdf"
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(14, 14, 14, 14), QPageLayout.Unit.Millimeter)
    theme = load_theme("light")
    document = _blank(writer, theme)
    document.setHtml(table_html(table, theme, document.pageSize().width()))
    document.print_(writer)
    del writer
    words = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert words.count("¥123,456,789.01") == 15
    assert words.count("客服2") > 1


def test_many_cards_stand_in_lines_of_five() -> None:
    value = MetricValue("m", Unit.COUNT, 1.0, MetricStatus.OK)
    kpis = tuple(Kpi("m", f"数{at}", (Part("1"),), value, None, None) for at in range(9))
    html = _cards(kpis, load_theme("light"))
    assert html.count("<tr>") == 6
    assert html.count("<td width='20%'>") == 30
