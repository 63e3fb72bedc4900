"""``weights`` on the command line, and what it does to ``analyse agents``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.commands.conftest import Answer

Cli = Callable[..., Answer]


def test_weights_are_listed_set_and_reset(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    listed = {one["metric"]: one for one in cli("weights", "--json").json["weights"]}
    assert sum(one["share"] for one in listed.values()) == 1
    assert listed["satisfaction_rate"]["own"] is False
    assert cli("weights", "set", "satisfaction_rate", "60").code == 0
    weights = {one["metric"]: one for one in cli("analyse", "agents", "--json").json["scores"]["weights"]}
    assert weights["satisfaction_rate"]["weight"] == 60
    assert cli("weights", "set", "nps", "5").code == 1
    assert cli("weights", "set", "satisfaction_rate", "-5").code == 1
    assert cli("weights", "set", "transfer_rate", "10").code == 0  # not among the page's own measures
    assert "transfer_rate" in {one["metric"] for one in cli("analyse", "agents", "--json").json["scores"]["weights"]}
    assert cli("weights", "reset").code == 0
    assert {one["own"] for one in cli("weights", "--json").json["weights"]} == {False}
    assert "满意率" in cli("weights").out


def test_answers_of_the_agents_page(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    answer = cli("analyse", "agents", "--json").json
    assert {"scores", "ranking", "funnel_plot", "fair_comparison", "workload", "agent_cards"} <= set(answer)
    assert answer["fair_comparison"][0]["status"] == "no_rows"
    names = {one["agent"] for one in answer["scores"]["agents"]}
    assert names == {card["agent"] for card in answer["agent_cards"]}
    assert names


def test_somebody_chosen_keeps_his_place_among_all(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    everybody = cli("analyse", "agents", "--json").json
    name = everybody["scores"]["agents"][0]["agent"]
    alone = cli("analyse", "agents", "--agent", name, "--json").json
    assert alone["scores"]["agents"] == everybody["scores"]["agents"][:1]
    assert [card["agent"] for card in alone["agent_cards"]] == [name]
    assert [one["agent"] for one in alone["workload"]["agents"]] == [name]
    places = {one["metric"]: [row for row in one["places"] if row["agent"] == name] for one in everybody["ranking"]}
    assert {one["metric"]: one["places"] for one in alone["ranking"] if one["places"]} == {
        metric: rows for metric, rows in places.items() if rows
    }
