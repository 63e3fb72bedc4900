"""空白模板: the button whose menu saves any of our own blank workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from csdesk.analysis.frame import Tone
from csdesk.ingest.templates import Template, templates
from csdesk.settings.options import LAST_FOLDER
from csdesk.ui.context import Context
from csdesk.ui.notices import Notice
from csdesk.ui.widgets.pieces import button, new_menu


class BlankTemplates(QObject):
    """Saves blank workbooks and says so; ``only`` names the ones that are offered, none: all."""

    def __init__(self, owner: QWidget, context: Context, only: Sequence[str] = ()) -> None:
        super().__init__(owner)
        self._owner, self._context, self._short = owner, context, not only
        self.offered = [one for one in templates() if not only or one.id in only]

    def button(self) -> QPushButton:
        """A button with the menu of what there is."""
        made = button(self.tr("存一份 ▾"), "quiet") if self._short else button(self.tr("空白模板 ▾"), "quiet")
        made.setToolTip(self.tr("存一份空白表格，填好再拖进来"))
        menu = new_menu(made)
        self.fill_menu(menu)
        made.clicked.connect(lambda _checked=False: menu.popup(made.mapToGlobal(made.rect().bottomLeft())))
        return made

    def fill_menu(self, menu: QMenu) -> None:
        """One entry for each template."""
        for one in self.offered:
            action = menu.addAction(self._context.look.icon("file-sheet"), f"{one.name}…")
            action.triggered.connect(lambda _checked=False, one=one: self._ask(one))

    def save(self, one: Template, path: Path) -> None:
        """Write this one to ``path``."""
        if path.suffix.lower() != ".xlsx":
            path = path.with_name(f"{path.name}.xlsx")
        self._context.jobs.read(lambda _task: self._context.services.save_template(path, one.id)).on_done(
            lambda _nothing: self._context.notices.post(
                Notice(
                    self.tr("模板存好了：{name}").format(name=path.name),
                    self.tr("一行填一条，填好后拖进窗口。"),
                    Tone.GOOD,
                )
            )
        ).start()

    def _ask(self, one: Template) -> None:
        folder = self._context.services.settings.get(LAST_FOLDER) or str(Path.home())
        name, _kind = QFileDialog.getSaveFileName(
            self._owner,
            self.tr("空白模板存到哪里？"),
            str(Path(folder, f"{one.name}模板.xlsx")),
            self.tr("Excel 表格 (*.xlsx)"),
        )
        if name:
            self.save(one, Path(name))
