"""Which reports count, for all agents and rows of a question at once: the law of :mod:`csdesk.metrics.coverage`.

Where no two spans of a source overlap, which is so on most days, nothing is to be scheduled; only the overlapping
ones are handed to ``best_spans``, and each pattern of spans is solved once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from csdesk.metrics.coverage import best_spans
from csdesk.metrics.days import Bools, Ints, before, ints, marked, within

_FAR = 1 << 24
"""More than any number of days."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Reports of one question, in the order of lane, source and days.

    ``lane`` is whose days they use up, ``bucket`` the lane's part in one row: what is weighed together. Sources
    are numbered in the order in which they win where they cover equally many days.
    """

    lane: Ints
    bucket: Ints
    source: Ints
    first: Ints
    last: Ints
    shape: tuple[int, int]
    """Lanes and days."""
    buckets: int
    sources: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Positions of what counts, (positions, source preferred) of what gives way, and the days used by lane.

    ``preferred`` is the number of the source that covers the days; -1: another span of the same source.
    """

    chosen: Ints
    left: list[tuple[Ints, Ints]]
    used: Bools


def choose_all(spans: Spans, candidates: Ints) -> Choice:
    """Choose among the reports at the positions ``candidates`` (ascending)."""
    used = np.zeros(spans.shape, dtype=np.bool_)
    chosen: list[Ints] = []
    left: list[tuple[Ints, Ints]] = []
    rest = candidates
    while len(rest):
        best = _best(spans, rest)
        winner = _winners(spans, rest[best])
        preferred = winner[spans.bucket[rest]]
        mine = preferred == spans.source[rest]
        picked = rest[mine & best]
        chosen.append(picked)
        used |= marked(spans.lane[picked], spans.first[picked], spans.last[picked], spans.shape)
        if not best.all():
            beaten = rest[mine & ~best]
            left.append((beaten, np.full(len(beaten), -1, dtype=np.int64)))
        others = ~mine
        if not others.any():
            break
        rest, preferred = rest[others], preferred[others]
        late = within(before(used), spans.lane[rest], spans.first[rest], spans.last[rest]) > 0
        left.append((rest[late], preferred[late]))
        rest = rest[~late]
    return Choice(np.sort(np.concatenate(chosen)) if chosen else ints([]), left, used)


def _winners(spans: Spans, best: Ints) -> Ints:
    """By bucket: the source whose best set covers most days."""
    keys = spans.source[best] * spans.buckets + spans.bucket[best]
    days = np.bincount(keys, spans.last[best] - spans.first[best] + 1, spans.sources * spans.buckets)
    return np.asarray(days.reshape(spans.sources, spans.buckets).argmax(axis=0))


def _best(spans: Spans, rows: Ints) -> Bools:
    """Whether each report is in the best set of its own source and lane."""
    group = (spans.lane[rows] * spans.sources + spans.source[rows]) * _FAR
    start, end = group + spans.first[rows], group + spans.last[rows]
    opens = np.ones(len(rows), dtype=np.bool_)
    opens[1:] = start[1:] > np.maximum.accumulate(end)[:-1]
    best = np.ones(len(rows), dtype=np.bool_)
    if opens.all():
        return best
    heads = np.append(np.flatnonzero(opens), len(rows))
    sizes = np.diff(heads)
    first, last = spans.first[rows], spans.last[rows]
    for head, size in zip(heads[:-1][sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        begin = int(first[head])
        starts = (first[head : head + size] - begin).tolist()
        ends = (last[head : head + size] - begin).tolist()
        best[head : head + size] = False
        best[head + ints(_pattern(tuple(starts), tuple(ends)))] = True
    return best


@lru_cache(maxsize=4096)
def _pattern(starts: tuple[int, ...], ends: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(best_spans(list(zip(starts, ends, strict=True))))
