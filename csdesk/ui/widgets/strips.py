"""The strips above and below the page: the example-data banner, the status line, running work."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from csdesk.jobs import Job, Progress
from csdesk.jobs.progress import time_left_text
from csdesk.ui.widgets.pieces import ElidedLabel, button, label, row

_SHOW_AFTER_MS = 300


class DemoBanner(QFrame):
    """Says that example data is in, and takes it out with one click."""

    remove = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        line = row(margins=(24, 6, 24, 6), spacing=12)
        line.addWidget(label(self.tr("这里有示例店铺的数据，数字不是您的店。拖进自己的表格之前，建议先清除。")), 1)
        self.button = button(self.tr("清除示例数据"), "banner", self.remove.emit)
        line.addWidget(self.button)
        self.setLayout(line)
        self.hide()


class StatusStrip(QWidget):
    """One line at the bottom: what is looked at, and the work that runs, with time left and cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(28)
        self.words = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._step = label()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._left = label()
        self._cancel = button(self.tr("取消"), "link", self._stop)
        self._job: Job[object] | None = None
        line = row(margins=(24, 0, 16, 0), spacing=10)
        line.addWidget(self.words, 1)
        for widget in (self._step, self._bar, self._left, self._cancel):
            line.addWidget(widget)
            widget.hide()
        self.setLayout(line)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_SHOW_AFTER_MS)
        self._wait.timeout.connect(self._appear)

    def follow(self, job: Job[object]) -> None:
        """Show this job if it still runs after 0.3 s; the newest job with a title wins."""
        if not job.title:
            return
        self._job = job
        self._step.setText(job.title)
        self._left.setText("")
        self._bar.setRange(0, 0)
        job.on_progress(self._show)
        self._wait.start()

    def forget(self, job: object) -> None:
        """This job has ended."""
        if job is self._job:
            self._job = None
            self._wait.stop()
            for widget in (self._step, self._bar, self._left, self._cancel):
                widget.hide()

    def _appear(self) -> None:
        if self._job is not None:
            for widget in (self._step, self._bar, self._left, self._cancel):
                widget.show()

    def _show(self, progress: Progress) -> None:
        if progress.fraction is not None:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(progress.fraction * 1000))
        if progress.step:
            self._step.setText(progress.step)
        self._left.setText(time_left_text(progress.seconds_left))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
