"""Drawing: a ``ChartSpec`` and a ``Theme`` become strokes, on screen and on paper by the same code.

- ``view.ChartView`` shows a chart, ``sparkline.Sparkline`` a word-sized line;
- ``paint.paint_chart`` paints one with any ``QPainter``: pictures, SVG, PDF, printer.

Charts with axes are pyqtgraph's: its ``ViewBox``, axes and items on a ``stage.Stage``. Funnels, levels, sparklines and
tips, which have no axes, are painted directly. Nothing is imported here: fonts and sparklines are needed for the first
picture of the window, pyqtgraph is not, and takes half a second.
"""
