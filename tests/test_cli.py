"""What the command line offers is what the program has; it keeps lists of its own so that it starts light."""

from __future__ import annotations

import importlib
from argparse import ArgumentParser, _SubParsersAction

import pytest

from csdesk import cli
from csdesk.analysis.pages import PAGES
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import By
from csdesk.settings.theme import THEMES


def commands() -> dict[str, ArgumentParser]:
    actions = cli._parser()._actions
    found: dict[str, ArgumentParser] = next(a for a in actions if isinstance(a, _SubParsersAction)).choices
    return found


def test_its_lists_are_those_of_the_program() -> None:
    assert set(cli.PLATFORMS) == {str(platform) for platform in Platform}
    assert set(cli.GROUPINGS) == {str(by) for by in By}
    assert list(cli.PAGES) == [*PAGES, "data"]
    assert cli.THEMES == THEMES


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_leads_somewhere(name: str) -> None:
    module, _, function = commands()[name].get_default("run").partition(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize(
    "arguments",
    [["page", "invites"], ["page", "x", "--out", "a.png"], ["metrics", "--from", "2026-13-01"], ["nothing"]],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == cli.USAGE
    assert capsys.readouterr().out == ""
