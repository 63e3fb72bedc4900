"""Metrics that rows kept one by one give: a list a subject, one entry a number. Data only."""

from __future__ import annotations

from csdesk.metrics.declaration import MetricDefinition
from csdesk.metrics.definitions_response import RESPONSE
from csdesk.metrics.order_definitions import ORDERS
from csdesk.metrics.review_definitions import REVIEWS
from csdesk.metrics.survey_definitions import SURVEYS

FROM_ROWS: tuple[MetricDefinition, ...] = (*RESPONSE, *ORDERS, *REVIEWS, *SURVEYS)
