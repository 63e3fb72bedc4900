"""The log: a rotating file in the data folder, personal data masked, crashes of C code included."""

from __future__ import annotations

import faulthandler
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from csdesk.safety.masking import mask_text

LOG_FOLDER = "logs"
_LOG_FILE = "csdesk.log"
_CRASH_FILE = "crash.log"
_BYTES, _KEPT = 1_000_000, 3


class MaskingFormatter(logging.Formatter):
    """Formats as usual, then masks phones, e-mails and the like in message and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The masked line."""
        return mask_text(super().format(record)) or ""


def start_log(data_dir: Path) -> None:
    """Log to ``data_dir/logs``; to stderr alone where that folder cannot be written.

    In a windowed build stdout and stderr are None, so this comes before anything that may print.
    """
    handlers: list[logging.Handler] = []
    try:
        folder = data_dir / LOG_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        handlers.append(
            RotatingFileHandler(folder / _LOG_FILE, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
        )
        # Kept open on purpose: faulthandler writes to it when nothing else works any more.
        faulthandler.enable((folder / _CRASH_FILE).open("a", encoding="utf-8"))
    except OSError:
        if sys.stderr is not None:
            faulthandler.enable()
    if sys.stderr is not None:
        handlers.append(logging.StreamHandler())
        handlers[-1].setLevel(logging.WARNING)
    for handler in handlers:
        handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)
