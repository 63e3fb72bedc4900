"""What the section shows of people and shops, and the questions it asks. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from csdesk.analysis import exports
from csdesk.analysis.frame import EmptyState, PageTable, Run
from csdesk.charts.spec import Cell, Column, Format, TableSpec
from csdesk.domain.period import from_epoch_day
from csdesk.store.people import KIND_TITLES, Change, People, Person, Roster, ShopCard
from csdesk.store.teams import TeamSpan

BY_FILES = "auto"
KIND_CHOICES = (*KIND_TITLES.items(), (BY_FILES, "按表格里的来"))
_WHO = (
    Column("name", "客服"), Column("also", "也叫"), Column("account", "账号"), Column("kind", "是什么"),
    Column("group", "现在的组"), Column("first", "最早", Format.DATE), Column("last", "最近", Format.DATE),
    Column("sessions", "会话", Format.COUNT),
)  # fmt: skip
_SHOP = Column("shop", "店铺")
_SPANS = (
    Column("name", "客服"), Column("group", "组"), Column("first", "从", Format.DATE),
    Column("last", "到", Format.DATE),
)  # fmt: skip
_SHOPS = (
    Column("name", "店铺"), Column("platform", "平台"), Column("file", "表格里叫"), Column("also", "也写作"),
    Column("people", "客服", Format.COUNT),
)  # fmt: skip
_LONG_AGO = date(1990, 1, 1)


EMPTY_STATE = EmptyState(
    "还没有客服",
    "导入分客服的报表或会话明细以后，这里列出每一位客服、账号和分组，同一个人的几个名字可以合并。",
    (exports.CHITU, exports.SYCM_AGENTS, exports.FEIGE, exports.SESSIONS),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with two answers; each is a piece of work on the people."""

    text: str
    mark: str
    tone: str
    yes: str
    no: str
    on_yes: Callable[[People], Change]
    on_no: Callable[[People], Change]


def lead(roster: Roster) -> tuple[Run, ...]:
    """Who there is and what is to be answered."""
    if not roster.people:
        return (Run("这些表格里还没有客服的名字。"),) if roster.shops else ()
    others = sum(one.kind != "person" for one in roster.people)
    runs = [Run(str(len(roster.people) - others), strong=True), Run(" 位客服")]
    if others:
        words = Run(" 个机器人、主账号或共用账号，不参加排名")
        runs += [Run("，另有 "), Run(str(others), strong=True), words]
    runs.append(Run("。"))
    asked = len(asks(roster))
    if asked:
        runs += [Run("有 "), Run(str(asked), strong=True), Run(" 个问题要您回答。")]
    return (*runs, Run("合并、分组、改名都能撤销，所有数字跟着变。"))


def asks(roster: Roster) -> list[Ask]:
    """What may belong together, then what accounts look like."""
    found = [
        Ask(
            f"{one.shop}：{one.sentence}" if one.of == "agents" and len(roster.shops) > 1 else one.sentence,
            "很可能" if one.sure else "猜的", "good" if one.sure else "neutral",
            f"合并到“{one.person_name}”", "不是同一家" if one.of == "shops" else "是两个人",
            lambda people, one=one: people.confirm(one),  # type: ignore[misc]
            lambda people, one=one: people.refuse(one),  # type: ignore[misc]
        )
        for one in roster.suggestions
    ]  # fmt: skip
    for person in roster.people:
        if person.suggested_kind:
            title = KIND_TITLES[person.suggested_kind]
            found.append(
                Ask(
                    f"“{person.name}”{person.kind_reason}", "猜的", "neutral", f"是{title}", "是一个人",
                    lambda people, who=person: people.set_kind([who.id], who.suggested_kind),  # type: ignore[misc]
                    lambda people, who=person: people.set_kind([who.id], "person"),  # type: ignore[misc]
                )
            )  # fmt: skip
    return found


def people_table(roster: Roster) -> PageTable:
    """Everybody; who is not a person is grey."""
    several = len(roster.shops) > 1
    rows = tuple((*((one.shop,) if several else ()), *_person_cells(one)) for one in roster.people)
    muted = frozenset(place for place, one in enumerate(roster.people) if one.kind != "person")
    columns = (_SHOP, *_WHO) if several else _WHO
    return PageTable(
        "people", "客服", TableSpec(columns, rows, muted), "选中一行或几行（按住 Ctrl），用右边的按钮合并、分组。"
    )


def _person_cells(one: Person) -> tuple[Cell, ...]:
    return (
        one.name, "、".join(each.name for each in one.accounts[1:]) or None, one.account or None,
        KIND_TITLES[one.kind] + ("（您定的）" if one.kind_by_owner else ""), one.group,
        _day(one.first_day), _day(one.last_day), one.sessions or None,
    )  # fmt: skip


def spans_of(roster: Roster) -> list[tuple[Person, TeamSpan]]:
    """The owner's groups with their dates, person by person."""
    return [(one, span) for one in roster.people for span in one.spans]


def spans_table(roster: Roster) -> PageTable:
    """Who is in which group and when."""
    rows = tuple(
        (one.name, span.team, None if since <= _LONG_AGO else since, _day(span.last_day))
        for one, span in spans_of(roster)
        for since in (from_epoch_day(span.first_day),)
    )
    return PageTable(
        "people.groups", "分组记录", TableSpec(_SPANS, rows), "空着的日期表示一直；没写的日子按表格里的分组算。"
    )


def shops_table(roster: Roster) -> PageTable:
    """Every shop with its names."""
    rows = tuple(_shop_cells(shop, roster) for shop in roster.shops)
    return PageTable("people.shops", "店铺", TableSpec(_SHOPS, rows), "改名只改这里的叫法，表格里写旧名照样认得。")


def _shop_cells(shop: ShopCard, roster: Roster) -> tuple[Cell, ...]:
    return (
        shop.name, shop.platform.label, "还没有表格写过店名" if shop.assumed else shop.file_name,
        "、".join(name for _, name in shop.spellings) or None,
        sum(one.shop_id == shop.id and one.kind == "person" for one in roster.people),
    )  # fmt: skip


def usual_days(people: Sequence[Person]) -> tuple[date | None, date | None]:
    """First and last day of these people, as a proposal for a group's dates."""
    firsts = [one.first_day for one in people if one.first_day is not None]
    lasts = [one.last_day for one in people if one.last_day is not None]
    return (_day(min(firsts)) if firsts else None), (_day(max(lasts)) if lasts else None)


def _day(day: int | None) -> date | None:
    return None if day is None else from_epoch_day(day)
