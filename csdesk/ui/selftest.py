"""``csdesk --selftest DIR``: the window uses itself once — preview, pages, exports, themes — and reports.

Leaves pictures and files in DIR and ``selftest.txt``; ends with 0 when nothing went wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from csdesk.analysis.frame import PageResult
from csdesk.domain.filters import Filter
from csdesk.errors import CsdeskError
from csdesk.ui.analysis_page.page import AnalysisPage
from csdesk.ui.app import install_hooks, make_application, open_main_window
from csdesk.ui.exporting import save_widget
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.registry import PAGES
from csdesk.ui.picture import wait_until_drawn
from csdesk.ui.services import Services

_FORMATS = ("png", "svg", "pdf", "csv", "xlsx")


class _Errors(logging.Handler):
    """Collects what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def selftest(services: Services, folder: Path) -> int:
    """Run all steps; 0 if every one passed."""
    folder.mkdir(parents=True, exist_ok=True)
    errors = _Errors()
    logging.getLogger().addHandler(errors)
    app = make_application()
    install_hooks()
    look = Look(app, "light")
    window = open_main_window(services, look)
    window.show()
    lines: list[str] = []
    try:
        for name, step in _steps(window, services, folder):
            try:
                step()
            except (CsdeskError, OSError, AssertionError) as fault:
                errors.lines.append(f"{name}: {fault}")
                lines.append(f"FAILED {name}: {fault}")
            else:
                lines.append(f"ok {name}")
    finally:
        window.close()
        logging.getLogger().removeHandler(errors)
    (folder / "selftest.txt").write_text("\n".join([*lines, *errors.lines]) + "\n", encoding="utf-8")
    return 1 if errors.lines else 0


def _steps(window: MainWindow, services: Services, folder: Path) -> list[tuple[str, Callable[[], None]]]:
    steps: list[tuple[str, Callable[[], None]]] = [("example data", lambda: _fill(window, services))]
    steps += [(f"page {info.id}", lambda page=info.id: _draw(window, page, folder)) for info in PAGES]  # type: ignore[misc]
    return [
        *steps,
        ("exports", lambda: _export(window, folder)),
        ("preview", lambda: _preview(window, services, folder)),
        ("dark", lambda: _dark(window, folder)),
        ("forecast", lambda: _forecast(services)),
    ]


def _fill(window: MainWindow, services: Services) -> None:
    """An empty store gets the example shop."""
    if services.facts().empty:
        window.load_demo()
    wait_until_drawn(window)
    _expect(not services.facts().empty, "no data after loading the example shop")


def _draw(window: MainWindow, page: str, folder: Path) -> None:
    window.go(page)
    wait_until_drawn(window)
    save_widget(window, folder / f"window-{page}.png")


def _export(window: MainWindow, folder: Path) -> None:
    """The first drawn chart and the table in each format, and the page."""
    from csdesk.ui.page_document import save_pdf  # noqa: PLC0415  imported where the window would

    window.go("invites")
    wait_until_drawn(window)
    page = window.page
    _expect(isinstance(page, AnalysisPage), "the page is no analysis page")
    assert isinstance(page, AnalysisPage)  # noqa: S101  told to the type checker
    result: PageResult | None = page.presenter.result
    if result is None or result.empty is not None:
        raise AssertionError("the page has no numbers")
    for name, source in (("chart", result.charts[0]), ("table", result.tables[0])):
        for kind in _FORMATS:
            target = folder / f"{name}.{kind}"
            page.exporter.save_chart(source, target, result)
            _expect(target.stat().st_size > 0, f"{target.name} is empty")
    save_pdf(result, folder / "page.pdf")


def _preview(window: MainWindow, services: Services, folder: Path) -> None:
    """The blank template goes through the reader's child process and the preview; nothing is written."""
    template, version = folder / "template.xlsx", services.data_version()
    services.save_template(template)
    window.take_files([template])
    wait_until_drawn(window)
    save_widget(window, folder / "window-preview.png")
    window.escape()
    wait_until_drawn(window)
    _expect(services.data_version() == version, "the preview wrote to the store")


def _dark(window: MainWindow, folder: Path) -> None:
    window.toggle_theme()
    _draw(window, "overview", folder)
    window.toggle_theme()


def _forecast(services: Services) -> None:
    """The model's library is there and works; nothing else loads it."""
    state = services.planning.forecast(Filter()).state
    _expect(state in {"shown", "not_better"}, f"the forecast is {state}")


def _expect(true: object, otherwise: str) -> None:
    if not true:
        raise AssertionError(otherwise)
