"""The catalogue is whole: ids, words, measures and sums that exist."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from csdesk.domain.platforms import Platform
from csdesk.metrics.declaration import MetricDefinition
from csdesk.metrics.definitions import CATALOGUE, DERIVED, METRICS
from csdesk.metrics.engine import definitions
from csdesk.metrics.model import Unit
from csdesk.metrics.quantities import measures_of, quantity
from csdesk.metrics.rules import Ratio, Rule, Weighted
from csdesk.metrics.sum_names import ALL_SUMS
from csdesk.store.sessions import FIELDS

REPO = Path(__file__).resolve().parents[2]
REQUIRED = (
    "received", "invites_sent", "invite_rate", "ratings_received", "review_rate", "satisfaction_rate",
    "rating_distribution", "category_share", "resolution_rate", "first_response_mean", "avg_response_mean",
    "reply_rate", "response_3min_rate", "inquiry_buyers", "conversion_rate", "cs_sales",
)  # fmt: skip
each = pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.id)


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    """Measure ids that exports can feed, groups and derived amounts included."""
    fields = tomllib.loads((REPO / "resources/layouts/fields.toml").read_text("utf-8"))["measures"]
    known = set(fields) | {name for name, _ in DERIVED}
    return known | {
        f"{name}.{group}" for name, one in fields.items() if one.get("grouped") for group in ("invited", "self")
    }


def all_rules(metric: MetricDefinition) -> list[Rule]:
    return [rule for rules in metric.rules.values() for rule in rules]


def test_required_metrics_are_declared() -> None:
    assert set(REQUIRED) <= set(METRICS)
    ids = [metric.id for metric in CATALOGUE]
    assert len(ids) == len(set(ids))


@each
def test_words_are_there(metric: MetricDefinition) -> None:
    assert metric.name
    assert metric.formula
    assert metric.fed_by
    assert metric.rules or metric.sessions or metric.rows or metric.quotients or metric.peer
    if metric.unit is Unit.RATE:
        assert metric.numerator
        assert metric.denominator
        assert metric.method


@each
def test_measures_exist(metric: MetricDefinition, vocabulary: set[str]) -> None:
    for rule in all_rules(metric):
        used = set(rule.reads())
        if isinstance(rule, Ratio):
            used |= measures_of(rule.bottom)
        if isinstance(rule, Weighted):
            used |= {name for weight in rule.weights for name in measures_of(weight)}
        assert used <= vocabulary


@each
def test_sums_and_columns_exist(metric: MetricDefinition) -> None:
    rule = metric.sessions
    if rule is None:
        return
    texts = [rule.top, rule.bottom, *rule.tops.values(), *(text for _, text in rule.levels)]
    for text in texts:
        if text:
            assert measures_of(quantity(text)) <= set(ALL_SUMS)
    assert {column for columns in rule.needs for column in columns} <= set(FIELDS)


def test_derived_amounts_read_what_exists(vocabulary: set[str]) -> None:
    for _, wanted in DERIVED:
        assert measures_of(wanted) <= vocabulary


def test_delays_agree_with_the_vocabulary() -> None:
    fields = tomllib.loads((REPO / "resources/layouts/fields.toml").read_text("utf-8"))["measures"]
    for metric in CATALOGUE:
        delays = [
            fields[name.partition(".")[0]].get("delay_days", 0)
            for rule in all_rules(metric) for name in rule.reads() if name.partition(".")[0] in fields
        ]  # fmt: skip
        if delays and metric.id != "cs_sales":  # 最终付款 is late, 销售额 is not
            assert metric.delay_days == max(delays), metric.id


def test_no_invites_on_douyin() -> None:
    for metric in ("invites_sent", "invite_rate", "review_rate"):
        assert METRICS[metric].rules_of("feige", Platform.DOUYIN) == ()


def test_unknown_metric_is_the_askers_fault() -> None:
    with pytest.raises(Exception, match="没有名为 nps2 的指标"):
        definitions(["received", "nps2"])


def test_every_number_promised_is_declared() -> None:
    promised = (
        "consulted", "received", "received_buyers", "received_sessions", "invites_sent", "invite_rate",
        "ratings_received", "review_rate", "satisfaction_rate", "satisfaction_rate_window", "dissatisfaction_rate",
        "satisfaction_score", "rating_distribution", "nps",
        "first_response_mean", "first_response_mean_window", "first_response_median", "first_response_p90",
        "avg_response_mean", "avg_response_mean_window", "avg_response_median", "avg_response_p90",
        "response_buckets", "response_3min_rate", "response_3min_rate_window", "reply_rate",
        "handle_time_mean", "handle_time_median", "resolution_time_median", "sla_rate", "resolution_rate", "fcr",
        "accuracy_rate", "answer_question_ratio", "transfer_rate", "workload", "inquiry_buyers", "ordering_buyers",
        "paying_buyers", "conversion_rate", "cs_sales", "avg_order_value", "review_count", "positive_review_rate",
        "negative_review_rate", "review_delay", "review_reply_rate", "review_reply_delay", "return_visit_rate",
        "repurchase_rate", "retention", "churn", "complaint_rate", "refund_rate", "category_share",
        "peer_average", "peer_top",
    )  # fmt: skip
    assert [one for one in promised if one not in METRICS] == []
