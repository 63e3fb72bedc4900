"""Is 0.5 in a column of rates one half or 0.5 %? Where the counts behind a rate stand beside it, they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csdesk.ingest import cells
from csdesk.ingest.model import RawCell

_GROUPS = ("", ".invited", ".self")
# rate → (numerators added up, denominators added up), first pair whose columns are all there
_PARTS: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "conversion_rate": (
        (("paying_buyers",), ("inquiry_buyers",)),
        (("ordering_buyers",), ("inquiry_buyers",)),
    ),
    "same_day_conversion_rate": ((("same_day_paying_buyers",), ("same_day_inquiry_buyers",)),),
    "satisfaction_rate": (
        (("rated_5", "rated_4"), ("ratings_received",)),
        (("ratings_good",), ("ratings_good", "ratings_bad")),
        (("ratings_satisfied",), ("ratings_received",)),
    ),
    "dissatisfaction_rate": (
        (("ratings_bad",), ("ratings_good", "ratings_bad")),
        (("rated_2", "rated_1"), ("ratings_received",)),
    ),
    "return_rate": ((("ratings_received",), ("invites_sent",)),),
    "send_rate": ((("invites_sent",), ("received",)),),
    **{
        f"{rate}{group}": (((f"{top}{group}",), (f"{bottom}{group}" if bottom != "received" else bottom,)),)
        for group in _GROUPS[1:]
        for rate, top, bottom in (
            ("return_rate", "ratings_received", "invites_sent"),
            ("send_rate", "invites_sent", "received"),
        )
    },
    **{
        f"satisfaction_rate{group}": (((f"rated_5{group}", f"rated_4{group}"), (f"ratings_received{group}",)),)
        for group in _GROUPS[1:]
    },
}


def percent_by_counts(measure: str, raw: Sequence[RawCell], known: Mapping[str, Sequence[float | None]]) -> bool | None:
    """True if bare numbers of the rate's column are percents, False if fractions, None if the counts do not tell.

    ``known`` has the values of the other columns by measure, as long as ``raw``.
    """
    for tops, bottoms in _PARTS.get(measure, ()):
        if all(name in known for name in (*tops, *bottoms)):
            votes = [_vote(cell, _total(tops, known, row), _total(bottoms, known, row)) for row, cell in enumerate(raw)]
            percents, fractions = votes.count("percent"), votes.count("fraction")
            testable = len(votes) - votes.count("")
            # The relation must hold for most rows, else the counts are not those behind the rate.
            if max(percents, fractions) * 5 > testable * 3 and max(percents, fractions) >= 3 * min(percents, fractions):
                return percents > fractions
    return None


def _total(names: Sequence[str], known: Mapping[str, Sequence[float | None]], row: int) -> float | None:
    values = [known[name][row] for name in names]
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


def _vote(cell: RawCell, top: float | None, bottom: float | None) -> str:
    """What one row says: "percent", "fraction", "neither", or "" where it cannot be tested."""
    reading = cells.read_number(cell)
    if reading.state is not cells.State.VALUE or reading.form != "bare" or not top or not bottom:
        return ""
    expected, written = top / bottom, reading.value
    as_fraction, as_percent = abs(written - expected), abs(written / 100 - expected)
    if min(as_fraction, as_percent) > 0.006 + 0.02 * expected or as_fraction == as_percent:
        return "neither"
    return "percent" if as_percent < as_fraction else "fraction"
