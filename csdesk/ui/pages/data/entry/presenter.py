"""What happens on the section of entries: which form is open, saving, correcting, deleting, drafts. No widgets here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from csdesk.domain.identity import fold, parse_agent
from csdesk.errors import CsdeskError
from csdesk.ingest.entry.book import EntryBook, Saved, filled_from
from csdesk.ingest.entry.checking import Checked, EntryShop
from csdesk.ingest.entry.forms import EntryForm
from csdesk.ingest.entry.items import CheckItem
from csdesk.jobs import Jobs
from csdesk.safety.masking import mask_text
from csdesk.settings.options import ENTRY_DRAFT
from csdesk.store.hand_rows import HandRow
from csdesk.ui.pages.data.entry.tables import MOST_LISTED
from csdesk.ui.services import Services

_FIRST = "phone"
_NOT_KEPT = frozenset({"buyer", "day", "clock"})
"""No part of a draft: a buyer's name is never written down, and a day kept overnight would be wrong unseen."""
_GOING_ON = ("shop", "agent", "day")


def tr(text: str) -> str:
    """The sentence in the language of the window."""
    return QCoreApplication.translate("entry", text)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows, as read in the lane."""

    shops: tuple[EntryShop, ...]
    rows: Sequence[HandRow]


class EntryView(Protocol):
    """What the presenter needs to show."""

    def show_form(self, form: EntryForm, filled: Mapping[str, str], editing: HandRow | None) -> None:
        """Show this form, filled so."""
        ...

    def show_known(self, known: Known, form: EntryForm) -> None:
        """The shops to choose from and the entries below."""
        ...

    def show_faults(self, faults: Mapping[str, str], asked: str = "") -> None:
        """Say what is wrong beside the fields ("" beside none); ``asked`` is a field whose sentence is a question."""
        ...

    def show_saving(self) -> None:
        """An entry is on its way into the store."""
        ...

    def show_saved(self, saved: Saved, *, corrected: bool) -> None:
        """It is there: the form is free for the next one."""
        ...

    def show_failure(self, fault: CsdeskError) -> None:
        """It could not be stored; what was typed stays."""
        ...

    def show_deleted(self, batches: Sequence[int]) -> None:
        """Entries were taken out."""
        ...

    def today(self) -> date:
        """The day it is."""
        ...


class EntryPresenter:
    """Between the form, the list below it and the book of entries."""

    def __init__(self, services: Services, jobs: Jobs, view: EntryView) -> None:
        self._services, self._jobs, self._view = services, jobs, view
        self.form_id = _FIRST
        self.form: EntryForm | None = None
        self.editing: HandRow | None = None
        self.shops: tuple[EntryShop, ...] = ()
        self.saving = False
        self.reading = 0
        self._confirmed = ""
        self._carried: dict[str, str] = {}

    # ---------------------------------------------------------------- showing

    def refresh(self) -> None:
        """Read shops and entries anew; what is being typed stays."""
        form_id = self.form_id
        self.reading += 1

        def work(_task: object) -> tuple[EntryForm, Known]:
            book = self._book
            return book.form(form_id), Known(book.shops(), book.recent(form_id, MOST_LISTED))

        def done(found: tuple[EntryForm, Known]) -> None:
            self.reading -= 1
            form, known = found
            if form_id != self.form_id:
                return
            self.shops = known.shops
            fresh = self.form is None
            if self.editing is None and self.form != form:
                self.form = form
            self._view.show_known(known, form)
            if fresh and self.form is not None:
                last = {"shop": self._label(known.rows[0])} if known.rows else {}
                self._view.show_form(self.form, last | self._carried | self.draft(), None)

        def failed(fault: CsdeskError) -> None:
            self.reading -= 1
            self._view.show_failure(fault)

        self._jobs.read(work).on_done(done).on_fault(failed).start()

    def choose(self, form_id: str, filled: Mapping[str, str]) -> None:
        """Open another form; shop, person and day go on from what is ``filled`` in here."""
        if form_id == self.form_id and self.editing is None:
            return
        self._carried = {name: filled[name] for name in _GOING_ON if filled.get(name)} if self.editing is None else {}
        self.form_id, self.form, self.editing, self._confirmed = form_id, None, None, ""
        self.refresh()

    @property
    def busy(self) -> bool:
        """Whether anything is being read or stored."""
        return self.saving or self.reading > 0

    def names(self, label: str) -> tuple[str, ...]:
        """The people of a shop."""
        return next((shop.agents for shop in self.shops if shop.label == label), ())

    # ---------------------------------------------------------------- storing

    def save(self, filled: Mapping[str, str]) -> None:
        """Store what is filled in, or say what is wrong with it."""
        form, editing, book = self.form, self.editing, self._book
        if form is None or self.saving:
            return
        question = self._question(filled)
        if question:
            self._view.show_faults({"agent": question}, asked="agent")
            return
        self.saving = True
        self._view.show_saving()

        def work(_task: object) -> Saved | Checked:
            entry = book.check(form, filled)
            if entry.faults:
                return entry
            return book.save(form, entry) if editing is None else book.change(form, editing.key, entry)

        def done(result: Saved | Checked) -> None:
            self.saving = False
            if isinstance(result, Checked):
                self._view.show_faults(result.faults)
                return
            self.editing, self._confirmed = None, ""
            if editing is None:
                self.forget()
            else:
                self.form = book.form(self.form_id)
            self._view.show_saved(result, corrected=editing is not None)

        self._jobs.write(work, tr("正在保存")).on_done(done).on_fault(self._failed).on_bug(self._stumbled).start()

    def edit(self, row: HandRow) -> None:
        """Correct an entry: the form shows it as it is."""
        self.editing, self._confirmed = row, row.agent
        self.form = self._book.form_for(self.form_id, row)
        self._view.show_form(self.form, filled_from(row, self._label(row)), row)

    def leave_edit(self) -> None:
        """Back to new entries; nothing is changed."""
        if self.editing is not None:
            self.editing, self._confirmed = None, ""
            self.form = self._book.form(self.form_id)
            self._view.show_form(self.form, self.draft(), None)

    def delete(self, rows: Sequence[HandRow]) -> None:
        """Take entries out; each can be brought back."""
        form, book = self.form, self._book
        if form is None or not rows or self.saving:
            return
        if self.editing is not None and self.editing.key in {row.key for row in rows}:
            self.leave_edit()

        def work(_task: object) -> list[int]:
            return [book.delete(form, row.key).batch for row in rows]

        self._jobs.write(work, tr("正在删除")).on_done(self._view.show_deleted).on_fault(
            self._view.show_failure
        ).start()

    def use_items(self, items: Sequence[CheckItem]) -> str:
        """Judge by these items from now on; returns what is wrong with them, "" if nothing is."""
        try:
            self._book.keep_items(items)
        except CsdeskError as fault:
            return str(fault)
        except OSError:
            return tr("存不了设置：数据文件夹写不进去，请检查磁盘空间和权限。")
        return ""

    # ---------------------------------------------------------------- drafts

    def draft(self) -> dict[str, str]:
        """What was half typed of the open form."""
        kept = self._services.settings.get(ENTRY_DRAFT)
        start = f"{self.form_id}."
        return {name.removeprefix(start): text for name, text in kept.items() if name.startswith(start)}

    def keep_draft(self, filled: Mapping[str, str]) -> None:
        """Keep what is half typed, texts masked; only while something is typed that the next entry would not keep."""
        form = self.form
        if form is None or self.editing is not None or self.saving:
            return
        told = {
            field.id: mask_text(filled[field.id])
            for field in form.fields
            if field.id not in _NOT_KEPT and filled.get(field.id, "").strip()
        }
        begun = any(not form.field(name).keeps for name in told)
        self._keep({f"{form.id}.{name}": text for name, text in told.items()} if begun else {})

    def forget(self) -> None:
        """The half typed form is stored now."""
        self._keep({})

    def _keep(self, draft: Mapping[str, str]) -> None:
        settings = self._services.settings
        others = {
            name: text for name, text in settings.get(ENTRY_DRAFT).items() if not name.startswith(f"{self.form_id}.")
        }
        with suppress(OSError):  # a full disk or read-only folder: it holds for this run
            settings.set(ENTRY_DRAFT, {**others, **draft})

    # ---------------------------------------------------------------- small things

    @property
    def _book(self) -> EntryBook:
        return self._services.entry_book

    def _label(self, row: HandRow) -> str:
        """What the shop of an entry is called in the form."""
        return next((s.label for s in self.shops if (s.platform, s.name) == (row.platform, row.shop)), row.shop_shown)

    def _question(self, filled: Mapping[str, str]) -> str:
        """Asked once before a name nobody has makes a new person."""
        name = parse_agent(filled.get("agent", "")).name
        names = self.names(filled.get("shop", ""))
        if not name or not names or fold(name) in {fold(known) for known in names} or name == self._confirmed:
            return ""
        self._confirmed = name
        return tr("名单里没有“{name}”。再按一次回车，就新加这位客服。").format(name=name)

    def _failed(self, fault: CsdeskError) -> None:
        self.saving = False
        self._view.show_failure(fault)

    def _stumbled(self, _bug: BaseException) -> None:
        self.saving = False
        self._view.show_faults({})
