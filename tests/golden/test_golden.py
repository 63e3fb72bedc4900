"""Exports are what they were. A change on purpose is written down with ``make golden``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from csdesk.charts.plot.fonts import ensure_fonts
from tests.golden.dumps import can_dump, same
from tests.golden.files import CASES, FOLDER, SLACK, exported, golden_path


@pytest.fixture
def bundled_font(qapp: QApplication) -> Iterator[None]:
    """The shipped font, so that sizes do not depend on the machine's fonts."""
    before = QGuiApplication.font()
    ensure_fonts(force_bundled=True)
    yield
    qapp.setFont(before)


@pytest.mark.usefixtures("bundled_font")
@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name}.{kind}" for name, kind in CASES])
def test_export_is_what_it_was(name: str, kind: str, tmp_path: Path) -> None:
    if not can_dump(kind):
        pytest.skip("pdftotext is not installed: the words in the file are not read back")
    golden = golden_path(name, kind).read_text(encoding="utf-8")
    now = exported(name, kind, tmp_path)
    if not same(now, golden, slack=SLACK.get(kind, 0.0)):
        assert now.splitlines() == golden.splitlines(), "changed on purpose? `make golden`, then look at the diff"


def test_no_golden_file_is_left_over() -> None:
    assert set(FOLDER.glob("*.txt")) == {golden_path(name, kind) for name, kind in CASES}


def test_slack_is_for_places_only() -> None:
    assert same("text 10,20 size 12 #fff 'a'", "text 12,19 size 12 #fff 'a'", slack=3)
    assert not same("text 10,20 size 12 #fff 'a'", "text 16,20 size 12 #fff 'a'", slack=3)
    assert not same("text 10,20 size 12 #fff 'a'", "text 10,20 size 12 #fff 'b'", slack=3)
    assert not same("text 10,20 size 12 #fff 'a'", "text 10,20 size 12 #fff 'a'\nrole x", slack=3)
    assert not same("a,1", "a,2")
