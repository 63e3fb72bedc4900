"""列映射: the list of own mappings and, while one is changed, the view that maps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedWidget

from csdesk.analysis.frame import Tone
from csdesk.ingest.own.desk import Listed
from csdesk.ingest.own.mapping import OwnMapping
from csdesk.settings.options import LAST_FOLDER
from csdesk.ui.context import Context
from csdesk.ui.notices import Notice
from csdesk.ui.pages.data.mappings.list_view import MappingList
from csdesk.ui.pages.data.mappings.panel import MappingPanel
from csdesk.ui.pages.data.mappings.presenter import MappingState
from csdesk.ui.pages.data.section import Section
from csdesk.ui.widgets.pieces import column

_UNFIT = '<>:"/\\|?*'  # in no file name of Windows


class MappingsSection(Section):
    """Everything that touches files or the store runs in a lane."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._reading = False
        self.list = MappingList(context.look)
        self.panel = MappingPanel(context)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.panel)
        lines = column()
        lines.addWidget(self._stack)
        self.setLayout(lines)
        self.list.choose_files.connect(context.choose_files)
        self.list.take_in.connect(self._choose_file)
        self.list.replace_confirmed.connect(self._take_in)
        self.panel.kept.connect(self._kept)
        self.panel.left.connect(lambda: self._turn(mapping=False))

    # what the window asks

    def refresh(self, *, force: bool = False) -> None:
        """Read the list again."""
        del force
        self._reading = True
        desk = self._context.services.mappings
        job = self._context.jobs.read(lambda _task: (desk.listed_with_titles(), tuple(desk.shelf.damaged())))
        job.on_done(lambda found: self._show(*found)).on_bug(lambda _bug: self._read()).on_cancelled(self._read)
        job.on_fault(self._fault).start()

    def take_files(self, paths: Sequence[Path]) -> bool:
        """Mappings somebody gave, dropped on the window."""
        if self._stack.currentIndex() == 0:
            for path in paths:
                self.take_file(path)
        return True

    def search(self) -> None:
        """Ctrl+F: find a column while one is mapping."""
        if self._stack.currentIndex() == 1:
            self.panel.search()

    def escape(self) -> bool:
        """Esc: take back a question, or leave the mapping view."""
        if self._stack.currentIndex() == 1:
            return self.panel.escape()
        return self.list.escape()

    def ready(self) -> bool:
        """Whether nothing is being read."""
        return not self._reading and not self.panel.busy

    # what the owner does

    def export(self, mapping_id: str, path: Path) -> None:
        """Write a mapping to a file for somebody else."""
        if path.suffix.lower() != ".toml":
            path = path.with_name(f"{path.name}.toml")
        desk = self._context.services.mappings
        text = self.tr("导出好了：{name}").format(name=path.name)
        advice = self.tr("发给同事，在“列映射”里导入。")
        self._context.jobs.write(lambda _task: desk.shelf.export(mapping_id, path)).on_done(
            lambda _nothing: self._context.notices.post(Notice(text, advice, Tone.GOOD))
        ).start()

    def take_file(self, path: Path) -> None:
        """Read a mapping somebody gave; one for the same header gives way only when asked."""
        desk = self._context.services.mappings

        def done(mapping: OwnMapping) -> None:
            old = desk.shelf.find(mapping.id)
            if old is None:
                self._take_in(mapping)
            elif old.columns == mapping.columns and old.kind == mapping.kind:
                self._say(self.tr("这份列映射已经有了，叫“{name}”。").format(name=old.name))
            else:
                self.list.ask_replace(mapping, old.name)

        self._context.jobs.read(lambda _task: desk.shelf.read(path)).on_done(done).start()

    def _take_in(self, mapping: OwnMapping) -> None:
        desk = self._context.services.mappings
        job = self._context.jobs.write(lambda _task: desk.shelf.take_in(mapping))
        job.on_done(self._taken_in).start()

    def _taken_in(self, mapping: OwnMapping) -> None:
        self._say(self.tr("导入好了：{name}").format(name=mapping.name))
        self.refresh()

    def _choose_file(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self, self.tr("导入哪一份列映射？"), self._folder(), self.tr("列映射 (*.toml)")
        )
        if name:
            self.take_file(Path(name))

    def _choose_export(self, mapping_id: str) -> None:
        mapping = self._context.services.mappings.shelf.find(mapping_id)
        if mapping is None:
            return
        fit = "".join("_" if char in _UNFIT else char for char in mapping.name)
        suggested = str(Path(self._folder(), f"列映射 {fit}.toml"))
        name, _kind = QFileDialog.getSaveFileName(self, self.tr("导出到哪里？"), suggested, self.tr("列映射 (*.toml)"))
        if name:
            self.export(mapping_id, Path(name))

    def _edit(self, mapping_id: str) -> None:
        self._turn(mapping=True)
        self.panel.presenter.reopen(mapping_id)

    def _rename(self, mapping_id: str, name: str) -> None:
        shelf = self._context.services.mappings.shelf
        self._context.jobs.write(lambda _task: shelf.rename(mapping_id, name)).on_done(
            lambda _mapping: self.refresh()
        ).start()

    def _delete(self, mapping_id: str) -> None:
        shelf = self._context.services.mappings.shelf

        def done(_nothing: object) -> None:
            self._say(self.tr("删掉了。已导入的数据不变。"))
            self.refresh()

        self._context.jobs.write(lambda _task: shelf.delete(mapping_id)).on_done(done).start()

    # what comes back

    def _show(self, listed: Sequence[tuple[Listed, Sequence[str]]], damaged: Sequence[str]) -> None:
        self._read()
        for card in self.list.show_list(listed, damaged):
            card.edit.connect(self._edit)
            card.rename.connect(self._rename)
            card.export.connect(self._choose_export)
            card.delete.connect(self._delete)

    def _kept(self, mapping: OwnMapping, _state: MappingState) -> None:
        self._turn(mapping=False)
        self._say(self.tr("“{name}”存好了，以后同样的表按它读。").format(name=mapping.name))
        self.refresh()

    def _turn(self, *, mapping: bool) -> None:
        self._stack.setCurrentIndex(int(mapping))
        self.fill(whole=mapping)

    def _read(self) -> None:
        self._reading = False

    def _fault(self, fault: object) -> None:
        self._read()
        self._context.notices.post(Notice(str(fault), tone=Tone.BAD, lasting=True))

    def _say(self, text: str) -> None:
        self._context.notices.post(Notice(text, tone=Tone.GOOD))

    def _folder(self) -> str:
        return self._context.services.settings.get(LAST_FOLDER) or str(Path.home())
