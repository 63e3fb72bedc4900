"""异常值: a line for each finding, with what it does to the numbers and the owner's word on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from csdesk.analysis.quality.frame import Odd
from csdesk.ui.look import Look
from csdesk.ui.pages.data.quality.tables import RULE_WORDS, effect, undecided_first
from csdesk.ui.widgets.cards import Card
from csdesk.ui.widgets.chart_card import Segments
from csdesk.ui.widgets.pieces import Pill, button, clear, column, hairline, label, row


class OddLine(QFrame):
    """One finding. ``chosen`` carries (finding, action); None takes the rule back."""

    chosen = Signal(object, object)

    def __init__(self, odd: Odd) -> None:
        super().__init__()
        self.odd = odd
        self.switch: Segments | None = None
        words = column(spacing=3)
        head = row(spacing=8)
        head.addWidget(label(odd.title, "strong"))
        unit = self.tr("个数") if odd.subject.kind == "measure" else self.tr("条")
        open_ = bool(odd.actions) and not odd.decided and odd.count
        head.addWidget(Pill(f"{odd.count:,} {unit}", "warn" if open_ else "neutral"))
        source = odd.source + (self.tr(" · 上限 {limit}").format(limit=odd.limit) if odd.limit else "")
        head.addWidget(label(source, "hint"))
        head.addStretch(1)
        words.addLayout(head)
        words.addWidget(label(odd.advice, "small", wrap=True))
        told = effect(odd)
        if told:
            words.addWidget(label(told, "small", wrap=True, selectable=True))
        line = row(margins=(0, 10, 0, 10), spacing=16)
        line.addLayout(words, 1)
        if odd.actions:
            line.addLayout(self._decision(odd))
        self.setLayout(line)

    def _decision(self, odd: Odd) -> QVBoxLayout:
        """The switch, and the way back where a rule holds."""
        side = column(spacing=4)
        self.switch = Segments([(action, RULE_WORDS[action]) for action in odd.actions], self.tr("怎么处理"))
        if odd.decided:
            self.switch.mark(odd.decided)
        self.switch.chosen.connect(lambda action: self.chosen.emit(odd, action))
        side.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignRight)
        if odd.decided:
            back = button(self.tr("收回规则"), "link", lambda: self.chosen.emit(odd, None))
            side.addWidget(back, 0, Qt.AlignmentFlag.AlignRight)
        else:
            side.addWidget(label(self.tr("还没定，现在都计入"), "hint"), 0, Qt.AlignmentFlag.AlignRight)
        side.addStretch(1)
        return side


class OddCard(Card):
    """All findings. ``chosen`` as of :class:`OddLine`."""

    chosen = Signal(object, object)

    def __init__(self, look: Look) -> None:
        super().__init__(look, self.tr("异常值"), self.tr("先看例子，再定规则。原始数据不动，规则随时能收回。"))
        self.lines: list[OddLine] = []
        self._body = QWidget()
        self._rows = column()
        self._body.setLayout(self._rows)
        self.put(self._body, 0)

    def show_odd(self, found: Sequence[Odd]) -> None:
        """Show these, what is to be decided first."""
        clear(self._rows)
        self.lines = []
        for place, odd in enumerate(undecided_first(found)):
            if place:
                self._rows.addWidget(hairline())
            line = OddLine(odd)
            line.chosen.connect(self.chosen)
            self._rows.addWidget(line)
            self.lines.append(line)

    def lock(self, *, locked: bool) -> None:
        """While a rule is being written, no other can be chosen."""
        self._body.setEnabled(not locked)
