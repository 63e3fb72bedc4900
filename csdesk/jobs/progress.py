"""How far an operation is, and how long it will still take."""

from __future__ import annotations

from dataclasses import dataclass

_SETTLE_SECONDS = 0.8
_SETTLE_FRACTION = 0.03


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of a running job: ``fraction`` 0–1 (None = unknown), a Chinese step, seconds left (None = unknown)."""

    fraction: float | None
    step: str = ""
    seconds_left: float | None = None


class TimeLeft:
    """Estimates the rest of a job from the reports so far; never says anything before it can know.

    The speed is an exponentially weighted mean of the speeds between reports, so that a slow first
    file does not spoil the estimate of the others.
    """

    def __init__(self, started: float) -> None:
        self._started = started
        self._last_time = started
        self._last_fraction = 0.0
        self._speed: float | None = None

    def update(self, now: float, fraction: float) -> float | None:
        """Take in that ``fraction`` (0–1) is done at ``now`` (seconds of any clock); return seconds left or None."""
        passed, done = now - self._last_time, fraction - self._last_fraction
        if passed > 0 and done > 0:
            speed = done / passed
            weight = min(1.0, passed / 3.0 + 0.1)
            self._speed = speed if self._speed is None else self._speed + weight * (speed - self._speed)
            self._last_time, self._last_fraction = now, fraction
        if self._speed is None or now - self._started < _SETTLE_SECONDS or fraction < _SETTLE_FRACTION:
            return None
        return max(0.0, (1.0 - fraction) / self._speed - (now - self._last_time))


def time_left_text(seconds: float | None) -> str:
    """``"约剩 1 分 20 秒"``; empty when nothing can be said. Rounded so that it does not flicker."""
    if seconds is None:
        return ""
    whole = int(seconds + 0.999)
    if whole <= 2:
        return "马上就好"
    if whole < 20:
        return f"约剩 {whole} 秒"
    whole = (whole + 4) // 5 * 5
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"约剩 {rest} 秒"
    if minutes >= 10 or not rest:
        return f"约剩 {minutes} 分钟"
    return f"约剩 {minutes} 分 {rest} 秒"
