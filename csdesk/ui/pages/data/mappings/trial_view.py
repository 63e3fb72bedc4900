"""What the mapping makes of the first rows, and what would go wrong, while one is mapping."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from csdesk.charts.spec import Column, TableSpec
from csdesk.ingest.own.trial import Trial
from csdesk.ui.look import Look
from csdesk.ui.models.table_model import TableModel
from csdesk.ui.widgets.cards import Card
from csdesk.ui.widgets.pieces import Pill, clear, column, label, row, scrolling
from csdesk.ui.widgets.table_card import Table

_ROW_HEIGHT = 34


class TrialView(Card):
    """A card with the converted rows and, under them, faults and problems."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "")
        self.model = TableModel(TableSpec((), ()))
        self.table = Table(look, self.model)
        self.table.resized.connect(self._take_height)
        inside = QWidget()
        lines = column(spacing=8)
        lines.addWidget(self.table)
        self._findings = column(spacing=5)
        lines.addLayout(self._findings)
        lines.addStretch(1)
        inside.setLayout(lines)
        area = scrolling(inside)
        self.put(area)
        self.setMinimumWidth(320)

    def show_trial(self, trial: Trial, *, there: bool) -> None:
        """Show it; ``there``: whether there is a table to try on."""
        title = self.tr("试读的样子") if there else self.tr("没有打开表")
        hint = trial.summary if there else self.tr("要看样例，请把一个同样的表拖进窗口，在预览里点“列不对？自己改”。")
        self.say(title, hint)
        columns = (Column("row", self.tr("行")), *(Column(f"c{at}", text) for at, text in enumerate(trial.titles)))
        rows = tuple((str(number), *texts) for number, texts in zip(trial.numbers, trial.rows, strict=True))
        self.model.show_spec(TableSpec(columns, rows))
        self.table.setVisible(there and bool(trial.titles))
        self.table.fit()
        self._take_height()
        clear(self._findings)
        for fault in trial.faults:
            self._finding(self.tr("还差"), "warn", fault)
        if trial.problems:
            number = len(trial.problems) + trial.more_problems
            self._findings.addSpacing(4)
            self._findings.addWidget(label(self.tr("会有问题的地方 {number} 处").format(number=number), "strong"))
        for problem in trial.problems:
            self._finding(self.tr("问题"), "bad", problem)
        if trial.more_problems:
            self._findings.addWidget(
                label(self.tr("另外还有 {rest} 处同类问题。").format(rest=trial.more_problems), "hint")
            )

    def _finding(self, word: str, tone: str, text: str) -> None:
        line = row(spacing=8)
        line.addWidget(Pill(word, tone), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(text, wrap=True, selectable=True), 1)
        self._findings.addLayout(line)

    def _take_height(self) -> None:
        header = self.table.horizontalHeader()
        sideways = header.length() > self.table.viewport().width()
        bar = self.table.horizontalScrollBar().sizeHint().height() if sideways else 0
        self.table.setFixedHeight(max(1, self.model.rowCount()) * _ROW_HEIGHT + header.sizeHint().height() + 2 + bar)
