"""Choosing a period: presets on the left, a calendar for any other span on the right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QDate, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QPushButton, QSizePolicy, QWidget

from csdesk.domain.period import Period
from csdesk.ui.filter_model import FilterModel
from csdesk.ui.look import Look
from csdesk.ui.selection import Preset, anchor_note, period_of, short_period
from csdesk.ui.widgets.pieces import IconButton, Popup, button, column, label, row

_OFFERED = (
    Preset.YESTERDAY,
    Preset.LAST_7,
    Preset.LAST_30,
    Preset.THIS_WEEK,
    Preset.THIS_MONTH,
    Preset.LAST_MONTH,
    Preset.ALL,
)


def plain_date(value: QDate) -> date:
    """Qt's date as Python's."""
    return date(value.year(), value.month(), value.day())


def qt_date(value: date) -> QDate:
    """Python's date as Qt's."""
    return QDate(value.year, value.month, value.day)


class SpanCalendar(QCalendarWidget):
    """A calendar where two clicks choose a span; days without data are grey."""

    def __init__(self, look: Look, span: Period | None, known: Period | None) -> None:
        super().__init__()
        self._look, self._known = look, known
        self.first: date | None = span.first if span else None
        self.last: date | None = span.last if span else None
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setGridVisible(False)
        self.setNavigationBarVisible(False)
        self.setFixedSize(300, 214)
        plain = QTextCharFormat()
        plain.setForeground(QBrush(look.color("text3")))
        for number in range(1, 8):
            self.setWeekdayTextFormat(Qt.DayOfWeek(number), plain)
        if span:
            self.setSelectedDate(qt_date(span.last))
        self.clicked.connect(self._click)

    def span(self) -> Period | None:
        """What is chosen so far; a single click is a single day."""
        if self.first is None:
            return None
        last = self.last or self.first
        return Period(min(self.first, last), max(self.first, last))

    def _click(self, clicked: QDate) -> None:
        day = plain_date(clicked)
        if self.first is None or self.last is not None:
            self.first, self.last = day, None
        else:
            self.last = day
        self.updateCells()

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate) -> None:  # noqa: N802  Qt's name
        """Days of the span on a tint, its ends on the accent; days without data grey."""
        span, plain = self.span(), plain_date(day)
        cell = QRectF(rect).adjusted(0, 2, 0, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ends = span is not None and plain in {span.first, span.last}
        inside = span is not None and plain in span
        if inside:
            painter.setBrush(self._look.color("accent" if ends else "accent_tint"))
            painter.drawRoundedRect(cell, 5 if ends else 0, 5 if ends else 0)
        known = self._known is None or plain in self._known
        role = "on_accent" if ends else "accent_text" if inside else "text" if known else "text3"
        color = self._look.color(role)
        if day.month() != self.monthShown() and not inside:
            color.setAlpha(110)
        painter.setPen(color)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(day.day()))
        painter.restore()


class MonthBar(QWidget):
    """``2026年11月`` between two arrows, the way dates are written here; Qt's own bar says 十一月 2026."""

    def __init__(self, look: Look, calendar: SpanCalendar) -> None:
        super().__init__()
        self._month = label("", "strong")
        self._month.setAlignment(Qt.AlignmentFlag.AlignCenter)
        before = IconButton(look, "chevron-left", self.tr("上个月"))
        after = IconButton(look, "chevron-right", self.tr("下个月"))
        before.clicked.connect(calendar.showPreviousMonth)
        after.clicked.connect(calendar.showNextMonth)
        calendar.currentPageChanged.connect(self._show)
        line = row()
        line.addWidget(before)
        line.addWidget(self._month, 1)
        line.addWidget(after)
        self.setLayout(line)
        self._show(calendar.yearShown(), calendar.monthShown())

    def _show(self, year: int, month: int) -> None:
        self._month.setText(self.tr("{year}年{month}月").format(year=year, month=month))


class PeriodPopup(Popup):
    """Presets and calendar; takes effect at once for a preset, on 确定 for a span."""

    def __init__(self, parent: QWidget, look: Look, model: FilterModel) -> None:
        super().__init__(parent, padding=12)
        self._model = model
        facts, today = model.facts, model.today()
        sides = row(spacing=14)
        left = column(spacing=2)
        for preset in _OFFERED:
            left.addWidget(self._preset(preset))
        left.addStretch(1)
        sides.addLayout(left)
        known = Period(facts.first_day, facts.last_day) if facts.first_day and facts.last_day else None
        self.calendar = SpanCalendar(look, period_of(model.selection, facts, today), known)
        self.calendar.clicked.connect(self._show_span)
        right = column(spacing=8)
        right.addWidget(label(self.tr("自定义：点第一天，再点最后一天"), "hint"))
        right.addWidget(MonthBar(look, self.calendar))
        right.addWidget(self.calendar)
        foot = row()
        self._span = label("", "strong")
        foot.addWidget(self._span, 1)
        foot.addWidget(button(self.tr("确定"), "primary", self._confirm))
        right.addLayout(foot)
        sides.addLayout(right)
        self.body.addLayout(sides)
        note = anchor_note(model.selection, facts, today)
        if known is not None:
            spans = self.tr("已有数据：{first} 至 {last}").format(first=known.first, last=known.last)
            self.body.addSpacing(6)
            self.body.addWidget(label(f"{spans}。{note}" if note else spans, "hint"))
        self._show_span()

    def _preset(self, preset: Preset) -> QPushButton:
        option = QPushButton(preset.label)
        option.setProperty("role", "option")
        dates = period_of(replace(self._model.selection, preset=preset), self._model.facts, self._model.today())
        option.setToolTip(short_period(dates, self._model.today()))
        option.setCheckable(True)
        option.setChecked(self._model.selection.preset is preset)
        option.setFixedWidth(96)
        option.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        option.clicked.connect(lambda _checked=False: self._take_preset(preset))
        return option

    def _take_preset(self, preset: Preset) -> None:
        self.close()
        self._model.choose(replace(self._model.selection, preset=preset))

    def _show_span(self) -> None:
        span = self.calendar.span()
        self._span.setText(
            self.tr("{span} · {days} 天").format(span=short_period(span, self._model.today()), days=span.days)
            if span
            else ""
        )

    def _confirm(self) -> None:
        span = self.calendar.span()
        self.close()
        if span is not None:
            self._model.choose(replace(self._model.selection, preset=Preset.CUSTOM, custom=span))
