"""The list of own mappings: what each reads, when it was used, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QWidget

from csdesk.analysis.frame import Run
from csdesk.ingest.own.desk import Listed
from csdesk.ingest.own.rules import LONGEST_NAME
from csdesk.ui.look import Look
from csdesk.ui.pages.data.section import ScrollBody
from csdesk.ui.widgets.empty_state import EmptyPicture
from csdesk.ui.widgets.pieces import ElidedLabel, Pill, button, clear, column, label, row

_SHOWN_COLUMNS = 12
_NAME_WIDTH = 380


def columns_line(titles: Sequence[str], headers: int) -> str:
    """``表里 9 列，对上 7 列：日期、客服、接待人数…``."""
    shown = "、".join(titles[:_SHOWN_COLUMNS]) + ("…" if len(titles) > _SHOWN_COLUMNS else "")
    return f"表里 {headers} 列，对上 {len(titles)} 列：{shown}"


def use_line(listed: Listed) -> str:
    """``用过 3 次，最近 2026-03-02``."""
    if listed.last_used is None:
        return "还没有用它导入过"
    return f"用过 {listed.imports} 次，最近 {listed.last_used}"


class MappingCard(QFrame):
    """One mapping. Signals carry its id; renaming and deleting are asked in the card itself."""

    edit = Signal(str)
    rename = Signal(str, str)
    export = Signal(str)
    delete = Signal(str)

    def __init__(self, listed: Listed, titles: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.listed = listed
        mapping = listed.mapping
        self.mapping_id = mapping.id
        lines = column(margins=(18, 12, 14, 12), spacing=3)
        self._head = row(spacing=10)
        self.name = ElidedLabel(mapping.name, "cardTitle", Qt.TextElideMode.ElideRight)
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.field = QLineEdit(mapping.name)
        self.field.setMaxLength(LONGEST_NAME)
        self.field.returnPressed.connect(self._rename)
        self.field.setMinimumWidth(_NAME_WIDTH)
        self.field.hide()
        self._head.addWidget(self.name)
        self._head.addWidget(self.field)
        self._head.addWidget(Pill(listed.target.title, "accent"))
        if mapping.header_rows == 0:
            self._head.addWidget(Pill(self.tr("没有表头"), "neutral"))
        self._head.addStretch(1)
        self._actions = self._action_row()
        self._question = QWidget()
        self._question.hide()
        self._head.addWidget(self._actions)
        self._head.addWidget(self._question)
        lines.addLayout(self._head)
        lines.addWidget(ElidedLabel(columns_line(titles, len(mapping.headers)), "second", Qt.TextElideMode.ElideRight))
        place = " · ".join(part for part in (mapping.platform.label if mapping.platform else "", mapping.shop) if part)
        lines.addWidget(label(" · ".join(part for part in (use_line(listed), place) if part), "small"))
        self.setLayout(lines)

    def _action_row(self) -> QWidget:
        holder, line = QWidget(), row(spacing=4)
        self.edit_button = button(self.tr("修改"), "link", lambda: self.edit.emit(self.mapping_id))
        self.rename_button = button(self.tr("改名"), "link", self._ask_name)
        self.export_button = button(self.tr("导出给同事…"), "link", lambda: self.export.emit(self.mapping_id))
        self.delete_button = button(self.tr("删除"), "link", self._ask_delete)
        for one in (self.edit_button, self.rename_button, self.export_button, self.delete_button):
            line.addWidget(one)
        holder.setLayout(line)
        return holder

    def _ask_name(self) -> None:
        self.name.hide()
        self.field.show()
        self.field.selectAll()
        self.field.setFocus()
        self._ask("", self.tr("改好了"), "primary", self._rename)

    def _ask_delete(self) -> None:
        self._ask(
            self.tr("以后同样的表要重新对，已导入的数据不动。"),
            self.tr("确定删除"),
            "danger",
            lambda: self.delete.emit(self.mapping_id),
        )

    def _ask(self, words: str, yes: str, role: str, confirm: object) -> None:
        assert callable(confirm)  # noqa: S101  (both callers give one)
        line = self._question.layout() or row(spacing=8)
        clear(line)
        self.yes = button(yes, role, confirm)
        self.no = button(self.tr("不"), "quiet", self.escape)
        for widget in ((label(words, "second"),) if words else ()) + (self.yes, self.no):
            line.addWidget(widget)
        self._question.setLayout(line)
        self._actions.hide()
        self._question.show()

    def escape(self) -> bool:
        """Take the question back; False if there was none."""
        asked = self._question.isVisible()
        self._question.hide()
        self.field.hide()
        self.field.setText(self.listed.mapping.name)
        self.name.show()
        self._actions.show()
        return asked

    def _rename(self) -> None:
        self.rename.emit(self.mapping_id, self.field.text().strip())


class MappingList(ScrollBody):
    """All cards, or words about what this is for."""

    choose_files = Signal()
    take_in = Signal()
    replace_confirmed = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._look = look
        self.cards: list[MappingCard] = []
        self.question: ReplaceQuestion | None = None
        self._top = column(spacing=10)
        self._list = column(spacing=10)
        self.lines.addLayout(self._top)
        self.lines.addLayout(self._list)
        self.take_in_button = button(self.tr("导入别人给的列映射…"), "quiet", self.take_in.emit)
        tools = row(spacing=10)
        tools.addWidget(self.take_in_button)
        tools.addStretch(1)
        self._tools = QWidget()
        self._tools.setLayout(tools)
        self._top.addWidget(self._tools)
        self.empty = EmptyCard(look)
        self.empty.choose.clicked.connect(self.choose_files)
        self.empty.take_in.clicked.connect(self.take_in)
        across = row(margins=(0, 26, 0, 0))  # where the other sections have theirs
        across.addStretch(1)
        across.addWidget(self.empty, 6)
        across.addStretch(1)
        self._beginning = QWidget()
        self._beginning.setLayout(across)
        self._top.addWidget(self._beginning)

    def show_list(self, listed: Sequence[tuple[Listed, Sequence[str]]], damaged: Sequence[str]) -> list[MappingCard]:
        """Show these mappings with the titles of what they map; returns their cards."""
        clear(self._list)
        self.cards = [MappingCard(one, titles) for one, titles in listed]
        for card in self.cards:
            self._list.addWidget(card)
        self._beginning.setVisible(not self.cards)
        self._tools.setVisible(bool(self.cards))
        runs: list[Run] = []
        if self.cards:
            runs = [
                Run("您对过 "),
                Run(str(len(self.cards)), strong=True),
                Run(" 种表。同样表头的表拖进来就认识，不用再问。"),
            ]
        if damaged:
            runs.append(Run(f"另有 {len(damaged)} 份坏了，读不出来：{'、'.join(damaged[:3])}。请删掉它，重新对一次。"))
        self.show_lead(runs)
        return self.cards

    def ask_replace(self, mapping: object, old: str) -> None:
        """Ask whether the mapping somebody gave takes the place of the one for the same header."""
        self.forget_question()
        self.question = ReplaceQuestion(old)
        self.question.yes.clicked.connect(lambda _checked=False: self._confirmed(mapping))
        self.question.no.clicked.connect(lambda _checked=False: self.forget_question())
        self._top.insertWidget(0, self.question)

    def escape(self) -> bool:
        """Take every question back; False if there was none."""
        asked = [self.forget_question(), *(card.escape() for card in self.cards)]
        return any(asked)

    def forget_question(self) -> bool:
        """Take the question back; False if there was none."""
        asked = self.question is not None
        if self.question is not None:
            self.question.hide()
            self.question.deleteLater()
            self.question = None
        return asked

    def _confirmed(self, mapping: object) -> None:
        self.forget_question()
        self.replace_confirmed.emit(mapping)


class ReplaceQuestion(QFrame):
    """Two mappings for one header: which stays?"""

    def __init__(self, old: str) -> None:
        super().__init__()
        self.setObjectName("question")
        line = row(margins=(14, 10, 14, 10), spacing=10)
        text = self.tr("同样表头的表您已经对过，叫“{old}”。换成这份新的吗？已导入的数据不动。").format(old=old)
        line.addWidget(label(text, "strong", wrap=True), 1)
        self.yes = button(self.tr("换成新的"), "primary")
        self.no = button(self.tr("不换"), "quiet")
        line.addWidget(self.yes)
        line.addWidget(self.no)
        self.setLayout(line)


class EmptyCard(QFrame):
    """Before anything was mapped: what this is for and how to begin."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setMaximumWidth(640)
        self.setMinimumWidth(420)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        inside = column(margins=(34, 28, 34, 28), spacing=6)
        inside.addWidget(EmptyPicture(look), 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addSpacing(8)
        title = label(self.tr("认不出的表，自己对一次列就行"), "cardTitle")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        text = label(
            self.tr(
                "把表格拖进窗口，预览里不认识的表旁边有“自己对列”：说明每一列是什么，存下来，"
                "以后同样表头的表会自动认识。存下的列映射都列在这里，可以修改、改名、导出给同事、删除。"
            ),
            "second",
            wrap=True,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(title)
        inside.addWidget(text)
        inside.addSpacing(12)
        foot = row(spacing=10)
        foot.addStretch(1)
        self.choose = button(self.tr("选择文件…"), "primary")
        self.take_in = button(self.tr("导入别人给的列映射…"), "quiet")
        foot.addWidget(self.choose)
        foot.addWidget(self.take_in)
        foot.addStretch(1)
        inside.addLayout(foot)
        self.setLayout(inside)
