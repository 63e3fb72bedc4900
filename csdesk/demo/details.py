"""会话明细: our own layout, one row a session, as .xlsx and as GB18030 .csv."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from csdesk.demo.cast import ShopCast
from csdesk.demo.sheetfile import SheetCell, SheetRow, write_workbook
from csdesk.demo.simulate import Session
from csdesk.demo.wording import yuan
from csdesk.domain.period import Period

_HEADERS = (
    "会话ID", "店铺", "客服", "买家昵称", "开始时间", "结束时间", "首次响应时长(秒)", "平均响应时长(秒)",
    "消息数", "买家消息数", "是否转接", "咨询分类", "是否解决", "是否邀评", "是否评价", "评分", "评价内容",
    "订单编号", "支付金额", "渠道",
)  # fmt: skip
_CHANNEL = "千牛"


def write_sessions_workbook(folder: Path, shop: ShopCast, sessions: Sequence[Session], period: Period) -> Path:
    """All columns as .xlsx with real date cells."""
    path = folder / f"{_stem(shop, period)}.xlsx"
    write_workbook(path, "会话明细", _table(shop, sessions))
    return path


def write_sessions_text(folder: Path, shop: ShopCast, sessions: Sequence[Session], period: Period) -> Path:
    """All columns as .csv in GB18030, the encoding WPS and Excel expect here."""
    path = folder / f"{_stem(shop, period)}.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        for row in _table(shop, sessions):
            writer.writerow([f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else cell for cell in row])
    return path


def _stem(shop: ShopCast, period: Period) -> str:
    return f"会话明细_{shop.platform.label.partition('/')[0]}_{shop.name}_{period.first}至{period.last}"


def _table(shop: ShopCast, sessions: Sequence[Session]) -> Iterator[SheetRow]:
    yield _HEADERS
    for session in sessions:
        yield _row(shop, session)


def _row(shop: ShopCast, session: Session) -> tuple[SheetCell, ...]:
    return (
        session.key,
        shop.name,
        session.person.name,
        session.buyer,
        session.start,
        session.end,
        session.first_response,
        session.avg_response,
        session.buyer_messages + session.agent_messages,
        session.buyer_messages,
        _yes(session.transferred),
        session.category or None,
        _yes(session.resolved),
        _yes(session.invited),
        _yes(session.rating is not None),
        session.rating,
        session.comment or None,
        session.order or None,
        yuan(session.paid_fen) if session.paid_fen else None,
        _CHANNEL,
    )


def _yes(value: bool) -> str:
    return "是" if value else "否"
