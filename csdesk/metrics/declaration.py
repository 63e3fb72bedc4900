"""What is declared about a number, once: cards, tables, charts, exports and the engine read it here.

The entries themselves are data, in :mod:`csdesk.metrics.definitions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from csdesk.domain.platforms import Platform
from csdesk.metrics.model import Unit
from csdesk.metrics.rows.rules import Reducer
from csdesk.metrics.rules import Rule

SESSIONS = "sessions"
ANY = "*"
"""Key of the rules for sources that have none of their own."""

SOURCE_TITLES = {
    SESSIONS: "会话明细",
    "chitu": "赤兔",
    "sycm": "生意参谋",
    "feige": "飞鸽",
    "qianniu": "千牛 服务体验",
    "dsr": "店铺 DSR 评分",
    "pdd": "拼多多",
    "jd": "京东",
    "kuaishou": "快手",
    "team": "客服团队表",
    "own": "自己对列的表",
    "orders": "订单",
    "refunds": "退款售后",
    "reviews": "商品评价",
    "surveys": "满意度调查",
    "tickets": "工单",
    "invitations": "邀评记录",
    "messages": "聊天记录",
    "checks": "抽检",
}
"""Report families as they are called on the screen."""


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class SessionRule:
    """How session rows give the metric: sums of the roll-up (``csdesk.store.session_sums``).

    ``top`` and ``bottom`` are sums of sum names (``rating_4+rating_5``, ``5*rating_5+…``); no ``bottom`` = a
    count. ``needs`` are alternatives: sets of columns of which the file must have all of one. ``levels`` are
    the sums of a distribution. ``tops`` replaces ``top`` on a platform that counts otherwise. ``people``: what robots
    held does not count, be it told by rows or by a report about the robot.
    """

    top: str
    bottom: str = ""
    needs: tuple[tuple[str, ...], ...] = ((),)
    label: str = ""
    levels: tuple[tuple[str, str], ...] = ()
    tops: Mapping[Platform, str] = field(default_factory=dict)
    by_category: bool = False
    people: bool = False


@dataclass(frozen=True, slots=True)
class RowRule:
    """How rows kept one by one give the metric. ``kind`` as in :mod:`csdesk.store.kinds`.

    ``label`` is Chinese, ``missing`` what to say where rows are there but not what the metric needs of them.
    ``splits``: only for splits by these (By values; () = any). ``near``: the rows of the days asked for are enough,
    also of a kind that is read as a whole for other numbers. ``settles``: days after the day of a row until the number
    is as good as final (a refund comes days after its order). ``told``: a number of the rows that is 1 where their
    files tell what the metric needs; rows that have it, but are no case of the metric, are no lack of the files, and
    ``none`` says so.
    """

    kind: str
    reduce: Reducer
    label: str = ""
    missing: str = ""
    splits: tuple[str, ...] = ()
    near: bool = False
    settles: int = 0
    told: str = ""
    none: str = ""


@dataclass(frozen=True, slots=True)
class Quotient:
    """One metric of the catalogue over another, for numbers whose two sides come out of different files.

    ``top`` and ``bottom`` are counts; the value is ``factor`` × top / bottom, over the shops ``top`` is known of.
    """

    top: str
    bottom: str
    label: str
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """One entry of the catalogue.

    ``formula``, ``numerator``, ``denominator``, ``fed_by`` (the exports that feed it), ``method`` and ``note``
    are Chinese. ``rules`` by source, else by platform id, else ``ANY``: tried in order, report by report.
    ``delay_days``: days after the business day until a report's value is final. ``inferred``: the platforms
    publish no formula, this is ours. ``signed``: a ratio that may be negative. ``mixable`` False: never one number over
    several platforms.
    ``peer``: figures of peers as they were imported.
    ``rows``: tried in order where ``rules`` and ``sessions`` give nothing; with ``rows_first`` before them,
    with ``rows_before_sessions`` where these give it out of session rows alone.
    ``quotients``: tried in order where all of these give nothing.
    ``same_as``: the metric whose number it is, under another name; what lists every number's faults names it once.
    """

    id: str
    name: str
    unit: Unit
    direction: Direction
    formula: str
    numerator: str = ""
    denominator: str = ""
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    sessions: SessionRule | None = None
    delay_days: int = 0
    fed_by: str = ""
    method: str = ""
    note: str = ""
    inferred: bool = False
    signed: bool = False
    mixable: bool = True
    rows: tuple[RowRule, ...] = ()
    rows_first: bool = False
    rows_before_sessions: bool = False
    quotients: tuple[Quotient, ...] = ()
    same_as: str = ""
    peer: str = ""

    def rules_of(self, source: str, platform: Platform) -> tuple[Rule, ...]:
        """The rules for one report; empty where that source cannot give the metric."""
        for key in (source, str(platform), ANY):
            if key in self.rules:
                return self.rules[key]
        return ()


def source_title(source: str) -> str:
    """Chinese name of a report family."""
    return SOURCE_TITLES.get(source, source)
