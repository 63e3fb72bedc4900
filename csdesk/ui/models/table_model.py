"""A TableSpec as a Qt model: formatted text, sorting by the value behind it, bars as shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from csdesk.charts import format as numbers
from csdesk.charts.spec import Cell, TableSpec
from csdesk.charts.tables import full_bar, is_numeric
from csdesk.ui.pinyin import matches
from csdesk.ui.widgets.column_widths import title_lines

Index = QModelIndex | QPersistentModelIndex
BAR_ROLE = Qt.ItemDataRole.UserRole + 1
MUTED_ROLE = Qt.ItemDataRole.UserRole + 2
VALUE_ROLE = Qt.ItemDataRole.UserRole + 3
_LONG = 10  # words that may be cut off have their whole text as tool tip


class Painted(NamedTuple):
    """A cell as it is drawn."""

    text: str
    alignment: int
    muted: bool
    share: float | None


class TableModel(QAbstractTableModel):
    """Read-only. ``BAR_ROLE`` is the share 0–1 of a full bar, ``VALUE_ROLE`` the raw cell."""

    def __init__(self, spec: TableSpec) -> None:
        super().__init__()
        self.spec = spec
        self._largest: list[float] = []
        self._wrapped: frozenset[int] = frozenset()
        self._painted: dict[tuple[int, int], Painted] = {}
        self.show_spec(spec)

    def show_spec(self, spec: TableSpec) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.spec = spec
        self._painted.clear()
        self._largest = [full_bar(spec, index) for index in range(len(spec.columns))]
        self.endResetModel()

    def wrap_titles(self, columns: Iterable[int]) -> None:
        """Write the titles of these columns in two lines, all others in one."""
        wrapped = frozenset(columns)
        if wrapped != self._wrapped:
            self._wrapped = wrapped
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.spec.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's name and default
        """Rows of the table."""
        return 0 if parent.isValid() else len(self.spec.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's name and default
        """Columns of the table."""
        return 0 if parent.isValid() else len(self.spec.columns)

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Column titles, aligned like their numbers."""
        if orientation is Qt.Orientation.Vertical or section >= len(self.spec.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            title = self.spec.columns[section].title
            return "\n".join(title_lines(title)) if section in self._wrapped else title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.ToolTipRole and self.spec.columns[section].title:
            return self.tr("点一下按“{title}”排序，再点换方向。键盘：Alt+↑、Alt+↓").format(
                title=self.spec.columns[section].title
            )
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment and our own roles."""
        if not index.isValid():
            return None
        column = self.spec.columns[index.column()]
        value = self.spec.rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found: Any = numbers.cell(value, column.format)
            case Qt.ItemDataRole.TextAlignmentRole:
                found = self._alignment(index.column())
            case Qt.ItemDataRole.ToolTipRole:
                found = value if isinstance(value, str) and len(value) > _LONG else None
            case _ if role == VALUE_ROLE:
                found = value
            case _ if role == MUTED_ROLE:
                found = index.row() in self.spec.muted
            case _ if role == BAR_ROLE:
                found = self._share(index.column(), value)
            case _:
                found = None
        return found

    def painted(self, row: int, column: int) -> Painted:
        """All that is drawn of a cell at once: asked for by roles, a screen full of cells takes a noticeable time."""
        place = (row, column)
        if place not in self._painted:
            value, form = self.spec.rows[row][column], self.spec.columns[column].format
            share = self._share(column, value) if self.spec.columns[column].bar else None
            text = numbers.cell(value, form)
            self._painted[place] = Painted(text, int(self._alignment(column)), row in self.spec.muted, share)
        return self._painted[place]

    def numeric(self, column: int) -> bool:
        """Whether a column holds numbers."""
        return is_numeric(self.spec.columns[column])

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.numeric(column) else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _share(self, column: int, value: Cell) -> float | None:
        largest = self._largest[column]
        if not self.spec.columns[column].bar or not isinstance(value, int | float) or not largest:
            return None
        return max(0.0, min(1.0, value / largest))


class TableFilter(QSortFilterProxyModel):
    """Sorts by value (missing always last) and keeps rows whose any cell matches the search, pinyin initials too."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ""

    def search(self, text: str) -> None:
        """Keep rows matching this text; empty keeps all."""
        self._wanted = text
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:  # noqa: N802  Qt's name
        """Whether the row stays."""
        del source_parent
        model = self.sourceModel()
        if not self._wanted or not isinstance(model, TableModel):
            return True
        cells = zip(model.spec.rows[source_row], model.spec.columns, strict=True)
        return any(matches(self._wanted, numbers.cell(value, column.format)) for value, column in cells)

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802  Qt's name
        """Order of two cells; a missing one is last whichever way it is sorted."""
        first, second = left.data(VALUE_ROLE), right.data(VALUE_ROLE)
        if first is None or second is None:
            ascending = self.sortOrder() is Qt.SortOrder.AscendingOrder
            return (first is not None) if ascending else (first is None and second is not None)
        if isinstance(first, int | float) and isinstance(second, int | float):
            return first < second
        if isinstance(first, date) and isinstance(second, date):
            return first < second
        return str(first) < str(second)
