"""``events`` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.commands.conftest import Answer

Cli = Callable[..., Answer]


def test_add_list_remove(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    made = cli("events", "add", "店庆", "2026-03-01", "2026-03-02", "--shop", "木林森旗舰店", "--json").json
    assert cli("events", "add", "停电", "2026-03-02", "--kind", "other", "--note", "半天").code == 0
    listed = cli("events", "--from", "2026-03-01", "--to", "2026-03-31", "--json").json
    assert [(one["name"], one["from"], one["to"], one["kind"], one["shop"]) for one in listed["events"]] == [
        ("店庆", "2026-03-01", "2026-03-02", "promotion", "木林森旗舰店"),
        ("停电", "2026-03-02", "2026-03-02", "other", None),
    ]  # fmt: skip
    assert [one["name"] for one in listed["calendar"]] == ["38节"]
    assert "停电" in cli("events").out
    assert cli("events", "remove", str(made["id"])).code == 0
    assert cli("events", "remove", str(made["id"])).code == 1
    assert [one["name"] for one in cli("events", "--json").json["events"]] == ["停电"]


def test_what_is_wrong_is_said(cli: Cli) -> None:
    assert cli("events", "add", "店庆", "2026-03-05", "2026-03-01").code == 2
    assert cli("events", "add", "店庆", "三月").code == 2
    assert cli("events", "add", "店庆", "2026-03-05", "--shop", "没有").code == 1
