"""The view that maps a table by hand: settings above, columns left, the trial right, saving at the foot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QWidget

from csdesk.analysis.frame import Run
from csdesk.errors import CsdeskError
from csdesk.ingest.own.mapping import OwnMapping
from csdesk.ingest.own.trial import Trial
from csdesk.ui.context import Context
from csdesk.ui.pages.data.mappings.column_rows import ColumnRows
from csdesk.ui.pages.data.mappings.presenter import MappingPresenter, MappingState
from csdesk.ui.pages.data.mappings.table_settings import TableSettings
from csdesk.ui.pages.data.mappings.trial_view import TrialView
from csdesk.ui.widgets.pieces import button, column, label, row
from csdesk.ui.widgets.rich_text import RichLine

_WAIT_MS = 250


class MappingPanel(QWidget):
    """``kept`` carries (mapping, state) when it was saved, ``left`` is sent when it was not."""

    kept = Signal(object, object)
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._warned = False
        look = context.look
        self.presenter = MappingPresenter(lambda: context.services.mappings, context.jobs, self)
        pad, gap = look.theme.size("page_padding"), look.theme.size("gap")
        body = column(margins=(pad, 18, pad, 14), spacing=0)
        title = QLabel(self.tr("自己对列"))
        title.setObjectName("pageTitle")
        self._lead = RichLine(look, "pageLead")
        body.addWidget(title)
        body.addSpacing(4)
        body.addWidget(self._lead)
        body.addSpacing(12)
        self.settings, self.columns, self.trial = TableSettings(), ColumnRows(), TrialView(look)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(gap)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.columns)
        self.splitter.addWidget(self.trial)
        self.splitter.setStretchFactor(0, 6)
        self.splitter.setStretchFactor(1, 5)
        work, inside = QWidget(), column(spacing=gap)
        inside.addWidget(self.settings)
        inside.addWidget(self.splitter, 1)
        work.setLayout(inside)
        self._reading = label("", "second")
        self._reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._middle = QStackedWidget()
        self._middle.addWidget(work)
        self._middle.addWidget(self._reading)
        body.addWidget(self._middle, 1)
        whole = column()
        whole.addLayout(body, 1)
        whole.addWidget(self._footer())
        self.setLayout(whole)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self.presenter.try_now)
        self._connect()

    def _connect(self) -> None:
        settings, presenter = self.settings, self.presenter
        settings.sheet_chosen.connect(presenter.set_sheet)
        settings.header_chosen.connect(presenter.set_header)
        settings.target_chosen.connect(presenter.set_target)
        settings.changed.connect(self._changed)
        self.columns.chosen.connect(presenter.choose)
        self.columns.unit_chosen.connect(self._unit)

    @property
    def busy(self) -> bool:
        """Whether something is being read, tried or saved, or about to be."""
        return self.presenter.busy or self._wait.isActive()

    def search(self) -> None:
        """Ctrl+F: find a column."""
        self.columns.search()

    def escape(self) -> bool:
        """Esc leaves without saving; where something was changed only the second one does."""
        if self.presenter.touched and not self._warned:
            self._warned = True
            self._sentence.set_runs((Run(self.tr("还没有保存。再按一次 Esc 就放弃刚才的改动。"), strong=True),))
        else:
            self.presenter.close()
        return True

    # what the presenter says

    def show_opening(self, title: str) -> None:
        """The file is being read."""
        self._reading.setText(self.tr("正在读 {title}").format(title=title))
        self._middle.setCurrentIndex(1)
        self._lead.set_runs(())
        self._sentence.set_runs(())
        self.save.setEnabled(False)

    def show_state(self, state: MappingState) -> None:
        """Show everything anew."""
        shops = list(dict.fromkeys(shop.name for shop in self._context.filter.facts.shops))
        self._middle.setCurrentIndex(0)
        self._lead.set_runs(_lead(state))
        self.settings.show_state(state, shops, self._context.filter.today())
        self.columns.show_state(state)
        self._warned = False
        self.save.setEnabled(False)
        self.presenter.try_now()

    def show_column(self, at: int, state: MappingState) -> None:
        """Show one column anew, and try again soon."""
        self.columns.show_column(at, state)
        self.settings.show_needs(state)
        self._changed()

    def show_trial(self, trial: Trial) -> None:
        """Show what would become of the first rows."""
        state = self.presenter.state
        if state is None:
            return
        self.trial.show_trial(trial, there=state.has_rows)
        self.save.setEnabled(not trial.faults)
        self._sentence.set_runs((Run(trial.faults[0] if trial.faults else _ready(state)),))

    def saved(self, mapping: OwnMapping, state: MappingState) -> None:
        """Hand it on."""
        self.kept.emit(mapping, state)

    def leave(self) -> None:
        """Nothing is being mapped."""
        self._wait.stop()
        self.left.emit()

    def explain(self, fault: CsdeskError) -> None:
        """Say what went wrong."""
        self._context.notices.fault(fault)

    # what the owner does

    def _changed(self) -> None:
        self._warned = False
        self._wait.start()

    def _unit(self, at: int, unit: str) -> None:
        self.presenter.set_unit(at, unit)
        self._changed()

    def _footer(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("footer")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        foot.setFixedHeight(54)
        line = row(margins=(24, 0, 24, 0), spacing=12)
        self._sentence = RichLine(self._context.look, "second")
        self._sentence.setWordWrap(False)
        line.addWidget(self._sentence, 1)
        self.cancel = button(self.tr("取消"), "quiet", self.presenter.close)
        save: Callable[[], None] = self.presenter.save
        self.save = button(self.tr("保存列映射"), "primary", save)
        line.addWidget(self.cancel)
        line.addWidget(self.save)
        foot.setLayout(line)
        return foot


def _lead(state: MappingState) -> tuple[Run, ...]:
    if not state.has_rows:
        return (Run("修改“"), Run(state.title, strong=True), Run("”：以后同样的表按新的读法，已经导入的数据不变。"))
    if state.suggestion.mapping is not None and not state.suggestion.place.height:
        return (
            Run(state.title, strong=True),
            Run("：没有表头，先照“"),
            Run(state.suggestion.mapping.name, strong=True),
            Run("”填好了。如果是另一种表，请换个名字再保存。"),
        )
    if state.suggestion.mapping is not None:
        return (Run(state.title, strong=True), Run("：这样的表您对过，改好保存，以后都按新的读法。"))
    return (
        Run(state.title, strong=True),
        Run("：说明每一列是什么，保存后同样表头的表会自动认识。这里什么都不会写入数据。"),
    )


def _ready(state: MappingState) -> str:
    if state.suggestion.place.height == 0:
        return "可以保存了。没有表头的表不会自动认识：下次再点“自己对列”，会照这次的填好。"
    return "可以保存了。"
