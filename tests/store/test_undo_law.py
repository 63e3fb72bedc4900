"""Whatever is imported and undone in whatever order: the store is as if only the live batches had been imported."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.ingest.load import load, undo
from csdesk.ingest.model import Plan
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS, RecordKind
from tests.store.builders import at, content, record_plan, report_plan, session, session_plan

AGENTS = st.sampled_from(["小美", "小 美", "阿强"])
SHOPS = st.sampled_from(["甲旗舰店", "乙专卖店"])
SMALL = st.integers(0, 2)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # many small commits: no need to wait for a disk
OPTIONAL = {
    "rating": st.one_of(st.none(), st.integers(1, 5)),
    "invited": st.one_of(st.none(), st.integers(0, 1)),
    "category": st.one_of(st.none(), st.sampled_from(["物流", "退款"])),
    "first_response": st.one_of(st.none(), st.sampled_from([5.0, 30.5, 200.0])),
}


@st.composite
def session_files(draw: st.DrawFn) -> dict[str, Any]:
    columns = draw(st.sets(st.sampled_from(sorted(OPTIONAL))))
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        more = {column: draw(OPTIONAL[column]) for column in sorted(columns)}
        rows.append(session(draw(st.sampled_from("abcd")), draw(AGENTS), draw(SMALL), **more))
    return {"kind": "sessions", "rows": rows, "exported": draw(SMALL), "shop": draw(SHOPS)}


@st.composite
def report_files(draw: st.DrawFn) -> dict[str, Any]:
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        values = draw(
            st.dictionaries(
                st.sampled_from(["received", "rated_5"]),
                st.one_of(st.none(), st.integers(0, 3).map(float)),
                min_size=1,
            )
        )
        rows.append((draw(st.one_of(st.none(), AGENTS)), date(2026, 2, 16) + timedelta(days=draw(SMALL)), values))
    return {
        "kind": "report", "rows": rows, "exported": draw(SMALL), "shop": draw(SHOPS),
        "peers": draw(st.dictionaries(st.just("received"), st.integers(0, 2).map(float))),
    }  # fmt: skip


def a_value(name: str, sql: str) -> st.SearchStrategy[Any]:
    """A value of a column, or None: few of them, so that files agree and disagree."""
    if name == "agent":
        return st.one_of(st.none(), AGENTS)
    if name.endswith("_at"):
        return st.one_of(st.none(), SMALL.map(at))
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "TEXT": st.sampled_from("xy"), "INTEGER": st.integers(0, 2), "BLOB": st.sampled_from([b"k1", b"k2"]),
            "REAL": st.sampled_from([0.5, 87.25]),
    }  # fmt: skip
    return st.one_of(st.none(), kinds[sql])


def key_parts(kind: RecordKind) -> set[str]:
    """The columns a file of the kind must have: one recipe's worth."""
    if not kind.key_recipes:
        return set(kind.always)
    named = {"buyer_mask" if name == "buyer" else name for name in kind.key_recipes[-1] if name != "#"}
    return {*named, *kind.always}


@st.composite
def record_files(draw: st.DrawFn, kinds: list[str]) -> dict[str, Any]:
    found = {}
    for name in draw(st.sets(st.sampled_from(kinds), min_size=1)):
        kind = KINDS[name]
        columns = draw(st.sets(st.sampled_from(sorted(kind.columns)), max_size=5)) | key_parts(kind)
        if "buyer_key" in columns:
            columns.add("buyer_mask")
        rows = []
        for _ in range(draw(st.integers(1, 4))):
            row = {column: draw(a_value(column, kind.columns[column])) for column in sorted(columns)}
            if not kind.key_recipes:
                row[kind.key] = draw(st.sampled_from("ab"))
            elif not any(row[column] for column in key_parts(kind)):
                row[next(name for name in sorted(key_parts(kind)) if kind.columns[name] == "TEXT")] = "x"
            row.update({column: row[column] or "o" for column in kind.always})
            rows.append(row)
        found[name] = rows
    return {"kind": "records", "rows": found, "exported": draw(SMALL), "shop": draw(SHOPS)}


def make(number: int, file: dict[str, Any]) -> Plan:
    exported = datetime(2026, 3, 1 + file["exported"])
    if file["kind"] == "sessions":
        return session_plan(f"s{number}.xlsx", file["rows"], exported=exported, shop=file["shop"])
    if file["kind"] == "records":
        return record_plan(f"k{number}.xlsx", file["rows"], exported=exported, shop=file["shop"])
    return report_plan(f"r{number}.xlsx", file["rows"], exported=exported, shop=file["shop"], peers=file["peers"])


@st.composite
def all_files(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Files of any sort; those of records share one or two kinds, so that they meet."""
    kinds = sorted(draw(st.sets(st.sampled_from(sorted(KINDS.keys() - {"session"})), min_size=1, max_size=2)))
    one = draw(st.sampled_from([st.one_of(session_files(), report_files()), record_files(kinds)]))
    return draw(st.lists(st.one_of(one, one, session_files(), record_files(kinds)), min_size=1, max_size=5))


@given(
    files=all_files(),
    undone=st.sets(st.integers(0, 4)),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=50, deadline=None)
def test_store_equals_importing_the_live_batches(files: list[dict[str, Any]], undone: set[int], order: Any) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        with Store(Path(folder, "one")) as store:
            batches: dict[int, int] = {}
            steps = list(range(len(files)))
            order.shuffle(steps)
            waiting = []
            for number in steps:
                plan = make(number, files[number])
                load(store, plan, delays={})
                assert plan.batch is not None
                batches[number] = plan.batch
                waiting += [number] if number in undone else []
                if waiting and order.random() < 0.5:
                    undo(store, batches[waiting.pop(order.randrange(len(waiting)))])
                    assert check(store) == []
            for number in waiting:
                undo(store, batches[number])
            assert check(store) == []
            mixed = content(store)
        with Store(Path(folder, "two")) as store:
            for number, file in enumerate(files):
                if number not in undone:
                    load(store, make(number, file), delays={})
            assert content(store) == mixed
