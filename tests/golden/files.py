"""Where the golden files lie, and how an export becomes one."""

from __future__ import annotations

from pathlib import Path

from csdesk.charts.export import export_chart
from csdesk.settings.theme import load_theme
from tests.golden.dumps import dump
from tests.golden.sources import FORMATS, NOTES, SOURCES

FOLDER = Path(__file__).parent / "files"
THEME = "light"
SLACK = {"svg": 3.0, "png": 6.0}
"""Pixels that words and sizes may move: another Qt or system measures fonts a little differently."""

CASES = [(name, kind) for name, kinds in FORMATS.items() for kind in kinds]


def golden_path(name: str, kind: str) -> Path:
    """The golden file of a figure in a format."""
    return FOLDER / f"{name}.{kind}.txt"


def exported(name: str, kind: str, folder: Path) -> str:
    """Export one figure into ``folder`` by the ordinary door and write it down."""
    theme, path = load_theme(THEME), folder / f"{name}.{kind}"
    export_chart(SOURCES[name], path, theme, notes=NOTES)
    return dump(path, theme)
