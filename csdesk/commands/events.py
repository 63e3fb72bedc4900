"""``csdesk-cli events``: days that are not ordinary, the owner's own and (with ``--from``/``--to``) everybody's."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_done, print_json, print_table
from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.errors import WrongUsage

if TYPE_CHECKING:
    from csdesk.analysis.events import Event
    from csdesk.store.own_events import OwnEvent


def events(options: argparse.Namespace) -> int:
    """``events``: the owner's own; with a span also promotions, holidays and make-up workdays in it."""
    from csdesk.analysis.event_book import KIND_TITLES
    from csdesk.analysis.events import KIND_TITLES as ALL_TITLES

    with open_services(options) as services:
        found = services.events.listed()
    everybodys = _everybodys(options)
    if options.json:
        print_json({"events": [_own_json(one) for one in found], "calendar": [_json(one) for one in everybodys]})
        return 0
    rows = [
        (
            str(one.id), one.name, _day(one.first_day), _day(one.last_day), KIND_TITLES[one.kind],
            one.shop or "全部店铺", one.note,
        )
        for one in found
    ]  # fmt: skip
    rows += [
        ("", one.name, str(one.period.first), str(one.period.last), ALL_TITLES[one.kind], _platforms(one), "")
        for one in everybodys
    ]
    print_table(("编号", "事件", "从", "到", "类别", "店铺", "备注"), rows)
    return 0


def change(options: argparse.Namespace) -> int:
    """``events add|remove``."""
    with open_services(options) as services:
        if options.action == "remove":
            gone = services.events.remove(options.id)
            number, text = options.id, f"已去掉“{gone.name}”。"
        else:
            platform = Platform(options.platform) if options.platform else None
            shop = services.people.shop_id(options.shop, platform) if options.shop else None
            last = options.until or options.since
            if last < options.since:
                raise WrongUsage(f"结束日期 {last} 早于开始日期 {options.since}。", "请把两个日期对调。")
            number = services.events.add(
                options.name, Period(options.since, last), kind=options.kind, shop_id=shop, note=options.note
            )
            text = f"记下了，编号 {number}。"
    return print_done(text, as_json=options.json, id=number)


def _everybodys(options: argparse.Namespace) -> tuple[Event, ...]:
    from csdesk.analysis.events import EventKind, events_during

    if options.first is None and options.last is None:
        return ()
    first, last = options.first or options.last, options.last or options.first
    if last < first:
        raise WrongUsage(f"结束日期 {last} 早于开始日期 {first}。", "请把 --from 和 --to 对调。")
    return events_during(Period(first, last), kinds=frozenset(EventKind))


def _own_json(one: OwnEvent) -> dict[str, object]:
    return {
        "id": one.id, "name": one.name, "from": _day(one.first_day), "to": _day(one.last_day), "kind": one.kind,
        "shop": one.shop or None, "platform": one.platform, "note": one.note,
    }  # fmt: skip


def _json(one: Event) -> dict[str, object]:
    return {
        "name": one.name, "from": str(one.period.first), "to": str(one.period.last), "kind": str(one.kind),
        "platforms": sorted(map(str, one.platforms)),
    }  # fmt: skip


def _platforms(one: Event) -> str:
    return "、".join(sorted(platform.short for platform in one.platforms)) or "全部店铺"


def _day(number: int) -> str:
    return from_epoch_day(number).isoformat()
