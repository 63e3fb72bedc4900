"""Calendars as people here read them: Monday first, Chinese names, weekends no louder than other days."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget

from csdesk.settings.theme import Theme


def prepare_calendar(calendar: QCalendarWidget, theme: Theme) -> None:
    """Dress ``calendar`` (also a date edit's pop-up) in ``theme``; call again after a change of theme."""
    calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    plain = QTextCharFormat()
    plain.setForeground(QColor(theme.color("text")))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, plain)
    head = QTextCharFormat()
    head.setForeground(QColor(theme.color("text2")))
    calendar.setHeaderTextFormat(head)
