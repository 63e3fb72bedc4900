"""Which font writes the program's Chinese: the system's best, else the one that is shipped."""

from __future__ import annotations

import os

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from csdesk.settings.paths import resource_path

PREFERRED = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
)
BUNDLED = "CSDesk Sans SC"
FORCE_VARIABLE = "CSDESK_BUNDLED_FONT"
BASE_SIZE = 13


def chinese_family(*, force_bundled: bool = False) -> str:
    """The family to write with; loads the shipped fonts when the system has none of the preferred ones.

    ``force_bundled``, or the environment variable ``CSDESK_BUNDLED_FONT``, takes the shipped one in any case.
    Needs a ``QGuiApplication``. Returns "" only where the shipped files are missing too.
    """
    installed = set(QFontDatabase.families())
    if not (force_bundled or os.environ.get(FORCE_VARIABLE)):
        for family in PREFERRED:
            if family in installed:
                return family
    if BUNDLED not in installed:
        for path in sorted(resource_path("fonts").glob("*.otf")):
            QFontDatabase.addApplicationFont(str(path))
    return BUNDLED if BUNDLED in QFontDatabase.families() else ""


def base_font(*, force_bundled: bool = False) -> QFont:
    """The text font of the program, figures of equal width."""
    font = QFont(QGuiApplication.font())
    family = chinese_family(force_bundled=force_bundled)
    if family:
        font.setFamilies([family])
    font.setPixelSize(BASE_SIZE)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font


def ensure_fonts(*, force_bundled: bool = False) -> QFont:
    """Make ``base_font`` the application's font, once; later calls change nothing unless forced."""
    current = QGuiApplication.font()
    if not force_bundled and current.families()[:1] and current.families()[0] in {*PREFERRED, BUNDLED}:
        return current
    font = base_font(force_bundled=force_bundled)
    QGuiApplication.setFont(font)
    return font
