"""导入记录: the ledger and, while files wait, the import preview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from csdesk.analysis.frame import Tone
from csdesk.errors import CsdeskError
from csdesk.ingest.model import Given, Plan, Status
from csdesk.ingest.own.mapping import OwnMapping
from csdesk.jobs import Progress
from csdesk.ui.context import Context
from csdesk.ui.exporting import Exporter
from csdesk.ui.notices import Notice
from csdesk.ui.pages.data.blank_templates import BlankTemplates
from csdesk.ui.pages.data.imports import words
from csdesk.ui.pages.data.imports.ledger_view import LedgerPanel
from csdesk.ui.pages.data.imports.preview import PreviewPresenter
from csdesk.ui.pages.data.imports.preview_view import PreviewPanel
from csdesk.ui.pages.data.imports.rows_presenter import RowsPresenter, outcome
from csdesk.ui.pages.data.imports.rows_view import RowsPanel
from csdesk.ui.pages.data.imports.watch_strip import WatchStrip
from csdesk.ui.pages.data.mappings.panel import MappingPanel
from csdesk.ui.pages.data.mappings.presenter import MappingState
from csdesk.ui.pages.data.section import Section
from csdesk.ui.undoing import undo_imports
from csdesk.ui.widgets.pieces import column
from csdesk.ui.widths import remember_widths, remembered_widths

if TYPE_CHECKING:
    from csdesk.ingest.changes import BatchChanges
    from csdesk.ingest.corrections import RejectedTable

_SPLITTER = "preview"


class ImportsSection(Section):
    """Joins the preview's presenter with both views."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._wanted: int | None = None
        self.watching = WatchStrip(context.look, context.folder_watch, context.services.watch)
        self.templates = BlankTemplates(self, context)
        self.ledger = LedgerPanel(context.look, self.watching, self.templates.button())
        self.preview = PreviewPanel(context.look)
        self.presenter = PreviewPresenter(context.services, context.jobs, self)
        self.exporter = Exporter(self, context)
        self.mapping = MappingPanel(context)
        self._mapped_plan: Plan | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.ledger)
        self._stack.addWidget(self.preview)
        self._stack.addWidget(self.mapping)
        self.rows = RowsPanel(context.look)
        self.rows_presenter = RowsPresenter(context.services, context.jobs, self)
        self._stack.addWidget(self.rows)
        lines = column()
        lines.addWidget(self._stack)
        self.setLayout(lines)
        self._connect()

    def _connect(self) -> None:
        context, ledger, preview = self._context, self.ledger, self.preview
        ledger.choose_files.connect(context.choose_files)
        ledger.load_demo.connect(context.load_demo)
        ledger.remove_demo.connect(context.remove_demo)
        ledger.undo.connect(lambda batch: self.undo([batch]))
        ledger.rejected_wanted.connect(self.rows_presenter.open_rejected)
        ledger.changes_wanted.connect(self.rows_presenter.open_changes)
        ledger.save_rejected.connect(self._save_rejected)
        self.rows.left.connect(self.leave)
        self.rows.retry.connect(self.rows_presenter.retry)
        self.rows.save.connect(lambda: self._save_rejected(self.rows_presenter.batch))
        self.rows.card.menu_wanted.connect(self.exporter.fill_table_menu)
        ledger.card.remember_with(context.services.settings)
        ledger.card.menu_wanted.connect(self.exporter.fill_table_menu)
        kept = remembered_widths(context.services.settings, _SPLITTER, 2)
        if kept:
            preview.splitter.setSizes(kept)
        preview.splitter.splitterMoved.connect(
            lambda _place, _index: remember_widths(context.services.settings, _SPLITTER, preview.splitter.sizes())
        )
        preview.import_wanted.connect(self.presenter.import_all)
        preview.stop_wanted.connect(self.presenter.stop)
        preview.files.chosen.connect(self.presenter.select)
        preview.files.choose_files.connect(context.choose_files)
        preview.details.answered.connect(self._answer)
        preview.details.dropped.connect(self.presenter.drop)
        preview.details.save_rejected.connect(self._save_rejected_of)
        preview.details.mapping_wanted.connect(self._map)
        self.mapping.kept.connect(self._mapped)
        self.mapping.left.connect(self._back_to_preview)

    def _turn(self, *, preview: bool) -> None:
        self._open(self.preview if preview else self.ledger)
        self.fill(whole=preview)

    def _open(self, panel: QWidget) -> None:
        """Turn to this panel, and take the keyboard along: Qt would hand it to whatever comes next in the window."""
        held = self.focusWidget()
        follows = held is not None and held.hasFocus() and panel is not self._stack.currentWidget()
        self._stack.setCurrentWidget(panel)
        if follows:
            panel.setFocus()

    # what the window asks

    def refresh(self, *, force: bool = False) -> None:
        """Show the ledger as it is now."""
        del force
        self.ledger.show_ledger(self._context.services.ledger(), self._context.filter.facts)
        if not self._mapping_open and (self._stack.currentWidget() is not self.rows or self.presenter.active):
            self._turn(preview=self.presenter.active)
            if self._wanted is not None and not self.presenter.active:
                self.ledger.point_at(self._wanted)
                self._wanted = None

    def open_detail(self, detail: str) -> None:
        """Point at this import."""
        self._wanted = int(detail)

    def take_files(self, paths: Sequence[Path]) -> bool:
        """Preview these files."""
        if self._mapping_open:
            words_now = self.tr("正在对列，先保存或取消，再拖进来。")
            self._context.notices.post(Notice(words_now, tone=Tone.WARN))
            return True
        if self.presenter.writing:
            self._context.notices.post(Notice(self.tr("正在写入，写完再拖进来。"), tone=Tone.WARN))
            return True
        self._turn(preview=True)
        self.presenter.take(paths)
        return True

    def search(self) -> None:
        """Ctrl+F: find an import, or a column while columns are mapped."""
        if self._mapping_open:
            self.mapping.search()
        if self._stack.currentIndex() == 0 and self.ledger.card.isVisible():
            self.ledger.card.focus_search()

    def escape(self) -> bool:
        """Esc: take back a question, or leave the preview while nothing is being written."""
        if self._mapping_open:
            return self.mapping.escape()
        if self.ledger.escape():
            return True
        if self.presenter.active and not self.presenter.writing:
            self.presenter.stop()
            return True
        if self._stack.currentWidget() is self.rows:
            self.leave()
            return True
        return False

    def show_demo_at_work(self, fraction: float | None) -> None:
        """Say so on the button that offers them."""
        self.ledger.show_demo_at_work(fraction)

    def ready(self) -> bool:
        """Whether nothing is being read or written."""
        return not (self.presenter.busy or self.mapping.busy or self.rows_presenter.trying)

    # what the presenter says

    def show_reading(self, step: str) -> None:
        """Files are being read."""
        self._turn(preview=True)
        self.preview.show_reading(step, alone=not self.presenter.plans)

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self.preview.show_progress(progress)

    def show_plans(self, plans: Sequence[Plan], selected: int) -> None:
        """What was understood."""
        shops = tuple(dict.fromkeys(shop.name for shop in self._context.filter.facts.shops))
        yesterday = self._context.filter.today() - timedelta(days=1)
        self.preview.show_plans(plans, selected, shops, yesterday, counting=self.presenter.counting)

    def show_writing(self) -> None:
        """The import runs."""
        self.preview.show_writing()

    def leave(self) -> None:
        """Back to the ledger."""
        self._turn(preview=False)

    def done(self, plans: Sequence[Plan], *, stopped: bool) -> None:
        """Say what was imported, with undo; show the ledger."""
        self._context.data_changed()
        self.leave()
        batches = [plan.batch for plan in plans if plan.batch is not None]
        if not plans:
            self._context.notices.post(Notice(self.tr("已停下，什么都没有写入。")))
            return
        text = words.imported_notice(plans)
        advice = self.tr("后面的表没有导入。") if stopped else ""
        self._context.notices.post(
            Notice(text, advice, Tone.WARN if stopped else Tone.GOOD, self.tr("撤销"), lambda: self.undo(batches))
        )

    def explain(self, fault: CsdeskError) -> None:
        """Say what went wrong."""
        self.rows.show_tried()
        self._context.notices.fault(fault)

    # what the presenter of single rows says

    def show_rejected(self, table: RejectedTable) -> None:
        """The rows of an import that came back."""
        self.rows.show_rejected(table)
        self._show_rows()

    def show_changes(self, changes: BatchChanges) -> None:
        """What an import changed."""
        self.rows.show_changes(changes)
        self._show_rows()

    def show_trying(self) -> None:
        """The corrected rows are being imported."""
        self.rows.show_trying()

    def show_tried(self, plans: Sequence[Plan]) -> None:
        """What became of the corrected rows; what is still wrong can be corrected further."""
        text, advice, good = outcome(plans)
        self._context.notices.post(Notice(text, advice, Tone.GOOD if good else Tone.WARN))
        self.rows.show_tried()
        batches = [plan.batch for plan in plans if plan.batch is not None]
        if not batches:
            return
        self._context.data_changed()
        if any(plan.rows.rejected for plan in plans):
            self.rows_presenter.open_rejected(batches[-1])
        else:
            self.leave()

    def show_saved(self, path: Path) -> None:
        """The rows were saved to be corrected."""
        text = self.tr("存好了：{name}").format(name=path.name)
        self._context.notices.post(Notice(text, self.tr("改好存盘，再把它拖进窗口。"), Tone.GOOD))

    def _show_rows(self) -> None:
        self._open(self.rows)
        self.fill(whole=True)

    def _save_rejected_of(self, plan: Plan) -> None:
        path = self.exporter.ask_path(self.tr("退回的行"), "xlsx")
        if path is not None:
            self.rows_presenter.save_plan(plan, path)

    def _save_rejected(self, batch: int) -> None:
        self.rows_presenter.batch = batch
        path = self.exporter.ask_path(self.tr("退回的行"), "xlsx")
        if path is not None:
            self.rows_presenter.save(path)

    # what the owner does

    def undo(self, batches: Sequence[int]) -> None:
        """Take imports back, the newest first."""

        def done(number: int) -> None:
            self._context.data_changed()
            text = self.tr("撤销了 {number} 个表，数据回到没有导入它们的样子。").format(number=number)
            self._context.notices.post(Notice(text, tone=Tone.GOOD))

        undo_imports(self._context.services, self._context.jobs, batches).on_done(done).start()

    # columns mapped by hand

    @property
    def _mapping_open(self) -> bool:
        return self._stack.currentWidget() is self.mapping

    def _map(self, plan: Plan) -> None:
        """Open the mapping view on a plan's table."""
        self._mapped_plan = plan
        self._open(self.mapping)
        title, layout = words.file_title(plan), plan.layout or ""
        self.mapping.presenter.open(plan.file, title, sheet=plan.sheet, layout_id=layout)

    def _mapped(self, mapping: OwnMapping, state: MappingState) -> None:
        """Read the table again as mapped, and all others nobody understood: they may be alike."""
        self._back_to_preview()
        text = self.tr("“{name}”存好了，以后同样的表按它读。").format(name=mapping.name)
        self._context.notices.post(Notice(text, tone=Tone.GOOD))
        plan = self._mapped_plan
        if plan is None:
            return
        named = mapping.name if mapping.header_rows == 0 else None
        others = [one for one in self.presenter.plans if one.status is Status.UNRECOGNISED and one.file != plan.file]
        self.presenter.read_again(plan, Given(period=state.period, mapping=named), others)
        desk = self._context.services.mappings
        job = self._context.jobs.read(lambda _task: desk.read_before(plan.sha256))
        job.on_done(lambda found: self._warn_of_before(plan, found)).start()

    def _warn_of_before(self, plan: Plan, found: Sequence[int]) -> None:
        """The same file was imported as it was understood then: both readings together would be wrong."""
        if not found:
            return
        text = self.tr("“{name}”以前导入过，那时的读法和现在不一样。").format(name=words.file_title(plan))
        advice = self.tr("请先撤销那一批，再导入，免得新旧数字混在一起。")

        def undo() -> None:
            self.undo(found)
            self.presenter.read_again(plan, Given(), ())

        self._context.notices.post(Notice(text, advice, Tone.WARN, self.tr("撤销那一批"), undo, lasting=True))

    def _back_to_preview(self) -> None:
        self._turn(preview=self.presenter.active)

    def _answer(self, plan: Plan, given: Given) -> None:
        self.presenter.answer(plan, given)
