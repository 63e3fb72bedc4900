"""Every file of resources/ is readable as what it claims to be."""

from __future__ import annotations

import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from csdesk.settings.paths import resource_path

RESOURCES = resource_path()


def files(suffix: str) -> list[Path]:
    return sorted(RESOURCES.rglob(f"*{suffix}"))


def name_of(path: Path) -> str:
    return path.relative_to(RESOURCES).as_posix()


@pytest.mark.parametrize("path", files(".toml"), ids=name_of)
def test_toml_loads(path: Path) -> None:
    assert tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", files(".svg"), ids=name_of)
def test_icons_are_svg(path: Path) -> None:
    assert ET.parse(path).getroot().tag.endswith("svg")


@pytest.mark.parametrize("path", files(".otf") + files(".ttf"), ids=name_of)
def test_fonts_are_fonts(path: Path) -> None:
    assert path.read_bytes()[:4] in {b"OTTO", b"\x00\x01\x00\x00"}


def test_the_usual_places_are_filled() -> None:
    for folder in ("layouts", "themes", "fonts", "icons", "demo", "events"):
        assert any(RESOURCES.joinpath(folder).iterdir()), folder
