"""Pages as pictures, and what the window saves: every format, the page on paper, the self-test."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from csdesk.analysis.frame import PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.errors import UserFault
from csdesk.settings.options import PERIOD_PRESET
from csdesk.ui.analysis_page.page import AnalysisPage
from csdesk.ui.exporting import file_stem
from csdesk.ui.main_window import MainWindow
from csdesk.ui.page_document import save_pdf
from csdesk.ui.picture import page_picture, save_page
from csdesk.ui.selftest import selftest
from tests.ui.fakes import FakeServices


def _colors(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)})


@pytest.mark.parametrize(("page", "size"), [("invites", (1440, 900)), ("data", (1280, 720)), ("agents", (2560, 1440))])
def test_page_becomes_a_picture_of_the_wanted_size(
    qapp: QApplication, tmp_path: Path, page: str, size: tuple[int, int]
) -> None:
    image = page_picture(FakeServices(tmp_path), page, size=size)
    assert (image.width(), image.height()) == (size[0] * 2, size[1] * 2)
    assert _colors(image) > 20


def test_theme_and_request_reach_the_picture(qapp: QApplication, tmp_path: Path) -> None:
    services = FakeServices(tmp_path)
    request = PageRequest(Filter(Period.parse("2026-11-01..2026-11-10")))
    image = page_picture(services, "invites", request, size=(1280, 720), theme="dark")
    assert image.pixelColor(4, 4).lightness() < 60
    assert services.pages_asked[-1][1].selection.period == Period.parse("2026-11-01..2026-11-10")


def test_a_picture_leaves_the_owners_settings_alone(qapp: QApplication, tmp_path: Path) -> None:
    services = FakeServices(tmp_path)
    services.settings.set(PERIOD_PRESET, "last7")
    before = (tmp_path / "settings.json").read_bytes()
    page_picture(services, "invites", PageRequest(Filter()), size=(1200, 800), theme="dark")
    assert (tmp_path / "settings.json").read_bytes() == before
    assert services.settings.get(PERIOD_PRESET) == "last7"


def test_unknown_page_names_the_known_ones(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(UserFault, match="invites"):
        page_picture(FakeServices(tmp_path), "nowhere")


def test_page_that_cannot_be_computed_is_no_picture(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: object) -> None:
        raise UserFault("数据文件被占用。", "关掉另一个窗口。")

    services = FakeServices(tmp_path)
    monkeypatch.setattr(services, "page", locked)
    with pytest.raises(UserFault, match="关掉另一个窗口"):
        page_picture(services, "invites")


def test_page_is_saved_as_png(qapp: QApplication, tmp_path: Path) -> None:
    target = tmp_path / "页.png"
    save_page(FakeServices(tmp_path), "overview", None, target, size=(1280, 720))
    assert target.read_bytes().startswith(b"\x89PNG")


@pytest.fixture
def invites(qtbot: QtBot, window: MainWindow) -> AnalysisPage:
    """The 邀评 page, drawn."""
    window.go("invites")
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
    assert isinstance(window.page, AnalysisPage)
    return window.page


def test_menus_offer_every_format(invites: AnalysisPage) -> None:
    chart, table, page = QMenu(invites), QMenu(invites), QMenu(invites)
    invites._chart_menu(invites.view.charts["invites.trend"], chart)
    invites._table_menu(invites.view.tables["agents"], table)
    assert invites.presenter.result is not None
    invites.exporter.fill_page_menu(page, invites.presenter.result, invites.view.body)
    assert [action.text() for action in chart.actions() if action.text()] == [
        "复制图片", "复制数据", "存为 PNG…", "存为 SVG…", "存为 PDF…", "存为 CSV…", "存为 XLSX…", "打印…",
    ]  # fmt: skip
    assert [action.text() for action in table.actions() if action.text()] == [
        "复制图片", "复制表格", "存为 PNG…", "存为 SVG…", "存为 PDF…", "存为 CSV…", "存为 XLSX…", "打印…",
    ]  # fmt: skip
    assert page.actions()[0].text() == "整页存为 PDF…"


@pytest.mark.parametrize(
    ("kind", "magic"),
    [("png", b"\x89PNG"), ("svg", b"<"), ("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK\x03\x04")],
)
def test_chart_is_saved_by_its_menu_entry(
    invites: AnalysisPage, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, magic: bytes
) -> None:
    target = tmp_path / f"图.{kind}"
    monkeypatch.setattr(invites.exporter, "ask_path", lambda title, ending: target)
    menu = QMenu(invites)
    invites._chart_menu(invites.view.charts["invites.trend"], menu)
    next(action for action in menu.actions() if action.text() == f"存为 {kind.upper()}…").trigger()
    assert target.read_bytes().startswith(magic)
    assert window.toasts.toasts[-1].notice.text == f"存好了：图.{kind}"


@pytest.mark.parametrize(
    ("kind", "magic"),
    [("png", b"\x89PNG"), ("svg", b"<"), ("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK\x03\x04")],
)
def test_table_is_saved_by_its_menu_entry(
    invites: AnalysisPage, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, magic: bytes
) -> None:
    target = tmp_path / f"表.{kind}"
    monkeypatch.setattr(invites.exporter, "ask_path", lambda title, ending: target)
    menu = QMenu(invites)
    invites._table_menu(invites.view.tables["agents"], menu)
    next(action for action in menu.actions() if action.text() == f"存为 {kind.upper()}…").trigger()
    assert target.read_bytes().startswith(magic)
    assert window.toasts.toasts[-1].notice.text == f"存好了：表.{kind}"


def test_unwritable_place_is_a_notice_with_advice(
    invites: AnalysisPage, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invites.exporter, "ask_path", lambda title, ending: tmp_path / "不在" / "图.png")
    menu = QMenu(invites)
    invites._chart_menu(invites.view.charts["invites.trend"], menu)
    next(action for action in menu.actions() if action.text() == "存为 PNG…").trigger()
    assert window.toasts.toasts[-1].notice.advice


def test_whole_page_becomes_a_pdf(invites: AnalysisPage, tmp_path: Path) -> None:
    assert invites.presenter.result is not None
    save_pdf(invites.presenter.result, tmp_path / "页.pdf")
    assert (tmp_path / "页.pdf").read_bytes().startswith(b"%PDF-")


def test_file_names_suit_every_system() -> None:
    assert file_stem("邀评", 'a/b:c*"') == "邀评_a-b-c--"
    assert file_stem(" . ") == "csdesk"


def test_selftest_passes_and_says_so(qapp: QApplication, tmp_path: Path) -> None:
    services = FakeServices(tmp_path)
    services.plans = []
    assert selftest(services, tmp_path / "out") == 0
    report = (tmp_path / "out" / "selftest.txt").read_text(encoding="utf-8")
    assert report.splitlines()[0] == "ok example data"
    assert "FAILED" not in report
