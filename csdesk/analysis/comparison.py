"""What a span is compared with, and which days that are not ordinary lie in either of the two.

Nothing is left out or corrected because of them: the words say that the two spans differ, not that this is the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from csdesk.analysis.events import Event, EventKind
from csdesk.analysis.frame import Answer, PageRequest
from csdesk.charts.format import period_text
from csdesk.domain.period import Period

_HOLIDAYS_APART = 3
"""Days: fewer more or less (元旦, 清明) are no other kind of month."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The span shown, the one before, and the events in each, cut to the span.

    ``aligned``: both hold the same promotions with as many days. ``warning`` says what differs ("" = nothing worth a
    word), ``promotions`` that part of it which concerns promotions, ``text`` what both have.
    """

    kind: str
    period: Period
    compared: Period
    events_now: tuple[Event, ...]
    events_before: tuple[Event, ...]
    aligned: bool
    warning: str
    text: str
    promotions: str = ""


def compare(request: PageRequest) -> Comparison | None:
    """How the two spans of a request stand to each other; None where nothing is compared."""
    period = request.selection.period
    compared = request.compare.period(period)
    if period is None or compared is None:
        return None
    now, before = _inside(request, period), _inside(request, compared)
    label = request.compare.label
    aligned = _promotions(now) == _promotions(before)
    words = []
    if not aligned:
        words.append(_differ("大促", now, before, EventKind.PROMOTION))
    days = [len(_days(events, EventKind.HOLIDAY)) for events in (now, before)]
    if abs(days[0] - days[1]) >= _HOLIDAYS_APART:
        words.append(_differ("节假日", now, before, EventKind.HOLIDAY))
    both = _named(now, EventKind.PROMOTION) if aligned else ""
    return Comparison(
        str(request.compare), period, compared, now, before, aligned,
        warning=f"和{label}比：{'；'.join(words)}。" if words else "",
        text=f"本期含{both}，{label}也含。" if both else "",
        promotions="" if aligned else words[0],
    )  # fmt: skip


def comparison_answer(request: PageRequest) -> Answer:
    """:func:`compare` for ``analyse``; null where nothing is compared."""
    found = compare(request)
    if found is None:
        return Answer("comparison", None)
    value: Mapping[str, object] = {
        "kind": found.kind,
        "period": (found.period.first, found.period.last),
        "compared": (found.compared.first, found.compared.last),
        "days": (found.period.days, found.compared.days),
        "same_weekdays": _weekdays(found.period) == _weekdays(found.compared),
        "events_now": [_plain(event) for event in found.events_now],
        "events_before": [_plain(event) for event in found.events_before],
        "promotion_days": [
            len(_days(events, EventKind.PROMOTION)) for events in (found.events_now, found.events_before)
        ],
        "aligned": found.aligned,
        "warning": found.warning,
        "text": found.text,
    }
    return Answer("comparison", value)


def _inside(request: PageRequest, period: Period) -> tuple[Event, ...]:
    """The events of a span, cut to it."""
    return tuple(
        Event(
            event.name,
            Period(max(event.period.first, period.first), min(event.period.last, period.last)),
            event.kind,
            event.platforms,
            event.own,
        )
        for event in request.events_in(period)
    )


def _promotions(events: Iterable[Event]) -> dict[str, int]:
    """Days of each promotion, by name."""
    days: dict[str, int] = {}
    for event in events:
        if event.kind is EventKind.PROMOTION:
            days[event.name] = days.get(event.name, 0) + event.period.days
    return days


def _days(events: Iterable[Event], kind: EventKind) -> set[date]:
    return {day for event in events if event.kind is kind for day in event.period}


def _differ(subject: str, now: Sequence[Event], before: Sequence[Event], kind: EventKind) -> str:
    counts = [len(_days(events, kind)) for events in (now, before)]
    sides = [
        f"{count} 天（{_names(events, kind)}）" if count else "0 天"
        for count, events in zip(counts, (now, before), strict=True)
    ]
    return f"两段的{subject}{'' if counts[0] == counts[1] else '天数'}不同，{sides[0]}对 {sides[1]}"


def _names(events: Iterable[Event], kind: EventKind) -> str:
    return "、".join(dict.fromkeys(event.name for event in events if event.kind is kind))


def _named(events: Iterable[Event], kind: EventKind) -> str:
    """`` 双11（2026-11-11）``, with its days; the same promotion of several years once each."""
    return "、".join(
        f" {event.name}（{period_text(event.period.first, event.period.last)}）"
        for event in events
        if event.kind is kind
    )


def _weekdays(period: Period) -> list[int]:
    """How often each weekday is in a span, 周一 first."""
    whole, rest = divmod(period.days, 7)
    return [whole + ((weekday - period.first.weekday()) % 7 < rest) for weekday in range(7)]


def _plain(event: Event) -> dict[str, object]:
    return {
        "name": event.name,
        "kind": str(event.kind),
        "from": event.period.first,
        "to": event.period.last,
        "days": event.period.days,
        "own": event.own,
    }
