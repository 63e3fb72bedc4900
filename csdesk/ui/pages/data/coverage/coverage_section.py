"""数据覆盖 as a section: the calendar, and what is to be exported."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from csdesk.analysis.coverage import MISSING, Coverage, Gap, SourceCalendar
from csdesk.domain.period import from_epoch_day, to_epoch_day
from csdesk.ui.context import Context
from csdesk.ui.exporting import Exporter
from csdesk.ui.look import Look, restyle
from csdesk.ui.pages.data.coverage import presenter as words
from csdesk.ui.pages.data.coverage.how_popup import HowPopup
from csdesk.ui.pages.data.coverage.presenter import Sight, Zoom
from csdesk.ui.pages.data.coverage.strips import CalendarStrips, draw_state
from csdesk.ui.pages.data.section import ScrollBody, Section, first_steps
from csdesk.ui.widgets.cards import Card
from csdesk.ui.widgets.choice_popup import Choice, ChoicePopup
from csdesk.ui.widgets.filter_bar import Chip
from csdesk.ui.widgets.pieces import ElidedLabel, IconButton, button, column, label, row
from csdesk.ui.widgets.table_card import LinkPainter, TableCard


class Swatch(QWidget):
    """A state of the legend as it is drawn in the calendar."""

    def __init__(self, look: Look, state: str) -> None:
        super().__init__()
        self._look, self._state = look, state
        self.setFixedSize(16, 16)
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_state(painter, self._look, self._state, QRectF(1, 1, 14, 14), 3)


class CoverageSection(Section):
    """Joins the calendar with the table of gaps."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._version = -1
        self._asked = 0
        self._loading = False
        self.coverage = Coverage()
        self.sight = Sight(Zoom.YEAR, 0, 0)
        self._shop = ""
        self._shown_gaps: list[Gap] = []
        self.popup: HowPopup | None = None
        self.exporter = Exporter(self, context)
        self.calendar = CalendarStrips(context.look)
        self.card = Card(context.look, self.tr("数据覆盖日历"))
        self._build_tools()
        self.detail = ElidedLabel("", "second", Qt.TextElideMode.ElideMiddle)
        self.card.put(self.detail, 0)
        self.card.put(self.calendar, 0)
        self.card.put(self._legend(), 0)
        self.gaps = TableCard(context.look)
        self._links = LinkPainter(context.look, lambda index: index.column() == words.HOW_COLUMN)
        self.gaps.table.setItemDelegate(self._links)
        self.gaps.remember_with(context.services.settings)
        self._body = ScrollBody(context.look)
        self._body.lines.addWidget(self.card)
        self._body.lines.addWidget(self.gaps)
        self.empty = first_steps(context, words.EMPTY_STATE)
        self._body.lines.addWidget(self.empty)
        lines = column()
        lines.addWidget(self._body)
        self.setLayout(lines)
        self.calendar.told.connect(self._tell)
        self.calendar.chosen.connect(self._chosen)
        self.calendar.turned.connect(self.turn)
        self.calendar.zoomed.connect(self._zoom_by)
        self.gaps.table.clicked.connect(self._gap_clicked)
        self.gaps.table.activated.connect(self._gap_clicked)
        self.gaps.menu_wanted.connect(self.exporter.fill_table_menu)
        self._show()

    # what the window asks

    def refresh(self, *, force: bool = False) -> None:
        """Read the calendar anew where the data have changed."""
        version = self._context.services.data_version()
        if version == self._version and not force:
            return
        self._version = version
        self._asked += 1
        asked = self._asked
        self._loading = True
        self._context.jobs.read(lambda _task: self._context.services.coverage.calendar()).on_done(
            lambda found: self._take(found, asked)
        ).start()

    def show_demo_at_work(self, fraction: float | None) -> None:
        """Say so on the button that offers them."""
        self.empty.show_demo_at_work(fraction)

    def search(self) -> None:
        """Ctrl+F: find a gap."""
        if self.gaps.isVisible():
            self.gaps.focus_search()

    def ready(self) -> bool:
        """Whether the newest calendar is drawn."""
        return not self._loading

    # the days in sight

    def zoom(self, zoom: Zoom) -> None:
        """Show a month, a quarter, a year or everything."""
        anchor = min(self.sight.last, self._last_day())
        self.sight = words.sight_of(zoom, from_epoch_day(anchor), self.coverage)
        self._show()

    def turn(self, steps: int) -> None:
        """The span before or after."""
        self.sight = words.moved(self.sight, steps, self.coverage)
        self._show()

    def choose_shop(self, shop: str) -> None:
        """Show one shop; "" = all."""
        self._shop = shop
        self._show()

    def _last_day(self) -> int:
        return to_epoch_day(self.coverage.last or self.coverage.today)

    def _zoom_by(self, steps: int) -> None:
        order = list(Zoom)
        place = order.index(self.sight.zoom) + steps
        if 0 <= place < len(order):
            self.zoom(order[place])

    def _take(self, found: Coverage, asked: int) -> None:
        if asked != self._asked:
            return
        self._loading = False
        fresh = not self.coverage.strips
        self.coverage = found
        if fresh or self.sight.zoom is Zoom.ALL:
            self.sight = words.first_sight(found) if fresh else words.sight_of(Zoom.ALL, found.today, found)
        if self._shop not in found.shops:
            self._shop = ""
        self._show()

    def _show(self) -> None:
        found = self.coverage
        self._body.show_lead(words.lead(found))
        strips = [strip for strip in found.strips if self._shop in ("", strip.shop)]
        gaps = [gap for gap in found.gaps if self._shop in ("", gap.strip.shop)]
        self.card.setVisible(bool(found.strips))
        self.empty.setVisible(not found.strips and not self._loading)
        self.gaps.setVisible(bool(gaps))
        self.calendar.show_days(found, strips, self.sight)
        self.gaps.show_table(words.gap_table(gaps))
        self._shown_gaps = gaps
        self.span.setText(self.sight.label)
        for zoom, tab in self.zooms.items():
            mine = zoom is self.sight.zoom
            tab.setChecked(mine)
            if tab.property("active") != mine:
                tab.setProperty("active", mine)
                restyle(tab)
        whole = self.sight.zoom is Zoom.ALL
        self.earlier.setEnabled(not whole and words.moved(self.sight, -1, found) != self.sight)
        self.later.setEnabled(not whole and words.moved(self.sight, 1, found) != self.sight)
        self.shop.setVisible(len(found.shops) > 1)
        self.shop.say(self.tr("店铺"), self._shop or self.tr("全部"), active=bool(self._shop))
        self._tell("")

    # what the owner does

    def _tell(self, text: str) -> None:
        self.detail.setText(text or self.tr("把鼠标放到某一天上看详情；点一下看是哪次导入的，缺的天看到哪里导出。"))
        self.detail.update()

    def _chosen(self, strip: SourceCalendar, day: int) -> None:
        files = strip.brought_by(day)
        if files:
            self._context.go(f"data/imports/{files[0].batch}")
        elif strip.state(day) == MISSING:
            line = next(at for at, each in enumerate(self.calendar.lines) if each is strip)
            spot = self.calendar.place_of(line, day).toPoint() + QPoint(0, 12)
            self._open_how(self.calendar, spot, words.day_words(strip, day, self.coverage.today), strip)

    def _gap_clicked(self, index: QModelIndex) -> None:
        if index.column() != words.HOW_COLUMN:
            return
        gap = self._shown_gaps[self.gaps.source_row(index.row())]
        rect = self.gaps.table.visualRect(index)
        self._open_how(self.gaps.table.viewport(), rect.bottomLeft(), gap.text, gap.strip)

    def _open_how(self, over: QWidget, spot: QPoint, title: str, strip: SourceCalendar) -> None:
        self.popup = HowPopup(self, title, strip.hints)
        anchor = QWidget(over)
        anchor.setGeometry(spot.x(), spot.y() - 1, 1, 1)
        self.popup.closed.connect(anchor.deleteLater)
        self.popup.open_under(anchor)

    def _choose_shop_clicked(self) -> None:
        choices = [Choice("", self.tr("全部")), *(Choice(name, name) for name in self.coverage.shops)]
        popup = ChoicePopup(self, choices, {self._shop}, multiple=False)
        popup.chosen.connect(lambda keys: self.choose_shop(next(iter(keys))))
        popup.open_under(self.shop)

    # layout

    def _build_tools(self) -> None:
        look = self._context.look
        self.shop = Chip()
        self.shop.clicked.connect(lambda _checked=False: self._choose_shop_clicked())
        self.zooms: dict[Zoom, QToolButton] = {}
        group = QButtonGroup(self)
        self.card.tool(self.shop)
        for zoom in Zoom:
            tab = QToolButton()
            tab.setProperty("role", "chip")
            tab.setText(zoom.label)
            tab.setCheckable(True)
            tab.setCursor(Qt.CursorShape.PointingHandCursor)
            tab.clicked.connect(lambda _checked=False, zoom=zoom: self.zoom(zoom))
            group.addButton(tab)
            self.card.tool(tab)
            self.zooms[zoom] = tab
        self.earlier = IconButton(look, "chevron-left", self.tr("往前（PageUp）"))
        self.later = IconButton(look, "chevron-right", self.tr("往后（PageDown）"))
        self.span = label("", "strong")
        self.span.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.span.setMinimumWidth(112)
        self.earlier.clicked.connect(lambda _checked=False: self.turn(-1))
        self.later.clicked.connect(lambda _checked=False: self.turn(1))
        for tool in (self.earlier, self.span, self.later):
            self.card.tool(tool)

    def _legend(self) -> QWidget:
        holder = QWidget()
        line = row(margins=(0, 4, 0, 4), spacing=6)
        for state, title in words.STATE_TITLES.items():
            line.addWidget(Swatch(self._context.look, state))
            line.addWidget(label(title, "small"))
            line.addSpacing(12)
        line.addStretch(1)
        line.addWidget(button(self.tr("看导入记录"), "link", lambda: self._context.go("data/imports")))
        holder.setLayout(line)
        return holder
