"""Starting the window: application, translation, log hooks, theme, first picture on the screen soon."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from csdesk.settings.options import THEME
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.notices import NoticeBoard
from csdesk.ui.pages.registry import PAGES
from csdesk.ui.services import Services
from csdesk.ui.theme.icons import app_icon

_log = logging.getLogger("csdesk.ui")
_OFFSCREEN_CANNOT = "This plugin does not support"  # said of every window that is shown without a screen
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def make_application(arguments: Sequence[str] = ("csdesk",)) -> QApplication:
    """The one QApplication, in Chinese; an existing one is taken as it is."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(list(arguments))
    app.setApplicationName("CSDesk")
    app.setApplicationDisplayName("客服数据台")
    app.setDesktopFileName("csdesk")
    app.setWindowIcon(app_icon())
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    _translate(app)
    return app


def _translate(app: QApplication) -> None:
    """Qt's own words (OK, Cancel, the file dialog) in Chinese."""
    translator = QTranslator(app)
    bundle = getattr(sys, "_MEIPASS", "")
    folders = [QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)]
    if bundle:
        folders.insert(0, str(Path(bundle, "PySide6", "Qt", "translations")))
    if any(translator.load("qtbase_zh_CN", folder) for folder in folders):
        app.installTranslator(translator)


def install_hooks() -> None:
    """What nobody catches goes to the log: Python errors of any thread, Qt's messages."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.critical("uncaught error", exc_info=(kind, error, trace))

    def in_thread(details: threading.ExceptHookArgs) -> None:
        if details.exc_value is not None:
            _log.critical("uncaught error in %s", details.thread, exc_info=details.exc_value)

    def qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        _log.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt: %s (%s)", text, context.category)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    qInstallMessageHandler(qt_message)


def open_main_window(services: Services, look: Look, notices: NoticeBoard | None = None) -> MainWindow:
    """The window on these services, not yet shown."""
    return MainWindow(services, look, notices or NoticeBoard(), PAGES)


def run(
    services: Services, *, files: Sequence[Path] = (), demo: bool = False, notices: NoticeBoard | None = None
) -> int:
    """Open the window and stay until it is closed. ``files`` are shown in the preview; ``demo`` = with example data."""
    app = make_application(sys.argv[:1] or ["csdesk"])
    install_hooks()
    look = Look(app, services.settings.get(THEME))
    window = open_main_window(services, look, notices)
    window.show()
    if files:
        QTimer.singleShot(0, window, lambda: window.take_files(list(files)))
    elif demo and window.filter.facts.empty:
        QTimer.singleShot(0, window, window.load_demo)
    return app.exec()


@contextmanager
def headless() -> Iterator[QApplication]:
    """An application for drawing pictures without a display."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    def without_noise(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if text.startswith(_OFFSCREEN_CANNOT):
            return
        if previous is None:
            _log.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
        else:
            previous(kind, context, text)

    previous = qInstallMessageHandler(without_noise)
    try:
        app = make_application()
        yield app
        app.processEvents()
    finally:
        qInstallMessageHandler(previous)
