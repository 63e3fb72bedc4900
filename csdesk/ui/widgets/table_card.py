"""A table in a card: sorting, searching, copying, in-cell bars, export."""

from __future__ import annotations

from collections.abc import Sequence

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
_LONGEST_BAR = 120
_NUMBER_ROOM = 70


def fitted_widths(needs: Sequence[int], numeric: Sequence[bool], room: int) -> list[int]:
    """Column widths that fill ``room``: words get more of what is spare, and give way first where it is short."""
    found = list(needs)
    spare = room - sum(found)
    if spare >= 0:
        weights = [1 if number else 2 for number in numeric]
        given = [spare * weight // sum(weights) for weight in weights]
        return [need + more for need, more in zip(found, given, strict=True)]
    while spare < 0:
        widest = max((width for width, number in zip(found, numeric, strict=True) if not number), default=0)
        if widest <= _NARROWEST_WORDS:
            break
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
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        muted = bool(index.data(MUTED_ROLE))
        share = index.data(BAR_ROLE)
        if share is not None:
            self._bar(painter, rect, float(share), muted=muted)
        painter.setPen(self._look.color("text3" if muted else "text"))
        painter.setFont(option.font)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        text = option.fontMetrics.elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, round(inner.width())
        )
        painter.drawText(inner, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), text)
        painter.restore()

    def sizeHint(  # noqa: N802  Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As wide as the text."""
        width = option.fontMetrics.horizontalAdvance(str(index.data() or ""))
        return QSize(width + 2 * _PAD + (76 if index.data(BAR_ROLE) is not None else 0), _ROW_HEIGHT)

    def _bar(self, painter: QPainter, rect: QRectF, share: float, *, muted: bool) -> None:
        room = min(_LONGEST_BAR, rect.width() - 2 * _PAD - _NUMBER_ROOM)
        if room < 16:
            return
        right = rect.right() - _PAD - _NUMBER_ROOM
        middle = rect.center().y()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color("track"))
        painter.drawRoundedRect(QRectF(right - room, middle - 3, room, 6), 3, 3)
        painter.setBrush(self._look.color("muted" if muted else "series1"))
        painter.drawRoundedRect(QRectF(right - room, middle - 3, max(6.0, room * share), 6), 3, 3)


class Table(QTableView):
    """The view: Ctrl+C copies the selection as text that spreadsheets take.

    ``widths_set`` carries the column widths after the owner has dragged one.
    """

    widths_set = Signal(object)

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
        self._fitting = False
        header.sectionResized.connect(self._resized)
        self.setMouseTracking(True)
        look.changed.connect(self.viewport().update)

    def fit(self) -> None:
        """Give each column what it needs and share out the rest; leaves widths the owner has set."""
        model = self.source
        if self.moved_by_owner or not model.columnCount():
            return
        self._fitting = True
        needs = [max(self.sizeHintForColumn(column), self.horizontalHeader().sectionSizeHint(column) + 6)
                 for column in range(model.columnCount())]
        numeric = [model.numeric(column) for column in range(model.columnCount())]
        for column, width in enumerate(fitted_widths(needs, numeric, self.viewport().width())):
            self.setColumnWidth(column, width)
        self._fitting = False

    def use_widths(self, widths: Sequence[int]) -> None:
        """Take widths the owner had set before."""
        self._fitting = self.moved_by_owner = True
        for column, width in enumerate(widths):
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
        self.field.setPlaceholderText(self.tr("在表里找 (Ctrl+F)"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(190)
        self.field.setAcceptDrops(False)  # files dropped here are for the window
        self.tool(self.field)
        self.menu(self.tr("复制、导出、打印这张表"), self._fill)
        self.model = TableModel(TableSpec((), ()))
        self.table = Table(look, self.model)
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
        self.table.setFixedHeight(self._height())
        if other:
            self._take_widths()
        self.table.fit()
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

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _height(self) -> int:
        rows = min(_MOST_ROWS, max(1, self.model.rowCount()))
        return rows * _ROW_HEIGHT + 32 + 14

    def _search(self, text: str) -> None:
        self.table.filter.search(text)
        self._nothing.setVisible(self.table.filter.rowCount() == 0)

    def _fill(self, menu: QMenu) -> None:
        self.menu_wanted.emit(self, menu)
