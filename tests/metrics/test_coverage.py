"""Which reports count: against trying every combination."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from csdesk.metrics.coverage import Choice, best_spans, choose, source_rank, span_mask


@dataclass(frozen=True)
class Span:
    first: int
    last: int

    @property
    def mask(self) -> int:
        return span_mask(self.first, self.last, 0)


SPANS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    max_size=8, unique=True,
)  # fmt: skip


def every_best(spans: list[tuple[int, int]]) -> tuple[int, int]:
    best = (0, 0)
    for size in range(len(spans) + 1):
        for chosen in combinations(spans, size):
            days = [day for first, last in chosen for day in range(first, last + 1)]
            if len(days) == len(set(days)):
                best = max(best, (len(days), size))
    return best


@given(SPANS)
def test_most_days_then_finest(spans: list[tuple[int, int]]) -> None:
    chosen = [spans[index] for index in best_spans(spans)]
    days = [day for first, last in chosen for day in range(first, last + 1)]
    assert len(days) == len(set(days))
    assert (len(days), len(chosen)) == every_best(spans)


@given(SPANS, st.randoms())
def test_order_of_reports_does_not_matter(spans: list[tuple[int, int]], random: object) -> None:
    shuffled = list(spans)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = {spans[index] for index in best_spans(spans)}
    other = {shuffled[index] for index in best_spans(shuffled)}
    assert sum(last - first + 1 for first, last in one) == sum(last - first + 1 for first, last in other)
    assert len(one) == len(other)


def test_five_days_and_their_week_give_the_week() -> None:
    spans = [(day, day) for day in range(5)] + [(0, 6)]
    assert best_spans(spans) == [5]


def test_seven_days_beat_their_week() -> None:
    spans = [(0, 6)] + [(day, day) for day in range(7)]
    assert best_spans(spans) == [1, 2, 3, 4, 5, 6, 7]


def picked(choice: Choice[Span]) -> set[tuple[int, int]]:
    return {(span.first, span.last) for span in choice.chosen}


def test_a_span_counts_only_wholly_inside() -> None:
    choice = choose({"chitu": [Span(0, 6), Span(2, 2)]}, span_mask(1, 5, 0), (), {})
    assert picked(choice) == {(2, 2)}
    assert [(span.first, reason) for span, reason in choice.left] == [(0, "管的天数超出这里的范围，拆不开")]


def test_a_span_elsewhere_is_not_mentioned() -> None:
    choice = choose({"chitu": [Span(8, 8)]}, span_mask(1, 5, 0), (), {})
    assert choice.chosen == []
    assert choice.left == []


def test_the_second_source_fills_only_free_days() -> None:
    chitu = [Span(day, day) for day in (0, 1, 2)]
    sycm = [Span(day, day) for day in (2, 3)]
    choice = choose({"sycm": sycm, "chitu": chitu}, span_mask(0, 6, 0), (), {"chitu": "赤兔"})
    assert picked(choice) == {(0, 0), (1, 1), (2, 2), (3, 3)}
    assert [(span.first, reason) for span, reason in choice.left] == [(2, "这些天已采用赤兔")]


def test_the_source_with_more_days_goes_first() -> None:
    chitu, sycm = [Span(0, 0)], [Span(0, 6)]
    assert picked(choose({"chitu": chitu, "sycm": sycm}, span_mask(0, 6, 0), (), {})) == {(0, 6)}


def test_days_already_taken_are_kept_free() -> None:
    choice = choose({"chitu": [Span(0, 6)]}, span_mask(0, 6, 0), ((span_mask(3, 3, 0), "会话"),), {})
    assert choice.chosen == []
    assert [reason for _, reason in choice.left] == ["会话"]


def test_unknown_sources_come_last_by_name() -> None:
    assert sorted(["zzz", "feige", "abc", "chitu", "sessions"], key=source_rank) == [
        "sessions", "chitu", "feige", "abc", "zzz",
    ]  # fmt: skip
