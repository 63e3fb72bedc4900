"""The plan of a chat, copied as text or collected into a table: one row a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from csdesk.domain.identity import fold, parse_agent
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest import cells
from csdesk.ingest.chat import Message, read_chat
from csdesk.ingest.chat_tables import ChatTable
from csdesk.ingest.chatlines import looks_like_chat
from csdesk.ingest.correction_marks import moment
from csdesk.ingest.detect import LayoutMatch
from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.layouts import Layout, catalogue
from csdesk.ingest.model import (
    ColumnReading,
    Need,
    Plan,
    Problem,
    RawCell,
    RawChunk,
    RecordChunk,
    RejectedRow,
    RowCounts,
    Status,
)
from csdesk.ingest.record_plan import Planner, SheetStream, instant_of, record_readings, settle_period
from csdesk.ingest.records import RecordContext, RecordShaper
from csdesk.ingest.rejected import MAX_REJECTED
from csdesk.ingest.settle import Evidence, shops_text
from csdesk.ingest.sheets import whole_sheet
from csdesk.ingest.spool import Spool
from csdesk.ingest.world import claim_of
from csdesk.safety.masking import mask_nick, mask_text

LAYOUT = "qianniu_chat"
_BLOCK = 4096
_NO_DAY = "聊天里只有几点几分，没有日期，文件名里也没有。这些聊天是哪一天的？"


def is_chat(chunk: RawChunk) -> bool:
    """Whether a sheet of one filled column is a copied chat."""
    filled = [column for column in chunk.columns if any(cell is not None and cell != "" for cell in column)]
    return len(filled) == 1 and looks_like_chat([cell for cell in filled[0] if isinstance(cell, str)])


def plan_chat(planner: Planner, first: RawChunk, stream: Iterator[RawChunk]) -> tuple[list[Plan], RawChunk | None]:
    """(the plan of this sheet, the next sheet's first chunk)."""
    layout = catalogue().by_id[LAYOUT]
    plan = planner.new_plan(LayoutMatch(layout, ColumnMapping([], []), 0, ("一行行的聊天记录",)), first.sheet)
    sheet = SheetStream(first, stream)
    lines: list[tuple[int, str]] = []
    for chunk in sheet:
        for number, row in chunk.rows():
            lines += [(number, cell) for cell in row if isinstance(cell, str) and cell][:1]
    messages = read_chat(lines)
    plan.columns = _readings(messages[0].buyer if messages else "", messages[0].text if messages else "")
    _stage(planner, plan, layout, messages, 0)
    return [plan], sheet.following


def is_chat_table(match: LayoutMatch) -> bool:
    """Whether a recognised table is a chat with senders, or with whole chats in its cells."""
    return match.layout.records == "message" and bool(match.mapping.fields() & {"sender", "transcript"})


def plan_chat_tables(
    planner: Planner, first: RawChunk, match: LayoutMatch, stream: Iterator[RawChunk]
) -> tuple[list[Plan], RawChunk | None]:
    """(the one plan of this and all following sheets of the same kind, the first chunk of the next sheet)."""
    layout = match.layout
    plan = planner.new_plan(match, first.sheet)
    plan.columns = [_hidden(reading) for reading in record_readings(match, first)]
    table = ChatTable()
    following: RawChunk | None = first
    found: LayoutMatch | None = match
    while following is not None and found is not None and found.layout is layout:
        sheet, mapping = following.sheet, found.mapping
        rows, following = whole_sheet(following, stream, wanted=True)
        table.add([row for row in rows if row[0] >= mapping.data_row], mapping, sheet)
        found = planner.recognise_sheet(following) if following is not None else None
    plan.sheet = plan.sheet if plan.sheet == plan.file.stem else ""
    day = None
    if table.undated:
        settle_period(planner, plan, _NO_DAY)
        day = plan.period.first if plan.period is not None and plan.period.first == plan.period.last else None
        if plan.period is not None and day is None:
            plan.needs.append(Need("period", _NO_DAY))
    messages = table.messages(day) if not plan.needs else []
    _stage(planner, plan, layout, messages, table.unreadable)
    return [plan], following


def _hidden(reading: ColumnReading) -> ColumnReading:
    """The preview of a column where buyers speak or are named, giving no name away."""
    if reading.field == "sender":
        return replace(reading, sample=mask_nick(reading.sample) if reading.sample else "")
    return replace(reading, sample="***") if reading.field == "transcript" and reading.sample else reading


def _stage(planner: Planner, plan: Plan, layout: Layout, messages: Sequence[Message], unreadable: int) -> None:
    """Rows for the store out of messages; what nobody can be told to have said is only counted.

    What nobody answered has no agent: it counts among what was asked.
    """
    evidence = Evidence(planner.name)
    people = {message.agent: parse_agent(message.agent) for message in messages if message.agent}
    evidence.prefixes.update(who.shop for who in people.values() if who.shop)
    evidence.agents = frozenset(fold(who.name) for who in people.values())
    settled = planner.settle_plan(plan, layout, evidence)
    if plan.needs:
        plan.status = Status.NEEDS_INPUT
        plan.message = " ".join(need.question for need in plan.needs)
        return
    usable = [message for message in messages if message.certain]
    lost = len(messages) - len(usable) + unreadable
    plan.rows = RowCounts(len(usable) + lost, rejected=lost)
    doubtful = [message for message in messages if not message.certain][:MAX_REJECTED]
    plan.staged.rejected = [_rejected(plan.sheet, message) for message in doubtful]
    if unreadable:
        reason = f"{unreadable} 条消息看不出是谁或什么时候说的，没有导入"
        plan.problems.append(Problem(plan.sheet, "", "", "", reason))
        plan.problem_count += 1
    if not usable:
        plan.status = Status.SKIPPED
        plan.message = "这段聊天里没有看出哪一方是客服（如 某某旗舰店:小美），没有导入。"
        return
    plan.claim = claim_of(plan, "" if plan.sheet == plan.file.stem else plan.sheet)
    shaper = RecordShaper(layout, RecordContext(planner.keys, settled.shop))
    spool: Spool[RecordChunk] = Spool()
    for start in range(0, len(usable), _BLOCK):
        part = usable[start : start + _BLOCK]
        chunk_out = shaper.chunk(
            [message.row for message in part],
            {
                "agent": [message.agent for message in part],
                "buyer": [planner.keys.of(message.buyer) if message.buyer else None for message in part],
                "sent_at": [message.sent_at for message in part],
                "from_buyer": [int(message.from_buyer) for message in part],
                "text": [mask_text(message.text) for message in part],
            },
        )
        chunk_out.columns["shop"] = [settled.of_row(shop) for shop in chunk_out.columns["shop"]]
        spool.add(chunk_out)
    plan.staged.record_rows = layout.records
    plan.staged.records = {layout.records: spool}
    plan.staged.agents.update(shaper.agents)
    if shaper.days is not None:
        plan.period = Period(*map(from_epoch_day, shaper.days))
        plan.period_from = plan.period_from or "content"
    if plan.exported_at is None and shaper.newest is not None:
        plan.exported_at = instant_of(shaper.newest)
    plan.shop = shops_text(sorted({settled.of_row(shop) for shop in shaper.shops}))


SPEAKER, TIME, TEXT = "说话的人", "时间", "消息"
"""The columns of messages to correct."""


def _rejected(sheet: str, message: Message) -> RejectedRow:
    when = moment(message.sent_at)
    told = {SPEAKER: mask_nick(message.buyer), TIME: f"{when:%Y-%m-%d %H:%M:%S}", TEXT: mask_text(message.text)}
    reason = "看不出哪一方是客服；请把客服的那几条写成“店铺名、冒号、客服名”"
    return RejectedRow(sheet, message.row, SPEAKER, reason, told)


def as_lines(chunks: Iterator[RawChunk]) -> Iterator[RawChunk]:
    """Corrected messages, a row each, as the lines of a chat again."""
    columns: dict[str, int] = {}
    for chunk in chunks:
        lines: list[RawCell] = []
        for _, row in chunk.rows():
            words = ["" if cell is None else str(cell).strip() for cell in row]
            if not columns and SPEAKER in words and TIME in words:
                columns = {word: index for index, word in enumerate(words) if word}
            elif columns and words[columns[SPEAKER]]:
                lines.append(f"{words[columns[SPEAKER]]} {words[columns[TIME]]}")
                lines.append(words[columns[TEXT]] if TEXT in columns else "")
        yield RawChunk(chunk.sheet, chunk.sheet_index, chunk.first_row, [lines])


def _readings(buyer: str, text: str) -> list[ColumnReading]:
    shown = mask_nick(buyer) if buyer else ""
    return [
        ColumnReading("昵称", "buyer", "买家", shown, "只存加密标识，不存原名"),
        ColumnReading("消息", "text", "消息内容", mask_text(cells.show(text)), "文字，手机号等打码"),
    ]
