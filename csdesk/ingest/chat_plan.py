"""The plan of a copied chat: one row a message."""

from __future__ import annotations

from collections.abc import Iterator

from csdesk.domain.identity import fold, parse_agent
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest import cells
from csdesk.ingest.chat import Message, read_chat
from csdesk.ingest.chatlines import looks_like_chat
from csdesk.ingest.correction_marks import moment
from csdesk.ingest.detect import LayoutMatch
from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.model import ColumnReading, Plan, RawCell, RawChunk, RecordChunk, RejectedRow, RowCounts, Status
from csdesk.ingest.record_plan import Planner, SheetStream, instant_of
from csdesk.ingest.records import RecordContext, RecordShaper
from csdesk.ingest.rejected import MAX_REJECTED
from csdesk.ingest.settle import Evidence, shops_text
from csdesk.ingest.spool import Spool
from csdesk.ingest.world import claim_of
from csdesk.safety.masking import mask_nick, mask_text

LAYOUT = "qianniu_chat"
_BLOCK = 4096


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
    evidence = Evidence(planner.name)
    people = {message.agent: parse_agent(message.agent) for message in messages if message.agent}
    evidence.prefixes.update(who.shop for who in people.values() if who.shop)
    evidence.agents = frozenset(fold(who.name) for who in people.values())
    settled = planner.settle_plan(plan, layout, evidence)
    plan.columns = _readings(messages[0].buyer if messages else "", messages[0].text if messages else "")
    if plan.needs:
        plan.status = Status.NEEDS_INPUT
        plan.message = " ".join(need.question for need in plan.needs)
        return [plan], sheet.following
    usable = [message for message in messages if message.agent]
    plan.rows = RowCounts(len(messages), rejected=len(messages) - len(usable))
    plan.staged.rejected = [_rejected(first.sheet, message) for message in messages if not message.agent][:MAX_REJECTED]
    if not usable:
        plan.status = Status.SKIPPED
        plan.message = "这段聊天里没有看出哪一方是客服（如 某某旗舰店:小美），没有导入。"
        return [plan], sheet.following
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
        plan.period, plan.period_from = Period(*map(from_epoch_day, shaper.days)), "content"
    if plan.exported_at is None and shaper.newest is not None:
        plan.exported_at = instant_of(shaper.newest)
    plan.shop = shops_text(sorted({settled.of_row(shop) for shop in shaper.shops}))
    return [plan], sheet.following


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
