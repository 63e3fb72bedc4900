"""Make what is derived from the icons and the tokens: the style sheet's small pictures, and the program's icon files.

    QT_QPA_PLATFORM=offscreen .venv/bin/python installer/make_icons.py

Run after a change of ``resources/icons`` or of a theme's colours; the results are committed.
"""

from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from csdesk.settings.paths import resource_path
from csdesk.settings.theme import THEMES, Theme, load_theme

GLYPHS = {  # file → (icon, role)
    "chevron-down": ("chevron-down", "text2"),
    "chevron-up": ("chevron-up", "text2"),
    "chevron-left": ("chevron-left", "text2"),
    "chevron-right": ("chevron-right", "text2"),
    "check": ("check", "on_accent"),
    "check-plain": ("check", "accent_text"),
    "dash": ("minus", "on_accent"),
    "close": ("close", "text2"),
}
DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20">\n'
    '  <circle cx="10" cy="10" r="4" fill="{color}"/>\n</svg>\n'
)
APP_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)


def glyph_texts(theme: Theme) -> dict[str, str]:
    """File name → SVG text of the small pictures of one theme."""
    texts = {"dot.svg": DOT.format(color=theme.color("on_accent"))}
    for name, (icon, role) in GLYPHS.items():
        source = resource_path("icons", f"{icon}.svg").read_text(encoding="utf-8")
        texts[f"{name}.svg"] = source.replace("currentColor", theme.color(role))
    return texts


def app_png(size: int) -> bytes:
    """The program's icon as PNG."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(resource_path("icons", "csdesk.svg"))).render(painter, QRectF(0, 0, size, size))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon file of PNG pictures."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries, bodies = b"", b""
    for size, body in pictures.items():
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(body), offset + len(bodies))
        bodies += body
    return head + entries + bodies


def main() -> None:
    application = QGuiApplication([])
    for name in THEMES:
        folder = resource_path("themes", name)
        folder.mkdir(exist_ok=True)
        for file_name, text in glyph_texts(load_theme(name)).items():
            (folder / file_name).write_text(text, encoding="utf-8", newline="\n")
    app_folder: Path = resource_path("icons", "app")
    app_folder.mkdir(exist_ok=True)
    pictures = {size: app_png(size) for size in APP_SIZES}
    for size, data in pictures.items():
        (app_folder / f"csdesk-{size}.png").write_bytes(data)
    (app_folder / "csdesk.ico").write_bytes(ico({size: pictures[size] for size in ICO_SIZES}))
    application.quit()


if __name__ == "__main__":
    main()
