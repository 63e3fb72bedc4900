"""How one report's numbers become a metric's parts: rules as data, and the piece a rule gives.

A *piece* is what one report says about one metric for one agent (or the shop) and one span: numerator and
denominator out of the same report, or the reason why not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from csdesk.metrics.quantities import Amount, Measures, Quantity, amount, joined, measures_of
from csdesk.stats.intervals import exceeds


class State(Enum):
    """What a report's word on a metric is worth."""

    WHOLE = auto()  # numerator and denominator are there
    UNWEIGHTED = auto()  # a rate or mean without its weight: shown for itself, never summed
    DELAYED = auto()  # 延迟统计
    PARTIAL = auto()  # the numerator is there, the denominator is not
    NO_TOP = auto()  # only the denominator is there
    CONTRADICTORY = auto()  # a part that is more than its whole


@dataclass(frozen=True, slots=True)
class Parts:
    """Numerator and denominator of a piece (denominator None for counts), or why there are none.

    ``own`` is the value of an unweighted rate; ``levels`` the counts of a distribution; ``missing`` names the
    part that is not there, or says what contradicts what; ``weight_from`` the other source a weight was taken from,
    ``weight_batches`` the batches it came in where they are not the value's own.
    """

    state: State
    label: str = ""
    numerator: float = 0.0
    denominator: float | None = None
    own: float | None = None
    levels: Mapping[str, float] = field(default_factory=dict)
    provisional: bool = False
    batches: tuple[int, ...] = ()
    missing: str = ""
    weight_from: str = ""
    weight_batches: tuple[int, ...] = ()


Siblings = Sequence[tuple[str, Measures]]
"""(source, measures) of the other reports of the same shop, agent and span."""


class Rule(Protocol):
    """One way to get a metric out of a report; ``label`` is the variant's Chinese name."""

    @property
    def label(self) -> str:
        """The variant's Chinese name."""

    def parts(self, own: Measures, others: Siblings) -> Parts | None:
        """What the report gives; None where it says nothing of the metric."""

    def reads(self) -> frozenset[str]:
        """Measure ids that would feed the rule."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is summed.

    ``hints`` are measures that speak of it without giving it; then the report is named as lacking ``missing``.
    """

    of: Quantity
    label: str = ""
    hints: tuple[str, ...] = ()
    missing: str = ""

    def parts(self, own: Measures, others: Siblings) -> Parts | None:
        """The count as numerator, no denominator."""
        found = amount(self.of, own)
        if found.value is not None:
            return Parts(State.WHOLE, self.label, found.value, None, None, {}, found.provisional, found.batches)
        if found.provisional:
            return Parts(State.DELAYED, self.label, batches=found.batches)
        if any(name in own for name in self.hints):
            return Parts(State.PARTIAL, self.label, missing=self.missing)
        return None

    def reads(self) -> frozenset[str]:
        """Measure ids that would feed the rule."""
        return measures_of(self.of)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two counts of the same report; ``top_name`` and ``bottom_name`` are what they are called.

    ``alone``: a report that does not have the numerator is not one that speaks of the metric. ``part``: the numerator
    counts some of those the denominator counts; where it is more (or, of a rest, less than none), one of the two is
    wrong, and nobody knows which.
    """

    top: Quantity
    bottom: Quantity
    label: str = ""
    top_name: str = "分子"
    bottom_name: str = "分母"
    alone: bool = False
    part: bool = False

    def parts(self, own: Measures, others: Siblings) -> Parts | None:
        """Both counts; PARTIAL or NO_TOP with the missing one's name where only one is there; CONTRADICTORY."""
        top, bottom = amount(self.top, own), amount(self.bottom, own)
        if top.value is not None and bottom.value is not None:
            at_odds = self.part and exceeds(top.value, bottom.value)
            return Parts(
                State.CONTRADICTORY if at_odds else State.WHOLE, self.label, top.value, bottom.value, None, {},
                top.provisional or bottom.provisional, joined(top.batches, bottom.batches),
                f"{self.top_name}比{self.bottom_name}还多，对不上，没有计入" if at_odds else "",
            )  # fmt: skip
        if self.alone and top.value is None and not top.provisional:
            return None
        if (top.value is None and top.provisional) or (bottom.value is None and bottom.provisional):
            return Parts(State.DELAYED, self.label, batches=joined(top.batches, bottom.batches))
        if top.value is None and bottom.value is None:
            return None
        if top.value is None:
            return Parts(State.NO_TOP, self.label, batches=bottom.batches, missing=self.top_name)
        return Parts(State.PARTIAL, self.label, batches=top.batches, missing=self.bottom_name)

    def reads(self) -> frozenset[str]:
        """Measure ids that would feed the rule: the numerator's, without which there is none."""
        return measures_of(self.top)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A rate or mean as reported, times its weight.

    ``weights`` in order of preference, first within the report, then from another report of the same shop,
    agent and span.
    """

    value: str
    weights: tuple[Quantity, ...]
    label: str = ""
    weight_name: str = "权重"

    def parts(self, own: Measures, others: Siblings) -> Parts | None:
        """value × weight over weight; UNWEIGHTED where no weight is known."""
        given = own.get(self.value)
        if given is None:
            return None
        if given.value is None:
            return Parts(State.DELAYED, self.label, batches=given.batches)
        weight, source = self._weight(own, others)
        if weight is None or weight.value is None:
            return Parts(
                State.UNWEIGHTED, self.label, own=given.value, provisional=given.provisional,
                batches=given.batches, missing=self.weight_name,
            )  # fmt: skip
        elsewhere = tuple(batch for batch in weight.batches if batch not in given.batches)
        return Parts(
            State.WHOLE, self.label, given.value * weight.value, weight.value, given.value, {},
            given.provisional or weight.provisional, given.batches + elsewhere, "", source, elsewhere,
        )  # fmt: skip

    def reads(self) -> frozenset[str]:
        """Measure ids that would feed the rule."""
        return frozenset((self.value,))

    def _weight(self, own: Measures, others: Siblings) -> tuple[Amount | None, str]:
        for source, measures in (("", own), *others):
            for wanted in self.weights:
                found = amount(wanted, measures)
                if found.value is not None:
                    return found, source
        return None, ""


@dataclass(frozen=True, slots=True)
class Levels:
    """A distribution: a count for every level, all of them or none."""

    levels: tuple[tuple[str, Quantity], ...]
    label: str = ""

    def parts(self, own: Measures, others: Siblings) -> Parts | None:
        """Counts by level, their sum as numerator and denominator."""
        found = [(name, amount(wanted, own)) for name, wanted in self.levels]
        if all(one.value is None and not one.provisional for _, one in found):
            return None
        batches = joined(*(one.batches for _, one in found))
        if any(one.value is None and one.provisional for _, one in found):
            return Parts(State.DELAYED, self.label, batches=batches)
        absent = [name for name, one in found if one.value is None]
        if absent:
            return Parts(State.PARTIAL, self.label, batches=batches, missing="、".join(absent))
        counts = {name: one.value or 0.0 for name, one in found}
        total = sum(counts.values())
        provisional = any(one.provisional for _, one in found)
        return Parts(State.WHOLE, self.label, total, total, None, counts, provisional, batches)

    def reads(self) -> frozenset[str]:
        """Measure ids that would feed the rule."""
        return frozenset().union(*(measures_of(wanted) for _, wanted in self.levels))


_WORTH = {State.UNWEIGHTED: 3, State.DELAYED: 2, State.PARTIAL: 1, State.NO_TOP: 0}


def apply(rules: Sequence[Rule], own: Measures, others: Siblings) -> Parts | None:
    """The first rule that gives both parts; else the most telling reason; None if no rule finds a word.

    Where two cells contradict each other, no later rule of the same report is believed.
    """
    best: Parts | None = None
    for rule in rules:
        parts = rule.parts(own, others)
        if parts is None:
            continue
        if parts.state in (State.WHOLE, State.CONTRADICTORY):
            return parts
        if best is None or _WORTH[parts.state] > _WORTH[best.state]:
            best = parts
    return best
