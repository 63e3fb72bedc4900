"""Notices as small cards in the window's lower right corner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from csdesk.ui.look import Look
from csdesk.ui.notices import Notice
from csdesk.ui.widgets.pieces import IconButton, button, column, label, row

_WIDTH = 380
_MARGIN = 20
_ABOVE_FOOT = 94  # the status line and the preview's buttons stay free
_MOST = 4
_SHOW_MS = 6000
_SHOW_WITH_ACTION_MS = 15000


class Toast(QFrame):
    """One notice."""

    def __init__(self, look: Look, notice: Notice, stack: ToastStack) -> None:
        super().__init__(stack)
        self.setObjectName("toast")
        self.setProperty("tone", notice.tone.value)
        self.notice = notice
        self._stack = stack
        line = row(margins=(14, 10, 8, 10), spacing=10)
        words = column(spacing=3)
        words.addWidget(label(notice.text, "strong", wrap=True, selectable=True))
        if notice.advice:
            words.addWidget(label(notice.advice, "second", wrap=True, selectable=True))
        line.addLayout(words, 1)
        if notice.later:
            choice = row(spacing=8)
            choice.addWidget(button(notice.action, "primary", self._act))
            choice.addWidget(button(notice.later, "quiet", self.leave))
            choice.addStretch(1)
            words.addSpacing(5)
            words.addLayout(choice)
        elif notice.action:
            line.addWidget(button(notice.action, "quiet", self._act))
        close = IconButton(look, "close", self.tr("关闭"), "text3", 14)
        close.clicked.connect(self.leave)
        line.addWidget(close)
        self.setLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.setFixedWidth(_WIDTH)
        if not notice.lasting:
            QTimer.singleShot(_SHOW_WITH_ACTION_MS if notice.action else _SHOW_MS, self, self.leave)

    def _act(self) -> None:
        self._stack.drop(self)
        if self.notice.on_action is not None:
            self.notice.on_action()

    def leave(self) -> None:
        """Close it without doing what it offers."""
        self._stack.drop(self)
        if self.notice.on_later is not None:
            self.notice.on_later()


class ToastStack(QWidget):
    """Lies over the window; takes no clicks where there is no notice because it is only as large as they are."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look, self._window = look, window
        self._lines = column(spacing=8)
        self.setLayout(self._lines)
        self.hide()
        window.installEventFilter(self)

    @property
    def toasts(self) -> list[Toast]:
        """What is shown, oldest first."""
        found = (self._lines.itemAt(index) for index in range(self._lines.count()))
        widgets = (item.widget() for item in found if item is not None)
        return [widget for widget in widgets if isinstance(widget, Toast)]

    def show_notice(self, notice: Notice) -> None:
        """Put it below the others; the oldest passing one makes room."""
        for toast in self.toasts:
            if toast.notice == notice or (notice.topic and toast.notice.topic == notice.topic):
                self.drop(toast)
        while len(self.toasts) >= _MOST:
            self.drop(next((toast for toast in self.toasts if not toast.notice.lasting), self.toasts[0]))
        self._lines.addWidget(Toast(self._look, notice, self))
        self.show()
        self._place()

    def drop(self, toast: Toast) -> None:
        """Take one away."""
        held = toast.focusWidget()
        if held is not None and held.hasFocus():
            self._window.setFocus()  # not on to whatever button comes next in the window
        self._lines.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        if not self.toasts:
            self.hide()
        self._place()

    def drop_newest(self) -> bool:
        """Esc: take the newest away; False if there was none."""
        if not self.toasts:
            return False
        self.toasts[-1].leave()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Stay in the corner when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self._lines.activate()
        height = sum(
            toast.heightForWidth(_WIDTH) if toast.hasHeightForWidth() else toast.sizeHint().height()
            for toast in self.toasts
        ) + 8 * max(0, len(self.toasts) - 1)
        self.setGeometry(
            self._window.width() - _WIDTH - _MARGIN, self._window.height() - height - _ABOVE_FOOT, _WIDTH, height
        )
        self.raise_()
