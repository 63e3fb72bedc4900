"""Plays the example shops through, day by day, session by session.

Every report is later added up from these sessions, so the files agree with each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from csdesk.demo.cast import Cast, Category, Person, Promotion, ShopCast
from csdesk.domain.period import Period

_AFTER_PROMOTION_DAYS = 7
_DAY_OFF_EVERY = 7
_THREE_MINUTES = 180.0
_WORK_FIRST_HOUR, _WORK_LAST_HOUR = 8, 23
_BUYERS_PER_SESSION = 0.45
_NICK_WORDS = ("tb", "小", "阿", "爱", "一只", "南方", "快乐", "星", "lily", "mm", "木子", "晚风", "lucky", "雨", "江")


@dataclass(slots=True)
class Session:
    """One conversation. Times in seconds, money in 分; ``rating`` 1–5 or None; ``paid_fen`` 0 = no payment."""

    key: str
    person: Person
    buyer: str
    start: datetime
    end: datetime
    first_response: float | None
    avg_response: float | None
    rounds: int
    quick_rounds: int
    buyer_messages: int
    agent_messages: int
    transferred: bool
    category: str
    resolved: bool
    invited: bool
    rating: int | None
    comment: str
    inquiry: bool
    same_day: bool
    order: str
    paid_fen: int

    @property
    def day(self) -> date:
        """Business day: the day it began."""
        return self.start.date()

    @property
    def in_working_time(self) -> bool:
        """Whether it began in the platform's assessment hours, 8:00–22:59."""
        return _WORK_FIRST_HOUR <= self.start.hour < _WORK_LAST_HOUR


@dataclass(frozen=True, slots=True)
class _Mood:
    """What a day is like: ``load`` 1 = ordinary, ``progress`` 0–1 from the first day to the last.

    ``ease`` is what the day adds to the log-odds of being satisfied; ``weights`` are the parts of the
    question categories.
    """

    day: date
    load: float
    progress: float
    promotion: bool
    ease: float
    weights: tuple[float, ...]


def simulate(cast: Cast, shop: ShopCast, period: Period, seed: int) -> list[Session]:
    """All sessions of a shop, in order of their start. The same arguments give the same sessions."""
    return _Simulation(cast, shop, period, Random(f"{seed}/{shop.platform.value}")).run()  # noqa: S311


class _Simulation:
    def __init__(self, cast: Cast, shop: ShopCast, period: Period, random: Random) -> None:
        self._cast = cast
        self._shop = shop
        self._period = period
        self._random = random
        expected = period.days * len(shop.humans) * shop.per_agent_day
        self._buyers = _buyers(max(200, int(expected * _BUYERS_PER_SESSION)), random)
        self._order = random.randrange(2 * 10**18, 3 * 10**18)

    def run(self) -> list[Session]:
        sessions: list[Session] = []
        for number, day in enumerate(self._period):
            sessions += self._play(self._mood(number, day), number)
        return sessions

    def _mood(self, number: int, day: date) -> _Mood:
        promotion = _promotion_on(self._cast, day)
        recent = any(
            _promotion_on(self._cast, day - timedelta(days=back)) for back in range(1, _AFTER_PROMOTION_DAYS + 1)
        )
        drift = self._cast.drift
        return _Mood(
            day=day,
            load=promotion.factor if promotion else 1.0,
            progress=number / max(1, self._period.days - 1),
            promotion=promotion is not None,
            ease=drift.on_promotion if promotion else drift.after_promotion if recent else 0.0,
            weights=tuple(
                category.share * (category.promotion if promotion else category.after if recent else 1.0)
                for category in self._cast.categories
            ),
        )

    def _play(self, mood: _Mood, number: int) -> list[Session]:
        at_work = self._at_work(mood, number)
        size = sum(person.weight for person in at_work) * self._shop.per_agent_day
        size *= mood.load * self._cast.weekdays[mood.day.weekday()] * self._random.uniform(0.93, 1.07)
        count = round(size)
        starts = sorted(self._start(mood.day) for _ in range(count))
        buyers = self._random.sample(self._buyers, min(count, len(self._buyers)))
        return [
            self._session(mood, index, start, buyer, at_work)
            for index, (start, buyer) in enumerate(zip(starts, buyers, strict=False))
        ]

    def _at_work(self, mood: _Mood, number: int) -> list[Person]:
        """The people on duty: one day off in seven, none on promotion days."""
        people = [person for person in self._shop.humans if _hired(person, self._period.last, mood.day)]
        present = [
            person
            for index, person in enumerate(people)
            if mood.promotion or (number + index * 3) % _DAY_OFF_EVERY or len(people) == 1
        ]
        return present or people

    def _start(self, day: date) -> datetime:
        hour = self._random.choices(range(24), self._cast.hours)[0]
        return datetime(day.year, day.month, day.day, hour) + timedelta(seconds=self._random.randrange(3600))

    def _session(self, mood: _Mood, index: int, start: datetime, buyer: str, at_work: list[Person]) -> Session:
        random = self._random
        person = self._person_for(start.hour, at_work)
        category = random.choices(self._cast.categories, mood.weights)[0]
        pressure = mood.load * (1.25 if start.hour in {20, 21} else 1.0)
        first, average, replied = self._answers(person, pressure)
        rounds = max(1, round(random.gauss(category.rounds, category.rounds * 0.45)))
        slow = int(rounds * math.exp(-_THREE_MINUTES / average) + random.random()) if replied else rounds
        solved = replied and random.random() < category.solved - (0.2 if person.robot else 0.0)
        invited = replied and random.random() < self._invite_chance(person, mood)
        rating = self._rating(person, category, mood, first, solved=solved, invited=invited)
        inquiry, paid, same_day = self._sale(person, category, mood)
        buyer_messages = rounds + random.randrange(0, rounds + 1)
        length = rounds * (average + random.uniform(15.0, 70.0))
        return Session(
            key=f"{start:%Y%m%d}{index:06d}{random.randrange(10_000):04d}",
            person=person,
            buyer=buyer,
            start=start,
            end=start + timedelta(seconds=int(length) + 5),
            first_response=first if replied else None,
            avg_response=average if replied else None,
            rounds=rounds,
            quick_rounds=max(0, rounds - slow),
            buyer_messages=buyer_messages,
            agent_messages=rounds + random.randrange(1, rounds + 2) if replied else 0,
            transferred=not person.robot and random.random() < 0.03,
            category="" if random.random() < self._cast.unclassified else category.name,
            resolved=solved,
            invited=invited,
            rating=rating,
            comment=self._comment(category, rating),
            inquiry=inquiry,
            same_day=same_day,
            order=self._next_order() if paid else "",
            paid_fen=paid,
        )

    def _person_for(self, hour: int, at_work: list[Person]) -> Person:
        in_shift = [person for person in at_work if person.from_hour <= hour < person.to_hour]
        if not in_shift or self._random.random() < self._shop.robot_share:
            return self._shop.robot
        return self._random.choices(in_shift, [person.weight for person in in_shift])[0]

    def _answers(self, person: Person, pressure: float) -> tuple[float, float, bool]:
        """First and average answer in seconds, and whether there was one at all."""
        random = self._random
        slower = 1.0 if person.robot else pressure**1.3
        first = round(random.lognormvariate(math.log(person.speed * slower), 0.6), 1)
        average = round(random.lognormvariate(math.log(person.speed * slower * 1.6), 0.45), 1)
        return first, average, person.robot or random.random() > 0.004 * pressure**2

    def _invite_chance(self, person: Person, mood: _Mood) -> float:
        """Robots never ask; people ask more as time goes by, and less when it is full."""
        if person.robot:
            return 0.0
        chance = person.invite + person.better * mood.progress + self._cast.drift.invite * (mood.progress - 0.5)
        return max(0.05, min(0.95, chance)) * (0.82 if mood.load >= 1.5 else 1.0)

    def _rating(
        self, person: Person, category: Category, mood: _Mood, first: float, *, solved: bool, invited: bool
    ) -> int | None:
        random = self._random
        if random.random() >= (person.answer if invited else 0.013):
            return None
        ease = 2.75 + person.kindness + category.ease + 0.5 * person.better * mood.progress
        ease -= 0.0 if solved else 1.6
        ease -= 0.5 if first > 60 else 0.0
        ease += mood.ease
        ease -= 0.0 if invited else 0.9
        if random.random() < 1 / (1 + math.exp(-ease)):
            return 5 if random.random() < 0.82 else 4
        return random.choices((3, 2, 1), (0.52, 0.27, 0.21))[0]

    def _comment(self, category: Category, rating: int | None) -> str:
        if rating is None or self._random.random() > 0.42:
            return ""
        source = self._cast.any_words if self._random.random() < 0.35 else category
        words = source.good if rating >= 4 else source.middling if rating == 3 else source.bad
        return self._random.choice(words)

    def _sale(self, person: Person, category: Category, mood: _Mood) -> tuple[bool, int, bool]:
        """Whether it was an inquiry before buying, what was paid in 分 (0 = nothing), whether the same day."""
        random = self._random
        if not category.selling or random.random() > 0.86:
            return False, 0, False
        chance = person.selling + (0.08 if mood.promotion else 0.0)
        if random.random() >= chance:
            return True, 0, False
        paid = round(random.lognormvariate(math.log(21_900), 0.55))
        return True, max(990, paid // 10 * 10), random.random() < 0.82

    def _next_order(self) -> str:
        self._order += self._random.randrange(10**6, 10**9)
        return str(self._order)


def _promotion_on(cast: Cast, day: date) -> Promotion | None:
    return next((promotion for promotion in cast.promotions if promotion.covers(day)), None)


def _hired(person: Person, last_day: date, day: date) -> bool:
    return person.hired_days_ago is None or (last_day - day).days < person.hired_days_ago


def _buyers(count: int, random: Random) -> list[str]:
    """Nicks; one in thirty comes masked, as some exports have them."""
    nicks = []
    for number in range(count):
        nick = f"{random.choice(_NICK_WORDS)}{random.randrange(1000, 10_000)}{number % 1000:03d}"
        nicks.append(f"{nick[0]}**{nick[-1]}" if number % 30 == 29 else nick)
    return nicks
