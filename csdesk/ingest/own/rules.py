"""What a mapping by hand must have and must not do, said in Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

from csdesk.ingest import cells
from csdesk.ingest.headers import squeeze
from csdesk.ingest.layouts import Catalogue
from csdesk.ingest.model import RawCell
from csdesk.ingest.own.mapping import OwnColumn, OwnMapping
from csdesk.ingest.own.targets import UNITS, TargetField, fields_of, needs_of, target_of
from csdesk.safety.personal import is_cipher, is_personal

_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]")
_TESTED = 40
_SHOWN = 24
LONGEST_NAME = 60
MOST_COLUMNS = 2000


def private_reason(header: str, samples: Sequence[RawCell], known: Catalogue) -> str:
    """Why a column may not be kept (Chinese), "" if it may: its name, or what stands in it, is about a person."""
    if is_personal(header) or squeeze(header) in known.record_words.private:
        return "个人信息，不保存，所以不能对"
    texts = ["".join(cells.show(cell).split()).replace("-", "") for cell in samples[:_TESTED] if cell is not None]
    texts = [text.removesuffix(".0") for text in texts if text]
    for pattern, what in ((_PHONE, "手机号"), (_MAIL, "邮箱"), (_IDENTITY, "身份证号")):
        if sum(bool(pattern.fullmatch(text)) for text in texts) * 2 > len(texts):
            return f"里面是{what}，不保存，所以不能对"
    if texts and sum(map(is_cipher, texts)) * 2 > len(texts):
        return "里面是平台加密的内容，不保存，所以不能对"
    return ""


def is_coarse_place(header: str, field_kind: str) -> bool:
    """Addresses are the one personal thing that may be mapped: of them only province and city are kept."""
    return field_kind == "address" and "地址" in header


def faults(mapping: OwnMapping, known: Catalogue) -> list[str]:
    """Everything that keeps the mapping from being saved, each a sentence; empty when it is right."""
    chosen = target_of(mapping.kind, mapping.grain)
    if chosen is None:
        return ["不认识这一种表，请重新选择“这是什么表”。"]
    fields = {field.key: field for field in fields_of(chosen, known)}
    found = [] if mapping.name.strip() else ["请给这个列映射起个名字。"]
    if len(mapping.name) > LONGEST_NAME or len(mapping.shop) > LONGEST_NAME:
        found.append(f"名字太长，请写在 {LONGEST_NAME} 个字以内。")
    if len(mapping.headers) > MOST_COLUMNS:
        found.append(f"这张表有 {len(mapping.headers)} 列，太多了，请先删掉用不到的列。")
    found += _missing(mapping, fields, needs_of(chosen, known))
    found += _twice(mapping, fields)
    for column in mapping.columns:
        fault = _column_fault(column, mapping, fields.get(column.key), known)
        found += [fault] if fault else []
    if mapping.shop and mapping.column("shop") is not None:
        found.append("表里已有店铺一列，就不用再固定一家店铺。")
    return found


def _column_fault(column: OwnColumn, mapping: OwnMapping, field: TargetField | None, known: Catalogue) -> str:
    shown = _shown(column)
    if field is None:
        return f"“{shown}”对到的项目这里没有，请重新选择。"
    if not 0 <= column.at < len(mapping.headers):
        return f"“{shown}”的位置不对，请重新对一次。"
    if column.unit and column.unit not in UNITS.get(field.kind, ()):
        return f"“{shown}”的单位“{column.unit}”用不上，请重新选择。"
    reason = private_reason(column.header, (), known)
    if reason and not is_coarse_place(column.header, field.kind):
        return f"“{shown}”是{reason}。"
    return ""


def _twice(mapping: OwnMapping, fields: dict[str, TargetField]) -> list[str]:
    found = []
    taken: dict[str, str] = {}
    places: set[int] = set()
    for column in mapping.columns:
        shown = _shown(column)
        if column.key in taken and column.key in fields:
            title = fields[column.key].title
            found.append(f"“{title}”对了两列：“{taken[column.key]}”和“{shown}”。请只留一列。")
        if column.at in places:
            found.append(f"“{shown}”对了两次，请重新对一次。")
        taken.setdefault(column.key, shown)
        places.add(column.at)
    return found


def _shown(column: OwnColumn) -> str:
    return column.header if len(column.header) <= _SHOWN else column.header[:_SHOWN] + "…"


def _missing(mapping: OwnMapping, fields: dict[str, TargetField], needs: Sequence[Sequence[str]]) -> list[str]:
    mapped = {column.key for column in mapping.columns}
    found = []
    for group in needs:
        if not mapped & set(group):
            names = "或".join(f"“{fields[name].title}”" for name in group if name in fields)
            found.append(f"还没有对上{names}。")
    if mapping.kind == "report" and not any(key in fields and fields[key].is_measure for key in mapped):
        found.append("还没有对上一个数字，例如“接待人数”。")
    return found
