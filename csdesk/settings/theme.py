"""The look as data: roles → colours and sizes, read from ``resources/themes/*.toml``. Plain Python, no Qt.

The window's palette and style sheet, the charts, the exported pictures and the reports all take their colours here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from csdesk.settings.paths import resource_path

THEMES = ("light", "dark")
TONES = ("good", "bad", "warn", "neutral")
SERIES = ("series1", "series2", "series3", "series4", "series5")


@dataclass(frozen=True, slots=True)
class Theme:
    """One look. ``colors`` are ``#RRGGBB`` or ``#AARRGGBB``; ``sizes`` are logical pixels."""

    name: str
    title: str
    dark: bool
    colors: Mapping[str, str]
    sizes: Mapping[str, int]

    def color(self, role: str) -> str:
        """The colour of a role. Raises ``KeyError`` for a role no theme knows."""
        return self.colors[role]

    def text_color(self, role: str) -> str:
        """The colour of words that belong to a mark drawn in ``role``: readable on the page where the mark's is not."""
        return self.colors.get(f"{role}_text", self.colors[role])

    def size(self, name: str) -> int:
        """A length or text size in logical pixels."""
        return self.sizes[name]


@cache
def load_theme(name: str = "light") -> Theme:
    """The theme called ``light`` or ``dark``."""
    if name not in THEMES:
        raise ValueError(f"no theme named {name!r}")
    return read_theme(resource_path("themes", f"{name}.toml"))


def read_theme(path: Path) -> Theme:
    """A theme from its file."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    colors = {str(role): str(value) for role, value in raw["colors"].items()}
    sizes = {str(name): int(value) for name, value in raw["sizes"].items()}
    return Theme(raw["name"], raw["title"], bool(raw["dark"]), MappingProxyType(colors), MappingProxyType(sizes))
