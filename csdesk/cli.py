"""The door without a window: ``csdesk-cli``. Parses the command line and hands over to :mod:`csdesk.commands`.

Nothing heavy is imported here; each command imports what it needs when it runs.
Exit codes: 0 done; 1 a file or step failed, the rest done; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from csdesk import __version__
from csdesk.errors import CsdeskError, WrongUsage

DONE, FAILED, USAGE = 0, 1, 2
READER_WORKER = "--reader-worker"
"""Hidden first argument that turns the program into the file reader's child process."""

PLATFORMS = ("taobao", "douyin", "pdd", "jd", "kuaishou")
GROUPINGS = (
    "agent", "group", "day", "week", "month", "hour", "weekday", "category", "product", "shop", "platform", "source",
)  # fmt: skip
PAGES = ("overview", "invites", "satisfaction", "response", "questions", "agents", "reviews", "customers", "data")
THEMES = ("light", "dark")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [READER_WORKER]:
        return run_reader_worker()
    _speak_utf8()
    options = _parser().parse_args(arguments)
    module, _, function = options.run.partition(":")
    command: Callable[[argparse.Namespace], int] = getattr(importlib.import_module(module), function)
    try:
        return command(options)
    except CsdeskError as fault:
        print(fault, file=sys.stderr)
        if getattr(options, "json", False):
            print(json.dumps({"error": str(fault)}, ensure_ascii=False))
        return USAGE if isinstance(fault, WrongUsage) else FAILED
    except BrokenPipeError:  # the reader of our output (a pager, head) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("已取消。已经导入完的文件保留，正在导入的没有写入。", file=sys.stderr)
        return FAILED


def run_reader_worker() -> int:
    from csdesk.ingest.readers import worker

    return worker.main()


def _speak_utf8() -> None:
    """Windows consoles and pipes default to a legacy code page that cannot hold every Chinese name."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="数据文件夹")
    json_out = argparse.ArgumentParser(add_help=False)
    json_out.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    span = argparse.ArgumentParser(add_help=False)
    span.add_argument("--from", dest="first", type=_day, metavar="D", help="开始日期，含当天")
    span.add_argument("--to", dest="last", type=_day, metavar="D", help="结束日期，含当天")
    scope = argparse.ArgumentParser(add_help=False)
    scope.add_argument("--platform", choices=PLATFORMS, help="平台")
    scope.add_argument("--shop", metavar="S", help="店铺")
    scope.add_argument("--agent", metavar="A", help="客服")
    scope.add_argument("--group", metavar="G,...", help="客服组")

    parser = argparse.ArgumentParser(
        prog="csdesk-cli", description="CSDesk 网店客服数据台（命令行）", parents=[shared], allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"CSDesk {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    def add(name: str, run: str, summary: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=summary, description=summary, parents=[shared, *parents], allow_abbrev=False
        )
        command.set_defaults(run=f"csdesk.commands.{run}")
        return command

    _add_data_commands(add, json_out)
    _add_number_commands(add, json_out, span, scope)
    _add_people_commands(add, json_out, span, scope)
    _add_owners_commands(add, json_out, span)
    return parser


_Add = Callable[..., argparse.ArgumentParser]


def _add_data_commands(add: _Add, json_out: argparse.ArgumentParser) -> None:
    command = add("import", "importing:import_files", "导入表格", json_out)
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="文件或文件夹")
    command.add_argument("--platform", choices=PLATFORMS, help="平台")
    command.add_argument("--shop", metavar="NAME", help="店铺")
    command.add_argument("--period", metavar="FROM..TO", help="时间段，如 2026-02-01..2026-02-28")
    command.add_argument("--mapping", metavar="NAME", help="按哪一种格式或列映射读，见 layouts")
    command.add_argument("--dry-run", action="store_true", help="只看会写入什么，不写")
    add("imports", "data:list_imports", "导入记录", json_out)
    command = add("undo", "data:undo", "撤销一次导入", json_out)
    command.add_argument("batch", type=int, metavar="BATCH", help="批次号，见 imports")
    command = add("rejected", "rows:rejected", "一次导入里退回的行", json_out)
    command.add_argument("batch", type=int, metavar="BATCH", help="批次号，见 imports")
    command.add_argument("--out", type=Path, metavar="F.(xlsx|csv)", help="存成表格，改好后可以再导入")
    command = add("changes", "rows:changes", "一次导入改了什么", json_out)
    command.add_argument("batch", type=int, metavar="BATCH", help="批次号，见 imports")
    command.add_argument("--limit", type=_positive, default=200, metavar="N", help="列出前 N 行")
    add("check", "quality:check", "检查数据文件和数据质量", json_out)
    command = add("outliers", "quality:outliers", "异常值和处理它们的规则", json_out)
    command.add_argument("--set", metavar="ID", help="给这一项定规则")
    command.add_argument("--rule", choices=("keep", "exclude", "cap", "none"), help="保留、不计入、截到上限、收回规则")
    add("layouts", "data:list_layouts", "认识哪些导出格式", json_out)
    command = add("template", "data:template", "存一份空白模板；不写 --out 就列出有哪些", json_out)
    command.add_argument("template", nargs="?", default="sessions", metavar="ID", help="哪一份，默认会话明细")
    command.add_argument("--out", type=Path, metavar="F.xlsx")
    command = add("enter", "entering:enter", "手工录入：从标准输入读一个 JSON 对象或列表", json_out)
    command.add_argument("kind", metavar="KIND", help="phone 电话回访、survey 满意度问卷、check 抽检")
    command = add("entries", "entering:entries", "手工录入过的内容", json_out)
    command.add_argument("kind", metavar="KIND", help="phone、survey、check")
    command.add_argument("--limit", type=_positive, default=500, metavar="N", help="最近多少条")
    command = add("demo", "demo:demo", "生成并导入示例店铺", json_out)
    command.add_argument("--agents", type=_positive, default=12, metavar="N", help="客服人数")
    command.add_argument("--days", type=_positive, default=120, metavar="N", help="天数")
    command.add_argument("--seed", type=int, default=7, metavar="N", help="随机种子")
    command.add_argument("--last-day", type=_day, default=None, metavar="D", help="最后一天，默认昨天")
    command.add_argument("--files-only", type=Path, metavar="DIR", help="只生成文件到这个文件夹，不导入")
    command.add_argument("--remove", action="store_true", help="移除示例数据")


def _add_number_commands(
    add: _Add, json_out: argparse.ArgumentParser, span: argparse.ArgumentParser, scope: argparse.ArgumentParser
) -> None:
    command = add("metrics", "numbers:metrics", "计算指标", json_out, span, scope)
    command.add_argument("--by", choices=GROUPINGS, help="按什么分组")
    command.add_argument("--metric", metavar="ID,...", help="只要这些指标")
    command = add("analyse", "numbers:analyse", "一页的分析结果", json_out, span, scope)
    command.add_argument("page", choices=PAGES[:-1], metavar="PAGE")
    command.add_argument("--compare", choices=("previous", "last-year"), help="和哪一段对比")
    command.add_argument("--grain", choices=("day", "week", "month"), help="走势按天、按周还是按月；不写就看时间长短")
    command.add_argument("--repeat", type=_positive, metavar="N", help="重复 N 次并给出用时")
    add("charts", "pictures:list_charts", "有哪些图", json_out)
    command = add("chart", "pictures:chart", "导出一张图或它的数据", span, scope)
    command.add_argument("chart", metavar="CHART_ID")
    command.add_argument("--out", type=Path, required=True, metavar="F.(png|svg|pdf|csv|xlsx)")
    command.add_argument("--theme", choices=THEMES, default="light")
    command = add("page", "pictures:page", "把一页画成图片", span, scope)
    command.add_argument("page", type=_place, metavar="PAGE", help="页，或页里的一栏，如 data/imports")
    command.add_argument("--out", type=Path, required=True, metavar="F.png")
    command.add_argument("--size", type=_size, default=(1440, 900), metavar="1440x900")
    command.add_argument("--theme", choices=THEMES, default="light")


def _add_people_commands(
    add: _Add, json_out: argparse.ArgumentParser, span: argparse.ArgumentParser, scope: argparse.ArgumentParser
) -> None:
    add("coverage", "coverage:coverage", "哪些天有数据，缺哪些天", json_out, span, scope)
    command = add("agents", "people:agents", "客服：名字、账号、分组，哪些是同一个人", json_out)
    command.add_argument("--shop", metavar="S", help="店铺")
    actions = _actions(command, "people:change_agents", json_out)
    for name, summary in (
        ("merge", "两个名字算作一个人"), ("refuse", "是两个人，不再提示"), ("allow", "取消“是两个人”"),
    ):  # fmt: skip
        two = actions(name, summary)
        two.add_argument("one", metavar="A", help="客服名（可以带店铺）或客服账号")
        two.add_argument("other", metavar="B", help="算作这一位" if name == "merge" else "另一位")
    actions("separate", "又单独计算").add_argument("one", metavar="A")
    kind = actions("kind", "是客服、机器人、主账号还是共用账号")
    kind.add_argument("one", metavar="A")
    kind.add_argument("kind", choices=("person", "robot", "main", "shared", "auto"))
    group = actions("group", "放进一个组", span)
    group.add_argument("one", metavar="A")
    group.add_argument("name", nargs="?", metavar="G", help="组名，如 售前、晚班")
    group.add_argument("--clear", action="store_true", help="不再按您分的组计算")
    command = add("shops", "people:shops", "店铺：名字和别的写法", json_out)
    actions = _actions(command, "people:change_shops", json_out)
    two = actions("merge", "两种写法算作一家店")
    two.add_argument("one", metavar="A")
    two.add_argument("other", metavar="B", help="算作这一家")
    actions("separate", "又是单独的一家店").add_argument("one", metavar="A")
    two = actions("rename", "改名")
    two.add_argument("one", metavar="A", help="现在的名字")
    two.add_argument("other", metavar="NEW", help="新的名字")


def _add_owners_commands(add: _Add, json_out: argparse.ArgumentParser, span: argparse.ArgumentParser) -> None:
    actions = _actions(
        add("targets", "targets:targets", "目标：每个数字要做到多少", json_out), "targets:change", json_out
    )
    for name, summary in (("set", "定一个目标"), ("clear", "收回，按默认的来")):
        command = actions(name, summary)
        command.add_argument("metric", metavar="METRIC", help="指标，如 satisfaction_rate")
        if name == "set":
            command.add_argument("value", metavar="VALUE", help="比率如 95%%，时长写秒数")
        command.add_argument("--platform", choices=PLATFORMS, help="只对这个平台")
    actions = _actions(
        add("weights", "weights:weights", "客服综合得分里各项的权重", json_out), "weights:change", json_out
    )
    command = actions("set", "改一项的权重，只看各项的比例")
    command.add_argument("metric", metavar="METRIC", help="指标，如 satisfaction_rate")
    command.add_argument("weight", type=float, metavar="W", help="权重，0 表示不算这一项")
    actions("reset", "恢复默认的权重")
    actions = _actions(
        add("staffing", "staffing:staffing", "排班建议按什么算：多少秒内回复、每人同时接待几个……", json_out),
        "staffing:change",
        json_out,
    )
    for name, summary in (("set", "改一个"), ("reset", "恢复默认")):
        command = actions(name, summary)
        command.add_argument("name", metavar="NAME", help="名字，如 within_seconds、chats_at_a_time")
        if name == "set":
            command.add_argument("value", type=float, metavar="VALUE", help="一个数，比例写 0.8")
    actions = _actions(
        add("windows", "windows:windows", "多久算及时、多久算没有再来：各种时限和区间", json_out),
        "windows:change",
        json_out,
    )
    for name, summary in (("set", "改一个"), ("reset", "恢复默认")):
        command = actions(name, summary)
        command.add_argument("name", metavar="NAME", help="名字，如 answer_within、return_hours")
        if name == "set":
            command.add_argument("value", metavar="VALUE", help="一个数；区间边界写 60,180,300,600")
        command.add_argument("--platform", choices=PLATFORMS, help="只对这个平台（answer_within）")
    summary = "不同寻常的日子：自己的活动、放假；写了 --from、--to 就连大促和节假日一起列"
    actions = _actions(add("events", "events:events", summary, json_out, span), "events:change", json_out)
    command = actions("add", "记一个事件")
    command.add_argument("name", metavar="NAME", help="名字，如 店庆")
    command.add_argument("since", type=_day, metavar="FROM", help="第一天")
    command.add_argument("until", type=_day, nargs="?", metavar="TO", help="最后一天，默认就一天")
    command.add_argument(
        "--kind", choices=("promotion", "holiday", "other"), default="promotion", help="活动、放假、其他"
    )
    command.add_argument("--shop", metavar="S", help="只是这家店的")
    command.add_argument("--platform", choices=PLATFORMS, help="这家店在哪个平台")
    command.add_argument("--note", default="", metavar="TEXT", help="备注")
    actions("remove", "去掉一个事件").add_argument("id", type=int, metavar="ID", help="编号，见 events")


def _actions(
    command: argparse.ArgumentParser, run: str, json_out: argparse.ArgumentParser
) -> Callable[..., argparse.ArgumentParser]:
    """Makes the optional words after a command; without one the command itself runs."""
    inside = command.add_subparsers(dest="action", metavar="操作")

    def add(name: str, summary: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        made = inside.add_parser(name, help=summary, description=summary, parents=[json_out, *parents])
        made.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="数据文件夹")
        made.set_defaults(run=f"csdesk.commands.{run}")
        return made

    return add


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-02-25，不是 {text}") from None


def _place(text: str) -> str:
    if text.partition("/")[0] not in PAGES:
        raise argparse.ArgumentTypeError(f"没有叫 {text} 的页面，有这些：{'、'.join(PAGES)}")
    return text


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("要大于 0")
    return number


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"大小要写成 1440x900，不是 {text}") from None
    if not (320 <= width <= 8000 and 240 <= height <= 12000):
        raise argparse.ArgumentTypeError("大小要在 320x240 和 8000x12000 之间")
    return width, height


if __name__ == "__main__":
    sys.exit(main())
