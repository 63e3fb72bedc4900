"""``csdesk-cli agents`` and ``csdesk-cli shops``: who there is, and the owner's word on who belongs together."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_done, print_json, print_table
from csdesk.domain.period import from_epoch_day, to_epoch_day
from csdesk.errors import UserFault, WrongUsage

if TYPE_CHECKING:
    from csdesk.store.people import Change, People, Person, Roster, Suggested

_EARLIEST = date(1990, 1, 1)


def agents(options: argparse.Namespace) -> int:
    """``agents``: everybody with names, kind, group and days; what may belong together."""
    from csdesk.store.people import KIND_TITLES

    with open_services(options) as services:
        found = services.people.roster()
        shop = services.people.shop_id(options.shop) if options.shop else None
    people = [one for one in found.people if shop in (None, one.shop_id)]
    if options.json:
        print_json({
            "agents": [_person_json(one) for one in people],
            "groups": list(found.groups),
            "suggestions": [_suggested_json(one) for one in found.suggestions if one.of == "agents"],
        })  # fmt: skip
        return 0
    print_table(
        ("店铺", "客服", "也叫", "账号", "是什么", "组", "最早", "最近", "会话"),
        [
            (
                one.shop, one.name, "、".join(other.name for other in one.accounts[1:]), one.account,
                KIND_TITLES[one.kind], one.group, _day(one.first_day), _day(one.last_day), one.sessions,
            )
            for one in people
        ],
    )  # fmt: skip
    _tell(found, "agents")
    return 0


def change_agents(options: argparse.Namespace) -> int:
    """``agents merge|separate|refuse|allow|kind|group``."""
    work: dict[str, Callable[[People, argparse.Namespace], Change | None]] = {
        "merge": lambda people, given: people.merge([people.account_id(given.one)], people.account_id(given.other)),
        "separate": lambda people, given: people.separate(people.account_id(given.one)),
        "refuse": lambda people, given: people.refuse(_pair(people, given)),
        "allow": _allow,
        "kind": lambda people, given: people.set_kind(
            [people.account_id(given.one)], None if given.kind == "auto" else given.kind
        ),
        "group": _regroup,
    }
    return _carry_out(options, work[options.action])


def shops(options: argparse.Namespace) -> int:
    """``shops``: every shop with its spellings; which may be one."""
    with open_services(options) as services:
        found = services.people.roster()
    if options.json:
        print_json({
            "shops": [
                {
                    "id": shop.id, "name": shop.name, "platform": str(shop.platform), "file_name": shop.file_name,
                    "assumed": shop.assumed, "demo": shop.demo, "spellings": [name for _, name in shop.spellings],
                }
                for shop in found.shops
            ],
            "suggestions": [_suggested_json(one) for one in found.suggestions if one.of == "shops"],
        })  # fmt: skip
        return 0
    print_table(
        ("平台", "店铺", "表格里叫", "也写作"),
        [
            (shop.platform.label, shop.name, shop.file_name, "、".join(name for _, name in shop.spellings))
            for shop in found.shops
        ],
    )
    _tell(found, "shops")
    return 0


def change_shops(options: argparse.Namespace) -> int:
    """``shops merge|separate|rename``."""
    work: dict[str, Callable[[People, argparse.Namespace], Change | None]] = {
        "merge": lambda people, given: people.merge_shops(people.shop_id(given.one), people.shop_id(given.other)),
        "separate": lambda people, given: people.separate_shop(_spelling(people, given.one)),
        "rename": lambda people, given: people.rename_shop(people.shop_id(given.one), given.other),
    }
    return _carry_out(options, work[options.action])


def _carry_out(options: argparse.Namespace, work: Callable[[People, argparse.Namespace], Change | None]) -> int:
    with open_services(options) as services:
        change = work(services.people, options)
    text = change.text if change is not None else "好了。"
    return print_done(text, as_json=options.json)


def _pair(people: People, given: argparse.Namespace) -> Suggested:
    """The two named as a suggestion, be it one or not."""
    from csdesk.store.people import Suggested

    one, other = people.account_id(given.one), people.account_id(given.other)
    if one == other:
        raise UserFault("这是同一个名字。", "请写两个不同的客服。")
    return Suggested("agents", one, given.one, other, given.other, "", "", "", sure=False)


def _allow(people: People, given: argparse.Namespace) -> None:
    people.allow(_pair(people, given))


def _regroup(people: People, given: argparse.Namespace) -> Change:
    if given.first and given.last and given.last < given.first:
        raise WrongUsage(f"结束日期 {given.last} 早于开始日期 {given.first}。", "请把 --from 和 --to 对调。")
    first, last = to_epoch_day(given.first or _EARLIEST), to_epoch_day(given.last) if given.last else None
    who = [people.account_id(given.one)]
    if given.clear:
        return people.ungroup(who, first, last)
    if not given.name:
        raise WrongUsage("没有写组名。", "例如：agents group 小美 晚班 --from 2026-03-01；不分组用 --clear。")
    return people.assign(who, given.name, first, last)


def _spelling(people: People, name: str) -> int:
    from csdesk.domain.identity import fold

    spellings = [pair for shop in people.roster().shops for pair in shop.spellings]
    for id_, spelled in spellings:
        if fold(spelled) == fold(name):
            return id_
    raise UserFault(f"“{name}”没有并入别的店铺。", f"现有写法：{'、'.join(each for _, each in spellings) or '没有'}。")


def _tell(found: Roster, of: str) -> None:
    for one in found.suggestions:
        if one.of == of:
            print(f"建议合并：{one.sentence}")
    if of == "agents":
        for person in found.people:
            if person.suggested_kind:
                print(f"请看一下：“{person.name}”{person.kind_reason}")


def _person_json(one: Person) -> dict[str, object]:
    return {
        "id": one.id, "name": one.name, "shop": one.shop, "platform": str(one.platform), "account": one.account,
        "kind": one.kind, "kind_by_owner": one.kind_by_owner, "suggested_kind": one.suggested_kind or None,
        "group": one.group, "group_from_files": one.group_from_files or None,
        "groups": [
            {"group": span.team, "from": _day(span.first_day), "to": _day(span.last_day) or None} for span in one.spans
        ],
        "first_day": _day(one.first_day) or None, "last_day": _day(one.last_day) or None, "sessions": one.sessions,
        "accounts": [
            {
                "id": each.id, "name": each.name, "account": each.account or None, "sessions": each.sessions,
                "first_day": _day(each.first_day) or None, "last_day": _day(each.last_day) or None,
            }
            for each in one.accounts
        ],
    }  # fmt: skip


def _suggested_json(one: Suggested) -> dict[str, object]:
    return {
        "account": one.account_name, "person": one.person_name, "shop": one.shop, "reason": one.reason,
        "sure": one.sure, "text": one.sentence, "ids": [one.account, one.person],
    }  # fmt: skip


def _day(day: int | None) -> str:
    return "" if day is None else from_epoch_day(day).isoformat()
