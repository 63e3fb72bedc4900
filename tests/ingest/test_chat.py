"""Copied chats: who said what to whom and when, in every form seen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from csdesk.ingest.chat import Message, read_chat
from csdesk.ingest.chatlines import looks_like_chat
from csdesk.ingest.columns import epoch_seconds
from csdesk.ingest.model import Given, Status
from csdesk.ingest.plan import plan_file
from tests.ingest.empty_world import EmptyWorld
from tests.ingest.tables import KEYS, only

CHAT = """tb12345678 2025-08-05 10:00:00
在吗

云间小铺:小美 2025-08-05 10:00:20
亲,在的
已读

tb12345678
2025-08-05 10:01:00
多久发货,电话 13800138000
第二行

云间小铺:小美2025-8-5 10:02:07
今天发
云间小铺:小美 撤回了一条消息
云间小铺:小美 --> tb12345678 2025-08-05 10:05:00
由 服务助手 转交给
原因：【离线留言自动分配】
云间小铺:阿强 2025-08-05 10:06:00
我来处理
t**1 2025-08-05 10:07:00
"谢谢
"""


def _messages(text: str) -> list[Message]:
    return read_chat(enumerate(text.splitlines(), start=1))


def _at(hour: int, minute: int, second: int = 0) -> int:
    return epoch_seconds(datetime(2025, 8, 5, hour, minute, second))


def test_every_form_of_a_message() -> None:
    found = [(one.row, one.agent, one.buyer, one.sent_at, one.from_buyer, one.text) for one in _messages(CHAT)]
    assert found == [
        (1, "云间小铺:小美", "tb12345678", _at(10, 0), True, "在吗"),
        (4, "云间小铺:小美", "tb12345678", _at(10, 0, 20), False, "亲,在的"),
        (8, "云间小铺:小美", "tb12345678", _at(10, 1), True, "多久发货,电话 13800138000\n第二行"),
        (13, "云间小铺:小美", "tb12345678", _at(10, 2, 7), False, "今天发"),
        (19, "云间小铺:阿强", "tb12345678", _at(10, 6), False, "我来处理"),
        (21, "云间小铺:阿强", "t**1", _at(10, 7), True, '"谢谢'),
    ]


def test_without_a_colon_the_one_who_answers_is_the_agent() -> None:
    found = _messages("买家甲 2025-08-05 10:00:00\n在吗\n小美 2025-08-05 10:00:05\n在的\n")
    assert [(one.agent, one.buyer, one.from_buyer) for one in found] == [
        ("小美", "买家甲", True),
        ("小美", "买家甲", False),
    ]


def test_tables_and_letters_are_no_chats() -> None:
    assert not looks_like_chat(["客服,时间", "小美,2025-08-05 10:00:00", "小强,2025-08-05 10:00:00"])
    assert not looks_like_chat(["亲爱的客服:", "请看附件。", "2025-08-05 10:00:00"])
    assert not looks_like_chat([f"第 {number} 行" for number in range(50)] + ["a 2025-08-05 10:00:00"] * 2)
    assert not looks_like_chat(["导出时间 2025-08-05 10:00:00", "客服,接待", "小美,5"])
    assert not looks_like_chat(["小美 2025-08-05 10:00:00", "客服,接待", "小美,5"])
    assert looks_like_chat(CHAT.splitlines())
    assert looks_like_chat(["tb1 2025-08-05 10:00:00", "在吗"]), "one message is a chat nobody answered"
    assert looks_like_chat(["tb1", "2025-08-05 10:00:00", "在吗，亲,", "几时发货"])
    assert not looks_like_chat(["tb1 2025-08-05 10:00:00"])


def test_a_text_file_becomes_messages_without_personal_numbers(tmp_path: Path) -> None:
    path = tmp_path / "聊天.txt"
    path.write_bytes(CHAT.replace("\n", "\r\n").encode("gb18030"))
    plan = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS))
    assert (plan.status, plan.layout, plan.shop, str(plan.period)) == (
        Status.IMPORTED,
        "qianniu_chat",
        "云间小铺",
        "2025-08-05",
    )
    (chunk,) = plan.staged.records["message"]
    assert (chunk.kind, len(chunk.rows), plan.rows.read) == ("message", 6, 6)
    assert chunk.columns["agent"] == ["小美", "小美", "小美", "小美", "阿强", "阿强"]
    assert set(chunk.columns["shop"]) == {"云间小铺"}
    assert "13800138000" not in str(chunk.columns)
    assert "tb12345678" not in str(chunk.columns)
    assert len(set(chunk.columns["buyer_key"])) == 2
    assert chunk.columns["buyer_key"][-1] is None, "a masked nick is no key"
    assert len(set(chunk.columns["message_key"])) == 6


def test_the_copied_sample(shared_dir: Path) -> None:
    path = shared_dir / "formats" / "samples" / "qianniu_chat_copy.txt"
    plan = only(plan_file(path, Given(), EmptyWorld(), keys=KEYS))
    (chunk,) = plan.staged.records["message"]
    assert chunk.columns["from_buyer"] == [1, 0, 1, 0]
    assert plan.shop == "某某旗舰店"
