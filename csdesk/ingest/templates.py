"""Tables of our own making: the blank workbooks to fill, and the mark that our exports carry."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.errors import UserFault
from csdesk.ingest.layouts import Layout, TemplateColumn, catalogue

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

OWN_SHEET = "说明"
OWN_EXPORT_MARK = "本文件由 CSDesk 网店客服数据台导出"
"""Cell A1 of the sheet 说明 in a workbook the program exported starts so; such a workbook is not imported."""
TEMPLATE_MARK = "模板：怎么填"
"""Cell A1 of the sheet 说明 in a blank template ends so, after the template's name."""

_TEXT_KINDS = frozenset({"id", "text", "masked", "buyer", "word"})
_AUTHOR = "CSDesk"
_LAST_ROW = 5000
_CHOICES: dict[str, tuple[str, ...]] = {
    "boolean": ("是", "否"),
    "rating": ("5", "4", "3", "2", "1"),
    "grade": ("5", "4", "3", "2", "1"),
    "nps": tuple(str(score) for score in range(10, -1, -1)),
    "status": ("待处理", "处理中", "已完结"),
}
"""What can be chosen in the cells of a column, by its field or kind."""
_WIDTHS = {"id": 24, "instant": 21, "masked": 32, "buyer": 16, "text": 16, "money": 12}
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

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = layout.name
    for number, column in enumerate(layout.template, start=1):
        _fill_column(sheet, number, column, required=column.field in layout.required)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 24
    _fill_notes(book.create_sheet(OWN_SHEET), layout)
    book.save(path)


def _fill_column(sheet: Worksheet, number: int, column: TemplateColumn, *, required: bool) -> None:
    """The header with its explanation, and what the cells below may hold."""
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    cell = sheet.cell(1, number, column.title)
    cell.font = Font(bold=True, color="FFFFFF" if required else "1D2129")
    cell.fill = PatternFill("solid", start_color="3566E8" if required else "EAF0FF")
    cell.alignment = Alignment(vertical="center")
    cell.border = Border(right=Side("thin", color="FFFFFF"))
    example = _example(column)
    words = [*(["必填" if "必填" not in column.hint else ""] if required else []), column.hint]
    text = "\n".join([part for part in words if part] + ([f"例如：{example}"] if example else []))
    cell.comment = Comment(text, _AUTHOR, height=24 + 18 * (text.count("\n") + 1 + len(text) // 18), width=240)
    letter = get_column_letter(number)
    shape = sheet.column_dimensions[letter]
    shape.width = max(_WIDTHS.get(column.kind, 12), 2 * len(column.title) + 4)
    if column.kind in _TEXT_KINDS:
        shape.number_format = "@"
    elif column.kind == "instant":
        shape.number_format = "yyyy-mm-dd hh:mm:ss"
    choices = _CHOICES.get(column.field) or _CHOICES.get(column.kind)
    if choices:
        _offer(sheet, f"{letter}2:{letter}{_LAST_ROW}", choices)


def _offer(sheet: Worksheet, cells: str, choices: Sequence[str]) -> None:
    """A list to choose from. Other words may be written too: they are read as far as they can be."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(rule)
    rule.add(cells)


def _fill_notes(notes: Worksheet, layout: Layout) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    notes.append([layout.name + TEMPLATE_MARK])
    notes.append(["一行填一条。蓝底的列必填，其余列可以删掉或换顺序；填好存盘，拖进窗口即可。"])
    notes.append([])
    notes.append(["列", "怎么填", "例子"])
    for cell in notes[4]:
        cell.font = Font(bold=True)
    for column in layout.template:
        notes.append([column.title, column.hint, _example(column)])
    notes["A1"].font = Font(bold=True, size=14)
    for letter, width in (("A", 20), ("B", 56), ("C", 26)):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows(min_row=5):
        row[1].alignment = Alignment(wrap_text=True, vertical="top")


def _example(column: TemplateColumn) -> str:
    return column.example or _EXAMPLES.get(column.field, "")
