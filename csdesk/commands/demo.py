"""``csdesk-cli demo``: the example shop."""

from __future__ import annotations

import argparse

from csdesk.bootstrap import open_services, yesterday
from csdesk.commands.output import print_json, say
from csdesk.ingest.model import Status


def demo(options: argparse.Namespace) -> int:
    """Generate the example shop's files and import them (or only write them, or remove what was imported)."""
    last_day = options.last_day or yesterday()
    if options.files_only:
        from csdesk.demo import generate

        options.files_only.mkdir(parents=True, exist_ok=True)
        files = generate(
            options.files_only, agents=options.agents, days=options.days, seed=options.seed, last_day=last_day
        )
        if options.json:
            print_json({"files": [str(file) for file in files]})
        else:
            print(f"写了 {len(files)} 个文件到 {options.files_only}")
        return 0
    with open_services(options) as services:
        if options.remove:
            services.remove_demo()
            if options.json:
                print_json({"removed": True})
            else:
                print("示例数据已移除。")
            return 0
        plans = services.add_demo(agents=options.agents, days=options.days, seed=options.seed, last_day=last_day)
        services.after_writing()
    failed = [plan for plan in plans if plan.status not in (Status.IMPORTED, Status.DUPLICATE)]
    for plan in failed:
        say(f"{plan.path}: {plan.message}")
    if options.json:
        from csdesk.ingest.report import files_json

        print_json({"files": files_json(plans, dry_run=False)})
    else:
        print(f"示例店铺已导入：{len(plans)} 个文件。")
    return 1 if failed else 0
