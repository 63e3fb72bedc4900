"""Reports nobody has seen: random columns, orders, spellings and formats, against the numbers they were made of."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.period import Period
from csdesk.ingest.model import Given, Plan, Status
from tests.ingest.tables import only, planned, write_csv, write_xlsx

SPELLINGS: dict[str, dict[str, tuple[str, list[str]]]] = {
    "chitu": {
        "received": ("count", ["接待人数", "接待人数 ", "接待人数(新标)"]),
        "consulted": ("count", ["聊天人数(原咨询人数)", "咨询人数"]),
        "inquiry_buyers": ("count", ["询单人数", "延 询单人数"]),
        "avg_response": ("duration", ["平均响应(秒)", "平均响应（秒）", "平均响应(s)"]),
        "first_response": ("duration", ["首次响应(秒)", "首次响应（秒)"]),
        "handle_time": ("clock", ["平均接待时长"]),
        "reply_rate": ("rate", ["回复率", "旺旺回复率"]),
        "participation_rate": ("rate", ["服务满意度评价参与率"]),
        "shown_rate": ("rate", ["服务满意度评价展示率"]),
        "satisfaction_rate": ("rate", ["客户满意率", "客户满意比"]),
        "conversion_rate": ("rate", ["询单->最终付款转化率", "询单→最终付款转化率", "询单－＞最终付款成功率"]),
        "rated_5": ("count", ["服务满意度评价很满意"]),
        "rated_1": ("count", ["服务满意度评价很不满"]),
        "sales_amount": ("money", ["销售额", "销售额(元)"]),
        "sales_orders": ("count", ["销售订单数"]),
    },
    "sycm": {
        "valid_received": ("count", ["有效接待人数"]),
        "inquiry_buyers": ("count", ["询单人数", "延询单人数"]),
        "paying_buyers": ("count", ["询单最终付款人数"]),
        "conversion_rate": ("rate", ["询单最终付款转化率"]),
        "final_paid_amount": ("money", ["询单最终付款金额"]),
        "first_response": ("duration", ["首次响应时长（秒)", "首次响应时长（秒）"]),
        "avg_response": ("duration", ["平均响应时长（秒)", "平均响应时长"]),
        "reply_rate": ("rate", ["旺旺回复率"]),
        "satisfaction_rate": ("rate", ["客户满意率", "客户满意率(%)"]),
        "refund_amount": ("money", ["成功退款金额"]),
        "net_sales_amount": ("money", ["净销售额"]),
    },
    "feige": {
        "received_sessions": ("count", ["接待会话量"]),
        "received": ("count", ["已接待人数"]),
        "ratings_received": ("count", ["有效评价数"]),
        "satisfaction_rate": ("rate", ["全天满意率"]),
        "satisfaction_rate_window": ("rate", ["工作时间满意率"]),
        "avg_response": ("clock", ["全天平响时长"]),
        "avg_response_window": ("clock", ["工作时间平响时长"]),
        "response_3min_rate": ("rate", ["全天3分钟回复率"]),
        "online_seconds": ("clock", ["客服在线总时长"]),
        "sales_amount": ("money", ["客服询单支付额"]),
        "inquiry_buyers": ("count", ["询单人数"]),
    },
}
AGENT = {"chitu": ["客服昵称", "旺旺", "账户名"], "sycm": ["旺旺昵称", "旺旺账号名称"], "feige": ["客服昵称"]}
NAME = {
    "chitu": "自定义报表_店长日报_下单优先判定_{0}至{1}.xlsx",
    "sycm": "自制报表-报表查看-客服绩效_{2}_{3}_全部.xlsx",
    "feige": "抖音_{2}_飞鸽_客服表现.xlsx",
}
LAYOUT = {"chitu": ("chitu_custom",), "sycm": ("sycm_agent_report",), "feige": ("feige_2026", "feige_2024")}
TOTALS = {"chitu": ["汇总", "合计"], "sycm": ["汇总值"], "feige": ["店铺汇总值"]}
Truth = dict[str, dict[str, float]]


def _full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _count_cell(rng: random.Random) -> Callable[[float], Any]:
    forms: list[Callable[[float], Any]] = [
        float,
        int,
        lambda n: f"{n:.1f}",
        lambda n: f"{n:,.0f}",
        lambda n: _full_width(f"{n:.0f}"),
    ]
    return rng.choice(forms)


def _money_cell(rng: random.Random) -> Callable[[float], Any]:
    forms: list[Callable[[float], Any]] = [
        lambda fen: fen / 100,
        lambda fen: f"{Decimal(int(fen)) / 100:.2f}",
        lambda fen: f"¥{Decimal(int(fen)) / 100:,.2f}",
        lambda fen: f"{Decimal(int(fen)) / 100:.2f}元",
    ]
    return rng.choice(forms)


def _words(seconds: float) -> str:
    whole = int(seconds)
    parts = [(whole // 3600, "小时"), (whole % 3600 // 60, "分"), (whole % 60, "秒")]
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0秒"


def _duration_cell(rng: random.Random, clock: bool) -> Callable[[float], Any]:
    forms: list[Callable[[float], Any]] = [
        _words,
        lambda s: f"{int(s) // 3600:02d}:{int(s) % 3600 // 60:02d}:{int(s) % 60:02d}",
        lambda s: time(int(s) // 3600, int(s) % 3600 // 60, int(s) % 60) if s < 86400 else timedelta(seconds=s),
    ]
    if not clock:
        forms += [float, str, lambda s: f"{s}秒"]
    return rng.choice(forms)


def _rate_cell(rng: random.Random) -> Callable[[float], Any]:
    """Percents only where some rate is above 1 %, as every real column has one."""
    forms: list[Callable[[float], Any]] = [
        lambda r: round(r, 4),
        lambda r: f"{r * 100:.2f}%",
        lambda r: round(r * 100, 2),
        lambda r: f"{r * 100:.2f}%" if r == 1 else round(r, 4),
        lambda r: f"{round(r, 4)}",
        lambda r: _full_width(f"{r * 100:.2f}%"),
    ]
    return rng.choice(forms)


def _value(rng: random.Random, kind: str) -> float:
    if kind == "count":
        return float(rng.choice([0, rng.randint(0, 30), rng.randint(0, 5000)]))
    if kind == "money":
        return float(rng.randint(0, 5_000_000))
    if kind in ("duration", "clock"):
        return float(rng.randint(2, 600 if kind == "duration" else 20_000))
    return rng.choice([0.0, 1.0, round(rng.uniform(0.02, 1), 4), round(rng.uniform(0.02, 1), 4)])


def _column(rng: random.Random, kind: str, numbers: list[float]) -> list[Any]:
    writer = {
        "count": lambda: _count_cell(rng),
        "money": lambda: _money_cell(rng),
        "duration": lambda: _duration_cell(rng, clock=False),
        "clock": lambda: _duration_cell(rng, clock=True),
        "rate": lambda: _rate_cell(rng),
    }[kind]()
    return [writer(number) for number in numbers]


def _write(  # noqa: C901  (one quirk after the other)
    family: str, rng: random.Random, folder: Path
) -> tuple[Path, Truth, set[tuple[str, str]], int, int]:
    """A random report: (file, numbers by agent, delayed cells, rows of agents, rows of summaries)."""
    spellings = SPELLINGS[family]
    chosen = rng.sample(sorted(spellings), rng.randint(3, len(spellings)))
    agents = [f"客服{number}" for number in range(rng.randint(2, 9))]
    truth: Truth = {agent: {} for agent in agents}
    delayed: set[tuple[str, str]] = set()
    columns: list[list[Any]] = []
    for measure in chosen:
        kind, words = spellings[measure]
        numbers = [_value(rng, kind) for _ in agents]
        if kind == "rate":
            numbers[rng.randrange(len(numbers))] = round(rng.uniform(0.3, 1), 4)
        cells = _column(rng, kind, numbers)
        for position, agent in enumerate(agents):
            fate = rng.random()
            if fate < 0.08:
                cells[position] = rng.choice(["-", "--", None, "暂无数据", " "])
            elif fate < 0.14 and kind in ("rate", "count") and family != "feige":
                cells[position] = "延迟统计"
                delayed.add((agent, measure))
            else:
                truth[agent][measure] = numbers[position]
        columns.append([rng.choice(words), *cells])
    prefix = rng.choice(["", "云间小铺旗舰店:", "云间小铺旗舰店：", "cntaobao云间小铺旗舰店:"])
    columns.insert(
        rng.choice([0, 0, 0, len(columns)]), [rng.choice(AGENT[family]), *(prefix + name for name in agents)]
    )
    if rng.random() < 0.3:
        columns.insert(rng.randrange(len(columns) + 1), ["", *[None] * len(agents)])
    if rng.random() < 0.3:
        columns.append(["团队备注", *["早班"] * len(agents)])
    rows = [list(row) for row in zip(*columns, strict=True)]
    names = next(index for index, column in enumerate(columns) if column[0] in AGENT[family])
    summary_rows = []
    for word in [rng.choice(TOTALS[family]), rng.choice(["均值", "平均值", "店铺平均值"]), "同行同层优秀"][
        : rng.randint(0, 3)
    ]:
        row: list[Any] = [None] * len(columns)
        row[names] = word
        summary_rows.append(row)
    body = rows[1:]
    if family == "feige" and rng.random() < 0.5:
        body = summary_rows + body
    else:
        body += summary_rows
    head = [rows[0]] * rng.choice([1, 1, 1, 2])
    above = [["某某报表"], ["导出人:小二"]][: rng.choice([0, 0, 1, 2])]
    first = date(2026, 1, 1) + timedelta(days=rng.randint(0, 200))
    last = first if family == "feige" else first + timedelta(days=rng.choice([0, 0, 6]))
    name = NAME[family].format(first, last, f"{first:%Y%m%d}", f"{last:%Y%m%d}")
    table = [*above, *head, *body]
    plain = not any(isinstance(cell, time | timedelta) for row in table for cell in row)
    if plain and rng.random() < 0.4:
        path = write_csv(folder / name.replace(".xlsx", ".csv"), table, rng.choice(["gb18030", "utf-8-sig", "utf-8"]))
    else:
        path = write_xlsx(folder / name, ("Sheet1", table))
    return path, truth, delayed, len(agents), len(summary_rows)


@pytest.mark.parametrize("family", sorted(SPELLINGS))
@pytest.mark.parametrize("seed", range(12))
def test_any_report_gives_its_numbers(family: str, seed: int, tmp_path: Path) -> None:
    rng = random.Random(f"{family}-{seed}")
    path, truth, delayed, agents, summaries = _write(family, rng, tmp_path)
    plan = only(planned(path, Given(platform=None)))
    assert plan.status is Status.IMPORTED, plan.message
    assert plan.layout in LAYOUT[family]
    assert plan.period is not None
    assert isinstance(plan.period, Period)
    assert (plan.rows.read, plan.rows.summary, plan.rows.rejected) == (agents + summaries, summaries, 0)
    assert not plan.problems
    assert _read(plan) == {agent: pytest.approx(numbers, abs=6e-5) for agent, numbers in truth.items()}
    assert {(c.agent.name, c.measure) for c in plan.staged.reports if c.agent and c.provisional} == delayed


def _read(plan: Plan) -> Truth:
    found: Truth = {}
    for cell in plan.staged.reports:
        assert cell.agent is not None
        numbers = found.setdefault(cell.agent.name, {})
        if cell.value is not None and cell.measure != "listed":
            numbers[cell.measure] = cell.value
    return found
