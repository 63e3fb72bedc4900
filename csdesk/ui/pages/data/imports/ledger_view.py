"""Layout of the ledger: the drop zone, what helps to begin, and every import with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLabel, QMenu, QWidget

from csdesk.analysis.frame import PageTable
from csdesk.charts.spec import Column, Format, TableSpec
from csdesk.domain.holdings import DataFacts
from csdesk.ingest.ledger import LedgerEntry
from csdesk.ui.look import Look
from csdesk.ui.pages.data.imports import words
from csdesk.ui.pages.data.section import CalmScroll
from csdesk.ui.widgets.empty_state import show_demo_at_work
from csdesk.ui.widgets.pieces import IconButton, button, column, label, new_menu, row
from csdesk.ui.widgets.rich_text import RichLine
from csdesk.ui.widgets.table_card import LinkPainter, TableCard

COLUMNS = (
    Column("file", "文件"), Column("what", "这是什么"), Column("shop", "店铺"), Column("period", "日期", whole=True),
    Column("rows", "行", Format.COUNT), Column("new", "新增", Format.COUNT), Column("changed", "更新", Format.COUNT),
    Column("kept", "退回"), Column("when", "导入时间", whole=True), Column("undo", ""),
)  # fmt: skip
UNDO = len(COLUMNS) - 1
CHANGED, KEPT = 6, 7


def ledger_table(entries: Sequence[LedgerEntry]) -> TableSpec:
    """The ledger as a table; undone imports are grey."""
    names = {entry.batch: entry.file_name.replace("!", " › ", 1) for entry in entries}
    rows = tuple(
        (
            ("示例 · " if entry.demo else "") + entry.file_name.replace("!", " › ", 1),
            words.what_it_is(entry, names),
            entry.shop or "–",
            (str(entry.period.first) if entry.period.first == entry.period.last
             else f"{entry.period.first} 至 {entry.period.last}") if entry.period else "–",
            entry.rows.read,
            entry.rows.inserted,
            entry.rows.updated,
            words.kept_text(entry),
            f"{entry.imported_at:%Y-%m-%d %H:%M}",
            words.entry_state(entry),
        )
        for entry in entries
    )  # fmt: skip
    return TableSpec(COLUMNS, rows, frozenset(place for place, entry in enumerate(entries) if entry.undone))


def is_link(index: QModelIndex | QPersistentModelIndex) -> bool:
    """Whether a click on this cell does something."""
    text = str(index.data() or "")
    if index.column() == UNDO:
        return text == words.UNDO
    return (index.column() == KEPT and text != "") or (index.column() == CHANGED and text not in ("", "0", "–"))


class UndoQuestion(QFrame):
    """Asked in the row itself: 确定撤销？"""

    def __init__(self, confirm: Callable[[], object], leave: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("undoQuestion")
        line = row(margins=(6, 0, 6, 0), spacing=6)
        self.yes = button(self.tr("确定撤销"), "danger", confirm)
        self.no = button(self.tr("不"), "quiet", leave)
        line.addWidget(self.yes)
        line.addWidget(self.no)
        self.setLayout(line)


class DropZone(QFrame):
    """The big card that says what can be dropped; a click chooses files."""

    choose_files = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("dropZone")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        line = row(margins=(26, 20, 26, 20), spacing=20)
        picture = IconButton(look, "drop", "", "accent_text", 40)
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(picture)
        texts = column(spacing=4)
        texts.addWidget(label(self.tr("把导出的表格拖到窗口任何地方"), "cardTitle"))
        texts.addWidget(
            label(
                self.tr("赤兔名品、生意参谋、飞鸽的导出，或填好的空白模板。可以一次拖多个、整个文件夹或 ZIP。"),
                "second",
                wrap=True,
            )
        )
        line.addLayout(texts, 1)
        self.choose = button(self.tr("选择文件…"), "primary", self.choose_files.emit)
        line.addWidget(self.choose)
        self.setLayout(line)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """The whole card is a button."""
        self.choose_files.emit()


class LedgerPanel(CalmScroll):
    """The whole ledger view. Signals are the owner's wishes; ``undo`` carries a batch."""

    choose_files = Signal()
    load_demo = Signal()
    remove_demo = Signal()
    undo = Signal(int)
    rejected_wanted = Signal(int)
    changes_wanted = Signal(int)
    save_rejected = Signal(int)

    def __init__(self, look: Look, watching: QWidget, templates: QWidget) -> None:
        super().__init__()
        self._look = look
        self._entries: Sequence[LedgerEntry] = ()
        self.question: UndoQuestion | None = None
        self._has_demo = False
        self._demo_fraction: float | None = None
        self._demo_text = label("", "second", wrap=True)
        self._demo = button("", "quiet", self._demo_clicked)
        self.body = body = QWidget()
        body.setObjectName("pageBody")
        pad, gap = look.theme.size("page_padding"), look.theme.size("gap")
        lines = column(margins=(pad, 12, pad, pad), spacing=0)
        self._lead = RichLine(look, "pageLead")
        lines.addWidget(self._lead)
        lines.addSpacing(12)
        self.zone = DropZone(look)
        self.zone.choose_files.connect(self.choose_files)
        lines.addWidget(self.zone)
        lines.addSpacing(gap)
        lines.addWidget(watching)
        lines.addSpacing(gap)
        lines.addLayout(self._side_cards(gap, templates))
        lines.addSpacing(gap)
        self.card = TableCard(look)
        self._links = LinkPainter(look, is_link)
        self.card.table.setItemDelegate(self._links)
        self.card.table.clicked.connect(self._clicked)
        self.card.table.setCursor(Qt.CursorShape.ArrowCursor)
        self.card.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.card.table.customContextMenuRequested.connect(self._open_menu)
        lines.addWidget(self.card)
        lines.addStretch(1)
        body.setLayout(lines)
        self.setWidget(body)

    def show_ledger(self, entries: Sequence[LedgerEntry], facts: DataFacts) -> None:
        """Show these imports."""
        self._entries = entries
        self._forget_question()
        self._lead.set_runs(words.ledger_lead(entries, facts))
        self.card.setVisible(bool(entries))
        self.card.show_table(
            PageTable(
                "ledger", self.tr("导入记录"), ledger_table(entries), self.tr("每一批都可以撤销；撤销之后可以再导入。")
            )
        )
        seldom = {CHANGED: any(entry.rows.updated for entry in entries), KEPT: any(entry.kept for entry in entries)}
        self.card.table.leave_out({column for column, needed in seldom.items() if not needed})
        self._demo_text.setText(
            self.tr("示例数据正在使用，点一下全部清除。")
            if facts.demo
            else self.tr("先用一家虚构的店看看各页长什么样，一点就清除。")
        )
        self._has_demo = facts.demo
        self.show_demo_at_work(self._demo_fraction)

    def show_demo_at_work(self, fraction: float | None) -> None:
        """The button says how far the example data are; None: it can be pressed."""
        self._demo_fraction = fraction
        words = self.tr("清除示例数据") if self._has_demo else self.tr("打开示例数据")
        show_demo_at_work(self._demo, words, fraction)

    def _side_cards(self, gap: int, templates: QWidget) -> QHBoxLayout:
        across = row(spacing=gap)
        text = label(self.tr("会话明细、评价、问卷、工单、邀评、抽检，填好拖进来。"), "second", wrap=True)
        across.addWidget(_side_card(self.tr("空白模板"), text, templates), 1)
        across.addWidget(_side_card(self.tr("示例数据"), self._demo_text, self._demo), 1)
        return across

    def _demo_clicked(self) -> None:
        (self.remove_demo if self._has_demo else self.load_demo).emit()

    def entry_at(self, view_row: int) -> LedgerEntry:
        """The import shown in this row of the sorted, searched table."""
        return self._entries[self.card.source_row(view_row)]

    def point_at(self, batch: int) -> None:
        """Show the line of an import and select it."""
        self.card.field.clear()
        place = next((place for place, entry in enumerate(self._entries) if entry.batch == batch), None)
        if place is None:
            return
        table = self.card.table
        index = table.filter.mapFromSource(self.card.model.index(place, 0))
        table.selectRow(index.row())
        table.setFocus()
        QTimer.singleShot(0, self, self._show_chosen)  # laid out by then, where it is shown for the first time

    def _show_chosen(self) -> None:
        """Scroll the table and the page so far that the selected line is seen."""
        table = self.card.table
        chosen = table.selectionModel().selectedRows()
        if not chosen:
            return
        table.scrollTo(chosen[0], QAbstractItemView.ScrollHint.PositionAtCenter)
        middle = table.viewport().mapTo(self.body, table.visualRect(chosen[0]).center())
        self.ensureVisible(0, middle.y(), 0, self.viewport().height() // 3)

    def _clicked(self, index: QModelIndex) -> None:
        self._forget_question()
        if not is_link(index) or self.entry_at(index.row()).undone:
            return
        if index.column() == UNDO:
            self.ask_undo(index.row())
        else:
            wanted = self.rejected_wanted if index.column() == KEPT else self.changes_wanted
            wanted.emit(self.entry_at(index.row()).batch)

    def _open_menu(self, place: QPoint) -> None:
        index = self.card.table.indexAt(place)
        if index.isValid():
            menu = self.menu_of(index.row())
            menu.popup(self.card.table.viewport().mapToGlobal(place))

    def menu_of(self, view_row: int) -> QMenu:
        """What can be done with one import."""
        entry, look = self.entry_at(view_row), self._look
        menu = new_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        undone = entry.undone
        words_kept = self.tr("退回的 {number} 行…").format(number=entry.kept)
        for icon, text, there, call in (
            ("warn", words_kept, entry.kept, lambda: self.rejected_wanted.emit(entry.batch)),
            ("file-sheet", self.tr("退回的行存成表格…"), entry.kept, lambda: self.save_rejected.emit(entry.batch)),
            ("refresh", self.tr("改了什么…"), entry.rows.updated, lambda: self.changes_wanted.emit(entry.batch)),
            ("undo", self.tr("撤销…"), 1, lambda: self.ask_undo(view_row)),
        ):
            action = menu.addAction(look.icon(icon), text)
            action.setEnabled(bool(there) and not undone)
            action.triggered.connect(call)
        return menu

    def ask_undo(self, view_row: int) -> None:
        """Ask in the row whether to undo."""
        table = self.card.table
        index = table.filter.index(view_row, UNDO)
        entry = self.entry_at(view_row)
        self.question = UndoQuestion(lambda: self.undo.emit(entry.batch), self._forget_question)
        self.question.setParent(table.viewport())
        width, rect = 172, table.visualRect(index)
        self.question.setGeometry(max(0, table.viewport().width() - width), rect.top(), width, rect.height())
        self.question.show()
        self.question.yes.setFocus()

    def _forget_question(self) -> None:
        if self.question is not None:
            self.question.hide()
            self.question.deleteLater()
            self.question = None

    def escape(self) -> bool:
        """Esc: take the question back."""
        open_ = self.question is not None
        self._forget_question()
        return open_


def _side_card(title: str, text: QLabel, action: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    line = row(margins=(18, 12, 18, 12), spacing=14)
    texts = column(spacing=2)
    texts.addWidget(label(title, "cardTitle"))
    texts.addWidget(text)
    line.addLayout(texts, 1)
    line.addWidget(action)
    card.setLayout(line)
    return card
