"""``--from --to --platform --shop --agent --group`` → a Filter."""

from __future__ import annotations

import argparse
from datetime import date

from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.errors import WrongUsage

_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


def selection(services: Services, options: argparse.Namespace) -> Filter:
    """The selection the options describe.

    Raises UserFault where a name is not known, WrongUsage where the days are swapped.
    """
    platform = Platform(options.platform) if options.platform else None
    return Filter(
        period=_period(options.first, options.last),
        platform=platform,
        shops=services.people.shop_ids(options.shop, platform) if options.shop else (),
        agents=services.people.person_ids(options.agent) if options.agent else (),
        groups=services.people.group_names(options.group) if options.group else (),
    )


def filter_words(options: argparse.Namespace) -> dict[str, str | None]:
    """The selection as it was asked for, for the JSON answer."""
    return {
        "from": options.first.isoformat() if options.first else None,
        "to": options.last.isoformat() if options.last else None,
        "platform": options.platform,
        "shop": options.shop,
        "agent": options.agent,
        "group": options.group,
    }


def _period(first: date | None, last: date | None) -> Period | None:
    if first is None and last is None:
        return None
    if first and last and last < first:
        raise WrongUsage(f"结束日期 {last} 早于开始日期 {first}。", "请把 --from 和 --to 对调。")
    return Period(first or _EARLIEST, last or _LATEST)
