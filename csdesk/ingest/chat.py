"""Chats copied out of 千牛: lines of text → messages.

A message begins with ``<nick> 2025-8-5 9:05:07`` (the space may be missing), with nick and time on two lines, or with
``A --> B time``; the lines after it, up to the next one, are what was said. States (已读, 发送中), recalls and notes
of the system are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from csdesk.ingest import cells
from csdesk.ingest.chatlines import ALONE, HEAD, NICK
from csdesk.ingest.columns import epoch_seconds

_ARROW = re.compile(r"^(.+?)\s*-+>\s*(.+)$")
_STATES = frozenset(("已读", "未读", "发送中", "千牛", "送达", "已送达"))
_SYSTEM = re.compile(
    r"撤回了一条消息$|^当前用户来自|^商品详情页$|^由\s*.+\s*转交给|^原因[:：]|^系统消息|^以上是历史消息|^消息记录$|^会话已(?:结束|转接)"
)
AGENT_WORDS = re.compile(r"(?:店|客服|商城|专营|服务助手|店小蜜|机器人)$|[:：]")


@dataclass(slots=True)
class Message:
    """One message. ``row`` is the line it begins on (1-based); ``buyer`` "" where nobody is known.

    ``agent`` "" where nobody answered; ``certain`` False where it is not to be seen which side spoke.
    """

    row: int
    agent: str
    buyer: str
    sent_at: int
    from_buyer: bool
    text: str
    certain: bool = True


@dataclass(slots=True)
class _Said:
    row: int
    speaker: str
    to: str
    sent_at: int
    lines: list[str]


def read_chat(lines: Iterable[tuple[int, str]]) -> list[Message]:
    """The messages of a chat given as (line number, line). Lines before the first message are passed over."""
    return _assigned([one for one in _said(lines) if one.lines])


def _said(lines: Iterable[tuple[int, str]]) -> Iterator[_Said]:
    current: _Said | None = None
    held: tuple[int, str] | None = None
    for number, raw in lines:
        line = cells.plain(raw) if raw.isascii() else raw.strip().strip("\ufeff\u200b")
        if not line:
            continue
        started = _started(number, line, held)
        if started is not None:
            if current is not None:
                if held is not None and not ALONE.match(line):
                    _add(current, held[1])
                yield current
            current, held = started, None
            continue
        if held is not None and current is not None:
            _add(current, held[1])
        held = (number, line)
    if current is not None:
        if held is not None:
            _add(current, held[1])
        yield current


def _started(number: int, line: str, held: tuple[int, str] | None) -> _Said | None:
    alone = ALONE.match(line)
    if alone:
        if held is None or not NICK.match(held[1]):
            return None
        return _message(held[0], held[1], alone[1])
    head = HEAD.match(line)
    return _message(number, head[1], head[2]) if head else None


def _message(number: int, who: str, when: str) -> _Said | None:
    moment = cells.read_datetime(when)
    if moment.state is not cells.State.VALUE:
        return None
    arrow = _ARROW.match(who)
    speaker, to = (arrow[1].strip(), arrow[2].strip()) if arrow else (who.strip(), "")
    return _Said(number, speaker, to, epoch_seconds(moment.value), [])


def _add(message: _Said, line: str) -> None:
    if line not in _STATES and not _SYSTEM.search(line):
        message.lines.append(line)


# ---------------------------------------------------------------- who is who


def _assigned(said: Sequence[_Said]) -> list[Message]:
    """Buyers and agents of each message: the other side is the one who spoke last, or else speaks next.

    Where one nick speaks alone and it is none of a shop, a buyer asked and nobody answered.
    """
    agents = _agents(said)
    certain = bool(agents) or len({one.speaker for one in said}) == 1
    others = [_other(one, agents) for one in said]
    for order in (range(len(said)), range(len(said) - 1, -1, -1)):
        last: dict[bool, str] = {}
        for at in order:
            is_agent = said[at].speaker in agents
            others[at] = others[at] or last.get(not is_agent, "")
            last[is_agent] = said[at].speaker
            if is_agent and others[at]:
                last[False] = others[at]
    found = []
    for one, other in zip(said, others, strict=True):
        is_agent = one.speaker in agents
        agent, buyer = (one.speaker, other) if is_agent else (other, one.speaker)
        found.append(Message(one.row, agent, buyer, one.sent_at, not is_agent, "\n".join(one.lines), certain))
    return found


def _other(one: _Said, agents: frozenset[str]) -> str:
    return one.to if one.to and (one.to in agents) is not (one.speaker in agents) else ""


def _agents(said: Sequence[_Said]) -> frozenset[str]:
    """Who answers for the shop: names with a colon (店铺:客服) or of a shop; of two others the one who did not ask
    first; of more the one who comes back and speaks beside all the others.
    """
    names = dict.fromkeys(name for one in said for name in (one.speaker, one.to) if name)
    named = frozenset(name for name in names if AGENT_WORDS.search(name))
    if named or len(names) < 2:
        return named
    return frozenset(list(names)[1:2]) if len(names) == 2 else _between_all([one.speaker for one in said])


def _between_all(speakers: Sequence[str]) -> frozenset[str]:
    """The one speaker who has all the others as neighbours and speaks again after one of them; nobody if not one."""
    turns = [name for name, _ in groupby(speakers)]
    beside: dict[str, set[str]] = {name: set() for name in turns}
    for one, other in pairwise(turns):
        beside[one].add(other)
        beside[other].add(one)
    found = [name for name, others in beside.items() if len(others) == len(beside) - 1 and turns.count(name) > 1]
    return frozenset(found) if len(found) == 1 else frozenset()
