"""A page of the window as a picture: the real window, drawn without a screen."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from csdesk.analysis.frame import PageRequest, Tone
from csdesk.errors import UserFault
from csdesk.settings.files import write_atomically
from csdesk.ui.app import make_application, open_main_window
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.registry import PAGES
from csdesk.ui.selection import Preset, Selection
from csdesk.ui.services import Services
from csdesk.ui.widget_picture import picture_of, png_of

_PATIENCE_SECONDS = 120.0


def page_picture(
    services: Services, page_id: str, request: PageRequest | None = None, *,
    size: tuple[int, int] = (1440, 900), theme: str = "light",
) -> QImage:  # fmt: skip
    """The window showing ``page_id`` for ``request`` (None = as the window opens), at twice ``size`` in pixels.

    The owner's settings (size of the window, period) stay as they are.

    Raises UserFault for an unknown page, when the page is not ready within two minutes, and when it could not be
    computed: a picture of an error is no picture of the page.
    """
    places = [place for info in PAGES for place in (info.id, *(f"{info.id}/{part}" for part in info.parts))]
    if page_id not in places:
        raise UserFault(f"没有叫“{page_id}”的页面。", f"有这些：{'、'.join(places)}。")
    with services.settings.untouched():
        return _drawn(services, page_id, request, size, theme)


def _drawn(
    services: Services, page_id: str, request: PageRequest | None, size: tuple[int, int], theme: str
) -> QImage:  # fmt: skip
    app = make_application()
    look = Look(app, theme)
    window = open_main_window(services, look)
    try:
        window.filter.learn(services.facts())
        if request is not None:
            window.filter.choose(_selection_of(request, window.filter.selection))
        window.resize(*size)
        window.setMinimumSize(0, 0)
        window.resize(*size)
        window.begin(page_id)
        window.show()
        wait_until_drawn(window)
        _refuse_failures(window)
        return picture_of(window)
    finally:
        window.close()
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def save_page(
    services: Services, page_id: str, request: PageRequest | None, path: Path, *,
    size: tuple[int, int] = (1440, 900), theme: str = "light",
) -> None:  # fmt: skip
    """Write :func:`page_picture` as PNG, atomically."""
    image = page_picture(services, page_id, request, size=size, theme=theme)
    write_atomically(path, png_of(image))


def wait_until_drawn(window: MainWindow) -> None:
    """Run the event loop until no work is left and the page shows its newest result."""
    until = time.monotonic() + _PATIENCE_SECONDS
    quiet = 0
    while quiet < 3:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        quiet = 0 if window.busy() else quiet + 1
        if window.busy():
            time.sleep(0.005)
        if time.monotonic() > until:
            raise UserFault("这一页两分钟还没有算完。", "缩短时间段再试。")


def _refuse_failures(window: MainWindow) -> None:
    for toast in window.toasts.toasts:
        if toast.notice.tone is Tone.BAD:
            raise UserFault(toast.notice.text, toast.notice.advice)


def _selection_of(request: PageRequest, before: Selection) -> Selection:
    chosen = request.selection
    if chosen.period is None:
        start = replace(before, preset=Preset.ALL)
    else:
        start = replace(before, preset=Preset.CUSTOM, custom=chosen.period)
    return replace(
        start,
        compare=request.compare,
        platform=chosen.platform,
        shops=chosen.shops,
        agents=chosen.agents,
        groups=chosen.groups,
        grain=request.grain,
    )
