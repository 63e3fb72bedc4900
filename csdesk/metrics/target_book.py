"""The targets: the owner's word in the settings, the program's defaults and the platforms' published rules as data."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from csdesk.domain.filters import Filter
from csdesk.domain.holdings import DataFacts
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.targets import DEFAULT, OWNERS, Target, Targets, has_fixed_target, parse
from csdesk.settings.options import TARGETS
from csdesk.settings.paths import resource_path
from csdesk.settings.store import Settings

Key = tuple[str, Platform | None]
"""A metric, on one platform or on all of them."""


@dataclass(frozen=True, slots=True)
class PlatformRule:
    """What a platform published about a number it assesses.

    ``days``: the rolling window of its assessment, None where the rule is no assessment. ``value``: a line, of the
    programme ``applies`` names.
    """

    platform: Platform
    metric: str
    title: str
    since: date
    source: str
    note: str = ""
    days: int | None = None
    value: float | None = None
    applies: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A target as the list shows it; ``default`` is what holds when the owner's word is taken back."""

    target: Target
    platform: Platform | None
    default: Target | None


class TargetBook:
    """Which targets hold, and the owner's word on them (kept in the settings)."""

    def __init__(self, settings: Settings, facts: Callable[[], DataFacts], version: Callable[[], int]) -> None:
        self._settings = settings
        self._facts = facts
        self._version = version
        self._known: tuple[int, DataFacts] | None = None

    def in_force(self, selection: Filter) -> Targets:
        """The targets of a selection: the owner's for the platform, the owner's for all, then the defaults likewise."""
        own, given = self._own(), defaults()
        metrics = {metric for metric, _ in (*own, *given)}
        platforms: tuple[Platform | None, ...] = self.platforms(selection) or (None,)
        whole, of_platform = {}, {}
        for metric in sorted(metrics):
            found = {platform: _first(own, given, metric, platform) for platform in platforms}
            of_platform.update({(metric, at): target for at, target in found.items() if at and target})
            distinct = {None if one is None else one.exact for one in found.values()}
            first = next(iter(found.values()))
            if len(distinct) == 1 and first is not None:
                whole[metric] = first
        return Targets(whole, of_platform)

    def platforms(self, selection: Filter) -> tuple[Platform, ...]:
        """The platforms a selection is about; none where nothing is known of any."""
        if selection.platform is not None:
            return (selection.platform,)
        chosen = set(self._shops(selection).values())
        return tuple(platform for platform in Platform if platform in chosen)

    def shops(self, selection: Filter) -> int:
        """How many shops a selection is about."""
        chosen = self._shops(selection)
        return sum(selection.platform in {None, platform} for platform in chosen.values())

    def _shops(self, selection: Filter) -> dict[int, Platform]:
        """The shops and people chosen, whatever their platform: shops' numbers with their platforms."""
        facts = self._held_facts()
        shops = set(selection.shops)
        if selection.agents:
            of_agents = {one.shop_id for one in facts.agents if one.id in selection.agents}
            shops = shops & of_agents if shops else of_agents
        return {shop.id: shop.platform for shop in facts.shops if not shops or shop.id in shops}

    def listed(self) -> list[Listed]:
        """Every target that is set or holds by default, in the order of the catalogue."""
        own, given = self._own(), defaults()
        order = list(METRICS)
        keys = sorted({*own, *given}, key=lambda key: (order.index(key[0]), str(key[1] or "")))
        return [Listed(own.get(key) or given[key], key[1], _default(given, *key)) for key in keys]

    def set(self, metric: str, text: str, platform: Platform | None = None) -> Target:
        """Set a target, for one platform or for all; raises UserFault where it makes no sense."""
        exact = parse(metric, text)
        kept = dict(self._settings.get(TARGETS))
        kept[_name(metric, platform)] = f"{exact.numerator}/{exact.denominator}"
        self._settings.set(TARGETS, kept)
        return Target(metric, exact, OWNERS, own=True)

    def clear(self, metric: str, platform: Platform | None = None) -> None:
        """Take the owner's word back; the default holds again. Raises UserFault where he said nothing."""
        kept = dict(self._settings.get(TARGETS))
        if kept.pop(_name(metric, platform), None) is None:
            where = f"（{platform.label}）" if platform else ""
            raise UserFault(f"没有给 {metric}{where} 定过目标。", "用 csdesk-cli targets 看已经定的。")
        self._settings.set(TARGETS, kept)

    def _own(self) -> dict[Key, Target]:
        """The owner's word; what cannot be read (an edited file, a newer version's metric) is left alone."""
        found: dict[Key, Target] = {}
        for name, text in self._settings.get(TARGETS).items():
            metric, _, platform = name.partition("@")
            try:
                exact = Fraction(text)
                key: Key = (metric, Platform(platform) if platform else None)
            except (ValueError, TypeError, ZeroDivisionError):
                continue
            if has_fixed_target(metric) and exact > 0:
                found[key] = Target(metric, exact, OWNERS, own=True)
        return found

    def _held_facts(self) -> DataFacts:
        version = self._version()
        known = self._known
        if known is None or known[0] != version:
            known = self._known = (version, self._facts())
        return known[1]


def _first(own: Mapping[Key, Target], given: Mapping[Key, Target], metric: str, at: Platform | None) -> Target | None:
    return own.get((metric, at)) or own.get((metric, None)) or _default(given, metric, at)


def _default(given: Mapping[Key, Target], metric: str, at: Platform | None) -> Target | None:
    return given.get((metric, at)) or given.get((metric, None))


def _name(metric: str, platform: Platform | None) -> str:
    return f"{metric}@{platform}" if platform else metric


@cache
def defaults() -> Mapping[Key, Target]:
    """What holds until the owner says otherwise; metrics this catalogue does not have are left out."""
    found: dict[Key, Target] = {}
    for entry in _data("defaults.toml")["target"]:
        metric = entry["metric"]
        if has_fixed_target(metric):
            platform = Platform(entry["platform"]) if "platform" in entry else None
            found[metric, platform] = Target(metric, Fraction(entry["value"]), DEFAULT)
    return found


@cache
def platform_rules() -> tuple[PlatformRule, ...]:
    """The published rules, as data."""
    return tuple(
        PlatformRule(
            Platform(entry["platform"]), entry["metric"], entry["title"], entry["since"], entry["source"],
            entry["note"], entry.get("days"), float(entry["value"]) if "value" in entry else None,
            entry.get("applies", ""),
        )
        for entry in _data("platforms.toml")["rule"]
    )  # fmt: skip


def assessment(metric: str, platform: Platform, day: date) -> PlatformRule | None:
    """The newest rule by which a platform assessed the number over a rolling window on ``day``."""
    found = [
        rule
        for rule in platform_rules()
        if rule.days and rule.metric == metric and rule.platform is platform and rule.since <= day
    ]
    return max(found, key=lambda rule: rule.since, default=None)


def _data(name: str) -> dict[str, Any]:
    with resource_path("targets", name).open("rb") as file:
        return tomllib.load(file)
