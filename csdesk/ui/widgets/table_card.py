"""A table in a card: sorting, searching, copying, in-cell bars, export."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from csdesk.analysis.frame import PageTable
from csdesk.charts.spec import TableSpec
from csdesk.settings.store import Settings
from csdesk.ui.look import Look
from csdesk.ui.models.table_model import BAR_ROLE, MUTED_ROLE, TableFilter, TableModel
from csdesk.ui.widgets.cards import Card
from csdesk.ui.widgets.pieces import label
from csdesk.ui.widths import remember_widths, remembered_widths

_ROW_HEIGHT = 34
_MOST_ROWS = 20
_PAD = 10
_NARROWEST_WORDS = 120
_WORDS_BESIDE_MORE = 240
_LONGEST_BAR = 120
_NUMBER_ROOM = 70
_BAR_ROOM = 76
_SHORTEST_BAR = 30
_MEASURED_ROWS = 400
_ARROW_ROOM = 18
_SMALLER = 3  # titles are set smaller than the cells they are measured as


def fitted_widths(needs: Sequence[int], numeric: Sequence[bool], room: int, bars: Sequence[bool] = ()) -> list[int]:
    """Column widths that fill ``room``: words get more of what is spare.

    Where it is short, in-cell bars (part of ``needs`` where ``bars`` says so) give way first, then words; where
    even that is not enough, words keep a readable width.
    """
    found = list(needs)
    spare = room - sum(found)
    with_bars = [column for column, bar in enumerate(bars) if bar]
    if spare < 0 and with_bars:
        cut = min(_BAR_ROOM, -(spare // len(with_bars)))
        cut = _BAR_ROOM if cut > _BAR_ROOM - _SHORTEST_BAR else cut
        for column in with_bars:
            found[column] -= cut
        spare = room - sum(found)
    if spare >= 0:
        weights = [1 if number else 2 for number in numeric]
        given = [spare * weight // sum(weights) for weight in weights]
        return [need + more for need, more in zip(found, given, strict=True)]
    wanted = list(found)
    while spare < 0:
        widest = max((width for width, number in zip(found, numeric, strict=True) if not number), default=0)
        if widest <= _NARROWEST_WORDS:  # it will have to scroll sideways: then names may as well be read
            return [
                width if number else min(width, _WORDS_BESIDE_MORE)
                for width, number in zip(wanted, numeric, strict=True)
            ]
        place = next(index for index, width in enumerate(found) if width == widest and not numeric[index])
        cut = min(-spare, 20, widest - _NARROWEST_WORDS)
        found[place] -= cut
        spare += cut
    return found


class CellPainter(QStyledItemDelegate):
    """Text on a hairline; a faint bar behind numbers that have one; grey rows for small samples."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one cell."""
        painter.save()
        rect = QRectF(option.rect)
        view = option.widget
        selected = isinstance(view, QTableView) and view.selectionModel().isSelected(index)
        if selected:
            painter.fillRect(rect, self._look.color("selection"))
        painter.setPen(self._look.color("hairline"))
        # The cell's own last line of pixels: the one below belongs to the next row, which paints over it.
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        muted = bool(index.data(MUTED_ROLE))
        share = index.data(BAR_ROLE)
        if share is not None and getattr(view, "with_bars", True):
            self._bar(painter, rect, float(share), muted=muted)
        painter.setPen(self._look.color(self.text_role(index)))
        painter.setFont(option.font)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        # In the middle: names of one shop or one export differ at their ends.
        text = option.fontMetrics.elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideMiddle, round(inner.width())
        )
        painter.drawText(inner, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), text)
        painter.restore()

    def text_role(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The colour of a cell's text."""
        return "text3" if index.data(MUTED_ROLE) else "text"

    def sizeHint(  # noqa: N802  Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As wide as the text."""
        width = option.fontMetrics.horizontalAdvance(str(index.data() or ""))
        return QSize(width + 2 * _PAD + (_BAR_ROOM if index.data(BAR_ROLE) is not None else 0), _ROW_HEIGHT)

    def _bar(self, painter: QPainter, rect: QRectF, share: float, *, muted: bool) -> None:
        room = min(_LONGEST_BAR, rect.width() - 2 * _PAD - _NUMBER_ROOM)
        if room <= 0:
            return
        right = rect.right() - _PAD - _NUMBER_ROOM
        middle = rect.center().y()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color("track"))
        painter.drawRoundedRect(QRectF(right - room, middle - 3, room, 6), 3, 3)
        painter.setBrush(self._look.color("muted" if muted else "series1"))
        painter.drawRoundedRect(QRectF(right - room, middle - 3, max(6.0, room * share), 6), 3, 3)


class LinkPainter(CellPainter):
    """Draws the cells that ``is_link`` names like what they are: something to click."""

    def __init__(self, look: Look, is_link: Callable[[QModelIndex | QPersistentModelIndex], bool]) -> None:
        super().__init__(look)
        self._is_link = is_link

    def text_role(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Links in the accent's colour."""
        return "accent_text" if self._is_link(index) else super().text_role(index)


class Table(QTableView):
    """The view: Ctrl+C copies the selection as text that spreadsheets take.

    ``widths_set`` carries the column widths after the owner has dragged one; ``resized`` follows each new size.
    """

    widths_set = Signal(object)
    resized = Signal()

    def __init__(self, look: Look, model: TableModel) -> None:
        super().__init__()
        self.source = model
        self.filter = TableFilter()
        self.filter.setSourceModel(model)
        self.setModel(self.filter)
        self._painter = CellPainter(look)
        self.setItemDelegate(self._painter)
        self.setSortingEnabled(True)
        self.filter.sort(-1)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(52)
        header.setSortIndicatorClearable(True)
        self.moved_by_owner = False
        self.with_bars = True
        self._fitting = False
        header.sectionResized.connect(self._resized)
        header.sortIndicatorChanged.connect(lambda _column, _order: self.fit())
        self.setMouseTracking(True)
        look.changed.connect(self.viewport().update)

    def fit(self) -> None:
        """Give each column what it needs and share out the rest; leaves widths the owner has set."""
        model = self.source
        if self.moved_by_owner or not model.columnCount():
            return
        self._fitting = True
        columns = [column for column in range(model.columnCount()) if not self.isColumnHidden(column)]
        bars = [model.spec.columns[column].bar for column in columns]
        narrowest = self.horizontalHeader().minimumSectionSize()
        cells = [max(narrowest, self._needed(column)) for column in columns]
        titles = [self.horizontalHeader().sectionSizeHint(column) + 6 for column in columns]
        needs = [max(cell, title + bar * _BAR_ROOM) for cell, title, bar in zip(cells, titles, bars, strict=True)]
        if sum(needs) - _BAR_ROOM * sum(bars) > self.viewport().width():  # titles keep no room for an arrow to come
            tight = [self._title_alone(column) for column in columns]
            needs = [max(cell, title + bar * _BAR_ROOM) for cell, title, bar in zip(cells, tight, bars, strict=True)]
        numeric = [model.numeric(column) or model.spec.columns[column].whole for column in columns]
        widths = fitted_widths(needs, numeric, self.viewport().width(), bars)
        self.with_bars = self._room_for_bars(widths, needs, bars)
        for column, width in zip(columns, widths, strict=True):
            self.setColumnWidth(column, width)
        self._fitting = False

    def leave_out(self, left_out: Container[int]) -> None:
        """Show all columns but these; their room goes to the others. What is copied or exported keeps them."""
        self._fitting = True
        for column in range(self.source.columnCount()):
            self.setColumnHidden(column, column in left_out)
        self._fitting = False
        self.fit()

    def _title_alone(self, column: int) -> int:
        """Width of a title, with the arrow only where the table is sorted by it."""
        arrow = _ARROW_ROOM if self.horizontalHeader().sortIndicatorSection() == column else 0
        words = self.fontMetrics().horizontalAdvance(self.source.spec.columns[column].title)
        return words + 2 * _PAD - _SMALLER + arrow

    @staticmethod
    def _room_for_bars(widths: Sequence[int], needs: Sequence[int], bars: Sequence[bool]) -> bool:
        """All columns keep their bars, if shorter ones, or none does."""
        left = (width - need + _BAR_ROOM for width, need, bar in zip(widths, needs, bars, strict=True) if bar)
        return all(room >= _SHORTEST_BAR for room in left)

    def _needed(self, column: int) -> int:
        """Width of the longest cell; Qt's own hint looks only at the rows that happen to be in view."""
        cells = (self.source.index(row, column) for row in range(min(_MEASURED_ROWS, self.source.rowCount())))
        widths = (self.fontMetrics().horizontalAdvance(str(index.data() or "")) for index in cells)
        bar = _BAR_ROOM if self.source.spec.columns[column].bar else 0
        return max(widths, default=0) + 2 * _PAD + 2 + bar

    def use_widths(self, widths: Sequence[int]) -> None:
        """Take widths the owner had set before."""
        self._fitting = self.moved_by_owner = True
        for column, width in enumerate(widths):
            if width:  # it was left out when they were set
                self.setColumnWidth(column, width)
        self._fitting = False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Share the width out again."""
        super().resizeEvent(event)
        self.fit()
        self.resized.emit()

    def copy(self) -> None:
        """The selected cells, or everything shown with its header where nothing is selected."""
        QGuiApplication.clipboard().setText(self.selected_text())

    def selected_text(self) -> str:
        """Selected cells as tab-separated lines; without a selection the whole table with its header."""
        chosen = self.selectionModel().selectedIndexes()
        if not chosen:
            spec = self.shown()
            titles = "\t".join(column.title for column in spec.columns)
            rows = range(self.filter.rowCount())
            columns = range(self.filter.columnCount())
            lines = ["\t".join(str(self.filter.index(row, column).data()) for column in columns) for row in rows]
            return "\n".join([titles, *lines])
        rows_there = sorted({index.row() for index in chosen})
        columns_there = sorted({index.column() for index in chosen})
        picked = {(index.row(), index.column()): str(index.data()) for index in chosen}
        return "\n".join("\t".join(picked.get((row, column), "") for column in columns_there) for row in rows_there)

    def shown(self) -> TableSpec:
        """The table as sorted and searched now."""
        spec = self.source.spec
        order = [self.filter.mapToSource(self.filter.index(row, 0)).row() for row in range(self.filter.rowCount())]
        muted = frozenset(place for place, row in enumerate(order) if row in spec.muted)
        return TableSpec(spec.columns, tuple(spec.rows[row] for row in order), muted)

    def _resized(self) -> None:
        if not self._fitting and self.isVisible():
            self.moved_by_owner = True
            self.widths_set.emit([self.columnWidth(column) for column in range(self.source.columnCount())])


class TableCard(Card):
    """A table with its title, search field and ⋯ menu. ``menu_wanted`` fills the menu."""

    menu_wanted = Signal(object, object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.spec: PageTable | None = None
        self._settings: Settings | None = None
        self.field = QLineEdit()
        self.field.setProperty("role", "search")
        self.field.setPlaceholderText(self.tr("在表里找（Ctrl+F）"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(190)
        self.field.setAcceptDrops(False)  # files dropped here are for the window
        self.tool(self.field)
        self.menu(self.tr("复制、导出、打印这张表"), self._fill)
        self.model = TableModel(TableSpec((), ()))
        self.table = Table(look, self.model)
        self.table.resized.connect(self._take_height)
        self.field.textChanged.connect(self._search)
        self._nothing = label(self.tr("没有找到。换个词试试，拼音首字母也行。"), "hint")
        self._nothing.hide()
        self.put(self.table)
        self.put(self._nothing, 0)

    def show_table(self, page_table: PageTable) -> None:
        """Show this one."""
        self.say(page_table.title, page_table.subtitle)
        other = self.spec is None or self.spec.table.columns != page_table.table.columns
        self.spec = page_table
        self.model.show_spec(page_table.table)
        if other:
            self._take_widths()
        self.table.fit()
        self._take_height()
        self.field.setVisible(len(page_table.table.rows) > 6)

    def remember_with(self, settings: Settings) -> None:
        """Keep column widths in these settings."""
        self._settings = settings
        self.table.widths_set.connect(self._keep_widths)

    def _take_widths(self) -> None:
        self.table.moved_by_owner = False
        if self._settings is not None and self.spec is not None:
            kept = remembered_widths(self._settings, f"table.{self.spec.id}", self.model.columnCount())
            if kept:
                self.table.use_widths(kept)

    def _keep_widths(self, widths: list[int]) -> None:
        if self._settings is not None and self.spec is not None:
            remember_widths(self._settings, f"table.{self.spec.id}", widths)

    def source_row(self, view_row: int) -> int:
        """Which row of the table as it was given stands here, sorted and searched as it is."""
        return self.table.filter.mapToSource(self.table.filter.index(view_row, 0)).row()

    def chosen_rows(self) -> list[int]:
        """The rows of the table as it was given in which a cell is selected, in their order there."""
        view_rows = {index.row() for index in self.table.selectionModel().selectedIndexes()}
        return sorted(self.source_row(view_row) for view_row in view_rows)

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _take_height(self) -> None:
        self.table.setFixedHeight(self._height())

    def _height(self) -> int:
        """Whole rows only: half a row at the edge looks like a mistake. There is room for a bar to scroll sideways."""
        rows = min(_MOST_ROWS, max(1, self.model.rowCount()))
        frame = 2 * self.table.frameWidth()
        sideways = self.table.horizontalHeader().length() > self.table.viewport().width()
        bar = self.table.horizontalScrollBar().sizeHint().height() if sideways else 0
        return rows * _ROW_HEIGHT + self.table.horizontalHeader().sizeHint().height() + frame + bar

    def _search(self, text: str) -> None:
        self.table.filter.search(text)
        self._nothing.setVisible(self.table.filter.rowCount() == 0)

    def _fill(self, menu: QMenu) -> None:
        self.menu_wanted.emit(self, menu)
