"""A random week or so of a few shops: which files there are, and what is true after importing them."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.acceptance.calculator import Truth
from tests.acceptance.exports import (
    File,
    agent_report,
    feige,
    reception_rating,
    shop_days,
)
from tests.acceptance.files import KINDS
from tests.acceptance.session_exports import session_file, session_rows

SHOPS = ("立邦漆官方旗舰店", "小熊优品店", "阿里巴巴家居专营店", "Nike运动旗舰店", "三只松鼠旗舰店", "a1女装店")
NAMES = ("小美", "阿强", "melissa", "Zoe 陈", "客服😀小七", "很长很长很长很长很长的客服名字十五号", "兰兰_01", "07",
         "A-b.c", "小美丽", "张三(夜班)")  # fmt: skip
_EXPORTED = datetime(2026, 11, 1)


@dataclass(frozen=True)
class Scenario:
    """Files in the order they were exported."""

    files: list[File]

    @property
    def paths(self) -> list[Path]:
        """Where they are."""
        return [file.path for file in self.files]

    def truth(self) -> Truth:
        """What they say together: reports by export time, session files by their newest row, then export time."""
        truth = Truth()
        for file in self.files:
            truth.say(file.says)
        lists = [file for file in self.files if file.sessions]
        for file in sorted(lists, key=lambda one: max(row["started_at"] for row in one.sessions)):
            truth.add_sessions(file.sessions, file.fields)
        return truth


class _Maker:
    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.files: list[File] = []
        start = date(2026, self.rng.randint(1, 9), self.rng.randint(1, 25))
        self.days = [start + timedelta(days=number) for number in range(self.rng.randint(2, 4))]

    def mark(self, text: str = "") -> str:
        return f" ({len(self.files)}){text}"

    def chitu(self, shop: str, agents: Sequence[str]) -> None:
        """Daily files, sometimes the whole span, the week, and a day exported again (first late, then final)."""
        rng, days = self.rng, self.days
        again = rng.choice(days)
        self._report("chitu", shop, agents, again, again, late=True)
        for day in days:
            self._report("chitu", shop, agents, day, day, dated=rng.random() < 0.2)
        if rng.random() < 0.6:
            self._report("chitu", shop, agents, days[0], days[-1])
        monday = days[0] - timedelta(days=days[0].weekday())
        if rng.random() < 0.4:
            self._report("chitu", shop, agents, monday, monday + timedelta(days=6))

    def sycm(self, shop: str, agents: Sequence[str]) -> None:
        """Agents of other days."""
        for day in self.days[:2]:
            later = day + timedelta(days=20)
            self._report("sycm", shop, agents, later, later)

    def _report(
        self, source: str, shop: str, agents: Sequence[str], first: date, last: date, *, late: bool = False,
        dated: bool = False,
    ) -> None:  # fmt: skip
        self.files.append(
            agent_report(
                self.rng,
                self.folder,
                source,
                shop,
                agents,
                first,
                last,
                KINDS,
                late=late,
                mark=self.mark(),
                whole_day_column=dated,
            )
        )

    def whole_shop(self, shop: str) -> None:
        """The shop's own rows, a day or many days a file."""
        for which in ("咨询接待", "业绩询单", "接待评价"):
            many = self.rng.random() < 0.6
            for days in [self.days] if many else [[day] for day in self.days[:2]]:
                mark = self.mark()
                if which == "接待评价":
                    self.files.append(reception_rating(self.rng, self.folder, shop, days, KINDS, mark))
                else:
                    self.files.append(shop_days(self.rng, self.folder, which, shop, days, KINDS, mark))

    def sessions(self, shop: str, agents: Sequence[str]) -> None:
        """Two lists with some sessions in both; the second is exported later and knows them better."""
        rng = self.rng
        rows = session_rows(rng, shop, agents, self.days[0], len(self.days), rng.randint(40, 120))
        self.files.append(
            session_file(rng, self.folder, rows, KINDS, mark=self.mark(" 淘宝"), shop_column=rng.random() < 0.5)
        )
        known = {row["session_key"]: row for row in rows}
        more = session_rows(rng, shop, agents, self.days[-1], 2, 30, start=len(rows) - 10)
        for row in more:
            old = known.get(row["session_key"])
            if old is not None:
                row["agent"], row["started_at"] = old["agent"], old["started_at"]
        self.files.append(session_file(rng, self.folder, more, KINDS, mark=self.mark(" 淘宝"), shop_column=True))

    def douyin(self) -> None:
        """A shop of the other platform."""
        agents = self.rng.sample(NAMES, 3)
        year = self.rng.choice((2026, 2024))
        for day in self.days[:2]:
            self.files.append(
                feige(self.rng, self.folder, year, "抖音小店A旗舰店", agents, day, day, KINDS, self.mark())
            )


def make(seed: int, folder: Path, parts: str) -> Scenario:
    """A scenario of these parts, in this order: chitu sycm shop sessions douyin two."""
    maker = _Maker(seed, folder)
    shops = maker.rng.sample(SHOPS, 2 if "two" in parts.split() else 1)
    for shop in shops:
        agents = maker.rng.sample(NAMES, maker.rng.randint(2, 5))
        for part in parts.split():
            if part in ("chitu", "sycm", "sessions"):
                getattr(maker, part)(shop, agents)
            elif part == "shop":
                maker.whole_shop(shop)
    if "douyin" in parts.split():
        maker.douyin()
    first = _EXPORTED.timestamp()
    for number, file in enumerate(maker.files):
        os.utime(file.path, (first + number, first + number))
    return Scenario(maker.files)
