"""The chart widget: tips by mouse and keyboard, words for screen readers, colours on demand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from csdesk.charts.plot.canvas import painting
from csdesk.charts.plot.paint import paint_chart
from csdesk.charts.plot.sparkline import Sparkline
from csdesk.charts.plot.view import ChartView
from csdesk.settings.theme import load_theme
from tests.charts import samples


def shown(qtbot: QtBot, width: int = 500, height: int = 240) -> ChartView:
    view = ChartView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.set_spec(samples.trend())
    return view


def test_it_says_what_it_is(qtbot: QtBot) -> None:
    view = shown(qtbot)
    assert view.accessibleName() == "邀评率与评价率"
    assert "邀评率、评价率" in view.accessibleDescription()
    assert "10-23 到 11-21" in view.accessibleDescription()
    assert view.focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_the_keyboard_walks_through_the_days(qtbot: QtBot) -> None:
    view = shown(qtbot)
    plain = view.grab().toImage()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert "2026-10-24 周六" in view.accessibleDescription()
    assert view.grab().toImage() != plain
    with qtbot.waitSignal(view.picked) as caught:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [1, ""]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.grab().toImage() == plain
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert "2026-11-21" in view.accessibleDescription()


def test_a_click_picks_the_bar(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.set_spec(samples.bars())
    place = view.hit_center(2).toPoint()
    with qtbot.waitSignal(view.picked) as caught:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [2, "review_rate"]
    with qtbot.assertNotEmitted(view.picked):
        qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=place)


def test_pointing_shows_a_tip_inside_the_widget(qtbot: QtBot) -> None:
    view = shown(qtbot)
    before = view.grab().toImage()
    qtbot.mouseMove(view, view.hit_center(29).toPoint())
    view.point_at(29)
    after = view.grab().toImage()
    changed = [
        QPoint(x, y)
        for x in range(0, after.width(), 3)
        for y in range(0, after.height(), 3)
        if after.pixel(x, y) != before.pixel(x, y)
    ]
    assert len(changed) > 500
    view.point_at(None)
    assert view.grab().toImage() == before


def test_another_theme_another_colour(qtbot: QtBot) -> None:
    view = shown(qtbot)
    dark = load_theme("dark")
    light = view.grab().toImage()
    view.set_theme(dark)
    image = view.grab().toImage()
    assert image != light
    found = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert QColor(dark.color("series3")).name() in found


def test_empty_and_wide_heights(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.set_spec(samples.EVERY["forty bars"])
    assert view.sizeHint().height() == view.preferred_height() > 1000
    view.set_spec(samples.nothing())
    assert view.hits() == []
    assert view.accessibleDescription() == samples.nothing().empty


def test_sparkline_draws_gaps_and_nothing(qtbot: QtBot) -> None:
    line = Sparkline()
    qtbot.addWidget(line)
    line.resize(90, 30)
    blank = line.grab().toImage()
    line.set_values([1.0, 2.0, None, 3.0, 3.0])
    drawn = line.grab().toImage()
    assert drawn != blank
    line.set_values([None, None])
    assert line.grab().toImage() == blank
    line.set_values([4.0])
    assert line.grab().toImage() != blank


def test_a_picture_of_the_window_at_double_size_is_sharp(qtbot: QtBot) -> None:
    view = shown(qtbot)
    light = load_theme("light")

    def picture(paint: Callable[[QPainter], object]) -> np.ndarray:
        image = QImage(view.size() * 2, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2.0)
        image.fill(view.palette().window().color())
        with painting(image) as painter:
            paint(painter)
        return np.array(image.constBits(), np.int16)

    seen = picture(lambda painter: view.render(painter, QPoint(0, 0)))
    direct = picture(lambda painter: paint_chart(painter, QRectF(view.rect()), samples.trend(), light))
    softened = picture(lambda painter: painter.drawPixmap(0, 0, view.grab()))
    assert np.abs(seen - direct).mean() < 0.2 * np.abs(softened - direct).mean()
