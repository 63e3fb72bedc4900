"""Time left: silent while it cannot know, then right for a steady job."""

from __future__ import annotations

import pytest

from csdesk.jobs.progress import TimeLeft, time_left_text


def test_steady_job_is_estimated_exactly() -> None:
    estimate = TimeLeft(100.0)
    assert estimate.update(100.2, 0.02) is None
    left = None
    for step in range(1, 11):
        left = estimate.update(100.0 + step, step * 0.05)
    assert left == pytest.approx(10.0, rel=0.05)


def test_without_progress_the_rest_counts_down_but_not_below_zero() -> None:
    estimate = TimeLeft(0.0)
    estimate.update(1.0, 0.5)
    assert estimate.update(1.5, 0.5) == pytest.approx(0.5)
    assert estimate.update(9.0, 0.5) == 0.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.4, "马上就好"),
        (7.2, "约剩 8 秒"),
        (41, "约剩 45 秒"),
        (80, "约剩 1 分 20 秒"),
        (1200, "约剩 20 分钟"),
    ],
)
def test_words(seconds: float | None, text: str) -> None:
    assert time_left_text(seconds) == text
