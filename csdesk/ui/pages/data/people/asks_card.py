"""The card of questions: who may be one person, one shop, or no person at all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from csdesk.ui.look import Look
from csdesk.ui.pages.data.people.presenter import Ask
from csdesk.ui.widgets.cards import Card
from csdesk.ui.widgets.pieces import Pill, button, clear, column, hairline, label, row

_SHOWN = 5


class AsksCard(Card):
    """One row a question; ``answered`` carries the work of the answer."""

    answered = Signal(object)
    taken_back = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, self.tr("请您看一下"), self.tr("软件不会自己合并：您点了才算，点错了可以撤销。"))
        self._asks: Sequence[Ask] = ()
        self._all = False
        self.buttons: list[tuple[QPushButton, QPushButton]] = []
        holder = QWidget()
        self._questions = column(spacing=0)
        holder.setLayout(self._questions)
        self.put(holder, 0)

    def show_asks(self, asks: Sequence[Ask], refused: int) -> None:
        """Show these; ``refused`` pairs can be asked about again."""
        self._asks, self._refused = asks, refused
        self._fill()

    def _fill(self) -> None:
        clear(self._questions)
        self.buttons = []
        shown = self._asks if self._all else self._asks[:_SHOWN]
        for ask in shown:
            self._questions.addWidget(hairline())
            self._questions.addWidget(self._row(ask))
        foot = row(margins=(0, 6, 0, 0), spacing=16)
        hidden = len(self._asks) - len(shown)
        if hidden:
            foot.addWidget(button(self.tr("还有 {number} 个").format(number=hidden), "link", self._show_all))
        if self._refused:
            words = self.tr("您说过是两个的有 {number} 对，重新看…").format(number=self._refused)
            self.again = button(words, "link", self.taken_back.emit)
            foot.addWidget(self.again)
        foot.addStretch(1)
        if hidden or self._refused:
            self._questions.addLayout(foot)

    def _row(self, ask: Ask) -> QWidget:
        holder = QWidget()
        line = row(margins=(0, 7, 0, 7), spacing=10)
        line.addWidget(Pill(ask.mark, ask.tone))
        line.addWidget(label(ask.text, wrap=True, selectable=True), 1)
        yes = button(ask.yes, "quiet", lambda: self.answered.emit(ask.on_yes))
        no = button(ask.no, "link", lambda: self.answered.emit(ask.on_no))
        self.buttons.append((yes, no))
        line.addWidget(yes)
        line.addWidget(no)
        holder.setLayout(line)
        return holder

    def _show_all(self) -> None:
        self._all = True
        self._fill()
