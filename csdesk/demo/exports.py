"""Writes the whole example: which file covers which days, and when each was exported."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

from csdesk.demo import chitu, details, doudian, feige, sycm, taobao_trade
from csdesk.demo.aftercare import Aftercare
from csdesk.demo.cast import ShopCast, load_cast
from csdesk.demo.goods import load_goods
from csdesk.demo.orders import Order, simulate_orders
from csdesk.demo.simulate import Session, simulate
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault

MOST_AGENTS = 200
MOST_DAYS = 1_100

_DAILY_FILES = 14
_WEEKLY_UNTIL = 56
_SESSION_DAYS = 60
_SESSION_GAP_DAYS = 3  # 会话明细 is exported up to the day before the ratings are final
_FEIGE_2026_DAYS = 70
_FEIGE_DAILY_FILES = 7
_AGENT_REPORT_WEEKS = 4
_INVITE_DAYS = 30
_QIANNIU_DAYS = 30
"""千牛 orders of 2026 cover the last month; the older list, which has nicks, everything."""
_EXPORT_HOUR = 9


@dataclass(frozen=True, slots=True)
class _Shop:
    """A played shop and the span of its example."""

    folder: Path
    cast: ShopCast
    sessions: Sequence[Session]
    orders: Sequence[Order]
    period: Period
    until: datetime
    random: Random

    def during(self, period: Period) -> list[Session]:
        """Its sessions in ``period``; they are played day by day."""
        first, after = (
            bisect_left(self.sessions, day, key=lambda session: session.day)
            for day in (period.first, period.last + timedelta(days=1))
        )
        return list(self.sessions[first:after])


def generate(
    folder: Path, agents: int = 12, days: int = 120, seed: int = 7, last_day: date | None = None
) -> list[Path]:
    """Write the example files of a 淘宝 and a 抖店 shop into ``folder`` (made if absent).

    ``last_day`` is the last business day, yesterday if not given. The same arguments write the same bytes.
    Returns the files in the order they are best imported. Raises UserFault for impossible numbers.
    """
    if not 1 <= agents <= MOST_AGENTS or not 1 <= days <= MOST_DAYS:
        raise UserFault(
            f"示例数据做不了 {agents} 位客服、{days} 天。", f"客服请给 1–{MOST_AGENTS} 位，天数请给 1–{MOST_DAYS} 天。"
        )
    last = last_day or date.today() - timedelta(days=1)
    period = Period(last - timedelta(days=days - 1), last)
    folder.mkdir(parents=True, exist_ok=True)
    cast, goods, until = load_cast(agents), load_goods(), _end_of(last)
    files: list[Path] = []
    for shop in cast.shops:
        sessions = simulate(cast, shop, period, seed)
        random = Random(f"{seed}/{shop.platform.value}/after")  # noqa: S311
        orders = simulate_orders(cast, goods, sessions, until, random)
        played = _Shop(folder, shop, sessions, orders, period, until, random)
        files += _taobao_files(played) if shop.platform is Platform.TAOBAO else _douyin_files(played)
        files += _aftercare_files(played)
    _date(files, last)
    return files


def _taobao_files(shop: _Shop) -> list[Path]:
    last = shop.period.last
    files = []
    for period in _spans(shop.period):
        files.append(chitu.write_chitu(shop.folder, shop.cast, shop.during(period), period, last))
    for period in _months(shop.period):
        sessions = shop.during(period)
        files += [
            sycm.write_ratings(shop.folder, sessions, period, last),
            sycm.write_consulting(shop.folder, sessions, period),
            sycm.write_inquiries(shop.folder, sessions, period, last),
        ]
    for period in _weeks_back(shop.period, _AGENT_REPORT_WEEKS):
        files.append(sycm.write_agents(shop.folder, shop.cast, shop.during(period), period))
    return files + _session_files(shop) + _taobao_trade(shop)


def _taobao_trade(shop: _Shop) -> list[Path]:
    """Orders twice, as owners have them: the list of old for all days, the new workbook for the last month."""
    orders, whole = shop.orders, shop.period
    recent = Period(max(whole.first, whole.last - timedelta(days=_QIANNIU_DAYS - 1)), whole.last)
    return [
        *taobao_trade.write_order_lists(shop.folder, shop.cast, orders, whole),
        *taobao_trade.write_orders(shop.folder, shop.cast, orders, recent),
        *taobao_trade.write_lines(shop.folder, shop.cast, orders, whole),
        *taobao_trade.write_refunds(shop.folder, shop.cast, orders, whole),
        *taobao_trade.write_reviews(shop.folder, shop.cast, orders, whole),
    ]


def _aftercare_files(shop: _Shop) -> list[Path]:
    """Surveys, tickets, invitations and checks of the last two months, and the chats of the last day with sessions."""
    days = _session_days(shop.period)
    if days is None:
        return []
    until_now = Period(days.first, shop.period.last)
    care = Aftercare(shop.folder, shop.cast, until_now, shop.until, shop.random)
    sessions = shop.during(until_now)
    files = [*care.surveys(sessions), *care.tickets(sessions), *care.checks(shop.during(days))]
    if shop.cast.platform is Platform.TAOBAO:  # the 抖店 has no file of invitations, nor of chats
        month = Period(max(days.first, until_now.last - timedelta(days=_INVITE_DAYS - 1)), until_now.last)
        files += [*care.invitations(shop.during(month)), *care.chat(shop.during(Period.of_day(days.last)))]
    return files


def _session_days(whole: Period) -> Period | None:
    """The days of the 会话明细; None where the example is too short for them."""
    end = whole.last - timedelta(days=_SESSION_GAP_DAYS)
    return None if end < whole.first else Period(max(whole.first, end - timedelta(days=_SESSION_DAYS - 1)), end)


def _session_files(shop: _Shop) -> list[Path]:
    """The older half as .csv, the newer as .xlsx."""
    days = _session_days(shop.period)
    if days is None:
        return []
    start, end = days.first, days.last
    middle = start + (end - start) // 2
    newer = Period(middle, end)
    files = [details.write_sessions_workbook(shop.folder, shop.cast, shop.during(newer), newer)]
    if start < middle:
        older = Period(start, middle - timedelta(days=1))
        files.insert(0, details.write_sessions_text(shop.folder, shop.cast, shop.during(older), older))
    return files


def _douyin_files(shop: _Shop) -> list[Path]:
    first, last = shop.period.first, shop.period.last
    change = max(first, last - timedelta(days=_FEIGE_2026_DAYS - 1))
    files = []
    if change > first:
        for period in _months(Period(first, change - timedelta(days=1))):
            files.append(feige.write_feige_2024(shop.folder, shop.cast, shop.during(period), period))
    for period in _spans(Period(change, last), daily=_FEIGE_DAILY_FILES, weekly_until=_FEIGE_2026_DAYS):
        files.append(feige.write_feige(shop.folder, shop.cast, shop.during(period), period))
    return [
        *files,
        *doudian.write_orders(shop.folder, shop.cast, shop.orders, shop.period),
        *doudian.write_refunds(shop.folder, shop.cast, shop.orders, shop.period),
        *doudian.write_reviews(shop.folder, shop.cast, shop.orders, shop.period),
    ]


def _spans(whole: Period, daily: int = _DAILY_FILES, weekly_until: int = _WEEKLY_UNTIL) -> Iterator[Period]:
    """Months, then weeks, then single days towards the end, as somebody collects who has just begun to."""
    first_daily = max(whole.first, _monday_from(whole.last - timedelta(days=daily - 1)))
    first_weekly = max(whole.first, _monday_from(whole.last - timedelta(days=weekly_until - 1)))
    if whole.first < first_weekly:
        yield from _months(Period(whole.first, first_weekly - timedelta(days=1)))
    if first_weekly < first_daily:
        yield from _weeks(Period(first_weekly, first_daily - timedelta(days=1)))
    yield from (Period.of_day(day) for day in Period(first_daily, whole.last))


def _monday_from(day: date) -> date:
    """``day`` or the Monday after it, so that weeks stay whole."""
    return day + timedelta(days=-day.weekday() % 7)


def _months(whole: Period) -> Iterator[Period]:
    """Cut at the first of each month: the platforms give at most 31 days at a time."""
    return _cut(whole, [day for day in whole if day.day == 1])


def _weeks(whole: Period) -> Iterator[Period]:
    """Cut on Mondays."""
    return _cut(whole, [day for day in whole if day.weekday() == 0])


def _cut(whole: Period, starts: Sequence[date]) -> Iterator[Period]:
    edges = sorted({whole.first, *starts, whole.last + timedelta(days=1)})
    return (Period(first, after - timedelta(days=1)) for first, after in pairwise(edges))


def _weeks_back(whole: Period, count: int) -> list[Period]:
    """The last ``count`` whole weeks inside."""
    full = [period for period in _weeks(whole) if period.days == 7]
    return full[-count:]


def _end_of(day: date) -> datetime:
    """The last second of a day: exports of the next morning tell of whole days only."""
    return datetime.combine(day, datetime.max.time()).replace(microsecond=0)


def _date(files: Sequence[Path], last_day: date) -> None:
    """Give the files the time of their export, the morning after: only the last days are still provisional then."""
    morning = datetime.combine(last_day + timedelta(days=1), datetime.min.time()).replace(hour=_EXPORT_HOUR)
    for path in files:
        os.utime(path, (morning.timestamp(), morning.timestamp()))
