"""飞鸽: 客服数据 of 2026 (35 columns, one of them nameless) and the older export of 2024."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from csdesk.demo.cast import ShopCast
from csdesk.demo.sheetfile import SheetCell, SheetRow, write_workbook
from csdesk.demo.simulate import Session
from csdesk.demo.totals import Ratings, Totals, share, total, totals_by
from csdesk.demo.wording import duration, percent, seconds, yuan
from csdesk.domain.period import Period

_HEADERS_2026 = (
    "客服账号", "客服昵称", "客服在线天数", "客服在线总时长", "客服小休总时长", "最大接待人数", "接待会话量",
    "待回复会话量", "已接待人数", "正在接待人数", "转出会话量", "工作饱和度", "有效评价数", "有效好评数",
    "有效差评数", "全天不满意率", "全天满意率", "工作时间不满意率", "工作时间满意率", None, "全天平响时长",
    "工作时间平响时长", "工作时间首响时长", "全天首响时长", "工作时间3分钟回复率", "全天3分钟回复率",
    "服务问题会话数", "询单人数", "下单人数", "支付人数", "退款人数", "客服询单支付额", "退款金额",
    "退款后销售额", "询单转化率",
)  # fmt: skip
_HEADERS_2024 = (
    "日期", "店铺名称", "客服昵称", "账号名称", "人工已接待人数", "人工已接待会话量", "CPD", "不满意率",
    "3分钟人工回复率 (会话)", "3分钟人工回复率", "首次响应时长（秒）", "平均响应时长（秒）",
    "新平均响应时长（秒）", "满意率", "客服销售额（元）", "询单人数", "下单人数", "支付人数", "询单转化率",
    "预警会话量", "PC在线时长（时）", "PC小休时长（时）", "PC离线时长（时）",
)  # fmt: skip
_ONLINE_SECONDS = 8.6 * 3600
_REST_SECONDS = 2_750.0
_CAPACITY = 30


def write_feige(folder: Path, shop: ShopCast, sessions: Sequence[Session], period: Period) -> Path:
    """客服数据 2026 over ``period``; shop, platform and days stand only in the file's name."""
    days = f"{period.first:%Y%m%d}" if period.days == 1 else f"{period.first:%Y%m%d}_{period.last:%Y%m%d}"
    by_agent = totals_by(sessions, lambda session: session.person.name)
    whole = total(sessions)
    rows: list[SheetRow] = [_HEADERS_2026, _summary(whole, by_agent.values()), _means(whole, len(shop.people))]
    for index, person in enumerate(shop.people):
        account = "" if index % 4 == 3 else f"yunjian_{index + 1:02d}"  # some agents have no 客服账号
        rows.append(_agent_row(account, person.name, by_agent.get(person.name, Totals())))
    rows += [_agent_row("", name, Totals()) for name in shop.inactive]
    path = folder / f"抖音_{days}_{shop.name}_飞鸽_客服表现.xlsx"
    write_workbook(path, "Sheet1", rows)
    return path


def _agent_row(account: str, name: str, sums: Totals) -> SheetRow:
    return (account or None, name, *_counts(sums), *_rates(sums), *_sales(sums), percent(_ordered(sums)))


def _summary(sums: Totals, agents: Iterable[Totals]) -> SheetRow:
    """店铺汇总值: counts only, those of the rows below added up; rates and durations are "-"."""
    each = list(agents)
    counts: list[SheetCell] = list(_counts(sums))
    counts[0] = sum(len(one.days) for one in each)
    counts[1:3] = ["-", "-"]
    counts[9] = "-"
    problems = sum(_problems(one) for one in each)
    return ("店铺汇总值", None, *counts, *(["-"] * 4), None, *(["-"] * 6), problems, *_sales(sums), "-")


def _means(sums: Totals, agents: int) -> SheetRow:
    """店铺平均值: counts per agent, and the only place with the shop's rates."""

    def per_agent(cells: Sequence[SheetCell]) -> list[SheetCell]:
        return [round(cell / agents, 2) if isinstance(cell, int | float) else cell for cell in cells]

    return (
        "店铺平均值",
        None,
        *per_agent(_counts(sums)),
        *_rates(sums),
        *per_agent(_sales(sums)),
        percent(_ordered(sums)),
    )


def _counts(sums: Totals) -> tuple[SheetCell, ...]:
    days = len(sums.days)
    ratings = sums.ratings
    return (
        days,
        duration(days * _ONLINE_SECONDS),
        duration(days * _REST_SECONDS),
        _CAPACITY,
        sums.sessions,
        0,
        sums.sessions,
        0,
        sums.transferred,
        percent(min(1.0, sums.sessions / (days * 90))) if days else "-",
        ratings.received,
        ratings.satisfied,
        ratings.received - ratings.satisfied,
    )


def _rates(sums: Totals) -> tuple[SheetCell, ...]:
    return (
        *_satisfaction(sums.ratings),
        *_satisfaction(sums.working_ratings),
        None,
        duration(sums.responses.average),
        duration(sums.working.average),
        duration(sums.working.first),
        duration(sums.responses.first),
        percent(sums.working.quick),
        percent(sums.responses.quick),
        _problems(sums),
    )


def _problems(sums: Totals) -> int:
    return sums.unsolved // 12


def _satisfaction(ratings: Ratings) -> tuple[str, str]:
    """不满意率 and 满意率, as the export orders them."""
    return percent(share(ratings.received - ratings.satisfied, ratings.received)), percent(ratings.share_satisfied)


def _sales(sums: Totals) -> tuple[SheetCell, ...]:
    return (
        sums.inquiries,
        sums.payers,
        sums.payers,
        sums.refunded,
        yuan(sums.paid_fen),
        yuan(sums.refund_fen),
        yuan(sums.paid_fen - sums.refund_fen),
    )


def _ordered(sums: Totals) -> float | None:
    return share(sums.payers, sums.inquiries)


def write_feige_2024(folder: Path, shop: ShopCast, sessions: Sequence[Session], period: Period) -> Path:
    """The older export: one row an agent and day, with 日期 and 店铺名称 columns."""
    by_day = totals_by(sessions, lambda session: (session.day, session.person.name))
    rows: list[SheetRow] = [_HEADERS_2024]
    for day in period:
        for index, person in enumerate(shop.people):
            sums = by_day.get((day, person.name))
            if sums is not None:
                rows.append(_row_2024(str(day), shop.name, person.name, f"yunjian_{index + 1:02d}", sums))
    path = folder / f"飞鸽_接待量_{period.first:%Y%m%d}_{period.last:%Y%m%d}.xlsx"
    write_workbook(path, "Sheet1", rows)
    return path


def _row_2024(day: str, shop: str, name: str, account: str, sums: Totals) -> SheetRow:
    ratings = sums.ratings
    return (
        day, shop, name, account, sums.sessions, sums.sessions, round(sums.sessions / 8.6, 2),
        percent(share(ratings.received - ratings.satisfied, ratings.received)),
        percent(share(sums.responses.quick_sessions, sums.sessions)), percent(sums.responses.quick),
        seconds(sums.responses.first), seconds(sums.responses.average), seconds(sums.responses.average),
        percent(ratings.share_satisfied), yuan(sums.paid_fen), sums.inquiries, sums.payers, sums.payers,
        percent(_ordered(sums)), sums.unsolved // 12, round(_ONLINE_SECONDS / 3600, 2), round(_REST_SECONDS / 3600, 2),
        round(24 - _ONLINE_SECONDS / 3600, 2),
    )  # fmt: skip
