"""Versions, dependencies and scripts agree with each other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

import csdesk

REPO = Path(__file__).resolve().parents[2]


def project() -> dict[str, Any]:
    return tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = (REPO / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {plain(name): version for name, version in pairs}


def declared() -> list[str]:
    """Names as written in pyproject.toml, without their versions."""
    table = project()["project"]
    wanted = [*table["dependencies"], *(name for extra in table["optional-dependencies"].values() for name in extra)]
    return [re.split(r"[\s<>=!~;\[]", requirement)[0] for requirement in wanted]


def test_everything_declared_is_pinned() -> None:
    assert {plain(name) for name in declared()} - set(pins()) == set()


def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {plain(found.metadata["Name"]): found.version for found in distributions()}
    differing = {name: (version, installed[name]) for name, version in pins().items() if name in installed}
    assert {name: pair for name, pair in differing.items() if pair[0] != pair[1]} == {}


def test_constraints_name_no_index() -> None:
    assert not re.search(r"://|--", (REPO / "constraints.txt").read_text(encoding="utf-8"))


def test_the_changelog_knows_this_version() -> None:
    assert f"## {csdesk.__version__}" in (REPO / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_has_a_line_of_reason() -> None:
    reasons = (REPO / "docs" / "adr" / "0001-dependencies.md").read_text(encoding="utf-8")
    assert [name for name in declared() if f"**{name}**" not in reasons] == []


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts of the Linux build")
@pytest.mark.parametrize("script", [*sorted((REPO / "installer").glob("*.sh")), REPO / ".ci" / "run"], ids=str)
def test_scripts_parse_and_may_be_run(script: Path) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.name == "apt.sh" or os.access(script, os.X_OK)


def test_readme_commands_exist() -> None:
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", readme)) <= targets
