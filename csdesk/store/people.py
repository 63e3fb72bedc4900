"""Everybody there is, by name, account, kind, group and days; what may belong together; and the owner's word on it.

:class:`People` is what the window and the command line hold on to. Every change is one transaction, raises the data
version where numbers follow it, and hands back how to take it back exactly.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from csdesk.domain.filters import UNGROUPED
from csdesk.domain.identity import fold
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.store import agents, merges, shop_merges, shops, teams
from csdesk.store.agents import Agent
from csdesk.store.database import Store
from csdesk.store.teams import Teams, TeamSpan

KIND_TITLES = {"person": "客服", "robot": "机器人", "main": "主账号", "shared": "共用账号"}
"""What an agent is, in Chinese."""
_SHARED = re.compile("[早中晚夜白值轮大小]班|值守|公用|共用|备用|轮值")


@dataclass(frozen=True, slots=True)
class Account:
    """One name in the exports. Days are epoch days, None without facts; ``sessions`` counts rows of 会话明细."""

    id: int
    name: str
    account: str = ""
    first_day: int | None = None
    last_day: int | None = None
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody (or something) who answers, with every name that counts as him.

    ``kind``: person | robot | main | shared; ``kind_by_owner``: the owner said so. ``suggested_kind`` and
    ``kind_reason``: what it looks like, "" where nothing is to be asked. ``group`` is the group of his last day,
    ``spans`` the owner's word with dates. ``accounts``: himself first, then the names merged into him.
    """

    id: int
    shop_id: int
    shop: str
    platform: Platform
    name: str
    kind: str
    kind_by_owner: bool
    suggested_kind: str
    kind_reason: str
    group: str
    group_from_files: str
    spans: tuple[TeamSpan, ...]
    accounts: tuple[Account, ...]
    demo: bool = False

    @property
    def first_day(self) -> int | None:
        """First epoch day of any of his names."""
        return min((one.first_day for one in self.accounts if one.first_day is not None), default=None)

    @property
    def last_day(self) -> int | None:
        """Last epoch day of any of his names."""
        return max((one.last_day for one in self.accounts if one.last_day is not None), default=None)

    @property
    def sessions(self) -> int:
        """Sessions of all his names."""
        return sum(one.sessions for one in self.accounts)

    @property
    def account(self) -> str:
        """His 客服账号, those of merged names too."""
        return "、".join(dict.fromkeys(one.account for one in self.accounts if one.account))


@dataclass(frozen=True, slots=True)
class ShopCard:
    """A shop with its other spellings (id, name). ``file_name``: what files call it where the owner renamed it."""

    id: int
    name: str
    platform: Platform
    file_name: str
    assumed: bool
    demo: bool
    spellings: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggested:
    """Two that may be one. ``of``: agents | shops; the first named would count as the second."""

    of: str
    account: int
    account_name: str
    person: int
    person_name: str
    shop: str
    reason: str
    sentence: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """All of it at one moment. ``refused``: pairs the owner said are two."""

    people: tuple[Person, ...] = ()
    shops: tuple[ShopCard, ...] = ()
    suggestions: tuple[Suggested, ...] = ()
    groups: tuple[str, ...] = ()
    refused: tuple[Suggested, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, as a sentence; ``undo`` leaves it exactly as it was."""

    text: str
    undo: Callable[[], None]


class People:
    """Reads the roster and carries out the owner's word. ``before_change`` is called before anything is written."""

    def __init__(self, store: Store, before_change: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._before_change = before_change

    # -- reading ----------------------------------------------------------------------------------------------------

    def roster(self) -> Roster:
        """Everybody, by shop and name."""
        with self._store.reading() as conn:
            return roster(conn)

    def group_names(self, listed: str) -> tuple[str, ...]:
        """Names of groups written with commas; raises UserFault for one there is not."""
        with self._store.reading() as conn:
            known = [*Teams(conn).names, UNGROUPED]
        by_key = {fold(name): name for name in known}
        wanted = [name.strip() for name in listed.replace("，", ",").split(",") if name.strip()]
        missing = [name for name in wanted if fold(name) not in by_key]
        if missing:
            raise UserFault(f"没有叫“{'、'.join(missing)}”的客服组。", f"现有：{'、'.join(known)}。")
        return tuple(dict.fromkeys(by_key[fold(name)] for name in wanted))

    def shop_ids(self, name: str, platform: Platform | None = None) -> tuple[int, ...]:
        """The shops called so, of one platform or all; raises UserFault naming the known ones."""
        with self._store.reading() as conn:
            found = shops.find(conn, name, platform)
            elsewhere = () if found or platform is None else shops.find(conn, name, None)
            known = [shop.name for shop in shops.all_shops(conn)]
        if elsewhere and platform is not None:
            raise UserFault(
                f"“{name}”是{elsewhere[0].platform.label}的店铺，不是{platform.label}的。", "平台和店铺请选一致的。"
            )
        if not found:
            raise UserFault(f"没有叫“{name}”的店铺。", f"现有店铺：{'、'.join(known) or '还没有导入过数据'}。")
        return tuple(shop.id for shop in found)

    def shop_id(self, name: str, platform: Platform | None = None) -> int:
        """The one shop called so, of one platform or of any; raises UserFault."""
        found = self.shop_ids(name, platform)
        if len(found) > 1:
            raise UserFault(f"有 {len(found)} 家店叫“{name}”，分不清是哪一家。", "请先给其中一家改个名字。")
        return found[0]

    def person_ids(self, name: str) -> tuple[int, ...]:
        """The persons, of whichever shops, called so; raises UserFault."""
        with self._store.reading() as conn:
            found = agents.find(conn, name)
        if not found:
            raise _no_agent(name)
        return tuple(agent.person for agent in found)

    def account_id(self, name: str) -> int:
        """The one account (merged or not) that ``name``, ``店铺:名`` or a 客服账号 means.

        Raises UserFault where there is none or are several.
        """
        with self._store.reading() as conn:
            everybody = agents.all_agents(conn)
            names = {one.id: one.name for one in shops.all_shops(conn)}
        wanted = fold(name)
        full = {one.id: f"{names.get(one.shop_id, '')}:{one.name}" for one in everybody}
        by_name = [one for one in everybody if wanted in (fold(one.name), fold(full[one.id]))]
        by_account = [one for one in everybody if one.account and wanted == fold(one.account)]
        hits = by_name or by_account or [one for one in everybody if name == str(one.id)]
        if len(hits) == 1:
            return hits[0].id
        if hits:
            raise UserFault(f"有 {len(hits)} 个“{name}”。", f"请写上店铺：{'、'.join(full[one.id] for one in hits)}。")
        raise _no_agent(name)

    # -- people -----------------------------------------------------------------------------------------------------

    def merge(self, accounts: Sequence[int], person: int) -> Change:
        """Count these as one person from now on; raises UserFault where they are of different shops."""
        with self._changing() as conn:
            known = {one.id: one for one in agents.all_agents(conn)}
            target = known.get(person)
            chosen = [known[one] for one in accounts if one in known and one != person]
            if target is None or not chosen:
                raise UserFault("要合并的客服已经不在了。", "请刷新后再选。")
            if any(one.shop_id != target.shop_id for one in chosen):
                raise UserFault("不同店铺的客服不能合并。", "如果是同一家店的两种写法，请先合并店铺。")
            before = _merged(conn)
            for one in chosen:
                agents.merge(conn, one.id, person)
            before = _changed(before, _merged(conn))
            target = known[target.person]
        names = "、".join(f"“{one.name}”" for one in chosen)
        return Change(f"{names}和“{target.name}”算作一个人了。", lambda: self._restore_merges(before))

    def separate(self, account: int) -> Change:
        """Count an account as itself again."""
        with self._changing() as conn:
            name = _name_of(conn, account)
            before = _merged(conn)
            agents.merge(conn, account, None)
            before = _changed(before, _merged(conn))
        return Change(f"“{name}”又单独计算了。", lambda: self._restore_merges(before))

    def refuse(self, suggestion: Suggested) -> Change:
        """Two of them after all: not suggested again."""
        part = merges if suggestion.of == "agents" else shop_merges
        with self._changing() as conn:
            part.refuse(conn, suggestion.account, suggestion.person)
        return Change(
            f"“{suggestion.account_name}”和“{suggestion.person_name}”分开计算，不再提示。",
            lambda: self.allow(suggestion),
        )

    def allow(self, suggestion: Suggested) -> None:
        """Take :meth:`refuse` back."""
        part = merges if suggestion.of == "agents" else shop_merges
        with self._changing() as conn:
            part.allow(conn, suggestion.account, suggestion.person)

    def ask_again(self, suggestion: Suggested) -> Change:
        """Take :meth:`refuse` back, as a change of its own."""
        self.allow(suggestion)

        def undo() -> None:
            self.refuse(suggestion)

        return Change(f"“{suggestion.account_name}”和“{suggestion.person_name}”会重新问您。", undo)

    def confirm(self, suggestion: Suggested) -> Change:
        """They are one."""
        if suggestion.of == "shops":
            return self.merge_shops(suggestion.account, suggestion.person)
        return self.merge([suggestion.account], suggestion.person)

    def set_kind(self, people: Sequence[int], kind: str | None) -> Change:
        """What the owner says they are (person | robot | main | shared); None leaves it to the files again."""
        with self._changing() as conn:
            before = {
                one: conn.execute("SELECT owner_kind FROM agent WHERE id = ?", (one,)).fetchone() for one in people
            }
            for one in people:
                agents.set_kind(conn, one, kind)
            names = "、".join(f"“{_name_of(conn, one)}”" for one in people)

        def undo() -> None:
            with self._changing() as conn:
                for one, row in before.items():
                    agents.set_kind(conn, one, row[0] if row else None)

        words = f"记为{KIND_TITLES[kind]}" if kind else "按表格里的来"
        aside = "，不参加排名" if kind not in (None, "person") else ""
        return Change(f"{names}{words}了{aside}。", undo)

    def assign(self, people: Sequence[int], group: str, first_day: int, last_day: int | None) -> Change:
        """Put people into a group for some days (epoch days; None = until further word)."""
        return self._regroup(
            people,
            lambda conn, one: teams.assign(conn, TeamSpan(one, group.strip(), first_day, last_day)),
            f"放进“{group.strip()}”了",
        )

    def ungroup(self, people: Sequence[int], first_day: int, last_day: int | None = None) -> Change:
        """Forget the owner's groups of people for some days; what files say holds again."""
        return self._regroup(
            people, lambda conn, one: teams.clear(conn, one, first_day, last_day), "不再按您分的组计算了"
        )

    def forget_spans(self, said: Sequence[TeamSpan]) -> Change:
        """Take back what the owner said of groups, span by span."""

        def work(conn: sqlite3.Connection, one: int) -> None:
            for span in said:
                if span.agent_id == one:
                    teams.clear(conn, one, span.first_day, span.last_day)

        return self._regroup(sorted({span.agent_id for span in said}), work, "的分组记录删掉了")

    # -- shops ------------------------------------------------------------------------------------------------------

    def rename_shop(self, shop: int, name: str | None) -> Change:
        """Call a shop so; None = as its files do."""
        with self._changing() as conn:
            before = {one.id: one for one in shops.all_shops(conn)}
            shops.rename(conn, shop, name)
            after = {one.id: one.name for one in shops.all_shops(conn)}
        old = before[shop].name

        def undo() -> None:
            with self._changing() as conn:
                shops.rename(conn, shop, old)

        return Change(f"“{old}”改名为“{after[shop]}”了。表格里还写旧名也认得。", undo)

    def merge_shops(self, spelling: int, shop: int) -> Change:
        """Count a shop as another spelling of ``shop``."""
        with self._changing() as conn:
            names = {one.id: one.name for one in shops.all_shops(conn)}
            own = [id_ for id_, _, main in shop_merges.merged(conn) if main == spelling]
            shop_merges.merge(conn, spelling, shop)

        def undo() -> None:
            with self._changing() as conn:
                shop_merges.separate(conn, spelling)
                for one in own:
                    shop_merges.separate(conn, one)
                    shop_merges.merge(conn, one, spelling)

        return Change(f"“{names.get(spelling, '')}”和“{names.get(shop, '')}”算作一家店了。", undo)

    def separate_shop(self, spelling: int) -> Change:
        """Take a merge of shops back."""
        with self._changing() as conn:
            name, main = next(
                ((name, main) for id_, name, main in shop_merges.merged(conn) if id_ == spelling), ("", 0)
            )
            if not main:
                raise UserFault("这家店没有并入别的店铺。", "请刷新后再选。")
            shop_merges.separate(conn, spelling)

        def undo() -> None:
            with self._changing() as conn:
                shop_merges.merge(conn, spelling, main)

        return Change(f"“{name}”又是单独的一家店了。", undo)

    # -- inside -----------------------------------------------------------------------------------------------------

    def _regroup(self, people: Sequence[int], work: Callable[[sqlite3.Connection, int], None], words: str) -> Change:
        with self._changing() as conn:
            before = [span for span in teams.spans(conn) if span.agent_id in people]
            for one in people:
                work(conn, one)
            names = "、".join(f"“{_name_of(conn, one)}”" for one in people)

        def undo() -> None:
            with self._changing() as conn:
                teams.replace_all(conn, people, before)

        return Change(f"{names}{words}。", undo)

    def _restore_merges(self, before: dict[int, int | None]) -> None:
        with self._changing() as conn:
            agents.restore_merges(conn, before)

    def _changing(self) -> AbstractContextManager[sqlite3.Connection]:
        self._before_change()
        return self._store.writing()


def _no_agent(name: str) -> UserFault:
    return UserFault(f"没有叫“{name}”的客服。", "客服名可以带店铺前缀，例如 店铺:小美。")


def roster(conn: sqlite3.Connection) -> Roster:
    """Everybody there is, by shop and name; people whose files were all undone are there while the owner's word is."""
    everybody = agents.all_agents(conn)
    known = {shop.id: shop for shop in shops.all_shops(conn)}
    active, sessions = merges.active(conn), _sessions(conn)
    team = Teams(conn)
    said: dict[int, list[TeamSpan]] = {}
    for span in teams.spans(conn):
        said.setdefault(span.agent_id, []).append(span)
    accounts: dict[int, list[Account]] = {}
    for one in sorted(everybody, key=lambda one: (one.id != one.person, one.id)):
        first, last = active.get(one.id, (None, None))
        accounts.setdefault(one.person, []).append(
            Account(one.id, one.name, one.account or "", first, last, sessions.get(one.id, 0))
        )
    people = [
        _person(one, known[one.shop_id], accounts[one.id], tuple(said.get(one.id, ())), team)
        for one in everybody if one.id == one.person and one.shop_id in known
    ]  # fmt: skip
    people.sort(key=lambda one: (one.platform, one.shop, one.kind != "person", one.name))
    return Roster(
        tuple(people),
        _shop_cards(conn, known.values()),
        tuple(suggested(conn)),
        tuple(team.names),
        tuple(refused(conn)),
    )


def _person(one: Agent, shop: shops.Shop, accounts: list[Account], spans: tuple[TeamSpan, ...], team: Teams) -> Person:
    last = max((account.last_day for account in accounts if account.last_day is not None), default=None)
    looks, reason = ("", "") if one.kind_from_owner else _looks_like(one, shop)
    return Person(
        one.id, one.shop_id, shop.name, shop.platform, one.name, one.kind, one.kind_from_owner, looks, reason,
        (team.of(one.id, last) if last is not None else None) or UNGROUPED, one.team or "", spans, tuple(accounts),
        shop.is_demo,
    )  # fmt: skip


def _looks_like(one: Agent, shop: shops.Shop) -> tuple[str, str]:
    """(kind, why) worth asking about; files have marked robots and main accounts by themselves."""
    if one.kind == "person" and fold(one.name) in (fold(shop.name), fold(shop.file_name)):
        return "main", "和店铺同名，像是店铺的主账号。"
    if one.kind == "person" and _SHARED.search(one.name):
        return "shared", "的名字像班次或公用的账号，可能是几个人轮流用。"
    return "", ""


def _shop_cards(conn: sqlite3.Connection, known: Iterable[shops.Shop]) -> tuple[ShopCard, ...]:
    spellings: dict[int, list[tuple[int, str]]] = {}
    for id_, name, main in shop_merges.merged(conn):
        spellings.setdefault(main, []).append((id_, name))
    return tuple(
        ShopCard(
            shop.id, shop.name, shop.platform, shop.file_name, shop.assumed, shop.is_demo,
            tuple(spellings.get(shop.id, ())),
        )
        for shop in known
    )  # fmt: skip


def suggested(conn: sqlite3.Connection) -> list[Suggested]:
    """What may belong together, shops first, the sure ones before the guesses."""
    found = [
        Suggested(
            "shops", one.id, one.name, other.id, other.name, other.name, "spelling",
            f"“{one.name}”和“{other.name}”只差符号或“旗舰店”这类字，可能是同一家店。", sure=False,
        )
        for one, other in shop_merges.suggestions(conn)
    ]  # fmt: skip
    known = {shop.id: shop.name for shop in shops.all_shops(conn)}
    everybody = {one.id: one for one in agents.all_agents(conn)}
    for one in merges.suggestions(conn):
        account, person = everybody[one.account], everybody[one.person]
        found.append(
            Suggested(
                "agents", account.id, account.name, person.id, person.name, known.get(person.shop_id, ""),
                one.reason, one.sentence, one.sure,
            )
        )  # fmt: skip
    return found


def refused(conn: sqlite3.Connection) -> list[Suggested]:
    """Pairs the owner said are two, which can be taken back."""
    known = {shop.id: shop.name for shop in shops.all_shops(conn)}
    everybody = {one.id: one for one in agents.all_agents(conn)}
    words = "您说过是两个，不再提示。"
    found = [
        Suggested("shops", one, known[one], other, known[other], known[other], "refused", words, sure=False)
        for one, other in shop_merges.refused(conn) if one in known and other in known
    ]  # fmt: skip
    for one, other in merges.refused(conn):
        if one in everybody and other in everybody:
            shop = known.get(everybody[one].shop_id, "")
            names = everybody[one].name, everybody[other].name
            found.append(Suggested("agents", one, names[0], other, names[1], shop, "refused", words, sure=False))
    return found


def _sessions(conn: sqlite3.Connection) -> dict[int, int]:
    return dict(conn.execute("SELECT agent_id, sum(n) FROM session_day GROUP BY agent_id").fetchall())


def _merged(conn: sqlite3.Connection) -> dict[int, int | None]:
    """Agent → whom he is merged into, of everybody."""
    return dict(conn.execute("SELECT id, merged_into FROM agent").fetchall())


def _changed(before: dict[int, int | None], after: dict[int, int | None]) -> dict[int, int | None]:
    return {agent: person for agent, person in before.items() if after.get(agent) != person}


def _name_of(conn: sqlite3.Connection, agent: int) -> str:
    row = conn.execute("SELECT name FROM agent WHERE id = ?", (agent,)).fetchone()
    if row is None:
        raise UserFault("这位客服已经不在了。", "请刷新后再选。")
    return str(row[0])
