"""Commands about how good the data are: ``check`` and ``outliers``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_json, print_table, say
from csdesk.errors import WrongUsage

if TYPE_CHECKING:
    from csdesk.analysis.quality.frame import Quality

_RULES = {"": "未定", "keep": "保留", "exclude": "不计入", "cap": "截到上限"}


def check(options: argparse.Namespace) -> int:
    """``csdesk-cli check``: 0 if the data file is sound. What only needs a look is a warning and no fault."""
    from csdesk.analysis.quality.json import quality_json, warnings

    with open_services(options) as services:
        faults = services.check()
        damaged = any(kind == "integrity" for kind, _ in faults)
        quality = None if damaged else services.quality.look()
    problems: list[dict[str, object]] = [{"kind": kind, "text": text, "severity": "error"} for kind, text in faults]
    problems += [] if quality is None else warnings(quality)
    if options.json:
        found = None if quality is None else quality_json(quality)
        print_json({"ok": not faults, "problems": problems, "quality": found})
        return 1 if faults else 0
    for problem in problems:
        say(str(problem["text"]))
    if not faults:
        print("数据文件完好。" + (f"有 {len(problems)} 处值得看一眼，见上。" if problems else ""))
        _print_quality(quality)
    return 1 if faults else 0


def _print_quality(quality: Quality | None) -> None:
    if quality is None:
        return
    gaps = [one for one in quality.missing if not one.meaning and one.losses]
    if gaps:
        print_table(
            ("缺失", "列", "总行数", "缺少", "影响的指标"),
            [
                (one.source, one.title, one.rows, one.lacking + one.empty + one.late,
                 "、".join(f"{loss.name} 少 {loss.rows} 行" for loss in one.losses))
                for one in gaps
            ],
        )  # fmt: skip
    if quality.odd:
        print_table(
            ("异常值", "来自", "条数", "规则"),
            [(one.title, one.source, one.count, _RULES[one.decided]) for one in quality.odd],
        )


def outliers(options: argparse.Namespace) -> int:
    """``csdesk-cli outliers``: odd values and the rules about them; ``--set ID --rule R`` decides."""
    if (options.set is None) is not (options.rule is None):
        raise WrongUsage(
            "--set 和 --rule 要一起写。", "例如：outliers --set session:first_response:long:0::0 --rule cap"
        )
    from csdesk.analysis.quality.json import quality_json

    with open_services(options) as services:
        if options.set is not None:
            services.quality.decide(options.set, None if options.rule == "none" else options.rule)
            services.after_writing()
        quality = services.quality.look()
    if options.json:
        print_json({"outliers": quality_json(quality)["outliers"]})
    else:
        print_table(
            ("编号", "异常值", "来自", "条数", "上限", "规则"),
            [(one.id, one.title, one.source, one.count, one.limit, _RULES[one.decided]) for one in quality.odd],
        )
    return 0
