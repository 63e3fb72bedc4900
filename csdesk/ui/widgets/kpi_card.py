"""A number with what is needed to judge it: change, certainty, shape over time, and its definition."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from csdesk.analysis.frame import Kpi
from csdesk.charts.format import Part
from csdesk.charts.plot.sparkline import Sparkline
from csdesk.metrics.model import MetricStatus
from csdesk.ui.look import Look
from csdesk.ui.widgets.pieces import ElidedLabel, IconButton, Pill, column, label, row

_SMALLEST = 0.6
_SEVERAL, _SEVERAL_WORDS = 18, 12
"""Sizes of several numbers on one card, and of the words before them."""


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
        """Draw the pieces from the left."""
        painter = QPainter(self)
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
        self._note = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        pad = look.theme.size("card_padding")
        lines = column(margins=(pad, 10, pad - 6, 12), spacing=1)
        head = row(spacing=4)
        head.addWidget(self._title)
        self._status = ElidedLabel("", "hint", Qt.TextElideMode.ElideRight)
        self._status.setMinimumWidth(1)  # on a narrow card it gives way wholly before it covers the title
        head.addWidget(self._status, 1)
        head.addWidget(self.info)
        middle = row(spacing=10)
        middle.addWidget(self._number)
        middle.addStretch(1)
        middle.addWidget(self._spark, 3)
        middle.addSpacing(4)
        foot = row(spacing=7)
        foot.addWidget(self._pill)
        foot.addWidget(self._note, 1)
        lines.addLayout(head)
        lines.addLayout(middle)
        lines.addSpacing(2)
        lines.addLayout(foot)
        self.setLayout(lines)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(104)
        look.changed.connect(lambda: self._spark.set_theme(look.theme))

    def show_kpi(self, kpi: Kpi) -> None:
        """Show this one."""
        self.kpi = kpi
        several = kpi.value.value is None and len(kpi.parts) > 1
        missing = kpi.value.value is None and not several
        self._title.setText(kpi.title)
        self._number.set_parts(kpi.parts, faint=missing or kpi.value.small, several=several)
        self._number.setToolTip("\n".join(part.variant for part in kpi.value.parts) if several else "")
        self._spark.set_values(kpi.sparkline)
        self._spark.setVisible(sum(value is not None for value in kpi.sparkline) >= 3)
        change = kpi.change
        self._pill.setVisible(change is not None and bool(change.text))
        if change is not None:
            self._pill.show_as(change.text, change.tone.value)
        status, note = self._words(kpi)
        self._status.setText(status)
        self._status.setVisible(bool(status))  # an empty one would still take room from the title
        self._status.setToolTip(status)
        self._note.setText(note)
        self._note.setToolTip(note)
        self._note.update()

    def _words(self, kpi: Kpi) -> tuple[str, str]:
        """(beside the title, beside the change): without a change the status takes its place."""
        provisional = kpi.value.status is MetricStatus.PROVISIONAL
        status = kpi.status_text or (self.tr("未定") if provisional else "")
        if kpi.change is not None and (kpi.change.text or kpi.change.note):
            return status, kpi.change.note
        return "", status or (self.tr("样本太少") if kpi.value.small else "")
