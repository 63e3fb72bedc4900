"""Sentences: the filter written out, and how a change is put into words.

"看不出差别" is never said as "没有差别": not seeing one is a fact about the sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.analysis.frame import Compare, Kpi, PageRequest, Run
from csdesk.charts import format as written
from csdesk.domain.period import Period
from csdesk.metrics.model import Unit


def filter_sentence(request: PageRequest, compared: Period | None) -> str:
    """The selection as a sentence, for the page head and for exports."""
    chosen, words = request.selection, request.words
    if chosen.period is None:
        when = "全部数据"
    else:
        dates = written.period_text(chosen.period.first, chosen.period.last)
        when = f"{words.period}（{dates}）" if words.period else dates
    parts = [
        when,
        chosen.platform.label if chosen.platform else "全部平台",
        words.shop or (f"{len(chosen.shops)} 家店铺" if chosen.shops else "全部店铺"),
        words.agent or (f"{len(chosen.agents)} 位客服" if chosen.agents else "全部客服"),
    ]
    if chosen.groups:
        parts.append(f"客服组 {'、'.join(chosen.groups)}")
    text = "，".join(parts)
    if compared is None:
        return f"{text}。"
    return f"{text}；与{request.compare.label}（{written.period_text(compared.first, compared.last)}）对比。"


def span_words(request: PageRequest) -> str:
    """How the period opens a sentence: 近 30 天, 2026年2月, 10-23 至 11-21 这 30 天, 全部数据里."""
    period, named = request.selection.period, request.words.period
    if period is None or named == "全部":
        return "全部数据里"
    if named:
        return named
    if period.days == 1:
        return f"{period.first.isoformat()} 这一天"
    if period.is_whole_months():
        first, last = f"{period.first.year}年{period.first.month}月", f"{period.last.year}年{period.last.month}月"
        return first if first == last else f"{first}到{last}"
    if period.first.year == period.last.year:
        return f"{written.short_day(period.first)} 至 {written.short_day(period.last)} 这 {period.days} 天"
    return f"{written.period_text(period.first, period.last)} 这 {period.days} 天"


def joined(text: str, figure: str, after: str = "") -> tuple[Run, ...]:
    """Plain text, an emphasised figure, plain text."""
    return (Run(text), Run(figure, strong=True), Run(after))


def spaced(left: str, right: str) -> str:
    """``left`` and ``right`` with a space between them where a figure meets a Chinese word."""
    return f"{left} {right}" if left[-1:].isascii() != right[:1].isascii() else f"{left}{right}"


def change_runs(kpis: Sequence[Kpi], compare: Compare) -> tuple[Run, ...]:
    """One sentence on how the rates and times among ``kpis`` moved; empty when nothing is compared.

    Certain changes come first, then those not to be told from chance, then small samples.
    """
    compared = [kpi for kpi in kpis if kpi.change is not None and kpi.value.value is not None]
    if not compared or compare is Compare.NONE:
        return ()
    by_verdict: dict[str, list[Kpi]] = {}
    for kpi in compared:
        assert kpi.change is not None  # noqa: S101  (filtered above; for the type checker)
        by_verdict.setdefault(kpi.change.verdict, []).append(kpi)
    moved = [kpi for kpi in compared if kpi.change and kpi.change.verdict in {"up", "down"}]
    clear = [kpi for kpi in moved if kpi.change and kpi.change.certain]
    clauses = [_clear(clear, compare)] if clear else []
    if unsure := [kpi for kpi in moved if kpi not in clear]:
        clauses.append((Run(_names(unsure)), Run("可能有变化", strong=True), Run("，还不能确定")))
    if unclear := by_verdict.get("no_clear_change"):
        clauses.append((Run(_names(unclear)), Run("看不出差别", strong=True)))
    if few := by_verdict.get("too_few"):
        clauses.append((Run(f"{_names(few)}样本不足，不作判断"),))
    if not clauses:
        return (Run(f"{compare.label}没有可比的数据，看不出变化。"),)
    runs: list[Run] = [] if clear else [Run(f"和{compare.label}比，")]
    for at, clause in enumerate(clauses):
        runs += [*clause, Run("。" if at == len(clauses) - 1 else "；")]
    return tuple(runs)


def _clear(kpis: Sequence[Kpi], compare: Compare) -> tuple[Run, ...]:
    runs: list[Run] = []
    for at, kpi in enumerate(kpis):
        change = kpi.change
        if change is None or change.difference is None:
            continue
        than = f"比{compare.label}" if at == 0 else ""
        runs += [Run(f"{'，' if at else ''}{kpi.title}{than}{_direction(kpi)} "), Run(_size(kpi), strong=True)]
    runs.append(Run("，变化都可信" if len(kpis) > 1 else "，变化可信"))
    return tuple(runs)


def _direction(kpi: Kpi) -> str:
    up = kpi.change is not None and kpi.change.verdict == "up"
    if kpi.value.unit is Unit.SECONDS:
        return "慢" if up else "快"
    if kpi.value.unit in {Unit.COUNT, Unit.YUAN}:
        return "多" if up else "少"
    return "高" if up else "低"


def _size(kpi: Kpi) -> str:
    difference = abs(kpi.change.difference) if kpi.change and kpi.change.difference is not None else 0.0
    if kpi.value.unit is Unit.RATE:
        return written.points(difference).lstrip("+")
    return written.text_of(difference, kpi.value.unit)


def _names(kpis: Sequence[Kpi]) -> str:
    return "、".join(kpi.title for kpi in kpis)
