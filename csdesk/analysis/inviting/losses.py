"""Where buyers are lost between reception and a satisfied rating, and 邀请 against 自主."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csdesk.charts import format as written
from csdesk.charts.build import FunnelStep
from csdesk.metrics.model import MetricValue
from csdesk.stats.change import SMALL_SAMPLE, Verdict, rate_change
from csdesk.stats.intervals import wilson

LOSS_WORDS = ("接待之后没有邀请", "邀请之后没有评价", "评价了但不满意")


@dataclass(frozen=True, slots=True)
class Loss:
    """From one step to the next. ``share`` of the step before is lost, ``share_of_first`` of all receptions.

    None where a step is not known (``why`` says so) or holds more than the one before.
    """

    before: str
    after: str
    text: str
    entered: float | None
    passed: float | None
    lost: float | None
    share: float | None
    share_of_first: float | None
    why: str


def losses(steps: Sequence[FunnelStep]) -> tuple[Loss, ...]:
    """The loss after each step but the last."""
    first = steps[0].value
    found = []
    for at, words in enumerate(LOSS_WORDS):
        one, other = steps[at], steps[at + 1]
        lost = None
        if one.value is not None and other.value is not None and other.value <= one.value:
            lost = one.value - other.value
        share = lost / one.value if lost is not None and one.value else None
        whole = lost / first if lost is not None and first else None
        why = "" if lost is not None else one.why or other.why
        found.append(Loss(one.title, other.title, words, one.value, other.value, lost, share, whole, why))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Rated:
    """``satisfied`` of ``n`` ratings, with the Wilson interval."""

    satisfied: float
    n: float
    rate: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class InvitedSelf:
    """Those who were asked against those who rated unasked: difference of the satisfaction rates, Newcombe interval.

    ``verdict``: up (invited ones higher) | down | no_clear_change | too_few | no_data.
    """

    invited: Rated | None
    self: Rated | None
    difference: float | None
    low: float | None
    high: float | None
    verdict: str
    text: str


def invited_and_self(total: Mapping[str, MetricValue]) -> InvitedSelf:
    """Out of the whole selection's rates of the two groups."""
    asked, unasked = (_rated(total.get(f"satisfaction_rate.{group}")) for group in ("invited", "self"))
    if asked is None or unasked is None:
        return InvitedSelf(asked, unasked, None, None, None, str(Verdict.NO_DATA), "这些导出没有分开邀请和自主。")
    made = rate_change(asked.satisfied, asked.n, unasked.satisfied, unasked.n)
    one, other = (f"{written.percent(side.rate)}（n={written.count(side.n)}）" for side in (asked, unasked))
    sides = f"邀请来的满意率 {one}，自主的 {other}"
    if made.verdict is Verdict.TOO_FEW:
        words = f"；有一边不足 {SMALL_SAMPLE} 个，不比较"
    elif made.difference is None or made.low is None or made.high is None:
        words = ""
    else:
        clear = made.verdict in {Verdict.UP, Verdict.DOWN}
        size = f"差 {written.points(abs(made.difference)).lstrip('+')}" if clear else "看不出差别"
        words = f"；{size}（95% 区间 {written.points_between(made.low, made.high)}）"
    text = f"{sides}{words}。两组买家不同，高低不等于邀请的效果。"
    return InvitedSelf(asked, unasked, made.difference, made.low, made.high, str(made.verdict), text)


def _rated(value: MetricValue | None) -> Rated | None:
    if value is None or value.numerator is None or not value.denominator:
        return None
    k, n = value.numerator, value.denominator
    interval = wilson(k, n)
    return Rated(k, n, k / n, interval.low if interval else None, interval.high if interval else None)
