"""What a page shows before it has numbers: what to export, where it is, and two ways to go on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from csdesk.analysis.frame import EmptyState, ExportHint
from csdesk.ui.look import Look
from csdesk.ui.widgets.pieces import button, clear, column, hairline, label, row

_WIDTH = 640


def show_demo_at_work(button: QPushButton, words: str, fraction: float | None) -> None:
    """What a button for example data says while they are made; ``words`` again after that."""
    button.setEnabled(fraction is None)
    done = "" if not fraction else f" {fraction:.0%}"
    button.setText(words if fraction is None else button.tr("正在准备示例数据…{done}").format(done=done))


class EmptyPicture(QWidget):
    """A quiet drawing: three bars waiting for their sheet of paper."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(QSize(132, 84))
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw it in the theme's colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color("accent_tint"))
        painter.drawRoundedRect(QRectF(16, 12, 74, 66), 10, 10)
        painter.setBrush(self._look.color("surface"))
        painter.setPen(QPen(self._look.color("border"), 1.4))
        painter.drawRoundedRect(QRectF(34, 4, 74, 66), 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, (height, role) in enumerate(((16, "series3"), (28, "series1"), (40, "series2"))):
            painter.setBrush(self._look.color(role))
            painter.drawRoundedRect(QRectF(48 + number * 17, 60 - height, 11, height), 3, 3)


class EmptyPanel(QWidget):
    """The empty state of a page. ``choose_files`` and ``load_demo`` from its buttons."""

    choose_files = Signal()
    load_demo = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDTH)
        card.setMinimumWidth(420)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        inside = column(margins=(34, 30, 34, 28), spacing=6)
        inside.addWidget(EmptyPicture(look), 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addSpacing(8)
        self._title = label("", "cardTitle")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text = label("", "second", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(self._title)
        inside.addWidget(self._text)
        inside.addSpacing(8)
        # Above the list: on a low screen the list is what goes on below the edge, not what can be done.
        foot = row(spacing=10)
        foot.addStretch(1)
        self.choose = button(self.tr("选择文件…"), "primary", self.choose_files.emit)
        self.demo = button(self.tr("打开示例数据"), "quiet", self.load_demo.emit)
        foot.addWidget(self.choose)
        foot.addWidget(self.demo)
        foot.addStretch(1)
        inside.addLayout(foot)
        self._exports = column(spacing=10)
        inside.addSpacing(8)
        inside.addLayout(self._exports)
        card.setLayout(inside)
        across = row()
        across.addStretch(1)
        across.addWidget(card, 6)
        across.addStretch(1)
        lines = column(margins=(0, 26, 0, 0))
        lines.addLayout(across)
        lines.addStretch(1)
        self.setLayout(lines)

    def show_demo_at_work(self, fraction: float | None) -> None:
        """The button says how far the example data are; None: it can be pressed."""
        show_demo_at_work(self.demo, self.tr("打开示例数据"), fraction)

    def show_state(self, state: EmptyState) -> None:
        """Show this one."""
        self._title.setText(state.title)
        self._text.setText(state.text)
        clear(self._exports)
        for hint in state.exports:
            self._exports.addWidget(hairline())
            self._exports.addWidget(self._export(hint))

    def _export(self, hint: ExportHint) -> QWidget:
        holder, lines = QWidget(), column(spacing=2)
        lines.addWidget(label(hint.name, "strong", wrap=True, selectable=True))
        lines.addWidget(label(hint.where, "second", wrap=True, selectable=True))
        if hint.note:
            lines.addWidget(label(hint.note, "hint", wrap=True, selectable=True))
        holder.setLayout(lines)
        return holder
