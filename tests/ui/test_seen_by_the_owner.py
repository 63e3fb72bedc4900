"""Small things an owner notices at once: whole rows, whole words, Chinese dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from csdesk.analysis.frame import Kpi, PageTable
from csdesk.charts.format import Part
from csdesk.charts.spec import Column, Format, TableSpec
from csdesk.domain.period import Period
from csdesk.metrics.model import MetricPart, MetricStatus, MetricValue, Unit
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.imports.ledger_view import ledger_table
from csdesk.ui.widgets.kpi_card import BigNumber, KpiCard
from csdesk.ui.widgets.period_popup import MonthBar, SpanCalendar
from csdesk.ui.widgets.table_card import TableCard
from tests.ui.fakes import sample_ledger


def rows_table(rows: int, words: str = "小美") -> PageTable:
    columns = (Column("key", "客服"), Column("share", "满意率", Format.PERCENT, bar=True))
    return PageTable("t", "按客服", TableSpec(columns, tuple((f"{words}{row}", 0.5) for row in range(rows))))


def shown_card(qtbot: QtBot, qapp: QApplication, table: PageTable, width: int) -> TableCard:
    card = TableCard(Look(qapp, "light"))
    qtbot.addWidget(card)
    card.resize(width, 900)
    card.show()
    card.show_table(table)
    return card


def test_columns_left_out_give_their_room_away_and_are_copied_all_the_same(qtbot: QtBot, qapp: QApplication) -> None:
    columns = (Column("file", "文件"), Column("changed", "更新", Format.COUNT), Column("rows", "行", Format.COUNT))
    page_table = PageTable("t", "导入记录", TableSpec(columns, (("抖音_2026-11-21_客服表现.xlsx" * 3, 0, 8),)))
    table = shown_card(qtbot, qapp, page_table, 500).table
    before = table.columnWidth(0)
    table.leave_out({1})
    assert table.isColumnHidden(1)
    assert table.columnWidth(0) > before
    assert table.selected_text().startswith("文件\t更新\t行")
    table.use_widths([300, 0, 60])
    table.leave_out(())
    assert table.columnWidth(1) > 0


def test_a_long_table_ends_with_a_whole_row(qtbot: QtBot, qapp: QApplication) -> None:
    table = shown_card(qtbot, qapp, rows_table(60), 700).table
    assert table.viewport().height() % table.rowHeight(0) == 0
    assert table.viewport().height() // table.rowHeight(0) == 31


def test_bars_are_drawn_in_all_columns_or_in_none(qtbot: QtBot, qapp: QApplication) -> None:
    table = rows_table(8, "云间小铺官方旗舰店售前接待组资深客服")
    assert shown_card(qtbot, qapp, table, 700).table.with_bars
    assert not shown_card(qtbot, qapp, table, 240).table.with_bars


def test_names_that_are_cut_off_can_be_read_in_the_tool_tip(qtbot: QtBot, qapp: QApplication) -> None:
    card = shown_card(qtbot, qapp, rows_table(8, "云间小铺官方旗舰店售前接待组"), 300)
    assert card.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "云间小铺官方旗舰店售前接待组0"
    assert card.model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) is None


def test_the_ledger_has_room_for_spans_that_are_not_in_view(qtbot: QtBot, qapp: QApplication) -> None:
    entry = sample_ledger()[0]
    day, span = Period.of_day(date(2026, 11, 20)), Period(date(2026, 10, 1), date(2026, 10, 31))
    entries = [replace(entry, period=day)] * 30 + [replace(entry, period=span)]
    card = shown_card(qtbot, qapp, PageTable("ledger", "导入记录", ledger_table(entries)), 1200)
    assert card.table.columnWidth(3) >= card.table.fontMetrics().horizontalAdvance("2026-10-01 至 2026-10-31")


def test_members_of_archives_are_written_alike_everywhere() -> None:
    entry = replace(sample_ledger()[0], file_name="两个表.zip!会话明细.csv")
    assert ledger_table([entry]).rows[0][0] == "两个表.zip › 会话明细.csv"


def test_the_calendar_writes_months_the_chinese_way(qtbot: QtBot, qapp: QApplication) -> None:
    look = Look(qapp, "light")
    calendar = SpanCalendar(look, Period(date(2026, 11, 1), date(2026, 11, 21)), None)
    bar = MonthBar(look, calendar)
    qtbot.addWidget(calendar)
    qtbot.addWidget(bar)
    month = bar.findChild(QLabel)
    assert month is not None
    assert month.text() == "2026年11月"
    calendar.showNextMonth()
    calendar.showNextMonth()
    assert month.text() == "2027年1月"


def card_of(qtbot: QtBot, qapp: QApplication, kpi: Kpi, width: int) -> KpiCard:
    card = KpiCard(Look(qapp, "light"))
    qtbot.addWidget(card)
    card.show_kpi(kpi)
    card.setFixedWidth(width)
    card.show()
    return card


def test_the_title_of_a_narrow_card_is_whole(qtbot: QtBot, qapp: QApplication) -> None:
    value = MetricValue("conversion_rate", Unit.RATE, None, MetricStatus.NOT_PROVIDED)
    kpi = Kpi("conversion_rate", "询单转化率", (Part("–"),), value, None, None, (), "导出里不提供")
    title = card_of(qtbot, qapp, kpi, 158).findChildren(QLabel)[0]
    assert title.text() == "询单转化率"
    assert title.width() >= title.sizeHint().width()


def test_numbers_side_by_side_fit_into_a_narrow_card(qtbot: QtBot, qapp: QApplication) -> None:
    parts = (MetricPart("taobao", 0.419, 419, 1000, "淘宝：付款 / 询单"), MetricPart("douyin", 0.369, 369, 1000, ""))
    value = MetricValue("conversion_rate", Unit.RATE, None, MetricStatus.NOT_SUMMABLE, parts=parts)
    written = (Part("淘宝 ", unit=True), Part("41.9%"), Part(" · 抖店 ", unit=True), Part("36.9%"))
    card = card_of(qtbot, qapp, Kpi("conversion_rate", "询单转化率", written, value, None, None), 158)
    number = card.findChild(BigNumber)
    assert number is not None
    assert number.accessibleName() == "淘宝 41.9% · 抖店 36.9%"
    assert number.minimumSizeHint().width() <= number.width()


def test_before_the_first_import_no_made_up_dates_are_offered(empty_window: MainWindow) -> None:
    assert empty_window.bar.period.text() == "近 30 天 ▾"
    assert empty_window.filter.request().selection.period is None
