"""Chats that collectors of the chat page put into workbooks: a sheet a customer, or a cell a customer."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from csdesk.domain.period import Period
from csdesk.ingest.columns import epoch_seconds
from csdesk.ingest.model import Given, Plan, Status
from tests.ingest.tables import only, planned, write_xlsx

LINES = ["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"]
DAY = date(2026, 5, 9)


def _chunk(plan: Plan) -> Any:
    (chunk,) = plan.staged.records["message"]
    return chunk


def _at(hour: int, minute: int, second: int = 0) -> int:
    return epoch_seconds(datetime(2026, 5, 9, hour, minute, second))


def _book(path: Path) -> Path:
    return write_xlsx(
        path,
        ("导出汇总", [["客户名", "状态", "消息数"], ["tb8946567709", "成功", 3]]),
        ("tb8946567709", [
            LINES,
            ["tb8946567709", 1, "20:57:11", "请看，电话 13800138000", "得力广州专卖店:小迪", "客服"],
            ["tb8946567709", 2, time(20, 57, 13), "多久发货", "tb8946567709", "客户"],
            ["tb8946567709", 3, "20:58:00", "今天", "得力广州专卖店:阿强", "客服"],
            ["tb8946567709", 4, "", "没有时间", "得力广州专卖店:阿强", "客服"],
        ]),
        ("李某", [
            LINES,
            ["李某", 1, "21:00:01", "在吗", "李某", "客户"],
            ["李某", 2, "21:00:09", "在", "得力广州专卖店:小迪", "客服"],
        ]),
    )  # fmt: skip


def test_a_sheet_for_each_customer_is_one_plan(tmp_path: Path) -> None:
    plan = only(planned(_book(tmp_path / "千牛聊天记录_2026-05-09.xlsx")))
    assert (plan.status, plan.layout, plan.shop) == (Status.IMPORTED, "qianniu_chat_lines", "得力广州专卖店")
    assert (plan.period, plan.period_from) == (Period.of_day(DAY), "file_name")
    assert (plan.rows.read, plan.rows.rejected) == (6, 1)
    chunk = _chunk(plan)
    assert chunk.columns["agent"] == ["小迪", "小迪", "阿强", "小迪", "小迪"]
    assert chunk.columns["from_buyer"] == [0, 1, 0, 1, 0]
    assert chunk.columns["sent_at"] == [_at(20, 57, 11), _at(20, 57, 13), _at(20, 58), _at(21, 0, 1), _at(21, 0, 9)]
    assert len(set(chunk.columns["buyer_key"])) == 2
    assert "13800138000" not in str(chunk.columns) + str(plan.columns)
    assert "tb8946567709" not in str(chunk.columns)
    assert "导出汇总" in plan.message


def test_times_without_a_day_ask_for_it(tmp_path: Path) -> None:
    path = _book(tmp_path / "聊天.xlsx")
    plan = only(planned(path))
    assert (plan.status, [need.kind for need in plan.needs]) == (Status.NEEDS_INPUT, ["period"])
    plan = only(planned(path, Given(period=Period.of_day(DAY))))
    assert (plan.status, plan.period) == (Status.IMPORTED, Period.of_day(DAY))
    week = Period(DAY, date(2026, 5, 15))
    assert only(planned(path, Given(period=week))).status is Status.NEEDS_INPUT


CHAT = """10:00:01
tb1: 在吗
第二行

10:00:20
某某旗舰店:小美: 亲，地址：发我
看 http://a.b/c

2026-05-08 09:00:00
某某旗舰店：阿强：补一句

10:01:00
小红: 好的

10:02:00
http://item/1"""


def test_a_whole_chat_in_a_cell(tmp_path: Path) -> None:
    rows = [["客户ID", "聊天记录"], ["tb1", CHAT], ["tb2", "(无聊天内容)"], ["tb3", "10:00:00\ntb3: 有人吗"]]
    path = write_xlsx(tmp_path / "千牛聊天记录_2026-05-09.xlsx", ("聊天记录", rows))
    plan = only(planned(path))
    assert (plan.status, plan.layout, plan.shop) == (Status.IMPORTED, "qianniu_chat_cells", "某某旗舰店")
    assert (plan.rows.read, plan.rows.rejected) == (6, 1), "a link nobody said"
    chunk = _chunk(plan)
    assert chunk.columns["text"][:2] == ["在吗\n第二行", "亲，地址：发我\n看 http://a.b/c"]
    assert chunk.columns["agent"] == ["小美", "小美", "阿强", "小红", None], "nobody answered the last one"
    assert chunk.columns["from_buyer"] == [1, 0, 0, 0, 1]
    moments = [_at(10, 0, 1), _at(10, 0, 20), epoch_seconds(datetime(2026, 5, 8, 9)), _at(10, 1), _at(10, 0)]
    assert chunk.columns["sent_at"] == moments
