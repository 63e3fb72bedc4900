"""The colours can be read and told apart, also by those who see colours differently. No Qt."""

from __future__ import annotations

from itertools import combinations
from string import Template

import pytest

from csdesk.settings.paths import resource_path
from csdesk.settings.theme import SERIES, THEMES, Theme, load_theme

TEXTS = [
    ("text", "background"),
    ("text", "surface"),
    ("text", "raised"),
    ("text", "hover"),
    ("text", "accent_tint"),
    ("text2", "background"),
    ("text2", "surface"),
    ("text2", "hover"),
    ("text2", "event_band"),
    ("text2", "provisional_band"),
    ("text3", "surface"),
    ("text3", "background"),
    ("text3", "hover"),
    ("accent_text", "surface"),
    ("accent_text", "accent_tint"),
    ("accent_text", "background"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("muted_text", "surface"),
    *((tone, "surface") for tone in ("good", "bad", "warn", "neutral")),
    *((tone, f"{tone}_tint") for tone in ("good", "bad", "warn", "neutral")),
    *((f"{series}_text", "surface") for series in SERIES),
]
MARKS = [*SERIES, "target", "whisker", "level1", "level5"]
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISION = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def linear(color: str) -> tuple[float, float, float]:
    """sRGB ``#RRGGBB`` as linear light (IEC 61966-2-1)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def lab(light: tuple[float, float, float]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of linear RGB."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in light)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(color: str, vision: str) -> tuple[float, float, float]:
    light = linear(color)
    red, green, blue = (sum(weight * part for weight, part in zip(row, light, strict=True)) for row in VISION[vision])
    return lab((red, green, blue))


def distance(first: str, second: str, vision: str) -> float:
    """CIE 1976 colour difference as seen."""
    pairs = zip(seen(first, vision), seen(second, vision), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(request.param)


@pytest.mark.parametrize(("words", "ground"), TEXTS)
def test_words_can_be_read(theme: Theme, words: str, ground: str) -> None:
    assert contrast(theme.color(words), theme.color(ground)) >= 4.5


@pytest.mark.parametrize("mark", MARKS)
def test_marks_stand_out(theme: Theme, mark: str) -> None:
    assert contrast(theme.color(mark), theme.color("surface")) >= 2.3


@pytest.mark.parametrize("vision", VISION)
def test_series_can_be_told_apart(theme: Theme, vision: str) -> None:
    near = {(a, b): round(distance(theme.color(a), theme.color(b), vision), 1) for a, b in combinations(SERIES, 2)}
    assert {pair: far for pair, far in near.items() if far < 12} == {}


@pytest.mark.parametrize("vision", VISION)
def test_good_and_bad_levels_can_be_told_apart(theme: Theme, vision: str) -> None:
    assert distance(theme.color("level1"), theme.color("level5"), vision) >= 15


def test_both_themes_have_the_same_tokens() -> None:
    light, dark = (load_theme(name) for name in THEMES)
    assert set(light.colors) == set(dark.colors)
    assert set(light.sizes) == set(dark.sizes)
    assert (light.dark, dark.dark) == (False, True)


def test_colours_are_colours(theme: Theme) -> None:
    for value in theme.colors.values():
        assert value.startswith("#")
        assert len(value) in {7, 9}
        int(value[1:], 16)


def test_an_unknown_name_is_refused(theme: Theme) -> None:
    with pytest.raises(ValueError, match="no theme"):
        load_theme("pink")
    with pytest.raises(KeyError):
        theme.color("pink")
    assert theme.text_color("series1") == theme.color("series1_text")
    assert theme.text_color("good") == theme.color("good")


def test_the_style_sheet_uses_every_colour_it_names(theme: Theme) -> None:
    text = resource_path("themes", "app.qss").read_text(encoding="utf-8")
    names = {name for _, named, braced, _ in Template.pattern.findall(text) for name in (named, braced) if name}
    assert names <= {*theme.colors, *theme.sizes, "glyphs"}
    assert "#" not in text.replace("#qt_calendar", "")  # colours come from the tokens alone
