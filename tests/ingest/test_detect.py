"""Every layout is recognised by its own headers, and no other one takes them."""

from __future__ import annotations

import random
import tomllib

import pytest

from csdesk.ingest.detect import LayoutMatch, Unrecognised, recognise
from csdesk.ingest.layouts import Layout, catalogue
from csdesk.metrics.declaration import SOURCE_TITLES
from csdesk.settings.paths import resource_path

each = pytest.mark.parametrize("layout", catalogue().layouts, ids=lambda layout: layout.id)


def own_headers(layout: Layout) -> list[str]:
    """The surest spelling of every required field, then the headers its file calls its own."""
    declared = tomllib.loads(resource_path("layouts", f"{layout.id}.toml").read_text(encoding="utf-8"))
    surest: dict[str, tuple[int, str]] = {}
    for word, alias in layout.vocabulary.aliases.items():
        surest[alias.field] = min(surest.get(alias.field, (alias.rank, word)), (alias.rank, word))
    required = [surest[name][1] for name in sorted(layout.required)]
    return list(dict.fromkeys([*required, *declared.get("signature", []), *declared.get("words", [])]))


def recognised(headers: list[str], file_name: str) -> str:
    found = recognise([(1, headers), (2, [1.0] * len(headers))], "Sheet1", file_name)
    assert isinstance(found, LayoutMatch), found
    return found.layout.id


@each
def test_a_layout_wins_with_its_own_headers_and_name(layout: Layout) -> None:
    assert recognised(own_headers(layout), f"{(*layout.file_name, '表')[0]}.xlsx") == layout.id


@each
def test_the_order_of_columns_does_not_matter(layout: Layout) -> None:
    headers = own_headers(layout)
    random.Random(7).shuffle(headers)
    assert recognised(headers, f"{(*layout.file_name, '表')[0]}.xlsx") == layout.id


def test_a_list_of_something_else_is_none_of_them() -> None:
    headers = ["书名", "作者", "出版社", "页数"]
    found = recognise([(1, headers), (2, ["a", "b", "c", 1.0])], "Sheet1", "书单.xlsx")
    assert isinstance(found, Unrecognised)


def test_what_the_owner_said_is_taken() -> None:
    wanted = catalogue().by_id["kuaishou_agents"]
    found = recognise([(1, ["客服", "咨询人数"]), (2, ["小一", 3.0])], "Sheet1", "表.xlsx", wanted=wanted)
    assert isinstance(found, LayoutMatch)
    assert found.layout is wanted


@each
def test_a_source_of_numbers_has_a_name_for_the_screen(layout: Layout) -> None:
    assert layout.kind not in ("report", "sessions") or layout.source in SOURCE_TITLES
