"""The right side of the preview: what one file is, how each column is read, what was mended and what could not be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from csdesk.charts.format import count, period_text
from csdesk.ingest.model import ColumnReading, Plan, Problem, Repair, Status
from csdesk.ui.look import Look
from csdesk.ui.pages.data.imports import words
from csdesk.ui.pages.data.imports.questions import ChangePopup, PeriodAnswer, ShopAnswer, question_for
from csdesk.ui.widgets.pieces import ElidedLabel, Pill, button, clear, column, hairline, label, row, scrolling

_MOST_PROBLEMS = 50
_NARROWEST_FACTS = (64, 110, 64, 64)
_WIDEST_FACT = 330
_FACT_SHARES = (3, 5, 3, 4)
_ARROW = " ▾"


class PlanDetails(QFrame):
    """Shows one plan. ``answered`` carries (plan, Given), ``dropped`` a plan not to be imported, ``mapping_wanted`` one
    whose columns the owner wants to map by hand.
    """

    answered = Signal(object, object)
    dropped = Signal(object)
    save_rejected = Signal(object)
    mapping_wanted = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._look = look
        self._plan: Plan | None = None
        self._expected = ""
        self._shops: tuple[str, ...] = ()
        self._yesterday = date.today()
        inside = QWidget()
        self._lines = column(margins=(18, 14, 18, 18), spacing=6)
        inside.setLayout(self._lines)
        self._area = scrolling(inside)
        whole = column()
        whole.addWidget(self._area)
        self.setLayout(whole)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(420)

    def show_plan(self, plan: Plan | None, expected_shop: str, shops: tuple[str, ...], yesterday: date) -> None:
        """Show this plan; ``shops`` are the known names to choose from, ``expected_shop`` what it will belong to."""
        if plan is not None and plan is self._plan and expected_shop == self._expected:
            return
        self._plan, self._expected, self._shops, self._yesterday = plan, expected_shop, shops, yesterday
        held = self.focusWidget()
        if held is not None and held.hasFocus():
            self.setFocus()  # a question just answered goes away: the focus stays here, not on whatever comes next
        clear(self._lines)
        if plan is not None:
            self._fill(plan)
        self._lines.addStretch(1)
        self._area.verticalScrollBar().setValue(0)

    def _fill(self, plan: Plan) -> None:
        if plan.layout_name or plan.status in {Status.IMPORTED, Status.NEEDS_INPUT}:
            self._lines.addWidget(self._facts(plan))
        if plan.message and plan.status is not Status.IMPORTED and plan.status is not Status.NEEDS_INPUT:
            self._say_why(plan)
        for need in plan.needs:
            asked = question_for(need, self._shops, self._yesterday)
            asked.answered.connect(lambda given, plan=plan: self.answered.emit(plan, given))
            self._lines.addSpacing(4)
            self._lines.addWidget(asked)
        if plan.sum_checks:
            self._sum_checks(plan.sum_checks)
        if plan.problems or plan.problem_count:
            self._problems(plan.problems, max(plan.problem_count, len(plan.problems)))
        if plan.staged.rejected:
            self._offer_rejected(plan)
        if plan.repairs:
            self._repairs(plan.repairs)
        if plan.columns:
            self._lines.addSpacing(8)
            self._lines.addWidget(label(words.columns_title(plan), "cardTitle"))
            self._lines.addWidget(_column_table(plan.columns))

    def _facts(self, plan: Plan) -> QWidget:
        holder, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        changeable = plan.status in {Status.IMPORTED, Status.NEEDS_INPUT}
        parts: list[tuple[str, str, object]] = [
            (self.tr("这是什么"), plan.layout_name or self.tr("不认识的表"), None),
            (self.tr("平台 · 店铺"), words.shop_line(plan, self._expected), self._change_shop if changeable else None),
            (
                words.period_title(plan),
                period_text(plan.period.first, plan.period.last) if plan.period else self.tr("不知道"),
                self._change_period if changeable and plan.period_from != "content" else None,
            ),
            (self.tr("行"), words.rows_line(plan), None),
        ]
        for place, (title, text, change) in enumerate(parts):
            grid.addWidget(label(title, "small"), 0, place)
            across = Qt.AlignmentFlag.AlignLeft if callable(change) else Qt.AlignmentFlag(0)
            grid.addWidget(_fact(text, change), 1, place, Qt.AlignmentFlag.AlignTop | across)
            grid.setColumnStretch(place, _FACT_SHARES[place])
            grid.setColumnMinimumWidth(place, _NARROWEST_FACTS[place])
        if changeable:
            ways = column(spacing=2)
            ways.addWidget(button(self.tr("不导入这个"), "link", lambda: self.dropped.emit(plan)))
            if can_be_mapped(plan):
                self.mend = button(self.tr("列不对？自己改"), "link", lambda: self.mapping_wanted.emit(plan))
                ways.addWidget(self.mend)
            ways.addStretch(1)
            grid.addLayout(ways, 0, len(parts), 2, 1)
        holder.setLayout(grid)
        return holder

    def _say_why(self, plan: Plan) -> None:
        self._lines.addSpacing(4)
        word, tone = words.pill(plan)
        line = row(spacing=8)
        line.addWidget(Pill(word, tone), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(plan.message, wrap=True, selectable=True), 1)
        self._lines.addLayout(line)
        if plan.status is Status.UNRECOGNISED:
            self._lines.addSpacing(8)
            self.map = button(self.tr("自己对列…"), "primary", lambda: self.mapping_wanted.emit(plan))
            beside = row(spacing=10)
            beside.addWidget(self.map)
            said = self.tr("说明每一列是什么，存下来以后同样的表自动认识。")
            beside.addWidget(label(said, "second", wrap=True), 1)
            self._lines.addLayout(beside)

    def _sum_checks(self, checks: Sequence[str]) -> None:
        line = row(spacing=8)
        word = self.tr("核对一致") if len(checks) == 1 else self.tr("核对一致 {number} 项").format(number=len(checks))
        line.addWidget(Pill(word, "good"), 0, Qt.AlignmentFlag.AlignTop)
        said = ElidedLabel(checks[0], "", Qt.TextElideMode.ElideRight)
        line.addWidget(said, 1)
        holder = QWidget()
        holder.setLayout(line)
        holder.setToolTip("\n".join(checks))
        self._lines.addWidget(holder)

    def _repairs(self, repairs: Sequence[Repair]) -> None:
        self._lines.addSpacing(8)
        self._lines.addWidget(label(words.repairs_title(repairs), "cardTitle"))
        for repair in repairs:
            line = row(spacing=8)
            line.addWidget(label(repair.kind, wrap=True, selectable=True), 3)
            line.addWidget(label(self.tr("{number} 处").format(number=count(repair.count)), "second"))
            line.addWidget(ElidedLabel(repair.example, "small", Qt.TextElideMode.ElideRight), 3)
            self._lines.addLayout(line)

    def _problems(self, problems: Sequence[Problem], number: int) -> None:
        self._lines.addSpacing(8)
        self._lines.addWidget(label(self.tr("问题 {number} 处").format(number=count(number)), "cardTitle"))
        for problem in problems[:_MOST_PROBLEMS]:
            line = row(spacing=8)
            cell = Pill(problem.cell, "bad")
            cell.setToolTip(self.tr("{sheet} 的 {cell}").format(sheet=problem.sheet, cell=problem.cell))
            line.addWidget(cell, 0, Qt.AlignmentFlag.AlignTop)
            value = f"“{problem.value}”：" if problem.value else ""
            text = f"{problem.column} {value}{problem.reason}".strip()
            line.addWidget(label(text, wrap=True, selectable=True), 1)
            self._lines.addLayout(line)
        if number > min(len(problems), _MOST_PROBLEMS):
            rest = number - min(len(problems), _MOST_PROBLEMS)
            self._lines.addWidget(label(self.tr("另外还有 {rest} 处同类问题。").format(rest=count(rest)), "hint"))

    def _offer_rejected(self, plan: Plan) -> None:
        line = row(spacing=8)
        text = self.tr("有 {number} 行要改。可以先存下来改好，再拖进来；也可以导入之后在导入记录里改。")
        line.addWidget(label(text.format(number=count(len(plan.staged.rejected))), "hint", wrap=True), 1)
        save = button(self.tr("存成表格…"), "link", lambda: self.save_rejected.emit(plan))
        line.addWidget(save, 0, Qt.AlignmentFlag.AlignTop)
        self._lines.addLayout(line)

    def _change_shop(self) -> None:
        if self._plan is not None:
            popup = ChangePopup(self, self.tr("这是哪家店的数据？"), ShopAnswer(self._shops, self._plan.shop or ""))
            self._open(popup)

    def _change_period(self) -> None:
        if self._plan is not None:
            popup = ChangePopup(self, self.tr("这是哪些天的数据？"), PeriodAnswer(self._plan.period, self._yesterday))
            self._open(popup)

    def _open(self, popup: ChangePopup) -> None:
        plan = self._plan
        popup.answered.connect(lambda given: self.answered.emit(plan, given))
        sender = self.sender()
        popup.open_under(sender if isinstance(sender, QWidget) else self)


def can_be_mapped(plan: Plan) -> bool:
    """Whether the owner may map the columns otherwise: not those of chats, nor of corrected rows."""
    return bool(plan.layout) and bool(plan.columns) and plan.source != "chats" and plan.corrects is None


class ChangeButton(QToolButton):
    """A fact that can be changed. Too long for its column, it ends in … and tells the whole as its tool tip."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._said = text
        self.setProperty("role", "change")
        self.setText(f"{text}{_ARROW}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Very long names leave room to the facts beside them."""
        return self._whole().boundedTo(QSize(_WIDEST_FACT, 999))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """A few characters."""
        return QSize(80, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Give the tool tip only where something is cut off."""
        super().resizeEvent(event)
        self.setToolTip(self._said if self.width() < self._whole().width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw what fits, the arrow always."""
        del event
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        metrics = self.fontMetrics()
        pad = (self._whole().width() - metrics.horizontalAdvance(self.text())) // 2
        room = self.width() - 2 * pad - metrics.horizontalAdvance(_ARROW)
        fitting = metrics.elidedText(self._said, Qt.TextElideMode.ElideRight, room) + _ARROW
        across = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect().adjusted(pad, 0, 0, 0), across, fitting)

    def _whole(self) -> QSize:
        return super().sizeHint()


def _fact(text: str, change: object) -> QWidget:
    if not callable(change):
        return label(text, "fact", wrap=True, selectable=True)
    made = ChangeButton(text)
    made.clicked.connect(lambda _checked=False: change())
    return made


def _column_table(readings: Sequence[ColumnReading]) -> QWidget:
    holder = QWidget()
    lines: QVBoxLayout = column()
    lines.addWidget(_column_line(("表里的列", "我们的指标", "样例", "读法"), role="small"))
    for reading in readings:
        lines.addWidget(hairline())
        ours = reading.title if reading.field is not None else "不导入"
        lines.addWidget(
            _column_line(
                (reading.header, ours, reading.sample, reading.note),
                role="" if reading.field is not None else "second",
                tone=reading.tone,
            )
        )
    holder.setLayout(lines)
    return holder


def _column_line(texts: tuple[str, str, str, str], role: str, tone: str = "") -> QWidget:
    holder, line = QWidget(), row(margins=(6, 6, 6, 6), spacing=12)
    for place, (text, share) in enumerate(zip(texts, (5, 4, 4, 6), strict=True)):
        if place == 3 and tone == "warn":
            cell = QWidget()
            inside = row()
            inside.addWidget(Pill(text, "warn"))
            inside.addStretch(1)
            cell.setLayout(inside)
        elif place == 3:
            cell = label(text, "good" if tone == "good" else role, wrap=True)
        else:
            cell = ElidedLabel(text, role, Qt.TextElideMode.ElideRight)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHorizontalStretch(share)
        policy.setHeightForWidth(cell.sizePolicy().hasHeightForWidth())
        cell.setSizePolicy(policy)
        line.addWidget(cell, share)
    holder.setLayout(line)
    return holder
