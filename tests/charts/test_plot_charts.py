"""What is painted: something, inside its rectangle, in the colours of the roles."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from csdesk.charts.plot.canvas import Canvas, mix, painting
from csdesk.charts.plot.paint import is_empty, minimum_height, paint_chart, preferred_height
from csdesk.charts.plot.scene import Drawn
from csdesk.charts.spec import ChartSpec, Point, Series
from csdesk.settings.theme import Theme, load_theme
from tests.charts import samples

MARGIN = 20
pytestmark = pytest.mark.usefixtures("qapp")


def paint(spec: ChartSpec, width: int, height: int, theme: Theme | None = None) -> tuple[QImage, Drawn]:
    """The chart on its ground with a margin around, which must stay clean."""
    theme = theme or load_theme("light")
    image = QImage(width + 2 * MARGIN, height + 2 * MARGIN, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.color("surface")))
    with painting(image) as painter:
        drawn = paint_chart(painter, QRectF(MARGIN, MARGIN, width, height), spec, theme)
    return image, drawn


def pixels(image: QImage) -> np.ndarray:
    """Height × width array of 0xRRGGBB."""
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()] & 0xFFFFFF


def colors(image: QImage) -> set[str]:
    return {f"#{value:06x}" for value in np.unique(pixels(image))}


def stained(image: QImage, ground: str) -> list[str]:
    """Sides of the margin that something was painted on."""
    other, edge = pixels(image) != int(ground[1:], 16), MARGIN - 2
    sides = {"left": other[:, :edge], "right": other[:, -edge:], "top": other[:edge], "bottom": other[-edge:]}
    return [side for side, part in sides.items() if part.any()]


@pytest.mark.parametrize("name", samples.EVERY)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_paints_inside_its_rectangle(name: str, theme: str) -> None:
    spec = samples.EVERY[name]
    look = load_theme(theme)
    image, _ = paint(spec, 420, preferred_height(spec), look)
    assert len(colors(image)) > 3
    assert stained(image, look.color("surface")) == []


@pytest.mark.parametrize("name", samples.EVERY)
@pytest.mark.parametrize("size", [(60, 40), (180, 120), (1600, 900)])
def test_every_chart_survives_any_size(name: str, size: tuple[int, int]) -> None:
    image, _ = paint(samples.EVERY[name], *size)
    assert len(colors(image)) > 1


def test_lines_and_bars_have_the_colours_of_their_roles() -> None:
    light = load_theme("light")
    found = colors(paint(samples.trend(), 600, 240)[0])
    assert {light.color(role).lower() for role in ("series1", "series3", "event_band")} <= found
    bar = mix(QColor(light.color("surface")), QColor(light.color("series1")), 0.9).name()
    found = colors(paint(samples.bars(), 420, 140)[0])
    assert {bar, light.color("muted").lower()} <= found


def test_a_gap_breaks_the_line() -> None:
    blue = load_theme("light").color("series1").lower()
    image, drawn = paint(samples.trend(30, gaps=(10, 11, 12)), 600, 240)
    strip = drawn.hits[11].rect
    inside = {image.pixelColor(round(strip.center().x()), y).name() for y in range(MARGIN + 30, 200)}
    assert blue not in inside
    assert drawn.hits[11].rows[0].value == "没有数据"


def test_places_answer_with_numbers() -> None:
    _, drawn = paint(samples.trend(), 600, 240)
    assert len(drawn.hits) == 30
    event = drawn.hits[19]
    assert event.title == "2026-11-11 周三"
    assert event.note == "双11"
    assert [row.name for row in event.rows] == ["邀评率", "评价率"]
    assert event.rows[0].value == "64.0%"
    assert event.rows[0].detail == "60.0% – 68.0%  n=300"
    assert drawn.at(event.rect.center()) == 19
    assert "邀评率 64.0%" in event.spoken()


def test_long_names_are_whole_in_the_tip() -> None:
    _, drawn = paint(samples.EVERY["long names"], 300, 120)
    assert drawn.hits[0].title == samples.LONG


def test_bars_without_room_are_counted_not_squeezed() -> None:
    spec = samples.EVERY["forty bars"]
    _, drawn = paint(spec, 420, 300)
    assert 5 < len(drawn.hits) < 40
    assert drawn.left_out == 40 - len(drawn.hits)
    _, whole = paint(spec, 420, preferred_height(spec))
    assert (len(whole.hits), whole.left_out) == (40, 0)


def test_bars_are_as_long_as_their_values() -> None:
    light = load_theme("light")
    fill = mix(QColor(light.color("surface")), QColor(light.color("series1")), 0.9).name()
    image, drawn = paint(samples.bars(("甲", "乙", "丙")), 420, 100)
    lengths = []
    for hit in drawn.hits[:2]:
        y = round(hit.rect.center().y()) - 4
        lengths.append(sum(image.pixelColor(x, y).name() == fill for x in range(image.width())))
    assert lengths[1] / lengths[0] == pytest.approx(0.307 / 0.312, abs=0.02)


def test_heights_grow_with_the_bars() -> None:
    assert preferred_height(samples.EVERY["forty bars"]) > 1000
    assert preferred_height(samples.bars()) < 200
    assert minimum_height(samples.EVERY["forty bars"]) == 150


def test_emptiness() -> None:
    assert is_empty(samples.nothing())
    assert is_empty(samples.all_gaps())
    assert not is_empty(samples.bars())


@pytest.mark.parametrize("height", [250, 300, 340])
def test_few_bars_fill_the_height_that_more_of_them_made(height: int) -> None:
    points = tuple(Point(0.1 * (8 - at), n=100) for at in range(8))
    series = Series("a", "率", "series1", points)
    spec = ChartSpec("x", "评价率", "bars", categories=tuple("甲乙丙丁戊己庚辛"), series=(series,))
    _image, drawn = paint(spec, 500, height)
    last = max(hit.rect.bottom() for hit in drawn.hits)
    assert last == pytest.approx(MARGIN + height - 24, abs=2)


def test_long_names_keep_what_they_differ_in() -> None:
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    with painting(image) as painter:
        canvas = Canvas(painter, load_theme("light"))
        names = {canvas.elided(f"云间小铺官方旗舰店售前接待组资深客服{number}号", 150) for number in range(10)}
    assert len(names) == 10


def test_no_line_of_a_paragraph_begins_with_punctuation(qapp: QApplication) -> None:
    text = "分天的接待数据有 6 天可用（2026-11-16 至 2026-11-21，大促、节假日和缺数的日子不算），至少要连续 77 天左右。"
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    with painting(image) as painter:
        canvas = Canvas(painter, load_theme("light"))
        for room in range(130, 420):  # wider than the longest date
            layout, height = canvas._wrapped(text, float(room), 13)
            lines = [layout.lineAt(at) for at in range(layout.lineCount())]
            starts = {text[line.textStart()] for line in lines}
            assert not starts & set("，、。）；"), room
            assert all(line.naturalTextWidth() <= room + 0.5 for line in lines)
            assert canvas.paragraph(QRectF(0, 0, room, 300), text, size=13) == height
