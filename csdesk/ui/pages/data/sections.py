"""The sections of the data page, in the order of its tabs. A new section is one line here and a folder beside it."""

from __future__ import annotations

from csdesk.ui.pages.data.coverage.section import SECTION as COVERAGE
from csdesk.ui.pages.data.entry.section import SECTION as ENTRY
from csdesk.ui.pages.data.imports.section import SECTION as IMPORTS
from csdesk.ui.pages.data.mappings.section import SECTION as MAPPINGS
from csdesk.ui.pages.data.people.section import SECTION as PEOPLE
from csdesk.ui.pages.data.quality.section import SECTION as QUALITY
from csdesk.ui.pages.data.section import SectionInfo

SECTIONS: tuple[SectionInfo, ...] = (IMPORTS, COVERAGE, QUALITY, PEOPLE, MAPPINGS, ENTRY)
