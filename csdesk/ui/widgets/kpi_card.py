"""A number with what is needed to judge it: change, certainty, shape over time, and its definition."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from csdesk.analysis.frame import Kpi
from csdesk.charts.format import Part
from csdesk.charts.plot.sparkline import Sparkline
from csdesk.metrics.model import MetricStatus, MetricValue
from csdesk.ui.look import Look
from csdesk.ui.widgets.pieces import ClauseLabel, IconButton, Pill, column, label, row

KPI_HEIGHT = 104
_SMALLEST = 0.6
_SEVERAL, _SEVERAL_WORDS = 18, 12
"""Sizes of several numbers on one card, and of the words before them."""
_STACKED, _STACKED_WORDS = 15, 12
_BASE_LINES = (14.0, 33.0)
_FEWEST_POINTS = 3
_NARROWEST_LINE = 52
"""A sparkline narrower than this is a scribble, not the shape of a number."""


class BigNumber(QWidget):
    """Figures large, units small beside them on one base line; tabular, shrinking before it is cut off."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._parts: tuple[Part, ...] = ()
        self._faint = self._several = False
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(36)
        look.changed.connect(self.update)

    def set_parts(self, parts: tuple[Part, ...], *, faint: bool = False, several: bool = False) -> None:
        """Show these; ``faint`` for a missing value or a small sample, ``several`` for numbers side by side."""
        self._parts, self._faint, self._several = parts, faint, several
        self.setAccessibleName("".join(part.text for part in parts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As wide as the number."""
        return QSize(round(self._width(1.0)) + 2, 36)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """May shrink to 60 %."""
        return QSize(round(self._width(_SMALLEST)) + 2, 36)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw the pieces from the left; two numbers that find no room side by side one below the other."""
        painter = QPainter(self)
        if self.stacked:
            self._paint_stacked(painter)
            return
        painter.setPen(self._look.color("text3" if self._faint else "text"))
        scale = self._fitting()
        base, left = 28.0, 0.0
        for part in self._parts:
            font = self._font(part, scale)
            painter.setFont(font)
            if self._several:
                painter.setPen(self._look.color("text2" if part.unit else "text"))
            width = QFontMetricsF(font).horizontalAdvance(part.text)
            painter.drawText(QRectF(left, base - 60, width + 2, 60).bottomLeft(), part.text)
            left += width + (2 if part.unit else 1)

    @property
    def stacked(self) -> bool:
        """Whether two numbers stand one below the other: small words would not be read."""
        return self._several and len(self._parts) == 4 and self._width(1.0) > self.width()

    def _paint_stacked(self, painter: QPainter) -> None:
        names = [part.text.lstrip(" ·").rstrip() for part in self._parts[::2]]
        values = [part.text for part in self._parts[1::2]]
        small, large = (self._look.font("kpi", bold=bold) for bold in (False, True))
        small.setPixelSize(_STACKED_WORDS)
        large.setPixelSize(_STACKED)
        left = max(QFontMetricsF(small).horizontalAdvance(name) for name in names) + 7
        for name, value, base in zip(names, values, _BASE_LINES, strict=True):
            painter.setFont(small)
            painter.setPen(self._look.color("text2"))
            painter.drawText(QPointF(0, base), name)
            painter.setFont(large)
            painter.setPen(self._look.color("text"))
            painter.drawText(QPointF(left, base), value)

    def _fitting(self) -> float:
        """The largest scale at which all of it is seen; font sizes are whole pixels, so it is tried out."""
        tried = (1 - step / 20 for step in range(round((1 - _SMALLEST) * 20) + 1))
        return next((scale for scale in tried if self._width(scale) <= self.width()), _SMALLEST)

    def _font(self, part: Part, scale: float) -> QFont:
        font = self._look.font("kpi", bold=not (self._several and part.unit))
        if self._several:
            font.setPixelSize(round((_SEVERAL_WORDS if part.unit else _SEVERAL) * scale))
        elif part.unit:
            font.setPixelSize(round(font.pixelSize() * 0.64 * scale))
            font.setWeight(QFont.Weight.DemiBold)
        else:
            font.setPixelSize(round(font.pixelSize() * scale))
        return font

    def _width(self, scale: float) -> float:
        return sum(
            QFontMetricsF(self._font(part, scale)).horizontalAdvance(part.text) + (2 if part.unit else 1)
            for part in self._parts
        )


class KpiCard(QFrame):
    """One KPI. ``definition_wanted`` carries itself when ⓘ is pressed."""

    definition_wanted = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._look = look
        self.kpi: Kpi | None = None
        self._title = label("", "kpiTitle")
        self.info = IconButton(look, "info", self.tr("口径：这个数怎么算的"), "text3", 15)
        self.info.setFixedSize(22, 22)
        self.info.clicked.connect(lambda: self.definition_wanted.emit(self))
        self._number = BigNumber(look)
        self._spark = Sparkline(look.theme)
        self._spark.setMaximumWidth(120)
        self._spark.setFixedHeight(34)
        self._pill = Pill()
        self._note = ClauseLabel("", "small")
        pad = look.theme.size("card_padding")
        lines = column(margins=(pad, 10, pad - 6, 12), spacing=1)
        head = row(spacing=4)
        head.addWidget(self._title)
        self._status = ClauseLabel("", "hint")
        self._status.setMinimumWidth(1)  # on a narrow card it gives way wholly before it covers the title
        head.addWidget(self._status, 1)
        head.addWidget(self.info)
        middle = row(spacing=10)
        middle.addWidget(self._number)
        middle.addStretch(1)
        middle.addWidget(self._spark, 3)
        middle.addSpacing(4)
        foot = row(spacing=5)
        foot.addWidget(self._pill)
        foot.addWidget(self._note, 1)
        lines.addLayout(head)
        lines.addLayout(middle)
        lines.addSpacing(2)
        lines.addLayout(foot)
        self.setLayout(lines)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(KPI_HEIGHT)
        look.changed.connect(lambda: self._spark.set_theme(look.theme))

    def show_kpi(self, kpi: Kpi) -> None:
        """Show this one."""
        self.kpi = kpi
        several = kpi.value.value is None and len(kpi.parts) > 1
        missing = kpi.value.value is None and not several
        self._title.setText(kpi.title)
        self.info.setAccessibleName(self.tr("口径：{title}").format(title=kpi.title))
        self._number.set_parts(kpi.parts, faint=missing or kpi.value.small, several=several)
        self._number.setToolTip("\n".join(part.variant for part in kpi.value.parts) if several else "")
        self._spark.set_values(kpi.sparkline)
        self.show_line(shown=self.has_line() and self.room_for_line(self.width()))
        change = kpi.change
        self._pill.setVisible(change is not None and bool(change.text))
        if change is not None:
            self._pill.show_as(change.text, change.tone.value)
        status, note = self._words(kpi)
        self._status.short = self.tr("样本少") if kpi.value.small else self.tr("未定") if _unsettled(kpi.value) else ""
        self._status.setText(status)
        self._status.setVisible(bool(status))  # an empty one would still take room from the title
        self._note.setText(note)
        self._note.update()

    def has_line(self) -> bool:
        """Whether there is a shape over time to show."""
        return self.kpi is not None and sum(value is not None for value in self.kpi.sparkline) >= _FEWEST_POINTS

    def room_for_line(self, width: int) -> bool:
        """Whether the line over time can be read in a card of this width."""
        margins = 2 * self._look.theme.size("card_padding") - 6
        return width - margins - self._number.sizeHint().width() - 2 * 10 - 4 >= _NARROWEST_LINE

    def show_line(self, *, shown: bool) -> None:
        """Show the line over time, or leave its room to the number."""
        self._spark.setVisible(shown)

    def _words(self, kpi: Kpi) -> tuple[str, str]:
        """(beside the title, beside the change): without a change the status takes its place."""
        provisional = kpi.value.status is MetricStatus.PROVISIONAL
        status = kpi.status_text or (self.tr("未定") if provisional else "")
        if kpi.change is not None and (kpi.change.text or kpi.change.note):
            said = bool(status) and kpi.change.note.startswith(status.partition("，")[0])  # once is enough
            return "" if said else status, kpi.change.note
        return "", status or (self.tr("样本太少") if kpi.value.small else "")


def _unsettled(value: MetricValue) -> bool:
    return value.status is MetricStatus.PROVISIONAL or bool(value.provisional_days)
