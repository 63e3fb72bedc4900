"""In what order files imported together come: those that say their platform before those that leave it open.

What a file leaves open is taken from what is known, so the order in which the owner named the files must not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from csdesk.ingest.model import Plan, Status

T = TypeVar("T")

_OPEN = (Status.IMPORTED, Status.NEEDS_INPUT)


def in_turn(items: Sequence[T], plan: Callable[[T], list[Plan]]) -> Iterator[tuple[int, list[Plan]]]:
    """(place among ``items``, plans) of each; one that leans on what is known is planned again after the others."""
    leaning: list[int] = []
    for place, item in enumerate(items):
        plans = plan(item)
        if len(items) > 1 and any(one.leans and one.status in _OPEN for one in plans):
            leaning.append(place)
            for one in plans:
                one.drop()
            continue
        yield place, plans
    for place in leaning:
        yield place, plan(items[place])
