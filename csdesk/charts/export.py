"""A chart or a table as a finished figure: PNG, SVG, PDF, printer and clipboard, with title, foot and margins.

The same painting code as the window, so what is saved is what was seen. Needs a ``QGuiApplication``, offscreen is fine;
CSV and XLSX are written by ``csdesk.charts.tables``, which needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QMimeData, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtSvg import QSvgGenerator

from csdesk.analysis.frame import PageTable
from csdesk.charts.figure import PAD, ChartFigure, Figure, around, draw_figure
from csdesk.charts.plot.canvas import LEFT, RIGHT, Canvas, painting
from csdesk.charts.plot.fonts import PREFERRED, chinese_family, ensure_fonts
from csdesk.charts.saving import save_file
from csdesk.charts.spec import ChartSpec
from csdesk.charts.table_figure import TableFigure
from csdesk.charts.tables import TABLE_SUFFIXES, clipboard_text, export_table
from csdesk.errors import UserFault
from csdesk.settings.theme import Theme, load_theme

PICTURE_SUFFIXES = (".png", ".svg", ".pdf")
_DPI = 1200
_LOGICAL_DPI = 96.0
_MARGIN_MM = 12.0
_FOOT_LINE = 20.0

Source = ChartSpec | PageTable
"""What can be exported."""


def export_chart(source: Source, path: Path, theme: Theme | None = None, *, notes: Sequence[str] = ()) -> None:
    """Save a chart or a table by the suffix of ``path``: .png .svg .pdf .csv .xlsx.

    ``notes`` are lines of definitions: under the figure's footnote on paper, on the sheet 说明 in a workbook. A picture
    of a long table shows its first rows and says how many it leaves out; paper and sheets have them all.
    Raises ``UserFault`` for another suffix and where the file cannot be written.
    """
    theme = theme or load_theme()
    match path.suffix.lower():
        case ".png":
            save_file(path, png_bytes(source, theme, notes=notes))
        case ".svg":
            save_file(path, svg_bytes(source, theme, notes=notes))
        case ".pdf":
            save_file(path, pdf_bytes(source, theme, notes=notes))
        case suffix if suffix in TABLE_SUFFIXES:
            _export_numbers(source, path, notes)
        case other:
            known = " ".join((*PICTURE_SUFFIXES, *TABLE_SUFFIXES))
            raise UserFault(f"不认识的格式“{other or path.name}”。", f"请用这些结尾之一：{known}。")


def _export_numbers(source: Source, path: Path, notes: Sequence[str]) -> None:
    if isinstance(source, ChartSpec):
        export_table(source, path, notes=notes)
    else:
        export_table(source.table, path, title=source.title, notes=[source.subtitle, *notes])


def _figure(source: Source, notes: Sequence[str]) -> Figure:
    return ChartFigure(source, tuple(notes)) if isinstance(source, ChartSpec) else TableFigure(source, tuple(notes))


# -- the figure -------------------------------------------------------------------------------------------------------


def figure_size(source: Source, theme: Theme, *, notes: Sequence[str] = ()) -> QSize:
    """Size in logical pixels at which the whole picture fits without squeezing."""
    return _picture_size(_figure(source, notes).for_picture(), theme)


def _picture_size(figure: Figure, theme: Theme) -> QSize:
    scratch = QImage(1, 1, QImage.Format.Format_ARGB32)
    with painting(scratch) as painter:
        canvas = Canvas(painter, theme)
        wide = figure.wide(canvas)
        high = figure.high() + around(figure, canvas, wide)
    return QSize(round(wide + 2 * PAD), round(high + 2 * PAD))


def paint_figure(painter: QPainter, rect: QRectF, source: Source, theme: Theme, *, notes: Sequence[str] = ()) -> None:
    """Paint title, subtitle, body, footnote and notes into ``rect``, margins included."""
    draw_figure(Canvas(painter, theme), rect, _figure(source, notes).for_picture())


# -- pictures ---------------------------------------------------------------------------------------------------------


def render(
    source: Source,
    theme: Theme | None = None,
    size: QSize | None = None,
    dpr: float = 2.0,
    *,
    notes: Sequence[str] = (),
) -> QImage:
    """The finished figure as a picture of ``size`` logical pixels (its own choice by default) at ``dpr``."""
    theme = theme or load_theme()
    ensure_fonts()
    figure = _figure(source, notes).for_picture()
    size = size or _picture_size(figure, theme)
    image = QImage(round(size.width() * dpr), round(size.height() * dpr), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    image.setDotsPerMeterX(round(_LOGICAL_DPI * dpr / 0.0254))
    image.setDotsPerMeterY(round(_LOGICAL_DPI * dpr / 0.0254))
    image.fill(QColor(theme.color("surface")))
    with painting(image) as painter:
        draw_figure(Canvas(painter, theme), QRectF(0, 0, size.width(), size.height()), figure)
    return image


def png_bytes(source: Source, theme: Theme, *, notes: Sequence[str] = (), dpr: float = 2.0) -> bytes:
    """The figure as PNG."""
    return _encoded(render(source, theme, dpr=dpr, notes=notes))


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


def svg_bytes(source: Source, theme: Theme, *, notes: Sequence[str] = ()) -> bytes:
    """The figure as SVG 1.1, words as words, with fonts to fall back to where it is opened."""
    family = ensure_fonts().family()
    families = ", ".join(f"'{name}'" for name in dict.fromkeys((family, *PREFERRED)))
    families += ", sans-serif"
    figure = _figure(source, notes).for_picture()
    size = _picture_size(figure, theme)
    buffer, data = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(round(_LOGICAL_DPI))
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(figure.title)
    generator.setDescription(figure.subtitle)
    with painting(generator) as painter:
        draw_figure(Canvas(painter, theme), QRectF(0, 0, size.width(), size.height()), figure)
    buffer.close()
    return bytes(data.data()).replace(f'font-family="{family}"'.encode(), f'font-family="{families}"'.encode())


# -- paper ------------------------------------------------------------------------------------------------------------


def pdf_bytes(source: Source, theme: Theme, *, notes: Sequence[str] = ()) -> bytes:
    """The figure on A4: a chart on one page, a table on as many as it takes; words as words, the font inside."""
    ensure_fonts()
    buffer, data = _buffer()
    figure = _figure(source, notes)
    # The shipped font: words in the file can then be searched. Fonts of the system map some characters (色, 大) to
    # look-alikes from the radicals block.
    family = chinese_family(force_bundled=True)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(_page(upright=_fits_upright(figure, theme, family)))
    writer.setResolution(_DPI)
    writer.setTitle(figure.title)
    writer.setCreator("CSDesk")
    with painting(writer) as painter:
        _draw_pages(Canvas(painter, theme, family), writer, QSizeF(writer.width(), writer.height()), _DPI, figure)
    buffer.close()
    return bytes(data.data())


def print_chart(printer: QPrinter, source: Source, *, notes: Sequence[str] = ()) -> None:
    """Print the figure on ``printer``, always in the light theme: paper is white."""
    ensure_fonts()
    page = printer.pageRect(QPrinter.Unit.DevicePixel).size()
    with painting(printer) as painter:
        _draw_pages(Canvas(painter, load_theme("light")), printer, page, printer.resolution(), _figure(source, notes))


def _fits_upright(figure: Figure, theme: Theme, family: str) -> bool:
    """Narrow tables stand upright, all else lies across."""
    scratch = QImage(1, 1, QImage.Format.Format_ARGB32)
    with painting(scratch) as painter:
        need = figure.narrowest(Canvas(painter, theme, family))
    return 0 < need <= (210 - 2 * _MARGIN_MM) / 25.4 * _LOGICAL_DPI


def _page(*, upright: bool) -> QPageLayout:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    way = QPageLayout.Orientation.Portrait if upright else QPageLayout.Orientation.Landscape
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), way, margins, QPageLayout.Unit.Millimeter)


def _draw_pages(canvas: Canvas, device: QPdfWriter | QPrinter, page: QSizeF, dpi: int, figure: Figure) -> None:
    """The parts of a figure, a page each, in the page's width; shrunk where one is wider or higher than the page."""
    wide, high = (length / dpi * _LOGICAL_DPI for length in (page.width(), page.height()))
    pad = 12.0 if canvas.theme.dark else 0.0
    shrink = min(1.0, (wide - 2 * pad) / max(1.0, figure.narrowest(canvas)))
    room = QSizeF(wide / shrink - 2 * pad, (high - _FOOT_LINE) / shrink - 2 * pad)
    parts = figure.pages(canvas, room.width(), room.height())
    for number, part in enumerate(parts, start=1):
        if number > 1:
            device.newPage()
        canvas.painter.save()
        natural = around(part, canvas, room.width()) + part.high() + 2 * pad
        scale = min(shrink, (high - _FOOT_LINE) / natural)
        canvas.painter.scale(dpi / _LOGICAL_DPI * scale, dpi / _LOGICAL_DPI * scale)
        if canvas.theme.dark:
            canvas.box(QRectF(0, 0, wide / scale, high / scale), "surface")
        draw_figure(canvas, QRectF(0, 0, wide / scale, natural), part, pad=pad)
        line = QRectF(pad, (high - _FOOT_LINE + 4) / scale, wide / scale - 2 * pad, 14)
        canvas.text(line, "CSDesk 网店客服数据台", "text3", 10, align=LEFT)
        if len(parts) > 1:
            canvas.text(line, f"第 {number} 页，共 {len(parts)} 页", "text3", 10, align=RIGHT)
        canvas.painter.restore()


# -- clipboard --------------------------------------------------------------------------------------------------------


def copy_picture(source: Source, theme: Theme | None = None, *, notes: Sequence[str] = ()) -> None:
    """The figure into the clipboard, ready to paste into a chat or a document."""
    QGuiApplication.clipboard().setImage(render(source, theme, notes=notes))


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
