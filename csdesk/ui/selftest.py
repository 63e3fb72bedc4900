"""``csdesk --selftest DIR``: the window uses itself once, as an owner would, and says whether all went well.

The one check that runs the same in continuous integration, in the packaged program and at an owner's desk.
Data that is there is left alone: files are imported only where there is nothing yet.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication

from csdesk.analysis.frame import PageRequest
from csdesk.charts.export import PICTURE_SUFFIXES, export_chart
from csdesk.charts.tables import TABLE_SUFFIXES
from csdesk.demo import generate
from csdesk.domain.filters import Filter
from csdesk.settings.files import write_atomically
from csdesk.settings.options import THEME
from csdesk.ui.app import install_hooks, make_application, open_main_window
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.registry import PAGES
from csdesk.ui.picture import picture_of, png_of, wait_until_drawn
from csdesk.ui.services import Services

REPORT = "selftest.json"
_AGENTS, _DAYS = 4, 40
_SIZE = (1440, 900)


class _SelfTestFailure(Exception):
    """A step did not do what it should."""


class _Complaints(logging.Handler):
    """Keeps every warning and error that is logged meanwhile; each one fails the test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def selftest(services: Services, folder: Path) -> int:
    """Run all steps, leave pictures, exports and ``selftest.json`` in ``folder``; 0 if every step passed."""
    folder.mkdir(parents=True, exist_ok=True)
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    began = time.perf_counter()
    app = make_application()
    install_hooks()
    window = open_main_window(services, Look(app, services.settings.get(THEME)))
    window.resize(*_SIZE)
    window.show()
    QApplication.processEvents()
    timings = {"window": round(time.perf_counter() - began, 3)}
    failure = _walk(_steps(services, window, folder), timings)
    window.close()
    app.processEvents()
    logging.getLogger().removeHandler(complaints)
    report = {
        "ok": not failure and not complaints.lines,
        "failure": failure,
        "log": complaints.lines,
        "seconds": timings,
    }
    write_atomically(folder / REPORT, json.dumps(report, ensure_ascii=False, indent=1).encode("utf-8"))
    return 0 if passed else 1


def _walk(steps: dict[str, Callable[[], None]], timings: dict[str, float]) -> str:
    """Run the steps in order; returns the first failure in words, "" if there was none."""
    for name, step in steps.items():
        began = time.perf_counter()
        try:
            step()
        except Exception as error:  # whatever goes wrong is the result of the test
            logging.getLogger("csdesk.selftest").exception("step %s", name)
            return f"{name}: {type(error).__name__}: {error}"
        timings[name] = round(time.perf_counter() - began, 3)
    return ""


def _steps(services: Services, window: MainWindow, folder: Path) -> dict[str, Callable[[], None]]:
    steps: dict[str, Callable[[], None]] = {}
    if services.facts().empty:
        steps["import"] = lambda: _import(services, window, folder)
    for info in PAGES:
        steps[f"page {info.id}"] = lambda page=info.id: _picture(window, page, folder / f"{page}.png")  # type: ignore[misc]
    steps["other theme"] = lambda: _other_theme(window, folder)
    steps["export"] = lambda: _export(services, folder)
    return steps


def _import(services: Services, window: MainWindow, folder: Path) -> None:
    """Drop a folder of example files, look at the preview, press the button, count the ledger."""
    source = folder / "files"
    files = generate(source, agents=_AGENTS, days=_DAYS, last_day=date.today() - timedelta(days=1))
    window.take_files([source])
    wait_until_drawn(window)
    page = window.page
    if not isinstance(page, DataPage):
        raise _SelfTestFailure("dropped files did not lead to the preview")
    _save(window, folder / "preview.png")
    page.preview.go.click()
    wait_until_drawn(window)
    done = len(services.ledger())
    shutil.rmtree(source)
    if done != len(files):
        raise _SelfTestFailure(f"{done} of {len(files)} files were imported")


def _picture(window: MainWindow, page: str, path: Path) -> None:
    window.go(page)
    wait_until_drawn(window)
    _save(window, path)


def _other_theme(window: MainWindow, folder: Path) -> None:
    window.toggle_theme()
    _picture(window, "invites", folder / "invites-other-theme.png")
    window.toggle_theme()
    wait_until_drawn(window)


def _export(services: Services, folder: Path) -> None:
    """The first chart of the 邀评 page in every format."""
    spec = services.page("invites", PageRequest(Filter())).charts[0]
    for suffix in (*PICTURE_SUFFIXES, *TABLE_SUFFIXES):
        path = folder / f"{spec.id}{suffix}"
        export_chart(spec, path)
        if not path.stat().st_size:
            raise _SelfTestFailure(f"{path.name} is empty")


def _save(window: MainWindow, path: Path) -> None:
    write_atomically(path, png_of(picture_of(window)))
