"""Writes settings without end until it is killed: ``python -m tests.kills.settings_child DATA_DIR``."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from csdesk.settings.options import COLUMN_WIDTHS
from csdesk.settings.store import Settings

WIDE = 400


def main(data_dir: str) -> None:
    settings = Settings(Path(data_dir))
    for number in count():
        settings.set(COLUMN_WIDTHS, {str(column): str(number) for column in range(WIDE)})


if __name__ == "__main__":
    main(*sys.argv[1:])
