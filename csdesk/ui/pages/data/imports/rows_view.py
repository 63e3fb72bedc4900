"""Layout of the single rows of an import: the table to correct, or the list of what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from csdesk.analysis.frame import PageTable, Run
from csdesk.charts.spec import Column, TableSpec
from csdesk.ui.look import Look
from csdesk.ui.pages.data.imports.rows_table import RejectedGrid
from csdesk.ui.pages.data.section import ScrollBody
from csdesk.ui.widgets.pieces import ElidedLabel, IconButton, button, column, label, row
from csdesk.ui.widgets.table_card import TableCard

if TYPE_CHECKING:
    from csdesk.ingest.changes import BatchChanges
    from csdesk.ingest.corrections import RejectedTable

_MOST_COLUMNS_NAMED = 6
CHANGES = (
    Column("what", "是什么"), Column("name", "哪一行"), Column("shop", "店铺"), Column("column", "列"),
    Column("before", "原来"), Column("after", "现在"),
)  # fmt: skip


def changes_table(changes: BatchChanges) -> TableSpec:
    """A line for each changed cell."""
    rows = tuple(
        (line.what, line.name, line.shop, one.column, one.before, one.after)
        for line in changes.first
        for one in line.changes
    )
    return TableSpec(CHANGES, rows)


def changes_lead(changes: BatchChanges) -> tuple[Run, ...]:
    """How many rows, and which columns."""
    if not changes.rows:
        return (Run("这次导入没有改动以前的数据：要么是新的行，要么和原来一样。"),)
    named = "、".join(f"{name} {number} 处" for name, number in changes.columns[:_MOST_COLUMNS_NAMED])
    more = "等" if len(changes.columns) > _MOST_COLUMNS_NAMED else ""
    listed = "" if changes.rows <= len(changes.first) else f"下面列出前 {len(changes.first)} 行。"
    return (
        Run(f"改了 {changes.rows} 行", strong=True),
        Run(f"：{named}{more}。撤销这次导入，就回到“原来”的样子。{listed}"),
    )


class RowsPanel(QWidget):
    """Either of the two, under a line with the file's name and the way back."""

    left = Signal()
    retry = Signal(object)
    save = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        pad = look.theme.size("page_padding")
        lines = column()
        head = row(margins=(pad, 14, pad, 0), spacing=10)
        back = IconButton(look, "chevron-left", self.tr("回到导入记录（Esc）"))
        back.clicked.connect(self.left)
        head.addWidget(back)
        self._title = label()
        self._title.setObjectName("pageTitle")
        head.addWidget(self._title)
        self._file = ElidedLabel("", "second", Qt.TextElideMode.ElideMiddle)
        head.addWidget(self._file, 1)
        self._save = button(self.tr("存成表格…"), "quiet", self.save.emit)
        self._retry = button(self.tr("再试一次"), "primary", self._try)
        head.addWidget(self._save)
        head.addWidget(self._retry)
        lines.addLayout(head)
        self._body = ScrollBody(look)
        self.card = TableCard(look)
        self.grid = RejectedGrid(look)
        self.grid.source.edited.connect(self._count_edits)
        self._frame = QFrame()
        self._frame.setProperty("role", "card")
        inside = column(margins=(2, 6, 2, 6))
        inside.addWidget(self.grid)
        self._frame.setLayout(inside)
        self._body.lines.addWidget(self._frame)
        self._body.lines.addWidget(self.card)
        lines.addWidget(self._body, 1)
        self.setLayout(lines)

    def show_rejected(self, table: RejectedTable) -> None:
        """The rows that came back."""
        self._show(rejected=True)
        self._title.setText(self.tr("退回的 {number} 行").format(number=len(table.rows)))
        self._file.setText(table.file_name)
        self.grid.show_table(table)
        self._body.show_lead(
            (
                Run(self.tr("标红的格子读不出。")),
                Run(self.tr("双击改好，再点“再试一次”；"), strong=True),
                Run(self.tr("也可以存成表格，改好后拖回窗口。手机号、地址这些隐私没有保存，不用补。")),
            )
        )
        self._count_edits(0)

    def show_changes(self, changes: BatchChanges) -> None:
        """What the import changed."""
        self._show(rejected=False)
        self._title.setText(self.tr("改了什么"))
        self._file.setText(changes.file_name)
        self._body.show_lead(changes_lead(changes))
        self.card.setVisible(bool(changes.first))
        self.card.show_table(PageTable("changes", self.tr("逐格列出"), changes_table(changes)))

    def show_trying(self) -> None:
        """The corrected rows are being imported."""
        self._retry.setEnabled(False)
        self._retry.setText(self.tr("正在导入…"))

    def show_tried(self) -> None:
        """It is over."""
        self._count_edits(len(self.grid.source.edits))

    def _show(self, *, rejected: bool) -> None:
        self.setFocusProxy(self.grid if rejected else self.card.table)
        self._frame.setVisible(rejected)
        self._save.setVisible(rejected)
        self._retry.setVisible(rejected)
        self.card.setVisible(not rejected)

    def _count_edits(self, number: int) -> None:
        self._retry.setEnabled(number > 0)
        words = self.tr("再试一次（改了 {number} 格）").format(number=number) if number else self.tr("再试一次")
        self._retry.setText(words)

    def _try(self) -> None:
        self.grid.setFocus()  # a cell still being typed into is taken
        self.retry.emit(dict(self.grid.source.edits))
