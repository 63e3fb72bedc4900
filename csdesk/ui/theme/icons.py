"""Line icons in the colour of a role, crisp at any scale."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from csdesk.settings.paths import resource_path
from csdesk.settings.theme import Theme

APP_ICON = "csdesk"


@cache
def icon_names() -> frozenset[str]:
    """The icons there are."""
    return frozenset(path.stem for path in resource_path("icons").glob("*.svg"))


@cache
def _source(name: str) -> str:
    path = resource_path("icons", f"{name}.svg")
    if not path.is_file():
        raise KeyError(f"no icon named {name!r}")
    return path.read_text(encoding="utf-8")


@cache
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))


class _LineEngine(QIconEngine):
    """Draws one SVG from its strokes whenever Qt asks, so no size is ever scaled."""

    def __init__(self, name: str, color: str, disabled: str) -> None:
        super().__init__()
        self._name, self._color, self._disabled = name, color, disabled

    def clone(self) -> QIconEngine:
        return _LineEngine(self._name, self._color, self._disabled)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        color = self._disabled if mode == QIcon.Mode.Disabled else self._color
        side = min(rect.width(), rect.height())
        place = QRectF(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side)
        _renderer(self._name, color).render(painter, place)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


def icon(name: str, role: str, theme: Theme) -> QIcon:
    """The icon ``name`` in the colour of ``role``, greyer when disabled. Raises ``KeyError`` for an unknown name."""
    _source(name)
    return QIcon(_LineEngine(name, theme.color(role), theme.color("disabled")))


def pixmap(name: str, role: str, theme: Theme, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` logical pixels for a screen of ``ratio``."""
    side = max(1, round(size * ratio))
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _renderer(name, theme.color(role)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def app_icon() -> QIcon:
    """The program's own icon, in colours."""
    return QIcon(_LineEngine(APP_ICON, "#3566E8", "#3566E8"))
