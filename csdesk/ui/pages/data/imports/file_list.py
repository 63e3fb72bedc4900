"""The left side of the preview: one row a file, with what it is and whether it can be imported."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from csdesk.ingest.model import Plan, Status
from csdesk.ui.look import Look, restyle
from csdesk.ui.pages.data.imports import words
from csdesk.ui.widgets.pieces import ElidedLabel, Pill, button, clear, column, label, row, scrolling

_SHEETS = {"XLSX", "XLS", "XLSM", "XLSB", "ODS", "ET"}


class FileBadge(QWidget):
    """A small sheet in the colour of the kind of file, its ending written on it."""

    def __init__(self, look: Look, kind: str) -> None:
        super().__init__()
        self._look, self._kind = look, kind
        self.setFixedSize(QSize(32, 36))
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor("#1E8E5A") if self._kind in _SHEETS else self._look.color("text3")
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(0, 2, 30, 32), 6, 6)
        font = self._look.font("small", bold=True)
        font.setPixelSize(9)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(QRectF(0, 16, 30, 16), Qt.AlignmentFlag.AlignCenter, self._kind)


class FileRow(QFrame):
    """One file; a click or Enter chooses it."""

    chosen = Signal()

    def __init__(self, look: Look, plan: Plan) -> None:
        super().__init__()
        self.setObjectName("fileRow")
        self.setProperty("selected", False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(62)
        line = row(margins=(14, 8, 14, 8), spacing=12)
        line.addWidget(FileBadge(look, words.file_kind(plan)))
        texts = column(spacing=3)
        head = row(spacing=8)
        head.addWidget(ElidedLabel(words.file_title(plan), "strong"), 1)
        word, tone = words.pill(plan)
        head.addWidget(Pill(word, tone))
        texts.addLayout(head)
        below = row(spacing=6)
        about = ElidedLabel(words.file_line(plan), "small", Qt.TextElideMode.ElideRight)
        below.addWidget(about, 1)
        if plan.status is Status.NEEDS_INPUT:
            below.addWidget(label(words.file_question(plan), "question"))
        texts.addLayout(below)
        line.addLayout(texts, 1)
        self.setLayout(line)
        self.setAccessibleName(f"{words.file_title(plan)} {word}")

    def mark(self, *, selected: bool) -> None:
        """Show whether this is the chosen one."""
        if self.property("selected") != selected:
            self.setProperty("selected", selected)
            restyle(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Choose."""
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter and space choose."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.chosen.emit()
            return
        super().keyPressEvent(event)


class FileList(QFrame):
    """All files; ``chosen`` carries the index."""

    chosen = Signal(int)
    choose_files = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._look = look
        self._shown: list[Plan] = []
        self.rows: list[FileRow] = []
        self._inside = QWidget()
        self._lines = column(margins=(1, 6, 1, 6))
        self._inside.setLayout(self._lines)
        area = scrolling(self._inside)
        whole = column(margins=(0, 0, 0, 0))
        whole.addWidget(area)
        self.setLayout(whole)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(300)

    def show_plans(self, plans: Sequence[Plan], selected: int) -> None:
        """Show these with one of them chosen; rows are made anew only when the plans are others."""
        if [id(plan) for plan in plans] != [id(plan) for plan in self._shown]:
            self._rebuild(plans)
        for index, file_row in enumerate(self.rows):
            file_row.mark(selected=index == selected)

    def _rebuild(self, plans: Sequence[Plan]) -> None:
        clear(self._lines)
        self._shown, self.rows = list(plans), []
        for index, plan in enumerate(plans):
            made = FileRow(self._look, plan)
            made.chosen.connect(lambda index=index: self.chosen.emit(index))
            self.rows.append(made)
            self._lines.addWidget(made)
        more = row(margins=(0, 22, 0, 10), spacing=2)
        more.addStretch(1)
        more.addWidget(label(self.tr("再拖几个进来，或"), "second"))
        more.addWidget(button(self.tr("选择文件…"), "link", self.choose_files.emit))
        more.addStretch(1)
        self._lines.addLayout(more)
        self._lines.addStretch(1)
