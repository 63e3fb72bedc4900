"""``csdesk-cli targets``: what numbers ought to reach, and the owner's word on it."""

from __future__ import annotations

import argparse

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_done, print_json, print_table
from csdesk.domain.platforms import Platform


def targets(options: argparse.Namespace) -> int:
    """``targets``: every target with its source, and what the platforms published."""
    from csdesk.metrics.definitions import METRICS
    from csdesk.metrics.target_book import platform_rules
    from csdesk.metrics.targets import written

    with open_services(options) as services:
        found = services.targets.listed()
    if options.json:
        print_json({
            "targets": [
                {
                    "metric": one.target.metric, "name": METRICS[one.target.metric].name, "platform": one.platform,
                    "value": one.target.value, "source": one.target.source, "own": one.target.own,
                    "default": one.default.value if one.default else None,
                }
                for one in found
            ],
            "rules": [
                {
                    "platform": rule.platform, "metric": rule.metric, "title": rule.title, "since": str(rule.since),
                    "days": rule.days, "value": rule.value, "applies": rule.applies, "note": rule.note,
                    "source": rule.source,
                }
                for rule in platform_rules()
            ],
        })  # fmt: skip
        return 0
    print_table(
        ("指标", "平台", "目标", "来源"),
        [
            (METRICS[one.target.metric].name, _where(one.platform), written(one.target), one.target.source)
            for one in found
        ],
    )
    print("\n平台公布过的（不是目标，供参考）：")
    print_table(
        ("平台", "数字", "线", "用在", "从哪天起", "来源"),
        [
            (
                rule.platform.short, rule.title, "没有公布" if rule.value is None else f"{rule.value:.0%}",
                rule.applies or f"近 {rule.days} 天考核", rule.since, rule.source,
            )
            for rule in platform_rules()
        ],
    )  # fmt: skip
    return 0


def change(options: argparse.Namespace) -> int:
    """``targets set|clear``."""
    from csdesk.metrics.targets import written

    platform = Platform(options.platform) if options.platform else None
    with open_services(options) as services:
        if options.action == "clear":
            services.targets.clear(options.metric, platform)
            text = "已收回，按默认的来。"
        else:
            target = services.targets.set(options.metric, options.value, platform)
            text = f"目标定为 {written(target)}（{_where(platform)}）。"
    return print_done(text, as_json=options.json)


def _where(platform: Platform | None) -> str:
    return platform.label if platform else "全部平台"
