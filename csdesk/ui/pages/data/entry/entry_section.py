"""手工录入 as a section: the form above, what was typed in below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

from csdesk.analysis.frame import Run, Tone
from csdesk.errors import CsdeskError
from csdesk.ingest.entry.book import Saved
from csdesk.ingest.entry.forms import EntryForm
from csdesk.store.hand_rows import HandRow
from csdesk.ui.context import Context
from csdesk.ui.exporting import Exporter
from csdesk.ui.notices import Notice
from csdesk.ui.pages.data.blank_templates import BlankTemplates
from csdesk.ui.pages.data.entry.form_view import EntryCard
from csdesk.ui.pages.data.entry.items_popup import ItemsPopup
from csdesk.ui.pages.data.entry.presenter import EntryPresenter, Known
from csdesk.ui.pages.data.entry.tables import entries_table
from csdesk.ui.pages.data.section import ScrollBody, Section
from csdesk.ui.undoing import undo_imports
from csdesk.ui.widgets.pieces import button, column, label
from csdesk.ui.widgets.table_card import TableCard

_DRAFT_AFTER_MS = 400
_TEMPLATES = ("satisfaction_survey", "quality_checks")


class EntrySection(Section):
    """Joins presenter, form and list."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rows: Sequence[HandRow] = ()
        self.form = EntryCard(context.look)
        self.presenter = EntryPresenter(context.services, context.jobs, self)
        self.exporter = Exporter(self, context)
        self.templates = BlankTemplates(self, context, _TEMPLATES)
        self.form.tools.addWidget(self.templates.button())
        self.card = TableCard(context.look)
        self.edit_button = button(self.tr("修改"), "quiet", self.edit_chosen)
        self.delete_button = button(self.tr("删除"), "quiet", self.delete_chosen)
        for tool in (self.delete_button, self.edit_button):
            self.card.tool(tool, first=True)
        self._nothing = label("", "hint", wrap=True)
        body = ScrollBody(context.look)
        body.show_lead(
            (
                Run(self.tr("打过的回访电话、收到的纸质问卷、抽检的会话，在这里一条条录。")),
                Run(self.tr("每一条都能改、能删、能撤销，")),
                Run(self.tr("和导入的表放在一起算。")),
            )
        )
        body.lines.addWidget(self.form)
        body.lines.addWidget(self._nothing)
        body.lines.addWidget(self.card)
        lines = column()
        lines.addWidget(body)
        self.setLayout(lines)
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(_DRAFT_AFTER_MS)
        self._connect()

    def _connect(self) -> None:
        form, table = self.form, self.card.table
        form.save_wanted.connect(self.presenter.save)
        form.form_wanted.connect(self._choose)
        form.edit_left.connect(self.presenter.leave_edit)
        form.clear_wanted.connect(self._clear)
        form.items_wanted.connect(self._change_items)
        form.edited.connect(self._draft_timer.start)
        self._draft_timer.timeout.connect(lambda: self.presenter.keep_draft(form.filled()))
        self.card.remember_with(self._context.services.settings)
        self.card.menu_wanted.connect(self.exporter.fill_table_menu)
        table.doubleClicked.connect(self._double_clicked)
        table.selectionModel().selectionChanged.connect(lambda _new, _old: self._offer_tools())
        table.installEventFilter(self)

    # ---------------------------------------------------------------- what the window asks

    def refresh(self, *, force: bool = False) -> None:
        """Read shops, people and entries anew."""
        del force
        self.presenter.refresh()

    def ready(self) -> bool:
        """Whether nothing is being read or stored."""
        return not self.presenter.busy

    def search(self) -> None:
        """Ctrl+F: find an entry."""
        if self.card.isVisible():
            self.card.focus_search()

    def escape(self) -> bool:
        """Esc: leave a correction."""
        if self.presenter.editing is None:
            return False
        self.presenter.leave_edit()
        return True

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Typing can begin at once."""
        super().showEvent(event)
        if self.presenter.form is not None:
            self.form.unlock(self.form.first_to_fill())

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        """Another page, or the end: what is half typed is kept at once."""
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self.presenter.keep_draft(self.form.filled())
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """In the list Enter corrects and Delete takes out."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.edit_chosen()
                return True
            if event.key() == Qt.Key.Key_Delete:
                self.delete_chosen()
                return True
        return super().eventFilter(watched, event)

    # ---------------------------------------------------------------- what the presenter says

    def show_form(self, form: EntryForm, filled: Mapping[str, str], editing: HandRow | None) -> None:
        """Show this form, filled so."""
        self.form.show_form(form, filled, editing=editing is not None)
        if self.isVisible():
            self.form.unlock(self.form.first_to_fill())

    def show_known(self, known: Known, form: EntryForm) -> None:
        """The shops to choose from and the entries below."""
        people = {shop.label: shop.agents for shop in known.shops}
        self.form.offer([shop.label for shop in known.shops], people, self.today())
        self._rows = known.rows
        self.card.setVisible(bool(known.rows))
        self._nothing.setVisible(not known.rows)
        self._nothing.setText(
            self.tr("还没有录入过{title}。填好上面的空，按回车就存好，录过的会列在这里。").format(title=form.title)
        )
        self.card.show_table(entries_table(form.id, known.rows))
        self._offer_tools()

    def show_faults(self, faults: Mapping[str, str], asked: str = "") -> None:
        """Say what is wrong beside the fields."""
        self.form.unlock()
        self.form.say(faults, asked)

    def show_saving(self) -> None:
        """An entry is on its way into the store."""
        self._draft_timer.stop()
        self.form.lock()

    def show_saved(self, saved: Saved, *, corrected: bool) -> None:
        """It is there: the form is free for the next one."""
        self._context.data_changed()
        if corrected:
            form = self.presenter.form
            if form is not None:
                self.form.show_form(form, self.presenter.draft(), editing=False)
            self._post(self.tr("改好了。"), saved.batches)
        else:
            self.form.next_one()
        self.form.unlock(self.form.first_to_fill())

    def show_failure(self, fault: CsdeskError) -> None:
        """It could not be stored; what was typed stays."""
        self.form.unlock()
        self.form.say({"": self.tr("没有存上，填的内容都还在：{fault}").format(fault=fault)})
        self._context.notices.fault(fault)

    def show_deleted(self, batches: Sequence[int]) -> None:
        """Entries were taken out."""
        self._context.data_changed()
        self._post(self.tr("删掉了 {number} 条。").format(number=len(batches)), batches)

    def today(self) -> date:
        """The day it is."""
        return self._context.filter.today()

    # ---------------------------------------------------------------- what the owner does

    def chosen(self) -> list[HandRow]:
        """The entries marked in the list."""
        return [self._rows[place] for place in self.card.chosen_rows()]

    def edit_chosen(self) -> None:
        """Correct the marked entry."""
        chosen = self.chosen()
        if len(chosen) == 1:
            self.presenter.keep_draft(self.form.filled())
            self.presenter.edit(chosen[0])

    def delete_chosen(self) -> None:
        """Take the marked entries out."""
        self.presenter.delete(self.chosen())

    def _double_clicked(self, index: QModelIndex) -> None:
        del index
        self.edit_chosen()

    def _offer_tools(self) -> None:
        chosen = len(self.card.table.selectionModel().selectedRows()) or len(self.chosen())
        self.edit_button.setEnabled(chosen == 1)
        self.delete_button.setEnabled(chosen > 0)

    def _choose(self, form_id: str) -> None:
        self.presenter.keep_draft(self.form.filled())
        self.presenter.choose(form_id, self.form.filled())

    def _clear(self) -> None:
        self.presenter.forget()
        self.form.next_one()
        self.form.unlock(self.form.first_to_fill())

    def _change_items(self) -> None:
        form = self.presenter.form
        if form is None:
            return
        popup = ItemsPopup(self, self._context.look, form.items, self.presenter.use_items)
        popup.closed.connect(self._take_items)
        popup.open_under(self.form.items_button)

    def _take_items(self) -> None:
        """Show the form with the items as they are now; what was filled in stays where there is a field for it."""
        form = self._context.services.entry_book.form(self.presenter.form_id)
        if form != self.presenter.form and self.presenter.editing is None:
            self.presenter.form = form
            self.form.show_form(form, self.form.filled(), editing=False)

    def _post(self, text: str, batches: Sequence[int]) -> None:
        self._context.notices.post(Notice(text, "", Tone.GOOD, self.tr("撤销"), lambda: self._undo(batches)))

    def _undo(self, batches: Sequence[int]) -> None:
        def done(_number: int) -> None:
            self._context.data_changed()
            self._context.notices.post(Notice(self.tr("撤销好了，和原来一样。"), tone=Tone.GOOD))

        undo_imports(self._context.services, self._context.jobs, batches).on_done(done).start()
