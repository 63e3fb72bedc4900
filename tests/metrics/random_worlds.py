"""Facts drawn at random, as awkward as files can be: overlaps, merges, two platforms, late cells, sessions."""

from __future__ import annotations

import random
from datetime import timedelta

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.facts import Covered, Facts, Report, ShopInfo, derive
from csdesk.metrics.quantities import Reported
from tests.metrics.world import ALL_COLUMNS, MONDAY, vector

DAYS = 45
FIRST = to_epoch_day(MONDAY) - 3
SHOPS = {
    1: ShopInfo("立邦漆旗舰店", Platform.TAOBAO),
    2: ShopInfo("立邦抖店", Platform.DOUYIN),
    3: ShopInfo("立邦抖店", Platform.TAOBAO),
}
AGENTS = {1: (10, 11, 12), 2: (20, 21), 3: (30,)}
SOURCES = {1: ("chitu", "sycm"), 2: ("feige", "chitu"), 3: ("sycm", "other")}
MERGED = {110: 10, 111: 10, 120: 20}
"""Account → person."""
COUNTS = (
    "received", "received_sessions", "consulted", "unreplied", "response_rounds", "ratings_received", "ratings_good",
    "ratings_bad", "invites_sent", "invites_sent.invited", "ratings_received.invited", "ratings_received.self",
    "rated_5", "rated_4", "rated_3", "rated_2", "rated_1", "rated_5.invited", "rated_5.self", "rated_4.invited",
    "transferred_out", "agent_messages", "buyer_messages", "inquiry_buyers", "ordering_buyers", "paying_buyers",
    "sales_amount", "sales_buyers", "final_paid_amount",
)  # fmt: skip
RATES = (
    "satisfaction_rate", "dissatisfaction_rate", "shown_rate", "participation_rate", "return_rate",
    "response_3min_rate", "reply_rate", "conversion_rate", "first_response", "avg_response", "handle_time",
    "answer_question_ratio", "avg_order_value", "satisfaction_rate_window", "return_rate.invited",
)  # fmt: skip
GROUPS = (
    ("received", "rated_5", "rated_4", "rated_3", "rated_2", "rated_1"),
    ("received", "first_response", "avg_response", "response_rounds"),
    ("shown_rate", "received", "participation_rate", "ratings_received"),
    ("ratings_good", "ratings_bad", "received_sessions", "first_response"),
)
SUMS = ("invited_known", "invited", "rated_known", "rated", "rating_1", "rating_3", "rating_5", "resolved_known",
        "resolved", "reply_known", "unreplied", "first_response_n", "first_response_180", "handle_n", "handle_sum",
        "invited_rating_n", "invited_rating_good")  # fmt: skip


def facts_of(seed: int) -> Facts:
    """One world; the same for the same seed."""
    chance = random.Random(seed)
    facts = Facts(dict(SHOPS), {10: "小美", 11: "小王", 12: "店小蜜", 20: "小美", 21: "小张", 30: "小李"},
                  {batch: f"{batch % 17}.xlsx" for batch in range(1, 40)}, kinds={12: "robot"})  # fmt: skip
    shops = chance.sample(sorted(SHOPS), chance.randint(1, 3))
    for shop in shops:
        for source in SOURCES[shop]:
            if chance.random() < 0.75:
                _reports(facts, chance, shop, source)
        if chance.random() < 0.5:
            _sessions(facts, chance, shop)
    facts.reports.sort(key=lambda one: (one.shop, one.first, one.last, one.account, one.source))
    return facts


def selections(chance: random.Random) -> list[Filter]:
    """Everything, a stretch of days, and some shops, people or one platform over another stretch."""
    first = chance.randrange(DAYS)
    narrow = Filter(_period(chance), chance.choice((None, *Platform)), agents=(10, 20) if chance.random() < 0.5 else ())
    return [Filter(), Filter(_period(chance)), Filter(_day(first)), narrow, Filter(_period(chance), shops=(1, 3))]


def cut(facts: Facts, selection: Filter) -> Facts:
    """What the store would read for a selection."""
    period = selection.period
    window = None if period is None else (to_epoch_day(period.first), to_epoch_day(period.last))

    def mine(shop: int, agent: int) -> bool:
        return (
            (not selection.shops or shop in selection.shops)
            and (not selection.agents or agent in selection.agents)
            and selection.platform in (None, SHOPS[shop].platform)
        )

    def meets(first: int, last: int) -> bool:
        return window is None or (first <= window[1] and last >= window[0])

    return Facts(
        facts.shops, facts.names, facts.files,
        reports=[one for one in facts.reports if mine(one.shop, one.agent) and meets(one.first, one.last)],
        covered=[one for one in facts.covered if mine(one.shop, one.agent) and meets(one.first, one.last)],
        session_sums=[one for one in facts.session_sums if mine(one[0], one[1]) and meets(one[2], one[2])],
        category_sums=[one for one in facts.category_sums if mine(one[0], one[1]) and meets(one[2], one[2])],
        hour_sums=[one for one in facts.hour_sums if mine(one[0], one[1])],
        hour_categories=[one for one in facts.hour_categories if mine(one[0], one[1])],
        window=window, by_agents=bool(selection.agents), kinds=facts.kinds,
    )  # fmt: skip


def _period(chance: random.Random) -> Period:
    first = chance.randrange(-4, DAYS)
    return Period(from_epoch_day(FIRST + first), from_epoch_day(FIRST + first + chance.randrange(DAYS)))


def _day(offset: int) -> Period:
    return Period.of_day(from_epoch_day(FIRST) + timedelta(days=offset))


def _reports(facts: Facts, chance: random.Random, shop: int, source: str) -> None:
    measures = [*chance.choice(GROUPS), *chance.sample(COUNTS, chance.randint(0, 12)), *chance.sample(RATES, 4)]
    accounts = [0, *AGENTS[shop], *(account for account, person in MERGED.items() if person in AGENTS[shop])]
    chosen = chance.sample(accounts, chance.randint(1, len(accounts)))
    lengths = chance.sample((1, 1, 2, 5, 7, 14, 30, 80), chance.randint(1, 3))
    patchy = chance.random() < 0.5
    for length in lengths:
        for first in range(0, DAYS, length):
            if length > 1 and chance.random() < 0.3:
                continue
            shift = chance.randrange(3) if length > 2 and chance.random() < 0.3 else 0
            for account in chosen:
                if patchy and chance.random() < 0.3:
                    continue
                _report(facts, chance, shop, source, account, (FIRST + first + shift, length), measures)


def _report(
    facts: Facts, chance: random.Random, shop: int, source: str, account: int, span: tuple[int, int],
    measures: list[str],
) -> None:  # fmt: skip
    first, length = span
    agent = MERGED.get(account, account)
    key = (shop, account, source, first, first + length - 1)
    if any((one.shop, one.account, one.source, one.first, one.last) == key for one in facts.reports):
        return
    batch = chance.randint(1, 20)
    given: dict[str, Reported] = {}
    for measure in measures:
        luck = chance.random()
        mine = (batch if chance.random() < 0.9 else chance.randint(1, 20),)
        if luck < 0.08:
            continue
        if luck < 0.14:
            given[measure] = Reported(None, True, mine)
        elif measure in RATES:
            given[measure] = Reported(round(chance.random() * chance.choice((1, 1, 60)), 4), luck > 0.9, mine)
        else:
            given[measure] = Reported(float(chance.choice((0, chance.randrange(200)))), luck > 0.9, mine)
    derive(given)
    facts.reports.append(Report(shop, agent, account, first, first + length - 1, source, given))


def _sessions(facts: Facts, chance: random.Random, shop: int) -> None:
    columns = ALL_COLUMNS if chance.random() < 0.5 else frozenset(chance.sample(sorted(ALL_COLUMNS), 8))
    for agent in chance.sample(AGENTS[shop], chance.randint(1, len(AGENTS[shop]))):
        for _ in range(chance.randint(1, 3)):
            first = chance.randrange(DAYS)
            last = min(first + chance.choice((0, 3, 9, 40)), DAYS - 1)
            had = columns if chance.random() < 0.7 else frozenset({"agent", "rating", "category"})
            facts.covered.append(Covered(shop, agent, FIRST + first, FIRST + last, had, chance.randint(21, 30)))
            for day in range(first, last + 1):
                if chance.random() < 0.8:
                    _session_day(facts, chance, shop, agent, FIRST + day)


def _session_day(facts: Facts, chance: random.Random, shop: int, agent: int, day: int) -> None:
    for category in chance.sample(("", "物流", "尺码", "售后"), chance.randint(1, 3)):
        sums: dict[str, float] = {name: chance.randrange(9) for name in chance.sample(SUMS, 9)}
        sums |= {
            "n": chance.randint(1, 30),
            "first_response_sum": round(chance.random() * 90, chance.choice((0, 1, 4))),
        }
        row = vector(**sums)
        facts.session_sums.append((shop, agent, day, row))
        facts.category_sums.append((shop, agent, day, category, row))
        hour = chance.randrange(24)
        facts.hour_sums.append((shop, agent, hour, row))
        facts.hour_categories.append((shop, agent, hour, category, int(sums["n"])))
