"""The smallest PySide6 program: what any window costs before we add something."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLabel

if __name__ == "__main__":
    application = QApplication(sys.argv)
    label = QLabel("CSDesk")
    label.resize(1200, 800)
    label.show()
    sys.exit(application.exec())
