"""A long trend is explored along its time: wheel, drag, keys; values rescale; exports stay whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.charts.export import export_chart
from csdesk.charts.plot.view import ChartView
from csdesk.charts.spec import ChartSpec, Format, Point, Series
from csdesk.settings.theme import load_theme
from tests.charts import samples


def growing(count: int = 100) -> ChartSpec:
    """0, 1, 4, 9 …: what is in sight tells the scale it needs."""
    points = tuple(Point(float(index * index)) for index in range(count))
    return replace(samples.trend(count), marks=(), format=Format.COUNT, series=(Series("n", "数", "series1", points),))


@pytest.fixture
def view(qtbot: QtBot) -> ChartView:
    view = ChartView()
    qtbot.addWidget(view)
    view.resize(700, 260)
    view.set_spec(growing())
    return view


def seen(view: ChartView) -> list[int]:
    """Indices of the days in sight."""
    return [hit.category for hit in view.hits() if not hit.rect.isEmpty()]


def turn(view: ChartView, spot: QPoint, notches: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Turn the wheel; whether the chart took it."""
    nothing = QPoint()
    event = QWheelEvent(
        QPointF(spot),
        QPointF(view.mapToGlobal(spot)),
        nothing,
        QPoint(0, notches * 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.ignore()
    QApplication.sendEvent(view, event)
    return event.isAccepted()


def drag(qtbot: QtBot, view: ChartView, first: int, last: int) -> None:
    start, end = view.hit_center(first).toPoint(), view.hit_center(last).toPoint()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, (start + end) / 2)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def test_a_drag_shows_the_span_and_the_values_fill_the_height(qtbot: QtBot, view: ChartView) -> None:
    whole = view.hits()[20].anchor.y()
    with qtbot.assertNotEmitted(view.picked):
        drag(qtbot, view, 10, 20)
    assert view.zoomed()
    assert seen(view) == list(range(10, 21))
    assert view.hits()[20].anchor.y() < whole - 80  # 400 of 9,801 before, near the top of 0 … 400 now
    assert view.hits()[20].rows[0].value == "400"


def test_a_double_click_or_escape_shows_all_again(qtbot: QtBot, view: ChartView) -> None:
    plain = view.grab().toImage()
    for back in (
        lambda: qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 100)),
        lambda: qtbot.keyClick(view, Qt.Key.Key_Escape),
    ):
        drag(qtbot, view, 40, 60)
        assert len(seen(view)) == 21
        assert view.grab().toImage() != plain
        back()
        assert not view.zoomed()
        view.point_at(None)
        assert view.grab().toImage() == plain


def test_the_wheel_zooms_with_ctrl_around_the_pointer_and_leaves_the_page_its_scrolling(view: ChartView) -> None:
    spot = view.hit_center(70).toPoint()
    assert not turn(view, spot, 1, PLAIN)
    assert not view.zoomed()
    assert turn(view, spot, 3, CONTROL)
    assert 45 < len(seen(view)) < 60
    assert abs(view.hit_center(70).x() - spot.x()) < 2
    assert turn(view, spot, -9, CONTROL)
    assert seen(view) == list(range(100))
    assert not view.zoomed()


def test_a_zoom_has_ends(view: ChartView) -> None:
    for _ in range(60):
        turn(view, QPoint(690, 100), 1, CONTROL)
    assert 5 <= len(seen(view)) <= 7
    assert 99 in seen(view)
    turn(view, QPoint(300, 100), -50, SHIFT)
    assert seen(view)[-1] == 99
    turn(view, QPoint(300, 100), 500, SHIFT)
    assert seen(view)[0] == 0
    plot = view._plot
    assert plot is not None
    for index in seen(view):
        place = plot.stage.place(plot.x[index], float(index * index))
        assert (place - view.hits()[index].dots[0][0]).manhattanLength() < 0.01


def test_keys_zoom_and_walking_brings_days_into_sight(qtbot: QtBot, view: ChartView) -> None:
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoomed()
    assert 0 not in seen(view)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert "2026-10-23" in view.accessibleDescription()
    assert 0 in seen(view)
    for _ in range(8):
        qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert not view.zoomed()


def test_the_zoom_stays_with_the_days_and_goes_with_others(qtbot: QtBot, view: ChartView) -> None:
    drag(qtbot, view, 10, 30)
    view.set_theme(load_theme("dark"))
    view.resize(500, 300)
    assert seen(view) == list(range(10, 31))
    view.set_spec(growing(60))
    assert not view.zoomed()
    view.set_spec(samples.bars())
    view.zoom(0.5)
    view.reset_zoom()
    assert not view.zoomed()
    assert not turn(view, QPoint(100, 60), 1, CONTROL)


def test_a_click_is_no_drag_and_a_week_is_not_zoomed(qtbot: QtBot, view: ChartView) -> None:
    with qtbot.waitSignal(view.picked) as caught:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.hit_center(12).toPoint())
    assert caught.args == [12, ""]
    view.set_spec(growing(7))
    drag(qtbot, view, 1, 5)
    assert not view.zoomed()


def test_what_is_exported_is_the_whole_time(qtbot: QtBot, view: ChartView, tmp_path: Path) -> None:
    spec = view.spec()
    assert spec is not None
    export_chart(spec, tmp_path / "before.svg")
    drag(qtbot, view, 10, 20)
    export_chart(spec, tmp_path / "after.svg")
    assert (tmp_path / "after.svg").read_bytes() == (tmp_path / "before.svg").read_bytes()
