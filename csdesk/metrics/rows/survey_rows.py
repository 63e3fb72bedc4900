"""Numbers of what was asked afterwards and looked at by hand: surveys, tickets, sampled conversations."""

from __future__ import annotations

import numpy as np

from csdesk.metrics.rows.chosen import ChosenRows, Measure
from csdesk.metrics.rows.levels import dissatisfied, satisfied
from csdesk.metrics.sums import Floats

PROMOTERS_FROM, DETRACTORS_TO = 9, 6
_BEST = 5.0


def stand(rows: ChosenRows) -> Floats:
    """1 for promoters (9–10), −1 for detractors (0–6), 0 for those between; NaN where the question was not answered."""
    answer = rows.number("nps")
    found = (answer >= PROMOTERS_FROM).astype(np.float64) - (answer <= DETRACTORS_TO)
    return np.where(np.isnan(answer), np.nan, found)


def rated(rows: ChosenRows) -> Floats:
    """Whether an answer says how satisfied somebody is; NaN where no file of the shop asks."""
    answered = np.isfinite(rows.number("csat"))
    asked = np.isin(rows.shop, list(rows.shops_with("csat")))
    return np.where(answered | asked, answered, np.nan)


def below_best(rows: ChosenRows) -> Floats:
    """Points lacking to the best answer: 0 for 很满意 … 4 for 很不满."""
    return _BEST - rows.number("csat")


def closed(rows: ChosenRows) -> Floats:
    """Of tickets: 1 where it has a time of being solved or is said to be closed, 0 where it is open still.

    NaN for a ticket of which neither a status nor any time of being solved in its files is known.
    """
    status = rows.codes("status")
    words = np.array([*(str(text) == "已完结" for text in status.texts), False])
    solved = np.isfinite(rows.number("solved_at"))
    told = (status.code >= 0) | np.isin(rows.shop, list(rows.shops_with("solved_at")))
    return np.where(solved | told, solved | words[status.code], np.nan)


def complaint(rows: ChosenRows) -> Floats:
    """Of tickets: whether it is a complaint; blanks of a file that has the column are none."""
    said = rows.number("is_complaint")
    told = np.isin(rows.shop, list(rows.shops_with("is_complaint")))
    return np.where(np.isnan(said), np.where(told, 0.0, np.nan), said)


def correct(rows: ChosenRows) -> Floats:
    """Of sampled conversations: judged correct.

    Where an item about it was judged (named 准确… or 正确…): full points of it. Else a total from the pass mark on.
    """
    item, total = rows.number("correct_item"), rows.number("total")
    by_total = np.where(np.isnan(total), np.nan, total >= rows.windows.check_pass)
    return np.where(np.isnan(item), by_total, item)


SURVEY_MEASURES: dict[str, Measure] = {
    "stand": stand, "rated": rated, "satisfied": satisfied("csat"), "dissatisfied": dissatisfied("csat"),
    "below_best": below_best,
}  # fmt: skip
TICKET_MEASURES: dict[str, Measure] = {"closed": closed, "complaint": complaint}
CHECK_MEASURES: dict[str, Measure] = {"correct": correct}
