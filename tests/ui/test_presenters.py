"""The parts without Qt: words of the preview, shops of unnamed files, layout of rows, pinyin, widths."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from csdesk.analysis.frame import Run
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Plan, RowCounts, Status
from csdesk.ui.pages.data.imports import words
from csdesk.ui.pages.data.imports.shops_of_plans import ask_where_unclear, expected_shop, loading_order
from csdesk.ui.pinyin import initials, matches, rank
from csdesk.ui.widgets.card_rows import Placed, split_row, widths
from csdesk.ui.widgets.column_widths import fitted_widths
from tests.ui.fakes import sample_plans


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def _plan(name: str, shop: str, *, assumed: bool = False) -> Plan:
    return Plan(name, Path(name), name * 8, Status.IMPORTED, platform=Platform.TAOBAO, shop=shop, shop_assumed=assumed)


def test_lead_counts_the_files_by_what_became_of_them() -> None:
    assert _text(words.lead(sample_plans(Path()))) == (
        "放进来 4 个表：1 个看懂了，1 个要您确认，1 个以前导入过，1 个不认识。按下导入之前，什么都不会写入。"
    )


def test_footer_says_what_will_be_written() -> None:
    assert _text(words.footer(sample_plans(Path()))) == (
        "将写入 12 条新数据，跳过重复 32 条，待修正 1 条。导入后可以整批撤销。"
    )


def test_footer_counts_rows_of_a_plan_that_has_not_met_the_store() -> None:
    plan = replace(sample_plans(Path())[0], rows=RowCounts(read=15, rejected=1, summary=2))
    assert "将写入 12 条新数据" in _text(words.footer([plan]))


def test_footer_asks_for_answers_when_nothing_is_ready() -> None:
    assert _text(words.footer(sample_plans(Path())[1:2])) == "回答上面的问题，就可以导入。"


@pytest.mark.parametrize(
    ("path", "title", "kind"),
    [
        ("/home/x/报表.xlsx", "报表.xlsx", "XLSX"),
        ("C:\\下载\\包.zip!里面/表.csv", "包.zip › 里面/表.csv", "CSV"),
        ("没有后缀", "没有后缀", "?"),
    ],
)
def test_file_names(path: str, title: str, kind: str) -> None:
    plan = replace(sample_plans(Path())[0], path=path)
    assert (words.file_title(plan), words.file_kind(plan)) == (title, kind)


def test_unnamed_file_belongs_to_the_only_shop_beside_it() -> None:
    named, unnamed = _plan("a", "云间小铺"), _plan("b", "我的淘宝店", assumed=True)
    plans = [named, unnamed]
    ask_where_unclear(plans)
    assert unnamed.status is Status.IMPORTED
    assert expected_shop(plans, unnamed) == "云间小铺"
    assert loading_order(plans) == [unnamed, named]


def test_unnamed_file_beside_two_shops_is_asked_about() -> None:
    unnamed = _plan("b", "我的淘宝店", assumed=True)
    ask_where_unclear([_plan("a", "云间小铺"), unnamed, _plan("c", "山间小铺")])
    assert unnamed.status is Status.NEEDS_INPUT
    assert unnamed.needs[0].choices == ("云间小铺", "山间小铺")


def test_rows_of_cards_break_before_they_get_too_narrow() -> None:
    five = [Placed(1, lambda _width: 104, 168)] * 5
    assert split_row(five, 1172, 14) == [[0, 1, 2, 3, 4]]
    assert split_row(five, 700, 14) == [[0, 1, 2], [3, 4]]
    assert split_row(five, 200, 14) == [[0], [1], [2], [3], [4]]


def test_widths_follow_the_shares_and_fill_the_row() -> None:
    cards = [Placed(35, lambda _width: 300, 300), Placed(65, lambda _width: 300, 420)]
    assert widths(cards, 1014, 14) == [350, 650]
    assert sum(widths([Placed(1, lambda _width: 1, 1)] * 7, 1000, 14)) == 1000 - 6 * 14


def test_columns_fill_the_table_and_words_give_way_first() -> None:
    assert sum(fitted_widths([200, 80, 80], [False, True, True], 600)) in range(596, 601)
    assert fitted_widths([400, 80, 80], [False, True, True], 400) == [240, 80, 80]
    assert fitted_widths([130, 300], [False, True], 300) == [130, 300]  # scrolls anyway: names stay readable


def test_in_cell_bars_give_way_before_anything_is_cut_off() -> None:
    assert fitted_widths([100, 160, 160], [False, True, True], 400, [False, True, True]) == [100, 150, 150]
    assert fitted_widths([100, 160, 160], [False, True, True], 280, [False, True, True]) == [106, 87, 87]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [("myl", "满意率", True), ("MYL", "满意率", True), ("满意", "满意率", True), ("yp", "邀评", True),
     ("xyz", "邀评", False), ("dr", "导入与数据", True), ("", "邀评", True), ("csdesk", "CSDesk", True)],
)  # fmt: skip
def test_pinyin_initials(query: str, text: str, found: bool) -> None:
    assert matches(query, text) is found


def test_better_matches_come_first() -> None:
    assert rank("满意", "满意率") < rank("my", "满意率") < rank("yl", "满意率")
    assert initials("客服绩效") == "kfjx"
