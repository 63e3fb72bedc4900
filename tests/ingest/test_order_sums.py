"""Orders summed up from lines, in columns and cut anywhere: the same as adding line by line, order by order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from csdesk.ingest.record_shapes import OrderSums

STEPS = ["待付款", "待发货", "部分发货", "已发货", "已完成"]
NUMBER = st.one_of(st.none(), st.integers(0, 5))
LINE = st.fixed_dictionaries(
    {
        "shop": st.sampled_from("甲乙"), "order_id": st.sampled_from("123"), "is_gift": st.sampled_from([0, 0, 1]),
        "status": st.one_of(st.none(), st.sampled_from([*STEPS, "已关闭"])), "created_at": NUMBER, "shipped_at": NUMBER,
        "paid_fen": NUMBER, "quantity": NUMBER, "province": st.one_of(st.none(), st.sampled_from(["浙江省", "广东省"])),
        "buyer": st.one_of(st.none(), st.sampled_from([(b"1", "a***b"), (None, "c***d")])),
    }
)  # fmt: skip


def _state(states: list[str]) -> str | None:
    """Two by two, as the lines come."""
    settled: str | None = None
    for state in states:
        if settled is None or settled == "已关闭":
            settled = state if settled is None or state != "已关闭" else settled
        elif state not in ("已关闭", settled):
            one, other = sorted((settled, state), key=STEPS.index)
            settled = "部分发货" if {one, other} == {"待发货", "已发货"} else one
    return settled


def _expected(lines: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    orders: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in lines:
        orders.setdefault((line["shop"], line["order_id"]), []).append(line)
    found = {}
    for key, mine in orders.items():
        told: dict[str, Any] = {}
        for name, settle in (("created_at", min), ("shipped_at", max), ("paid_fen", sum)):
            known = [line[name] for line in mine if line[name] is not None]
            told[name] = settle(known) if known else None
        pieces = [line["quantity"] for line in mine if line["quantity"] is not None and not line["is_gift"]]
        told["quantity"] = sum(pieces) if pieces else None
        if not any(line["is_gift"] for line in mine):
            told["status"] = _state([line["status"] for line in mine if line["status"] is not None])
            for name in ("province", "buyer"):
                told[name] = next((line[name] for line in mine if line[name] is not None), None)
        elif mine[0]["is_gift"] and len(mine) == 2 and not mine[1]["is_gift"]:
            for name in ("province", "buyer"):
                told[name] = mine[1][name] if mine[1][name] is not None else mine[0][name]
        found[key] = told
    return found


@given(st.lists(LINE, max_size=12), st.integers(1, 5), st.integers(1, 4))
def test_sums_in_columns(lines: list[dict[str, Any]], cut: int, size: int) -> None:
    sums = OrderSums()
    for start in range(0, len(lines), cut):
        part = lines[start : start + cut]
        rows = range(start + 2, start + 2 + len(part))
        sums.add(rows, {name: [line[name] for line in part] for name in lines[0]})
    found: dict[tuple[str, str], dict[str, Any]] = {}
    first: dict[tuple[str, str], int] = {}
    for firsts, values in sums.blocks(size):
        assert len(firsts) <= size
        for at, row in enumerate(firsts):
            key = (values["shop"][at], values["order_id"][at])
            assert key not in found
            first[key] = row
            found[key] = {name: column[at] for name, column in values.items()}
    expected = _expected(lines)
    assert found.keys() == expected.keys()
    for key, told in expected.items():
        assert {name: found[key][name] for name in told} == told
        place = next(at for at, line in enumerate(lines) if (line["shop"], line["order_id"]) == key)
        assert first[key] == place + 2
