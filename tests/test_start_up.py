"""What may not be loaded at start, looked at in a fresh interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("PySide6", "shiboken6", "pyqtgraph", "pandas", "scipy", "statsmodels", "openpyxl", "numpy", "python_calamine")


def loaded_by(statement: str) -> set[str]:
    """Top-level names in ``sys.modules`` after ``statement``."""
    probe = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    return set(answer.stdout.split())


def test_the_command_line_starts_light() -> None:
    assert loaded_by("import csdesk.cli").isdisjoint(HEAVY)


def test_the_probe_sees_what_is_loaded() -> None:
    assert "openpyxl" in loaded_by("import openpyxl")


@pytest.mark.parametrize("module", ["csdesk.ingest.readers.worker", "csdesk.demo", "csdesk.store.database"])
def test_rooms_without_pictures_load_no_qt(module: str) -> None:
    assert loaded_by(f"import {module}").isdisjoint({"PySide6", "pyqtgraph", "pandas", "scipy", "openpyxl"})


def test_the_frame_of_the_window_waits_for_no_charts() -> None:
    assert loaded_by("import csdesk.ui.app").isdisjoint({"pyqtgraph", "numpy", "pandas", "openpyxl"})


def test_no_module_that_does_not_draw_loads_qt() -> None:
    rooms = ("analysis", "bootstrap", "charts.catalogue", "commands", "ingest", "jobs", "metrics", "settings", "store")
    walk = f"""
import importlib, pkgutil
for room in {rooms!r}:
    module = importlib.import_module("csdesk." + room)
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), module.__name__ + "."):
        importlib.import_module(found.name)
"""
    assert loaded_by(walk).isdisjoint({"PySide6", "pyqtgraph"})


@pytest.mark.parametrize(("given", "found"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")], ids=["ours", "owner's"])
def test_linear_algebra_keeps_to_one_thread(given: dict[str, str], found: str) -> None:
    without = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    probe = "import csdesk.stats, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    answer = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, env=without | given, check=True
    )
    assert answer.stdout.strip() == found


def test_what_a_page_brought_along_is_not_searched_for_garbage_again(tmp_path: Path) -> None:
    probe = f"""
import gc
from contextlib import closing
from datetime import date
from pathlib import Path
from csdesk.analysis.frame import PageRequest
from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
with closing(Services(Path({str(tmp_path)!r}))) as services:
    counts = []
    for page in ("overview", "overview", "agents"):
        services.page(page, PageRequest(Filter()))
        counts.append(gc.get_freeze_count())
    print(counts[0] > 10_000, counts[1] <= counts[0], counts[2] > counts[1])
"""
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.split() == ["True", "True", "True"]


def test_an_answer_goes_with_its_last_reference(tmp_path: Path) -> None:
    probe = f"""
import gc
from contextlib import closing
from datetime import date
from pathlib import Path
from csdesk.analysis.frame import PageRequest
from csdesk.analysis.pages import PAGES
from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
week = PageRequest(Filter(Period(date(2026, 6, 8), date(2026, 6, 14))))
with closing(Services(Path({str(tmp_path)!r}))) as services:
    services.add_demo(agents=3, days=21, last_day=date(2026, 6, 14))
    for page in PAGES:
        services.page(page, week)
        services.forget_results()
    gc.collect()
    gc.disable()
    for page in PAGES:
        services.page(page, week)
        services.forget_results()
        print(gc.collect())
"""
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=120)
    assert max(map(int, answer.stdout.split())) < 100, "rings of references keep answers until garbage is searched for"
