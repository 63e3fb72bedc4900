"""Chats in tables: a row a message with its sender, or a row a customer with the whole chat in one cell.

Collectors of the chat page write them. The page shows the time of a message without its day, so the day may have to
come from elsewhere; ``undated`` says that some message needs one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from csdesk.ingest import cells
from csdesk.ingest.chat import AGENT_WORDS, Message
from csdesk.ingest.columns import epoch_seconds
from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.model import RawCell

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_MOMENT = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d{2}(?::\d{2})?")
_SPOKEN = re.compile(r"([^:：]{1,40}?)(?::\s|：)\s*(.*)", re.DOTALL)
_OF_SHOP = re.compile(r"([^:：]{1,40}(?:店|商城|超市|专营)[:：][^:：\s]{1,30})[:：]\s*(.*)", re.DOTALL)
_WITH_ACCOUNT = re.compile(r"([^:：\s]{1,40}:[^:：\s]{1,30})(?::\s|：)\s*(.*)", re.DOTALL)
_BUYER_SIDE = frozenset(("客户", "买家", "顾客", "用户", "是", "1"))
_AGENT_SIDE = frozenset(("客服", "卖家", "商家", "店铺", "否", "0"))


@dataclass(slots=True)
class _Line:
    """``is_agent`` None where the line itself does not say which side spoke."""

    row: int
    speaker: str
    is_agent: bool | None
    moment: datetime | time
    text: str


@dataclass
class ChatTable:
    """The messages of the sheets of one file, customer by customer, before the day of clock times is known."""

    conversations: dict[str, list[_Line]] = field(default_factory=dict)
    unreadable: int = 0

    @property
    def undated(self) -> bool:
        """Whether a message has a time and no day."""
        return any(isinstance(line.moment, time) for lines in self.conversations.values() for line in lines)

    def add(self, rows: Iterable[tuple[int, Sequence[RawCell]]], mapping: ColumnMapping, sheet: str) -> None:
        """Read the rows below the header of one sheet; without a column of customers the sheet names one."""
        if mapping.column("transcript"):
            for number, row in rows:
                self._add_cell(number, _text(row, mapping, "buyer"), _text(row, mapping, "transcript"))
            return
        for number, row in rows:
            self._add_row(number, row, mapping, sheet)

    def messages(self, day: date | None) -> list[Message]:
        """The messages of which it is known which side spoke; ``unreadable`` counts the others."""
        found: list[Message] = []
        sides = _Sides(self.conversations)
        for buyer, lines in self.conversations.items():
            told = sides.of(buyer, lines)
            agents = _agents_beside(lines, told)
            for line, is_agent, agent in zip(lines, told, agents, strict=True):
                moment = line.moment if isinstance(line.moment, datetime) else None
                if moment is None and day is not None and isinstance(line.moment, time):
                    moment = datetime.combine(day, line.moment)
                if moment is None or is_agent is None:
                    self.unreadable += 1
                    continue
                found.append(Message(line.row, agent, buyer, epoch_seconds(moment), not is_agent, line.text))
        return found

    # ---------------------------------------------------------------- one row a message

    def _add_row(self, number: int, row: Sequence[RawCell], mapping: ColumnMapping, sheet: str) -> None:
        speaker, text = _text(row, mapping, "sender"), _text(row, mapping, "text")
        column = mapping.column("sent_at")
        moment = _moment(row[column.index]) if column else None
        if not speaker and not text:
            return
        if not speaker or moment is None:
            self.unreadable += 1
            return
        buyer = _text(row, mapping, "buyer") or sheet
        side = _text(row, mapping, "from_buyer")
        is_agent = side in _AGENT_SIDE if side in _BUYER_SIDE or side in _AGENT_SIDE else None
        self.conversations.setdefault(buyer, []).append(_Line(number, speaker, is_agent, moment, text))

    # ---------------------------------------------------------------- one row a customer

    def _add_cell(self, number: int, buyer: str, chat: str) -> None:
        if not buyer or not chat:
            return
        lines = self.conversations.setdefault(buyer, [])
        for moment, said in _blocks(chat):
            speaker, text = _spoken(said, buyer)
            if speaker:
                lines.append(_Line(number, speaker, None, moment, text))
            else:
                self.unreadable += 1


def _blocks(chat: str) -> Iterator[tuple[datetime | time, str]]:
    """(time, what stands under it) of each message in a cell."""
    current: datetime | time | None = None
    held: list[str] = []
    for raw in chat.splitlines():
        line = raw.strip()
        if _CLOCK.fullmatch(line) or _MOMENT.fullmatch(line):
            if current is not None and held:
                yield current, "\n".join(held)
            current, held = _moment(line), []
        elif line:
            held.append(line)
    if current is not None and held:
        yield current, "\n".join(held)


def _spoken(said: str, buyer: str) -> tuple[str, str]:
    """(speaker, text); no speaker where the message names none."""
    for mark in (":", "："):
        if said.startswith(buyer + mark):
            return buyer, said[len(buyer) + 1 :].strip()
    found = _OF_SHOP.fullmatch(said) or _WITH_ACCOUNT.fullmatch(said) or _SPOKEN.fullmatch(said)
    if found is None or found[1].lower().startswith("http") or "\n" in found[1]:
        return "", said
    return found[1].strip(), found[2].strip()


def _moment(cell: object) -> datetime | time | None:
    if isinstance(cell, time):
        return cell
    if isinstance(cell, str):
        clock = _CLOCK.fullmatch(cell.strip())
        if clock:
            return time(int(clock[1]), int(clock[2]), int(clock[3] or 0))
    if isinstance(cell, int | float) and 0 <= cell < 1:  # a clock time as Excel keeps it
        seconds = round(cell * 86_400) % 86_400
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    if isinstance(cell, datetime) and cell.year <= 1904:
        return cell.time().replace(microsecond=0)
    read = cells.read_datetime(cell)
    return read.value if read.state is cells.State.VALUE else None


class _Sides:
    """Which side spoke, where lines do not say it: out of all the conversations of a file."""

    def __init__(self, conversations: Mapping[str, Sequence[_Line]]) -> None:
        heard = Counter(name for lines in conversations.values() for name in {line.speaker for line in lines})
        self._of_several = frozenset(name for name, talks in heard.items() if talks > 1)
        self._named_by_nick = any(line.speaker == buyer for buyer, lines in conversations.items() for line in lines)

    def of(self, buyer: str, lines: Sequence[_Line]) -> list[bool | None]:
        """For each line of a conversation whether the shop spoke; None where that is not to be seen.

        The shop's are names of a shop, whoever speaks to several customers, and the other one beside the customer.
        Whom nobody answered speaks alone.
        """
        certain = {line.speaker: self._certain(line, buyer) for line in lines}
        if any(line.speaker == buyer for line in lines):
            other: bool | None = True
        elif True in certain.values():
            other = False
        elif self._named_by_nick:
            other = True
        else:
            other = False if len(certain) == 1 else None
        told = {name: other if side is None else side for name, side in certain.items()}
        return [line.is_agent if line.is_agent is not None else told[line.speaker] for line in lines]

    def _certain(self, line: _Line, buyer: str) -> bool | None:
        if line.is_agent is not None:
            return line.is_agent
        if line.speaker == buyer:
            return False
        return True if AGENT_WORDS.search(line.speaker) or line.speaker in self._of_several else None


def _agents_beside(lines: Sequence[_Line], sides: Sequence[bool | None]) -> list[str]:
    """Who answers for the shop at each line: the agent who spoke last, before that the first one ("" = nobody did)."""
    agent = next((line.speaker for line, is_agent in zip(lines, sides, strict=True) if is_agent), "")
    found = []
    for line, is_agent in zip(lines, sides, strict=True):
        agent = line.speaker if is_agent else agent
        found.append(agent)
    return found


def _text(row: Sequence[RawCell], mapping: ColumnMapping, name: str) -> str:
    column = mapping.column(name)
    if column is None or column.index >= len(row):
        return ""
    value = cells.read_text(row[column.index]).value
    return str(value) if value is not None else ""
