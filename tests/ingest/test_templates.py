"""Our blank workbooks: what they offer, and that what an owner fills in comes back as an independent reading says."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from csdesk.ingest.entry.items import DEFAULT_ITEMS
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.load import StoreWorld, load
from csdesk.ingest.model import Given, Status
from csdesk.ingest.plan import plan_file
from csdesk.ingest.templates import Template, templates, write_template
from csdesk.safety.buyers import BuyerKeys
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS

EPOCH = datetime(1970, 1, 1)
TEMPLATES = {one.id: one for one in templates()}
KIND = {"sessions": "session", "reviews": "review", "satisfaction_survey": "survey_answer", "tickets": "ticket",
        "invitations": "invitation", "quality_checks": "quality_check"}  # fmt: skip
Said = tuple[Any, Any]
"""(what is written into the cell, what must be in the store)"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened


# ---------------------------------------------------------------- how owners write things


def _moment(dice: random.Random) -> Said:
    when = datetime(2026, 3, 1) + timedelta(minutes=dice.randrange(40_000))
    written = dice.choice(
        [when, f"{when:%Y-%m-%d %H:%M:%S}", f"{when:%Y/%m/%d %H:%M}",
         f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"]
    )  # fmt: skip
    return written, int((when - EPOCH).total_seconds())


def _yes(dice: random.Random) -> Said:
    return dice.choice(
        [("是", 1), ("否", 0), (1, 1), (0, 0), ("1", 1), ("Y", 1), ("n", 0), ("已", 1), ("未", 0), ("√", 1)]
    )


def _rating(dice: random.Random) -> Said:
    score = dice.randint(1, 5)
    words = ["非常不满意", "不满意", "一般", "满意", "非常满意"]
    return dice.choice([score, str(score), f"{score}星", words[score - 1], float(score)]), score


def _nps(dice: random.Random) -> Said:
    score = dice.randint(0, 10)
    return dice.choice([score, str(score), f"{score}分"]), score


def _id(dice: random.Random) -> Said:
    long = str(dice.randrange(10**18, 10**19))
    return dice.choice([(long, long), (f"\t{long}", long), (f"'{long}", long)])


def _key(dice: random.Random) -> Said:
    number = str(dice.randrange(10**6, 10**7))
    return dice.choice([(f"S{number}", f"S{number}"), (int(number), number), (number, number)])


def _seconds(dice: random.Random) -> Said:
    seconds = dice.randint(61, 900)
    clock = f"{seconds // 60}分{seconds % 60}秒"
    return dice.choice([(seconds, float(seconds)), (str(seconds), float(seconds)), (clock, float(seconds))])


def _count(dice: random.Random) -> Said:
    number = dice.randint(1, 60)
    return dice.choice([number, str(number), float(number)]), number


def _money(dice: random.Random) -> Said:
    fen = dice.randrange(1, 500_000)
    yuan = f"{fen / 100:.2f}"
    return dice.choice([yuan, f"¥{yuan}", f"{yuan}元", f"{fen / 100:,.2f}"]), fen


def _points(full: float) -> Callable[[random.Random], Said]:
    def made(dice: random.Random) -> Said:
        points = dice.randrange(int(full * 2) + 1) / 2
        return dice.choice([points, f"{points:g}", f"{points:g}分"]), points

    return made


def _words(*choices: str) -> Callable[[random.Random], Said]:
    return lambda dice: dice.choice([("", None), *((word, word) for word in choices)])


AGENTS = [("小美", "小美"), ("云间小铺旗舰店:阿强", "阿强"), ("cntaobao云间小铺旗舰店：小鱼", "小鱼")]
STATES = [("已完结", "已完结"), ("已解决", "已完结"), ("跟进中", "处理中"), ("新建", "待处理")]
_WRITTEN: dict[str, Callable[[random.Random], Said]] = {
    "instant": _moment, "boolean": _yes, "rating": _rating, "grade": _rating, "nps": _nps, "id": _id,
    "duration": _seconds, "integer": _count, "money": _money, "text": _words("物流", "客服触发"),
    "masked": _words("很好", "发货慢，问了两次"), "points": _points(15),
}  # fmt: skip
_BY_FIELD: dict[str, Callable[[random.Random], Said]] = {
    "session_key": _key, "ticket_id": _key, "review_id": _key, "answer_id": _key, "invite_id": _key, "check_id": _key,
    "shop": lambda _dice: ("云间小铺旗舰店", "云间小铺旗舰店"),
    "agent": lambda dice: dice.choice(AGENTS),
    "status": lambda dice: dice.choice(STATES),
    "buyer": lambda dice: (f"tb{dice.randrange(10**6, 10**7)}", "t***"),
    "text": lambda dice: (f"评语{dice.randrange(10**6)}", None),
}  # fmt: skip


def _column(field: str, kind: str) -> Callable[[random.Random], Said]:
    if field.startswith("item_"):
        return _points(DEFAULT_ITEMS[int(field[5:]) - 1].full)
    return _BY_FIELD.get(field) or _WRITTEN[kind]


# ---------------------------------------------------------------- the round trip

_UNIQUE = {"session": "session_key", "ticket": "ticket_id", "review": "review_id", "survey_answer": "answer_id",
           "invitation": "invite_id", "quality_check": "check_id"}  # fmt: skip


def _fill(template: Template, dice: random.Random, blank: Path, path: Path) -> list[dict[str, Any]]:
    """Fill a copy as owners do: columns thrown out, moved and added; returns what each row says, by field."""
    book = load_workbook(blank)
    titles = [cell.value for cell in book.worksheets[0][1]]
    assert titles == [column.title for column in template.columns]
    must = {column.field for column in template.columns if column.title in template.required}
    must |= {_UNIQUE[KIND[template.id]], "csat" if template.id == "satisfaction_survey" else "", "agent"}
    must |= {"text"} if template.id == "reviews" else set()
    must |= {"item_1"} if template.id == "quality_checks" else set()
    kept = [column for column in template.columns if column.field in must or dice.random() < 0.7]
    dice.shuffle(kept)
    filled = Workbook()
    sheet = filled.worksheets[0]
    sheet.title = book.worksheets[0].title
    extra = dice.sample(range(len(kept) + 1), 2)
    header: list[Any] = [column.title for column in kept]
    for place in sorted(extra, reverse=True):
        header.insert(place, f"老板自己的列{place}")
    sheet.append(header)
    rows = []
    for _ in range(12):
        said = {column.field: _column(column.field, column.kind)(dice) for column in kept}
        if template.id == "satisfaction_survey" and dice.random() < 0.3 and "nps" in said:
            said["csat"] = ("", None)
        if template.id == "quality_checks" and "total" in said and dice.random() < 0.5:
            said["total"] = ("", None)
        cells: list[Any] = [said[column.field][0] for column in kept]
        for place in sorted(extra, reverse=True):
            cells.insert(place, "随手写的 13800138000")
        sheet.append(cells)
        rows.append({field: expected for field, (_, expected) in said.items()})
    filled.save(path)
    return rows


def _expected(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """What the store must hold, worked out here and not by the program."""
    said = dict(row)
    if kind == "review" and "rating" in said:
        said["grade"] = "好评" if said["rating"] >= 4 else "中评" if said["rating"] == 3 else "差评"
    if kind == "quality_check":
        judged = [[item.name, said.pop(f"item_{at}"), item.full] for at, item in enumerate(DEFAULT_ITEMS, 1)
                  if f"item_{at}" in said]  # fmt: skip
        said["items"] = judged
        if said.get("total") is None:
            said["total"] = round(sum(item[1] for item in judged) / sum(item[2] for item in judged) * 100, 2)
    said.pop("text", None)
    said.pop("buyer", None)
    return said


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_what_was_filled_in_is_what_is_stored(name: str, seed: int, tmp_path: Path, store: Store) -> None:
    dice = random.Random(f"{name} {seed}")
    kind = KINDS[KIND[name]]
    blank, path = tmp_path / "空白.xlsx", tmp_path / "我填的表.xlsx"
    write_template(blank, name)
    keys = BuyerKeys(store.buyer_key)
    (empty,) = plan_file(blank, Given(), StoreWorld(store), keys=keys)
    assert (empty.status, empty.layout) == (Status.SKIPPED, name)
    assert "空白" in empty.message
    rows = _fill(TEMPLATES[name], dice, blank, path)
    (plan,) = plan_file(path, Given(), StoreWorld(store), keys=keys)
    assert (plan.status, plan.layout) == (Status.IMPORTED, name), plan.message
    assert [problem.reason for problem in plan.problems] == []
    load(store, plan)
    assert (plan.rows.inserted, plan.rows.rejected) == (12, 0)
    with store.reading() as conn:
        cursor = conn.execute(
            f"""SELECT s.*, a.name AS agent, shop.name AS shop FROM {kind.name} AS s
                JOIN shop ON shop.id = s.shop_id LEFT JOIN agent AS a ON a.id = s.agent_id"""
            if kind.has_agent
            else f"SELECT s.*, shop.name AS shop FROM {kind.name} AS s JOIN shop ON shop.id = s.shop_id"
        )
        names = [one[0] for one in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor]
    if name == "quality_checks":
        for one in found:
            one["items"] = json.loads(one["items"])
    unique = _UNIQUE[kind.name]
    by_key = {one[unique]: one for one in found}
    for row in rows:
        wanted = _expected(kind.name, row)
        stored = by_key[wanted[unique]]
        assert {field: stored[field] for field in wanted} == wanted
        if "buyer" in row:
            assert len(stored["buyer_key"]) == 16
    assert "13800138000" not in str(found)


# ---------------------------------------------------------------- what the workbook offers


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_column_explains_itself(name: str, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path, name)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 1, "no example that could be taken for a row"
    layout = catalogue().by_id[name]
    choices = {
        str(cells): rule.formula1 for rule in sheet.data_validations.dataValidation for cells in rule.sqref.ranges
    }
    for cell, column in zip(sheet[1], layout.template, strict=True):
        assert cell.comment is not None
        assert column.hint in cell.comment.text
        assert ("必填" in cell.comment.text) == (column.field in layout.required), column.title
        shape = sheet.column_dimensions[cell.column_letter]
        assert shape.width >= 2 * len(column.title)
        if column.kind == "id":
            assert shape.number_format == "@"
        if column.kind == "instant":
            assert "yyyy" in shape.number_format
        offered = choices.get(f"{cell.column_letter}2:{cell.column_letter}5000")
        if column.kind == "boolean":
            assert offered == '"是,否"'
        if column.kind == "rating":
            assert offered == '"5,4,3,2,1"'
    filled = {cell.fill.start_color.rgb for cell, column in zip(sheet[1], layout.template, strict=True)
              if column.field in layout.required}  # fmt: skip
    assert filled == {"003566E8"}


def test_the_examples_of_every_template_can_be_imported(tmp_path: Path, store: Store) -> None:
    """What the 说明 gives as an example is read without a problem when it is copied into the table."""
    for name in TEMPLATES:
        path = tmp_path / f"{name}.xlsx"
        write_template(path, name)
        book = load_workbook(path)
        book.worksheets[0].append([row[2].value for row in book["说明"].iter_rows(min_row=5)])
        book.save(path)
        (plan,) = plan_file(path, Given(), StoreWorld(store), keys=BuyerKeys(store.buyer_key))
        assert (plan.status, plan.layout, plan.problem_count, plan.rows.read) == (Status.IMPORTED, name, 0, 1), name


def test_items_of_the_sheet_are_those_of_the_form() -> None:
    fields = catalogue().by_id["quality_checks"].fields
    assert [fields[f"item_{at}"].title for at in range(1, 6)] == [item.name for item in DEFAULT_ITEMS]
    hints = {column.title: column.hint for column in TEMPLATES["quality_checks"].columns}
    assert all(f"满分 {item.full:g}" in hints[item.name] for item in DEFAULT_ITEMS)


def test_a_sheet_judged_by_hundreds_is_understood(tmp_path: Path, store: Store) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "抽检"
    sheet.append(["客服", "抽检日期", "响应及时", "服务态度", "总分"])
    for points in ((90, 80, None), (18, 20, None), (None, None, 77), (120, 1, 9), (None, None, None)):
        sheet.append(["小美", "2026-03-01", *points])
    book.save(tmp_path / "抽检.xlsx")
    (plan,) = plan_file(tmp_path / "抽检.xlsx", Given(), StoreWorld(store), keys=BuyerKeys(store.buyer_key))
    load(store, plan)
    with store.reading() as conn:
        found = conn.execute("SELECT total, items FROM quality_check ORDER BY id").fetchall()
    assert [row[0] for row in found] == [85, 95, 77, 9]
    assert found[2][1] is None
    assert plan.rows.rejected == 1
    assert "得分应在 0–100 之间" in {problem.reason for problem in plan.problems}
