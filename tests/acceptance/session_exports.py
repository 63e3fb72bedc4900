"""会话明细 files and the sessions behind them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.exports import File, pick_kind, prefixed
from tests.acceptance.files import write
from tests.acceptance.writing import TIMES

CATEGORIES = ("物流", "尺码", "售后", "活动 优惠", "发票", None)
_OPTIONAL = (
    "buyer",
    "ended_at",
    "first_response",
    "avg_response",
    "messages",
    "buyer_messages",
    "transferred",
    "category",
    "resolved",
    "invited",
    "rated",
    "rating",
    "comment",
    "order_id",
    "paid_fen",
    "channel",
)
_TITLES = {
    "session_key": ("会话ID", "会话编号"), "shop": ("店铺", "店铺名称"), "agent": ("客服", "客服昵称"),
    "buyer": ("买家昵称", "买家"), "started_at": ("开始时间", "会话开始时间"), "ended_at": ("结束时间", "会话结束时间"),
    "first_response": ("首次响应时长(秒)", "首次响应时长"), "avg_response": ("平均响应时长(秒)", "平均响应时长（秒)"),
    "messages": ("消息数", "会话消息数"), "buyer_messages": ("买家消息数",), "transferred": ("是否转接",),
    "category": ("咨询分类",), "resolved": ("是否解决",), "invited": ("是否邀评",), "rated": ("是否评价",),
    "rating": ("评分", "满意度评分"), "comment": ("评价内容",), "order_id": ("订单编号",), "paid_fen": ("支付金额",),
    "channel": ("渠道",),
}  # fmt: skip
_YESNO = (("是", "否"), (1, 0), ("1", "0"), ("Y", "N"), ("已", "未"))


def session_rows(
    rng: random.Random, shop: str, agents: Sequence[str], first: date, days: int, count: int, start: int = 0
) -> list[dict[str, Any]]:
    """Sessions as they were; None where something is not known."""
    rows = []
    for number in range(count):
        began = datetime(first.year, first.month, first.day) + timedelta(seconds=rng.randrange(days * 86_400))
        answered = rng.random() < 0.93
        invited = rng.random() < 0.6
        rated = rng.random() < (0.5 if invited else 0.1)
        messages = rng.randint(2, 40)
        rows.append({
            "platform": "taobao", "shop": shop, "session_key": f"69179267{start + number:011d}",
            "agent": rng.choice(agents), "buyer": f"tb{rng.randrange(10**6)}", "started_at": began,
            "ended_at": began + timedelta(seconds=rng.randint(30, 3000)),
            "first_response": rng.randint(1, 400) if answered else None,
            "avg_response": rng.randint(1, 300) if answered else None, "messages": messages,
            "buyer_messages": rng.randint(1, messages - 1), "transferred": rng.random() < 0.1,
            "category": rng.choice(CATEGORIES), "resolved": rng.choice((True, True, False, None)), "invited": invited,
            "rated": rated, "rating": rng.choice((5, 5, 5, 4, 3, 2, 1)) if rated else None, "comment": "还行",
            "order_id": f"35153131{number:010d}", "paid_fen": rng.randint(0, 99_999), "channel": "商品详情",
        })  # fmt: skip
    rows[0]["started_at"] = datetime(first.year, first.month, first.day, 9, 30)
    last = first + timedelta(days=days - 1)
    rows[-1]["started_at"] = datetime(last.year, last.month, last.day, 21, 5, 7)
    for agent, row in zip(agents, rows, strict=False):
        row["agent"] = agent
    return rows


def session_file(
    rng: random.Random,
    folder: Path,
    rows: list[dict[str, Any]],
    kinds: Sequence[str],
    *,
    mark: str = "",
    leave: frozenset[str] = frozenset(),
    shop_column: bool = False,
    noise: bool = True,
    options: Sequence[str] = (),
) -> File:
    """会话明细 with any subset and order of its columns; some repeated and some unusable rows."""
    kind, encoding = pick_kind(rng, kinds)
    optional = [name for name in _OPTIONAL if name not in leave and rng.random() < 0.85]
    columns = ["session_key", "agent", "started_at", *(["shop"] if shop_column else []), *optional]
    rng.shuffle(columns)
    yes, no = rng.choice(_YESNO)
    writers: dict[str, Callable[[Any], Any]] = {
        name: (lambda value: None if value is None else yes if value else no)
        for name in ("transferred", "resolved", "invited", "rated")
    }
    way = rng.choice(
        [w for w in ("bare text", "words", "clock", "excel") if w != "excel" or not kind.startswith("csv")]
    )
    for name in ("first_response", "avg_response"):
        writers[name] = lambda value: rng.choice((None, "-")) if value is None else TIMES[way](value)[0]
    mark_id = rng.choice(("{}", '="{}"', "\t{}", "'{}"))
    writers["session_key"] = mark_id.format
    writers["order_id"] = mark_id.format
    writers["paid_fen"] = lambda value: rng.choice((value / 100, f"¥{value / 100:,.2f}"))
    stamp = rng.choice(
        (lambda value: value, lambda value: f"{value:%Y-%m-%d %H:%M:%S}", lambda v: f"{v:%Y/%m/%d %H:%M:%S}")
    )
    writers["started_at"] = writers["ended_at"] = stamp
    prefix = not shop_column and "--shop" not in options
    lines = []
    for row in rows:
        line = [writers.get(name, lambda value: value)(row[name]) for name in columns]
        if prefix:
            line[columns.index("agent")] = prefixed(row["agent"], row["shop"], rng)
        lines.append(line)
    rejected = 0
    if noise:
        for _ in range(rng.randint(0, 2)):
            bad = list(rng.choice(lines))
            bad[columns.index(rng.choice(("session_key", "agent", "started_at")))] = rng.choice((None, "", "-"))
            lines.insert(rng.randrange(len(lines)), bad)
            rejected += 1
        lines += [
            list(line)
            for line in rng.sample(lines[:5], 1)
            if all(line[columns.index(name)] not in (None, "", "-") for name in ("session_key", "agent", "started_at"))
        ]
    header = [rng.choice(_TITLES[name]) for name in columns]
    path = write(folder, f"会话明细{mark}", kind, [header, *lines], encoding=encoding, sheet="会话明细")
    fields = frozenset(columns)
    said = [
        {name: (value if name in fields or name in ("platform", "shop") else None) for name, value in row.items()}
        for row in rows
    ]
    return File(
        path,
        [],
        said,
        layout="sessions",
        rejected=rejected,
        fields=fields,
        platform=rows[0]["platform"],
        options=list(options),
    )
