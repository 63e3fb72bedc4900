"""Signals in words: which number, on which days, from how many, and what is usual."""

from __future__ import annotations

from datetime import date

from csdesk.analysis.attention.signals import Signal
from csdesk.analysis.attention.window import Window
from csdesk.analysis.frame import Attention
from csdesk.analysis.terms import title_of, unit_of
from csdesk.analysis.words import spaced
from csdesk.charts import format as written
from csdesk.metrics.model import Unit

_WEEKDAYS = "一二三四五六日"
_OFF = {Unit.RATE: ("偏低", "偏高"), Unit.COUNT: ("偏少", "偏多"), Unit.SECONDS: ("偏短", "偏长")}


def attention_to(signal: Signal, window: Window) -> Attention:
    """The signal as the page shows it; ``day`` is its first day."""
    return Attention(
        signal.kind, _sentence(signal, window), signal.metric, signal.agent, window.days[signal.first]
    )  # fmt: skip


def _sentence(signal: Signal, window: Window) -> str:
    unit = unit_of(signal.metric)
    off = _OFF[unit][0 if signal.below else 1]
    who = f"{signal.agent or '、'.join(signal.only)}的" if signal.agent is not None or signal.only else ""
    figure = f"{_value(signal.value, unit)}{_counts(signal, unit)}，平常 {_range(signal, unit)}。"
    if signal.first == signal.last:
        when = day_words(window.days[signal.first], window.special[signal.first] or _near(window, signal.first))
        return f"{when}{who}{title_of(signal.metric)}{off}：{figure}"
    together = "平均每天 " if unit is Unit.COUNT else "合计 " if unit is Unit.RATE else "平均 "
    return f"{spaced(who + title_of(signal.metric), _span_words(signal, window, off))}：{together}{figure}"


def _span_words(signal: Signal, window: Window, off: str) -> str:
    """``11-03 至 11-07 连续 5 天偏低``; ``从 11-03 前后起一直偏低（到 11-12 共 9 天，不算双11）``."""
    first, last = (written.short_day(window.days[place]) for place in (signal.first, signal.last))
    named = "、".join(dict.fromkeys(name for name in window.special[signal.first : signal.last + 1] if name))
    whole = signal.kind == "unusual" and unit_of(signal.metric) is Unit.RATE
    aside = _near(window, signal.first) if not named else f"含{named}" if whole else f"不算{named}"
    if signal.kind == "drift" and signal.agent is None:
        return f"从 {first} 前后起一直{off}（到 {last} 共 {signal.days} 天{f'，{aside}' if aside else ''}）"
    run = "连续" if signal.kind == "unusual" else "这"
    return f"{first} 至 {last} {run} {signal.days} 天{f'（{aside}）' if aside else ''}{off}"


def _near(window: Window, place: int) -> str:
    return window.near[place] if window.near else ""


def day_words(day: date, special: str = "") -> str:
    """``11-11（周三，双11）``."""
    weekday = f"周{_WEEKDAYS[day.weekday()]}"
    return f"{written.short_day(day)}（{weekday}{f'，{special}' if special else ''}）"


def _value(value: float, unit: Unit) -> str:
    return written.count(round(value)) if unit is Unit.COUNT else written.text_of(value, unit)


def _counts(signal: Signal, unit: Unit) -> str:
    """``（15/21）``; of durations how many there are."""
    if signal.bottom is None:
        return ""
    if unit is Unit.RATE:
        return f"（{written.count(round(signal.top))}/{written.count(round(signal.bottom))}）"
    return f"（{written.count(round(signal.bottom))} 次）"


def _range(signal: Signal, unit: Unit) -> str:
    low, high = _value(signal.usual.low, unit), _value(signal.usual.high, unit)
    return low if low == high else f"{low}–{high}" if unit is not Unit.SECONDS else f"{low}到{high}"
