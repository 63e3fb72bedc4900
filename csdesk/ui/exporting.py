"""Copy, save and print of charts, tables and whole pages: menus, file dialogs and notices around the export room."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from csdesk.analysis.frame import PageResult, PageTable, Tone
from csdesk.charts.spec import ChartSpec
from csdesk.errors import CsdeskError
from csdesk.settings.options import LAST_FOLDER
from csdesk.ui.context import Context
from csdesk.ui.notices import Notice
from csdesk.ui.widgets.table_card import Table, TableCard

_ICONS = {"png": "file-image", "svg": "file-image", "pdf": "file-pdf", "csv": "file-text", "xlsx": "file-sheet"}
_FORBIDDEN = set('\\/:*?"<>|\n\t')


def file_stem(*parts: str) -> str:
    """Words joined into a file name every system takes."""
    joined = "_".join(part for part in parts if part)
    return "".join("-" if character in _FORBIDDEN else character for character in joined).strip(" .")[:120] or "csdesk"


class Exporter(QObject):
    """Fills the ⋯ menus and does what they say. The export room is imported on first use."""

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context

    def fill_chart_menu(self, menu: QMenu, spec: ChartSpec, result: PageResult) -> None:
        """The menu of a chart."""
        self._add(menu, "image", self.tr("复制图片"), lambda: self.copy_picture(spec, result))
        self._add(menu, "copy", self.tr("复制数据"), lambda: self.copy_numbers(spec))
        menu.addSeparator()
        self._add_kinds(menu, spec.title, lambda path: self.save_chart(spec, path, result))
        menu.addSeparator()
        self._add(menu, "print", self.tr("打印…"), lambda: self._preview(lambda printer: _print(spec, printer, result)))

    def fill_table_menu(self, card: TableCard, menu: QMenu, result: PageResult | None = None) -> None:
        """The menu of a table: always what is shown, as it is sorted and searched. Nothing where none is shown."""
        spec, table = card.spec, card.table
        if spec is None:
            return
        self._add(menu, "image", self.tr("复制图片"), lambda: self.copy_picture(_shown(spec, table), result))
        self._add(menu, "copy", self.tr("复制表格"), lambda: self.copy_table(table))
        menu.addSeparator()
        self._add_kinds(menu, spec.title, lambda path: self.save_table(spec, table, path, result))
        menu.addSeparator()
        self._add(
            menu,
            "print",
            self.tr("打印…"),
            lambda: self._preview(lambda printer: _print(_shown(spec, table), printer, result)),
        )

    def fill_page_menu(self, menu: QMenu, result: PageResult, body: QWidget) -> None:
        """What 导出 offers for the whole page."""
        title = file_stem(result.title, result.sentence[:40])
        self._add(
            menu,
            "file-pdf",
            self.tr("整页存为 PDF…"),
            lambda: self._save(title, "pdf", lambda path: _page_pdf(result, path)),
        )
        self._add(
            menu,
            "file-image",
            self.tr("整页存为 PNG…"),
            lambda: self._save(title, "png", lambda path: save_widget(body, path)),
        )
        for page_table in result.tables:
            words = self.tr("表“{title}”存为 XLSX…").format(title=page_table.title)
            self._add(
                menu,
                "file-sheet",
                words,
                lambda page_table=page_table: self._save(  # type: ignore[misc]
                    file_stem(result.title, page_table.title),
                    "xlsx",
                    lambda path: self.save_numbers(page_table, path, result),
                ),
            )
        menu.addSeparator()
        self._add(menu, "print", self.tr("打印这一页…"), lambda: self.print_page(result))

    # doing, without asking

    def copy_picture(self, source: ChartSpec | PageTable, result: PageResult | None) -> None:
        """The finished figure into the clipboard."""
        from csdesk.charts.export import copy_picture  # noqa: PLC0415

        copy_picture(source, self._context.look.theme, notes=_sentence(result))
        self._tell(self.tr("图片已复制，可以粘贴到聊天或文档里。"))

    def copy_numbers(self, spec: ChartSpec) -> None:
        """The chart's numbers into the clipboard."""
        from csdesk.charts.export import copy_table  # noqa: PLC0415

        copy_table(spec)
        self._tell(self.tr("数据已复制，可以粘贴到 WPS。"))

    def copy_table(self, table: Table) -> None:
        """The table, or its selected cells, into the clipboard."""
        QGuiApplication.clipboard().setText(table.selected_text())
        self._tell(self.tr("表格已复制，可以粘贴到 WPS。"))

    def save_chart(self, source: ChartSpec | PageTable, path: Path, result: PageResult | None) -> None:
        """Write a chart or a table as the file's ending says; raises UserFault."""
        from csdesk.charts.export import export_chart  # noqa: PLC0415
        from csdesk.charts.notes import notes_for  # noqa: PLC0415

        notes = notes_for(path, result, source.table) if result else []
        export_chart(source, path, self._context.look.theme, notes=notes)

    def save_table(self, spec: PageTable, table: Table, path: Path, result: PageResult | None = None) -> None:
        """Write a table as it is sorted and searched; raises UserFault."""
        self.save_chart(_shown(spec, table), path, result)

    def save_numbers(self, page_table: PageTable, path: Path, result: PageResult | None = None) -> None:
        """Write a table whole, whatever is searched in the window; raises UserFault."""
        self.save_chart(page_table, path, result)

    def print_page(self, result: PageResult) -> None:
        """Print the whole page, with a preview first."""
        from csdesk.ui.page_document import print_on  # noqa: PLC0415

        self._preview(lambda printer: print_on(result, printer))

    # around it

    def ask_path(self, title: str, kind: str) -> Path | None:
        """Where to save; None when the owner changed their mind."""
        folder = self._context.services.settings.get(LAST_FOLDER) or str(Path.home())
        words = self.tr("{kind} 文件 (*.{ending})").format(kind=kind.upper(), ending=kind)
        name, _filter = QFileDialog.getSaveFileName(
            self._owner, self.tr("存到哪里？"), str(Path(folder, f"{file_stem(title)}.{kind}")), words
        )
        if not name:
            return None
        path = Path(name)
        return path if path.suffix.lower() == f".{kind}" else path.with_name(f"{path.name}.{kind}")

    def _save(self, title: str, kind: str, write: Callable[[Path], None]) -> None:
        path = self.ask_path(title, kind)
        if path is None:
            return
        write(path)
        with suppress(OSError):  # a read-only data folder: only the dialog's start is forgotten
            self._context.services.settings.set(LAST_FOLDER, str(path.parent))
        self._tell(self.tr("存好了：{name}").format(name=path.name), self.tr("在 {folder}").format(folder=path.parent))

    def _preview(self, draw: Callable[[QPrinter], None]) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintPreviewDialog(printer, self._owner)
        dialog.setWindowTitle(self.tr("打印预览"))
        dialog.resize(980, 760)
        dialog.paintRequested.connect(draw)
        dialog.exec()
        dialog.deleteLater()

    def _add_kinds(self, menu: QMenu, title: str, write: Callable[[Path], None]) -> None:
        """One entry a file format."""
        for kind, icon in _ICONS.items():
            words = self.tr("存为 {kind}…").format(kind=kind.upper())
            self._add(menu, icon, words, lambda kind=kind: self._save(title, kind, write))  # type: ignore[misc]

    def _add(self, menu: QMenu, icon: str, words: str, call: Callable[[], None]) -> None:
        action = menu.addAction(self._context.look.icon(icon), words)
        action.triggered.connect(lambda _checked=False: self._guarded(call))

    def _guarded(self, call: Callable[[], None]) -> None:
        try:
            call()
        except CsdeskError as fault:
            self._context.notices.fault(fault)

    def _tell(self, words: str, more: str = "") -> None:
        self._context.notices.post(Notice(words, more, Tone.GOOD))


def save_widget(widget: QWidget, path: Path) -> None:
    """The whole of a widget, scrolled-away parts too, as PNG at twice its size; raises UserFault."""
    from csdesk.charts.saving import save_file  # noqa: PLC0415
    from csdesk.ui.widget_picture import picture_of, png_of  # noqa: PLC0415

    save_file(path, png_of(picture_of(widget)))


def _page_pdf(result: PageResult, path: Path) -> None:
    from csdesk.ui.page_document import save_pdf  # noqa: PLC0415

    save_pdf(result, path)


def _print(source: ChartSpec | PageTable, printer: QPrinter, result: PageResult | None) -> None:
    from csdesk.charts.export import print_chart  # noqa: PLC0415

    print_chart(printer, source, notes=_sentence(result))


def _shown(spec: PageTable, table: Table) -> PageTable:
    """The table as it is sorted and searched now."""
    return PageTable(spec.id, spec.title, table.shown(), spec.subtitle)


def _sentence(result: PageResult | None) -> list[str]:
    return [result.sentence] if result else []
