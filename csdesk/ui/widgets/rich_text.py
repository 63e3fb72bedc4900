"""A sentence with emphasis that follows the theme."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from csdesk.analysis.frame import Run
from csdesk.ui.look import Look


def rich(runs: Sequence[Run], color: str) -> str:
    """The runs as rich text: the strong stretches bold, in ``color``."""
    return "".join(
        f'<span style="font-weight:700;color:{color}">{escape(run.text)}</span>' if run.strong else escape(run.text)
        for run in runs
    )


class RichLine(QLabel):
    """Shows runs; selectable, wrapping."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._runs: tuple[Run, ...] = ()
        self.setObjectName(name)
        self.setProperty("role", name)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        look.changed.connect(self._write)

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Show these."""
        self._runs = tuple(runs)
        self._write()

    def _write(self) -> None:
        self.setText(rich(self._runs, self._look.theme.color("text")))
