"""``csdesk-cli chart``: a file says the same as one saved from the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from tests.commands.conftest import Answer

DAY = ("--from", "2026-03-02", "--to", "2026-03-02")


def test_a_workbook_of_a_chart_carries_filter_and_definitions(
    cli: Callable[..., Answer], chitu: Path, tmp_path: Path
) -> None:
    assert cli("import", chitu).code == 0
    out = tmp_path / "图.xlsx"
    assert cli("chart", "invites.agents", "--out", out, *DAY).code == 0
    notes = [str(row[0].value or "") for row in load_workbook(out)["说明"].iter_rows()]
    assert any(note.startswith("2026-03-02") for note in notes)
    assert any(note.startswith("评价率：") for note in notes)


def test_a_picture_carries_the_filter(cli: Callable[..., Answer], chitu: Path, tmp_path: Path) -> None:
    cli("import", chitu)
    out = tmp_path / "图.svg"
    assert cli("chart", "invites.agents", "--out", out, *DAY).code == 0
    words = out.read_text(encoding="utf-8")
    assert "2026-03-02" in words
    assert "评价率：" not in words


def test_an_unknown_chart_and_an_unknown_ending_are_refused(cli: Callable[..., Answer], tmp_path: Path) -> None:
    answer = cli("chart", "nothing.here", "--out", tmp_path / "图.csv")
    assert answer.code == 1
    assert "csdesk-cli charts" in answer.err
    assert cli("chart", "invites.agents", "--out", tmp_path / "图.bmp").code == 1
    assert list(tmp_path.glob("图*")) == []
