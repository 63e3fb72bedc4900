"""Where things are: the program's own resources, and the owner's data folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

DATA_DIR_VARIABLE = "CSDESK_DATA"


def resource_path(*parts: str) -> Path:
    """A file or folder under ``resources/``, from source and in the frozen program alike."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root.joinpath("resources", *parts)


def default_data_dir() -> Path:
    """The per-user data folder (not created): %LOCALAPPDATA%/CSDesk, ~/.local/share/csdesk, …"""
    named = os.environ.get(DATA_DIR_VARIABLE)
    if named:
        return Path(named)
    import platformdirs  # noqa: PLC0415  (only when nobody named a folder: keeps start-up cheap)

    return Path(platformdirs.user_data_dir("CSDesk" if sys.platform == "win32" else "csdesk", appauthor=False))
