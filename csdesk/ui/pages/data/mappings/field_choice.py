"""Choosing a field for a column: a button with what is chosen, and a list under it that narrows while one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from csdesk.ingest.headers import squeeze
from csdesk.ingest.own.targets import TargetField
from csdesk.ui.look import restyle
from csdesk.ui.pinyin import matches, rank
from csdesk.ui.widgets.pieces import Popup, label

_KEY = Qt.ItemDataRole.UserRole
_REMARK = Qt.ItemDataRole.UserRole + 1
_WIDTH, _HEIGHT = 320, 340
_OPENING = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F4)
_CLEARING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class RemarkPainter(QStyledItemDelegate):
    """The remark of an entry in grey at its right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one entry."""
        super().paint(painter, option, index)
        remark = str(index.data(_REMARK) or "")
        if remark:
            painter.save()
            painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
            place = option.rect.adjusted(8, 0, -10, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, remark)
            painter.restore()


class FieldPopup(Popup):
    """The fields, narrowed by any of their names or by pinyin initials; ``chosen`` carries a key, "" for none."""

    chosen = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        fields: Sequence[TargetField],
        spellings: Mapping[str, str],
        current: str,
        taken: Mapping[str, str],
        *,
        typed: str = "",
    ) -> None:
        super().__init__(parent)
        self.setFixedSize(_WIDTH, _HEIGHT)
        self._fields, self._spellings = fields, spellings
        self._current, self._taken = current, taken
        self.field = QLineEdit()
        self.field.setProperty("role", "search")
        self.field.setPlaceholderText(self.tr("打字找，拼音首字母也行"))
        self.list = QListWidget()
        self.list.setProperty("role", "plain")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(RemarkPainter(self.list))
        self._nothing = label(self.tr("没有找到。换个词试试。"), "hint")
        self.body.addWidget(self.field)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._nothing)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._narrow)
        self.list.itemClicked.connect(self._take)
        self.field.setText(typed)
        self._narrow(typed)
        self.field.setFocus()

    def _narrow(self, text: str) -> None:
        self.list.clear()
        if matches(text, self.tr("不导入")):
            self._add("", self.tr("不导入"), "", usable=True)
        wanted = squeeze(text)
        for field in self._fields:
            named = wanted and wanted in self._spellings.get(field.key.partition(".")[0], "")
            if named or matches(text, field.title):
                where = self._taken.get(field.key, "") if field.key != self._current else ""
                remark = self.tr("已对“{header}”").format(header=_short(where)) if where else field.form
                self._add(field.key, field.title, remark, usable=not where)
        self._nothing.setVisible(self.list.count() == 0)
        rows = [at for at in range(self.list.count()) if self.list.item(at).data(_KEY) == self._current and not text]
        usable = [at for at in range(self.list.count()) if self.list.item(at).flags() & Qt.ItemFlag.ItemIsEnabled]
        best = [at for at in usable if text and self.list.item(at).data(_KEY)] or usable
        best.sort(key=lambda at: rank(text, self.list.item(at).text()) if text else 0)
        if rows or best:
            self.list.setCurrentRow((rows or best)[0])

    def _add(self, key: str, text: str, remark: str, *, usable: bool) -> None:
        item = QListWidgetItem(text)
        item.setData(_KEY, key)
        item.setData(_REMARK, remark)
        if not usable:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        self.list.addItem(item)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            key = item.data(_KEY)
            self.close()
            self.chosen.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """The arrow keys walk through the list while the cursor stays in the field; Enter takes, Esc leaves."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
                Qt.Key(event.key())
            )
            if step is not None:
                self._walk(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _walk(self, step: int) -> None:
        row, count = self.list.currentRow(), self.list.count()
        at = max(0, min(count - 1, row + step))
        while 0 <= at < count and not self.list.item(at).flags() & Qt.ItemFlag.ItemIsEnabled:
            at += 1 if step > 0 else -1
        if 0 <= at < count:
            self.list.setCurrentRow(at)


class FieldChoice(QPushButton):
    """What a column is. Enter, ↓ or a click opens the list, typing opens it narrowed, Del takes the choice back."""

    chosen = Signal(str)
    reached = Signal()

    def __init__(self, fields: Sequence[TargetField], spellings: Mapping[str, str]) -> None:
        super().__init__()
        self.setProperty("role", "choice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fields, self._spellings = fields, spellings
        self.key = ""
        self._taken: Mapping[str, str] = {}
        self.popup: FieldPopup | None = None
        self.clicked.connect(partial(self.open_list, ""))

    def show_key(self, key: str, title: str, taken: Mapping[str, str]) -> None:
        """Show this choice; ``taken`` are the fields of all columns."""
        self.key, self._taken = key, taken
        self.setText(f"{title or self.tr('不导入')}  ▾")
        self.setToolTip(title)
        if self.property("mapped") != bool(key):
            self.setProperty("mapped", bool(key))
            restyle(self)

    def taken_now(self, taken: Mapping[str, str]) -> None:
        """Which fields all columns have together."""
        self._taken = taken

    def open_list(self, typed: str = "") -> None:
        """Open the list of fields."""
        popup = FieldPopup(self, self._fields, self._spellings, self.key, self._taken, typed=typed)
        popup.chosen.connect(self.chosen)
        popup.closed.connect(self._closed)
        self.popup = popup
        popup.open_under(self)
        popup.field.setFocus()

    def _closed(self) -> None:
        self.popup = None

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Tell that it may have to be scrolled to."""
        super().focusInEvent(event)
        self.reached.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """See the class."""
        if event.key() in _OPENING:
            self.open_list()
        elif event.key() in _CLEARING:
            self.chosen.emit("")
        elif event.text().strip() and event.text().isprintable() and not event.modifiers() & ~_SHIFT:
            self.open_list(event.text())
        else:
            super().keyPressEvent(event)


_SHIFT = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def _short(text: str) -> str:
    return text if len(text) <= 8 else text[:7] + "…"
