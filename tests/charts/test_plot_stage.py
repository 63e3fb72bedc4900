"""What pyqtgraph is given equals the spec, lies where the hits say, and is let go of."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from csdesk.charts.plot.canvas import Canvas, painting
from csdesk.charts.plot.paint import paint_chart
from csdesk.charts.plot.stage import Run, runs
from csdesk.charts.plot.trend import TrendPlot
from csdesk.charts.plot.view import ChartView
from csdesk.charts.spec import ChartSpec, Point, Series
from csdesk.settings.theme import load_theme
from tests.charts import samples

pytestmark = pytest.mark.usefixtures("qapp")
RECT = QRectF(10, 5, 600, 240)


def laid_out(spec: ChartSpec) -> TrendPlot:
    image = QImage(640, 260, QImage.Format.Format_RGB32)
    with painting(image) as painter:
        canvas = Canvas(painter, load_theme("light"))
        plot = TrendPlot(canvas, spec)
        plot.lay_out(canvas, RECT)
        plot.paint(canvas)
    return plot


@pytest.mark.parametrize("name", ["trend", "gaps", "one day", "months", "three years"])
def test_curves_hold_the_values_of_the_spec(name: str) -> None:
    spec = samples.EVERY[name]
    plot = laid_out(spec)
    for series in spec.series:
        x, y = plot.curves[series.key].getData()
        assert [None if np.isnan(value) else value for value in y] == [point.y for point in series.points]
        assert list(x) == [(day - spec.days[0]).days for day in spec.days]
    plot.stage.close()


def test_the_view_and_the_hits_agree_on_places() -> None:
    spec = samples.trend(30)
    plot = laid_out(spec)
    image = QImage(640, 260, QImage.Format.Format_RGB32)
    with painting(image) as painter:
        canvas = Canvas(painter, load_theme("light"))
        hits = plot.paint(canvas).hits
    for index in (0, 7, 29):
        for series, (dot, _) in zip(spec.series, hits[index].dots, strict=True):
            place = plot.stage.place(plot.x[index], series.points[index].y or 0.0)
            assert (place - dot).manhattanLength() < 0.01
    plot.stage.close()


def test_very_large_values_keep_their_place() -> None:
    points = tuple(Point(4e8 + index) for index in range(30))
    spec = samples.trend(30)
    plot = laid_out(ChartSpec("large", "大", "trend", categories=spec.categories, days=spec.days,
                              series=(Series("n", "数", "series1", points),)))
    first, last = plot.stage.place(0, 4e8), plot.stage.place(29, 4e8 + 29)
    assert plot.area.contains(first)
    assert plot.area.contains(last)
    assert first.y() - last.y() > plot.area.height() * 0.5
    plot.stage.close()


def test_runs_end_at_gaps_and_say_where_they_are_settled() -> None:
    nan = np.nan
    assert runs(np.array([nan, 1, 2, nan, 3, nan])) == [Run(1, 2, 3), Run(4, 4, 5)]
    assert runs(np.array([1.0, 2, 3]), [False, True, True]) == [Run(0, 2, 1)]
    assert runs(np.array([nan, nan])) == []


def test_painting_leaves_no_scene_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    build = TrendPlot._build
    monkeypatch.setattr(TrendPlot, "_build", lambda plot, canvas: (made.append(plot.stage), build(plot, canvas))[1])
    image = QImage(640, 260, QImage.Format.Format_RGB32)
    with painting(image) as painter:
        drawn = paint_chart(painter, RECT, samples.trend(), load_theme("light"))
    assert len(drawn.hits) == 30
    assert [shiboken6.isValid(stage) for stage in made] == [False]


def test_a_view_takes_its_scene_with_it() -> None:
    view = ChartView()
    view.set_spec(samples.trend())
    view.hits()
    plot = view._plot
    assert plot is not None
    view.set_spec(samples.trend(20))
    assert not shiboken6.isValid(plot.stage)
    second = view._plot
    assert second is not None
    shiboken6.delete(view)
    assert not shiboken6.isValid(second.stage)
    gone = weakref.ref(second)
    del second, plot, view
    gc.collect()
    assert gone() is None
