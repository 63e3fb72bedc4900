"""What the quality section says and shows, worked out from the findings. No widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csdesk.analysis.frame import EmptyState, PageTable, Run
from csdesk.analysis.quality.cross import written
from csdesk.analysis.quality.frame import BothWays, Odd, Quality
from csdesk.charts.spec import Cell, Column, Format, TableSpec
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import Unit

MISSING, ODD, CROSS, SUMS, SHOPS = "missing", "odd", "cross", "sums", "shops"
RULE_WORDS = {"": "还没定", "keep": "保留", "exclude": "不计入", "cap": "截到上限"}
_MOST_METRICS = 3
NOTHING_YET = EmptyState("还没有数据", "把平台导出的表格拖进窗口，这里会说缺了什么、哪里离谱、哪里对不上。", ())


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the strip on top: ``tone`` good | warn | neutral, ``state`` its word, ``text`` one short line."""

    id: str
    title: str
    tone: str
    state: str
    text: str


def lead(quality: Quality) -> tuple[Run, ...]:
    """Whether there is anything to look at, in a sentence."""
    wanting = [tile.title for tile in tiles(quality) if tile.tone == "warn"]
    if not wanting:
        return (Run("没有发现要处理的问题，"), Run("可以放心看数。", strong=True))
    return (
        Run("有 "), Run(f"{len(wanting)} 处", strong=True), Run(f"值得看一眼：{'、'.join(wanting)}。"),
        Run("原始数据不会被改动，定了规则也随时能收回。"),
    )  # fmt: skip


def tiles(quality: Quality) -> tuple[Tile, ...]:
    """The strip on top, in the order of the cards below."""
    return (_missing_tile(quality), _odd_tile(quality), _cross_tile(quality), _sums_tile(quality), _shops_tile(quality))


def _missing_tile(quality: Quality) -> Tile:
    costly = [one for one in quality.missing if one.losses]
    metrics = {loss.metric for one in costly for loss in one.losses}
    if not costly:
        return Tile(MISSING, "缺失", "good", "没有影响", "没有指标因为缺数而少算")
    return Tile(MISSING, "缺失", "neutral", f"{len(costly)} 列", f"有 {len(metrics)} 个指标少算了一些行")


def _odd_tile(quality: Quality) -> Tile:
    open_ = [one for one in quality.odd if one.actions and not one.decided and one.count]
    if open_:
        rows = sum(one.count for one in open_)
        return Tile(ODD, "异常值", "warn", f"{len(open_)} 项待定", f"共 {rows:,} 个值，请定要不要计入")
    decided = [one for one in quality.odd if one.decided]
    if decided:
        return Tile(ODD, "异常值", "good", f"{len(decided)} 项已定", "都按您定的规则在算")
    return Tile(ODD, "异常值", "good", "没有", "没有离谱的时长、金额或日期")


def _cross_tile(quality: Quality) -> Tile:
    cells = sum(one.cells for one in quality.compared)
    doubtful = sum(not one.explained for one in quality.differences)
    if quality.contradictions:
        count = len(quality.contradictions)
        return Tile(CROSS, "交叉验证", "warn", f"{doubtful + count:,} 处", f"其中 {count:,} 处自相矛盾")
    if doubtful:
        share = f"比对 {cells:,} 处，{cells - len(quality.differences):,} 处一致"
        return Tile(CROSS, "交叉验证", "warn", f"{doubtful:,} 处不同", share)
    if quality.differences:
        return Tile(CROSS, "交叉验证", "good", "正常", f"比对了 {cells:,} 处，不同的只因口径")
    if cells:
        return Tile(CROSS, "交叉验证", "good", "都一致", f"比对了 {cells:,} 处")
    return Tile(CROSS, "交叉验证", "neutral", "没有可比的", "同样的人和天只有一个来源")


def _sums_tile(quality: Quality) -> Tile:
    wrong = sum(not one.agrees for one in quality.sums)
    if wrong:
        return Tile(SUMS, "汇总行核对", "warn", f"{wrong:,} 处对不上", "可能没选全客服就导出了")
    if quality.sums:
        return Tile(SUMS, "汇总行核对", "good", "都对得上", f"核对了 {len(quality.sums):,} 列")
    return Tile(SUMS, "汇总行核对", "neutral", "没有汇总行", "导入的表里没有可核对的汇总")


def _shops_tile(quality: Quality) -> Tile:
    if quality.suspects:
        return Tile(SHOPS, "可能放错店铺", "warn", f"{len(quality.suspects):,} 个文件", "请核对是哪家店的")
    return Tile(SHOPS, "可能放错店铺", "good", "没有", "没有发现放错店铺的文件")


# ---------------------------------------------------------------- tables


def missing_table(quality: Quality) -> PageTable:
    """Columns without a value, those that cost a metric rows first; where empty is an answer, grey."""
    ordered = sorted(quality.missing, key=lambda one: (not one.losses, bool(one.meaning), -one.share))
    rows: list[tuple[Cell, ...]] = []
    for one in ordered:
        losses = "、".join(f"{loss.name} 少 {loss.rows:,} 行" for loss in one.losses)
        usual = f"空着表示{one.meaning}" if one.meaning else "没有指标用到"
        gaps = (one.lacking, one.empty, one.late)
        rows.append((one.source, one.title, one.rows, one.share, *gaps, losses or usual))
    muted = frozenset(place for place, one in enumerate(ordered) if not one.losses)
    columns = (
        Column("source", "来自"), Column("title", "列"), Column("rows", "总行数", Format.COUNT),
        Column("share", "没有值", Format.PERCENT, bar=True), Column("lacking", "文件没有这一列", Format.COUNT),
        Column("empty", "格子空着", Format.COUNT), Column("late", "延迟统计", Format.COUNT),
        Column("losses", "影响的指标"),
    )  # fmt: skip
    return PageTable(
        "quality_missing", "缺失", TableSpec(columns, tuple(rows), muted),
        "哪些列没有值，哪些指标因此少算了多少行。想补上：导出时勾选这一列，再把新文件拖进来，会自动补齐。",
    )  # fmt: skip


def unreadable_table(quality: Quality) -> PageTable:
    """Cells that could not be used when the files were imported."""
    rows = tuple(
        (one.file, one.column, one.reason, one.cells, one.example) for one in
        sorted(quality.unreadable, key=lambda one: -one.cells)
    )  # fmt: skip
    columns = (
        Column("file", "文件"), Column("column", "列"), Column("reason", "原因"),
        Column("cells", "格数", Format.COUNT), Column("example", "例子"),
    )  # fmt: skip
    return PageTable(
        "quality_unreadable", "导入时读不出的格子", TableSpec(columns, rows),
        "负的时长、1–5 以外的评分这类值导入时就没有采用，按缺失算。改好原表再导入一次即可。",
    )  # fmt: skip


def both_ways_table(quality: Quality) -> PageTable:
    """Every metric that odd values touch, with and without them."""
    rows: list[tuple[Cell, ...]] = []
    for odd in quality.odd:
        for way in _moving(odd):
            shown = [metric_text(way, value) for value in (way.keep, way.exclude, way.cap)]
            rows.append((odd.title, odd.source, way.name, *shown, RULE_WORDS[odd.decided]))
    columns = (
        Column("odd", "异常值"), Column("source", "来自"), Column("metric", "指标"), Column("keep", "全部计入"),
        Column("exclude", "不计入时"), Column("cap", "截到上限时"), Column("rule", "现在的规则"),
    )  # fmt: skip
    return PageTable(
        "quality_both_ways", "有规则和没有规则，指标各是多少", TableSpec(columns, tuple(rows)),
        "按全部数据算。只列出会变的指标。",
    )  # fmt: skip


def examples_table(quality: Quality) -> PageTable:
    """Where the odd values stand."""
    rows = tuple(
        (odd.title, odd.source, one.when, one.who, one.value, one.key) for odd in quality.odd for one in odd.examples
    )
    columns = (
        Column("odd", "异常值"), Column("source", "来自"), Column("when", "时间"), Column("who", "客服"),
        Column("value", "值"), Column("key", "编号"),
    )  # fmt: skip
    return PageTable(
        "quality_examples",
        "异常值在哪里",
        TableSpec(columns, rows),
        "每项最多列 50 个，最离谱的在前。编号可用来在原表里找。",
    )


def cross_table(quality: Quality) -> PageTable:
    """What two sources tell differently."""
    several = len({one.shop for one in quality.differences}) > 1
    ordered = sorted(quality.differences, key=lambda one: one.explained)
    muted = frozenset(place for place, one in enumerate(ordered) if one.explained)
    rows = tuple(
        (one.name, f"{one.shop}:{one.who}" if several else one.who, one.days, f"{one.one_source} {one.one}",
         f"{one.other_source} {one.other}", one.difference, one.share, one.reason)
        for one in ordered
    )  # fmt: skip
    columns = (
        Column("name", "指标"), Column("who", "客服"), Column("days", "日期", whole=True), Column("one", "一个来源"),
        Column("other", "另一个来源"), Column("difference", "相差"), Column("share", "相差比例", Format.PERCENT),
        Column("reason", "可能的原因"),
    )  # fmt: skip
    pairs = "；".join(
        f"{one.one_source}和{one.other_source}：{one.cells:,} 处里 {one.equal:,} 处一致" for one in quality.compared
    )
    about = "同一个客服、同样的天，两个来源说的是不是一样（四舍五入的差别不算，延迟统计的天不比）。"
    return PageTable(
        "quality_cross", "交叉验证", TableSpec(columns, rows, muted), f"{about}{pairs}。" if pairs else about
    )


def contradictions_table(quality: Quality) -> PageTable:
    """Cells of one report that cannot both be right."""
    several = len({one.shop for one in quality.contradictions}) > 1
    rows = tuple(
        (one.name, f"{one.shop}:{one.who}" if several else one.who, one.days, one.cells, one.text, "、".join(one.files))
        for one in quality.contradictions
    )
    columns = (
        Column("name", "指标"), Column("who", "客服"), Column("days", "日期", whole=True), Column("cells", "表里的数"),
        Column("text", "说明"), Column("file", "文件"),
    )  # fmt: skip
    return PageTable(
        "quality_contradictions", "同一行里自相矛盾的数", TableSpec(columns, rows),
        "部分比全部还多，两个数里总有一个不对。请对照平台后台核对，改好原表再导入一次。",
    )  # fmt: skip


def sums_table(quality: Quality) -> PageTable:
    """Summary rows held against their rows, those that differ first."""
    rows: list[tuple[Cell, ...]] = [
        (one.file, one.column, "对不上", one.text) for one in quality.sums if not one.agrees
    ]
    wrong = len(rows)
    agreed: dict[tuple[int, str], list[str]] = {}
    for one in quality.sums:
        if one.agrees:
            agreed.setdefault((one.batch, one.file), []).append(one.column)
    for (_, file), names in agreed.items():
        rows.append((file, "、".join(names), "对得上", f"{len(names)} 列和汇总行一致"))
    muted = frozenset(range(wrong, len(rows)))
    columns = (Column("file", "文件"), Column("column", "列"), Column("state", "结果"), Column("text", "说明"))
    return PageTable(
        "quality_sums", "汇总行核对", TableSpec(columns, tuple(rows), muted),
        "表里的“汇总”行和各行相加是不是一样。对不上时，多半是导出时没有选全客服：重新导出再拖进来。",
    )  # fmt: skip


def suspects_table(quality: Quality) -> PageTable:
    """Imports that may belong to another shop."""
    rows = tuple((one.file, one.shop, one.other, one.text) for one in quality.suspects)
    columns = (
        Column("file", "文件"), Column("shop", "现在放在"), Column("other", "可能属于"), Column("text", "依据和办法"),
    )  # fmt: skip
    return PageTable(
        "quality_shops", "可能放错店铺", TableSpec(columns, rows),
        "确认放错时：到“导入记录”撤销它，再选对店铺导入一次。没有放错就不用管。",
    )  # fmt: skip


def metric_text(way: BothWays, value: float | None) -> str:
    """A metric's number as it is written; "–" where there is none."""
    if value is None:
        return "–"
    unit = METRICS[way.metric].unit
    return written(unit, round(value, 2) if unit in (Unit.SCORE, Unit.RATIO) else value)


def effect(odd: Odd) -> str:
    """In a line: what the first metrics are with and without the values."""
    parts = []
    moving = sorted(_moving(odd), key=_moved, reverse=True)
    for way in moving[:_MOST_METRICS]:
        words = [f"全部计入 {metric_text(way, way.keep)}"]
        if way.exclude is not None:
            words.append(f"不计入 {metric_text(way, way.exclude)}")
        if way.cap is not None:
            words.append(f"截到上限 {metric_text(way, way.cap)}")
        parts.append(f"{way.name}：{'，'.join(words)}")
    more = len(moving) - _MOST_METRICS
    return "\n".join(parts) + (f"\n另有 {more} 个指标，见下表。" if more > 0 else "")


def _moving(odd: Odd) -> list[BothWays]:
    """The metrics that change as they are written."""
    return [
        way
        for way in odd.metrics
        if any(value is not None and metric_text(way, value) != metric_text(way, way.keep)
               for value in (way.exclude, way.cap))
    ]  # fmt: skip


def _moved(way: BothWays) -> float:
    if not way.keep:
        return 0.0
    return max(abs(value / way.keep - 1) for value in (way.exclude, way.cap, way.keep) if value is not None)


def undecided_first(found: Sequence[Odd]) -> list[Odd]:
    """As the owner should see them: what is to be decided, what is decided, what no number uses."""
    return sorted(found, key=lambda one: (not one.actions, bool(one.decided)))
