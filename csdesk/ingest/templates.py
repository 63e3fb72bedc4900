"""Tables of our own making: the blank workbooks to fill, and the mark that our exports carry."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from csdesk.errors import UserFault
from csdesk.ingest.layouts import Layout, TemplateColumn, catalogue

OWN_SHEET = "说明"
OWN_EXPORT_MARK = "本文件由 CSDesk 网店客服数据台导出"
"""Cell A1 of the sheet 说明 in a workbook the program exported starts so; such a workbook is not imported."""
TEMPLATE_MARK = "模板：怎么填"
"""Cell A1 of the sheet 说明 in a blank template ends so, after the template's name."""

_TEXT_KINDS = frozenset({"id", "text", "masked", "buyer", "word"})
_EXAMPLES = {
    "session_key": "S20260301-0001",
    "shop": "云间小铺旗舰店",
    "agent": "小美",
    "buyer": "tb1234567",
    "started_at": "2026-03-01 09:30:00",
    "ended_at": "2026-03-01 09:38:20",
    "first_response": "12",
    "avg_response": "28.5",
    "messages": "14",
    "buyer_messages": "6",
    "transferred": "否",
    "category": "物流",
    "resolved": "是",
    "invited": "是",
    "rated": "是",
    "rating": "5",
    "comment": "很耐心",
    "order_id": "6917926768823643751",
    "paid_fen": "89.00",
    "channel": "商品详情",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A blank workbook that can be saved: ``id`` is its layout's, ``required`` the titles that must be filled."""

    id: str
    name: str
    required: tuple[str, ...]
    columns: tuple[TemplateColumn, ...]


def templates() -> list[Template]:
    """Every blank workbook there is: 会话明细 first, the others in the order of their layouts."""
    found = [_template(layout) for layout in catalogue().layouts if layout.template]
    return sorted(found, key=lambda one: one.id != "sessions")


def _template(layout: Layout) -> Template:
    required = tuple(column.title for column in layout.template if column.field in layout.required)
    return Template(layout.id, layout.name, required, layout.template)


def write_session_template(path: Path) -> None:
    """Write the blank 会话明细 workbook, see :func:`write_template`."""
    write_template(path)


def write_template(path: Path, template_id: str = "sessions") -> None:
    """Write a blank workbook: the header, and a sheet that explains each column. Replaces the file at once.

    Raises UserFault when there is no such template or it cannot be written there.
    """
    layout = catalogue().layout(template_id)
    if layout is None or not layout.template:
        names = "、".join(f"{one.id}（{one.name}）" for one in templates())
        raise UserFault(f"没有叫“{template_id}”的模板。", f"可以存的有：{names}。")
    draft = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.xlsx")
    try:
        _fill(layout, draft)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise UserFault(
            f"模板存不到 {path}（{error.strerror or '写入出错'}）。", "请换一个文件夹，或先关闭已打开的同名文件。"
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _fill(layout: Layout, path: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  (slow to import, needed here only)
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = layout.name
    for number, column in enumerate(layout.template, start=1):
        cell = sheet.cell(1, number, column.title)
        required = column.field in layout.required
        cell.font = Font(bold=True, color="FFFFFF" if required else "1D2129")
        cell.fill = PatternFill("solid", start_color="3566E8" if required else "EAF0FF")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(12, 2 * len(column.title) + 4)
        if column.kind in _TEXT_KINDS:
            sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(OWN_SHEET)
    notes.append([layout.name + TEMPLATE_MARK])
    notes.append(["一行填一条。蓝底的列必填，其余列可以删掉或换顺序；填好存盘，拖进窗口即可。"])
    notes.append([])
    notes.append(["列", "怎么填", "例子"])
    for column in layout.template:
        notes.append([column.title, column.hint, column.example or _EXAMPLES.get(column.field, "")])
    notes["A1"].font = Font(bold=True, size=14)
    for letter, width in (("A", 20), ("B", 56), ("C", 26)):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows(min_row=5):
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    book.save(path)
