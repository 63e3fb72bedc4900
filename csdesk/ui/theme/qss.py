"""The style sheet: one template, filled with the tokens of a theme."""

from __future__ import annotations

from functools import cache
from string import Template

from csdesk.settings.paths import resource_path
from csdesk.settings.theme import Theme


@cache
def _template() -> Template:
    return Template(resource_path("themes", "app.qss").read_text(encoding="utf-8"))


def make_style_sheet(theme: Theme) -> str:
    """The whole style sheet. Raises ``KeyError`` when the template names a token the theme does not have."""
    values: dict[str, object] = {**theme.colors, **theme.sizes}
    values["glyphs"] = resource_path("themes", theme.name).as_posix()
    return _template().substitute(values)
