"""The 口径 card of a number: (word, text) lines in Chinese, ready to show, copy or print."""

from __future__ import annotations

from collections.abc import Iterator

from csdesk.domain.money import yuan_text
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.declaration import MetricDefinition, source_title
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import MetricPart, MetricStatus, MetricValue, Unit
from csdesk.metrics.targets import Gap, gap_words

_SHOWN = 6
"""Files, spans and omissions named before the rest is only counted."""

_STATUS = {
    MetricStatus.NO_DATA: "无数据：所选范围内没有可用的数，或分母为 0",
    MetricStatus.NOT_PROVIDED: "已导入的文件里没有这一项",
    MetricStatus.NOT_SUMMABLE: "不可汇总",
    MetricStatus.PROVISIONAL: "未定：平台还在更新这几天的数",
}


def definition_lines(value: MetricValue, target: Gap | None = None) -> list[tuple[str, str]]:
    """What the number is, how it was computed here and from which files, what it is held against; never empty."""
    metric = METRICS[value.metric]
    return [(word, text) for word, text in _lines(metric, value, target) if text]


def general_lines(metric_id: str) -> list[tuple[str, str]]:
    """What a number is, whatever was imported: for columns and charts, where no single value is meant."""
    metric = METRICS[metric_id]
    lines = (
        ("公式", metric.formula + ("（平台没有公布公式，按本软件公式）" if metric.inferred else "")),
        ("分子", metric.numerator),
        ("分母", metric.denominator),
        ("说明", metric.note),
        ("方法", metric.method),
        ("从哪里来", f"从 {metric.fed_by} 导出" if metric.fed_by else ""),
    )
    return [(word, text) for word, text in lines if text]


def _lines(metric: MetricDefinition, value: MetricValue, target: Gap | None) -> Iterator[tuple[str, str]]:
    yield "公式", metric.formula + ("（平台没有公布公式，按本软件公式）" if metric.inferred else "")
    yield "版本", value.variant
    yield "分子", _part(metric.numerator, value.numerator, value.unit)
    if value.unit is not Unit.COUNT and (metric.denominator or value.denominator is not None):
        yield "分母", _part(metric.denominator, value.denominator, Unit.COUNT)
    yield "时段", _spans(value.covered)
    yield "样本量", "" if value.n is None else _count(value.n) + ("（样本太少，只供参考）" if value.small else "")
    if value.low is not None and value.high is not None:
        seconds = value.unit is Unit.SECONDS
        low, high = (f"{end:,.1f} 秒" if seconds else f"{end:.1%}" for end in (value.low, value.high))
        yield "95% 区间", f"{low} 至 {high}"
    yield "目标", "" if target is None else gap_words(target)
    yield "状态", _STATUS.get(value.status, "")
    yield "未定的天", _named([day.isoformat() for day in value.provisional_days])
    yield "数据来源", _sources(value)
    for part in value.parts:
        yield "其中", _of_platform(part)
    yield "说明", "；".join((*value.notes, metric.note) if metric.note else value.notes)
    yield "方法", metric.method
    yield "未计入", _left_out(value)
    if value.status in {MetricStatus.NO_DATA, MetricStatus.NOT_PROVIDED}:
        yield "从哪里来", f"从 {metric.fed_by} 导出后拖进来" if metric.fed_by else ""


def _of_platform(part: MetricPart) -> str:
    platform = Platform(part.key).short
    name = part.variant if part.variant.startswith(platform) else f"{platform}：{part.variant}".rstrip("：")
    if part.denominator is None:
        return f"{name}：{_count(part.numerator)}"
    return f"{name}：{_count(part.numerator)} / {_count(part.denominator)}"


def _part(words: str, number: float | None, unit: Unit) -> str:
    if number is None:
        return words
    written = f"¥{yuan_text(number)}" if unit is Unit.YUAN else _count(number)
    if unit is Unit.SECONDS:
        written += " 秒"
    return f"{words} = {written}" if words else written


def _count(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def _sources(value: MetricValue) -> str:
    titles = "、".join(source_title(source) for source in value.sources)
    return f"{titles}：{_named(value.files)}" if value.files else titles


def _left_out(value: MetricValue) -> str:
    """One item a source and reason; its spans only from first to last, however many weeks they are."""
    spans: dict[tuple[str, str], list[Period]] = {}
    plain: list[str] = []
    for one in value.left_out:
        if one.period is None:
            plain.append(one.reason)
        else:
            spans.setdefault((one.source, one.reason), []).append(one.period)
    items = []
    for (source, reason), periods in spans.items():
        whole = Period(min(one.first for one in periods), max(one.last for one in periods))
        times = f" 之间 {len(periods)} 段" if len(periods) > 1 else ""
        items.append(f"{source_title(source)} {_span(whole)}{times}（{reason}）")
    return _named([*items, *dict.fromkeys(plain)], "；")


def _spans(periods: tuple[Period, ...]) -> str:
    return _named([_span(period) for period in periods])


def _span(period: Period) -> str:
    first, last = period.first.isoformat(), period.last.isoformat()
    return first if first == last else f"{first} 至 {last}"


def _named(names: list[str] | tuple[str, ...], between: str = "、") -> str:
    shown = between.join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} 等 {len(names)} 项"
