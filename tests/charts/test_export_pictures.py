"""PNG, SVG, PDF, printing and the clipboard: finished figures with their title as words."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtPrintSupport import QPrinter

from csdesk.charts.export import (
    copy_picture,
    copy_table,
    export_chart,
    figure_size,
    print_chart,
    render,
)
from csdesk.charts.spec import ChartSpec
from csdesk.errors import UserFault
from csdesk.settings.theme import load_theme
from tests.charts import samples

pytestmark = pytest.mark.usefixtures("qapp")
SVG = "{http://www.w3.org/2000/svg}"
KINDS = {
    "trend": samples.trend(),
    "bars": samples.bars(),
    "funnel": samples.funnel(),
    "levels": samples.levels(),
    "grouped": samples.grouped(),
    "heatmap": samples.heatmap(),
    "nothing": samples.nothing(),
}


def palette_of(image: QImage) -> set[str]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return {f"#{value:06x}" for value in np.unique(rows[:, : image.width()] & 0xFFFFFF)}


@pytest.mark.parametrize("name", KINDS)
def test_png_is_a_whole_figure_at_double_size(name: str, tmp_path: Path) -> None:
    spec, path = KINDS[name], tmp_path / "图.png"
    export_chart(spec, path, load_theme("light"))
    image = QImage(str(path))
    size = figure_size(spec, load_theme("light"))
    assert image.size() == size * 2
    assert image.pixelColor(0, 0) == QColor("#FFFFFF")
    title = image.copy(56, 50, 300, 60)
    assert "#1d2129" in palette_of(title)


def test_png_has_the_colours_of_the_theme(tmp_path: Path) -> None:
    for name in ("light", "dark"):
        theme = load_theme(name)
        export_chart(samples.trend(), tmp_path / f"{name}.png", theme)
        found = palette_of(QImage(str(tmp_path / f"{name}.png")))
        wanted = {theme.color(role).lower() for role in ("surface", "series1", "series3", "text", "event_band")}
        assert wanted <= found


def test_footnotes_and_notes_make_room(tmp_path: Path) -> None:
    spec, theme = samples.trend(), load_theme("light")
    plain = figure_size(spec, theme).height()
    assert figure_size(spec, theme, notes=["评价率 = 收到评价 ÷ 接待人数", "区间:Wilson 95%"]).height() > plain + 20


def test_svg_is_drawn_at_its_size_with_words_as_words(tmp_path: Path) -> None:
    path = tmp_path / "图.svg"
    export_chart(samples.trend(), path, load_theme("light"))
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    size = figure_size(samples.trend(), load_theme("light"))
    assert root.get("viewBox") == f"0 0 {size.width()} {size.height()}"
    texts = list(root.iter(f"{SVG}text"))
    words = ["".join(element.itertext()) for element in texts]
    spec = samples.trend()
    for wanted in (spec.title, spec.subtitle, spec.footnote, "双11", "未定", "目标 65%", "邀评率"):
        assert wanted in words
    assert all("sans-serif" in (element.get("font-family") or "") for element in texts)
    title = texts[words.index("邀评率与评价率")]
    assert (title.get("x"), title.get("font-size")) == ("28", "18")
    assert not list(root.iter(f"{SVG}image"))


def test_pdf_is_one_page_with_real_words(tmp_path: Path) -> None:
    path = tmp_path / "图.pdf"
    export_chart(samples.trend(), path, load_theme("light"), notes=["大于 30 才参与排名"])
    content = path.read_bytes()
    assert content.startswith(b"%PDF-1.")
    assert content.count(b"/Type /Page\n") == 1 or b"/Count 1" in content
    assert b"CSDeskSansSC" in content
    assert b"/Subtype /Image" not in content
    assert len(content) < 400_000
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: the words in the file are not read back")
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    words = done.stdout.decode("utf-8")
    for wanted in ("邀评率与评价率", "按天,浅色带为 95% 区间", "双11", "目标 65%", "大于 30 才参与排名", "10-23"):
        assert wanted in words


def test_many_bars_shrink_onto_the_page(tmp_path: Path) -> None:
    path = tmp_path / "图.pdf"
    export_chart(samples.EVERY["forty bars"], path)
    assert b"/Count 1" in path.read_bytes()


def test_tables_go_through_the_same_door(tmp_path: Path) -> None:
    export_chart(samples.bars(), tmp_path / "a.csv")
    export_chart(samples.bars(), tmp_path / "a.xlsx", notes=["口径"])
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFault, match=r"\.png"):
        export_chart(samples.bars(), tmp_path / "a.bmp")


def test_render_to_a_given_size() -> None:
    image = render(samples.bars(), load_theme("dark"), QSize(500, 400), 1.5)
    assert (image.width(), image.height(), image.devicePixelRatio()) == (750, 600, 1.5)
    assert image.pixelColor(3, 3).name() == load_theme("dark").color("surface").lower()


def test_clipboard() -> None:
    copy_picture(samples.bars())
    assert QGuiApplication.clipboard().image().width() == figure_size(samples.bars(), load_theme()).width() * 2
    copy_table(samples.bars())
    assert QGuiApplication.clipboard().text().startswith("客服\t评价率\n小美\t31.2%")


@pytest.mark.parametrize("spec", [samples.funnel(), samples.EVERY["forty bars"]], ids=["funnel", "forty bars"])
def test_printing(spec: ChartSpec, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    print_chart(printer, spec)
    assert b"/Count 1" in (tmp_path / "p.pdf").read_bytes()
