"""``csdesk-cli staffing``: by what 排班建议 is reckoned."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_done, print_json, print_table

if TYPE_CHECKING:
    from csdesk.analysis.planning.rules import Choice


def staffing(options: argparse.Namespace) -> int:
    """``staffing``: every setting with its default and its limits."""
    from csdesk.analysis.planning.rules import choices

    with open_services(options) as services:
        listed = choices(services.settings)
    if options.json:
        print_json({"staffing": [asdict(one) for one in listed]})
        return 0
    print_table(
        ("名字", "是什么", "现在", "默认", "范围"),
        [
            (one.name, one.title, _written(one.value, one), _written(one.default, one), f"{one.low:g}–{one.high:g}")
            for one in listed
        ],
    )
    return 0


def change(options: argparse.Namespace) -> int:
    """``staffing set|reset``."""
    from csdesk.analysis.planning.rules import choose

    with open_services(options) as services:
        value = options.value if options.action == "set" else None
        chosen = choose(services.settings, options.name, value)
    text = f"{chosen.title}：{_written(chosen.value, chosen)}。"
    return print_done(text, as_json=options.json)


def _written(value: float, choice: Choice) -> str:
    return "按实测" if value == choice.default == 0 else f"{value:g}"
