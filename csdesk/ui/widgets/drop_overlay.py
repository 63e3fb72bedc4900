"""Drop anywhere: the sheet over the whole window while files hang over it, and reading what was dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from csdesk.ui.look import Look


def dropped_paths(mime: QMimeData) -> list[Path]:
    """Files and folders of a drop; web addresses and text are not files."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile() and url.toLocalFile()]


class DropOverlay(QWidget):
    """Covers the window while something is dragged over it; never takes the mouse otherwise."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look, self._window = look, window
        self._count = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, count: int) -> None:
        """Show it for ``count`` dragged things."""
        self._count = count
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """A tinted sheet with a dashed edge and what will happen in words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self._look.color("background"))
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(18, 18, -18, -18)
        tint = QColor(self._look.color("accent_tint"))
        tint.setAlpha(190)
        painter.setBrush(tint)
        painter.setPen(QPen(self._look.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, 16, 16)
        middle = frame.center()
        self._look.icon("drop", "accent_text").paint(painter, int(middle.x()) - 24, int(middle.y()) - 78, 48, 48)
        painter.setPen(self._look.color("accent_text"))
        painter.setFont(self._look.font("page_title", bold=True))
        many = self.tr("松开就读这 {count} 项").format(count=self._count)
        title = many if self._count > 1 else self.tr("松开就开始读")
        painter.drawText(QRectF(frame.left(), middle.y() - 16, frame.width(), 32), Qt.AlignmentFlag.AlignCenter, title)
        painter.setPen(self._look.color("text2"))
        painter.setFont(self._look.font("card_title"))
        painter.drawText(
            QRectF(frame.left(), middle.y() + 20, frame.width(), 24),
            Qt.AlignmentFlag.AlignCenter,
            self.tr("先给您看读懂了什么，确认之前什么都不会写入"),
        )


class DropTarget:
    """The drag and drop events of a window, as a mixin before QWidget; set up with :meth:`accept_drops`."""

    _overlay: DropOverlay
    _take: Callable[[Sequence[Path]], None]

    def accept_drops(self, overlay: DropOverlay, take: Callable[[Sequence[Path]], None]) -> None:
        """Start accepting files and folders."""
        self._overlay, self._take = overlay, take
        self.setAcceptDrops(True)  # type: ignore[attr-defined]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Files are welcome, anything else is not."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self._overlay.show_over(len(paths))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802  Qt's name
        """Welcome everywhere in the window."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  Qt's name
        """Gone again."""
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  Qt's name
        """Take the files."""
        self._overlay.hide()
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self._take(paths)
