"""What is asked and noted after a talk, in our own templates (调查, 工单, 邀评, 抽检), and a copied 千牛 chat."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from csdesk.demo.cast import ShopCast
from csdesk.demo.sheetfile import SheetRow, write_workbook
from csdesk.demo.simulate import Session
from csdesk.domain.period import Period
from csdesk.settings.paths import resource_path

_SURVEYED = 0.035
_CHECKED_EVERY = 60
_SURVEY_HEADERS = (
    "答卷编号", "店铺", "客服", "买家昵称", "提交时间", "满意度(1-5)", "推荐意愿(0-10)", "是否解决", "意见", "来源",
)  # fmt: skip
_TICKET_HEADERS = (
    "工单编号", "店铺", "客服", "创建时间", "完结时间", "工单分类", "工单状态", "是否投诉", "订单编号", "工单内容",
)  # fmt: skip
_INVITE_HEADERS = ("邀评编号", "店铺", "客服", "买家昵称", "邀评时间", "邀评方式", "评价时间", "评分")


class Aftercare:
    """Writes the files of one shop. ``until``: the moment of the export, nothing is known of what came later."""

    def __init__(self, folder: Path, shop: ShopCast, period: Period, until: datetime, random: Random) -> None:
        self._folder = folder
        self._shop = shop
        self._period = period
        self._until = until
        self._random = random
        self._words: dict[str, Any] = tomllib.loads(resource_path("demo", "aftercare.toml").read_text(encoding="utf-8"))

    def surveys(self, sessions: Sequence[Session]) -> list[Path]:
        """满意度调查: CSAT and NPS, one to three days after the talk."""
        rows: list[SheetRow] = []
        for session in sessions:
            if self._random.random() < _SURVEYED and not session.person.robot:
                answered = session.end + timedelta(hours=self._random.uniform(3, 70))
                if answered <= self._until:
                    rows.append(self._answer(session, answered.replace(microsecond=0), len(rows) + 1))
        return self._write("满意度调查", _SURVEY_HEADERS, rows)

    def _answer(self, session: Session, answered: datetime, number: int) -> SheetRow:
        random, words = self._random, self._words["survey"]
        mood = 8.2 + 2.0 * session.person.kindness - (0.0 if session.resolved else 3.0)
        mood -= 0.8 if (session.first_response or 0.0) > 60 else 0.0
        nps = min(10, max(0, round(random.gauss(mood, 1.9))))
        csat = min(5, max(1, round(random.gauss(mood / 2 + 0.3, 0.6))))
        said = words["good"] if nps >= 9 else words["fair"] if nps >= 6 else words["bad"]
        return (
            f"Q{answered:%Y%m%d}-{number:04d}", self._shop.name, session.person.name, session.buyer, answered, csat,
            nps, "是" if session.resolved else "否", random.choice(said) if random.random() < 0.4 else None,
            random.choice(words["sources"]),
        )  # fmt: skip

    def tickets(self, sessions: Sequence[Session]) -> list[Path]:
        """工单: mostly of talks that solved nothing; the angriest are complaints."""
        rows: list[SheetRow] = []
        for session in sessions:
            chance = 0.004 if session.resolved else 0.22
            if not session.person.robot and self._random.random() < chance and session.end <= self._until:
                rows.append(self._ticket(session, len(rows) + 1))
        return self._write("工单", _TICKET_HEADERS, rows)

    def _ticket(self, session: Session, number: int) -> SheetRow:
        random, words = self._random, self._words["ticket"]
        angry = (session.rating or 3) <= 2 or random.random() < 0.1
        opened = session.end.replace(microsecond=0)
        solved = (opened + timedelta(hours=random.lognormvariate(math.log(20), 0.9))).replace(microsecond=0)
        done = solved <= self._until
        return (
            f"T{opened:%Y%m%d}-{number:04d}", self._shop.name, session.person.name, opened, solved if done else None,
            session.category or "其他", "已完结" if done else "处理中", "是" if angry else "否", session.order or None,
            random.choice(words["complaint"] if angry else words["plain"]),
        )  # fmt: skip

    def invitations(self, sessions: Sequence[Session]) -> list[Path]:
        """邀评记录: every invitation of these sessions, and when the answer came."""
        random = self._random
        rows: list[SheetRow] = []
        for session in sessions:
            if not session.invited:
                continue
            rated = session.end + timedelta(minutes=random.lognormvariate(math.log(25), 1.3))
            known = session.rating is not None and rated <= self._until
            rows.append((
                f"Y{session.key}", self._shop.name, session.person.name, session.buyer, session.end,
                "客服触发" if random.random() < 0.8 else "系统触发",
                rated.replace(microsecond=0) if known else None, session.rating if known else None,
            ))  # fmt: skip
        return self._write("邀评记录", _INVITE_HEADERS, rows)

    def checks(self, sessions: Sequence[Session]) -> list[Path]:
        """抽检: every so many sessions one is looked at, points by item."""
        random, words = self._random, self._words["check"]
        looked_at = [session for session in sessions if not session.person.robot][::_CHECKED_EVERY]
        rows: list[SheetRow] = []
        for number, session in enumerate(looked_at, start=1):
            level = 0.84 + 0.12 * session.person.kindness - (0.0 if session.resolved else 0.12)
            points = [min(full, max(0, round(full * random.gauss(level, 0.09)))) for _name, full in words["items"]]
            said = words["good"] if sum(points) >= 80 else words["bad"]
            rows.append((
                f"C{session.start:%Y%m%d}-{number:04d}", self._shop.name, session.person.name,
                datetime.combine(session.day, datetime.min.time()), session.key, *points, sum(points),
                random.choice(said), random.choice(words["inspectors"]),
            ))  # fmt: skip
        headers = ("抽检编号", "店铺", "客服", "抽检日期", "会话ID", *(name for name, _full in words["items"]),
                   "总分", "备注", "抽检人")  # fmt: skip
        return self._write("抽检", headers, rows)

    def chat(self, sessions: Sequence[Session]) -> list[Path]:
        """The talks of one day as copied from 千牛: a whole day, so that no number rests on a few of them."""
        talks = [session for session in sessions if session.first_response is not None and not session.person.robot]
        if not talks:
            return []
        path = self._folder / f"千牛聊天记录_{self._shop.name}_{talks[0].day}.txt"
        lines = [line for session in talks for line in self._talk(session)]
        path.write_bytes("\r\n".join([*lines, ""]).encode("utf-8"))
        return [path]

    def _talk(self, session: Session) -> Iterator[str]:
        random, words = self._random, self._words["chat"]
        agent = f"{self._shop.name}:{session.person.name}"
        category = session.category or "商品咨询"
        first = timedelta(seconds=round(session.first_response or 0.0))
        later = timedelta(seconds=round(session.avg_response or 0.0))
        moment = session.start
        turns = (
            (session.buyer, timedelta(), words["open"]),
            (agent, first, words["answer"]),
            (session.buyer, timedelta(seconds=random.randrange(10, 60)), words["ask"][category]),
            (agent, later, words["reply"][category]),
            (session.buyer, timedelta(seconds=random.randrange(10, 60)), words["close"]),
            (agent, later, words["bye"]),
        )
        for who, wait, said in turns:
            moment += wait
            yield from (f"{who} {moment:%Y-%m-%d %H:%M:%S}", random.choice(said))
            if who == agent:
                yield "已读"
            yield ""

    def _write(self, title: str, headers: Sequence[str], rows: Sequence[SheetRow]) -> list[Path]:
        """The file, unless there is nothing to write."""
        if not rows:
            return []
        platform = self._shop.platform.label.partition("/")[0]
        path = self._folder / f"{title}_{platform}_{self._shop.name}_{self._period.first}至{self._period.last}.xlsx"
        write_workbook(path, title, [headers, *rows])
        return [path]
