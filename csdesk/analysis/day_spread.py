"""How much a shop's days vary: what the change of a count over two spans is held against."""

from __future__ import annotations

import numpy as np

from csdesk.analysis.attention.steady import steady_whole
from csdesk.analysis.attention.window import window_of
from csdesk.analysis.facts import Facts
from csdesk.metrics.model import MetricValue
from csdesk.stats import control
from csdesk.stats.change import likely_dispersion


def spread_of(facts: Facts, value: MetricValue) -> float:
    """Variance over mean of a count: the shop's own, or what is likely where its days are not known.

    The own is learnt from up to 104 days, weekdays taken out, promotions and holidays left out.
    """
    selection = facts.request.selection
    daily = facts.daily((value.metric,))
    counts = daily.metrics.get(value.metric)
    window = window_of(daily, facts.request) if counts is not None and counts.summable else None
    if window is not None and counts is not None:
        final = ~counts.open[window.start : window.start + len(window.days)]
        ordinary = (final & window.plain & ~window.lacking)[None]
        nothing = np.zeros(ordinary.shape, dtype=np.bool_)
        found = control.counts(steady_whole(window, counts, exactly=True).top[None], window.weekday, ordinary, nothing)
        later = np.array([selection.period is None or day in selection.period for day in window.days], dtype=np.bool_)
        own = float(control.dispersion(found, ordinary, later)[0])
        if not np.isnan(own):
            return own
    days = sum(span.days for span in value.covered) or (selection.period.days if selection.period else 0)
    return likely_dispersion(value.value / days) if days and isinstance(value.value, int | float) else 1.0
