"""What happens to cards, tables and charts where there is little room, or little to show."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from pytestqt.qtbot import QtBot

from csdesk.analysis.frame import PageTable
from csdesk.charts.build import Drawn, bars_spec
from csdesk.charts.plot.canvas import Canvas, painting
from csdesk.charts.plot.trend import draw_legend
from csdesk.charts.spec import Column, Format, TableSpec
from csdesk.charts.tables import full_bar
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit
from csdesk.settings.theme import load_theme
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.picture import wait_until_drawn
from csdesk.ui.widgets.card_rows import CardRows, Placed
from csdesk.ui.widgets.column_widths import fitted_widths, title_lines
from csdesk.ui.widgets.pieces import ClauseLabel, ElidedLabel
from csdesk.ui.widgets.table_card import TableCard
from tests.ui.fakes import FakeServices


def card_with(qtbot: QtBot, qapp: QApplication, table: TableSpec, width: int) -> TableCard:
    card = TableCard(Look(qapp, "light"))
    qtbot.addWidget(card)
    card.resize(width, 600)
    card.show()
    card.show_table(PageTable("t", "按客服", table))
    return card


def many_columns() -> TableSpec:
    titles = ("接待量", "首次响应", "3分钟回复率", "问题解决率", "询单转化率", "首次响应中位数", "服务水平达成率")
    columns = (Column("key", "客服"), *(Column(title, title, Format.PERCENT) for title in titles))
    return TableSpec(columns, tuple((f"客服{row}", *[0.5] * len(titles)) for row in range(8)))


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("接待量", ("接待量",)), ("首次响应", ("首次响应",)), ("3分钟回复率", ("3分钟", "回复率")),
        ("满意度得分", ("满意度", "得分")), ("首次响应 P90", ("首次响应", "P90")), ("客服销售额", ("客服", "销售额")),
    ],
)  # fmt: skip
def test_titles_are_broken_between_words(title: str, lines: tuple[str, ...]) -> None:
    assert title_lines(title) == lines


def test_titles_take_two_lines_before_a_table_has_to_be_scrolled_sideways(qtbot: QtBot, qapp: QApplication) -> None:
    wide = card_with(qtbot, qapp, many_columns(), 1100).table
    narrow = card_with(qtbot, qapp, many_columns(), 560).table
    assert wide.source.headerData(3, Qt.Orientation.Horizontal) == "3分钟回复率"
    assert narrow.source.headerData(3, Qt.Orientation.Horizontal) == "3分钟\n回复率"
    assert narrow.source.headerData(1, Qt.Orientation.Horizontal) == "接待量"
    qtbot.waitUntil(lambda: narrow.horizontalHeader().height() > wide.horizontalHeader().height())
    assert narrow.horizontalScrollBar().maximum() == 0
    assert narrow.selected_text().splitlines()[0].split("\t")[3] == "3分钟回复率"  # copied as it is


@pytest.mark.parametrize("width", [620, 680, 740, 800, 900, 1000])
def test_no_title_is_cut(qtbot: QtBot, qapp: QApplication, width: int) -> None:
    """Qt cuts by the header's font, which is larger than what the style sheet has it written in."""
    table = card_with(qtbot, qapp, many_columns(), width).table
    header = table.horizontalHeader()
    if header.textElideMode() is Qt.TextElideMode.ElideNone:
        return
    for column in range(table.source.columnCount()):
        title = str(table.source.headerData(column, Qt.Orientation.Horizontal))
        assert header.fontMetrics().horizontalAdvance(title) + 2 * table.pad < table.columnWidth(column)


def test_the_column_with_the_fewest_long_words_gives_way() -> None:
    files, kinds = [300] * 20, [60] * 19 + [200]
    given = fitted_widths([300, 200], [False, False], 430, cells=[files, kinds])
    assert given == [300, 130]
    assert fitted_widths([300, 200], [False, False], 430) == [230, 200]  # nothing known of the cells: the widest


def test_a_search_stays_in_sight_when_few_rows_are_left(qtbot: QtBot, qapp: QApplication) -> None:
    card = card_with(qtbot, qapp, many_columns(), 900)
    qtbot.keyClicks(card.field, "7")
    few = TableSpec(many_columns().columns, many_columns().rows[:2])
    card.show_table(PageTable("t", "按客服", few))
    assert card.table.filter.rowCount() == 0
    assert card.field.isVisible()
    assert card._nothing.isVisible()
    card.field.clear()
    assert not card._nothing.isVisible()
    card.show_table(PageTable("t", "按客服", few))
    assert not card.field.isVisible()


def test_enter_does_what_a_click_does(qtbot: QtBot, qapp: QApplication) -> None:
    card = card_with(qtbot, qapp, many_columns(), 900)
    card.table.setFocus()
    card.table.setCurrentIndex(card.table.filter.index(2, 0))
    with qtbot.waitSignal(card.table.clicked) as got:
        qtbot.keyClick(card.table, Qt.Key.Key_Return)
    assert got.args[0].row() == 2


def test_bars_of_small_shares_can_be_told_apart() -> None:
    def table(*shares: float) -> TableSpec:
        return TableSpec((Column("bad", "差评率", Format.PERCENT, bar=True),), tuple((share,) for share in shares))

    assert full_bar(table(0.01, 0.11), 0) == 0.2
    assert full_bar(table(0.4, 0.51), 0) == 1.0
    assert full_bar(table(), 0) == 0.05


def test_nothing_has_no_bar(qtbot: QtBot, qapp: QApplication) -> None:
    columns = (Column("key", "客服"), Column("share", "满意率", Format.PERCENT, bar=True))
    card = card_with(qtbot, qapp, TableSpec(columns, (("小美", 0.0), ("阿杰", 0.9))), 700)
    blue = Look(qapp, "light").color("series1").rgb()

    def blues(row: int) -> int:
        rect = card.table.visualRect(card.table.filter.index(row, 1))
        image = card.table.viewport().grab(rect).toImage()
        return sum(image.pixel(x, y) == blue for x in range(image.width()) for y in range(image.height()))

    assert blues(0) == 0
    assert blues(1) > 50


def test_one_sample_of_all_bars_is_told_once() -> None:
    def rows(*samples: int) -> list[MetricRow]:
        values = (MetricValue("m", Unit.RATE, 0.2, MetricStatus.OK, n=n) for n in samples)
        return [MetricRow(f"类{at}", {"m": value}) for at, value in enumerate(values)]

    alike = bars_spec("c", "占比", rows(50, 50, 50), Drawn("m", "占比"), key_title="类别")
    assert [point.note for point in alike.series[0].points] == ["", "", ""]
    assert alike.footnote == "样本都是 50。"
    other = bars_spec("c", "占比", rows(50, 60), Drawn("m", "占比"), key_title="类别")
    assert [point.note for point in other.series[0].points] == ["n=50", "n=60"]
    assert bars_spec("c", "占比", rows(50), Drawn("m", "占比"), key_title="类别").series[0].points[0].note == "n=50"


def test_every_name_of_a_legend_is_there(qapp: QApplication) -> None:
    image = QImage(500, 18, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    theme = load_theme("light")
    roles = ["series1", "series2", "series3", "series4"]
    with painting(image) as painter:
        names = ["商品咨询（尺寸、颜色、材质、搭配、适用季节与床型等所有售前问题）", "优惠", "物流", "退换货"]
        draw_legend(Canvas(painter, theme), QRectF(0, 0, 500, 18), list(zip(names, roles, strict=True)))
    seen = {image.pixelColor(x, 9).name() for x in range(500)}
    assert {theme.color(role).lower() for role in roles} <= seen


@pytest.mark.parametrize(
    ("width", "text"),
    [(400, "近 15 天还会变，先不判断"), (110, "近 15 天还会变"), (40, "未定")],
)
def test_whole_clauses_go_before_words_are_cut(qtbot: QtBot, width: int, text: str) -> None:
    words = ClauseLabel("近 15 天还会变，先不判断")
    words.short = "未定"
    qtbot.addWidget(words)
    words.setFixedWidth(width)
    words.show()
    assert words.shown_text() == text
    assert bool(words.toolTip()) is (width < 400)


def test_the_tip_of_a_cut_text_follows_the_text(qtbot: QtBot) -> None:
    words = ElidedLabel("短")
    qtbot.addWidget(words)
    words.setFixedWidth(60)
    words.show()
    assert not words.toolTip()
    words.setText("长得放不下的一句话")
    assert words.toolTip() == "长得放不下的一句话"


def test_cards_of_a_broken_row_stand_in_columns(qtbot: QtBot) -> None:
    holder, rows = QWidget(), CardRows(10)
    holder.setLayout(rows)
    qtbot.addWidget(holder)
    cards = [QFrame(holder) for _ in range(9)]
    rows.add_row([(card, Placed(1, lambda _width: 50, 150)) for card in cards], even=True)
    holder.resize(1000, 200)
    holder.show()
    rows.activate()
    assert len({card.width() for card in cards}) == 1
    assert [card.x() for card in cards[5:]] == [card.x() for card in cards[:4]]
    assert rows.narrowest_in(0, 1000) == cards[0].width()


def test_a_page_that_fits_does_not_scroll(
    qtbot: QtBot, window: MainWindow, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notes below the cards take their room too."""
    window.resize(1400, 2400)
    wait_until_drawn(window)
    view = window.page.view  # type: ignore[attr-defined]
    notes = view._notes
    notes.setText("\n".join(["满意率合并了几个平台，各平台口径不同，请分平台看。"] * 3))
    notes.show()
    view._share_out()
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() == 0)
    assert notes.isVisible()
