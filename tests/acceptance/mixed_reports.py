"""Platform reports of people who change groups and bear two names, beside session rows of some of the days: the files, and
the numbers from the definitions alone."""

# ruff: noqa: E501  (a line a column, a line a number)
from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import Workbook

FIRST, DOUYIN = "云间小铺旗舰店", "抖音小店A"
PLATFORM = {FIRST: "taobao", DOUYIN: "douyin"}
TEAM = {FIRST: ("小美", "阿华", "美美", "大刘"), DOUYIN: ("Zoe 陈", "07")}
PERSON = {"美美": "小美"}
CHITU = {
    "聊天人数": "consulted", "接待人数": "received", "未回复人数": "unreplied", "转出人数": "moved", "买家消息数": "asked", "客服消息数": "told", "首次响应(秒)": "first",
    "平均响应(秒)": "average", "平均接待时长": "handled", "服务满意度评价很满意": "r5", "服务满意度评价满意": "r4", "服务满意度评价一般": "r3", "服务满意度评价不满": "r2", "服务满意度评价很不满": "r1",
    "销售额": "sales", "询单人数": "inquiry", "最终付款人数": "paying",
}  # fmt: skip
FEIGE = {
    "接待会话量": "sessions", "已接待人数": "received", "转出会话量": "moved", "有效好评数": "good", "有效差评数": "bad", "全天平响时长": "average", "全天首响时长": "first", "全天3分钟回复率": "quick",
    "工作时间平响时长": "average_window", "工作时间首响时长": "first_window", "工作时间3分钟回复率": "quick_window", "工作时间满意率": "good_window", "询单人数": "inquiry", "下单人数": "ordering",
    "支付人数": "paying", "客服询单支付额": "sales",
}  # fmt: skip
RATINGS = ("r5", "r4", "r3", "r2", "r1")
Cell = dict[str, float]
Part = tuple[Fraction, Fraction | None]
Keep = Callable[[str, str, date, date], bool]
"""(shop, account, first day, last day) → whether it belongs wholly to what is asked"""


@dataclass
class Reports:
    """``cells`` by (shop, account, first, last); ``sessions`` rows; ``spans`` (shop, person, group, first, last)."""

    first: date
    days: int
    cells: dict[tuple[str, str, date, date], Cell] = field(default_factory=dict)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    covered: tuple[date, date] | None = None
    late: set[tuple[str, date, date]] = field(default_factory=set)
    peers: list[tuple[date, str, str, float]] = field(default_factory=list)
    files: list[tuple[str, Path]] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    spans: list[tuple[str, str, str, date, date]] = field(default_factory=list)

    def group(self, shop: str, account: str, first: date, last: date) -> str | None:
        """The group of all these days; None where they are of several."""
        person = PERSON.get(account, account)
        day, found = first, set()
        while day <= last:
            found.add(
                next(
                    (name for one, who, name, a, b in self.spans if (one, who) == (shop, person) and a <= day <= b),
                    "未分组",
                )
            )
            day += timedelta(days=1)
        return found.pop() if len(found) == 1 else None


def make(seed: int, folder: Path, *, days: int = 21, first: date = date(2026, 6, 22)) -> Reports:
    """Daily and weekly files of both platforms, in no order."""
    rng = random.Random(seed)
    world = Reports(first, days)
    folder.mkdir(parents=True, exist_ok=True)
    every = [first + timedelta(days=number) for number in range(days)]
    for shop in (FIRST, DOUYIN):
        spans = [(day, day) for day in every if rng.random() < 0.8]
        spans += [(day, day + timedelta(days=6)) for day in every[::7] if rng.random() < 0.7]
        spans += [(every[2], every[2] + timedelta(days=2))]
        for span in spans:
            _report(rng, folder, world, shop, *span)
    if rng.random() < 0.7:
        _sessions(rng, folder, world, every[days // 3 : days // 3 + 6])
    _peers(rng, folder, world, every[-3:])
    _owner(rng, world)
    rng.shuffle(world.files)
    return world


def _report(rng: random.Random, folder: Path, world: Reports, shop: str, first: date, last: date) -> None:
    columns = CHITU if shop == FIRST else FEIGE
    late = shop == FIRST and last == world.first + timedelta(days=world.days - 1)
    lines = []
    for account in rng.sample(TEAM[shop], rng.randint(max(1, len(TEAM[shop]) - 1), len(TEAM[shop]))):
        received = rng.randint(0, 60)
        cell: Cell = {
            "received": received,
            "moved": min(rng.randint(0, 5), received),
            "inquiry": rng.randint(5, 30),
            "sales": rng.randint(0, 90000) / 100,
        }
        cell |= {"paying": rng.randint(0, 5), "first": rng.randint(1, 300), "average": rng.randint(1, 300)}
        if shop == FIRST:
            cell |= {
                "consulted": received + rng.randint(0, 9),
                "asked": rng.randint(1, 400),
                "told": rng.randint(0, 400),
                "handled": rng.randint(30, 900),
            }
            cell["unreplied"] = rng.randint(0, int(cell["consulted"]))
            cell |= {name: rng.randint(0, 9) for name in RATINGS}
        else:
            cell |= {
                "sessions": received + rng.randint(0, 20),
                "good": rng.randint(0, 9),
                "bad": rng.randint(0, 3),
                "ordering": rng.randint(0, 5),
            }
            cell |= {name: rng.randint(1, 300) for name in ("average_window", "first_window")}
            cell |= {name: rng.randint(0, 10000) / 10000 for name in ("quick", "quick_window", "good_window")}
        for name in rng.sample(sorted(cell), rng.choice((0, 0, 1, 3))):
            del cell[name]  # missing is not zero
        if late:
            for name in (*RATINGS, "inquiry", "paying"):
                cell.pop(name, None)
            world.late.add((account, first, last))
        world.cells[shop, account, first, last] = cell
        missing = "延迟统计" if late else "-"
        lines.append(
            [
                account,
                *(
                    _written(name, cell[name])
                    if name in cell
                    else missing
                    if not late or name in (*RATINGS, "inquiry", "paying")
                    else "-"
                    for name in columns.values()
                ),
            ]
        )
    title = (
        f"自定义报表_每日_下单优先判定_{first}至{last}.xlsx" if shop == FIRST else f"飞鸽_客服表现_{first}_{last}.xlsx"
    )
    header = ["客服昵称", *columns]
    _save(world, folder, shop, title, [header, *lines])


def _written(name: str, value: float) -> Any:
    return f"{value * 100:.2f}%" if name.startswith(("quick", "good_window")) else value


def _sessions(rng: random.Random, folder: Path, world: Reports, days: Sequence[date]) -> None:
    """All of the first shop's people, so that the rows are the whole shop's."""
    stamp = datetime.combine(days[0], datetime.min.time())
    rows: list[dict[str, Any]] = [
        {"at": stamp + timedelta(seconds=rng.randrange(len(days) * 86_400)), "agent": rng.choice(TEAM[FIRST])}
        for _ in range(70)
    ]
    rows += [{"at": stamp, "agent": agent} for agent in TEAM[FIRST]] + [
        {"at": stamp + timedelta(days=len(days), seconds=-1), "agent": agent} for agent in TEAM[FIRST]
    ]
    for row in rows:
        answered, rated = rng.random() < 0.9, rng.random() < 0.5
        messages = rng.randint(2, 30)
        row |= {"first": rng.randint(1, 500) if answered else None, "average": rng.randint(1, 400) if answered else None, "messages": messages, "asked": rng.randint(1, messages - 1),
                "moved": rng.random() < 0.2, "rating": rng.randint(1, 5) if rated else None, "seconds": rng.randint(10, 3000)}  # fmt: skip
    world.sessions, world.covered = rows, (days[0], days[-1])
    header = [
        "会话ID",
        "店铺",
        "客服",
        "开始时间",
        "结束时间",
        "首次响应时长(秒)",
        "平均响应时长(秒)",
        "消息数",
        "买家消息数",
        "是否转接",
        "是否评价",
        "评分",
    ]
    table = [[f"S{number:05d}", FIRST, row["agent"], row["at"], row["at"] + timedelta(seconds=row["seconds"]), row["first"], row["average"], row["messages"], row["asked"], "是" if row["moved"] else "否",
              "是" if row["rating"] else "否", row["rating"]] for number, row in enumerate(rows)]  # fmt: skip
    _save(world, folder, FIRST, "会话明细.xlsx", [header, *table])


def _peers(rng: random.Random, folder: Path, world: Reports, days: Sequence[date]) -> None:
    """The shop's own daily page table with its two peer rows; the shop itself has only what no other file tells."""
    for day in days:
        own, mean, top = (rng.randint(5, 40) for _ in range(3))
        world.peers += [
            (day, "peer_average", "same_day_inquiry_buyers", mean),
            (day, "peer_top", "same_day_inquiry_buyers", top),
        ]
        _save(world, folder, FIRST, f"生意参谋_业绩询单_{day}_{day}.xlsx", [
            ["日期", "当日询单人数", "当日付款人数"], [f"{day}", own, 1], ["同行同层优秀", top, 9], ["同行同层均值", mean, 4]])  # fmt: skip


def _owner(rng: random.Random, world: Reports) -> None:
    early, last = date(1990, 1, 1), world.first + timedelta(days=world.days + 400)
    middle, late = (world.first + timedelta(days=rng.randrange(2, world.days - 2)) for _ in range(2))
    world.words.append(["agents", "merge", f"{FIRST}:美美", f"{FIRST}:小美"])
    world.spans += [
        (FIRST, "小美", "售前", early, middle - timedelta(days=1)), (FIRST, "小美", "售后", middle, last), (FIRST, "阿华", "售前", early, last), (DOUYIN, "07", "售后", late, last),
    ]  # fmt: skip
    for shop, person, name, begins, ends in world.spans:
        limits = [*(["--from", f"{begins}"] if begins != early else []), *(["--to", f"{ends}"] if ends != last else [])]
        world.words.append(["agents", "group", f"{shop}:{person}", name, *limits])


def _save(world: Reports, folder: Path, shop: str, title: str, table: Sequence[Sequence[Any]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in table:
        sheet.append(list(line))
    path = folder / title
    book.save(path)
    stamp = datetime(2026, 11, 1).timestamp()
    os.utime(path, (stamp, stamp))
    world.files.append((shop, path))


# ---------------------------------------------------------------- the numbers


def _of(cell: Cell, *names: str) -> list[Fraction] | None:
    return (
        [Fraction(repr(cell[name])) if isinstance(cell[name], float) else Fraction(cell[name]) for name in names]
        if all(name in cell for name in names)
        else None
    )


def piece(metric: str, shop: str, cell: Cell) -> Part | None:  # noqa: C901  (one case a metric)
    """(numerator, denominator; None = a plain sum) of one cell; None where it does not tell."""
    feige = shop == DOUYIN

    def count(name: str) -> Part | None:
        found = _of(cell, name)
        return (found[0], None) if found else None

    def ratio(top: str, bottom: str) -> Part | None:
        found = _of(cell, top, bottom)
        return (found[0], found[1]) if found else None

    def weighted(name: str, *weights: str) -> Part | None:
        value, weight = _of(cell, name), next((found for one in weights if (found := _of(cell, one))), None)
        return (value[0] * weight[0], weight[0]) if value and weight else None

    def weighted_ratings(name: str) -> Part | None:
        value, both = _of(cell, name), _of(cell, "good", "bad")
        return (value[0] * sum(both), Fraction(sum(both))) if value and both else None

    levels = _of(cell, *RATINGS)
    both = _of(cell, "good", "bad")
    match metric:
        case "received" | "workload":
            return count("sessions" if feige and "sessions" in cell else "received")
        case "received_buyers":
            return count("received")
        case "received_sessions":
            return count("sessions")
        case "consulted" | "inquiry_buyers" | "ordering_buyers" | "paying_buyers":
            return count(metric.split("_", maxsplit=1)[0])
        case "transfer_rate":
            return ratio("moved", "sessions" if feige and "sessions" in cell else "received")
        case "reply_rate":
            found = _of(cell, "consulted", "unreplied")
            return (found[0] - found[1], found[0]) if found else None
        case "answer_question_ratio":
            return ratio("told", "asked")
        case "first_response_mean":
            return weighted("first", *(("sessions", "received") if feige else ("received",)))
        case "avg_response_mean":
            return weighted("average", "sessions", "received")
        case "handle_time_mean":
            return weighted("handled", "received")
        case "first_response_mean_window":
            return weighted("first_window", "sessions", "received")
        case "avg_response_mean_window":
            return weighted("average_window", "sessions", "received")
        case "response_3min_rate":
            return weighted("quick", "sessions")
        case "response_3min_rate_window":
            return weighted("quick_window", "sessions")
        case "satisfaction_rate_window":
            return weighted_ratings("good_window")
        case "ratings_received":
            some = levels or both
            return (Fraction(sum(some)), None) if some else None
        case "satisfaction_rate":
            return (
                (levels[0] + levels[1], sum(levels, Fraction(0)))
                if levels
                else (both[0], both[0] + both[1])
                if both
                else None
            )
        case "dissatisfaction_rate":
            return (
                (levels[3] + levels[4], sum(levels, Fraction(0)))
                if levels
                else (both[1], both[0] + both[1])
                if both
                else None
            )
        case "satisfaction_score":
            return (
                (
                    sum((stars * value for stars, value in zip((5, 4, 3, 2, 1), levels, strict=True)), Fraction(0)),
                    sum(levels, Fraction(0)),
                )
                if levels
                else None
            )
        case "cs_sales":
            return count("sales")
        case "conversion_rate":
            return ratio("ordering" if feige else "paying", "inquiry")
    return None


def of_rows(metric: str, rows: Iterable[Mapping[str, Any]]) -> Part | None:  # noqa: C901  (one case a metric)
    """The same out of session rows; None where they never tell."""
    rows = list(rows)
    if metric.endswith("_window"):  # 旺旺 8:00–23:00, the last second too
        return of_rows(metric.removesuffix("_window"), (row for row in rows if time(8) <= row["at"].time() <= time(23)))

    def mean(name: str) -> Part | None:
        known = [Fraction(row[name]) for row in rows if row[name] is not None]
        return sum(known, Fraction(0)), Fraction(len(known))

    def share(flags: Iterable[bool]) -> Part:
        known = list(flags)
        return Fraction(sum(known)), Fraction(len(known))

    rated = [row["rating"] for row in rows if row["rating"]]
    match metric:
        case "received" | "workload" | "received_sessions" | "consulted":
            return Fraction(len(rows)), None
        case "ratings_received":
            return Fraction(len(rated)), None
        case "transfer_rate":
            return share(row["moved"] for row in rows)
        case "reply_rate":
            return share(row["first"] is not None for row in rows)
        case "answer_question_ratio":
            return Fraction(sum(row["messages"] - row["asked"] for row in rows)), Fraction(
                sum(row["asked"] for row in rows)
            )
        case "first_response_mean":
            return mean("first")
        case "avg_response_mean":
            return mean("average")
        case "handle_time_mean":
            return mean("seconds")
        case "satisfaction_rate":
            return share(value >= 4 for value in rated)
        case "dissatisfaction_rate":
            return share(value <= 2 for value in rated)
        case "satisfaction_score":
            return Fraction(sum(rated)), Fraction(len(rated))
        case "response_3min_rate":
            return share(row["first"] is not None and row["first"] <= 180 for row in rows)
    return None


def chosen(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Of spans that overlap the set that covers the most days; of several the one of more, finer spans."""
    best: dict[date, tuple[int, int, list[tuple[date, date]]]] = {}
    done: list[tuple[tuple[date, date], tuple[int, int, list[tuple[date, date]]]]] = []
    for span in sorted(spans, key=lambda one: (one[1], one[0])):
        before = max(
            (found for (_, last), found in done if last < span[0]), key=lambda one: one[:2], default=(0, 0, [])
        )
        mine = (before[0] + (span[1] - span[0]).days + 1, before[1] + 1, [*before[2], span])
        done.append((span, mine))
    best.clear()
    return max((found for _, found in done), key=lambda one: one[:2], default=(0, 0, []))[2]


def number(world: Reports, metric: str, keep: Keep) -> tuple[Fraction | None, Fraction, Fraction | None]:
    """(value, numerator, denominator) of what is asked."""
    parts: list[Part] = []
    covered = world.covered
    rows = [row for row in world.sessions if keep(FIRST, row["agent"], row["at"].date(), row["at"].date())]
    by_rows = of_rows(metric, world.sessions) is not None and bool(world.sessions)
    if rows and by_rows:
        found = of_rows(metric, rows)
        parts += [found] if found is not None else []
    of_person: dict[tuple[str, str], dict[tuple[date, date], list[Part]]] = defaultdict(lambda: defaultdict(list))
    for (shop, account, first, last), cell in world.cells.items():
        taken = by_rows and covered is not None and shop == FIRST and first <= covered[1] and last >= covered[0]
        found = piece(metric, shop, cell)
        if not taken and keep(shop, account, first, last) and found is not None:
            of_person[shop, PERSON.get(account, account)][first, last].append(found)
    for told in of_person.values():  # two names may be spellings of one: a person's days are told once
        parts += [part for span in chosen(told) for part in told[span]]
    if not parts:
        return None, Fraction(0), None
    top = sum((part[0] for part in parts), Fraction(0))
    if parts[0][1] is None:
        return top, top, None
    bottom = sum((part[1] or Fraction(0) for part in parts), Fraction(0))
    return (top / bottom if bottom else None), top, bottom
