"""数据质量 as a section: a strip on top, a card or table for each topic below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from csdesk.analysis.frame import PageTable, Run, Tone
from csdesk.analysis.quality.frame import Odd, Quality
from csdesk.errors import CsdeskError
from csdesk.ui.context import Context
from csdesk.ui.exporting import Exporter
from csdesk.ui.notices import Notice
from csdesk.ui.pages.data.quality import tables
from csdesk.ui.pages.data.quality.odd_card import OddCard
from csdesk.ui.pages.data.quality.presenter import QualityPresenter
from csdesk.ui.pages.data.quality.strip import Strip
from csdesk.ui.pages.data.section import ScrollBody, Section, first_steps
from csdesk.ui.widgets.pieces import column
from csdesk.ui.widgets.table_card import TableCard

_CARDS = ("suspects", "odd", "both_ways", "examples", "contradictions", "cross", "missing", "unreadable", "sums")


class QualitySection(Section):
    """Joins presenter, strip and cards."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.presenter = QualityPresenter(context.services, context.jobs, self)
        self.exporter = Exporter(self, context)
        self.strip = Strip(context.look)
        self.odd = OddCard(context.look)
        self.cards: dict[str, TableCard] = {}
        self.empty = first_steps(context, tables.NOTHING_YET)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedHeight(4)
        self._bar.hide()
        self.body = ScrollBody(context.look)
        self.body.lines.addWidget(self._bar)
        self.body.lines.addWidget(self.empty)
        self.body.lines.addWidget(self.strip)
        for name in _CARDS:
            self.body.lines.addWidget(self.odd if name == "odd" else self._table_card(name))
        self._all_hidden(hidden=True)
        self.body.show_lead((Run(self.tr("正在检查数据质量…")),))
        lines = column()
        lines.addWidget(self.body)
        self.setLayout(lines)
        self.strip.opened.connect(self.lead_to)
        self.odd.chosen.connect(self._choose)

    def _table_card(self, name: str) -> TableCard:
        card = TableCard(self._context.look)
        card.remember_with(self._context.services.settings)
        card.menu_wanted.connect(self.exporter.fill_table_menu)
        self.cards[name] = card
        return card

    # ---------------------------------------------------------------- what the window asks

    def refresh(self, *, force: bool = False) -> None:
        """Work out what the data are like now."""
        self.presenter.refresh(force=force)

    def ready(self) -> bool:
        """Whether everything asked for is drawn."""
        return not self.presenter.busy

    def show_demo_at_work(self, fraction: float | None) -> None:
        """The button for example data says how far they are."""
        self.empty.show_demo_at_work(fraction)

    def search(self) -> None:
        """Ctrl+F: the first table in view that is long enough to search."""
        shown = [card for card in self.cards.values() if card.isVisible() and card.field.isVisibleTo(card)]
        if shown:
            shown[0].focus_search()

    # ---------------------------------------------------------------- what the presenter says

    def show_quality(self, quality: Quality) -> None:
        """Show these findings."""
        if not quality.imports:
            self._all_hidden(hidden=True)
            self.body.show_lead(())
            self.empty.show()
            return
        self.body.show_lead(tables.lead(quality))
        self.strip.show_tiles(tables.tiles(quality))
        self.odd.show_odd(quality.odd)
        self.odd.lock(locked=False)
        self._all_hidden(hidden=False)
        self.odd.setVisible(bool(quality.odd))
        self._fill("missing", tables.missing_table(quality))
        self._fill("unreadable", tables.unreadable_table(quality))
        self._fill("both_ways", tables.both_ways_table(quality))
        self._fill("examples", tables.examples_table(quality))
        self._fill("cross", tables.cross_table(quality))
        self._fill("contradictions", tables.contradictions_table(quality))
        self._fill("sums", tables.sums_table(quality))
        self._fill("suspects", tables.suspects_table(quality))

    def show_reading(self, fraction: float | None) -> None:
        """How far the check is."""
        self._bar.setVisible(fraction is not None)
        if fraction is not None:
            self._bar.setValue(round(fraction * 1000))

    def decided(self, odd: Odd, action: str | None) -> None:
        """Say what holds now, offer the way back, and let all pages compute anew."""
        if action is None:
            self._context.notices.post(Notice(self.tr("规则已收回：{what}照原样计入。").format(what=odd.title)))
        else:
            words = self.tr("已按“{rule}”处理：{what}。所有页面的数都会跟着变。").format(
                rule=tables.RULE_WORDS[action], what=odd.title
            )
            self._context.notices.post(Notice(words, tone=Tone.GOOD))
        self._context.data_changed()
        self.presenter.refresh()

    def show_fault(self, fault: CsdeskError) -> None:
        """Say what stood in the way."""
        self._context.notices.fault(fault)

    # ---------------------------------------------------------------- inside

    def lead_to(self, topic: str) -> None:
        """Bring a topic's card into view."""
        target: QWidget = {
            tables.MISSING: self.cards["missing"],
            tables.ODD: self.odd,
            tables.CROSS: next(
                (card for card in (self.cards["contradictions"], self.cards["cross"]) if card.isVisible()),
                self.cards["cross"],
            ),
            tables.SUMS: self.cards["sums"],
            tables.SHOPS: self.cards["suspects"],
        }[topic]
        if target.isVisible():
            self.body.verticalScrollBar().setValue(target.pos().y() - self.strip.pos().y())
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, odd: Odd, action: str | None) -> None:
        self.odd.lock(locked=True)
        self.presenter.decide(odd, action)

    def _fill(self, name: str, table: PageTable) -> None:
        """Show a table; one without rows would only take room."""
        card = self.cards[name]
        card.setVisible(bool(table.table.rows))
        if table.table.rows:
            card.show_table(table)

    def _all_hidden(self, *, hidden: bool) -> None:
        for card in (self.strip, self.odd, *self.cards.values()):
            card.setVisible(not hidden)
        self.empty.hide()
