"""A chart in a card with its ⋯ menu and, for trends, the step switch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QMenu, QSizePolicy, QToolButton

from csdesk.analysis.frame import Grain
from csdesk.charts.plot.view import ChartView
from csdesk.charts.spec import ChartSpec
from csdesk.ui.look import Look
from csdesk.ui.widgets.cards import Card
from csdesk.ui.widgets.pieces import label, row

_AIR = 6


class Segments(QFrame):
    """A few choices side by side, one of them in force."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], about: str) -> None:
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(about)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        line = row(margins=(2, 2, 2, 2), spacing=0)
        for key, text in choices:
            made = QToolButton()
            made.setProperty("role", "segment")
            made.setText(text)
            made.setCheckable(True)
            made.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(made)
            self._buttons[key] = made
            line.addWidget(made)
        self.setLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def mark(self, key: str) -> None:
        """Show which one is in force."""
        self._buttons[key].setChecked(True)


class ChartCard(Card):
    """Shows one ``ChartSpec``. ``menu_wanted`` (card, menu) fills the menu, ``grain_chosen`` asks for another step."""

    menu_wanted = Signal(object, object)
    grain_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.grain = Segments([(grain.value, grain.label[1:]) for grain in Grain], self.tr("按天、按周或按月"))
        self.grain.chosen.connect(self.grain_chosen)
        self.tool(self.grain)
        self.menu(self.tr("复制、导出、打印这张图"), self._fill)
        self.chart = ChartView(look.theme)
        self.put(self.chart)
        self._foot = label("", "hint", wrap=True)
        self._foot.setContentsMargins(0, 4, 0, 0)
        self.put(self._foot, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(lambda: self.chart.set_theme(look.theme))

    @property
    def spec(self) -> ChartSpec | None:
        """What is shown."""
        return self.chart.spec()

    def show_chart(self, spec: ChartSpec, grain: Grain) -> None:
        """Show this one."""
        self.say(spec.title, spec.subtitle)
        self.grain.setVisible(spec.kind == "trend" and spec.by_step)
        self.grain.mark(grain.value)
        self.chart.set_spec(spec)
        self._foot.setText(spec.footnote)
        self._foot.setVisible(bool(spec.footnote))

    def wanted_height(self, width: int) -> int:
        """Height at which the chart is neither squeezed nor lost in a card of this width."""
        foot = self._foot.heightForWidth(width - 2 * self._look.theme.size("card_padding")) if self._foot.text() else 0
        return self.chart.preferred_height() + self.height_around(width) + foot + _AIR

    def _fill(self, menu: QMenu) -> None:
        self.menu_wanted.emit(self, menu)
