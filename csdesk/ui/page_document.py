"""A whole page on paper: title, filter, lead, cards, charts and tables as a document to print or save as PDF."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrinter

from csdesk.analysis.frame import Kpi, PageResult
from csdesk.charts.export import render
from csdesk.charts.plot.paint import is_empty
from csdesk.charts.saving import save_file
from csdesk.charts.spec import ChartSpec
from csdesk.settings.theme import Theme, load_theme
from csdesk.ui.paper_table import table_html
from csdesk.ui.theme.fonts import base_font
from csdesk.ui.widgets.rich_text import rich

_DOTS = 96
_CARDS = 5  # side by side
_LONG_FIGURE = 10
_TONES = {"good": "good", "bad": "bad", "warn": "warn", "neutral": "neutral"}


def page_document(result: PageResult, device: QPagedPaintDevice) -> QTextDocument:
    """The page in the light theme, set for the paper of ``device``."""
    theme = load_theme("light")
    document = _blank(device, theme)
    parts = [
        f"<h1>{escape(result.title)}</h1><p class='small'>{escape(result.sentence)}</p>",
        f"<p>{rich(result.lead, theme.color('text'))}</p>",
        _cards(result.kpis, theme),
    ]
    room = document.pageSize().width()
    for number, spec in enumerate(result.charts):
        if not is_empty(spec):
            parts.append(_chart(document, spec, number))
    parts += [
        f"<h2>{escape(page_table.title)}</h2>{table_html(page_table.table, theme, room)}"
        for page_table in result.tables
    ]
    parts += [f"<p class='small'>{escape(note)}</p>" for note in result.notes]
    document.setHtml(f"<body>{''.join(parts)}</body>")
    return document


def _blank(device: QPagedPaintDevice, theme: Theme) -> QTextDocument:
    """An empty document whose pages are those of ``device``, measured in the 96 dots an inch of style sheets."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultFont(base_font())
    document.setDefaultStyleSheet(_sheet(theme))
    paper = device.pageLayout().paintRect(QPageLayout.Unit.Point).size()
    document.setPageSize(QSizeF(paper.width(), paper.height()) * (_DOTS / 72))
    return document


def save_pdf(result: PageResult, path: Path) -> None:
    """Write the page as PDF, A4 upright; raises UserFault."""
    _write_pdf(lambda device: page_document(result, device), result.title, path)


def _write_pdf(make: Callable[[QPagedPaintDevice], QTextDocument], title: str, path: Path) -> None:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("CSDesk 网店客服数据台")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(14, 14, 14, 14), QPageLayout.Unit.Millimeter)
    make(writer).print_(writer)
    buffer.close()
    save_file(path, bytes(data.data()))


def print_on(result: PageResult, printer: QPrinter) -> None:
    """Print the page."""
    page_document(result, printer).print_(printer)


def _sheet(theme: Theme) -> str:
    return (
        f"body {{ color: {theme.color('text')}; font-size: 12px; }}"
        "h1 { font-size: 22px; margin-bottom: 2px; } h2 { font-size: 15px; margin-bottom: 4px; }"
        f"p.small {{ color: {theme.color('text2')}; font-size: 11px; margin-top: 0; }}"
        f"td, th {{ padding: 3px 6px; }} th {{ color: {theme.color('text2')}; font-weight: normal; }}"
    )


def _cards(kpis: tuple[Kpi, ...], theme: Theme) -> str:
    if not kpis:
        return ""
    lines = "".join(_cards_line(kpis[start : start + _CARDS], theme) for start in range(0, len(kpis), _CARDS))
    return f"<table width='100%' cellspacing='0'>{lines}</table>"


def _cards_line(kpis: tuple[Kpi, ...], theme: Theme) -> str:
    """Titles, figures and changes of cards side by side; a line that is not full leaves its last places empty."""
    cell = f"<td width='{100 // _CARDS}%'>"
    rest = f"{cell}</td>" * (_CARDS - len(kpis))
    heads = "".join(f"{cell}<span style='color:{theme.color('text2')}'>{escape(kpi.title)}</span></td>" for kpi in kpis)
    figures = "".join(f"{cell}<span style='{_figure(kpi)}'>{escape(kpi.text)}</span></td>" for kpi in kpis)
    changes = "".join(f"{cell}{_change(kpi, theme)}</td>" for kpi in kpis)
    return f"<tr>{heads}{rest}</tr><tr>{figures}{rest}</tr><tr>{changes}{rest}</tr>"


def _figure(kpi: Kpi) -> str:
    """Large, but so that it stays in one piece."""
    return f"font-size:{21 if len(kpi.text) <= _LONG_FIGURE else 13}px;font-weight:700"


def _change(kpi: Kpi, theme: Theme) -> str:
    if kpi.change is None:
        return f"<span style='color:{theme.color('text3')}'>{escape(kpi.status_text)}</span>"
    color = theme.color(_TONES[kpi.change.tone.value])
    return f"<span style='color:{color}'>{escape(kpi.change.text)}</span> {escape(kpi.change.note)}"


def _chart(document: QTextDocument, spec: ChartSpec, number: int) -> str:
    picture = render(spec, load_theme("light"), dpr=2.0)
    ratio = picture.devicePixelRatio()
    size = QSizeF(picture.width() / ratio, picture.height() / ratio)
    scale = min(0.78, document.pageSize().width() / size.width())
    name = f"chart{number}.png"
    document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture)
    width, height = int(size.width() * scale), int(size.height() * scale)
    return f"<p><img src='{name}' width='{width}' height='{height}'></p>"
