"""The table of a recognised report → rows of numbers about agents or the shop, peers, and sum checks.

Rules: a row whose agent is not named is rejected; a cell that cannot be read is a problem with its address and
the rest of its row counts; of two rows for one agent and day the later counts, and says so unless they are equal;
summary rows check the sums, peer rows become benchmarks, neither is ever an agent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from csdesk.domain.identity import AgentName, fold, parse_agent
from csdesk.domain.period import Period
from csdesk.ingest import cells, periods
from csdesk.ingest.addresses import cell_address
from csdesk.ingest.columns import SAID_RATES, ColumnValues, read_column
from csdesk.ingest.headers import ColumnMapping, MappedColumn
from csdesk.ingest.layouts import Catalogue, FieldInfo, Layout, catalogue
from csdesk.ingest.model import AgentRef, ColumnReading, Problem, RawCell, RejectedRow, Repair, RowCounts, SumOutcome
from csdesk.ingest.report_rejects import Fault, ReadColumn, rejected_rows
from csdesk.ingest.rowkinds import RowKind, RowLabel, label_row
from csdesk.ingest.scales import percent_by_counts
from csdesk.ingest.sums import check_sums
from csdesk.safety.masking import mask_text

REPAIR_LONG_NICK = "去掉客服名前的 cntaobao"
REPAIR_PREFIX = "去掉客服名里的店铺前缀"
REPAIR_COLON = "客服名里的全角冒号当作半角"
REPAIR_DOWN = "合并单元格往下补齐"
REPAIR_HEADER = "跳过重复的表头行"
REPAIR_YEAR = "没有年份的日期，按文件的时间补上年份"
REPAIR_SAME_NICK = "昵称相同而账号不同的客服，名字后加上账号"
LISTED = "listed"
"""Pseudo measure of a row that names an agent and gives no number: so that the row and the agent are known."""


@dataclass(slots=True)
class ReportRow:
    """One row that will be stored. ``shop`` is what the row itself says ("" if nothing), ``period`` likewise.

    ``shop_from``: "column" | "prefix" | "". ``prefixed``: the agent's name carried a shop.
    """

    row: int
    agent: AgentRef | None
    shop: str
    shop_from: str
    period: Period | None
    prefixed: bool = False
    values: dict[str, float] = field(default_factory=dict)
    delayed: set[str] = field(default_factory=set)


@dataclass(slots=True)
class PeerRow:
    """One peer row: ``peer`` is "peer_average" or "peer_top"."""

    row: int
    peer: str
    period: Period | None
    values: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class ReportTable:
    """Everything read from one report table, before shop and period of the file are settled.

    ``counts`` has read, rejected, summary and in-file duplicates; the rows in ``rows`` are for the loader to count.
    """

    rows: list[ReportRow] = field(default_factory=list)
    peers: list[PeerRow] = field(default_factory=list)
    counts: RowCounts = field(default_factory=RowCounts)
    problems: list[Problem] = field(default_factory=list)
    repairs: dict[str, tuple[int, str]] = field(default_factory=dict)
    readings: list[ColumnReading] = field(default_factory=list)
    sum_checks: list[str] = field(default_factory=list)
    sums: list[SumOutcome] = field(default_factory=list)
    platforms: list[str] = field(default_factory=list)
    sheet: str = ""
    faults: dict[int, Fault] = field(default_factory=dict)
    filled: dict[int, dict[str, str]] = field(default_factory=dict)
    """Sheet row → field → what stands in the merged cell above."""
    source: dict[int, Sequence[RawCell]] = field(default_factory=dict)
    _columns: list[ReadColumn] = field(default_factory=list)

    def row_problem(self, row: int, column: MappedColumn | None, reason: str) -> None:
        """A problem of a whole row; ``column`` is the one that lacks a value."""
        where = cell_address(column.index if column else 0, row)
        self.problems.append(Problem(self.sheet, where, column.header if column else "", "", reason))
        self.faults.setdefault(row, Fault(column.header if column else "", reason))

    def rejected(self, mapping: ColumnMapping) -> list[RejectedRow]:
        """The rows of which something could not be used, with their cells, in the order of the sheet."""
        return rejected_rows(
            self.sheet, self.faults, self.source, mapping=mapping, columns=self._columns, filled=self.filled
        )

    def repaired(self, kind: str, example: str, count: int = 1) -> None:
        """Count a repair; the first example is kept."""
        seen, first = self.repairs.get(kind, (0, example))
        self.repairs[kind] = (seen + count, first)

    def repair_list(self) -> list[Repair]:
        """The repairs as the plan wants them."""
        return [Repair(kind, count, example) for kind, (count, example) in self.repairs.items()]


@dataclass(slots=True)
class _Reader:
    sheet: str
    layout: Layout
    mapping: ColumnMapping
    known: Catalogue
    table: ReportTable
    written: datetime | None = None

    def problem(self, column: MappedColumn | None, row: int, value: object, reason: str, *, fault: bool = True) -> None:
        """Something about a cell; a ``fault`` is one the owner can correct in that row."""
        where = cell_address(column.index if column else 0, row)
        name = column.header if column else ""
        self.table.problems.append(Problem(self.sheet, where, name, mask_text(cells.show(value)), reason))
        if fault:
            self.table.faults.setdefault(row, Fault(name, reason))


def read_report(
    sheet: str,
    rows: Sequence[tuple[int, Sequence[RawCell]]],
    layout: Layout,
    mapping: ColumnMapping,
    written: datetime | None = None,
) -> ReportTable:
    """Read the rows below the header: (sheet row, cells) of one sheet; ``written``: gives days their year."""
    reader = _Reader(sheet, layout, mapping, catalogue(), ReportTable(sheet=sheet), written)
    table = reader.table
    labelled = [(number, row, label_row(row, mapping, reader.known)) for number, row in rows]
    data = [(number, row) for number, row, label in labelled if label.kind is RowKind.DATA]
    peers = [(number, row, label) for number, row, label in labelled if label.kind is RowKind.PEER]
    summaries = [(number, row, label) for number, row, label in labelled if label.kind is RowKind.SUMMARY]
    table.source = dict(data)
    _count_others(reader, labelled)
    table.counts.summary = len(peers) + len(summaries)
    table.counts.read = len(data) + table.counts.summary + table.counts.rejected
    named = _name_rows(reader, data)
    platform_column = mapping.column("platform")
    if platform_column is not None:
        words = (cells.read_text(row[platform_column.index]).value for _, row in data)
        table.platforms = [str(word) for word in words if word]
    columns = _read_columns(reader, data, peers)
    table._columns = [ReadColumn(column.mapped, column.info, column.read.values) for column in columns]
    _fill(reader, named, columns, len(data))
    _fill_peers(reader, peers, columns, len(data))
    table.rows = _drop_twins(reader, [row for row in named if row is not None])
    _sum_checks(reader, data, summaries, columns)
    _finish_readings(reader, rows)
    return table


def _count_others(reader: _Reader, labelled: Sequence[tuple[int, Sequence[RawCell], RowLabel]]) -> None:
    for number, _, label in labelled:
        if label.kind is RowKind.HEADER:
            reader.table.repaired(REPAIR_HEADER, f"第 {number} 行")
        elif label.kind is RowKind.NOTE:
            reader.table.counts.rejected += 1
            reader.problem(None, number, label.word, "这一行是说明文字，没有导入", fault=False)


# ---------------------------------------------------------------- who and when


def _name_rows(reader: _Reader, data: Sequence[tuple[int, Sequence[RawCell]]]) -> list[ReportRow | None]:
    """A ReportRow for each data row, None where it is rejected."""
    named: list[ReportRow | None] = []
    previous: dict[str, RawCell] = {}
    for number, row in data:
        found = _name_row(reader, number, row, previous)
        named.append(found)
        reader.table.counts.rejected += found is None
    if reader.layout.grain == "agent":
        _mark_main_accounts(named)
        _tell_twins_apart(reader, named)
    return named


def _name_row(reader: _Reader, number: int, row: Sequence[RawCell], previous: dict[str, RawCell]) -> ReportRow | None:
    period = None
    date_column = reader.mapping.column("date")
    if date_column is not None:
        cell = _filled_down(reader, "date", number, row, previous)
        period = periods.of_cell(cell, reader.written)
        if period is not None and not periods.has_year(cell):
            reader.table.repaired(REPAIR_YEAR, f"{cell_address(date_column.index, number)} {cells.show(cell)}")
        if period is None and cells.absent(cell) is None:
            reader.problem(date_column, number, cell, "看不懂日期，这一行没有导入")
            return None
        if period is None and reader.layout.grain == "shop" and isinstance(cell, str) and "暂无" in cell:
            reader.problem(date_column, number, cell, "这一天没有数据")
            return None
    shop_cell = _filled_down(reader, "shop", number, row, previous)
    shop = cells.read_text(shop_cell).value or ""
    if reader.layout.grain == "shop":
        return ReportRow(number, None, shop, "column" if shop else "", period)
    name = _agent_of(reader, number, row)
    if name is None:
        return None
    agent, prefix = name
    origin = "column" if shop else "prefix" if prefix else ""
    return ReportRow(number, agent, shop or prefix, origin, period, bool(prefix))


def _filled_down(
    reader: _Reader, name: str, number: int, row: Sequence[RawCell], previous: dict[str, RawCell]
) -> RawCell:
    """The cell of an entity; an empty one under a merged cell takes the value above (reports of agents only)."""
    column = reader.mapping.column(name)
    if column is None:
        return None
    cell = row[column.index]
    if (cell is None or cell == "") and reader.layout.grain == "agent" and name in previous:
        reader.table.repaired(REPAIR_DOWN, cell_address(column.index, number))
        reader.table.filled.setdefault(number, {})[name] = cells.show(previous[name], 500)
        return previous[name]
    if cell is not None and cell != "":
        previous[name] = cell
    return cell


def _agent_of(reader: _Reader, number: int, row: Sequence[RawCell]) -> tuple[AgentRef, str] | None:
    """(agent, shop prefix) of a row; None and a problem where nobody is named."""
    nick_column, account_column = reader.mapping.column("agent"), reader.mapping.column("account")
    nick = _name_text(row, nick_column)
    account = _name_text(row, account_column)
    column = nick_column if nick or account_column is None else account_column
    cell = nick or account
    if not cell:
        reader.problem(column, number, "", "没有客服名，这一行没有导入")
        return None
    name = parse_agent(cell)
    if not name.name:
        reader.problem(column, number, cell, "没有客服名，这一行没有导入")
        return None
    assert column is not None  # noqa: S101  (a name came from one of the two columns)
    _note_name_repairs(reader, cell, name, cell_address(column.index, number))
    team = _name_text(row, reader.mapping.column("team")) or None
    kind = "robot" if reader.known.is_robot(name.name) else "person"
    beside = parse_agent(account) if nick and account else None
    prefix = name.shop or (beside.shop if beside else "")
    other = account if nick and account and fold(account) != fold(nick) else None
    return AgentRef(name.name, other, team, kind), prefix


def _name_text(row: Sequence[RawCell], column: MappedColumn | None) -> str:
    if column is None:
        return ""
    cell = row[column.index]
    if isinstance(cell, str):
        text = cells.plain(cell).strip("'\t ")
        # As session rows read it, without characters nobody sees: the same name is the same person in both.
        return "" if cells.absent(text) is not None else str(cells.read_text(cell).value or "").strip("'\t ")
    value = cells.read_text(cell).value
    return str(value) if value is not None else ""


def _note_name_repairs(reader: _Reader, cell: str, name: AgentName, where: str) -> None:
    if cell.casefold().startswith("cntaobao"):
        reader.table.repaired(REPAIR_LONG_NICK, f"{where} {cells.show(cell)}")
    if "：" in cell:
        reader.table.repaired(REPAIR_COLON, f"{where} {cells.show(cell)}")
    if name.shop:
        reader.table.repaired(REPAIR_PREFIX, f"{where} {cells.show(cell)}")


def _mark_main_accounts(named: Sequence[ReportRow | None]) -> None:
    """An account called like the shop whose prefix the others carry is the shop's main account."""
    shops = {fold(row.shop) for row in named if row is not None and row.prefixed}
    for row in named:
        if row is not None and row.agent is not None and not row.prefixed and fold(row.agent.name) in shops:
            row.agent = replace(row.agent, kind="main")


def _tell_twins_apart(reader: _Reader, named: Sequence[ReportRow | None]) -> None:
    accounts: dict[tuple[str, str], set[str]] = {}
    for row in named:
        if row is not None and row.agent is not None and row.agent.account:
            accounts.setdefault((fold(row.shop), fold(row.agent.name)), set()).add(fold(row.agent.account))
    for row in named:
        if row is None or row.agent is None or not row.agent.account:
            continue
        if len(accounts[fold(row.shop), fold(row.agent.name)]) > 1:
            row.agent = replace(row.agent, name=f"{row.agent.name}({row.agent.account})")
            reader.table.repaired(REPAIR_SAME_NICK, f"第 {row.row} 行 {row.agent.name}")


# ---------------------------------------------------------------- the numbers


@dataclass(frozen=True, slots=True)
class _Column:
    mapped: MappedColumn
    info: FieldInfo
    read: ColumnValues
    raw: list[RawCell]


def _read_columns(
    reader: _Reader, data: Sequence[tuple[int, Sequence[RawCell]]], peers: Sequence[tuple[int, Sequence[RawCell], Any]]
) -> list[_Column]:
    """Each measure's column over data rows, then peer rows: they are written alike."""
    found = []
    for mapped in reader.mapping.columns:
        info = reader.layout.fields[mapped.field]
        if info.is_measure:
            raw = [row[mapped.index] for _, row in data] + [row[mapped.index] for _, row, _ in peers]
            found.append(_Column(mapped, info, read_column(info.kind, raw, mapped.unit, low=info.low), raw))
    by_measure = {column.mapped.measure: column.read.values[: len(data)] for column in found}
    for position, column in enumerate(found):
        if column.info.kind != "rate" or column.mapped.unit in SAID_RATES:
            continue
        percent = percent_by_counts(column.mapped.measure, column.raw[: len(data)], by_measure)
        if percent is not None:
            read = read_column("rate", column.raw, "", low=column.info.low, percent=percent)
            found[position] = _Column(column.mapped, column.info, read, column.raw)
    return found


def _fill(reader: _Reader, named: Sequence[ReportRow | None], columns: Sequence[_Column], height: int) -> None:
    """Put the values into the rows; problems and repairs get the addresses of their cells."""
    blank = [True] * height
    for column in columns:
        measure = column.mapped.measure
        for position in range(height):
            row = named[position]
            value = column.read.values[position]
            if row is not None and value is not None:
                row.values[measure] = float(value)
        for position in column.read.delayed:
            if position < height and (row := named[position]) is not None:
                row.delayed.add(measure)
        for position, reason in column.read.problems:
            if position < height and (row := named[position]) is not None:
                blank[position] = False
                reader.problem(column.mapped, row.row, column.raw[position], f"{reason}，这一格没有导入")
        for kind, (count, first) in column.read.repairs.items():
            if first < height and (row := named[first]) is not None:
                example = f"{cell_address(column.mapped.index, row.row)} {cells.show(column.raw[first])}"
                reader.table.repaired(kind, example, count)
    _settle_empty(reader, named, blank)


def _settle_empty(reader: _Reader, named: Sequence[ReportRow | None], blank: Sequence[bool]) -> None:
    """Rows without one number: an idle agent is listed; a row of unreadable cells, or a day without figures, is not."""
    for position, row in enumerate(named):
        if row is None or row.values or row.delayed:
            continue
        if blank[position]:
            row.values[LISTED] = 0.0
            continue
        reader.problem(None, row.row, "", "这一行没有一个读得出的数字，没有导入")
        reader.table.counts.rejected += 1
        row.row = -1


def _fill_peers(
    reader: _Reader, peers: Sequence[tuple[int, Sequence[RawCell], RowLabel]], columns: Sequence[_Column], offset: int
) -> None:
    date_column = reader.mapping.column("date")
    for position, (number, row, label) in enumerate(peers):
        period = periods.of_cell(row[date_column.index]) if date_column else None
        values = {
            column.mapped.measure: float(column.read.values[offset + position])
            for column in columns
            if column.read.values[offset + position] is not None
        }
        reader.table.peers.append(PeerRow(number, label.role, period, values))


def _drop_twins(reader: _Reader, rows: Sequence[ReportRow]) -> list[ReportRow]:
    """One row for each shop, agent and period: the later one; equal twins are duplicates without a word."""
    kept: dict[tuple[str, str, Period | None], ReportRow] = {}
    for row in rows:
        if row.row < 0:
            continue
        key = (fold(row.shop), fold(row.agent.name) if row.agent else "", row.period)
        twin = kept.pop(key, None)
        kept[key] = row
        if twin is None:
            continue
        reader.table.counts.duplicate += 1
        if (twin.values, twin.delayed) != (row.values, row.delayed):
            who = row.agent.name if row.agent else str(row.period or "")
            column = reader.mapping.column("agent") or reader.mapping.column("account") or reader.mapping.column("date")
            reason = f"与第 {row.row} 行重复而数字不同，按第 {row.row} 行"
            reader.problem(column, twin.row, who, reason, fault=False)
    return list(kept.values())


# ---------------------------------------------------------------- sums and the preview


def _sum_checks(
    reader: _Reader,
    data: Sequence[tuple[int, Sequence[RawCell]]],
    summaries: Sequence[tuple[int, Sequence[RawCell], RowLabel]],
    columns: Sequence[_Column],
) -> None:
    for column in columns:
        if column.info.kind not in ("count", "money") or not column.info.sums:
            continue
        checked = check_sums(
            column.info.kind,
            column.mapped,
            [number for number, _ in data],
            column.read,
            [(number, row[column.mapped.index], label) for number, row, label in summaries],
        )
        reader.table.sum_checks.extend(checked.agreed)
        header = column.mapped.header
        reader.table.sums.extend(SumOutcome(header, "", sentence, agrees=True) for sentence in checked.agreed)
        for number, value, reason in checked.disagreed:
            reader.problem(column.mapped, number, value, reason, fault=False)
            where = cell_address(column.mapped.index, number)
            reader.table.sums.append(SumOutcome(header, where, f"{header}：{reason}。", agrees=False))
        if checked.note:
            column.read.how = f"{column.read.how}；{checked.note}"
    reader.table.readings = [_reading(column) for column in columns]


def _reading(column: _Column) -> ColumnReading:
    title = column.info.title
    if column.mapped.group:
        title = {"invited": "邀请", "self": "自主"}[column.mapped.group] + "-" + title
    sample = next((cells.show(cell) for cell in column.raw if cells.absent(cell) is None), "")
    note, tone = column.read.how, ""
    if column.read.delayed:
        sample, note, tone = sample or "延迟统计", "未定，过几天再导一次", "warn"
    elif column.read.problems:
        note, tone = f"{note}；{len(column.read.problems)} 格读不出", "warn"
    elif "一致" in note:
        tone = "good"
    return ColumnReading(column.mapped.header, column.mapped.measure, title, sample, note, tone)


_ENTITY_NOTES = {
    "agent": "客服的名字",
    "account": "账号，和昵称放在一起",
    "date": "业务日期",
    "shop": "店铺",
    "team": "分组",
}


def _finish_readings(reader: _Reader, rows: Sequence[tuple[int, Sequence[RawCell]]]) -> None:
    """All columns in the order of the file, entities and unknown ones included."""
    by_index = {
        column.index: reading
        for column, reading in zip(
            (c for c in reader.mapping.columns if reader.layout.fields[c.field].is_measure),
            reader.table.readings,
            strict=True,
        )
    }
    for column in reader.mapping.columns:
        if column.index not in by_index:
            info = reader.layout.fields[column.field]
            sample = _sample(rows, column.index)
            by_index[column.index] = ColumnReading(
                column.header, column.field, info.title, sample, _ENTITY_NOTES.get(column.field, "不导入")
            )
    for other in reader.mapping.unmatched:
        sample = _sample(rows, other.index)
        if other.header or sample:
            by_index[other.index] = ColumnReading(other.header, None, "", sample, other.note)
    reader.table.readings = [by_index[index] for index in sorted(by_index)]


def _sample(rows: Sequence[tuple[int, Sequence[RawCell]]], index: int) -> str:
    return next((cells.show(row[index]) for _, row in rows if cells.absent(row[index]) is None), "")
