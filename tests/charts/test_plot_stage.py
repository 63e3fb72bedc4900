"""What pyqtgraph is given equals the spec, lies where the hits say, and is let go of."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from csdesk.charts.plot.canvas import Canvas, painting
from csdesk.charts.plot.paint import paint_chart
from csdesk.charts.plot.stage import Bars, Run, Stage, Whiskers, runs
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


def test_bars_and_intervals_hold_the_values_of_the_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Stage] = []
    monkeypatch.setattr(Stage, "close", lambda stage: kept.append(stage))  # noqa: PLW0108  a builtin is no method
    spec = samples.bars()
    image = QImage(640, 260, QImage.Format.Format_RGB32)
    with painting(image) as painter:
        drawn = paint_chart(painter, RECT, spec, load_theme("light"))
    monkeypatch.undo()
    points = spec.series[0].points
    bars = next(item for item in kept[0].items() if isinstance(item, Bars))
    assert list(bars.opts["x0"]) == [0.0] * 4
    assert list(bars.opts["width"]) == [point.y for point in points]
    whiskers = next(item for item in kept[0].items() if isinstance(item, Whiskers))
    assert list(whiskers.opts["x"]) == [point.low for point in points]
    assert list(whiskers.opts["x"] + whiskers.opts["right"]) == pytest.approx([point.high for point in points])
    for place, hit in zip(bars.places(), drawn.hits, strict=True):
        assert abs(place.right() - hit.anchor.x()) < 0.01
        assert hit.rect.contains(place.center())
    kept[0].close()


def test_cells_of_a_heat_map_are_where_they_are_painted() -> None:
    spec, light = samples.heatmap(), load_theme("light")
    image = QImage(640, 260, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    with painting(image) as painter:
        hits = paint_chart(painter, RECT, spec, light).hits
    assert len(hits) == 7 * 24
    deepest = hits[-1]
    assert (deepest.title, deepest.category, deepest.rows[0].value) == ("周日", 23, "161")
    assert image.pixelColor(deepest.rect.center().toPoint()).name() == light.color("heat_high").lower()


def test_a_series_that_is_too_short_ends_in_a_gap() -> None:
    spec = samples.trend(30)
    short = Series("s", "短", "series1", spec.series[0].points[:10])
    plot = laid_out(replace(spec, series=(short,)))
    assert np.isnan(plot.curves["s"].getData()[1][10:]).all()
    plot.stage.close()


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
    plot = laid_out(
        ChartSpec(
            "large",
            "大",
            "trend",
            categories=spec.categories,
            days=spec.days,
            series=(Series("n", "数", "series1", points),),
        )
    )
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
