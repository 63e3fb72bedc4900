"""赤兔名品 自定义报表: one file a day or span, one row an agent, 汇总 and 均值 at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from csdesk.demo.cast import ShopCast
from csdesk.demo.sheetfile import SheetCell, SheetRow, write_workbook
from csdesk.demo.simulate import Session
from csdesk.demo.totals import Totals, share, total, totals_by
from csdesk.demo.wording import DELAYED, duration, fraction, percent, seconds, yuan
from csdesk.domain.period import Period

RATING_DELAY_DAYS = 1
SALES_DELAY_DAYS = 3

_Cell = Callable[[Totals], SheetCell]

_COUNTS: dict[str, _Cell] = {
    "聊天人数(原咨询人数)": lambda t: float(t.sessions),
    "接待人数": lambda t: float(t.sessions),
    "未回复人数": lambda t: float(t.unreplied),
    "转出人数": lambda t: float(t.transferred),
    "买家消息数": lambda t: float(t.buyer_messages),
    "客服消息数": lambda t: float(t.agent_messages),
}
_TIMES: dict[str, _Cell] = {
    "答问比": lambda t: fraction(share(t.agent_messages, t.buyer_messages)),
    "首次响应(秒)": lambda t: seconds(t.responses.first),
    "平均响应(秒)": lambda t: seconds(t.responses.average),
    "平均接待时长": lambda t: duration(t.mean_length) if t.sessions else None,
}
_SALES: dict[str, _Cell] = {
    "询单人数": lambda t: t.inquiries,
    "询单->最终付款转化率": lambda t: fraction(share(t.payers, t.inquiries)),
    "销售额": lambda t: yuan(t.paid_fen),
    "销售人数": lambda t: t.payers,
}
_LEVELS: dict[str, _Cell] = {
    "服务满意度评价很满意": lambda t: t.invited.levels[5],
    "服务满意度评价满意": lambda t: t.invited.levels[4],
    "服务满意度评价一般": lambda t: t.invited.levels[3],
    "服务满意度评价不满": lambda t: t.invited.levels[2],
    "服务满意度评价很不满": lambda t: t.invited.levels[1],
}
_RATING_RATES: dict[str, _Cell] = {
    "服务满意度评价展示率": lambda t: fraction(share(t.invited.sent, t.sessions)),
    "服务满意度评价参与率": lambda t: fraction(share(t.invited.received, t.invited.sent)),
    "客户满意率": lambda t: fraction(t.invited.share_satisfied),
}
_DELAYED_SALES = ("询单人数", "询单->最终付款转化率")

_HEADERS = (
    "客服昵称", "旺旺分组", *_COUNTS, "回复率", *_TIMES, "上班天数", *_SALES, *_RATING_RATES, *_LEVELS,
    "团队备注",
)  # fmt: skip


def write_chitu(folder: Path, shop: ShopCast, sessions: Sequence[Session], period: Period, last_day: date) -> Path:
    """One 店长日报 (one day), 店长周报 or 店长月报 (longer) over ``period``."""
    kind = "店长日报" if period.days == 1 else "店长周报" if period.days <= 7 else "店长月报"
    path = folder / f"自定义报表_{kind}_下单优先判定_{period.first}至{period.last}.xlsx"
    write_workbook(path, "Sheet1", _rows(shop, sessions, period, last_day))
    return path


def _rows(shop: ShopCast, sessions: Sequence[Session], period: Period, last_day: date) -> list[SheetRow]:
    sums = totals_by(sessions, lambda session: session.person.name)
    age = (last_day - period.last).days
    rows: list[SheetRow] = [_HEADERS]
    for index, person in enumerate(shop.people):
        colon = "：" if index % 5 == 4 else ":"  # both colons occur in real exports
        name = f"{shop.name}{colon}{person.name}"
        note = None if person.robot or index % 3 else f"{person.team}组"
        who = {"客服昵称": name, "旺旺分组": person.team, "团队备注": note}
        rows.append(_row(who, sums.get(person.name, Totals()), period, age))
    for name in (*(f"{shop.name}:{account}" for account in shop.inactive), shop.name):
        rows.append(_row({"客服昵称": name}, Totals(), period, age))
    whole = total(sessions)
    rows += [_summary("汇总", whole, 1), _summary("均值", whole, len(rows) - 1)]
    return rows


def _row(who: Mapping[str, SheetCell], sums: Totals, period: Period, age: int) -> SheetRow:
    cells: dict[str, SheetCell] = {**who, **{header: read(sums) for header, read in {**_COUNTS, **_TIMES}.items()}}
    cells["回复率"] = _reply_rate(sums, period)
    cells["上班天数"] = len(sums.days) if sums.days else None
    for header, read in _SALES.items():
        late = header in _DELAYED_SALES and age < SALES_DELAY_DAYS
        cells[header] = DELAYED if late else read(sums)
    for header, read in {**_RATING_RATES, **_LEVELS}.items():
        cells[header] = DELAYED if age < RATING_DELAY_DAYS else read(sums)
    return tuple(cells.get(header) for header in _HEADERS)


def _reply_rate(sums: Totals, period: Period) -> SheetCell:
    """A fraction in daily files, text with % in longer ones: the same column comes both ways."""
    if not sums.sessions:
        return 0
    return fraction(sums.reply_rate) if period.days == 1 else percent(sums.reply_rate)


def _summary(label: str, sums: Totals, parts: int) -> SheetRow:
    cells: dict[str, SheetCell] = {"客服昵称": label}
    for header, read in _COUNTS.items():
        value = read(sums)
        cells[header] = round(value / parts, 2) if isinstance(value, float) else None
    return tuple(cells.get(header) for header in _HEADERS)
