"""A chart as a finished figure: PNG, SVG, PDF, printer and clipboard, with title, subtitle, footnote and margins.

The same painting code as the window, so what is saved is what was seen. Needs a ``QGuiApplication`` (offscreen will do);
CSV and XLSX go to ``csdesk.charts.tables``, which needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QMimeData, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtSvg import QSvgGenerator

from csdesk.charts.plot.canvas import LEFT, Canvas
from csdesk.charts.plot.fonts import ensure_fonts
from csdesk.charts.plot.paint import paint_chart, preferred_height
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
    painter = QPainter(scratch)
    head, foot = _head_height(spec), _foot_height(Canvas(painter, theme), spec, notes, wide - 2 * PAD)
    painter.end()
    chart = max(preferred_height(spec), 300 if spec.kind == "trend" else 0)
    return QSize(wide, round(2 * PAD + head + chart + foot))


def paint_figure(painter: QPainter, rect: QRectF, spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = ()) -> None:
    """Paint title, subtitle, chart, footnote and notes into ``rect``, margins included."""
    canvas = Canvas(painter, theme)
    canvas.box(rect, "surface")
    inner = rect.adjusted(PAD, PAD, -PAD, -PAD)
    canvas.text(QRectF(inner.left(), inner.top() - 2, inner.width(), 26), spec.title, "text", _TITLE, bold=True)
    if spec.subtitle:
        canvas.text(QRectF(inner.left(), inner.top() + 26, inner.width(), 20), spec.subtitle, "text2", _SUBTITLE)
    foot = _foot_height(canvas, spec, notes, inner.width())
    area = inner.adjusted(0, _head_height(spec), 0, -foot)
    paint_chart(painter, area, spec, theme)
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
    painter = QPainter(image)
    paint_figure(painter, QRectF(0, 0, size.width(), size.height()), spec, theme, notes=notes)
    painter.end()
    return image


def png_bytes(spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = (), dpr: float = 2.0) -> bytes:
    """The figure as PNG."""
    return _encoded(render(spec, theme, dpr=dpr, notes=notes))


def _encoded(image: QImage) -> bytes:
    buffer, data = _buffer()
    if not image.save(buffer, "PNG"):
        raise UserFault("图片没有生成成功。", "请把窗口调小一点再试。")
    buffer.close()
    return bytes(data.data())


def _buffer() -> tuple[QBuffer, QByteArray]:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer, data


def svg_bytes(spec: ChartSpec, theme: Theme, *, notes: Sequence[str] = ()) -> bytes:
    """The figure as SVG 1.1, words as words."""
    ensure_fonts()
    size = figure_size(spec, theme, notes=notes)
    buffer, data = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(round(_LOGICAL_DPI))
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(spec.title)
    generator.setDescription(spec.subtitle)
    painter = QPainter(generator)
    paint_figure(painter, QRectF(0, 0, size.width(), size.height()), spec, theme, notes=notes)
    painter.end()
    buffer.close()
    return bytes(data.data())


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
    _paint_page(QPainter(writer), QSizeF(writer.width(), writer.height()), float(_DPI), spec, theme, notes)
    buffer.close()
    return bytes(data.data())


def print_chart(printer: QPrinter, spec: ChartSpec, *, notes: Sequence[str] = ()) -> None:
    """Print the figure on ``printer``, always in the light theme: paper is white."""
    ensure_fonts()
    page = printer.pageRect(QPrinter.Unit.DevicePixel).size()
    _paint_page(QPainter(printer), page, float(printer.resolution()), spec, load_theme("light"), notes)


def _page() -> QPageLayout:
    margins = QMarginsF(12, 12, 12, 12)
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins,
                       QPageLayout.Unit.Millimeter)


def _paint_page(
    painter: QPainter, page: QSizeF, dpi: float, spec: ChartSpec, theme: Theme, notes: Sequence[str],
) -> None:
    """One figure at the top of a page, in the page's width; shrunk when it would be higher than the page."""
    wide = page.width() / dpi * _LOGICAL_DPI
    high = page.height() / dpi * _LOGICAL_DPI - 16
    size = figure_size(spec, theme, notes=notes, width=round(wide))
    natural = max(float(size.height()), min(high, 480.0) if spec.kind == "trend" else 0.0)
    shrink = min(1.0, high / natural)
    scale = dpi / _LOGICAL_DPI * shrink
    painter.scale(scale, scale)
    paint_figure(painter, QRectF(0, 0, wide / shrink, natural), spec, theme, notes=notes)
    canvas = Canvas(painter, theme)
    foot = QRectF(0, (high + 2) / shrink, wide / shrink, 14)
    canvas.text(foot, "CSDesk 网店客服数据台", "text3", 10, align=LEFT)
    painter.end()


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
