"""The look of the window: tokens → palette, style sheet, fonts, icons.

``apply_theme(app, "light")`` once at the start and at every change; ``set_tone(label, "good")`` for chips and words
that change their colour. Style hooks are dynamic properties, listed in ``resources/themes/app.qss``.
"""

from csdesk.settings.theme import Theme, load_theme
from csdesk.ui.theme.apply import apply_theme, current_theme, set_property, set_tone, themed_icon
from csdesk.ui.theme.fonts import ensure_fonts
from csdesk.ui.theme.icons import app_icon, icon, pixmap

__all__ = [
    "Theme",
    "app_icon",
    "apply_theme",
    "current_theme",
    "ensure_fonts",
    "icon",
    "load_theme",
    "pixmap",
    "set_property",
    "set_tone",
    "themed_icon",
]
