"""A table in a card: sorting, searching, copying, in-cell bars, export."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from csdesk.analysis.frame import PageTable
from csdesk.charts.spec import TableSpec
from csdesk.settings.store import Settings
from csdesk.ui.look import Look, restyle
from csdesk.ui.models.table_model import BAR_ROLE, MUTED_ROLE, Painted, TableFilter, TableModel
from csdesk.ui.widgets.cards import Card
from csdesk.ui.widgets.column_widths import BAR_ROOM, SHORTEST_BAR, fitted_widths, title_lines
from csdesk.ui.widgets.pieces import SearchField, label
from csdesk.ui.widths import remember_widths, remembered_widths

_ROW_HEIGHT = 34
_MOST_ROWS = 31  # a month of days without a second scroll bar inside the page's
_FEW_ROWS = 6  # searched with the eyes
_PAD = 10
_TIGHT_PAD = 6
_AIR = 4
_LONGEST_BAR = 120
_NUMBER_ROOM = 70
_MEASURED_ROWS = 400
_ARROW_ROOM = 18
_TITLE_EDGE = 4
_NARROWEST = 44
_MODES = ((False, _PAD, True), (False, _PAD, False), (True, _PAD, False), (True, _TIGHT_PAD, False))
"""What columns get, from roomy to tight: titles in two lines, room beside the words, room for an arrow to come."""


_ORDERS = {Qt.Key.Key_Up: Qt.SortOrder.AscendingOrder, Qt.Key.Key_Down: Qt.SortOrder.DescendingOrder}


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
        cell = _cell(view, index)
        if isinstance(view, QTableView) and view.selectionModel().isSelected(index):
            painter.fillRect(rect, self._look.color("selection"))
        painter.setPen(self._look.color("hairline"))
        # The cell's own last line of pixels: the one below belongs to the next row, which paints over it.
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if cell.share is not None and getattr(view, "with_bars", True):
            self._bar(painter, rect, cell.share, muted=cell.muted)
        painter.setPen(self._look.color(self.text_role(index, muted=cell.muted)))
        painter.setFont(option.font)
        pad = getattr(view, "pad", _PAD)
        inner = rect.adjusted(pad, 0, -pad, 0)
        # In the middle: names of one shop or one export differ at their ends.
        text = option.fontMetrics.elidedText(cell.text, Qt.TextElideMode.ElideMiddle, round(inner.width()))
        painter.drawText(inner, cell.alignment, text)
        painter.restore()

    def text_role(self, index: QModelIndex | QPersistentModelIndex, *, muted: bool) -> str:
        """The colour of a cell's text."""
        return "text3" if muted else "text"

    def sizeHint(  # noqa: N802  Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As wide as the text."""
        width = option.fontMetrics.horizontalAdvance(str(index.data() or ""))
        return QSize(width + 2 * _PAD + (BAR_ROOM if index.data(BAR_ROLE) is not None else 0), _ROW_HEIGHT)

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
        if share <= 0:  # nothing is nothing, not a dot
            return
        painter.setBrush(self._look.color("muted" if muted else "series1"))
        painter.drawRoundedRect(QRectF(right - room, middle - 3, max(6.0, room * share), 6), 3, 3)


class LinkPainter(CellPainter):
    """Draws the cells that ``is_link`` names like what they are: something to click."""

    def __init__(self, look: Look, is_link: Callable[[QModelIndex | QPersistentModelIndex], bool]) -> None:
        super().__init__(look)
        self._is_link = is_link

    def text_role(self, index: QModelIndex | QPersistentModelIndex, *, muted: bool) -> str:
        """Links in the accent's colour."""
        return "accent_text" if self._is_link(index) else super().text_role(index, muted=muted)


def _cell(view: object, index: QModelIndex | QPersistentModelIndex) -> Painted:
    if isinstance(view, Table) and isinstance(index, QModelIndex):
        place = view.filter.mapToSource(index)
        return view.source.painted(place.row(), place.column())
    alignment = int(index.data(Qt.ItemDataRole.TextAlignmentRole))
    return Painted(str(index.data() or ""), alignment, bool(index.data(MUTED_ROLE)), index.data(BAR_ROLE))


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
        header.setMinimumSectionSize(_NARROWEST)
        header.setSortIndicatorClearable(True)
        self.moved_by_owner = False
        self.with_bars = True
        self.pad = _PAD
        self._title_font = look.font("small")
        self._fitting = False
        header.sectionResized.connect(self._resized)
        header.sortIndicatorChanged.connect(lambda _column, _order: self.fit())
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows go from cell to cell
        look.changed.connect(self.viewport().update)

    def fit(self) -> None:
        """Give each column what it needs and share out the rest; leaves widths the owner has set.

        Where it is tight, titles give up the room of an arrow to come, then take two lines, then cells stand closer.
        """
        model = self.source
        if self.moved_by_owner or not model.columnCount():
            return
        self._fitting = True
        columns = [column for column in range(model.columnCount()) if not self.isColumnHidden(column)]
        bars = [model.spec.columns[column].bar for column in columns]
        room = self.viewport().width()
        cells = [self._cell_widths(column) for column in columns]
        needs: list[int] = []
        for wrapped, pad, arrows in _MODES:
            needs = [
                self._needed(column, widths, wrapped=wrapped, pad=pad, arrow=arrows)
                for column, widths in zip(columns, cells, strict=True)
            ]
            if sum(needs) - BAR_ROOM * sum(bars) <= room:
                break
        self._use_pad(pad)
        numeric = [model.numeric(column) or model.spec.columns[column].whole for column in columns]
        taken = [[width + 2 * pad + 2 for width in widths] for widths in cells]
        widths = fitted_widths(needs, numeric, room, bars, taken)
        self.with_bars = self._room_for_bars(widths, needs, bars)
        self._wrap_titles(columns if wrapped else [], widths if wrapped else [])
        for column, width in zip(columns, widths, strict=True):
            self.setColumnWidth(column, width)
        self._fitting = False

    def _use_pad(self, pad: int) -> None:
        if pad != self.pad:
            self.pad = pad
            self.horizontalHeader().setProperty("tight", pad == _TIGHT_PAD)
            restyle(self.horizontalHeader())

    def _wrap_titles(self, columns: Sequence[int], widths: Sequence[int]) -> None:
        """Titles wider than their column take two lines."""
        header, titles = self.horizontalHeader(), self.source.spec.columns
        taken = 2 * self.pad + 2
        metrics = QFontMetrics(self._title_font)
        narrow = {
            column
            for column, width in zip(columns, widths, strict=True)
            if metrics.horizontalAdvance(titles[column].title) + taken > width
            and header.sortIndicatorSection() != column
        }
        header.setTextElideMode(Qt.TextElideMode.ElideNone if narrow else Qt.TextElideMode.ElideRight)
        self.source.wrap_titles(narrow)

    def leave_out(self, left_out: Container[int]) -> None:
        """Show all columns but these; their room goes to the others. What is copied or exported keeps them."""
        self._fitting = True
        for column in range(self.source.columnCount()):
            self.setColumnHidden(column, column in left_out)
        self._fitting = False
        self.fit()

    @staticmethod
    def _room_for_bars(widths: Sequence[int], needs: Sequence[int], bars: Sequence[bool]) -> bool:
        """All columns keep their bars, if shorter ones, or none does."""
        left = (width - need + BAR_ROOM for width, need, bar in zip(widths, needs, bars, strict=True) if bar)
        return all(room >= SHORTEST_BAR for room in left)

    def _cell_widths(self, column: int) -> list[int]:
        """Widths of the cells' words, ascending; Qt's own hint looks only at the rows that happen to be in view."""
        rows = range(min(_MEASURED_ROWS, self.source.rowCount()))
        metrics = self.fontMetrics()
        return sorted(metrics.horizontalAdvance(self.source.painted(row, column).text) for row in rows)

    def _needed(self, column: int, cells: Sequence[int], *, wrapped: bool, pad: int, arrow: bool) -> int:
        """Width of the longest cell or of the title; with ``arrow`` there is room for one to come."""
        spec = self.source.spec.columns[column]
        # Qt cuts titles by the header's own font, though the style sheet writes them smaller.
        metrics = QFontMetrics(self._title_font) if wrapped else self.horizontalHeader().fontMetrics()
        lines = title_lines(spec.title) if wrapped else (spec.title,)
        title = max(metrics.horizontalAdvance(line) for line in lines) + 2 * pad + 2
        title += 0 if wrapped else _TITLE_EDGE
        if arrow or self.horizontalHeader().sortIndicatorSection() == column:
            title += _ARROW_ROOM
        cell = (cells[-1] if cells else 0) + 2 * pad + 2
        return max(_NARROWEST, cell, title) + BAR_ROOM * spec.bar

    def use_widths(self, widths: Sequence[int]) -> None:
        """Take widths the owner had set before."""
        self._fitting = self.moved_by_owner = True
        for column, width in enumerate(widths):
            if width:  # it was left out when they were set
                self.setColumnWidth(column, width)
        self._fitting = False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Ctrl+C copies; Enter does to the current cell what a click does; Alt and an arrow sort by its column."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.clicked.emit(self.currentIndex())
            return
        order = _ORDERS.get(Qt.Key(event.key()))
        if order is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier and self.currentIndex().isValid():
            self.sortByColumn(self.currentIndex().column(), order)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Who comes by the keyboard sees where they are."""
        super().focusInEvent(event)
        by_key = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        if by_key and not self.currentIndex().isValid():
            self.setCurrentIndex(self.filter.index(0, 0))

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
        self.field = SearchField(self.tr("在表里找（Ctrl+F）"))
        self.field.setFixedWidth(190)
        self.field.setAcceptDrops(False)  # files dropped here are for the window
        self.tool(self.field)
        self.menu(self.tr("复制、导出、打印这张表"), self._fill)
        self.model = TableModel(TableSpec((), ()))
        self.table = Table(look, self.model)
        self.table.resized.connect(self._take_height)
        self.field.textChanged.connect(self._search)
        self.field.left.connect(lambda: self.table.setFocus(Qt.FocusReason.TabFocusReason))
        self._nothing = label(self.tr("没有找到。换个词试试，拼音首字母也行。"), "hint")
        self._nothing.hide()
        self.put(self.table)
        self.put(self._nothing, 0)

    def show_table(self, page_table: PageTable) -> None:
        """Show this one."""
        self.say(page_table.title, page_table.subtitle)
        self.table.setAccessibleName(page_table.title)
        other = self.spec is None or self.spec.table.columns != page_table.table.columns
        self.spec = page_table
        self.model.show_spec(page_table.table)
        if other:
            self._take_widths()
        self.table.fit()
        self._take_height()
        # A search that is under way stays in sight, however few rows are left: it hides some of them.
        self.field.setVisible(len(page_table.table.rows) > _FEW_ROWS or bool(self.field.text()))
        self._tell_nothing()

    def wanted_height(self, width: int) -> int:
        """Height at which all of it is seen in a card of this width."""
        nothing = self._nothing.sizeHint().height() + _AIR if self._nothing.isVisibleTo(self) else 0
        return self.height_around(width) + self.table.height() + nothing + _AIR

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
        self._tell_nothing()

    def _tell_nothing(self) -> None:
        self._nothing.setVisible(bool(self.field.text()) and self.table.filter.rowCount() == 0)

    def _fill(self, menu: QMenu) -> None:
        self.menu_wanted.emit(self, menu)
