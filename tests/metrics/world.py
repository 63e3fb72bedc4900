"""Facts by hand: reports and sessions written as the tests need them, without a store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from csdesk.domain.period import to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.engine import rows_of_facts
from csdesk.metrics.facts import Covered, Facts, Report, ShopInfo, derive
from csdesk.metrics.model import By, MetricRow, MetricValue
from csdesk.metrics.quantities import Reported
from csdesk.metrics.sum_rows import SumRows
from csdesk.store.sessions import SUM_NAMES

MONDAY = date(2026, 2, 16)
TAOBAO_SHOP, DOUYIN_SHOP = 1, 2
ALL_COLUMNS = frozenset(
    {
        "agent", "started_at", "ended_at", "first_response", "avg_response", "messages", "buyer_messages",
        "transferred", "category", "resolved", "invited", "rated", "rating",
    }
)  # fmt: skip
DELAYED = "延迟统计"


def vector(**sums: float) -> list[float]:
    """Session sums by name; the others are zero."""
    assert set(sums) <= set(SUM_NAMES)
    return [sums.get(name, 0.0) for name in SUM_NAMES]


class World:
    """Collects facts. Days are offsets from Monday 2026-02-16; agent 0 is the shop as a whole."""

    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        shops = {
            TAOBAO_SHOP: ShopInfo("立邦漆旗舰店", Platform.TAOBAO),
            DOUYIN_SHOP: ShopInfo("立邦抖店", Platform.DOUYIN),
        }
        self.facts = Facts(shops, dict(names or {10: "小美", 11: "小王", 20: "小美"}), {1: "甲.xlsx", 2: "乙.xlsx"})
        self.day = to_epoch_day(MONDAY)

    def report(
        self, source: str, agent: int, first: int, last: int | None = None, *, shop: int = TAOBAO_SHOP, batch: int = 1,
        account: int | None = None, inside_delay: bool = False, **measures: float | str | None,
    ) -> World:  # fmt: skip
        """One report; ``invites_sent__invited`` stands for ``invites_sent.invited``, DELAYED for 延迟统计."""
        given = {
            name.replace("__", "."): Reported(None, True, (batch,))
            if value == DELAYED
            else Reported(float(value), inside_delay, (batch,))
            for name, value in measures.items()
            if value is not None
        }
        derive(given)
        start, end = self.day + first, self.day + (first if last is None else last)
        self.facts.reports.append(Report(shop, agent, account or agent, start, end, source, given))
        return self

    def cover(
        self, agent: int, first: int, last: int | None = None, columns: frozenset[str] = ALL_COLUMNS, *,
        shop: int = TAOBAO_SHOP, batch: int = 2,
    ) -> World:  # fmt: skip
        """Days a session file speaks for."""
        end = self.day + (first if last is None else last)
        self.facts.covered.append(Covered(shop, agent, self.day + first, end, columns, batch))
        return self

    def sessions(
        self, agent: int, day: int, category: str | None = None, *, shop: int = TAOBAO_SHOP, **sums: float
    ) -> World:
        """Session sums of one day; ``n`` and whatever else was counted."""
        row = vector(**sums)
        self.facts.session_sums += SumRows.of_days([(shop, agent, self.day + day, *row)])
        if category is not None:
            self.facts.category_sums += SumRows.of_categories([(shop, agent, self.day + day, category, *row)])
        return self

    def during(self, first: int, last: int) -> World:
        """Narrow the selection's period; what does not touch it is dropped, as the store would."""
        window = (self.day + first, self.day + last)
        facts = self.facts
        facts.window = window
        facts.reports = [one for one in facts.reports if one.first <= window[1] and one.last >= window[0]]
        facts.covered = [one for one in facts.covered if one.first <= window[1] and one.last >= window[0]]
        for sums in ("session_sums", "category_sums"):
            rows = getattr(facts, sums)
            setattr(facts, sums, rows.where((rows.day >= window[0]) & (rows.day <= window[1])))
        return self

    def rows(self, by: By | None = None, *metrics: str) -> list[MetricRow]:
        """Rows of the whole world."""
        return rows_of_facts(self.facts, by, metrics or None)

    def value(self, metric: str) -> MetricValue:
        """One number of the whole world."""
        return self.rows(None, metric)[0].values[metric]

    def by(self, by: By, metric: str) -> dict[str | int | None, MetricValue]:
        """One number by key."""
        return {row.key: row.values[metric] for row in self.rows(by, metric)}
