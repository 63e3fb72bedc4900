"""``windows`` on the command line: what holds, setting and taking back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.metrics.rows.windows import Windows
from csdesk.metrics.window_book import NAMES, WindowBook
from csdesk.settings.store import Settings
from tests.commands.conftest import Answer

Cli = Callable[..., Answer]


def test_set_list_and_reset(cli: Cli) -> None:
    assert cli("windows", "set", "answer_within", "60", "--platform", "taobao").code == 0
    listed = {(one["name"], one["platform"]): one for one in cli("windows", "--json").json["windows"]}
    mine = listed["answer_within", "taobao"]
    assert (mine["value"], mine["default"], mine["own"]) == ("60", "180", True)
    assert listed["answer_within", "douyin"]["own"] is False
    assert {name for name, _ in listed} == set(NAMES)
    assert all(one["title"] and one["unit"] and one["source"] for one in listed.values())
    assert "60 秒" in cli("windows").out
    assert cli("windows", "reset", "answer_within").code == 0
    assert not any(one["own"] for one in cli("windows", "--json").json["windows"])
    assert cli("windows", "set", "nothing", "1").code == 1


def test_what_is_set_holds_at_once(tmp_path: Path) -> None:
    book = WindowBook(Settings(tmp_path))
    assert book.in_force() == Windows()
    book.set("answer_within", "30")
    book.set("answer_within", "90", Platform.JD)
    book.set("response_edges", "30，90")
    book.set("return_hours", "24")
    book.set("reply_hours", "12.5")
    found = book.in_force()
    assert (found.answer_limit(Platform.TAOBAO), found.answer_limit(Platform.JD)) == (30, 90)
    assert (found.edges, found.return_hours, found.reply_hours) == ((30, 90), 24, 12.5)
    assert WindowBook(Settings(tmp_path)).in_force() == found
    for name in NAMES:
        book.reset(name)
    assert book.in_force() == Windows()


@pytest.mark.parametrize(
    ("name", "text"),
    [("answer_within", "0"), ("answer_within", "abc"), ("response_edges", "90,30"), ("response_edges", "1,,2"),
     ("return_hours", "1.5"), ("return_hours", "9999"), ("check_pass", "101"), ("return_days", "nan")],
)  # fmt: skip
def test_figures_that_make_no_sense(tmp_path: Path, name: str, text: str) -> None:
    book = WindowBook(Settings(tmp_path))
    with pytest.raises(UserFault):
        book.set(name, text)
    with pytest.raises(UserFault):
        book.set("return_hours", "24", Platform.JD)
    assert book.in_force() == Windows()
