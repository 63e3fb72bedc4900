"""What platforms count answers by: assessment windows and lines, as dated data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from csdesk.domain.period import to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.settings.paths import resource_path

_USUAL_LIMIT = 180.0


@dataclass(frozen=True, slots=True)
class Window:
    """The assessment window of a platform from ``since`` (epoch day) on; seconds of the day, both included."""

    since: int
    first: int
    last: int
    source: str


@cache
def assessment_windows() -> Mapping[Platform, tuple[Window, ...]]:
    """The assessment windows by platform, by day."""
    found: dict[Platform, list[Window]] = {}
    for entry in _data()["window"]:
        since: date = entry["since"]
        window = Window(to_epoch_day(since), _second(entry["from"]), _second(entry["to"]), entry["source"])
        found.setdefault(Platform(entry["platform"]), []).append(window)
    return {platform: tuple(sorted(mine, key=lambda one: one.since)) for platform, mine in found.items()}


def answer_limit(platform: Platform) -> float:
    """Seconds in which a first answer is in time, until the owner says otherwise."""
    return _seconds("answer_within").get(platform, _USUAL_LIMIT)


def answer_source(platform: Platform) -> str:
    """Where that comes from."""
    return next((str(one["source"]) for one in _data()["answer_within"] if one["platform"] == platform), "本软件默认")


def unanswered_seconds(platform: Platform) -> float | None:
    """What a turn nobody answered counts as in the mean; None: it has no reply time."""
    return _seconds("unanswered").get(platform)


def _second(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


@cache
def _seconds(table: str) -> Mapping[Platform, float]:
    return {Platform(entry["platform"]): float(entry["seconds"]) for entry in _data()[table]}


@cache
def _data() -> dict[str, Any]:
    with resource_path("windows", "platforms.toml").open("rb") as file:
        return tomllib.load(file)
