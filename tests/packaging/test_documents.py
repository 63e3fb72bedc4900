"""The documents are true to the code: every path, command and option they name is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from csdesk.cli import _parser

REPO = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    REPO / "README.md",
    REPO / "CONTRIBUTING.md",
    REPO / "CHANGELOG.md",
    *sorted((REPO / "docs").rglob("*.md")),
]
MADE_WHEN_NEEDED = ("out/", "dist/", "build/", ".venv/")
ROOTS = (REPO, REPO / "csdesk", REPO / "csdesk" / "ingest", REPO / "csdesk" / "charts" / "plot", REPO / "docs" / "adr")

each = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def named_paths(text: str) -> list[str]:
    """What stands between backticks and looks like a path: with a slash, or a file of ours."""
    spans = re.findall(r"`([\w./-]+)`", text)
    paths = [span for span in spans if "/" in span or span.endswith((".py", ".toml", ".md", ".txt"))]
    return [path for path in paths if not path.startswith(MADE_WHEN_NEEDED)]


def exists(path: str) -> bool:
    places = (*ROOTS, REPO / "resources" / "layouts")
    return any((root / path).exists() for root in places)


@each
def test_paths_exist(document: Path) -> None:
    assert [path for path in named_paths(document.read_text(encoding="utf-8")) if not exists(path)] == []


@each
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@each
def test_modules_exist(document: Path) -> None:
    """``csdesk.room.module`` leads to a file, a name inside it may follow."""
    for name in re.findall(r"`(csdesk(?:\.[a-z_]+)+)`", document.read_text(encoding="utf-8")):
        parts = name.split(".")
        places = [REPO.joinpath(*parts[:depth]) for depth in (len(parts), len(parts) - 1)]
        assert any(place.is_dir() or place.with_suffix(".py").is_file() for place in places if place != REPO), name


def test_the_probe_sees_what_is_missing() -> None:
    assert named_paths("`csdesk/nowhere.py` and `out/x`") == ["csdesk/nowhere.py"]
    assert not exists("csdesk/nowhere.py")


def test_command_lines_of_the_readme_can_be_parsed() -> None:
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"csdesk-cli ([a-z].*)", "\n".join(re.findall(r"```.*?```", readme, re.DOTALL)))
    assert len(lines) > 10
    for line in lines:
        _parser().parse_args(shlex.split(line, comments=True))


def test_every_command_is_in_the_readme() -> None:
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    ([a-z]+) ", _parser().format_help(), re.MULTILINE)
    assert len(commands) > 10
    assert [command for command in commands if f"csdesk-cli {command}" not in readme] == []
