"""A chart as a finished figure: PNG, SVG, PDF, printer and clipboard, with title, subtitle, footnote and margins.

The same painting code as the window, so what is saved is what was seen. Needs a ``QGuiApplication``, offscreen is fine;
CSV and XLSX are written by ``csdesk.charts.tables``, which needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QMimeData, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtSvg import QSvgGenerator

from csdesk.charts.plot.canvas import LEFT, Canvas, painting
from csdesk.charts.plot.fonts import PREFERRED, chinese_family, ensure_fonts
from csdesk.charts.plot.paint import draw_chart, preferred_height
from csdesk.charts.saving import save_file
from csdesk.charts.spec import ChartSpec
from csdesk.charts.tables import TABLE_SUFFIXES, clipboard_text, export_table
from csdesk.errors import UserFault
from csdesk.settings.theme import Theme, load_theme

PICTURE_SUFFIXES = (".png", ".svg", ".pdf")
PAD = 28.0
_TITLE, _SUBTITLE, _FOOT = 18.0, 13.0, 11.5
_WIDE = {"trend": 960, "heatmap": 960, "bars": 760, "grouped_bars": 760, "levels": 680, "funnel": 680}
_DPI = 1200
_LOGICAL_DPI = 96.0


def export_chart(spec: ChartSpec, path: Path, theme: Theme | None = None, *, notes: Sequence[str] = ()) -> None:
    """Save ``spec`` by the suffix of ``path``: .png .svg .pdf .csv .xlsx.

    ``notes`` are lines of definitions: under the figure's footnote on paper, on the sheet 说明 in a workbook.
    Raises ``UserFault`` for another suffix and where the file cannot be written.
    """
    theme = theme or load_theme()
    match path.suffix.lower():
        case ".png":
            save_file(path, png_bytes(spec, theme, notes=notes))
        case ".svg":
            save_file(path, svg_bytes(spec, theme, notes=notes))
        case ".pdf":
            save_file(path, pdf_bytes(spec, theme, notes=notes))
        case suffix if suffix in TABLE_SUFFIXES:
            export_table(spec, path, notes=notes)
        case other:
            known = " ".join((*PICTURE_SUFFIXES, *TABLE_SUFFIXES))
            raise UserFault(f"不认识的格式「{other or path.name}」。", f"请用这些结尾之一:{known}。")


# -- the figure -------------------------------------------------------------------------------------------------------


def figure_size(spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = (), width: int | None = None) -> QSize:
    """Size in logical pixels at which the whole figure fits without squeezing."""
    wide = width or _WIDE[spec.kind]
    scratch = QImage(1, 1, QImage.Format.Format_ARGB32)
    with painting(scratch) as painter:
        head, foot = _head_height(spec), _foot_height(Canvas(painter, theme), spec, notes, wide - 2 * PAD)
    chart = max(preferred_height(spec), 300 if spec.kind == "trend" else 0)
    return QSize(wide, round(2 * PAD + head + chart + foot))


def paint_figure(painter: QPainter, rect: QRectF, spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = ()) -> None:
    """Paint title, subtitle, chart, footnote and notes into ``rect``, margins included."""
    _draw_figure(Canvas(painter, theme), rect, spec, notes)


def _draw_figure(canvas: Canvas, rect: QRectF, spec: ChartSpec, notes: Sequence[str], pad: float = PAD) -> None:
    canvas.box(rect, "surface")
    inner = rect.adjusted(pad, pad, -pad, -pad)
    canvas.text(QRectF(inner.left(), inner.top() - 2, inner.width(), 26), spec.title, "text", _TITLE, bold=True)
    canvas.text(QRectF(inner.left(), inner.top() + 26, inner.width(), 20), spec.subtitle, "text2", _SUBTITLE)
    foot = _foot_height(canvas, spec, notes, inner.width())
    draw_chart(canvas, inner.adjusted(0, _head_height(spec), 0, -foot), spec)
    y = inner.bottom() - foot + 14
    for line in _foot_lines(spec, notes):
        room = QRectF(inner.left(), y, inner.width(), inner.bottom() - y + 4)
        y += canvas.paragraph(room, line, "text3", _FOOT) + 2


def _head_height(spec: ChartSpec) -> float:
    return 60.0 if spec.subtitle else 40.0


def _foot_lines(spec: ChartSpec, notes: Sequence[str]) -> list[str]:
    return [line for line in (spec.footnote, *notes) if line]


def _foot_height(canvas: Canvas, spec: ChartSpec, notes: Sequence[str], room: float) -> float:
    lines = _foot_lines(spec, notes)
    return 14 + sum(canvas.paragraph_height(line, room, _FOOT) + 2 for line in lines) if lines else 0.0


# -- pictures ---------------------------------------------------------------------------------------------------------


def render(
    spec: ChartSpec, theme: Theme | None = None, size: QSize | None = None, dpr: float = 2.0, *,
    notes: Sequence[str] = (),
) -> QImage:
    """The finished figure as a picture of ``size`` logical pixels (its own choice by default) at ``dpr``."""
    theme = theme or load_theme()
    ensure_fonts()
    size = size or figure_size(spec, theme, notes=notes)
    image = QImage(round(size.width() * dpr), round(size.height() * dpr), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    image.setDotsPerMeterX(round(_LOGICAL_DPI * dpr / 0.0254))
    image.setDotsPerMeterY(round(_LOGICAL_DPI * dpr / 0.0254))
    image.fill(QColor(theme.color("surface")))
    with painting(image) as painter:
        paint_figure(painter, QRectF(0, 0, size.width(), size.height()), spec, theme, notes=notes)
    return image


def png_bytes(spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = (), dpr: float = 2.0) -> bytes:
    """The figure as PNG."""
    return _encoded(render(spec, theme, dpr=dpr, notes=notes))


def _encoded(image: QImage) -> bytes:
    buffer, data = _buffer()
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise UserFault("图片没有生成成功。", "请把窗口调小一点再试。")
    buffer.close()
    return bytes(data.data())


def _buffer() -> tuple[QBuffer, QByteArray]:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer, data


def svg_bytes(spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = ()) -> bytes:
    """The figure as SVG 1.1, words as words, with fonts to fall back to where it is opened."""
    family = ensure_fonts().family()
    families = ", ".join(f"'{name}'" for name in dict.fromkeys((family, *PREFERRED)))
    families += ", sans-serif"
    size = figure_size(spec, theme, notes=notes)
    buffer, data = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(round(_LOGICAL_DPI))
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(spec.title)
    generator.setDescription(spec.subtitle)
    with painting(generator) as painter:
        paint_figure(painter, QRectF(0, 0, size.width(), size.height()), spec, theme, notes=notes)
    buffer.close()
    return bytes(data.data()).replace(f'font-family="{family}"'.encode(), f'font-family="{families}"'.encode())


# -- paper ------------------------------------------------------------------------------------------------------------


def pdf_bytes(spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = ()) -> bytes:
    """The figure on one A4 page, landscape: strokes as strokes, words as words, the font inside."""
    ensure_fonts()
    buffer, data = _buffer()
    writer = QPdfWriter(buffer)
    writer.setPageLayout(_page())
    writer.setResolution(_DPI)
    writer.setTitle(spec.title)
    writer.setCreator("CSDesk")
    # The shipped font: words in the file can then be searched. Fonts of the system map some characters (色, 大) to
    # look-alikes from the radicals block.
    family = chinese_family(force_bundled=True)
    with painting(writer) as painter:
        page = QSizeF(writer.width(), writer.height())
        _draw_page(Canvas(painter, theme, family), page, _DPI, spec, notes)
    buffer.close()
    return bytes(data.data())


def print_chart(printer: QPrinter, spec: ChartSpec, *, notes: Sequence[str] = ()) -> None:
    """Print the figure on ``printer``, always in the light theme: paper is white."""
    ensure_fonts()
    page = printer.pageRect(QPrinter.Unit.DevicePixel).size()
    with painting(printer) as painter:
        _draw_page(Canvas(painter, load_theme("light")), page, printer.resolution(), spec, notes)


def _page() -> QPageLayout:
    margins = QMarginsF(12, 12, 12, 12)
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins,
                       QPageLayout.Unit.Millimeter)


def _draw_page(canvas: Canvas, page: QSizeF, dpi: int, spec: ChartSpec, notes: Sequence[str]) -> None:
    """One figure at the top of a page, in the page's width; shrunk when it would be higher than the page."""
    wide, high = (length / dpi * _LOGICAL_DPI for length in (page.width(), page.height()))
    high -= 20  # the line at the foot
    head, foot = _head_height(spec), _foot_height(canvas, spec, notes, wide)
    natural = head + preferred_height(spec) + foot
    if spec.kind == "trend":
        natural = max(natural, min(high, 560.0))
    shrink = min(1.0, high / natural)
    scale = dpi / _LOGICAL_DPI * shrink
    canvas.painter.scale(scale, scale)
    if canvas.theme.dark:
        canvas.box(QRectF(0, 0, wide / shrink, (high + 20) / shrink), "surface")
    _draw_figure(canvas, QRectF(0, 0, wide / shrink, natural), spec, notes, pad=12.0 if canvas.theme.dark else 0.0)
    line = QRectF(0, (high + 4) / shrink, wide / shrink, 14)
    canvas.text(line, "CSDesk 网店客服数据台", "text3", 10, align=LEFT)


# -- clipboard --------------------------------------------------------------------------------------------------------


def copy_picture(spec: ChartSpec, theme: Theme | None = None, *, notes: Sequence[str] = ()) -> None:
    """The figure into the clipboard, ready to paste into a chat or a document."""
    QGuiApplication.clipboard().setImage(render(spec, theme, notes=notes))


def copy_table(spec: ChartSpec) -> None:
    """The chart's numbers into the clipboard as tab-separated text."""
    data = QMimeData()
    data.setText(clipboard_text(spec.table))
    QGuiApplication.clipboard().setMimeData(data)


__all__ = [
    "PICTURE_SUFFIXES",
    "copy_picture",
    "copy_table",
    "export_chart",
    "figure_size",
    "paint_figure",
    "pdf_bytes",
    "png_bytes",
    "print_chart",
    "render",
    "svg_bytes",
]
