"""The house rules that a linter cannot say: every room is in the contract, and no module grows too long."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[1]
PACKAGE = REPO / "csdesk"
MOST_LINES = 600


def contracts() -> list[dict[str, Any]]:
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


def layer_names() -> set[str]:
    layers = next(contract["layers"] for contract in contracts() if contract["type"] == "layers")
    return {name.strip() for layer in layers for name in layer.split("|")}


def module_names() -> list[str]:
    names = []
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(REPO).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(names)


def is_empty_package(name: str) -> bool:
    init = REPO.joinpath(*name.split("."), "__init__.py")
    return init.is_file() and "import" not in init.read_text(encoding="utf-8")


def has_layer(name: str) -> bool:
    parents = {".".join(name.split(".")[:depth]) for depth in range(1, name.count(".") + 2)}
    return bool(parents & layer_names()) or is_empty_package(name)


def test_every_module_has_a_layer() -> None:
    """A new room must say where it stands, else the contract does not see it."""
    assert [name for name in module_names() if not has_layer(name)] == []


def test_modules_stay_small() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {str(path): length for path, length in lengths.items() if length >= MOST_LINES} == {}


def test_every_room_is_named_in_the_picture_of_the_house() -> None:
    picture = (REPO / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").is_file()]
    assert [room for room in rooms if f"`{room}/" not in picture] == []


@pytest.mark.parametrize("folder", ["csdesk/ui/pages", "csdesk/ui/pages/data"])
def test_every_page_and_section_is_kept_apart_from_the_others(folder: str) -> None:
    there = {f"{folder}/{place.name}".replace("/", ".") for place in (REPO / folder).iterdir() if place.is_dir()}
    apart = {name for contract in contracts() if contract["type"] == "independence" for name in contract["modules"]}
    assert {name for name in there if not name.endswith("__pycache__")} <= apart
