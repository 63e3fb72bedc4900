"""Who works in the example shops and what buyers say there, read from ``resources/demo``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from csdesk.domain.platforms import Platform
from csdesk.settings.paths import resource_path

_DOUYIN_EVERY = 3  # one person in three works for the 抖店


@dataclass(frozen=True, slots=True)
class Person:
    """How one person works; shares are 0–1, ``speed`` is the median first answer in seconds.

    ``from_hour``/``to_hour`` bound the shift. ``better`` is what ``invite`` and ``kindness`` gain from the
    first to the last day. ``hired_days_ago`` counts back from the last day, None = always there.
    """

    name: str
    team: str
    from_hour: int
    to_hour: int
    speed: float
    invite: float
    answer: float
    kindness: float
    selling: float
    weight: float = 1.0
    better: float = 0.0
    hired_days_ago: int | None = None
    robot: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of question; see resources/demo/questions.toml for the fields."""

    name: str
    share: float
    ease: float
    solved: float
    rounds: float
    selling: bool
    promotion: float
    after: float
    good: tuple[str, ...]
    middling: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promotion:
    """A yearly promotion, (month, day) to (month, day), and how much fuller the shop is."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    factor: float

    def covers(self, day: date) -> bool:
        """Whether ``day`` is one of its days."""
        return self.first <= (day.month, day.day) <= self.last


@dataclass(frozen=True, slots=True)
class Drift:
    """What changes for everybody; see resources/demo/shops.toml."""

    invite: float
    on_promotion: float
    after_promotion: float


@dataclass(frozen=True, slots=True)
class ShopCast:
    """One example shop: its people (the robot among them) and the accounts nobody uses."""

    platform: Platform
    name: str
    per_agent_day: float
    people: tuple[Person, ...]
    robot_share: float
    inactive: tuple[str, ...]

    @property
    def robot(self) -> Person:
        """The robot account."""
        return self.people[-1]

    @property
    def humans(self) -> tuple[Person, ...]:
        """Everybody but the robot."""
        return self.people[:-1]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything the simulation needs to know."""

    shops: tuple[ShopCast, ...]
    categories: tuple[Category, ...]
    promotions: tuple[Promotion, ...]
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    unclassified: float
    any_words: Category
    drift: Drift


def load_cast(agents: int) -> Cast:
    """The cast with ``agents`` people in all, a third of them (at least one of two) in the 抖店."""
    shops = _read("shops.toml")
    questions = _read("questions.toml")
    people = _people(shops, agents)
    douyin = len(people) // _DOUYIN_EVERY or int(len(people) > 1)
    split = len(people) - douyin
    categories = tuple(_category(entry) for entry in questions["category"])
    return Cast(
        shops=tuple(
            _shop(platform, shops[platform.value], members)
            for platform, members in ((Platform.TAOBAO, people[:split]), (Platform.DOUYIN, people[split:]))
            if members
        ),
        categories=categories,
        promotions=tuple(_promotion(entry) for entry in shops["promotion"]),
        hours=tuple(shops["rhythm"]["hours"]),
        weekdays=tuple(shops["rhythm"]["weekdays"]),
        unclassified=questions["unclassified"]["share"],
        any_words=_category({"name": "", "share": 0, "ease": 0, "solved": 1, "rounds": 1, **questions["any"]}),
        drift=Drift(**shops["drift"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource_path("demo", name).read_text(encoding="utf-8"))


def _people(shops: Mapping[str, Any], agents: int) -> list[Person]:
    described = shops["person"]
    people = []
    for index in range(agents):
        entry = dict(described[index % len(described)])
        if index >= len(described):
            entry["name"] = _further_name(shops["more"]["names"], index - len(described))
            entry.pop("from_end", None)
            entry["weight"] = 1.0
        people.append(_person(entry, shops["shifts"]))
    return people


def _further_name(names: list[str], index: int) -> str:
    rest, position = divmod(index, len(names))
    return names[position] + (f"{rest + 1}" if rest else "")


def _person(entry: Mapping[str, Any], shifts: Mapping[str, list[int]]) -> Person:
    first, last = shifts[entry["team"]]
    return Person(
        name=entry["name"],
        team=entry["team"],
        from_hour=first,
        to_hour=last,
        speed=entry["speed"],
        invite=entry["invite"],
        answer=entry["answer"],
        kindness=entry["kindness"],
        selling=entry["selling"],
        weight=entry.get("weight", 1.0),
        better=entry.get("better", 0.0),
        hired_days_ago=entry.get("from_end"),
    )


def _shop(platform: Platform, entry: Mapping[str, Any], members: list[Person]) -> ShopCast:
    robot = Person(
        entry["robot"], "机器人", 0, 24, speed=1.2, invite=0.0, answer=0.0, kindness=-0.9, selling=0.12, robot=True
    )
    return ShopCast(
        platform=platform,
        name=entry["name"],
        per_agent_day=entry["per_agent_day"],
        people=(*members, robot),
        robot_share=entry["robot_share"],
        inactive=tuple(entry["inactive"]),
    )


def _category(entry: Mapping[str, Any]) -> Category:
    return Category(
        name=entry["name"],
        share=entry["share"],
        ease=entry["ease"],
        solved=entry["solved"],
        rounds=entry["rounds"],
        selling=entry.get("selling", False),
        promotion=entry.get("promotion", 1.0),
        after=entry.get("after", 1.0),
        good=tuple(entry["good"]),
        middling=tuple(entry["middling"]),
        bad=tuple(entry["bad"]),
    )


def _promotion(entry: Mapping[str, Any]) -> Promotion:
    return Promotion(entry["name"], _month_day(entry["first"]), _month_day(entry["last"]), entry["factor"])


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)
