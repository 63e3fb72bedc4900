"""The rules of the catalogue's head, case by case."""

from __future__ import annotations

from datetime import date

import pytest
from scipy.stats import binomtest

from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import By, MetricStatus, MetricValue
from csdesk.metrics.quotient import CONTRADICTION
from tests.metrics.world import ALL_COLUMNS, DELAYED, DOUYIN_SHOP, World

LEVELS = ("rated_5", "rated_4", "rated_3", "rated_2", "rated_1")


def levels(*counts: float) -> dict[str, float | str | None]:
    return dict(zip(LEVELS, counts, strict=True))


def reasons(value: MetricValue) -> set[str]:
    return {one.reason for one in value.left_out}


# ------------------------------------------------------------------ counts first


def test_rate_is_sum_over_sum_not_mean_of_days() -> None:
    world = World().report("chitu", 10, 0, **levels(1, 0, 0, 0, 0)).report("chitu", 10, 1, **levels(80, 10, 5, 3, 2))
    value = world.value("satisfaction_rate")
    assert value.value == 91 / 101
    assert (value.numerator, value.denominator, value.n) == (91, 101, 101)
    theirs = binomtest(91, 101).proportion_ci(method="wilson")
    assert (value.low, value.high) == pytest.approx((theirs.low, theirs.high))
    assert not value.small


def test_counts_win_over_the_given_rate() -> None:
    assert (
        World().report("chitu", 10, 0, satisfaction_rate=0.5, **levels(8, 0, 1, 0, 0)).value("satisfaction_rate").value
        == 8 / 9
    )


def test_given_rate_is_weighted_where_no_counts_are() -> None:
    world = World()
    world.report("sycm", 10, 0, satisfaction_rate=0.8, ratings_received=10)
    world.report("sycm", 11, 0, satisfaction_rate=1.0, ratings_received=90)
    value = world.value("satisfaction_rate")
    assert value.value == pytest.approx(98 / 100)
    assert value.n == 100


def test_middling_is_not_satisfied_and_dissatisfied_is_not_the_rest() -> None:
    world = World().report("chitu", 10, 0, **levels(5, 1, 2, 1, 1))
    assert world.value("satisfaction_rate").value == 0.6
    assert world.value("dissatisfaction_rate").value == 0.2
    assert world.value("satisfaction_score").value == pytest.approx((25 + 4 + 6 + 2 + 1) / 10)
    assert world.value("rating_distribution").value == {
        "很满意": 0.5, "满意": 0.1, "一般": 0.2, "不满": 0.1, "很不满": 0.1,
    }  # fmt: skip


def test_a_cell_with_one_part_missing_is_left_out_and_named() -> None:
    world = (
        World()
        .report("chitu", 10, 0, rated_5=5, rated_4=0)
        .report("chitu", 10, 1, ratings_received=4, rated_5=3, rated_4=0)
    )
    value = world.value("satisfaction_rate")
    assert value.value == 0.75
    assert reasons(value) == {"缺少收到评价数"}
    assert value.left_out[0].period is not None
    assert value.left_out[0].period.first == date(2026, 2, 16)


# ------------------------------------------------------------------ weights


def test_response_times_are_weighted() -> None:
    world = World()
    world.report("chitu", 10, 0, first_response=10, avg_response=20, received=90)
    world.report("chitu", 11, 0, first_response=110, avg_response=120, received=10)
    assert world.value("first_response_mean").value == pytest.approx(20)
    assert world.value("avg_response_mean").value == pytest.approx(30)


def test_average_response_prefers_rounds_then_sessions_then_people() -> None:
    world = World()
    world.report("qn", 10, 0, avg_response=10, response_rounds=100, received_sessions=1, received=1)
    world.report("qn", 11, 0, avg_response=40, received_sessions=50, received=9)
    assert world.value("avg_response_mean").value == pytest.approx((10 * 100 + 40 * 50) / 150)


def test_weight_may_come_from_another_source_of_the_same_span() -> None:
    world = World()
    world.report("sycm", 10, 0, first_response=30, batch=1)
    world.report("chitu", 10, 0, received=20, batch=2)
    world.report("sycm", 11, 0, first_response=10, received=60, batch=1)
    value = world.value("first_response_mean")
    assert value.value == pytest.approx((30 * 20 + 10 * 60) / 80)
    assert value.sources == ("chitu", "sycm")
    assert value.files == ("乙.xlsx", "甲.xlsx")
    assert value.notes == ("权重取自同一店铺、客服和时段的另一个文件：乙.xlsx",)


def test_weight_of_another_span_is_no_weight() -> None:
    world = World().report("sycm", 10, 0, first_response=30).report("chitu", 10, 0, 6, received=20)
    assert world.value("first_response_mean").status is MetricStatus.NOT_SUMMABLE


def test_no_weight_shows_its_own_row_and_no_sum() -> None:
    world = World().report("sycm", 10, 0, response_3min_rate=0.9, received=5)
    world.report("sycm", 11, 0, response_3min_rate=0.7, received=5)
    total = world.value("response_3min_rate")
    assert (total.value, total.status, total.n) == (None, MetricStatus.NOT_SUMMABLE, None)
    each = world.by(By.AGENT, "response_3min_rate")
    assert {key: value.value for key, value in each.items()} == {"小美": 0.9, "小王": 0.7}
    assert {value.status for value in each.values()} == {MetricStatus.NOT_SUMMABLE}


def test_an_unweighted_rate_is_left_out_beside_weighted_ones() -> None:
    world = World().report("chitu", 10, 0, reply_rate=0.5).report("chitu", 11, 0, reply_rate=0.9, consulted=40)
    value = world.value("reply_rate")
    assert value.value == pytest.approx(0.9)
    assert reasons(value) == {"只有比率，没有咨询人数，不可汇总"}


def test_unreplied_wins_over_reply_rate() -> None:
    value = World().report("chitu", 10, 0, consulted=98, unreplied=2, reply_rate=1.0).value("reply_rate")
    assert (value.numerator, value.denominator) == (96, 98)


# ------------------------------------------------------------------ invitations


def test_chitu_invites_are_what_was_shown() -> None:
    world = World().report("chitu", 10, 0, received=39, participation_rate=0.5294, **levels(8, 0, 1, 0, 0))
    world.report("chitu", 11, 0, received=27, shown_rate=0.4815, participation_rate=0.1538, **levels(2, 0, 0, 0, 0))
    assert world.value("invites_sent").value == 30
    assert world.value("invite_rate").value == pytest.approx(30 / 66)
    assert world.value("review_rate").value == pytest.approx(11 / 30)
    assert world.value("ratings_received").value == 11


def test_what_was_shown_is_unknown_where_nobody_rated() -> None:
    world = World().report("chitu", 10, 0, received=39, participation_rate=0.5294, **levels(8, 0, 1, 0, 0))
    world.report("chitu", 11, 0, received=27, participation_rate=0, **levels(0, 0, 0, 0, 0))
    sent, rate = world.value("invites_sent"), world.value("invite_rate")
    assert (sent.value, rate.value) == (17, 17 / 39)
    assert reasons(sent) == {"缺少展示量（收到 0 个评价时推不出来）"}
    assert reasons(rate) == {"缺少邀评数"}


def test_invites_of_exports_that_count_conversations_only() -> None:
    world = World().report("jd", 10, 0, received_sessions=80, invites_sent=40, ratings_received=10)
    value = world.value("invite_rate")
    assert (value.numerator, value.denominator, value.variant) == (40, 80, "发出评价数 / 接待会话量")


def test_sycm_invites_are_the_invited_group() -> None:
    world = World().report(
        "sycm", 0, 0, received=100, invites_sent=60, invites_sent__invited=50, invites_sent__self=10,
        ratings_received=30, ratings_received__invited=20, ratings_received__self=10,
    )  # fmt: skip
    assert world.value("invites_sent").value == 50
    assert world.value("invite_rate").value == 0.5
    assert world.value("review_rate").value == 0.4
    assert world.value("ratings_received").value == 30


def test_sycm_without_groups_uses_all() -> None:
    world = World().report("sycm", 0, 0, received=100, invites_sent=60, ratings_received=30)
    assert world.value("invites_sent").value == 60
    assert world.value("review_rate").value == 0.5
    assert "未分邀请" in world.value("invites_sent").variant


def test_douyin_has_no_invites() -> None:
    world = World().report("feige", 20, 0, shop=DOUYIN_SHOP, received_sessions=50, ratings_good=9, ratings_bad=1)
    for metric in ("invites_sent", "invite_rate", "review_rate"):
        value = world.value(metric)
        assert (value.value, value.status) == (None, MetricStatus.NOT_PROVIDED)
    assert world.value("satisfaction_rate").value == 0.9
    assert world.value("rating_distribution").value == {"好评": 0.9, "差评": 0.1}
    assert world.value("satisfaction_score").status is MetricStatus.NOT_PROVIDED


# ------------------------------------------------------------------ missing, zero, late


def test_nothing_imported_is_no_data_for_every_metric() -> None:
    (row,) = World().rows()
    assert row.key is None
    assert set(row.values) == set(METRICS)
    assert {value.status for value in row.values.values()} == {MetricStatus.NO_DATA}
    assert {value.value for value in row.values.values()} == {None}


def test_no_denominator_is_no_data_never_zero() -> None:
    value = World().report("chitu", 10, 0, received=0, **levels(0, 0, 0, 0, 0)).value("satisfaction_rate")
    assert (value.value, value.status, value.low, value.small) == (None, MetricStatus.NO_DATA, None, False)
    assert World().report("chitu", 10, 0, received=0).value("received").value == 0


def test_one_rating_has_a_value_and_is_small() -> None:
    value = World().report("chitu", 10, 0, **levels(1, 0, 0, 0, 0)).value("satisfaction_rate")
    assert (value.value, value.n, value.small, value.high) == (1.0, 1, True, 1.0)
    assert value.low == pytest.approx(0.2065, abs=5e-5)


def test_delayed_only_is_provisional_and_null() -> None:
    world = World().report("chitu", 10, 0, received=5, inquiry_buyers=DELAYED, conversion_rate=DELAYED)
    for metric in ("inquiry_buyers", "conversion_rate"):
        value = world.value(metric)
        assert (value.value, value.status) == (None, MetricStatus.PROVISIONAL)
        assert value.provisional_days == (date(2026, 2, 16),)
    assert world.value("received").status is MetricStatus.OK


def test_a_final_day_makes_it_ok_with_the_late_days_named() -> None:
    world = (
        World()
        .report("chitu", 10, 0, inquiry_buyers=15, conversion_rate=0.1333)
        .report("chitu", 10, 1, inquiry_buyers=DELAYED)
    )
    value = world.value("inquiry_buyers")
    assert (value.value, value.status) == (15, MetricStatus.OK)
    assert value.provisional_days == (date(2026, 2, 17),)
    assert reasons(value) == {"延迟统计，数值还没出"}


def test_values_inside_their_delay_are_provisional() -> None:
    world = World().report("chitu", 10, 0, inquiry_buyers=15, inside_delay=True)
    assert world.value("inquiry_buyers").status is MetricStatus.PROVISIONAL
    assert world.value("inquiry_buyers").value == 15
    world.report("chitu", 10, 1, inquiry_buyers=5)
    value = world.value("inquiry_buyers")
    assert (value.value, value.status, value.provisional_days) == (20, MetricStatus.OK, (date(2026, 2, 16),))


def test_an_idle_agent_leaves_no_day_open() -> None:
    world = World().report("chitu", 10, 0, ratings_received=9, rated_5=9, rated_4=0)
    world.report("chitu", 11, 0, ratings_received=0, rated_5=0, rated_4=0, inside_delay=True)
    value = world.value("satisfaction_rate")
    assert (value.status, value.provisional_days) == (MetricStatus.OK, ())
    world.report("chitu", 12, 0, ratings_received=1, rated_5=0, rated_4=0, inside_delay=True)
    assert world.value("satisfaction_rate").provisional_days == (date(2026, 2, 16),)


def test_a_source_that_cannot_is_not_provided_a_blank_cell_is_no_data() -> None:
    world = World().report("chitu", 10, 0, received=5, **levels(1, 0, 0, 0, 0)).report("chitu", 11, 0, received=3)
    assert world.by(By.AGENT, "satisfaction_rate")["小王"].status is MetricStatus.NO_DATA
    assert world.by(By.AGENT, "conversion_rate")["小王"].status is MetricStatus.NOT_PROVIDED


def test_more_ratings_than_invites_give_no_rate_and_it_is_said() -> None:
    value = World().report("sycm", 0, 0, invites_sent=5, ratings_received=6).value("review_rate")
    assert (value.value, value.status, value.low, value.high) == (None, MetricStatus.NO_DATA, None, None)
    assert (value.numerator, value.denominator) == (6, 5)
    assert value.notes == (CONTRADICTION,)


# ------------------------------------------------------------------ one source, overlaps


def test_five_days_and_the_week_give_the_week_once() -> None:
    world = World()
    for day in range(5):
        world.report("chitu", 10, day, received=10)
    world.report("chitu", 10, 0, 6, received=70)
    assert world.value("received").value == 70
    days = world.by(By.DAY, "received")
    assert [days[f"2026-02-{day}"].value for day in range(16, 23)] == [10] * 5 + [None] * 2
    assert reasons(days["2026-02-21"]) == {"管的天数超出这里的范围，拆不开"}
    assert {key: value.value for key, value in world.by(By.WEEK, "received").items()} == {"2026-02-16": 70}


def test_a_period_inside_the_week_takes_the_days() -> None:
    world = World()
    for day in range(5):
        world.report("chitu", 10, day, received=10)
    world.report("chitu", 10, 0, 6, received=70).during(1, 3)
    value = world.value("received")
    assert value.value == 30
    assert [(str(one.period), one.reason) for one in value.left_out] == [
        ("2026-02-16..2026-02-22", "管的天数超出这里的范围，拆不开")
    ]


def test_a_week_over_two_months_counts_for_neither() -> None:
    world = World().report("chitu", 10, 7, 13, received=70)  # 2026-02-23..2026-03-01
    assert {key: value.value for key, value in world.by(By.MONTH, "received").items()} == {
        "2026-02": None, "2026-03": None,
    }  # fmt: skip
    assert world.by(By.WEEK, "received")["2026-02-23"].value == 70


def test_agents_choose_each_for_themselves() -> None:
    world = (
        World()
        .report("chitu", 10, 0, received=1)
        .report("chitu", 10, 0, 6, received=7)
        .report("chitu", 11, 0, received=3)
    )
    assert world.value("received").value == 10


def test_sessions_win_over_reports_for_their_days_and_agents() -> None:
    world = World().cover(10, 0, 1).sessions(10, 0, n=4).sessions(10, 1, n=5)
    for day in range(3):
        world.report("chitu", 10, day, received=10).report("chitu", 11, day, received=20)
    value = world.value("received")
    assert value.value == 9 + 10 + 60
    assert value.sources == ("sessions", "chitu")
    assert "这些天以会话明细为准" in reasons(value)
    assert value.files == ("乙.xlsx", "甲.xlsx")


def test_a_covered_day_without_sessions_counts_as_none() -> None:
    world = World().cover(10, 0, 2).sessions(10, 0, n=4).report("chitu", 10, 1, received=10)
    assert world.value("received").value == 4
    assert world.by(By.DAY, "received")["2026-02-17"].value == 0


def test_sessions_count_only_for_metrics_whose_columns_they_have() -> None:
    world = World().cover(10, 0, columns=frozenset({"agent", "started_at"})).sessions(10, 0, n=4)
    world.report("chitu", 10, 0, received=10, **levels(8, 0, 2, 0, 0))
    assert world.value("received").value == 4
    assert world.value("satisfaction_rate").value == 0.8
    assert world.value("satisfaction_rate").sources == ("chitu",)


def test_shop_rows_win_over_the_sum_of_agents() -> None:
    world = World().report("sycm", 0, 0, received=100)
    for day in range(2):
        world.report("chitu", 10, day, received=30).report("chitu", 11, day, received=40)
    assert world.value("received").value == 100 + 70
    assert world.by(By.AGENT, "received")["小美"].value == 60
    assert {key: value.value for key, value in world.by(By.SOURCE, "received").items()} == {"chitu": 140, "sycm": 100}


def test_shop_rows_without_the_metric_do_not_stand_in_its_way() -> None:
    world = World().report("sycm", 0, 0, received=100).report("chitu", 10, 0, received=30, avg_response=12)
    value = world.value("avg_response_mean")
    assert (value.value, value.sources) == (12, ("chitu",))


def test_two_accounts_of_one_person_add_up() -> None:
    world = World().report("chitu", 10, 0, received=30, avg_response=10)
    world.report("chitu", 10, 0, received=10, avg_response=50, account=12)
    assert world.value("received").value == 40
    assert world.value("avg_response_mean").value == pytest.approx(20)


# ------------------------------------------------------------------ platforms


def two_platforms() -> World:
    world = World().report(
        "chitu", 10, 0, received=10, inquiry_buyers=10, paying_buyers=2, sales_amount=1000, **levels(9, 0, 1, 0, 0)
    )
    return world.report(
        "feige", 20, 0, shop=DOUYIN_SHOP, received_sessions=30, inquiry_buyers=10, ordering_buyers=5, sales_amount=500,
        ratings_good=5, ratings_bad=5,
    )  # fmt: skip


def test_conversions_of_two_platforms_are_never_one_number() -> None:
    value = two_platforms().value("conversion_rate")
    assert (value.value, value.status, value.n) == (None, MetricStatus.NOT_SUMMABLE, None)
    assert [(part.key, part.value) for part in value.parts] == [("taobao", 0.2), ("douyin", 0.5)]
    each = two_platforms().by(By.PLATFORM, "conversion_rate")
    assert {key: one.value for key, one in each.items()} == {"taobao": 0.2, "douyin": 0.5}


def test_a_number_over_platforms_says_so_and_lists_the_parts() -> None:
    value = two_platforms().value("satisfaction_rate")
    assert value.value == 14 / 20
    assert value.variant.startswith("含多个平台（淘宝/天猫、抖店），口径不同")
    assert [part.value for part in value.parts] == [0.9, 0.5]
    assert two_platforms().value("cs_sales").value == 1500
    assert two_platforms().value("received").value == 40


def test_level_sets_that_differ_are_not_mixed() -> None:
    value = two_platforms().value("rating_distribution")
    assert (value.value, value.status) == (None, MetricStatus.NOT_SUMMABLE)


def test_taobao_conversion_is_final_payment_and_feige_is_orders() -> None:
    world = World().report("sycm", 0, 0, inquiry_buyers=17, paying_buyers=3, ordering_buyers=9)
    assert world.value("conversion_rate").value == 3 / 17
    world = World().report("chitu", 10, 0, inquiry_buyers=20, conversion_rate=0.1)
    world.report("chitu", 11, 0, inquiry_buyers=80, conversion_rate=0.2)
    assert world.value("conversion_rate").value == pytest.approx(0.18)


def test_same_names_in_two_shops_get_the_shop() -> None:
    keys = [row.key for row in two_platforms().rows(By.AGENT, "received")]
    assert sorted(map(str, keys)) == ["立邦抖店:小美", "立邦漆旗舰店:小美"]
    assert [row.key for row in World().report("chitu", 10, 0, received=1).rows(By.AGENT, "received")] == ["小美"]


# ------------------------------------------------------------------ sessions


def session_world() -> World:
    world = World().cover(10, 0, 1).cover(11, 0, 1)
    world.sessions(
        10, 0, "物流", n=40, invited_known=40, invited=20, rated=12, invited_rated_known=20, invited_rated=10,
        rating_5=6, rating_4=2, rating_3=2, rating_2=1, rating_1=1, resolved_known=10, resolved=7,
        first_response_n=38, first_response_sum=380, first_response_180=36, avg_response_n=38, avg_response_sum=760,
        reply_known=40, unreplied=2,
    )  # fmt: skip
    world.sessions(
        11,
        1,
        "退换",
        n=10,
        invited_known=10,
        invited=10,
        invited_rated_known=10,
        first_response_n=2,
        first_response_sum=220,
    )
    return world.sessions(11, 1, "", n=10)


@pytest.mark.parametrize(
    ("metric", "value", "n"),
    [
        ("received", 60, None),
        ("invites_sent", 30, None),
        ("invite_rate", 30 / 50, 50),
        ("ratings_received", 12, None),
        ("review_rate", 10 / 30, 30),
        ("satisfaction_rate", 8 / 12, 12),
        ("dissatisfaction_rate", 2 / 12, 12),
        ("resolution_rate", 0.7, 10),
        ("first_response_mean", 15, 40),
        ("avg_response_mean", 20, 38),
        ("response_3min_rate", 36 / 42, 42),
        ("reply_rate", 38 / 40, 40),
    ],
)
def test_metrics_out_of_sessions(metric: str, value: float, n: float | None) -> None:
    found = session_world().value(metric)
    assert found.value == pytest.approx(value)
    assert found.n == n
    assert found.sources == ("sessions",)


def test_category_shares_leave_the_unclassified_beside() -> None:
    value = session_world().value("category_share")
    assert value.value == {"物流": 0.8, "退换": 0.2}
    assert value.extra == {"unclassified": pytest.approx(10 / 60)}
    rows = session_world().by(By.CATEGORY, "category_share")
    assert {key: one.value for key, one in rows.items()} == {"物流": 0.8, "退换": 0.2, "未分类": None}
    assert session_world().by(By.CATEGORY, "invite_rate")["退换"].value == 1.0


def test_a_weekday_is_made_of_its_sessions_and_daily_reports() -> None:
    world = session_world().report("chitu", 12, 0, received=99, sales_amount=500)
    world.report("chitu", 12, 0, 6, received=700)
    assert {key: one.value for key, one in world.by(By.WEEKDAY, "received").items() if key < 3} == {1: 139, 2: 20}
    assert world.by(By.WEEKDAY, "cs_sales")[1].value == 500
    assert world.by(By.WEEKDAY, "cs_sales")[2].status is MetricStatus.NO_DATA
    assert world.by(By.PRODUCT, "received") == {}


def test_douyin_counts_three_stars_as_dissatisfied() -> None:
    world = World().cover(20, 0, shop=DOUYIN_SHOP)
    world.sessions(20, 0, shop=DOUYIN_SHOP, n=4, rating_5=1, rating_3=2, rating_1=1)
    assert world.value("dissatisfaction_rate").value == 0.75
    assert world.value("satisfaction_rate").value == 0.25


def test_files_without_the_column_do_not_make_it_unknown_zero() -> None:
    world = World().cover(10, 0, columns=ALL_COLUMNS - {"invited"}).sessions(10, 0, n=5)
    value = world.value("invite_rate")
    assert (value.value, value.status) == (None, MetricStatus.NOT_PROVIDED)


def test_the_selection_of_agents_needs_no_shop_rows() -> None:
    world = World().report("chitu", 10, 0, received=30)
    world.facts.by_agents = True
    assert world.value("received").value == 30
