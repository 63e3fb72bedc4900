"""The card with the form: fields in a grid with their hints and faults, and what the keys do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QToolButton, QVBoxLayout, QWidget

from csdesk.domain.entries import CHECK, ENTRY_TITLES
from csdesk.ingest.entry import typed
from csdesk.ingest.entry.forms import EntryField, EntryForm
from csdesk.ingest.entry.items import total_of
from csdesk.ingest.entry.typed import Unreadable
from csdesk.ui.look import Look, restyle
from csdesk.ui.pages.data.entry.fields import (
    AgentField,
    ChoiceField,
    DayField,
    FormField,
    KeyHolder,
    LineField,
    ShopField,
    WordsField,
)
from csdesk.ui.widgets.pieces import IconButton, button, clear, column, label, row

_COLUMNS = 12
_WIDEST = 1240
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDTHS = {
    "shop": 4, "agent": 3, "day": 3, "clock": 2, "buyer": 4, "csat": 4, "resolved": 4, "comment": 12, "nps": 6,
    "source": 4, "session": 4, "remark": 12, "inspector": 4,
}  # fmt: skip
_SPECIAL = {
    ("survey", "shop"): 5, ("survey", "agent"): 4, ("survey", "csat"): 3, ("survey", "nps"): 5,
    ("check", "shop"): 5, ("check", "agent"): 4, ("check", "session"): 6, ("check", "inspector"): 6,
}  # fmt: skip
_ORDER = {
    "survey": ("shop", "agent", "day", "csat", "nps", "source"),
    "check": ("shop", "agent", "day", "session", "inspector"),
}


class FieldCell(QWidget):
    """A field under its title; below it, only where something is wrong, the sentence that says what."""

    def __init__(self, field: EntryField, widget: FormField) -> None:
        super().__init__()
        self.field, self.widget = field, widget
        lines = column(spacing=3)
        head = row(spacing=4)
        head.addWidget(label(field.title, "second"))
        if field.required:
            head.addWidget(label("*", "fault"))
        if isinstance(widget, ChoiceField):
            head.addWidget(label(field.hint, "hint"))
        else:
            widget.setProperty("placeholderText", field.hint)
        head.addStretch(1)
        self._below = label("", "fault", wrap=True)
        self._below.setMinimumWidth(10)
        self._below.hide()
        lines.addLayout(head)
        lines.addWidget(widget)
        lines.addWidget(self._below)
        self.setLayout(lines)
        widget.setAccessibleName(field.title)

    def say(self, sentence: str, role: str = "fault") -> None:
        """What is wrong (or, with the role "asked", a question); "" when all is well."""
        wrong = bool(sentence) and role == "fault"
        self._below.setText(sentence)
        self._below.setVisible(bool(sentence))
        if self._below.property("role") != role:
            self._below.setProperty("role", role)
            restyle(self._below)
        if bool(self.widget.property("wrong")) != wrong:
            self.widget.setProperty("wrong", wrong)
            restyle(self.widget)

    def said(self) -> str:
        """The sentence below the field."""
        return self._below.text()


class EntryCard(QFrame):
    """The form. ``save_wanted`` carries what is filled in, ``form_wanted`` the id of another form."""

    save_wanted = Signal(object)
    form_wanted = Signal(str)
    edited = Signal()
    edit_left = Signal()
    clear_wanted = Signal()
    items_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._look = look
        self._form: EntryForm | None = None
        self._people: dict[str, tuple[str, ...]] = {}
        self._labels: list[str] = []
        self.cells: dict[str, FieldCell] = {}
        self._today = date.today()
        pad = look.theme.size("card_padding")
        lines = column(margins=(pad, pad - 2, pad, pad), spacing=10)
        lines.addLayout(self._build_head())
        self._body = QWidget()
        self._body.setMaximumWidth(_WIDEST)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        self._body.setLayout(self._grid)
        lines.addWidget(self._body)
        self._fault = label("", "fault", wrap=True)
        self._fault.hide()
        lines.addWidget(self._fault)
        lines.addLayout(self._build_foot())
        self.setLayout(lines)
        self._holder = KeyHolder(self)

    # ---------------------------------------------------------------- what it shows

    def show_form(self, form: EntryForm, filled: Mapping[str, str], *, editing: bool) -> None:
        """Show this form, filled so; the days and people known before stay."""
        if form != self._form:
            self._build_fields(form)
        self.tabs[form.id].setChecked(True)
        self.fill(filled)
        self.say({})
        self._editing(editing=editing)
        self.items_button.setVisible(form.id == CHECK and not editing)
        self._show_total()

    def fill(self, filled: Mapping[str, str]) -> None:
        """Put these into the fields; others become empty, but the shop, and the day, which is today's."""
        for name, cell in self.cells.items():
            text = filled.get(name, "")
            if not text and name == "day":
                text = str(self._today)
            if text or name != "shop":
                cell.widget.fill(text)
        self._offer_people()

    def offer(self, labels: Sequence[str], people: Mapping[str, tuple[str, ...]], today: date) -> None:
        """The shops and people there are, and the day it is."""
        self._people, self._today = dict(people), today
        for cell in self.cells.values():
            if isinstance(cell.widget, ShopField):
                cell.widget.offer(list(labels))
            elif isinstance(cell.widget, DayField):
                cell.widget.begin(today)
        self._labels = list(labels)
        self._offer_people()

    def say(self, faults: Mapping[str, str], asked: str = "") -> None:
        """Sentences beside the fields; the first field at fault is gone to."""
        for name, cell in self.cells.items():
            cell.say(faults.get(name, ""), "asked" if name == asked else "fault")
        self._fault.setText(faults.get("", ""))
        self._fault.setVisible(bool(faults.get("")))
        first = next((name for name in self.cells if name in faults), "")
        if first:
            self.cells[first].widget.setFocus()
        elif "" in faults and self._form is not None and self._form.one_of:
            self.cells[self._form.one_of[0]].widget.setFocus()

    def lock(self) -> None:
        """An entry is being saved: what is typed now is for the next."""
        self.say({})
        self._holder.setFocus()
        self._body.setEnabled(False)
        self.save_button.setEnabled(False)

    def unlock(self, name: str = "") -> None:
        """Go on in this field, with what was typed meanwhile."""
        self._body.setEnabled(True)
        self.save_button.setEnabled(True)
        if name in self.cells:
            self.cells[name].widget.setFocus()
        for key in self._holder.take():
            target = self.focusWidget() or self
            QCoreApplication.sendEvent(target, key)

    def next_one(self) -> None:
        """Empty the form for the next entry: what goes on (shop, day, person, …) stays."""
        self.fill({name: text for name, text in self.filled().items() if self._field(name).keeps})
        self.say({})
        self._editing(editing=False)
        self._show_total()

    def first_to_fill(self) -> str:
        """Where typing begins: the first empty field that must be filled, else the first that does not go on."""
        for name, cell in self.cells.items():
            if cell.field.required and not cell.widget.filled():
                return name
        return next((name for name, cell in self.cells.items() if not cell.field.keeps and name != "clock"), "")

    def filled(self) -> dict[str, str]:
        """Everything as it stands."""
        return {name: cell.widget.filled() for name, cell in self.cells.items()}

    # ---------------------------------------------------------------- building

    def _build_head(self) -> QVBoxLayout:
        holder = column()
        head = row(spacing=10)
        frame = QFrame()
        frame.setObjectName("segments")
        inner = row(margins=(3, 3, 3, 3), spacing=2)
        group = QButtonGroup(self)
        self.tabs: dict[str, QToolButton] = {}
        for form_id, title in ENTRY_TITLES.items():
            tab = QToolButton()
            tab.setText(title)
            tab.setProperty("role", "segment")
            tab.setCheckable(True)
            tab.setCursor(Qt.CursorShape.PointingHandCursor)
            tab.clicked.connect(lambda _checked=False, form_id=form_id: self.form_wanted.emit(form_id))
            group.addButton(tab)
            inner.addWidget(tab)
            self.tabs[form_id] = tab
        frame.setLayout(inner)
        head.addWidget(frame)
        self._state = label("", "strong")
        head.addWidget(self._state)
        head.addStretch(1)
        self.items_button = button(self.tr("抽检项目与满分…"), "link", self.items_wanted.emit)
        head.addWidget(self.items_button)
        self.tools = row(spacing=8)
        head.addLayout(self.tools)
        holder.addLayout(head)
        return holder

    def _build_foot(self) -> QGridLayout:
        foot = QGridLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setHorizontalSpacing(10)
        self._total = label("", "cardTitle")
        self.save_button = button(self.tr("保存"), "primary", self.save)
        self.save_button.installEventFilter(self)
        self._leave = button(self.tr("不改了"), "quiet", self.edit_left.emit)
        self._clear = button(self.tr("清空"), "quiet", self.clear_wanted.emit)
        keys = label(
            self.tr("回车保存，接着录下一条；店铺、客服和日期留着。说的话里换行用 Shift+回车。"), "hint", wrap=True
        )
        picture = IconButton(self._look, "lock", "", "text3", 15)
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        private = label(self.tr("电话、地址、微信号等先打码再存；买家昵称只存加密标识。"), "hint", wrap=True)
        across = row(spacing=10)
        for widget in (self.save_button, self._leave, self._clear, self._total):
            across.addWidget(widget)
        words = column(spacing=1)
        words.addWidget(keys)
        line = row(spacing=3)
        line.addWidget(picture)
        line.addWidget(private, 1)
        words.addLayout(line)
        foot.addLayout(across, 0, 0)
        foot.addLayout(words, 0, 1)
        foot.setColumnStretch(1, 1)
        return foot

    def _build_fields(self, form: EntryForm) -> None:
        before = self.filled() if self._form is not None and self._form.id == form.id else {}
        self._form = form
        clear(self._grid)
        self.cells = {}
        line = place = 0
        for field in _ordered(form):
            cell = FieldCell(field, self._widget(field))
            width = _SPECIAL.get((form.id, field.id)) or _WIDTHS.get(field.id, 2)
            if place + width > _COLUMNS:
                line, place = line + 1, 0
            self._grid.addWidget(cell, line, place, 1, width, Qt.AlignmentFlag.AlignTop)
            cell.show()  # now: else Tab passes by what Qt would show a moment later
            place += width
            self.cells[field.id] = cell
            cell.widget.edited.connect(lambda name=field.id: self._edited(name))
            cell.widget.installEventFilter(self)
        for before_it, cell in pairwise(self.cells.values()):
            QWidget.setTabOrder(before_it.widget, cell.widget)
        last = list(self.cells.values())[-1].widget
        for one, two in pairwise((last, self.save_button, self._leave, self._clear)):
            QWidget.setTabOrder(one, two)
        self.offer(self._labels, self._people, self._today)
        self.fill(before)

    def _widget(self, field: EntryField) -> FormField:
        makers: dict[str, Callable[[], FormField]] = {
            "shop": ShopField,
            "agent": lambda: AgentField(""),
            "day": lambda: DayField(self._look, self._today),
            "words": lambda: WordsField(""),
            "satisfaction": lambda: ChoiceField([str(score) for score in range(1, 6)], {}),
            "nps": lambda: ChoiceField([str(score) for score in range(11)], {}),
            "yes_no": lambda: ChoiceField(["是", "否"], {"是": "y1s", "否": "n0f"}),
        }
        return makers.get(field.kind, lambda: LineField(""))()

    # ---------------------------------------------------------------- what the owner does

    def save(self) -> None:
        """Hand over what is filled in."""
        for cell in self.cells.values():
            cell.widget.settle()
        self.save_wanted.emit(self.filled())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Enter saves from every field (in a text Shift+Enter begins a new line), Esc leaves a correction."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            if isinstance(watched, AgentField) and watched.taking():
                return True
            if isinstance(watched, WordsField) and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                return False
            self.save()
            return True
        return super().eventFilter(watched, event)

    def _edited(self, name: str) -> None:
        self.cells[name].say("")
        self._fault.hide()
        if name == "shop":
            self._offer_people()
        self._show_total()
        self.edited.emit()

    def _offer_people(self) -> None:
        if "shop" in self.cells and "agent" in self.cells:
            widget = self.cells["agent"].widget
            if isinstance(widget, AgentField):
                widget.offer(self._people.get(self.cells["shop"].widget.filled(), ()))

    def _show_total(self) -> None:
        form = self._form
        if form is None or form.id != CHECK:
            self._total.setText("")
            return
        points = {}
        for field in form.fields:
            text = self.cells[field.id].widget.filled() if field.kind == "points" else ""
            try:
                if text.strip():
                    points[field.title] = typed.read_points(text, field.full)
            except Unreadable:
                continue
        total = total_of(points, form.items)
        self._total.setText("" if total is None else self.tr("总分 {total:g}").format(total=total))

    def _editing(self, *, editing: bool) -> None:
        self._state.setText(self.tr("正在修改一条") if editing else "")
        self.save_button.setText(self.tr("保存修改") if editing else self.tr("保存"))
        self._leave.setVisible(editing)
        self._clear.setVisible(not editing)
        buyer = self.cells.get("buyer")
        if buyer is not None and isinstance(buyer.widget, LineField):
            buyer.widget.setPlaceholderText(self.tr("不写就还是原来那位") if editing else buyer.field.hint)

    def _field(self, name: str) -> EntryField:
        return self.cells[name].field


def _ordered(form: EntryForm) -> list[EntryField]:
    """The fields in the order of the grid and of Tab."""
    first = [form.field(name) for name in _ORDER.get(form.id, ())]
    return [*first, *(field for field in form.fields if field not in first)]
