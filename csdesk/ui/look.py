"""The look in force: theme, fonts, icons. Widgets that paint themselves ask it and follow ``changed``."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from csdesk.settings.theme import Theme, load_theme
from csdesk.ui.style import style_sheet
from csdesk.ui.theme.apply import apply_theme, themed_icon

CHOICES = ("system", "light", "dark")


class Look(QObject):
    """Holds the chosen theme and tells everybody when it changes.

    ``choice`` is "system", "light" or "dark"; with "system" it follows the desktop while running.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__()
        self._app = app
        self.choice = choice if choice in CHOICES else "system"
        self.theme: Theme = load_theme(self._resolved())
        self._apply()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def choose(self, choice: str) -> None:
        """Change the theme now."""
        self.choice = choice
        wanted = load_theme(self._resolved())
        if wanted is not self.theme:
            self.theme = wanted
            self._apply()
            self.changed.emit()

    def toggle(self) -> str:
        """From light to dark or back; returns the new choice."""
        self.choose("light" if self.theme.dark else "dark")
        return self.choice

    def color(self, role: str) -> QColor:
        """Colour of a role."""
        return QColor(self.theme.color(role))

    def icon(self, name: str, role: str = "text2") -> QIcon:
        """A line icon in the colour of ``role``."""
        return themed_icon(name, self.theme, role)

    def font(self, size: str = "base", *, bold: bool = False) -> QFont:
        """The interface font in a token's size, with tabular figures."""
        font = QFont(self._app.font())
        font.setPixelSize(self.theme.size(size))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        return font

    def _resolved(self) -> str:
        if self.choice != "system":
            return self.choice
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _follow_system(self) -> None:
        if self.choice == "system":
            self.choose("system")

    def _apply(self) -> None:
        apply_theme(self._app, self.theme, extra=style_sheet(self.theme))


def restyle(widget: QWidget) -> None:
    """Make a changed dynamic property count in the style sheet."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
