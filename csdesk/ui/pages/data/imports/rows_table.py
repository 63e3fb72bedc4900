"""The small table in which rows that came back are corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTableView

from csdesk.ui.look import Look
from csdesk.ui.widgets.table_card import CellPainter

if TYPE_CHECKING:
    from csdesk.ingest.corrections import RejectedTable

Index = QModelIndex | QPersistentModelIndex
FAULT_ROLE = Qt.ItemDataRole.UserRole + 11
EDITED_ROLE = Qt.ItemDataRole.UserRole + 12
_OWN = 2  # reason and row number stand before the columns of the file
_ROW_HEIGHT, _WIDEST, _NARROWEST, _WIDEST_REASON = 34, 240, 70, 400
_MOST_ROWS = 16
_EDGE = 3


class RejectedModel(QAbstractTableModel):
    """Rows of an import with the owner's corrections; the columns at fault come first.

    ``edits``: (place of the row, header) → new text, only where it differs from the file's.
    """

    edited = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._table: RejectedTable | None = None
        self.headers: list[str] = []
        self.edits: dict[tuple[int, str], str] = {}

    def show_table(self, table: RejectedTable) -> None:
        """Show these rows, nothing corrected yet."""
        self.beginResetModel()
        self._table = table
        at_fault = {row.column for row in table.rows}
        self.headers = sorted(table.headers, key=lambda header: header not in at_fault)
        self.edits = {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's name and default
        """Rows that came back."""
        return 0 if parent.isValid() or self._table is None else len(self._table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's name and default
        """Reason, row and the columns of the file."""
        return 0 if parent.isValid() or self._table is None else _OWN + len(self.headers)

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The file's own headers."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("原因"), self.tr("原行号"), *self.headers)[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: PLR0911  (one a role)
        """Text, and whether the cell is at fault or was corrected."""
        if not index.isValid() or self._table is None:
            return None
        row = self._table.rows[index.row()]
        header = self.headers[index.column() - _OWN] if index.column() >= _OWN else ""
        edited = (index.row(), header) in self.edits
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._text(index)
            case Qt.ItemDataRole.ToolTipRole:
                return self._text(index) or None
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            case int(role) if role == FAULT_ROLE:
                return bool(header) and header == row.column and not edited
            case int(role) if role == EDITED_ROLE:
                return edited
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The cells of the file can be corrected."""
        more = Qt.ItemFlag.ItemIsEditable if index.column() >= _OWN else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | more

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802  Qt's name
        """Take the owner's word."""
        if role != Qt.ItemDataRole.EditRole or index.column() < _OWN or self._table is None:
            return False
        header, text = self.headers[index.column() - _OWN], str(value).strip()
        place = (index.row(), header)
        if text == self._table.rows[index.row()].cells.get(header, ""):
            self.edits.pop(place, None)
        else:
            self.edits[place] = text
        self.dataChanged.emit(index, index)
        self.edited.emit(len(self.edits))
        return True

    def _text(self, index: Index) -> str:
        assert self._table is not None  # noqa: S101  (asked for rows there are)
        row = self._table.rows[index.row()]
        if index.column() == 0:
            return f"{row.column}：{row.reason}" if row.column else row.reason
        if index.column() == 1:
            return str(row.row)
        header = self.headers[index.column() - _OWN]
        return self.edits.get((index.row(), header), row.cells.get(header, ""))


class _Painter(CellPainter):
    """Cells at fault on red, corrected ones on green."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._theme = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground first."""
        tint = "bad_tint" if index.data(FAULT_ROLE) else "good_tint" if index.data(EDITED_ROLE) else ""
        if tint:
            painter.fillRect(option.rect, self._theme.color(tint))
        super().paint(painter, option, index)
        if index.data(FAULT_ROLE):  # a chosen cell hides its ground: what is wrong is seen all the same
            edge = option.rect.adjusted(0, 0, 0, -1)
            edge.setWidth(_EDGE)
            painter.fillRect(edge, self._theme.color("bad"))


class RejectedGrid(QTableView):
    """The table: type to correct, Ctrl+C copies, Ctrl+V fills in cells copied from a spreadsheet."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.source = RejectedModel()
        self.setModel(self.source)
        self._painter = _Painter(look)
        self.setItemDelegate(self._painter)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.AnyKeyPressed | trigger.SelectedClicked)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        look.changed.connect(self.viewport().update)

    def show_table(self, table: RejectedTable) -> None:
        """Show these rows; the first cell at fault is chosen."""
        self.source.show_table(table)
        metrics = self.fontMetrics()
        for column in range(self.source.columnCount()):
            title = self.source.headerData(column, Qt.Orientation.Horizontal)
            texts = [title, *(self.source.index(row, column).data() for row in range(min(100, len(table.rows))))]
            need = max(metrics.horizontalAdvance(str(text)) for text in texts) + 26
            self.setColumnWidth(column, max(_NARROWEST, min(_WIDEST_REASON if column == 0 else _WIDEST, need)))
        for column in range(_OWN, self.source.columnCount()):
            if self.source.index(0, column).data(FAULT_ROLE):
                self.setCurrentIndex(self.source.index(0, column))
                break
        bars = self.horizontalHeader().sizeHint().height() + self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(min(_MOST_ROWS, len(table.rows)) * _ROW_HEIGHT + bars + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Copy and paste; all else as tables do."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        else:
            super().keyPressEvent(event)

    def selected_text(self) -> str:
        """The selected cells as tab-separated lines."""
        chosen = self.selectionModel().selectedIndexes()
        columns = sorted({index.column() for index in chosen})
        cells = {(index.row(), index.column()): str(index.data()) for index in chosen}
        rows = sorted({index.row() for index in chosen})
        return "\n".join("\t".join(cells.get((row, column), "") for column in columns) for row in rows)

    def paste(self, text: str) -> None:
        """Tab-separated lines over the cells from the current one on."""
        start = self.currentIndex()
        if not start.isValid():
            return
        for down, line in enumerate(text.rstrip("\r\n").splitlines()):
            for across, cell in enumerate(line.split("\t")):
                index = self.source.index(start.row() + down, start.column() + across)
                if index.isValid():
                    self.source.setData(index, cell)
