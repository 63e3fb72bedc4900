"""Layout of the import preview: files left, details right, what will be written at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QSplitter, QStackedWidget, QWidget

from csdesk.analysis.frame import Run
from csdesk.ingest.model import Plan, Status
from csdesk.jobs import Progress
from csdesk.jobs.progress import time_left_text
from csdesk.ui.look import Look
from csdesk.ui.pages.data.imports import words
from csdesk.ui.pages.data.imports.file_list import FileList
from csdesk.ui.pages.data.imports.plan_details import PlanDetails
from csdesk.ui.pages.data.imports.shops_of_plans import expected_shop
from csdesk.ui.widgets.pieces import ElidedLabel, button, column, label, row
from csdesk.ui.widgets.rich_text import RichLine


class PreviewPanel(QWidget):
    """The whole preview. Signals are the owner's wishes."""

    import_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        pad = look.theme.size("page_padding")
        body = column(margins=(pad, 18, pad, 14), spacing=0)
        title = QLabel(self.tr("导入预览"))
        title.setObjectName("pageTitle")
        self._lead = RichLine(look, "pageLead")
        body.addWidget(title)
        body.addSpacing(4)
        body.addWidget(self._lead)
        body.addSpacing(12)
        self.files = FileList(look)
        self.details = PlanDetails(look)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(look.theme.size("gap"))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.files)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 7)
        self.splitter.setSizes([430, 752])
        self._reading = ReadingCard(look)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.splitter)
        self._middle.addWidget(self._reading)
        body.addWidget(self._middle, 1)
        whole = column()
        whole.addLayout(body, 1)
        whole.addWidget(self._footer())
        self.setLayout(whole)

    def show_reading(self, step: str, *, alone: bool) -> None:
        """Files are being read; ``alone`` = there is nothing else to show yet."""
        self._middle.setCurrentIndex(1 if alone else 0)
        self._reading.begin(step or self.tr("正在重新读这个文件"))
        if alone:
            self._lead.set_runs((Run(self.tr("先看读懂了什么，按下导入之前什么都不会写入。")),))
        self._run(step or self.tr("正在重新读这个文件"))

    def show_writing(self) -> None:
        """The import runs."""
        self._run(self.tr("正在写入"))

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._reading.show_progress(progress)
        if progress.fraction is not None:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(progress.fraction * 1000))
        if progress.step:
            self._sentence.set_runs((Run(progress.step),))
        self._left.setText(time_left_text(progress.seconds_left))

    def show_plans(
        self, plans: Sequence[Plan], selected: int, shops: tuple[str, ...], yesterday: date, *, counting: bool
    ) -> None:
        """What was understood; ``counting`` = what is new is not known yet."""
        self._middle.setCurrentIndex(0)
        self._lead.set_runs(words.lead(plans))
        self.files.show_plans(plans, selected)
        chosen = plans[selected] if plans else None
        self.details.show_plan(chosen, expected_shop(plans, chosen) if chosen else "", shops, yesterday)
        self._sentence.set_runs(words.footer(plans, counting=counting))
        ready = sum(plan.status is Status.IMPORTED for plan in plans)
        self.go.setText(self.tr("导入 {ready} 个表").format(ready=ready) if ready else self.tr("导入"))
        self.go.setEnabled(ready > 0)
        self.go.show()
        self._bar.hide()
        self._left.hide()

    def _run(self, step: str) -> None:
        self._sentence.set_runs((Run(step),))
        self._bar.setRange(0, 0)
        self._bar.show()
        self._left.setText("")
        self._left.show()
        self.go.hide()

    def _footer(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("footer")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        foot.setFixedHeight(54)
        line = row(margins=(24, 0, 24, 0), spacing=12)
        self._sentence = RichLine(self._look, "second")
        self._sentence.setWordWrap(False)
        line.addWidget(self._sentence, 1)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(220)
        self._left = label("", "small")
        line.addWidget(self._bar)
        line.addWidget(self._left)
        self.stop = button(self.tr("取消"), "quiet", self.stop_wanted.emit)
        self.go = button(self.tr("导入"), "primary", self.import_wanted.emit)
        line.addWidget(self.stop)
        line.addWidget(self.go)
        foot.setLayout(line)
        return foot


class ReadingCard(QFrame):
    """Shown while the first files are read."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        lines = column(margins=(40, 0, 40, 0), spacing=12)
        lines.addStretch(2)
        self._step = ElidedLabel("", "cardTitle")
        self._step.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(420)
        self._left = label("", "hint")
        self._left.setAlignment(Qt.AlignmentFlag.AlignCenter)
        lines.addWidget(self._step)
        across = row()
        across.addStretch(1)
        across.addWidget(self._bar, 3)
        across.addStretch(1)
        lines.addLayout(across)
        lines.addWidget(self._left)
        lines.addStretch(3)
        self.setLayout(lines)

    def begin(self, step: str) -> None:
        """A new run."""
        self._step.setText(step)
        self._step.update()
        self._bar.setRange(0, 0)
        self._left.setText("")

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        if progress.fraction is not None:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(progress.fraction * 1000))
        self._left.setText(time_left_text(progress.seconds_left))
