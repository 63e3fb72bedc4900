"""A mapping as TOML, in the format of ``resources/layouts``, and back."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.own.mapping import OwnColumn, OwnMapping
from csdesk.ingest.own.rules import MOST_COLUMNS

FORMAT = 1
_HEAD = "# 自己对的列：哪一列是什么。可以发给同事，在“导入与数据”的“列映射”里导入。\n"
_DAMAGED = "请让给您文件的人重新导出一份。"
_LONGEST = 500
_GROUPS = ("", "invited", "self")


def to_toml(mapping: OwnMapping, required: tuple[str, ...] = ()) -> str:
    """The text of its file. ``required`` are the fields a table must have (for readers of the file)."""
    lines = [
        _HEAD + f"format = {FORMAT}",
        "own = true",
        f"id = {_text(mapping.id)}",
        f"name = {_text(mapping.name)}",
        f"kind = {_text(mapping.kind)}",
        f"source = {_text(mapping.source)}",
        f"grain = {_text(mapping.grain)}",
    ]
    if mapping.platform is not None:
        lines.append(f"platform = {_text(str(mapping.platform))}")
    if mapping.shop:
        lines.append(f"shop = {_text(mapping.shop)}")
    lines += ["heads = true"] if mapping.heads else []
    lines += [
        f"required = [{', '.join(map(_text, required))}]",
        f"fingerprint = {_text(mapping.fingerprint)}",
        f"header_rows = {mapping.header_rows}",
        "headers = [",
        *(f"  {_text(header)}," for header in mapping.headers),
        "]",
        f"mapped = {len(mapping.columns)}  # a file cut short is noticed",
    ]
    for column in mapping.columns:
        lines += ["", "[[columns]]", f"at = {column.at + 1}", f"title = {_text(column.header)}"]
        lines += [f"field = {_text(column.field)}"]
        lines += [f"group = {_text(column.group)}"] if column.group else []
        lines += [f"unit = {_text(column.unit)}"] if column.unit else []
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A TOML basic string: what JSON writes, but DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def from_toml(content: bytes) -> OwnMapping:
    """The mapping in a file; raises UserFault for what is none, or damaged, or of a newer program."""
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise UserFault("这个文件坏了，或者不是列映射。", _DAMAGED) from None
    if table.get("own") is not True:
        raise UserFault("这个文件里没有列映射。", "请选从“列映射”里导出的文件。")
    if not isinstance(table.get("format"), int) or table["format"] > FORMAT:
        raise UserFault("这份列映射是更新的版本存的，这里读不懂。", "请先更新程序，再导入它。")
    try:
        return _mapping(table)
    except (KeyError, TypeError, ValueError):
        raise UserFault("这份列映射不完整，不能用。", _DAMAGED) from None


def _mapping(table: dict[str, Any]) -> OwnMapping:
    headers = tuple(_string(header) for header in _list(table["headers"]))
    columns = tuple(_column(column, headers) for column in _list(table["columns"]))
    if table["mapped"] != len(columns):
        raise ValueError(table["mapped"])
    rows = table["header_rows"]
    if type(rows) is not int or not 0 <= rows <= 9:
        raise ValueError(rows)
    platform = Platform(table["platform"]) if "platform" in table else None
    name, kind, source, grain = (_string(table[key]) for key in ("name", "kind", "source", "grain"))
    return OwnMapping(
        id=_string(table["id"]),
        name=name,
        kind=kind,
        source=source,
        grain=grain,
        headers=headers,
        columns=columns,
        header_rows=rows,
        platform=platform,
        shop=_string(table.get("shop", "")),
        heads=table.get("heads") is True,
    )


def _column(column: Any, headers: tuple[str, ...]) -> OwnColumn:
    at = column["at"]
    if type(at) is not int or not 1 <= at <= len(headers):
        raise ValueError(at)
    group = _string(column.get("group", ""))
    if group not in _GROUPS or _string(column["title"]) != headers[at - 1]:
        raise ValueError(group)
    return OwnColumn(at - 1, headers[at - 1], _string(column["field"]), _string(column.get("unit", "")), group)


def _string(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise TypeError(value)
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_COLUMNS:
        raise TypeError(value)
    return value
