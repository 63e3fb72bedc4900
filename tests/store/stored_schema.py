"""Makes ``data/schema_N.sql``: a dump of a store with facts of every kind, as the released schema N wrote it.

Run once per released schema (``python -m tests.store.stored_schema``); the dumps are never made again.
"""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from csdesk.ingest.load import load, undo
from csdesk.ingest.model import Problem, RejectedRow, SumOutcome
from csdesk.store import merges, outlier_rules, own_events, shop_merges
from csdesk.store.database import Store
from csdesk.store.migrate import all_steps
from csdesk.store.outlier_rules import Rule, Subject
from csdesk.store.people import People
from tests.store.builders import at, record_plan, report_plan, session, session_plan

DATA = Path(__file__).parent / "data"


def fill(store: Store) -> None:
    """A little of everything: agreeing and disagreeing batches, peers, delays, an undone batch."""
    day = date(2026, 2, 16)
    march = datetime(2026, 3, 1)
    plans = [
        report_plan("赤兔.xlsx", [("小美", day, {"received": 5.0, "rated_5": None}), (None, day, {"received": 9.0})],
                    exported=march, peers={"received": 7.5}),
        report_plan("赤兔 新.xlsx", [("小美", day, {"received": 6.0, "rated_5": 2.0})], exported=datetime(2026, 3, 2)),
        session_plan("会话.xlsx", [session("a", rating=5, comment="很好"), session("b", rating=None, comment=None)],
                     exported=march),
        session_plan("会话 又.xlsx", [session("b", rating=None, comment=None)], exported=march),
        session_plan("会话 改.xlsx", [session("a", rating=1), session("c", "阿强", 1, rating=3)],
                     exported=datetime(2026, 3, 5)),
        session_plan("会话 撤.xlsx", [session("d", rating=2)], exported=march),
    ]  # fmt: skip
    for plan in plans:
        load(store, plan, delays={"rated_5": 3})
    assert plans[-1].batch is not None
    undo(store, plans[-1].batch)


def fill_records(store: Store) -> None:
    """Some rows of the other kinds: agreeing and disagreeing batches, a rejected row, an undone batch."""
    march, later = datetime(2026, 3, 1), datetime(2026, 3, 5)
    order = {"order_id": "o1", "status": "已付款", "created_at": at(0), "paid_at": at(1), "paid_fen": 1990}
    line = {"order_id": "o1", "line_id": "l1", "title": "杯子", "paid_fen": 1990}
    answer = {"agent": "小美", "answered_at": at(2), "csat": 4, "nps": 9, "comment": None}
    message = {"agent": "小美", "buyer_key": b"12345678", "buyer_mask": "买**家", "sent_at": at(0), "text": "在吗"}
    bad = RejectedRow("订单", 9, "付款金额", "不是金额", {"订单编号": "o9", "付款金额": "约二十"})
    plans = [
        record_plan("订单.xlsx", {"order_head": [order], "order_line": [line]}, exported=march, rejected=[bad]),
        record_plan("订单 又.xlsx", {"order_line": [line]}, exported=march),
        record_plan("订单 新.xlsx", {"order_head": [{"order_id": "o1", "status": "已完成"}]}, exported=later),
        record_plan("退款.xlsx", {"refund": [{"refund_id": "r1", "order_id": "o1", "applied_at": at(3)}]},
                    exported=march),
        record_plan("评价.xlsx", {"review": [{"order_id": "o1", "text": "好", "rating": 5, "written_at": at(4)}]},
                    exported=march),
        record_plan("问卷.xlsx", {"survey_answer": [answer, {**answer, "nps": None}]}, exported=march),
        record_plan("工单.xlsx", {"ticket": [{"ticket_id": "t1", "agent": None, "opened_at": at(1)}]}, exported=march),
        record_plan("邀评.xlsx", {"invitation": [{"agent": "阿强", "buyer_mask": "a**b", "sent_at": at(1)}]},
                    exported=march),
        record_plan("聊天.xlsx", {"message": [message, message]}, exported=march),
        record_plan("撤.xlsx", {"refund": [{"refund_id": "r1", "order_id": "o1", "applied_at": at(5)}]},
                    exported=later),
    ]  # fmt: skip
    for plan in plans:
        load(store, plan, delays={})
    assert plans[-1].batch is not None
    undo(store, plans[-1].batch)


def fill_entries(store: Store) -> None:
    """What came with what is typed in by hand: more about an answer, sampled conversations, a withdrawn row."""
    answer = {
        "agent": "小美",
        "answer_id": "a1",
        "answered_at": at(2),
        "csat": 4,
        "resolved": 1,
        "buyer_key": b"12345678",
        "buyer_mask": "买**家",
        "withdrawn": None,
    }
    check = {
        "agent": "小美",
        "check_id": "c1",
        "checked_at": at(3),
        "session_key": "a",
        "total": 87.5,
        "items": '[["响应及时", 17.5, 20]]',
        "remark": None,
        "inspector": "组长",
    }
    gone = {**dict.fromkeys(answer), "answer_id": "a1", "withdrawn": 1}
    plans = [
        record_plan("回访.xlsx", {"survey_answer": [answer]}, exported=datetime(2026, 3, 1)),
        record_plan("抽检.xlsx", {"quality_check": [check]}, exported=datetime(2026, 3, 1)),
        record_plan("收回.xlsx", {"survey_answer": [gone]}, exported=datetime(2026, 3, 5)),
    ]  # fmt: skip
    for plan in plans:
        load(store, plan, delays={})


def fill_quality(store: Store) -> None:
    """A file that says of itself what is odd about it, and a rule about odd values."""
    plan = report_plan("汇总.xlsx", [("小美", date(2026, 2, 18), {"received": 5.0})], exported=datetime(2026, 3, 1))
    plan.sums = [SumOutcome("接待人数", "B9", "接待人数：“汇总”行写的是 7，各行相加是 5。", agrees=False)]
    plan.problems = [Problem("", "C3", "评分", "9", "评分应是 1–5"), Problem("", "C4", "评分", "0", "评分应是 1–5")]
    load(store, plan, delays={})
    with store.writing() as conn:
        outlier_rules.put(conn, Rule(Subject("session", "first_response", "long", bound=43_200.0), "cap"))


def fill_people(store: Store) -> None:
    """The owner's word on people and shops, of every sort."""
    other = "乙专卖店"
    day = date(2026, 2, 19)
    for name, shop, agents in (
        ("别名.xlsx", "甲旗舰店", ("小美子", "小梅", "晚班客服")),
        ("别的写法.xlsx", "甲 旗舰", ("小美",)),
        ("别的店.xlsx", other, ("阿强",)),
    ):
        rows = [(agent, day, {"received": 3.0}) for agent in agents]
        load(store, report_plan(name, rows, exported=datetime(2026, 3, 1), shop=shop), delays={})
    people = People(store)
    ids = {one.name: one.id for one in people.roster().people if one.shop == "甲旗舰店"}
    shops = {one.name: one.id for one in people.roster().shops}
    people.merge([ids["小美子"]], ids["小美"])
    people.set_kind([ids["晚班客服"]], "shared")
    people.assign([ids["阿强"]], "晚班", 20_500, 20_502)
    people.assign([ids["阿强"]], "早班", 20_503, None)
    people.merge_shops(shops["甲 旗舰"], shops["甲旗舰店"])
    people.rename_shop(shops[other], "乙店")
    with store.writing() as conn:
        merges.refuse(conn, ids["小梅"], ids["小美"])
        shop_merges.refuse(conn, shops[other], shops["甲旗舰店"])


def fill_events(store: Store) -> None:
    """Own events, of every shop and of one."""
    with store.writing() as conn:
        shop = conn.execute("SELECT id FROM shop WHERE name = '甲旗舰店'").fetchone()[0]
        own_events.add(conn, "店庆", (20_500, 20_502), "promotion", shop_id=shop, note="满减")
        own_events.add(conn, "断网", (20_510, 20_510), "other")


def owners_word(store: Store) -> list[set[tuple[Any, ...]]]:
    """What the owner said of people, shops and days, without surrogate ids."""
    queries = (
        """SELECT s.name, x.name, x.owner_kind, p.name FROM agent x JOIN shop s ON s.id = x.shop_id
           LEFT JOIN agent p ON p.id = x.merged_into""",
        "SELECT x.name, x.owner_name, m.name FROM shop x LEFT JOIN shop m ON m.id = x.merged_into",
        "SELECT a.name, t.first_day, t.last_day, t.team FROM agent_team t JOIN agent a ON a.id = t.agent_id",
        """SELECT a.name, b.name FROM agent_distinct JOIN agent a ON a.id = one JOIN agent b ON b.id = other""",
        """SELECT a.name, b.name FROM shop_distinct JOIN shop a ON a.id = one JOIN shop b ON b.id = other""",
        """SELECT e.name, e.first_day, e.last_day, e.kind, s.name, e.platform, e.shop_name, e.note
           FROM own_event e LEFT JOIN shop s ON s.id = e.shop_id""",
    )
    with store.reading() as conn:
        return [set(conn.execute(query)) for query in queries]


def dump(path: Path) -> str:
    """The database as SQL, with the header values that iterdump leaves out."""
    conn = sqlite3.connect(path)
    try:
        pragmas = [
            f"PRAGMA {name} = {conn.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        return "\n".join([*conn.iterdump(), *pragmas]) + "\n"
    finally:
        conn.close()


def restore(sql: Path, path: Path) -> None:
    """Make the database a dump describes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    conn = sqlite3.connect(path)
    try:
        conn.executescript(sql.read_text(encoding="utf-8"))
    finally:
        conn.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder)) as made:
            fill(made)
            fill_records(made)
            fill_entries(made)
            fill_quality(made)
            fill_people(made)
            fill_events(made)
        target = DATA / f"schema_{len(all_steps())}.sql"
        target.write_text(dump(Path(folder, "csdesk.sqlite")), encoding="utf-8", newline="\n")
