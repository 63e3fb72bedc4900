"""Copy, save and print of charts, tables and whole pages: menus, file dialogs and notices around the export room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from csdesk.analysis.frame import PageTable, Tone
from csdesk.charts.spec import ChartSpec
from csdesk.errors import CsdeskError, UserFault
from csdesk.ui.context import Context
from csdesk.ui.notices import Notice
from csdesk.ui.widgets.table_card import Table

_FORBIDDEN = set('\\/:*?"<>|\n\t')


def file_stem(*parts: str) -> str:
    """Words joined into a file name every system takes."""
    joined = "_".join(part for part in parts if part)
    return "".join("-" if character in _FORBIDDEN else character for character in joined).strip(" .")[:120] or "csdesk"


class Exporter(QObject):
    """Fills the ⋯ menus and does what they say. Heavy imports happen on first use."""

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context

    # menus

    def fill_chart_menu(self, menu: QMenu, spec: ChartSpec) -> None:
        """The menu of a chart."""
        self._add(menu, self.tr("复制图片"), lambda: self._copy_picture(spec))
        self._add(menu, self.tr("复制数据"), lambda: self._copy_text(spec))
        menu.addSeparator()
        for kind in ("png", "svg", "pdf", "csv", "xlsx"):
            words = self.tr("存为 {kind}…").format(kind=kind.upper())
            self._add(menu, words, lambda kind=kind: self._save_chart(spec, kind))  # type: ignore[misc]
        menu.addSeparator()
        self._add(menu, self.tr("打印…"), lambda: self._print_chart(spec))

    def fill_table_menu(self, menu: QMenu, spec: PageTable, table: Table) -> None:
        """The menu of a table."""
        self._add(menu, self.tr("复制表格"), lambda: self._said(table.copy, self.tr("表格已复制,可以粘贴到 WPS。")))
        menu.addSeparator()
        for kind in ("csv", "xlsx", "png", "pdf"):
            words = self.tr("存为 {kind}…").format(kind=kind.upper())
            self._add(menu, words, lambda kind=kind: self._save_table(spec, table, kind))  # type: ignore[misc]
        menu.addSeparator()
        self._add(menu, self.tr("打印…"), lambda: self._print_table(spec, table))

    def _add(self, menu: QMenu, words: str, call: Callable[[], None]) -> None:
        menu.addAction(words).triggered.connect(lambda _checked=False: self._guarded(call))

    def _guarded(self, call: Callable[[], None]) -> None:
        try:
            call()
        except CsdeskError as fault:
            self._context.notices.fault(fault)
        except OSError as error:
            fault = UserFault(self.tr("没有存下来:{why}。").format(why=error.strerror or error),
                              self.tr("换一个文件夹,或者关掉正打开这个文件的程序再试。"))
            self._context.notices.fault(fault)

    # doing

    def _copy_picture(self, spec: ChartSpec) -> None:
        from csdesk.charts.export import chart_image  # noqa: PLC0415

        QGuiApplication.clipboard().setImage(chart_image(spec, self._context.look.theme))
        self._tell(self.tr("图片已复制,可以粘贴到聊天或文档里。"))

    def _copy_text(self, spec: ChartSpec) -> None:
        from csdesk.charts.tables import table_text  # noqa: PLC0415

        QGuiApplication.clipboard().setText(table_text(spec.table))
        self._tell(self.tr("数据已复制,可以粘贴到 WPS。"))

    def _save_chart(self, spec: ChartSpec, kind: str) -> None:
        path = self.ask_path(file_stem(spec.title), kind)
        if path is None:
            return
        self.save_chart(spec, path)
        self._saved(path)

    def save_chart(self, spec: ChartSpec, path: Path) -> None:
        """Write a chart as the file's ending says."""
        if path.suffix.lower() in {".csv", ".xlsx"}:
            from csdesk.charts.tables import export_table  # noqa: PLC0415

            export_table(spec, path)
        else:
            from csdesk.charts.export import export_chart  # noqa: PLC0415

            export_chart(spec, path, self._context.look.theme)

    def _tell(self, words: str) -> None:
        self._context.notices.post(Notice(words, tone=Tone.GOOD))
