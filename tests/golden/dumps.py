"""An exported file as text that a reader of a diff understands."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import numpy as np
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from PySide6.QtGui import QImage

from csdesk.settings.theme import Theme

_SVG = "{http://www.w3.org/2000/svg}"


def dump(path: Path, theme: Theme) -> str:
    """``path`` by its suffix. For a PDF this needs pdftotext (``can_dump`` says)."""
    match path.suffix:
        case ".csv":
            return csv_text(path)
        case ".xlsx":
            return xlsx_text(path)
        case ".svg":
            return svg_text(path)
        case ".pdf":
            return pdf_text(path)
        case _:
            return png_text(path, theme)


def can_dump(kind: str) -> bool:
    """Whether this machine can read such a file back."""
    return kind != "pdf" or shutil.which("pdftotext") is not None


def csv_text(path: Path) -> str:
    """The bytes with byte order mark, line ends and tabs spelled out."""
    text = path.read_bytes().decode("utf-8")
    return text.replace("\ufeff", "<BOM>").replace("\t", "<TAB>").replace("\r\n", "<CRLF>\n")


def xlsx_text(path: Path) -> str:
    """Sheets, panes, filters, widths, and every filled cell with its type, format and look."""
    book = load_workbook(path)
    return "\n".join(line for sheet in book.worksheets for line in _sheet_lines(sheet)) + "\n"


def _sheet_lines(sheet: Worksheet) -> list[str]:
    widths = " ".join(f"{letter}={size.width:g}" for letter, size in sorted(sheet.column_dimensions.items()))
    lines = [f"sheet {sheet.title} | freeze {sheet.freeze_panes} | filter {sheet.auto_filter.ref}", f"widths {widths}"]
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell) and cell.value is not None]
    return lines + [f"{cell.coordinate} {cell.value!r} {cell.data_type} {cell.number_format}{_look(cell)}"
                    for cell in cells]  # fmt: skip


def _look(cell: Cell) -> str:
    color = cell.font.color.rgb if cell.font.color is not None and isinstance(cell.font.color.rgb, str) else ""
    fill = cell.fill.fgColor.rgb if cell.fill.fill_type else ""
    marks = ["bold" if cell.font.b else "", color, f"on {fill}" if fill else "", cell.alignment.horizontal or "",
             "wrap" if cell.alignment.wrap_text else "", "quoted" if cell.quotePrefix else ""]  # fmt: skip
    return "".join(f" {mark}" for mark in marks if mark)


def svg_text(path: Path) -> str:
    """Size, words with place, size and colour in drawing order, then how many shapes of each paint."""
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    lines = [f"viewBox {root.get('viewBox')}", f"title {root.findtext(f'{_SVG}title')}",
             f"desc {root.findtext(f'{_SVG}desc') or ''}".rstrip()]  # fmt: skip
    shapes: Counter[str] = Counter()
    for group in root.iter(f"{_SVG}g"):
        for element in group:
            tag = element.tag.removeprefix(_SVG)
            if tag == "text":
                lines.append(_word(element))
            elif tag != "g":
                paints = (group.get("fill"), group.get("stroke"), group.get("stroke-width"))
                shapes["{} fill {} stroke {} {}".format(tag, *paints)] += 1
    return "\n".join([*lines, *(f"{count} {shape}" for shape, count in sorted(shapes.items()))]) + "\n"


def _word(element: ET.Element) -> str:
    x, y = round(float(element.get("x") or 0)), round(float(element.get("y") or 0))
    bold = " bold" if element.get("font-weight") == "700" else ""
    return f"text {x},{y} size {element.get('font-size')}{bold} {element.get('fill')} {''.join(element.itertext())!r}"


def pdf_text(path: Path) -> str:
    """Pages, their size, and the words in drawing order."""
    content = path.read_bytes()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)", content)
    sizes = sorted({" x ".join(f"{float(side):.0f}" for side in box) for box in boxes})
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True)
    words = done.stdout.decode("utf-8").replace("\r\n", "\n").rstrip("\f").split("\f")
    pages = [f"-- page {number}\n{_tidy(page)}" for number, page in enumerate(words, start=1)]
    return "\n".join([f"pages {len(words)} of {', '.join(sizes)}", *pages]) + "\n"


def _tidy(page: str) -> str:
    return "\n".join(" ".join(line.split()) for line in page.splitlines() if line.strip())


def png_text(path: Path, theme: Theme) -> str:
    """Size in pixels and dots, and which roles of the theme can be seen."""
    image = QImage(str(path))
    dots = round(image.dotsPerMeterX() * 0.0254)
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    seen = {f"#{value:06x}" for value in np.unique(pixels[:, : plain.width()] & 0xFFFFFF)}
    roles = sorted(role for role, value in theme.colors.items() if value.lower() in seen)
    return f"size {image.width()} x {image.height()} at {dots} dpi\ncorner {image.pixelColor(0, 0).name()}\n" + "".join(
        f"role {role}\n" for role in roles
    )


def same(now: str, golden: str, *, slack: float = 0.0) -> bool:
    """Equal texts; with ``slack`` places in drawings may differ by so much: fonts are not measured alike everywhere."""
    if not slack:
        return now == golden
    lines, kept = now.splitlines(), golden.splitlines()
    return len(lines) == len(kept) and all(_same_line(a, b, slack) for a, b in zip(lines, kept, strict=True))


def _same_line(now: str, golden: str, slack: float) -> bool:
    if now == golden:
        return True
    places = re.compile(r"^(text |size )(\d+)(,| x )(\d+)(.*)$")
    one, other = places.match(now), places.match(golden)
    if one is None or other is None or one[1] != other[1] or one[5] != other[5]:
        return False
    return all(abs(int(one[group]) - int(other[group])) <= slack for group in (2, 4))
