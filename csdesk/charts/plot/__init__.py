"""Drawing: a ``ChartSpec`` and a ``Theme`` become strokes, on screen and on paper by the same code.

Painted with ``QPainter`` directly. One painting routine for window, PNG, SVG, PDF and printer is what makes a saved
chart equal to the one on screen; a plotting widget brought in between needs its own exporters, axes and menus undone.
"""

from csdesk.charts.plot.paint import is_empty, minimum_height, paint_chart, preferred_height
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.sparkline import Sparkline, paint_sparkline
from csdesk.charts.plot.view import ChartView

__all__ = [
    "ChartView",
    "Drawn",
    "Hit",
    "Sparkline",
    "TipRow",
    "is_empty",
    "minimum_height",
    "paint_chart",
    "paint_sparkline",
    "preferred_height",
]
