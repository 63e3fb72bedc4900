"""Results of the metric engine: plain frozen values, ready for JSON, cards and charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from csdesk.domain.period import Period


class Unit(StrEnum):
    """How a value is to be read and written."""

    COUNT = "count"
    RATE = "rate"
    SECONDS = "seconds"
    YUAN = "yuan"
    SCORE = "score"
    DISTRIBUTION = "distribution"
    RATIO = "ratio"  # a quotient that may exceed 1 (答问比)
    FIGURES = "figures"  # several numbers as they were given, by what they are of


class MetricStatus(StrEnum):
    """Why there is, or is not, a value."""

    OK = "ok"
    NO_DATA = "no_data"
    NOT_PROVIDED = "not_provided"
    NOT_SUMMABLE = "not_summable"
    PROVISIONAL = "provisional"


class By(StrEnum):
    """What rows are split by."""

    AGENT = "agent"
    GROUP = "group"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"
    WEEKDAY = "weekday"
    CATEGORY = "category"
    PRODUCT = "product"
    SHOP = "shop"
    PLATFORM = "platform"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was there but did not count, and why (Chinese)."""

    source: str
    period: Period | None
    reason: str


@dataclass(frozen=True, slots=True)
class MetricPart:
    """The share of one platform in a number over several: same meanings as in :class:`MetricValue`."""

    key: str
    value: float | dict[str, float] | None
    numerator: float | None
    denominator: float | None
    variant: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a platform gave it, of a shop and a span. ``key``: the metric it is a figure of, else a measure.

    ``value`` in the unit's own terms (money in 分).
    """

    key: str
    title: str
    unit: Unit
    value: float
    shop: str
    platform: str
    source: str
    period: Period
    file: str


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One number with everything needed to judge it.

    ``value``: fraction for rates, seconds for durations, 分 (int) for money, share by level for a
    distribution, None when there is none. ``numerator``/``denominator`` are the counts it was
    computed from (for a distribution: counts by level in ``counts``). ``n`` is the sample size,
    ``low``/``high`` the 95 % Wilson interval of a rate. ``covered`` are the spans that counted, ``parts`` the
    platforms of a number over several, ``notes`` Chinese remarks (weights from another file, doubtful counts),
    ``extra`` further figures by name (``unclassified``: share of sessions without a category), ``figures`` those of a
    value that is several.

    Where a number comes from (``files``, ``left_out``, ``covered``, ``parts``, ``notes``) may be put together when it
    is first asked for, see :class:`Origin`: most numbers of a page are drawn and never asked.
    """

    metric: str
    unit: Unit
    value: float | int | dict[str, float] | None
    status: MetricStatus
    numerator: float | None = None
    denominator: float | None = None
    counts: dict[str, float] = field(default_factory=dict)
    n: float | None = None
    low: float | None = None
    high: float | None = None
    small: bool = False
    variant: str = ""
    sources: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    provisional_days: tuple[date, ...] = ()
    covered: tuple[Period, ...] = ()
    parts: tuple[MetricPart, ...] = ()
    notes: tuple[str, ...] = ()
    extra: dict[str, float] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    _origin: Callable[[], Origin] | None = field(default=None, init=False, repr=False, compare=False)

    def told_later(self, origin: Callable[[], Origin], **changes: Any) -> MetricValue:
        """The same number with another origin, put together when it is asked for, once; ``changes`` of other fields."""
        return value_of_origin(origin, *(changes[one] if one in changes else getattr(self, one) for one in _AT_ONCE))

    if not TYPE_CHECKING:  # a type checker shall go on knowing the fields

        def __getattr__(self, name: str) -> Any:
            """Asked for a field of the origin before any of them was: all of them are put in their places now."""
            origin = self._origin if name in _OF_ORIGIN else None
            if origin is not None:
                for field_name, value in zip(Origin._fields, origin(), strict=True):
                    object.__setattr__(self, field_name, value)
                object.__setattr__(self, "_origin", None)
            return object.__getattribute__(self, name)


class Origin(NamedTuple):
    """Where a number comes from; the fields of :class:`MetricValue` of these names."""

    files: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    covered: tuple[Period, ...] = ()
    parts: tuple[MetricPart, ...] = ()
    notes: tuple[str, ...] = ()


def origin_of(value: MetricValue) -> Origin:
    """Where a number comes from, put together if it was not yet."""
    return Origin(value.files, value.left_out, value.covered, value.parts, value.notes)


_OF_ORIGIN = frozenset(Origin._fields)
_AT_ONCE = tuple(one.name for one in fields(MetricValue) if one.init and one.name not in _OF_ORIGIN)


def value_of_origin(origin: Callable[[], Origin], *known: Any) -> MetricValue:
    """A number whose origin is put together when it is asked for, once; ``known``: its other fields, in their order."""
    made: MetricValue = object.__new__(MetricValue)
    for name, value in zip(_AT_ONCE, known, strict=True):
        _set(made, name, value)
    _set(made, "_origin", origin)
    return made


_set = object.__setattr__


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One group: ``key`` as product.md fixes it (None for the whole), and its values by metric id.

    ``kind`` of an agent: person | robot | main | shared; only people are ranked.
    """

    key: str | int | None
    values: dict[str, MetricValue]
    agent_id: int | None = None
    period: Period | None = None
    kind: str = "person"
