"""生意参谋: 接待评价, 咨询接待 and 业绩询单 by day, 自制报表-客服绩效 by agent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from csdesk.demo.cast import ShopCast
from csdesk.demo.sheetfile import SheetCell, SheetRow, write_workbook
from csdesk.demo.simulate import Session
from csdesk.demo.totals import Ratings, Totals, share, total, totals_by
from csdesk.demo.wording import DELAYED, duration, fraction, percent, seconds, yuan
from csdesk.domain.period import Period

RATING_DELAY_DAYS = 1
SALES_DELAY_DAYS = 3
_PEER_BETTER, _PEER_USUAL = 1.04, 0.985

_RATING_FIELDS = (
    "发出评价数", "收到评价数", "很满意", "满意", "一般", "不满", "很不满", "评价发送率", "评价返回率",
    "客户满意率", "客服服务度",
)  # fmt: skip
_CONSULT_HEADERS = (
    "日期", "咨询人数", "接待人数", "未回复人数", "有效接待人数", "平均响应时长（秒)", "3分钟人工响应率",
    "咨询客服人次", "客服回复人次", "客服未回复人次", "旺旺回复率", "首次响应时长（秒)", "慢响应人数",
    "长接待人数", "买家发起人数", "客服主动跟进人数", "总消息数", "买家消息条数", "客服消息条数", "答问比",
    "客服字数", "平均接待时长",
)  # fmt: skip
_INQUIRY_HEADERS = (
    "日期", "询单人数", "当日询单人数", "当日付款人数", "当日付款金额", "最终付款人数", "最终付款金额",
    "询单当日付款转化率", "询单最终付款转化率",
)  # fmt: skip
_AGENT_HEADERS = (
    "旺旺昵称", "询单人数", "询单最终付款人数", "询单最终付款转化率", "询单最终付款金额", "首次响应时长（秒)",
    "平均响应时长（秒)", "旺旺回复率", "客户满意率", "成功退款金额",
)  # fmt: skip


def write_ratings(folder: Path, sessions: Sequence[Session], period: Period, last_day: date) -> Path:
    """接待评价: two header rows, 35 columns, one row a day, then the summary rows."""
    rows: list[SheetRow] = [
        (None, None, *_group_heads()),
        ("日期", "接待人数", *(_RATING_FIELDS * 3)),
    ]
    by_day = totals_by(sessions, lambda session: session.day)
    for day in period:
        late = (last_day - day).days < RATING_DELAY_DAYS
        rows.append(_rating_row(str(day), by_day.get(day, Totals()), late=late))
    sums = total(sessions)
    rows.append(_rating_row("汇总值", sums, late=False))
    rows.append(_mean_row(sums, period.days))
    if period.is_whole_months():  # peers are missing for custom date ranges
        rows += [_peer_row("同行同层优秀", sums, _PEER_BETTER), _peer_row("同行同层均值", sums, _PEER_USUAL)]
    path = folder / f"生意参谋_接待评价_{period.first:%Y%m%d}_{period.last:%Y%m%d}.xlsx"
    write_workbook(path, "接待评价", rows, merged=("C1:M1", "N1:X1", "Y1:AI1"))
    return path


def _group_heads() -> tuple[SheetCell, ...]:
    width = len(_RATING_FIELDS) - 1
    return tuple(cell for group in ("总", "邀请", "自主") for cell in (group, *([None] * width)))


def _rating_row(label: str, sums: Totals, *, late: bool) -> SheetRow:
    cells: list[SheetCell] = [label, sums.sessions]
    for ratings in (sums.ratings, sums.invited, sums.self_rated):
        own = ratings is sums.self_rated
        cells += [DELAYED] * len(_RATING_FIELDS) if late else _rating_cells(ratings, sums.sessions, own=own)
    return tuple(cells)


def _rating_cells(ratings: Ratings, received: int, *, own: bool) -> list[SheetCell]:
    """Ratings buyers gave of their own accord were not sent: 0, and no rates of sending."""
    sent = 0 if own else ratings.sent
    return [
        sent,
        ratings.received,
        *(ratings.levels[level] for level in (5, 4, 3, 2, 1)),
        "-" if own else percent(share(sent, received)),
        "-" if own else percent(share(ratings.received, sent)),
        percent(ratings.share_satisfied),
        percent(ratings.share_satisfied),
    ]


def _mean_row(sums: Totals, days: int) -> SheetRow:
    cells: list[SheetCell] = ["平均值"]
    for cell in _rating_row("", sums, late=False)[1:]:
        cells.append(round(cell / days, 2) if isinstance(cell, int) else cell)
    return tuple(cells)


def _peer_row(label: str, sums: Totals, factor: float) -> SheetRow:
    cells: list[SheetCell] = [label]
    for cell in _rating_row("", sums, late=False)[1:]:
        if isinstance(cell, int):
            cells.append(round(cell * factor))
        else:
            cells.append(_scaled(cell, factor))
    return tuple(cells)


def _scaled(cell: SheetCell, factor: float) -> SheetCell:
    if not isinstance(cell, str) or not cell.endswith("%"):
        return cell
    return percent(min(0.999, float(cell[:-1]) / 100 * factor))


def write_consulting(folder: Path, sessions: Sequence[Session], period: Period) -> Path:
    """咨询接待: one row a day, then the summary rows."""
    by_day = totals_by(sessions, lambda session: session.day)
    rows: list[SheetRow] = [_CONSULT_HEADERS]
    rows += [_consult_row(str(day), by_day.get(day, Totals())) for day in period]
    rows.append(_consult_row("汇总值", total(sessions)))
    path = folder / f"生意参谋_咨询接待_{period.first:%Y%m%d}_{period.last:%Y%m%d}.xlsx"
    write_workbook(path, "咨询接待", rows)
    return path


def _consult_row(label: str, sums: Totals) -> SheetRow:
    return (
        label, sums.sessions, sums.sessions, sums.unreplied, sums.sessions - sums.unreplied,
        seconds(sums.responses.average), percent(sums.responses.quick), sums.sessions + sums.transferred,
        sums.sessions + sums.transferred - sums.unreplied, sums.unreplied, percent(sums.reply_rate),
        seconds(sums.responses.first), sums.slow, sums.long, sums.sessions, 0,
        sums.buyer_messages + sums.agent_messages, sums.buyer_messages, sums.agent_messages,
        percent(share(sums.agent_messages, sums.buyer_messages)), sums.agent_messages * 21, duration(sums.mean_length),
    )  # fmt: skip


def write_inquiries(folder: Path, sessions: Sequence[Session], period: Period, last_day: date) -> Path:
    """业绩询单: one row a day; the last days are 延迟统计."""
    by_day = totals_by(sessions, lambda session: session.day)
    rows: list[SheetRow] = [_INQUIRY_HEADERS]
    for day in period:
        late = (last_day - day).days < SALES_DELAY_DAYS
        rows.append(_inquiry_row(str(day), by_day.get(day, Totals()), late=late))
    path = folder / f"生意参谋_业绩询单_{period.first:%Y%m%d}_{period.last:%Y%m%d}.xlsx"
    write_workbook(path, "业绩询单", rows)
    return path


def _inquiry_row(label: str, sums: Totals, *, late: bool) -> SheetRow:
    return (
        label,
        DELAYED if late else sums.inquiries,
        sums.inquiries,
        sums.same_day_payers,
        yuan(sums.same_day_fen),
        DELAYED if late else sums.payers,
        DELAYED if late else yuan(sums.paid_fen),
        percent(share(sums.same_day_payers, sums.inquiries)),
        DELAYED if late else percent(share(sums.payers, sums.inquiries)),
    )


def write_agents(folder: Path, shop: ShopCast, sessions: Sequence[Session], period: Period) -> Path:
    """自制报表-客服绩效 over ``period``: one row an agent, the nick without its shop, six summary and peer rows."""
    by_agent = totals_by(sessions, lambda session: session.person.name)
    sums = total(sessions)
    rows: list[SheetRow] = [_AGENT_HEADERS]
    rows += [_agent_row(person.name, by_agent.get(person.name, Totals())) for person in shop.people]
    mean = _agent_row("平均值", sums, parts=len(shop.people))
    rows += [_agent_row("汇总值", sums), mean, _agent_row("全店汇总值", sums), ("全店平均值", *mean[1:])]
    rows += [_peer_agent_row("同行同层优秀", sums, _PEER_BETTER), _peer_agent_row("同行同层均值", sums, _PEER_USUAL)]
    path = folder / f"自制报表-报表查看-客服绩效_{period.first:%Y%m%d}_{period.last:%Y%m%d}_全部.xlsx"
    write_workbook(path, "客服绩效", rows)
    return path


def _agent_row(label: str, sums: Totals, parts: int = 1) -> SheetRow:
    def part(value: float) -> float:
        return value if parts == 1 else round(value / parts, 2)

    return (
        label,
        part(sums.inquiries),
        part(sums.payers),
        percent(share(sums.payers, sums.inquiries)),
        part(yuan(sums.paid_fen)),
        seconds(sums.responses.first),
        seconds(sums.responses.average),
        percent(sums.reply_rate),
        percent(sums.ratings.share_satisfied),
        part(yuan(sums.refund_fen)),
    )


def _peer_agent_row(label: str, sums: Totals, factor: float) -> SheetRow:
    row = _agent_row(label, sums)
    numbers = [fraction(cell * factor) if isinstance(cell, int | float) else _scaled(cell, factor) for cell in row[1:]]
    return (label, *numbers)
