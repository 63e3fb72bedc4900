"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # a machine without a display would end the whole run
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program has it; tests may load SciPy before csdesk

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Layout samples and hostile files kept beside the project; absent on a plain checkout."""
    folder = REPO.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder with layout samples and hostile files is not here")
    return folder
