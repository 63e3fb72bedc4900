"""Put a theme on the application, and on single widgets by property."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from csdesk.settings.theme import TONES, Theme, load_theme
from csdesk.ui.theme.fonts import ensure_fonts
from csdesk.ui.theme.icons import icon
from csdesk.ui.theme.palette import make_palette
from csdesk.ui.theme.qss import make_style_sheet

_PROPERTY = "csdesk_theme"


def apply_theme(app: QApplication, theme: Theme | str = "light", *, extra: str = "") -> Theme:
    """Fusion, palette, fonts and style sheet, ``extra`` rules after the common ones; returns the theme put on.

    ``theme`` may be named: ``light``, ``dark``, or ``system`` (as the desktop has it).
    """
    if isinstance(theme, str):
        theme = load_theme(_system_theme() if theme == "system" else theme)
    if app.property(_PROPERTY) is None:  # once: every widget is polished anew by it
        app.setStyle("Fusion")
    ensure_fonts()
    app.setPalette(make_palette(theme))
    app.setStyleSheet(make_style_sheet(theme) + extra)
    app.setProperty(_PROPERTY, theme.name)
    return theme


def themed_icon(name: str, theme: Theme, role: str = "text2") -> QIcon:
    """The line icon ``name`` in the colour of ``role``."""
    return icon(name, role, theme)


def _system_theme() -> str:
    return "dark" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"


def current_theme() -> Theme:
    """The theme on the application, light before any was put on."""
    app = QApplication.instance()
    name = app.property(_PROPERTY) if app is not None else None
    return load_theme(str(name)) if name else load_theme("light")


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Change a style property and have the style sheet look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_tone(widget: QWidget, tone: str) -> None:
    """Colour of a chip or word: good, bad, warn, neutral."""
    if tone not in TONES and tone != "accent":
        raise ValueError(f"no tone named {tone!r}")
    set_property(widget, "tone", tone)
