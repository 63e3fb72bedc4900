"""Joins presenter and view of an analysis page: refresh, 口径 cards, menus, printing, search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from csdesk.analysis.frame import Grain, PageResult
from csdesk.analysis.pages import PAGES
from csdesk.charts.notes import metrics_of
from csdesk.charts.spec import ChartSpec
from csdesk.errors import CsdeskError
from csdesk.metrics.card import definition_lines, general_lines
from csdesk.metrics.definitions import METRICS
from csdesk.ui.analysis_page.ahead import Ahead
from csdesk.ui.analysis_page.presenter import AnalysisPresenter
from csdesk.ui.analysis_page.view import AnalysisPageView
from csdesk.ui.context import Context
from csdesk.ui.exporting import Exporter
from csdesk.ui.page import Page
from csdesk.ui.widgets.chart_card import ChartCard
from csdesk.ui.widgets.definition_popup import DefinitionPopup
from csdesk.ui.widgets.kpi_card import KpiCard
from csdesk.ui.widgets.pieces import column, new_menu
from csdesk.ui.widgets.table_card import TableCard

_VEIL_AFTER_MS = 250
_LOOK_AHEAD_AFTER_MS = 800  # nobody is choosing filters any more


class AnalysisPage(Page):
    """One of the analysis pages, told apart by the id alone."""

    def __init__(self, context: Context, page_id: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self._context = context
        info = PAGES[page_id]
        self.view = AnalysisPageView(context.look, info.title, info.layout)
        self.view.card_made.connect(self._wire)
        self.view.empty.choose_files.connect(context.choose_files)
        self.view.empty.load_demo.connect(context.load_demo)
        title = self.tr("计算“{page}”").format(page=info.title)
        self.presenter = AnalysisPresenter(page_id, title, context.services, context.jobs, self)
        self.exporter = Exporter(self, context)
        lines = column()
        lines.addWidget(self.view)
        self.setLayout(lines)
        self._veil = QTimer(self)
        self._veil.setSingleShot(True)
        self._veil.setInterval(_VEIL_AFTER_MS)
        self._veil.timeout.connect(lambda: self.view.set_waiting(waiting=True))
        self.ahead = Ahead(page_id, context.services, context.jobs, self._foreseen)
        self._look_ahead = QTimer(self)
        self._look_ahead.setSingleShot(True)
        self._look_ahead.setInterval(_LOOK_AHEAD_AFTER_MS)
        self._look_ahead.timeout.connect(self._begin_to_look_ahead)

    # what the window asks

    def refresh(self, *, force: bool = False) -> None:
        """Compute anew when filter or data have changed."""
        self.presenter.want(self._context.filter.request(), self._context.services.data_version(), force=force)

    def search(self) -> None:
        """Go to the first table's search field."""
        for table in self.view.tables.values():
            self.view.ensureWidgetVisible(table)
            table.focus_search()
            return

    def print_page(self) -> None:
        """Print the whole page."""
        if self.presenter.result is not None:
            self.exporter.print_page(self.presenter.result)

    def export_page(self) -> None:
        """Offer what can be saved of the whole page, under the 导出 button."""
        if self.presenter.result is None:
            return
        menu = new_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.exporter.fill_page_menu(menu, self.presenter.result, self.view.body)
        corner = self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width() - 24, 2))
        menu.popup(corner)

    def show_demo_at_work(self, fraction: float | None) -> None:
        """Say so where there are no numbers yet."""
        self.view.empty.show_demo_at_work(fraction)

    def ready(self) -> bool:
        """Whether the newest question is answered."""
        return self.presenter.ready()

    # what the presenter says

    def show_result(self, result: PageResult) -> None:
        """Draw it."""
        self._veil.stop()
        self.view.set_waiting(waiting=False)
        self.view.show_result(result)
        self._look_ahead.start()

    def show_waiting(self) -> None:
        """Fade only when it takes long enough to notice."""
        self._veil.start()

    def show_waiting_over(self) -> None:
        """What is shown stays."""
        self._veil.stop()
        self.view.set_waiting(waiting=False)

    def show_fault(self, fault: CsdeskError) -> None:
        """Say what is wrong and what to do."""
        self.show_waiting_over()
        self._context.notices.fault(fault)

    def _begin_to_look_ahead(self) -> None:
        if self.presenter.result is not None and self.presenter.ready():
            self.ahead.begin(self.presenter.result)

    def _foreseen(self) -> None:
        """What the page lacked is there now; what is not seen is computed anew when it is opened."""
        if self.isVisible():
            self.refresh(force=True)
        else:
            self.presenter.outdated()

    # what the owner does

    def _wire(self, card: QWidget) -> None:
        if isinstance(card, KpiCard):
            card.definition_wanted.connect(self._define)
        elif isinstance(card, ChartCard):
            card.menu_wanted.connect(self._chart_menu)
            card.grain_chosen.connect(self._choose_grain)
        elif isinstance(card, TableCard):
            card.remember_with(self._context.services.settings)
            card.menu_wanted.connect(self._table_menu)

    def _define(self, card: KpiCard) -> None:
        if card.kpi is not None:
            lines = definition_lines(card.kpi.value, card.kpi.target)
            DefinitionPopup(self, [(card.kpi.title, lines)]).open_under(card.info)

    def _choose_grain(self, grain: str) -> None:
        self.presenter.choose_grain(Grain(grain))
        self.refresh()

    def _chart_menu(self, card: ChartCard, menu: QMenu) -> None:
        if card.spec is not None and self.presenter.result is not None:
            self._add_definitions(menu, card.spec.metrics or metrics_of(card.spec.table), card.spec)
            self.exporter.fill_chart_menu(menu, card.spec, self.presenter.result)

    def _table_menu(self, card: TableCard, menu: QMenu) -> None:
        if card.spec is not None:
            self._add_definitions(menu, metrics_of(card.spec.table))
            self.exporter.fill_table_menu(card, menu, self.presenter.result)

    def _add_definitions(self, menu: QMenu, metrics: Sequence[str], chart: ChartSpec | None = None) -> None:
        """口径 of every number a chart or table shows: as computed here where a card has it, else in general."""
        result = self.presenter.result
        computed = {kpi.metric: definition_lines(kpi.value, kpi.target) for kpi in result.kpis} if result else {}
        sections = [(METRICS[metric].name, computed.get(metric) or general_lines(metric)) for metric in metrics]
        if chart is not None and chart.method:
            sections.append((chart.title, [(self.tr("方法"), chart.method)]))
        if sections:
            action = menu.addAction(self._context.look.icon("info"), self.tr("口径…"))
            anchor = menu.parentWidget() or self
            action.triggered.connect(lambda _checked=False: DefinitionPopup(self, sections).open_under(anchor))
            menu.addSeparator()
