"""Up to which day dates are believed: a mistyped year must not make a window close, nor a wait end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from csdesk.domain.period import to_epoch_day
from csdesk.metrics.rows.chosen import Spoken
from csdesk.metrics.sums import Floats
from csdesk.store.kinds import DAY_SECONDS

_NEVER = int(np.iinfo(np.int32).max)


def last_day(spoken: Iterable[Spoken]) -> int:
    """Tomorrow (epoch day); no end where half of the files begin later, since then it is the clock that is wrong."""
    return _end([first for _, first, last, _, _ in spoken if first <= last])


def believed(moments: Floats) -> Floats:
    """1.0 for moments (epoch seconds) not after :func:`last_day` of them all, 0.0 for later or unknown ones."""
    days = np.floor(moments[np.isfinite(moments)] / DAY_SECONDS)
    return (moments < (_end(days.tolist()) + 1.0) * DAY_SECONDS).astype(np.float64)


def _end(days: list[int] | list[float]) -> int:
    tomorrow = to_epoch_day(date.today()) + 1
    middle = sorted(days)[(len(days) - 1) // 2] if days else tomorrow
    return _NEVER if middle > tomorrow else tomorrow
