"""The window's own part of the style sheet: names and properties of its widgets → roles of the theme."""

from __future__ import annotations

from functools import cache
from string import Template

from csdesk.settings.paths import resource_path
from csdesk.settings.theme import Theme


@cache
def _template() -> Template:
    return Template(resource_path("themes", "window.qss").read_text(encoding="utf-8"))


def style_sheet(theme: Theme) -> str:
    """The sheet with every role of ``theme`` put in. Raises KeyError for a role the theme lacks."""
    return _template().substitute({**theme.colors, **{name: str(size) for name, size in theme.sizes.items()}})
