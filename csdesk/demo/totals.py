"""Adds sessions up the way the platforms' reports do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from csdesk.demo.simulate import Session

_SLOW_RESPONSE = 60.0
_LONG_SESSION = 900.0

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(slots=True)
class Ratings:
    """Cards sent, ratings received, and how many of each level (5…1)."""

    sent: int = 0
    received: int = 0
    levels: dict[int, int] = field(default_factory=lambda: dict.fromkeys((5, 4, 3, 2, 1), 0))

    @property
    def satisfied(self) -> int:
        """很满意 + 满意."""
        return self.levels[5] + self.levels[4]

    @property
    def share_satisfied(self) -> float | None:
        """客户满意率."""
        return share(self.satisfied, self.received)

    @property
    def score(self) -> float | None:
        """Mean of 5…1."""
        return share(sum(level * count for level, count in self.levels.items()), self.received)

    def add(self, session: Session) -> None:
        """Count one session in."""
        self.sent += session.invited
        if session.rating is not None:
            self.received += 1
            self.levels[session.rating] += 1

    def with_others(self, other: Ratings) -> Ratings:
        """Both together."""
        levels = {level: count + other.levels[level] for level, count in self.levels.items()}
        return Ratings(self.sent + other.sent, self.received + other.received, levels)


@dataclass(slots=True)
class Responses:
    """Answer times: sums in seconds over sessions (first) and rounds (average)."""

    first_sum: float = 0.0
    first_count: int = 0
    round_sum: float = 0.0
    rounds: int = 0
    quick_rounds: int = 0
    all_rounds: int = 0
    quick_sessions: int = 0
    sessions: int = 0

    @property
    def first(self) -> float | None:
        """Mean first answer in seconds."""
        return share(self.first_sum, self.first_count)

    @property
    def average(self) -> float | None:
        """Mean answer over the rounds in seconds."""
        return share(self.round_sum, self.rounds)

    @property
    def quick(self) -> float | None:
        """Share of rounds answered within three minutes."""
        return share(self.quick_rounds, self.all_rounds)

    def add(self, session: Session) -> None:
        """Count one session in."""
        self.sessions += 1
        self.all_rounds += session.rounds
        self.quick_rounds += session.quick_rounds
        self.quick_sessions += session.quick_rounds == session.rounds
        if session.first_response is not None:
            self.first_sum += session.first_response
            self.first_count += 1
        if session.avg_response is not None:
            self.round_sum += session.avg_response * session.rounds
            self.rounds += session.rounds


@dataclass(slots=True)
class Totals:
    """All sums over some sessions. Money in 分. ``days`` are the days with a session."""

    sessions: int = 0
    unreplied: int = 0
    transferred: int = 0
    buyer_messages: int = 0
    agent_messages: int = 0
    length: float = 0.0
    slow: int = 0
    long: int = 0
    inquiries: int = 0
    payers: int = 0
    same_day_payers: int = 0
    paid_fen: int = 0
    same_day_fen: int = 0
    refunded: int = 0
    refund_fen: int = 0
    unsolved: int = 0
    days: set[object] = field(default_factory=set)
    invited: Ratings = field(default_factory=Ratings)
    self_rated: Ratings = field(default_factory=Ratings)
    responses: Responses = field(default_factory=Responses)
    working: Responses = field(default_factory=Responses)
    working_ratings: Ratings = field(default_factory=Ratings)

    @property
    def ratings(self) -> Ratings:
        """邀请 and 自主 together."""
        return self.invited.with_others(self.self_rated)

    @property
    def reply_rate(self) -> float | None:
        """(咨询 − 未回复) / 咨询."""
        return share(self.sessions - self.unreplied, self.sessions)

    @property
    def mean_length(self) -> float | None:
        """平均接待时长 in seconds."""
        return share(self.length, self.sessions)

    def add(self, session: Session) -> None:
        """Count one session in."""
        self.sessions += 1
        self.days.add(session.day)
        self.unreplied += session.first_response is None
        self.transferred += session.transferred
        self.buyer_messages += session.buyer_messages
        self.agent_messages += session.agent_messages
        length = (session.end - session.start).total_seconds()
        self.length += length
        self.slow += (session.avg_response or 0.0) > _SLOW_RESPONSE
        self.long += length > _LONG_SESSION
        self.unsolved += not session.resolved
        self._add_sale(session)
        (self.invited if session.invited else self.self_rated).add(session)
        self.responses.add(session)
        if session.in_working_time:
            self.working.add(session)
            self.working_ratings.add(session)

    def _add_sale(self, session: Session) -> None:
        self.inquiries += session.inquiry
        if session.paid_fen:
            self.payers += 1
            self.paid_fen += session.paid_fen
            self.same_day_payers += session.same_day
            self.same_day_fen += session.paid_fen * session.same_day
            if session.order.endswith("7"):  # one order in ten comes back
                self.refunded += 1
                self.refund_fen += session.paid_fen


def total(sessions: Iterable[Session]) -> Totals:
    """One sum over all."""
    sums = Totals()
    for session in sessions:
        sums.add(session)
    return sums


def totals_by(sessions: Iterable[Session], key: Callable[[Session], _Key]) -> dict[_Key, Totals]:
    """Sums by what ``key`` returns, in order of first appearance."""
    groups: defaultdict[_Key, Totals] = defaultdict(Totals)
    for session in sessions:
        groups[key(session)].add(session)
    return dict(groups)


def share(part: float, whole: float) -> float | None:
    """part / whole; None without a whole."""
    return part / whole if whole else None
