"""Exports nobody has seen: random columns, orders, spellings and quirks, with the numbers they state.

Every function writes one file and returns it with what it says, as exact as it says it. The layouts are those
of the platforms; the numbers are dice.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.dice import number_of, play
from tests.acceptance.files import CSV_ENCODINGS, write
from tests.acceptance.spellings import LATE_MEASURES, REAL_CHITU, SPELT
from tests.acceptance.writing import COUNTS, column_writer

LATE = "延迟统计"
BLANKS = ("", "-", "--", "暂无数据", None)
Value = float | str  # a number in base units (money in 分, durations in s, rates 0–1), or LATE


@dataclass(frozen=True)
class Statement:
    """What one row says: of an agent (None: the shop) over a span."""

    platform: str
    shop: str
    agent: str | None
    first: date
    last: date
    source: str
    values: Mapping[str, Value]


@dataclass
class File:
    """A written export and its words."""

    path: Path
    says: list[Statement] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    layout: str = ""
    summaries: int = 0
    rejected: int = 0
    fields: frozenset[str] = frozenset()
    platform: str = "taobao"
    options: list[str] = field(default_factory=list)


def _named(day: date, last: date, rng: random.Random) -> str:
    way = rng.randrange(4)
    if way == 0:
        return f"{day}至{last}"
    if way == 1:
        return f"{day:%Y%m%d}_{last:%Y%m%d}"
    if way == 2:
        return f"{day}~{last}"
    return f"{day:%Y.%m.%d}-{last:%Y.%m.%d}"


def _noisy(header: str, rng: random.Random, first: bool, csv_like: bool) -> str:
    if rng.random() < 0.15:
        header += " "
    if first and not csv_like and rng.random() < 0.1:
        header = "\ufeff" + header
    return header


def prefixed(agent: str, shop: str, rng: random.Random) -> str:
    return rng.choice(("", "cntaobao")) + f"{shop}{rng.choice((':', '：'))}{agent}"


def pick_kind(rng: random.Random, kinds: Sequence[str]) -> tuple[str, str]:
    kind = rng.choice(kinds)
    return kind, rng.choice(CSV_ENCODINGS)


def _cells(
    rng: random.Random,
    source: str,
    measures: Sequence[str],
    played: Sequence[Mapping[str, float]],
    kind: str,
    late: frozenset[str],
    blank: float,
) -> tuple[list[str], list[list[Any]], list[dict[str, Value]]]:
    """(headers, cells by row, what the rows say)."""
    headers: list[str] = []
    rows: list[list[Any]] = [[] for _ in played]
    said: list[dict[str, Value]] = [{} for _ in played]
    for measure in measures:
        numbers = [number_of(measure, facts) for facts in played]
        writer, unit = column_writer(rng, measure, numbers, kind)
        name = rng.choice(SPELT[source][measure])
        headers.append(name + (unit if "秒" not in name else ""))
        stored = "conversion_rate" if measure == "douyin_conversion" else measure
        for position, number in enumerate(numbers):
            if measure in late:
                rows[position].append(LATE)
                said[position][stored] = LATE
            elif rng.random() < blank:
                rows[position].append(rng.choice(BLANKS))
            else:
                cell, exact = writer(number)
                rows[position].append(cell)
                said[position][stored] = exact
    return headers, rows, said


def _extras(rng: random.Random, headers: list[str], rows: list[list[Any]]) -> None:
    """Columns nobody knows, a second column of one header, at random places."""
    for _ in range(rng.choice((0, 0, 1, 2))):
        at = rng.randint(1, len(headers))
        headers.insert(at, rng.choice(("备注", "自定义列", "主管", "", "所属小区")))
        for row in rows:
            row.insert(at, rng.choice(("好", None, 7, "x-1")))
    if rng.random() < 0.15:
        at = rng.randrange(1, len(headers))
        headers.append(headers[at])
        for row in rows:
            row.append(row[at])


def _finished(
    rng: random.Random, headers: list[str], rows: list[list[Any]], preamble: list[list[Any]], kind: str
) -> list[list[Any]]:
    table = [*preamble, [_noisy(h, rng, i == 0, kind.startswith("csv")) for i, h in enumerate(headers)]]
    repeat = rng.random() < 0.12 and len(rows) > 2
    for position, row in enumerate(rows):
        if position == 1 and repeat:
            table.append(list(headers))
        if position and rng.random() < 0.06:
            table.append([None] * len(headers))
        table.append(row)
    return table


def agent_report(  # noqa: C901  (one quirk a step)
    rng: random.Random,
    folder: Path,
    source: str,
    shop: str,
    agents: Sequence[str],
    first: date,
    last: date,
    kinds: Sequence[str],
    *,
    late: bool = False,
    measures: Sequence[str] | None = None,
    mark: str = "",
    whole_day_column: bool = False,
) -> File:
    """赤兔 or 生意参谋, one row an agent."""
    kind, encoding = pick_kind(rng, kinds)
    if measures is None:
        pool = list(SPELT[source])
        if source == "chitu":
            measures = rng.choice((*REAL_CHITU, tuple(rng.sample(pool, rng.randint(4, len(pool))))))
        else:
            ten = ("inquiry_buyers", "paying_buyers", "conversion_rate", "final_paid_amount", "first_response",
                   "avg_response", "reply_rate", "satisfaction_rate", "refund_amount")  # fmt: skip
            measures = rng.choice((ten, tuple(rng.sample(pool, 6)), tuple(pool)))
    if rng.random() < 0.5:
        measures = rng.sample(list(measures), len(measures))
    days = (last - first).days + 1
    played = [play(rng, days) for _ in agents]
    headers, rows, said = _cells(
        rng, source, measures, played, kind, LATE_MEASURES if late else frozenset(), rng.choice((0, 0, 0.05))
    )
    _extras(rng, headers, rows)
    agent_title = {"chitu": rng.choice(("客服昵称", "旺旺", "账户名")), "sycm": "旺旺昵称"}[source]
    if source == "chitu" and agent_title == "旺旺" and not any("服务满意" in h or "答问比" in h for h in headers):
        agent_title = "客服昵称"
    prefix = rng.random() < 0.8
    names = [prefixed(agent, shop, rng) if prefix else agent for agent in agents]
    in_rows, in_name = whole_day_column, not whole_day_column
    headers.insert(0, agent_title)
    for row, name in zip(rows, names, strict=True):
        row.insert(0, name)
    if source == "chitu" and rng.random() < 0.3:
        headers.insert(1, "旺旺分组")
        for row in rows:
            row.insert(1, "售前一组")
    width = len(headers)
    tails = (
        ("汇总", "均值")
        if source == "chitu"
        else ("汇总值", "平均值", "全店汇总值", "全店平均值", "同行同层优秀", "同行同层均值")
    )
    tails = tails if rng.random() < 0.8 else tails[: len(tails) - 2]
    for tail in tails:
        rows.append([tail] + [None if tail != "均值" else 3.5] * (width - 1))
    if in_rows:
        headers.insert(0, "日期")
        for row in rows:
            row.insert(0, str(first) if row[0] in names else rng.choice((str(first), None)))
    preamble: list[list[Any]] = []
    if rng.random() < 0.2 and days > 0 and not in_rows:
        preamble = [["客服数据导出"], [f"统计时间：{first} 至 {last}"], []][: rng.choice((2, 3))]
        in_name = rng.random() < 0.5
    stem = {
        "chitu": f"自定义报表_{rng.choice(('人均日接入', '每周数据', '我的报表'))}_下单优先判定",
        "sycm": "自制报表-报表查看-客服绩效",
    }[source]
    if not prefix:
        stem += f"_{shop}"
    stem += f"_{_named(first, last, rng)}" if in_name else "_导出"
    sheet = "数据信息" if source == "sycm" and rng.random() < 0.5 else "Sheet1"
    path = write(
        folder, stem + mark, kind, _finished(rng, headers, rows, preamble, kind), sheet=sheet, encoding=encoding
    )
    says = [
        Statement("taobao", shop, agent, first, last, source, words) for agent, words in zip(agents, said, strict=True)
    ]
    return File(path, says, layout={"chitu": "chitu_custom", "sycm": "sycm_agent_report"}[source], summaries=len(tails))


def feige(
    rng: random.Random,
    folder: Path,
    year: int,
    shop: str,
    agents: Sequence[str],
    first: date,
    last: date,
    kinds: Sequence[str],
    mark: str = "",
) -> File:
    """飞鸽 客服数据 2026 or 接待量 2024."""
    kind, encoding = pick_kind(rng, kinds)
    source = "feige" if year == 2026 else "feige 2024"
    measures = list(SPELT[source])
    if rng.random() < 0.4:
        keep = rng.randint(len(measures) * 2 // 3, len(measures))
        measures = [m for m in measures if m in rng.sample(measures, keep)]
    played = [play(rng, (last - first).days + 1) for _ in agents]
    headers, rows, said = _cells(rng, source, measures, played, kind, frozenset(), rng.choice((0, 0.04)))
    if year == 2026:
        at = len(headers) // 2
        headers.insert(at, "")
        for row in rows:
            row.insert(at, None)
    titles = ["客服账号", "客服昵称"] if year == 2026 else ["客服昵称", "账号名称"]
    accounts = [rng.choice((f"kefu{number}@x", "-", None, "")) for number in range(len(agents))]
    for row, name, account in zip(rows, agents, accounts, strict=True):
        row[:0] = [account, name] if year == 2026 else [name, account]
    headers = titles + headers
    width = len(headers)
    label = rng.randrange(2) if year == 2026 else 0
    for tail in ("店铺汇总值", "店铺平均值"):
        line: list[Any] = ["-"] * width
        line[label] = tail
        line[1 - label] = rng.choice(("", "-", None))
        rows.insert(0, line) if rng.random() < 0.5 else rows.append(line)
    if year == 2024 and rng.random() < 0.6:
        headers[:0] = ["日期", "店铺id", "店铺名称"]
        for row in rows:
            row[:0] = [str(first), 112233, shop]
        last = first
        stem = f"飞鸽_接待量_导出{first:%m%d}"
    else:
        stem = f"抖音_{first:%Y%m%d}_{shop}_飞鸽_客服表现" if first == last else f"飞鸽客服数据_{shop}_{first}至{last}"
    path = write(folder, stem + mark, kind, _finished(rng, headers, rows, [], kind), encoding=encoding)
    says = [
        Statement("douyin", shop, agent, first, last, "feige", words) for agent, words in zip(agents, said, strict=True)
    ]
    return File(path, says, layout=f"feige_{year}", summaries=2, platform="douyin")


def shop_days(
    rng: random.Random, folder: Path, which: str, shop: str, days: Sequence[date], kinds: Sequence[str], mark: str = ""
) -> File:
    """生意参谋 咨询接待 or 业绩询单: a row a day, then summary and peer rows."""
    kind, encoding = pick_kind(rng, kinds)
    source = {"咨询接待": "consult", "业绩询单": "inquiry"}[which]
    measures = list(SPELT[source])
    played = [play(rng) for _ in days]
    headers, rows, said = _cells(rng, source, measures, played, kind, frozenset(), rng.choice((0, 0.03)))
    return _shop_file(rng, folder, which, shop, days, kind, encoding, ["日期", *headers], None, rows, said, mark)


def reception_rating(
    rng: random.Random, folder: Path, shop: str, days: Sequence[date], kinds: Sequence[str], mark: str = ""
) -> File:
    """生意参谋 接待评价: 35 columns under two header rows."""
    kind, encoding = pick_kind(rng, kinds)
    fields = ("invites_sent", "ratings_received", "rated_5", "rated_4", "rated_3", "rated_2", "rated_1", "send_rate",
              "return_rate", "satisfaction_rate", "service_score")  # fmt: skip
    titles = rng.choice((
        ("发出评价数", "收到评价数", "很满意", "满意", "一般", "不满", "很不满", "评价发送率", "评价返回率",
         "客户满意率", "客服服务度"),
        ("发出", "收到", "很满意", "满意", "一般", "不满", "很不满", "发送率", "返回率", "满意率", "服务度"),
    ))  # fmt: skip
    played = [play(rng) for _ in days]
    rows: list[list[Any]] = [[] for _ in days]
    said: list[dict[str, Value]] = [{} for _ in days]
    writer = rng.choice(COUNTS)
    for position, facts in enumerate(played):
        cell, exact = writer(facts["received"])
        rows[position].append(cell)
        said[position]["received"] = exact
    for group in ("", ".invited", ".self"):
        for name in fields:
            measure = name + group
            numbers = [number_of(measure, facts) for facts in played]
            writer, _ = column_writer(rng, measure, numbers, kind)
            for position, number in enumerate(numbers):
                cell, exact = writer(number)
                rows[position].append(cell)
                said[position][measure] = exact
    top: list[Any] = [None, None]
    for group in ("总", "邀请", "自主"):
        top += [group, *([None] * 10 if kind.startswith("csv") or rng.random() < 0.7 else [group] * 10)]
    header = ["日期", "接待人数", *titles * 3]
    return _shop_file(rng, folder, "接待评价", shop, days, kind, encoding, header, top, rows, said, mark)


def _shop_file(
    rng: random.Random,
    folder: Path,
    which: str,
    shop: str,
    days: Sequence[date],
    kind: str,
    encoding: str,
    header: list[str],
    top: list[Any] | None,
    rows: list[list[Any]],
    said: list[dict[str, Value]],
    mark: str,
) -> File:
    for row, day in zip(rows, days, strict=True):
        row.insert(
            0, rng.choice((str(day), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", datetime(day.year, day.month, day.day)))
        )
    width = len(header)
    tails = ("汇总值", "平均值", "全店汇总值", "全店平均值", "同行同层优秀", "同行同层均值")[: rng.choice((0, 2, 4, 6))]
    for tail in tails:
        rows.append([tail] + [rng.choice(("-", None))] * (width - 1))
    merges = ()
    table = [header, *rows]
    if top is not None:
        table.insert(0, top)
        if top[3] is None and rng.random() < 0.6 and not kind.startswith("csv"):
            merges = ("C1:M1", "N1:X1", "Y1:AI1")
    stem = f"生意参谋_{which}_{shop}_{days[0]}_{days[-1]}{mark}"
    path = write(folder, stem, kind, table, encoding=encoding, merges=merges)
    says = [Statement("taobao", shop, None, day, day, "sycm", words) for day, words in zip(days, said, strict=True)]
    layout = {"接待评价": "sycm_reception_rating", "咨询接待": "sycm_consult", "业绩询单": "sycm_inquiry"}[which]
    return File(path, says, layout=layout, summaries=len(tails))
