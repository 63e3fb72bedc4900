"""A small stand-in for the program behind the window: a shop, its pages filled by hand, a ledger."""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from csdesk.analysis.coverage import CoverageBook
from csdesk.analysis.frame import (
    Answer,
    Change,
    EmptyState,
    ExportHint,
    Grain,
    Kpi,
    PageRequest,
    PageResult,
    PageTable,
    Run,
    Tone,
)
from csdesk.analysis.pages import PAGES
from csdesk.analysis.planning.desk import FORECAST_PAGES, Planning
from csdesk.analysis.planning.forecast import Forecast, forecast_answer
from csdesk.analysis.quality.desk import QualityDesk
from csdesk.charts import format as numbers
from csdesk.charts.spec import ChartSpec, Column, Format, Mark, Point, Series, TableSpec
from csdesk.domain.filters import Filter
from csdesk.domain.holdings import AgentFact, DataFacts, ShopFact
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.changes import Changes
from csdesk.ingest.corrections import Corrections
from csdesk.ingest.entry.book import EntryBook
from csdesk.ingest.ledger import LedgerEntry
from csdesk.ingest.model import (
    ColumnReading,
    Given,
    Need,
    Plan,
    Problem,
    Repair,
    RowCounts,
    Status,
)
from csdesk.ingest.own.desk import MappingDesk
from csdesk.ingest.watch.folder import WatchFolder
from csdesk.metrics.model import MetricStatus, MetricValue, Unit
from csdesk.safety.buyers import BuyerKeys
from csdesk.settings.store import Settings
from csdesk.store.database import Store
from csdesk.store.people import People
from csdesk.ui.services import OnProgress
from tests.analysis.planning.shops import TAOBAO, Received, steady

LAST_DAY = date(2026, 11, 21)
NAMES = ("小美", "阿杰", "豆豆", "夏夏", "晚班-03", "小鱼", "新人-小白")
RATES = (0.312, 0.298, 0.275, 0.251, 0.219, 0.194, 0.26)
COUNTS = (402, 318, 356, 240, 251, 287, 22)


_FORESEEN = Forecast("not_better", "")


class FakePlanning(Planning):
    """Lacks nothing unless told so; a forecast takes no time."""

    missing = False

    def __init__(self, services: FakeServices) -> None:
        super().__init__(Received().has(TAOBAO, steady(90)), services.facts, services.data_version)
        self.asked: list[Filter] = []

    def ready(self, selection: Filter) -> bool:
        return not self.missing

    def told(self, page: str) -> tuple[Answer, ...]:
        return (forecast_answer(None if self.missing else _FORESEEN),) if page in FORECAST_PAGES else ()

    def forecast(self, selection: Filter, check: Callable[[], None] = lambda: None) -> Forecast:
        self.asked.append(selection)
        check()
        self.missing = False
        return _FORESEEN


class FakeServices:
    """Implements the Services protocol in memory. ``kind``: "full", "empty" or "long" (very long names)."""

    def __init__(self, folder: Path, kind: str = "full") -> None:
        self.data_dir = folder
        self.settings = Settings(folder)
        self.kind = kind
        self.version = 1
        self.demo = False
        self.notices: list[str] = []
        self.copies_asked = 0
        self.pages_asked: list[tuple[str, PageRequest]] = []
        self.loaded: list[Plan] = []
        self.undone: list[int] = []
        self.counted: list[Plan] = []
        self.given: list[Given] = []
        self.plans: list[Plan] = sample_plans(folder)
        self.hold: threading.Event | None = None
        self.watch = WatchFolder(
            self.settings, folder, plan_file=lambda path, _cancel: [self._watched(path)],
            import_files=lambda paths, _cancel: [self._bring(path) for path in paths],
            live_contents=lambda: {plan.sha256 for plan in self.loaded},
        )  # fmt: skip
        self.entries: list[LedgerEntry] = [] if kind == "empty" else sample_ledger()

    @cached_property
    def mappings(self) -> MappingDesk:
        return MappingDesk(self.data_dir, self._reading)

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return self.entry_store.reading()

    @cached_property
    def planning(self) -> FakePlanning:
        return FakePlanning(self)

    def data_version(self) -> int:
        return self.version

    def facts(self) -> DataFacts:
        if self.kind == "empty" and not self.demo and not self.loaded:
            return DataFacts()
        long = "云间小铺官方旗舰店（华东仓直发分店）" if self.kind == "long" else "云间小铺旗舰店"
        extra = "这个昵称特别特别特别长-夜班" if self.kind == "long" else ""
        return DataFacts(
            first_day=LAST_DAY - timedelta(days=80), last_day=LAST_DAY,
            shops=(ShopFact(1, long, Platform.TAOBAO), ShopFact(2, "云间抖店", Platform.DOUYIN)),
            agents=tuple(AgentFact(number, name + extra, 1, "售前") for number, name in enumerate(NAMES, 1)),
            demo=self.demo,
        )  # fmt: skip

    def plan_files(
        self, paths: Sequence[Path], given: Given, *, cancel: threading.Event | None = None,
        on_progress: OnProgress | None = None,
    ) -> list[Plan]:  # fmt: skip
        self.given.append(given)
        if self.hold is not None:
            self.hold.wait(5)
        if given == Given():
            return list(self.plans)
        return [
            replace(
                plan, period=given.period or plan.period, shop=given.shop or plan.shop, status=Status.IMPORTED, needs=[]
            )
            for plan in self.plans if plan.file in paths
        ]  # fmt: skip

    def load(
        self, plan: Plan, *, cancel: threading.Event | None = None, on_progress: OnProgress | None = None,
        dry_run: bool = False,
    ) -> RowCounts:  # fmt: skip
        if dry_run:
            self.counted.append(plan)
            plan.rows = replace(plan.rows, inserted=plan.rows.inserted - 2, duplicate=2)
            return plan.rows
        self.loaded.append(plan)
        plan.batch = len(self.loaded) + 100
        self.version += 1
        return plan.rows

    def _watched(self, path: Path) -> Plan:
        """A file in the watched folder: understood, unless its text says otherwise."""
        text = path.read_text(encoding="utf-8")
        status = Status.UNRECOGNISED if text == "strange" else Status.IMPORTED
        return replace(self.plans[0], path=str(path), file=path, sha256=text, status=status)

    def _bring(self, path: Path) -> Plan:
        plan = self._watched(path)
        if plan.sha256 == "asks":
            plan.status, plan.message = Status.NEEDS_INPUT, "哪家店？"
        else:
            self.load(plan)
        return plan

    def take_notices(self) -> Sequence[str]:
        told, self.notices = self.notices, []
        return told

    def after_writing(self) -> None:
        self.copies_asked += 1

    def undo(self, batch: int) -> RowCounts:
        self.undone.append(batch)
        self.version += 1
        return RowCounts(read=12)

    def ledger(self) -> Sequence[LedgerEntry]:
        return self.entries

    def page(self, page_id: str, request: PageRequest) -> PageResult:
        self.pages_asked.append((page_id, request))
        made = sample_page(page_id, request, self.kind if not self.demo else "full")
        return replace(made, answers=(*made.answers, *self.planning.told(page_id)))

    def add_demo(self, *, cancel: threading.Event | None = None, on_progress: OnProgress | None = None) -> None:
        self.demo = True
        self.version += 1

    def remove_demo(self) -> None:
        self.demo = False
        self.version += 1

    def save_template(self, path: Path, template: str = "sessions") -> None:
        path.write_bytes(b"template")

    @property
    def corrections(self) -> Corrections:
        raise LookupError("rows that came back are tested on a real store")

    @property
    def changes(self) -> Changes:
        raise LookupError("changes are tested on a real store")

    @cached_property
    def entry_store(self) -> Store:
        return Store(self.data_dir / "entries")

    @cached_property
    def entry_book(self) -> EntryBook:
        return EntryBook(self.entry_store, BuyerKeys(self.entry_store.buyer_key), self.settings)

    @cached_property
    def quality(self) -> QualityDesk:
        assert self.entry_book is not None
        return QualityDesk(self.entry_store)

    @property
    def coverage(self) -> CoverageBook:
        return CoverageBook(self.entry_store)

    @property
    def people(self) -> People:
        return People(self.entry_store)

    def close(self) -> None:
        if "entry_store" in self.__dict__:
            self.entry_store.close()
            self.__dict__.pop("entry_book", None)
            del self.__dict__["entry_store"]


def sample_ledger() -> list[LedgerEntry]:
    """Three imports, one of them undone."""
    names = (
        "自定义报表_店长日报_下单优先判定_2026-11-20至2026-11-20.xlsx",
        "生意参谋_接待评价_20261020_20261120.xlsx",
        "客服数据 (3).xlsx",
    )
    layouts = ("赤兔名品 自定义报表", "生意参谋 接待评价", "飞鸽 客服数据")
    return [
        LedgerEntry(
            number, name, layout, Platform.TAOBAO, "云间小铺旗舰店", Period.parse("2026-10-20..2026-11-20"),
            RowCounts(read=384 + number, inserted=380, duplicate=4), datetime(2026, 11, 21, 9, number),
            undone=number == 1,
        )
        for number, (name, layout) in reversed(list(enumerate(zip(names, layouts, strict=True), 1)))
    ]  # fmt: skip


def sample_plans(folder: Path) -> list[Plan]:
    """One understood file, one that needs its day, one known already, one that is no table."""
    good = Plan(
        "自定义报表_店长日报_下单优先判定_2026-11-20至2026-11-20.xlsx", folder / "a.xlsx", "a" * 64, Status.IMPORTED,
        layout="chitu", layout_name="赤兔名品 自定义报表", source="chitu", platform=Platform.TAOBAO,
        shop="云间小铺旗舰店", period=Period.parse("2026-11-20"), period_from="file_name",
        rows=RowCounts(read=15, inserted=12, rejected=1, summary=2),
        repairs=[
            Repair("全角冒号当作半角", 2, "A5 云间小铺旗舰店：小美"),
            Repair("同列有 1.0 和 100.00%,按同一比率读", 1, "D3"),
        ],
        problems=[Problem("Sheet1", "B11", "接待人数", "十二", "读不出数字。这一行会放进待修正，不影响其他行。")],
        problem_count=1,
        columns=[
            ColumnReading("客服昵称", "agent", "客服", "云间小铺旗舰店：小美", "去掉店铺前缀"),
            ColumnReading("接待人数", "received", "接待人数", "82.0", "整数；合计 143 与汇总行一致", "good"),
            ColumnReading("平均响应（秒）", "avg_response", "平均响应时长", "37.79", "秒，按接待人数加权"),
            ColumnReading("询单->最终付款转化率", "conversion_rate", "询单转化率", "延迟统计", "未定，再导", "warn"),
            ColumnReading("团队备注", None, "", "早班", "不认识，不导入"),
        ],
        sum_checks=["接待人数合计 143,与汇总行一致"],
    )  # fmt: skip
    asks = Plan(
        "客服数据 (3).xlsx", folder / "b.xlsx", "b" * 64, Status.NEEDS_INPUT, "不知道是哪一天的数据。请选日期。",
        layout="feige", layout_name="飞鸽 客服数据", source="feige", platform=Platform.DOUYIN, shop="云间抖店",
        rows=RowCounts(read=56, inserted=54, summary=2), needs=[Need("period", "这是哪一天的数据？")],
    )  # fmt: skip
    known = Plan("生意参谋_接待评价.xlsx", folder / "c.xlsx", "c" * 64, Status.DUPLICATE, "导入过，不重复算。",
                 layout_name="生意参谋 接待评价", platform=Platform.TAOBAO,
                 rows=RowCounts(read=32, duplicate=32))  # fmt: skip
    strange = Plan("合影.png", folder / "d.png", "d" * 64, Status.UNRECOGNISED, "这是图片。请拖入导出的表格。")
    return [good, asks, known, strange]


def sample_page(page_id: str, request: PageRequest, kind: str = "full") -> PageResult:
    """邀评 as the sketches show it, under any page id."""
    empty = None
    if kind == "empty":
        empty = EmptyState("还没有邀评数据", "把下面任何一种导出的表格拖进窗口，这一页就有数了。", (
            ExportHint("生意参谋 接待评价", "千牛 → 生意参谋 → 服务 → 接待评价 → 下载", "一次最多 31 天"),
            ExportHint("飞鸽 客服数据", "飞鸽 → 数据 → 客服数据 → 导出", ""),
        ))  # fmt: skip
    long = "·这个名字很长很长很长的客服" if kind == "long" else ""
    return PageResult(
        page_id, "邀评", request.selection, request.compare, request.grain or Grain.DAY, "近 30 天",
        (Run("近 30 天每 100 位接待的买家，客服邀请了 "), Run("62", strong=True), Run(" 位评价。邀评率比上期高 "),
         Run("3.1 个百分点", strong=True), Run(",变化可信；评价率"), Run("看不出差别", strong=True), Run("。")),
        sample_kpis(), sample_charts(page_id, long),
        (PageTable("agents", "各客服", sample_table(long), "灰色样本不足 30"),),
        empty=empty,
    )  # fmt: skip


def sample_kpis() -> tuple[Kpi, ...]:
    """Five cards with every kind of change."""
    wave = tuple(math.sin(number / 3) + number / 9 for number in range(30))
    rows = (
        ("received", "接待人数", 8642, Unit.COUNT, "+4.2%", "随工作日变化", Tone.NEUTRAL),
        ("invite_rate", "邀评率", 0.624, Unit.RATE, "+3.1 pp", "变化可信", Tone.GOOD),
        ("review_rate", "评价率", 0.248, Unit.RATE, "−0.6 pp", "看不出差别", Tone.NEUTRAL),
        ("satisfaction_rate", "满意率", 0.935, Unit.RATE, "−1.9 pp", "变化可信", Tone.BAD),
        ("first_response_mean", "首次响应", 18.0, Unit.SECONDS, "−4 秒", "变化可信", Tone.GOOD),
    )
    return tuple(
        Kpi(metric, title, numbers.parts(value, unit),
            MetricValue(metric, unit, value, MetricStatus.OK, n=8642, numerator=5393, denominator=8642),
            None, Change(0.03, 0.02, 0.04, "up", text, note, tone), wave)
        for metric, title, value, unit, text, note, tone in rows
    )  # fmt: skip


def sample_charts(page: str, long: str = "") -> tuple[ChartSpec, ...]:
    """One chart a place of the page's layout."""
    made = []
    for place, chart_id in enumerate(PAGES[page].charts):
        maker = (_funnel, _trend, _bars, _levels, _bars)[place % 5]
        made.append(maker(chart_id, long))
    return tuple(made)


def sample_table(long: str = "") -> TableSpec:
    """Agents with bars; the last row is a small sample."""
    columns = (Column("agent", "客服"), Column("n", "收到评价", Format.COUNT, bar=True),
               Column("rate", "评价率", Format.PERCENT), Column("response", "首次响应", Format.SECONDS))  # fmt: skip
    rows = tuple(
        (name + long, count, rate, 18.0 + place if name != "小鱼" else None)
        for place, (name, count, rate) in enumerate(zip(NAMES, COUNTS, RATES, strict=True))
    )
    return TableSpec(columns, rows, frozenset({6}))


def _funnel(chart_id: str, long: str) -> ChartSpec:
    points = tuple(Point(value) for value in (8642, 5393, 1337, 1250))
    return ChartSpec(chart_id, "从接待到满意", "funnel", "流失最多的一步：邀请之后没有评价(75.2%)", Format.COUNT,
                     ("接待", "邀评", "收到评价", "满意"), series=(Series("n", "人数", "series1", points),),
                     step_notes=("62.4% 被邀请", "24.8% 给了评价", "93.5% 满意"))  # fmt: skip


def _trend(chart_id: str, long: str) -> ChartSpec:
    days = tuple(LAST_DAY - timedelta(days=29 - number) for number in range(30))

    def line(base: float) -> tuple[Point, ...]:
        return tuple(Point(base + math.sin(n / 4) / 40, base - 0.02 + math.sin(n / 4) / 40,
                           base + 0.02 + math.sin(n / 4) / 40, 250, provisional=n > 27) for n in range(30))  # fmt: skip

    return ChartSpec(chart_id, "邀评率与评价率", "trend", "按天，浅色带为 95% 区间", Format.PERCENT,
                     tuple(f"{day:%m-%d}" for day in days), days,
                     (Series("invite_rate", "邀评率", "series1", line(0.6)),
                      Series("review_rate", "评价率", "series3", line(0.25))),
                     (Mark("event", "双11", 19, 19), Mark("provisional", "未定", 28, 29),
                      Mark("target", "目标 65%", y=0.65)),
                     y_range=(0, 0.8))  # fmt: skip


def _bars(chart_id: str, long: str) -> ChartSpec:
    points = tuple(Point(rate, rate - 0.04, rate + 0.04, count, muted=count < 30)
                   for rate, count in zip(RATES, COUNTS, strict=True))  # fmt: skip
    return ChartSpec(chart_id, "各客服的评价率", "bars", "横线为 95% 区间，灰色样本不足 30", Format.PERCENT,
                     tuple(name + long for name in NAMES),
                     series=(Series("r", "评价率", "series1", points),))  # fmt: skip


def _levels(chart_id: str, long: str) -> ChartSpec:
    points = tuple(Point(value) for value in (0.765, 0.171, 0.036, 0.018, 0.01))
    return ChartSpec(chart_id, "评价分布", "levels", "收到 1,425 个评价", Format.PERCENT,
                     ("很满意", "满意", "一般", "不满", "很不满"),
                     series=(Series("s", "占比", "series3", points),))  # fmt: skip
