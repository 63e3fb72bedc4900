"""``metrics`` and ``analyse`` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from csdesk.metrics.definitions import METRICS
from tests.commands.conftest import Answer

Cli = Callable[..., Answer]

VALUE_KEYS = {
    "value", "unit", "numerator", "denominator", "n", "low", "high", "small", "status", "variant", "sources",
    "left_out",
}  # fmt: skip
PROMISED = (
    "received", "invites_sent", "invite_rate", "ratings_received", "review_rate", "satisfaction_rate",
    "rating_distribution", "category_share", "resolution_rate", "first_response_mean", "avg_response_mean",
    "reply_rate", "response_3min_rate", "inquiry_buyers", "conversion_rate", "cs_sales",
)  # fmt: skip


def test_without_data_every_number_says_so(cli: Cli) -> None:
    (row,) = cli("metrics", "--json").json["rows"]
    assert row["key"] is None
    assert set(PROMISED) <= set(row["metrics"]) == set(METRICS)
    assert {value["status"] for value in row["metrics"].values()} == {"no_data"}
    assert all(value["value"] is None for value in row["metrics"].values())


def test_numbers_of_a_day(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    answer = cli("metrics", "--from", "2026-03-02", "--to", "2026-03-02", "--json").json
    values = answer["rows"][0]["metrics"]
    assert set(values["invite_rate"]) >= VALUE_KEYS
    assert values["received"]["value"] == 66
    assert values["invites_sent"]["value"] == 30
    assert values["invite_rate"]["value"] == pytest.approx(30 / 66, abs=1e-12)
    assert values["review_rate"]["value"] == pytest.approx(11 / 30, abs=1e-12)
    assert (values["satisfaction_rate"]["numerator"], values["satisfaction_rate"]["n"]) == (10, 11)
    assert values["satisfaction_rate"]["small"] is True
    assert sum(values["rating_distribution"]["value"].values()) == pytest.approx(1)
    assert values["conversion_rate"]["status"] == "not_provided"


def test_keys_of_groups(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)

    def keys(by: str) -> list[object]:
        return [row["key"] for row in cli("metrics", "--by", by, "--metric", "received", "--json").json["rows"]]

    assert keys("agent") == ["小美", "阿杰"]
    assert keys("day") == ["2026-03-02"]
    assert keys("week") == ["2026-03-02"]
    assert keys("month") == ["2026-03"]
    assert keys("shop") == ["木林森旗舰店"]
    assert keys("platform") == ["taobao"]
    assert keys("source") == ["chitu"]


def test_selection_by_name(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    (row,) = cli("metrics", "--agent", "木林森旗舰店:小美", "--metric", "received", "--json").json["rows"]
    assert row["metrics"]["received"]["value"] == 27
    unknown = cli("metrics", "--shop", "别家")
    assert (unknown.code, "木林森旗舰店" in unknown.err) == (1, True)
    assert cli("metrics", "--metric", "happiness").code == 2


def test_analyse_promises_and_repeats(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    answer = cli("analyse", "invites", "--json", "--repeat", "3").json
    assert {"page", "filter", "compare", "kpis", "decompositions", "attention", "findings", "charts"} <= set(answer)
    assert len(answer["timings_ms"]) == 3
    kpi = next(each for each in answer["kpis"] if each["metric"] == "invite_rate")
    assert kpi["value"] == pytest.approx(30 / 66)
    assert kpi["change"]["verdict"] == "no_data"
    charts = {chart["id"] for chart in cli("charts", "--json").json["charts"]}
    assert set(answer["charts"]) <= charts


def test_the_trend_by_day_week_and_month(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    scope = ("--from", "2026-03-01", "--to", "2026-04-10")
    firsts = {}
    for grain in ("day", "week", "month"):
        answer = cli("analyse", "response", *scope, "--grain", grain, "--json").json
        assert answer["grain"] == grain
        firsts[grain] = [step["first"] for step in answer["trend"]]
    assert [len(steps) for steps in firsts.values()] == [41, 7, 2]
    assert firsts["week"][1] == "2026-03-02"
