"""Numbers that hang together, as thrown."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping


def play(rng: random.Random, days: int = 1) -> dict[str, float]:
    """Counts of an agent (or shop) that hang together."""
    received = rng.choice((0, rng.randint(1, 12), rng.randint(20, 90))) * rng.randint(1, max(1, days))
    unreplied = rng.randint(0, received // 8) if rng.random() < 0.6 else 0
    shown = rng.randint(received // 3, received)
    ratings = rng.randint(shown // 4, shown // 2) if shown > 3 else 0
    levels = [0] * 5
    for _ in range(ratings):
        levels[rng.choice((0, 0, 0, 0, 1, 1, 2, 3, 4))] += 1
    inquiry = rng.randint(received // 4, received)
    ordering = rng.randint(0, inquiry)
    paying = rng.randint(0, ordering)
    buyer, agent = received * rng.randint(3, 9), received * rng.randint(3, 12)
    invited = rng.randint(0, ratings)
    good = levels[0] + levels[1]
    facts: dict[str, float] = {
        "received": received, "consulted": received + unreplied, "unreplied": unreplied,
        "received_sessions": received + rng.randint(0, received // 5), "valid_received": received - received // 10,
        "ratings_shown": shown, "ratings_received": ratings, "invites_sent": shown,
        **{f"rated_{5 - i}": n for i, n in enumerate(levels)},
        "ratings_good": good, "ratings_bad": ratings - good,
        "inquiry_buyers": inquiry, "same_day_inquiry_buyers": inquiry - inquiry // 9, "ordering_buyers": ordering,
        "paying_buyers": paying, "same_day_paying_buyers": paying - paying // 3,
        "sales_amount": paying * rng.randint(100, 90_000) + rng.randint(0, 99) * (paying > 0),
        "final_paid_amount": paying * rng.randint(100, 60_000), "same_day_paid_amount": paying * 3_300,
        "net_sales_amount": paying * 5_000, "refund_amount": rng.randint(0, 9) * 1_990, "sales_buyers": paying,
        "sales_orders": paying + 1 if paying else 0, "sales_quantity": paying * 2, "transferred_out": received // 9,
        "transferred_in": received // 7, "direct_received": received - received // 7, "work_days": days,
        "messages": buyer + agent, "buyer_messages": buyer, "agent_messages": agent, "characters": agent * 17,
        "max_concurrent": rng.randint(1, 40), "slow_received": received // 10, "long_received": received // 6,
        "consult_times": received + 5, "replied_times": received + 2, "unreplied_times": 3,
    }  # fmt: skip
    for name in ("first_response", "avg_response", "handle_time", "online_seconds", "rest_seconds"):
        top = {"handle_time": 900, "online_seconds": 30_000, "rest_seconds": 4_000}.get(name, 160)
        facts[name] = rng.randint(3, top) if received else 0
        facts[name + "_window"] = rng.randint(3, top) if received else 0
    group = {"invited": invited, "self": ratings - invited}
    for name, n in group.items():
        sent = {"invited": shown - shown // 4, "self": 0}[name]
        sent = max(sent, n) if name == "invited" else 0
        parts = [0] * 5
        for _ in range(n):
            parts[rng.choice((0, 0, 0, 1, 2, 3, 4))] += 1
        facts |= {f"ratings_received.{name}": n, f"invites_sent.{name}": sent}
        facts |= {f"rated_{5 - i}.{name}": parts[i] for i in range(5)}
    for i in range(1, 6):
        facts[f"rated_{i}"] = facts[f"rated_{i}.invited"] + facts[f"rated_{i}.self"]
    facts["ratings_good"] = facts["rated_5"] + facts["rated_4"]
    facts["ratings_bad"] = ratings - facts["ratings_good"]
    facts["invites_sent"] = facts["invites_sent.invited"] + facts["invites_sent.self"]
    return facts


def _share(top: float, bottom: float) -> float:
    return top / bottom if bottom else 0.0


_RATES: Mapping[str, Callable[[Mapping[str, float]], float]] = {
    "reply_rate": lambda f: _share(f["consulted"] - f["unreplied"], f["consulted"]),
    "participation_rate": lambda f: _share(f["ratings_received"], f["ratings_shown"]),
    "shown_rate": lambda f: _share(f["ratings_shown"], f["received"]),
    "satisfaction_rate": lambda f: _share(f["rated_5"] + f["rated_4"], f["ratings_received"]),
    "dissatisfaction_rate": lambda f: _share(f["ratings_bad"], f["ratings_received"]),
    "satisfaction_rate_window": lambda f: _share(f["ratings_good"], f["ratings_received"]) * 0.97,
    "dissatisfaction_rate_window": lambda f: _share(f["ratings_bad"], f["ratings_received"]) * 0.9,
    "conversion_rate": lambda f: _share(f["paying_buyers"], f["inquiry_buyers"]),
    "douyin_conversion": lambda f: _share(f["ordering_buyers"], f["inquiry_buyers"]),
    "same_day_conversion_rate": lambda f: _share(f["same_day_paying_buyers"], f["inquiry_buyers"]),
    "response_3min_rate": lambda f: 0.9 if f["received"] else 0.0,
    "response_3min_rate_window": lambda f: 0.93 if f["received"] else 0.0,
    "response_3min_rate_sessions": lambda f: 0.88 if f["received"] else 0.0,
    "first_contact_resolution_rate": lambda f: 0.5,
}
_RATES |= {
    f"{name}.{group}" if group else name: (
        lambda f, a=top, b=bottom, g=group: _share(
            sum(f[f"{one}.{g}" if g else one] for one in a), sum(f[f"{one}.{g}" if g else one] for one in b)
        )
    )
    for group in ("", "invited", "self")
    for name, top, bottom in (
        ("return_rate", ("ratings_received",), ("invites_sent",)),
        ("satisfaction_rate", ("rated_5", "rated_4"), ("ratings_received",)),
    )
}
_RATES |= {
    "send_rate": lambda f: min(1.0, _share(f["invites_sent"], f["received"])),
    "send_rate.invited": lambda f: min(1.0, _share(f["invites_sent.invited"], f["received"])),
    "send_rate.self": lambda f: 0.0,
}
_MONEY = frozenset({"sales_amount", "final_paid_amount", "same_day_paid_amount", "net_sales_amount", "refund_amount"})
_DURATIONS = frozenset(
    {"first_response", "avg_response", "handle_time", "online_seconds", "rest_seconds", "first_response_window",
     "avg_response_window"}
)  # fmt: skip


def kind_of(measure: str) -> str:
    """How the cells of a measure are written."""
    if measure in _RATES:
        return "rate"
    if measure in _MONEY:
        return "money"
    if measure in _DURATIONS:
        return "duration"
    if measure == "answer_question_ratio":
        return "ratio"
    return "score" if measure.startswith("service_score") else "count"


def number_of(measure: str, facts: Mapping[str, float]) -> float:
    """The exact number of a measure before it is written."""
    if measure in _RATES:
        return min(1.0, _RATES[measure](facts))
    if measure == "answer_question_ratio":
        return _share(facts["agent_messages"], facts["buyer_messages"])
    if measure.startswith("service_score"):
        return 4.5
    return facts[measure]
