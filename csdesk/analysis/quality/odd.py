"""Odd values: what is looked for, how far is too far, and what the metrics are with and without them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from csdesk.analysis.quality.frame import BothWays, Odd, OddExample
from csdesk.analysis.quality.missing import measure_title, title_of
from csdesk.domain.filters import Filter
from csdesk.domain.period import from_epoch_day
from csdesk.ingest.layouts import catalogue
from csdesk.metrics.columns import Columns
from csdesk.metrics.declaration import source_title
from csdesk.metrics.definitions import DISTINCT, METRICS
from csdesk.metrics.engine import rows_of
from csdesk.metrics.facts import Facts, read_facts, with_changes
from csdesk.metrics.ruled import touches
from csdesk.metrics.view import View
from csdesk.stats.robust import far_above
from csdesk.store import agents, cleaned, outlier_rules, outliers, shops
from csdesk.store.database import Connection
from csdesk.store.kinds import KINDS
from csdesk.store.outlier_rules import (
    BACKWARDS,
    CAP,
    EXCLUDE,
    FAR,
    FUTURE,
    KEEP,
    LONG,
    MEASURE,
    SESSION,
    TWELVE_HOURS,
    ZERO,
    Rule,
    Rules,
    Subject,
    of_kind,
)  # fmt: skip
from csdesk.store.outliers import Example

_SHOWN = 50
_EPOCH = datetime(1970, 1, 1)
_RESPONSES = ("first_response", "avg_response", "first_response_window", "avg_response_window", "handle_time")
"""Durations of reports that speak of one reception; the others (在线时长) are sums of a day or more."""

_ADVICE = {
    ZERO: "多半是机器人自动回复，或导出时缺了数。不想让它拉低响应时长，就选“不计入”。",
    LONG: "多半是隔夜留言或忘了结束会话。选“截到 12 小时”可保留这条而不让它带偏平均数。",
    FAR: "可能是多打了几位数，也可能确有大单。请先看例子，再决定计不计入。",
    FUTURE: "日期比导入的那天还晚，多半是导出的日期写错了。请核对原表，改好后重新导入，或先不计入。",
    BACKWARDS: "结束比开始还早，时间写反了或写错了。它本来就不计入接待时长，请核对原表。",
}


def looked_for(conn: Connection) -> list[Subject]:
    """Everything that is looked for in the data at hand; the limits of amounts come from the data."""
    found = [
        Subject(SESSION, "first_response", ZERO),
        Subject(SESSION, "first_response", LONG, bound=TWELVE_HOURS),
        Subject(SESSION, "avg_response", ZERO),
        Subject(SESSION, "avg_response", LONG, bound=TWELVE_HOURS),
        Subject(SESSION, "ended_at", LONG, bound=TWELVE_HOURS),
        Subject(SESSION, "ended_at", BACKWARDS),
        Subject(SESSION, "started_at", FUTURE),
        *_far_rows(conn, SESSION, "paid_fen"),
        *(Subject(MEASURE, measure, ZERO) for measure in _RESPONSES),
        *(Subject(MEASURE, measure, LONG, bound=TWELVE_HOURS) for measure in _RESPONSES),
        Subject(MEASURE, "", FUTURE),
        *_far_reports(conn),
    ]
    for kind in KINDS.values():
        if kind.name != SESSION:
            found.append(Subject(kind.name, "", FUTURE))
            found += [Subject(kind.name, later, BACKWARDS) for table, later in outliers.AFTER if table == kind.name]
            for column in kind.columns:
                if column.endswith("_fen"):
                    found += _far_rows(conn, kind.name, column)
    return found


def _far_rows(conn: Connection, table: str, column: str) -> list[Subject]:
    by_shop: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for shop, amount, number in outliers.amounts(conn, table, column):
        by_shop[shop].append((amount, number))
    limits = {shop: far_above(*map(list, zip(*rows, strict=True))) for shop, rows in by_shop.items()}
    return [Subject(table, column, FAR, shop, bound=limit) for shop, limit in sorted(limits.items()) if limit]


def _far_reports(conn: Connection) -> list[Subject]:
    money = [info.id for info in catalogue().fields.values() if info.is_measure and info.kind == "money"]
    groups: dict[tuple[int, str, str, int], list[float]] = defaultdict(list)
    for shop, source, measure, whole, amount in outliers.report_amounts(conn, money):
        groups[shop, source, measure, whole].append(amount)
    limits = {key: far_above(values) for key, values in groups.items()}
    return [
        Subject(MEASURE, measure, FAR, shop, source, bool(whole), limit)
        for (shop, source, measure, whole), limit in sorted(limits.items())
        if limit
    ]


def find(conn: Connection, on_progress: Callable[[float], None] | None = None, *, both_ways: bool = True) -> list[Odd]:
    """Everything odd, most first, and whatever the owner decided about (also where nothing is left of it)."""
    rules = {rule.subject.key: rule for rule in outlier_rules.all_rules(conn)}
    subjects = [
        replace(subject, bound=rules[subject.key].subject.bound) if subject.key in rules else subject
        for subject in looked_for(conn)
    ]
    known = {subject.key for subject in subjects}
    subjects += [rule.subject for key, rule in rules.items() if key not in known]
    numbers = outliers.counts(conn, subjects)
    names = _Names(conn)
    found = [
        _odd(conn, subject, number, rules.get(subject.key), names)
        for subject, number in zip(subjects, numbers, strict=True)
        if number or subject.key in rules
    ]
    if both_ways:
        found = _with_metrics(conn, found, on_progress)
    return sorted(found, key=lambda odd: (not odd.actions, -odd.count, odd.id))


class _Names:
    """Shops and people by id."""

    def __init__(self, conn: Connection) -> None:
        self.shops = {shop.id: shop.name for shop in shops.all_shops(conn)}
        self.people = {agent.id: agent.name for agent in agents.all_agents(conn)}

    def who(self, shop: int, agent: int) -> str:
        """``店铺:名`` where there are several shops."""
        name = self.people.get(agent, "全店")
        return name if len(self.shops) < 2 else f"{self.shops.get(shop, '')}:{name}"


def _odd(conn: Connection, subject: Subject, number: int, rule: Rule | None, names: _Names) -> Odd:
    shown = tuple(_example(one, subject, names) for one in outliers.examples(conn, subject, _SHOWN)) if number else ()
    possible = (EXCLUDE, CAP) if subject.fault in (LONG, FAR) else (EXCLUDE,)
    affected = _affected(subject) and subject.fault != BACKWARDS
    return Odd(
        subject=subject,
        title=_title(subject),
        source=_source(subject, names),
        advice=_ADVICE[subject.fault] if affected or subject.fault == BACKWARDS else _NO_METRIC,
        count=number,
        examples=shown,
        actions=(KEEP, *possible) if affected else (),
        decided=rule.action if rule else "",
        limit=_written(subject, subject.bound) if subject.bound is not None else "",
    )


_NO_METRIC = "现在还没有指标用到这些数，先记在这里。请核对原表，改好后重新导入。"


def _affected(subject: Subject) -> list[str]:
    """Metrics a rule about it would touch."""
    if subject.kind not in (SESSION, MEASURE):
        return []
    rule = Rule(subject, EXCLUDE)
    return [metric.id for metric in DISTINCT if touches(rule, metric)]


def _title(subject: Subject) -> str:
    if subject.kind == MEASURE:
        column = measure_title(subject.field) if subject.field else "报表"
    else:
        column = title_of(subject.kind, subject.field) if subject.field else KINDS[subject.kind].title
    if subject.kind == SESSION and subject.field == "ended_at":
        column = "接待时长" if subject.fault == LONG else "会话"
    words = {
        ZERO: f"{column}是 0 秒",
        LONG: f"{column}超过 12 小时",
        FAR: f"{column}大得离平常太远",
        FUTURE: f"{'会话' if subject.kind == SESSION else column}的日期在将来",
        BACKWARDS: f"{column}的时间前后颠倒",
    }
    return words[subject.fault]


def _source(subject: Subject, names: _Names) -> str:
    if subject.kind != MEASURE:
        title = "会话明细" if subject.kind == SESSION else KINDS[subject.kind].title
    else:
        title = source_title(subject.source) if subject.source else "报表"
        title += "（全店）" if subject.whole else ""
    shop = names.shops.get(subject.shop_id, "") if len(names.shops) > 1 else ""
    return f"{shop} {title}".strip()


def _example(one: Example, subject: Subject, names: _Names) -> OddExample:
    if one.moment is not None:
        when = (_EPOCH + timedelta(seconds=one.moment)).strftime("%Y-%m-%d %H:%M")
    elif one.first_day == one.last_day:
        when = from_epoch_day(one.first_day).isoformat() if one.first_day else ""
    else:
        when = f"{from_epoch_day(one.first_day)} 至 {from_epoch_day(one.last_day)}"
    key = "" if subject.kind == MEASURE else one.key
    value = "" if subject.fault == FUTURE else _written(subject, one.value)
    if subject.fault == FUTURE and subject.kind == MEASURE:
        value = measure_title(one.key)
    return OddExample(when, names.who(one.shop_id, one.agent_id), value, key)


def _written(subject: Subject, value: float | None) -> str:
    if value is None:
        return ""
    if subject.fault == FAR:
        return f"¥{value / 100:,.2f}"
    return duration(value)


def duration(seconds: float) -> str:
    """``13小时5分``, ``2分34秒``, ``42.35秒``; a minus before what runs backwards."""
    sign, whole = ("−" if seconds < 0 else ""), abs(seconds)
    if whole >= 3600:
        hours, rest = divmod(round(whole / 60), 60)
        return f"{sign}{hours:,}小时" + (f"{rest}分" if rest else "")
    if whole >= 60:
        minutes, rest = divmod(round(whole), 60)
        return f"{sign}{minutes}分" + (f"{rest}秒" if rest else "")
    return f"{sign}{round(whole, 2):g}秒"


# ---------------------------------------------------------------- with and without


def _with_metrics(conn: Connection, found: Sequence[Odd], on_progress: Callable[[float], None] | None) -> list[Odd]:
    """Each with its metrics both ways, over all data, everything else as the owner decided."""
    decided = {rule.subject.key: rule for rule in outlier_rules.at_work(conn)}
    all_ways = _Ways(conn, sorted({name for odd in found if odd.actions for name in _affected(odd.subject)}))
    result = []
    for place, odd in enumerate(found):
        if odd.actions and odd.count:
            others = tuple(rule for key, rule in decided.items() if key != odd.subject.key)
            ways = {}
            for action in odd.actions:
                rules = others if action == KEEP else (*others, Rule(odd.subject, action))
                ways[action] = all_ways.under(rules)
            odd = replace(odd, metrics=_both_ways(odd, ways))  # noqa: PLW2901
        result.append(odd)
        if on_progress is not None:
            on_progress((place + 1) / len(found))
    return result


def _both_ways(odd: Odd, ways: dict[str, dict[str, float | None]]) -> tuple[BothWays, ...]:
    kept = ways[KEEP]
    found = []
    for name in _affected(odd.subject):
        values = [kept[name], *(ways[action][name] if action in ways else None for action in (EXCLUDE, CAP))]
        if any(value is not None for value in values) and any(
            ways[action][name] != kept[name] for action in ways if action != KEEP
        ):
            found.append(BothWays(name, METRICS[name].name, *values))
    return tuple(found)


class _Ways:
    """The metrics over all data under one set of rules and another; what the sets share is read once."""

    def __init__(self, conn: Connection, wanted: Sequence[str]) -> None:
        self._conn = conn
        self._metrics = [METRICS[name] for name in wanted]
        self._categories = any(one.sessions is not None and one.sessions.by_category for one in self._metrics)
        self._answers: dict[Rules, dict[str, float | None]] = {}
        self._bases: dict[Rules, Facts] = {}

    def under(self, rules: Rules) -> dict[str, float | None]:
        """By metric id."""
        if rules not in self._answers:
            (row,) = rows_of(View(Columns(self._facts(rules)), Filter()), None, self._metrics)
            self._answers[rules] = {
                name: float(value.value) if isinstance(value.value, int | float) else None
                for name, value in row.values.items()
            }
        return self._answers[rules]

    def _facts(self, rules: Rules) -> Facts:
        if any(rule.subject.fault == FUTURE for rule in rules):  # then the days the files cover are others too
            return self._read(rules)
        facts = self._read(of_kind(rules, MEASURE))
        changes = cleaned.corrections(self._conn, Filter(), of_kind(rules, SESSION))
        return replace(
            facts, rules=(), ruled=[],
            session_sums=with_changes(facts.session_sums, changes, categories=False),
            category_sums=with_changes(facts.category_sums, changes, categories=True),
        )  # fmt: skip

    def _read(self, rules: Rules) -> Facts:
        if rules not in self._bases:
            self._bases[rules] = read_facts(self._conn, Filter(), categories=self._categories, rules=rules)
        return self._bases[rules]
