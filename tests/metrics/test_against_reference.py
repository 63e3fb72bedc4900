"""The engine on columns against the engine as first written: every field of every number, on random facts."""

from __future__ import annotations

import random

import pytest

from csdesk.domain.filters import Filter
from csdesk.metrics.columns import Columns
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.engine import definitions, rows_of, rows_of_facts
from csdesk.metrics.facts import Facts
from csdesk.metrics.model import By
from csdesk.metrics.view import View
from tests.metrics.random_worlds import cut, facts_of, selections
from tests.metrics.reference.engine import rows_of_facts as reference_rows

SPLITS = (None, *By)


def differences(facts: Facts, whole: Facts, selection: Filter) -> list[str]:
    """Fields in which the two engines differ for one selection, over all splits."""
    view = View(Columns(whole), selection, (facts.hour_sums, facts.hour_categories))
    found = []
    for by in SPLITS:
        if by is By.CATEGORY and not any(True for _ in facts.category_sums):
            continue
        wanted = reference_rows(facts, by)
        got = rows_of(view, by, definitions(None))
        keys = [(row.key, row.agent_id, row.period, row.kind) for row in wanted]
        if keys != [(row.key, row.agent_id, row.period, row.kind) for row in got]:
            found.append(f"{by}: rows {keys} != {[(row.key, row.agent_id, row.period, row.kind) for row in got]}")
            continue
        for theirs, ours in zip(wanted, got, strict=True):
            for metric in METRICS:
                one, other = theirs.values[metric], ours.values[metric]
                if one != other:
                    fields = [name for name in one.__slots__ if getattr(one, name) != getattr(other, name)]
                    found += [
                        f"{by} {theirs.key} {metric}.{name}: {getattr(one, name)!r} != {getattr(other, name)!r}"
                        for name in fields
                    ]
    return found


@pytest.mark.parametrize("seed", range(5))
def test_same_numbers_as_the_reference(seed: int) -> None:
    whole = facts_of(seed)
    for selection in selections(random.Random(seed)):
        facts = cut(whole, selection)
        assert differences(facts, whole, selection)[:10] == []


@pytest.mark.parametrize("seed", [100, 101])
def test_facts_by_hand_are_a_selection_of_their_own(seed: int) -> None:
    whole = facts_of(seed)
    facts = cut(whole, selections(random.Random(seed))[3])
    for by in (None, By.AGENT, By.WEEK):
        assert rows_of_facts(facts, by) == reference_rows(facts, by)
