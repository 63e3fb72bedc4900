"""Palette, style sheet, icons and fonts on a real application."""

from __future__ import annotations

import gc
import importlib.util
import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontInfo, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QCalendarWidget, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from csdesk.settings.paths import resource_path
from csdesk.settings.theme import THEMES, load_theme
from csdesk.ui.theme import app_icon, apply_theme, current_theme, icon, pixmap, set_tone
from csdesk.ui.theme.calendar import prepare_calendar
from csdesk.ui.theme.icons import icon_names
from csdesk.ui.theme.palette import make_palette
from csdesk.ui.theme.qss import make_style_sheet

REPO = Path(__file__).resolve().parents[3]
WANTED = {
    "overview",
    "invites",
    "satisfaction",
    "response",
    "questions",
    "agents",
    "reviews",
    "customers",
    "actions",
    "reports",
    "data",
    "settings",
    "import",
    "export",
    "print",
    "copy",
    "search",
    "calendar",
    "close",
    "check",
    "warn",
    "info",
    "undo",
    "more",
    "chevron-down",
    "chevron-right",
    "drop",
    "sun",
    "moon",
    "play",
    "cancel",
    "csdesk",
}


@pytest.fixture
def plain_app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, put back as it was."""
    font, palette, style = qapp.font(), qapp.palette(), qapp.style().objectName()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)
    qapp.setStyle(style)


def painted(image: QImage) -> int:
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_is_put_on(plain_app: QApplication, qtbot: QtBot, name: str) -> None:
    theme = apply_theme(plain_app, name, extra="QLabel#x { color: red; }")
    assert current_theme() is theme
    assert plain_app.palette().color(QPalette.ColorRole.Window).name().upper() == theme.color("background")
    assert plain_app.styleSheet().endswith("QLabel#x { color: red; }")
    button = QPushButton("导入")
    button.setProperty("kind", "primary")
    qtbot.addWidget(button)
    button.resize(100, 32)
    image = button.grab().toImage()
    assert image.pixelColor(8, 16).name().upper() == theme.color("accent")


def test_a_tone_changes_the_colour(plain_app: QApplication, qtbot: QtBot) -> None:
    theme = apply_theme(plain_app, load_theme("light"))
    chip = QLabel("+3.1 pp")
    chip.setProperty("chip", True)
    qtbot.addWidget(chip)
    chip.resize(80, 22)
    for tone in ("good", "bad", "warn"):
        set_tone(chip, tone)
        assert chip.grab().toImage().pixelColor(40, 3).name().upper() == theme.color(f"{tone}_tint")
    with pytest.raises(ValueError, match="tone"):
        set_tone(chip, "pink")


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_names_pictures_that_are_there(name: str) -> None:
    text = make_style_sheet(load_theme(name))
    pictures = re.findall(r'url\("([^"]+)"\)', text)
    assert len(pictures) > 8
    assert [picture for picture in pictures if not Path(picture).is_file()] == []
    assert "$" not in text


def test_greyed_words_are_greyer() -> None:
    palette = make_palette(load_theme("light"))
    group = QPalette.ColorGroup.Disabled
    assert palette.color(group, QPalette.ColorRole.Text) != palette.color(QPalette.ColorRole.Text)


def test_all_icons_are_there_and_draw(qapp: QApplication) -> None:
    assert icon_names() >= WANTED
    theme = load_theme("light")
    for name in sorted(icon_names()):
        picture = pixmap(name, "text2", theme, 20, 2.0)
        assert picture.size() == QSize(40, 40)
        assert painted(picture.toImage()) > 30, name


def test_icons_are_line_icons_of_one_grid() -> None:
    for name in icon_names() - {"csdesk"}:
        text = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
        assert 'viewBox="0 0 20 20"' in text, name
        assert 'stroke="currentColor" stroke-width="1.6"' in text, name


def test_an_icon_has_its_colour_and_outlives_its_engine(qapp: QApplication) -> None:
    theme = load_theme("light")
    made = icon("check", "good", theme)
    copies = [QIcon(made) for _ in range(20)]
    gc.collect()
    image = copies[-1].pixmap(QSize(20, 20), 2.0).toImage()
    assert (image.width(), image.height()) == (40, 40)
    found = {
        image.pixelColor(x, y).name().upper()
        for x in range(40)
        for y in range(40)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert theme.color("good") in found
    grey = made.pixmap(QSize(20, 20), 1.0, QIcon.Mode.Disabled).toImage()
    assert theme.color("good") not in {grey.pixelColor(x, y).name().upper() for x in range(20) for y in range(20)}
    with pytest.raises(KeyError):
        icon("nothing", "text2", theme)
    assert not app_icon().isNull()


def make_icons() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_icons", REPO / "installer" / "make_icons.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", THEMES)
def test_derived_pictures_are_up_to_date(name: str) -> None:
    for file_name, text in make_icons().glyph_texts(load_theme(name)).items():
        assert resource_path("themes", name, file_name).read_text(encoding="utf-8") == text


def test_the_icon_file_holds_all_sizes() -> None:
    data = resource_path("icons", "app", "csdesk.ico").read_bytes()
    reserved, kind, count = struct.unpack_from("<HHH", data)
    sides = [data[6 + 16 * index] or 256 for index in range(count)]
    assert (reserved, kind, sides) == (0, 1, [16, 24, 32, 48, 64, 128, 256])


def test_a_calendar_speaks_chinese(qtbot: QtBot) -> None:
    calendar = QCalendarWidget()
    qtbot.addWidget(calendar)
    prepare_calendar(calendar, load_theme("dark"))
    assert calendar.locale().dayName(1).startswith("星期")
    assert calendar.verticalHeaderFormat() is QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader


PROBE = """
import sys
from PySide6.QtGui import QFontInfo, QFontMetricsF, QGuiApplication, QFont, QRawFont
application = QGuiApplication([])
before = QFontInfo(QFont("Noto Sans CJK SC")).family()
from csdesk.ui.theme.fonts import ensure_fonts
font = ensure_fonts()
raw = QRawFont.fromFont(font)
bold = QFont(font); bold.setBold(True)
heavy = QRawFont.fromFont(bold)
text = "店铺满意率邀评客服抖音喆堃"
missing = [c for c in text if not raw.supportsCharacter(ord(c)) or not heavy.supportsCharacter(ord(c))]
digits = {QFontMetricsF(font).horizontalAdvance(d) for d in "0123456789"}
print(before, font.family(), missing, len(digits), heavy.weight() > raw.weight(), sep="|")
"""


def probe(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=REPO,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1", **environment},
    )
    return done.stdout.strip().split("|")


@pytest.mark.skipif(sys.platform != "linux", reason="only fontconfig can be told that there are no fonts")
def test_without_a_chinese_font_the_shipped_one_writes(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    (tmp_path / "fonts").mkdir()
    config.write_text(f"<fontconfig><dir>{tmp_path}/fonts</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    before, family, missing, widths, heavier = probe(FONTCONFIG_FILE=str(config))
    assert before != "Noto Sans CJK SC"
    assert (family, missing, widths, heavier) == ("CSDesk Sans SC", "[]", "1", "True")


def test_the_shipped_font_can_be_forced() -> None:
    assert probe(CSDESK_BUNDLED_FONT="1")[1:4] == ["CSDesk Sans SC", "[]", "1"]


def test_the_program_has_a_chinese_font(plain_app: QApplication) -> None:
    apply_theme(plain_app, "light")
    assert QFontInfo(plain_app.font()).family() == plain_app.font().family()
    assert plain_app.font().pixelSize() == 13
    assert plain_app.font().isFeatureSet(QFont.Tag("tnum"))


def test_the_fonts_come_with_their_licence() -> None:
    licence = resource_path("fonts", "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence
    for path in resource_path("fonts").glob("*.otf"):
        assert path.stat().st_size < 7_000_000
