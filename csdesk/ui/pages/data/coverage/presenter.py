"""The words of the coverage calendar and the window of days it shows. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from csdesk.analysis import exports
from csdesk.analysis.coverage import (
    EMPTY,
    MISSING,
    OUTSIDE,
    PRESENT,
    PROVISIONAL,
    Coverage,
    Gap,
    SourceCalendar,
    again,
)
from csdesk.analysis.frame import EmptyState, PageTable, Run
from csdesk.charts.spec import Column, Format, TableSpec
from csdesk.domain.period import from_epoch_day, to_epoch_day

STATE_TITLES = {PRESENT: "有数据", PROVISIONAL: "还没定", EMPTY: "没有记录", MISSING: "缺"}
"""States in the order of the legend."""
WEEKDAYS = "一二三四五六日"
HOW = "怎么导出"
_KINDS = {"missing": "缺", "stopped": "停了", "provisional": "还没定"}
COLUMNS = (
    Column("what", "要做的"), Column("kind", "情况"), Column("shop", "店铺"), Column("source", "来源"),
    Column("first", "从", Format.DATE), Column("last", "到", Format.DATE), Column("days", "天", Format.COUNT),
    Column("how", ""),
)  # fmt: skip
HOW_COLUMN = len(COLUMNS) - 1


EMPTY_STATE = EmptyState(
    "还没有数据",
    "导入以后，这里按天列出每个来源哪些天有、哪些天缺，缺的到哪里导出。",
    (exports.CHITU, exports.SYCM_RECEPTION, exports.FEIGE, exports.SESSIONS),
)


class Zoom(StrEnum):
    """How many days are in sight."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"

    @property
    def label(self) -> str:
        """月, 季, 年, 全部."""
        return {"month": "月", "quarter": "季", "year": "年", "all": "全部"}[self.value]


@dataclass(frozen=True, slots=True)
class Sight:
    """The days in sight, epoch days, both included; ``zoom`` is how they came about."""

    zoom: Zoom
    first: int
    last: int

    @property
    def days(self) -> int:
        """How many."""
        return self.last - self.first + 1

    @property
    def label(self) -> str:
        """``2026 年 3 月``, ``2026 年 1–3 月``, ``2026 年``, ``2024-03 至 2026-11``."""
        first, last = from_epoch_day(self.first), from_epoch_day(self.last)
        if self.zoom is Zoom.MONTH:
            return f"{first.year} 年 {first.month} 月"
        if self.zoom is Zoom.QUARTER:
            return f"{first.year} 年 {first.month}–{last.month} 月"
        if self.zoom is Zoom.YEAR:
            return f"{first.year} 年"
        return f"{first:%Y-%m} 至 {last:%Y-%m}"


def sight_of(zoom: Zoom, day: date, coverage: Coverage) -> Sight:
    """The month, quarter or year around ``day``, or everything."""
    if zoom is Zoom.ALL and coverage.first is not None and coverage.last is not None:
        return Sight(zoom, to_epoch_day(coverage.first.replace(day=1)), to_epoch_day(_month_end(coverage.last)))
    start = day.replace(day=1)
    months = 1
    if zoom is Zoom.QUARTER:
        start, months = start.replace(month=(day.month - 1) // 3 * 3 + 1), 3
    elif zoom in (Zoom.YEAR, Zoom.ALL):
        start, months = start.replace(month=1), 12
    end = start
    for _ in range(months):
        end = (end + timedelta(days=32)).replace(day=1)
    return Sight(zoom, to_epoch_day(start), to_epoch_day(end) - 1)


def moved(sight: Sight, steps: int, coverage: Coverage) -> Sight:
    """The month, quarter or year ``steps`` further; never away from all data."""
    if sight.zoom is Zoom.ALL:
        return sight
    found = sight
    for _ in range(abs(steps)):
        edge = found.last + 1 if steps > 0 else found.first - 1
        if coverage.first is None or coverage.last is None:
            break
        if edge > to_epoch_day(coverage.last) or edge < to_epoch_day(coverage.first):
            break
        found = sight_of(sight.zoom, from_epoch_day(edge), coverage)
    return found


def first_sight(coverage: Coverage) -> Sight:
    """As the calendar opens: the newest days, as many as there are to see."""
    last = coverage.last or coverage.today
    days = (last - coverage.first).days + 1 if coverage.first else 0
    zoom = Zoom.MONTH if days <= 31 else Zoom.QUARTER if days <= 92 else Zoom.YEAR
    return sight_of(zoom, last, coverage)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def lead(coverage: Coverage) -> tuple[Run, ...]:
    """What is there and what is to be done, in one or two sentences."""
    if not coverage.strips or coverage.first is None or coverage.last is None:
        return ()
    missing = sum(gap.kind != "provisional" for gap in coverage.gaps)
    late = len(coverage.gaps) - missing
    runs = [
        Run(str(len(coverage.strips)), strong=True), Run(" 个来源，从 "), Run(str(coverage.first), strong=True),
        Run(" 到 "), Run(str(coverage.last), strong=True), Run("。"),
    ]  # fmt: skip
    if not coverage.gaps:
        return (*runs, Run("每一天都有，没有缺的。"))
    if missing:
        runs += [Run("缺 "), Run(str(missing), strong=True), Run(" 段" + ("，" if late else "。"))]
    if late:
        runs += [Run(str(late), strong=True), Run(" 段导出时还没定，要再导出一次。")]
    return tuple(runs)


def day_words(strip: SourceCalendar, day: int, today: date) -> str:
    """``11 月 19 日 周四 · 会话明细：缺`` and what brought it or what to do."""
    shown = from_epoch_day(day)
    year = f"{shown.year} 年 " if shown.year != today.year else ""
    head = f"{year}{shown.month} 月 {shown.day} 日 周{WEEKDAYS[shown.weekday()]} · {strip.title}："
    state = strip.state(day)
    files = strip.brought_by(day)
    brought = f"，来自“{files[0].name}”" + (f"等 {len(files)} 个文件" if len(files) > 1 else "") if files else ""
    if state == OUTSIDE:
        return head + ("还没到，或者这一天之前没有导入过")
    if state == PROVISIONAL:
        ready = strip.ready_on(day)
        return f"{head}导出时还没定{brought}" + (f"，{again(ready, today)}" if ready is not None else "")
    if state == EMPTY:
        return f"{head}" + (f"文件里这一天没有记录{brought}" if files else "每周这一天都没有数据，当作休息日")
    return f"{head}{STATE_TITLES[state]}{brought}"


def gap_table(gaps: Sequence[Gap]) -> PageTable:
    """What to export, as a table."""
    rows = tuple(
        (
            gap.text.removeprefix(f"{gap.strip.shop}："), _KINDS[gap.kind], gap.strip.shop, gap.strip.title,
            gap.period.first, gap.period.last, gap.period.days, HOW,
        )
        for gap in gaps
    )  # fmt: skip
    return PageTable(
        "coverage.gaps", "要补的数据", TableSpec(COLUMNS, rows), "最近的排在前面；点最后一列看到哪里导出。"
    )
