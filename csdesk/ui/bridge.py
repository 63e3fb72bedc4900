"""Brings callbacks of the job lanes into the window's thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Bridge(QObject):
    """``deliver`` may be called in any thread; the call runs in this object's thread, in order.

    After :meth:`close` late callbacks are dropped: the widgets they would touch are gone.
    """

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run ``call`` in the window's thread, soon."""
        if self._open:
            self._posted.emit(call)

    def close(self) -> None:
        """Drop whatever still arrives."""
        self._open = False

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()
