"""Layout of an analysis page: title, lead, KPI cards, charts, tables; or the empty state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QLabel, QScrollArea, QWidget

from csdesk.analysis.frame import PageResult
from csdesk.ui.look import Look
from csdesk.ui.widgets.card_rows import CardRows, Placed
from csdesk.ui.widgets.chart_card import ChartCard
from csdesk.ui.widgets.empty_state import EmptyPanel
from csdesk.ui.widgets.kpi_card import KPI_HEIGHT, KpiCard
from csdesk.ui.widgets.pieces import column, label
from csdesk.ui.widgets.rich_text import RichLine
from csdesk.ui.widgets.table_card import TableCard

C = TypeVar("C", bound=QWidget)
Layout = Sequence[Sequence[tuple[str, int]]]

_KPI_NARROWEST = 156
_CHART_NARROWEST = 300
_TREND_NARROWEST = 420
_CHART_TALLEST = 580
_GROW_MOST = 130
_ABOVE, _BEFORE_LEAD, _AFTER_LEAD, _BEFORE_NOTES = 18, 4, 12, 8


def _kpi_height(_width: int) -> int:
    return KPI_HEIGHT


class AnalysisPageView(QScrollArea):
    """Everything of the page in one scrolling column."""

    card_made = Signal(object)

    def __init__(self, look: Look, title: str, layout: Layout) -> None:
        super().__init__()
        self.setObjectName("pageScroll")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._look, self._layout = look, layout
        self._result: PageResult | None = None
        self.kpis: list[KpiCard] = []
        self.charts: dict[str, ChartCard] = {}
        self.tables: dict[str, TableCard] = {}
        self.body = QWidget()
        self.body.setObjectName("pageBody")
        pad = look.theme.size("page_padding")
        lines = column(margins=(pad, _ABOVE, pad, pad), spacing=0)
        self._title = QLabel(title)
        self._title.setObjectName("pageTitle")
        self._lead = RichLine(look, "pageLead")
        lines.addWidget(self._title)
        lines.addSpacing(_BEFORE_LEAD)
        lines.addWidget(self._lead)
        lines.addSpacing(_AFTER_LEAD)
        self.empty = EmptyPanel(look)
        self.empty.hide()
        lines.addWidget(self.empty, 1)
        self._rows_holder = QWidget()
        self.rows = CardRows(look.theme.size("gap"))
        self._rows_holder.setLayout(self.rows)
        lines.addWidget(self._rows_holder, 1)
        self._notes = label("", "hint", wrap=True)
        self._notes.hide()
        lines.addSpacing(_BEFORE_NOTES)
        lines.addWidget(self._notes)
        self.body.setLayout(lines)
        self.setWidget(self.body)
        self.viewport().installEventFilter(self)

    def show_result(self, result: PageResult) -> None:
        """Fill the cards, making those that are new; nothing is torn down in between."""
        first = self._result is None
        self._result = result
        self._title.setText(result.title)
        self._lead.set_runs(result.lead)
        empty = result.empty is not None
        if result.empty is not None:
            self.empty.show_state(result.empty)
        self.empty.setVisible(empty)
        self._rows_holder.setVisible(not empty)
        self._lead.setVisible(not empty)
        if not empty:
            self._fill(result)
        notes = "\n".join(result.notes)
        self._notes.setText(notes)
        self._notes.setVisible(bool(notes) and not empty)
        if first:
            self.verticalScrollBar().setValue(0)
        self._share_out()

    def set_waiting(self, *, waiting: bool) -> None:
        """Fade what is outdated; keep it where it is, so that nothing jumps."""
        if waiting and self._result is not None:
            effect = QGraphicsOpacityEffect(self._rows_holder)
            effect.setOpacity(0.45)
            self._rows_holder.setGraphicsEffect(effect)
        else:
            self._rows_holder.setGraphicsEffect(None)  # type: ignore[arg-type]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Share spare height out again when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._share_out()
        return super().eventFilter(watched, event)

    def _fill(self, result: PageResult) -> None:
        while len(self.kpis) < len(result.kpis):
            self.kpis.append(self._made(KpiCard(self._look)))
        for index, card in enumerate(self.kpis):
            card.setVisible(index < len(result.kpis))
            if index < len(result.kpis):
                card.show_kpi(result.kpis[index])
        for spec in result.charts:
            if spec.id not in self.charts:
                self.charts[spec.id] = self._made(ChartCard(self._look))
            self.charts[spec.id].show_chart(spec, result.grain)
        for page_table in result.tables:
            if page_table.id not in self.tables:
                self.tables[page_table.id] = self._made(TableCard(self._look))
            self.tables[page_table.id].show_table(page_table)
        self._arrange(result)

    def _made(self, card: C) -> C:
        card.setParent(self._rows_holder)
        card.show()
        self.card_made.emit(card)
        return card

    def _arrange(self, result: PageResult) -> None:
        self.rows.reset()
        shown = self.kpis[: len(result.kpis)]
        if shown:
            self.rows.add_row([(card, Placed(1, _kpi_height, _KPI_NARROWEST)) for card in shown], even=True)
        present = {spec.id for spec in result.charts}
        for line in self._layout:
            cards = [(self.charts[chart], share) for chart, share in line if chart in present]
            if cards:
                self.rows.add_row([(card, self._placed(card, share)) for card, share in cards], grows=True)
        laid_out = {chart for line in self._layout for chart, _share in line}
        for chart in present - laid_out:
            self.rows.add_row([(self.charts[chart], self._placed(self.charts[chart], 1))], grows=True)
        for chart_id, card in self.charts.items():
            card.setVisible(chart_id in present)
        for page_table in result.tables:
            table = self.tables[page_table.id]
            self.rows.add_row([(table, Placed(1, table.wanted_height, 300))])

    def _placed(self, card: ChartCard, share: int) -> Placed:
        spec = card.spec
        trend = spec is not None and spec.kind == "trend"
        narrowest = _TREND_NARROWEST if trend else _CHART_NARROWEST
        return Placed(share, lambda width: max(250, min(_CHART_TALLEST, card.wanted_height(width))), narrowest)

    def _share_out(self) -> None:
        if self._result is None or self._result.empty is not None:
            return
        pad = self._look.theme.size("page_padding")
        width = self.viewport().width() - 2 * pad
        self._show_lines(width)
        needed = self.rows.heightForWidth(width) + self._around(width)
        charts = max(1, len(self._layout))
        self.rows.spare = max(0, min(self.viewport().height() - needed, _GROW_MOST * charts))
        self._rows_holder.setMinimumHeight(self.rows.heightForWidth(width) + self.rows.spare)
        self.rows.invalidate()

    def _show_lines(self, width: int) -> None:
        """Lines over time where they have room; in none of the cards where most have not."""
        cards = [card for card in self.kpis if card.isVisibleTo(self._rows_holder) and card.has_line()]
        narrowest = self.rows.narrowest_in(0, width)
        fitting = [card for card in cards if card.room_for_line(narrowest)]
        shown = fitting if 2 * len(fitting) >= len(cards) else []
        for card in self.kpis:
            card.show_line(shown=card in shown)

    def _around(self, width: int) -> int:
        """Height of all that is not cards, at this width of the page."""
        lead = self._lead.heightForWidth(width) if self._lead.isVisibleTo(self.body) else 0
        notes = _BEFORE_NOTES + (self._notes.heightForWidth(width) if self._notes.isVisibleTo(self.body) else 0)
        head = self._title.sizeHint().height() + _BEFORE_LEAD + lead + _AFTER_LEAD
        return _ABOVE + head + notes + self._look.theme.size("page_padding")
