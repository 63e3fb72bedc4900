"""Numbers of single rows that metrics are counted from, declared by kind: name → how it follows from the columns.

A measure is worked out once for a whole table. 0/1 numbers say whether something is so, NaN that it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from csdesk.metrics.rows import answering, returning
from csdesk.metrics.rows.chosen import Measure
from csdesk.metrics.rows.invitation_rows import INVITATION_WAITS
from csdesk.metrics.rows.orders import INVITATION_MEASURES, LINE_MEASURES, ORDER_MEASURES, SESSION_RETURNS
from csdesk.metrics.rows.review_rows import REVIEW_MEASURES
from csdesk.metrics.rows.review_waits import REVIEW_WAITS
from csdesk.metrics.rows.survey_rows import CHECK_MEASURES, SURVEY_MEASURES, TICKET_MEASURES

REACH: frozenset[str] = frozenset({"invitation", "order_head", "review", "ticket"})
"""Kinds of which a number of one day depends on rows of far other days (cohorts, what is open still): they are always
read as a whole."""

MEASURES: Mapping[str, Mapping[str, Measure]] = {
    "session": {**answering.SESSION, **returning.SESSION, **SESSION_RETURNS},
    "message": answering.MESSAGE,
    "ticket": {**answering.TICKET, **TICKET_MEASURES},
    "survey_answer": SURVEY_MEASURES,
    "quality_check": CHECK_MEASURES,
    "order_head": {**ORDER_MEASURES, **REVIEW_WAITS},
    "review": REVIEW_MEASURES,
    "order_line": LINE_MEASURES,
    "invitation": {**INVITATION_MEASURES, **INVITATION_WAITS},
}
"""Measures by kind and name."""
