"""``make golden``: write the golden files anew and say which changed. Look at the diff before committing it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from csdesk.charts.plot.fonts import ensure_fonts
from tests.golden.dumps import can_dump
from tests.golden.files import CASES, FOLDER, exported, golden_path


def main() -> int:
    """Write all of them; files of figures that are gone are removed."""
    _app = QApplication([])
    ensure_fonts(force_bundled=True)
    FOLDER.mkdir(exist_ok=True)
    wanted = {golden_path(name, kind) for name, kind in CASES}
    for path in sorted(set(FOLDER.glob("*.txt")) - wanted):
        path.unlink()
        print(f"gone     {path.name}")
    with tempfile.TemporaryDirectory() as scratch:
        for name, kind in CASES:
            path = golden_path(name, kind)
            if not can_dump(kind):
                print(f"skipped  {path.name}: pdftotext (poppler-utils) is not installed")
                continue
            before = path.read_text(encoding="utf-8") if path.exists() else None
            now = exported(name, kind, Path(scratch))
            if now != before:
                path.write_text(now, encoding="utf-8", newline="\n")
                print(f"{'changed' if before is not None else 'new'}  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
