"""Ratings told apart: those a buyer was invited to (邀请) and those given unasked (自主). Data only.

Ids are the whole's with ``.invited`` or ``.self``. Sources: 生意参谋 接待评价, which has the three groups, and
session rows that say both whether the buyer was invited and what was rated.
"""

from __future__ import annotations

from csdesk.metrics.declaration import ANY, Direction, MetricDefinition, SessionRule
from csdesk.metrics.model import Unit
from csdesk.metrics.quantities import quantity as q
from csdesk.metrics.rules import Count, Ratio, Rule, Weighted

_GROUPS = {"invited": "邀请", "self": "自主"}
_FED_BY = "生意参谋 接待评价（分总、邀请、自主）、会话明细（是否邀评、评分列）"
_COLUMNS = (("invited", "rating"),)
_RATED = (("invited", "rated"), *_COLUMNS)
_WILSON = "95% 区间用 Wilson 方法；先加总再相除，不平均比率"


def _received(group: str, title: str) -> MetricDefinition:
    levels = "+".join(f"rated_{stars}.{group}" for stars in (5, 4, 3, 2, 1))
    return MetricDefinition(
        f"ratings_received.{group}", f"收到评价数（{title}）", Unit.COUNT, Direction.NEITHER,
        f"{title}来的评价数之和" if group == "invited" else "买家自己给的评价数之和", f"收到评价数（{title}）",
        rules={ANY: (Count(q(f"ratings_received.{group}", levels), f"{title}-收到评价数"),)},
        sessions=SessionRule(f"{group}_rated", needs=_RATED, label=f"有评价的会话（{title}）"),
        delay_days=3, fed_by=_FED_BY,
    )  # fmt: skip


def _share(of: str, group: str, *, name: str, stars: tuple[int, int], words: str) -> MetricDefinition:
    """A share of two levels among the ratings of a group."""
    title = _GROUPS[group]
    ratings = q(f"ratings_received.{group}", "+".join(f"rated_{one}.{group}" for one in (5, 4, 3, 2, 1)))
    top = "+".join(f"rated_{one}.{group}" for one in stars)
    good = of == "satisfaction_rate"
    rules: tuple[Rule, ...] = (
        Ratio(q(top), ratings, f"{title}-（{words}）/ {title}-收到评价数", words, "收到评价数", part=True),
    )
    if good:  # no export gives 不满意率 by group
        rules += (Weighted(f"{of}.{group}", (ratings,), f"{title}-报表{name} × 收到评价数", "收到评价数"),)
    return MetricDefinition(
        f"{of}.{group}", f"{name}({title})", Unit.RATE, Direction.HIGHER if good else Direction.LOWER,
        f"{title}评价中 （{words}）/ 收到评价数", words, f"{title}-收到评价数",
        rules={ANY: rules},
        sessions=SessionRule(
            f"{group}_rating_{'good' if good else 'bad'}", f"{group}_rating_n", _COLUMNS,
            f"{'4–5 分' if good else '1–2 分（抖店 1–3 分）'} / 有评分的会话（{title}）",
        ),
        delay_days=3, fed_by=_FED_BY, method=_WILSON,
    )  # fmt: skip


SPLIT: tuple[MetricDefinition, ...] = (
    *(_received(group, title) for group, title in _GROUPS.items()),
    *(_share("satisfaction_rate", group, name="满意率", stars=(5, 4), words="很满意 + 满意") for group in _GROUPS),
    *(_share("dissatisfaction_rate", group, name="不满意率", stars=(2, 1), words="不满 + 很不满") for group in _GROUPS),
)
