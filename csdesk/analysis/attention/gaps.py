"""缺数: days of the selection that a source lacks though it comes every day otherwise, and where to export them."""

from __future__ import annotations

from csdesk.analysis.frame import Attention, MissingDays, PageRequest
from csdesk.charts import format as written
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period

_MOST = 5


def gaps_of(request: PageRequest) -> tuple[Attention, ...]:
    """The gaps inside the selection, newest first; ``key`` is the source, ``day`` the first missing day."""
    chosen = request.selection
    found = [(gap, inside) for gap in request.missing if (inside := _inside(gap, chosen)) is not None]
    told = [
        Attention("missing", _sentence(gap, inside), key=gap.source, day=inside.first) for gap, inside in found[:_MOST]
    ]
    if len(found) > _MOST:
        told.append(Attention("missing", f"另外还有 {len(found) - _MOST} 处缺数，见“导入与数据”的数据日历。"))
    return tuple(told)


def _inside(gap: MissingDays, chosen: Filter) -> Period | None:
    """The gap's days inside the selection."""
    if not gap.concerns(chosen):
        return None
    if chosen.period is None:
        return gap.period
    if not gap.period.overlaps(chosen.period):
        return None
    return Period(max(gap.period.first, chosen.period.first), min(gap.period.last, chosen.period.last))


def _sentence(gap: MissingDays, inside: Period) -> str:
    when = f"{written.short_day(inside.first)} "
    if inside.days > 1:
        when += f"至 {written.short_day(inside.last)}（{inside.days} 天）"
    where = f"（{gap.where}）" if gap.where else ""
    return f"{gap.head}{when}缺{gap.source}的数据，拖进来就补上{where}。"
