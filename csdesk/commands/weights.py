"""``csdesk-cli weights``: what counts how much in the composite score of agents."""

from __future__ import annotations

import argparse

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_done, print_json, print_table


def weights(options: argparse.Namespace) -> int:
    """``weights``: every part with its weight, its scale and why it is there."""
    from csdesk.analysis.terms import title_of

    with open_services(options) as services:
        components = services.score_weights.components()
    total = sum(one.weight for one in components)
    if options.json:
        print_json({
            "weights": [
                {
                    "metric": one.metric, "name": title_of(one.metric), "weight": one.weight, "default": one.default,
                    "share": one.weight / total, "own": one.weight != one.default, "zero": one.zero, "full": one.full,
                    "of": "shop" if one.relative else "value", "reason": one.reason, "source": one.source,
                }
                for one in components
            ]
        })  # fmt: skip
        return 0
    print_table(
        ("指标", "权重", "占比", "默认", "为什么"),
        [
            (title_of(one.metric), f"{one.weight:g}", f"{one.weight / total:.0%}", f"{one.default:g}", one.reason)
            for one in components
        ],
    )
    return 0


def change(options: argparse.Namespace) -> int:
    """``weights set|reset``."""
    from csdesk.analysis.terms import title_of

    with open_services(options) as services:
        if options.action == "reset":
            services.score_weights.reset()
            text = "已恢复默认的权重。"
        else:
            services.score_weights.set(options.metric, options.weight)
            text = f"{title_of(options.metric)}的权重定为 {options.weight:g}。"
    return print_done(text, as_json=options.json)
