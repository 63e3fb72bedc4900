"""``csdesk-cli windows``: how long things may take and still count."""

from __future__ import annotations

import argparse

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_done, print_json, print_table
from csdesk.domain.platforms import Platform


def windows(options: argparse.Namespace) -> int:
    """``windows``: every setting with its default and where that comes from."""
    with open_services(options) as services:
        listed = services.windows.listed()
    if options.json:
        print_json({
            "windows": [
                {
                    "name": one.name, "title": one.title, "platform": one.platform, "value": one.value,
                    "default": one.default, "unit": one.unit, "own": one.own, "source": one.source,
                }
                for one in listed
            ]
        })  # fmt: skip
        return 0
    print_table(
        ("名字", "意思", "平台", "现在", "默认", "默认从哪来"),
        [
            (
                one.name, one.title, one.platform.short if one.platform else "", f"{one.value} {one.unit}",
                f"{one.default} {one.unit}", one.source,
            )
            for one in listed
        ],
    )  # fmt: skip
    return 0


def change(options: argparse.Namespace) -> int:
    """``windows set|reset``."""
    platform = Platform(options.platform) if options.platform else None
    with open_services(options) as services:
        if options.action == "reset":
            services.windows.reset(options.name, platform)
            text = "已恢复默认。"
        else:
            services.windows.set(options.name, options.value, platform)
            text = f"{options.name} 定为 {options.value}。"
    return print_done(text, as_json=options.json)
