"""The pages there are, in the order of the navigation. A new page is one line here."""

from __future__ import annotations

from csdesk.ui.pages.agents.page import PAGE as AGENTS
from csdesk.ui.pages.customers.page import PAGE as CUSTOMERS
from csdesk.ui.pages.data.page import PAGE as DATA
from csdesk.ui.pages.invites.page import PAGE as INVITES
from csdesk.ui.pages.overview.page import PAGE as OVERVIEW
from csdesk.ui.pages.page_info import PageInfo
from csdesk.ui.pages.questions.page import PAGE as QUESTIONS
from csdesk.ui.pages.response.page import PAGE as RESPONSE
from csdesk.ui.pages.reviews.page import PAGE as REVIEWS
from csdesk.ui.pages.satisfaction.page import PAGE as SATISFACTION

PAGES: tuple[PageInfo, ...] = (OVERVIEW, INVITES, SATISFACTION, RESPONSE, QUESTIONS, AGENTS, REVIEWS, CUSTOMERS, DATA)
