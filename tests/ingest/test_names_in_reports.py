"""Names of agents in reports are those of session rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from csdesk.ingest import cells
from csdesk.ingest.reports import _name_text


@pytest.mark.parametrize(
    "cell",
    ["小美\u200b", "\ufeff小美", "👩\u200d💻阿杰", '="云间小铺:小美"', "  小美 ", "小\u00ad美", "Ａ组小美", "12"],
)
def test_characters_nobody_sees_make_no_second_person(cell: str) -> None:
    column = cast("Any", SimpleNamespace(index=0))
    assert _name_text([cell], column) == cells.read_text(cell).value


@pytest.mark.parametrize("cell", ["", "  ", "\u200b", "-", None])
def test_nobody_is_nobody(cell: str | None) -> None:
    assert _name_text([cell], cast("Any", SimpleNamespace(index=0))) == ""
