"""客服与店铺: its place among the sections of the data page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.data.section import Section, SectionInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context


def _build(context: Context) -> Section:
    from csdesk.ui.pages.data.people.people_section import PeopleSection  # noqa: PLC0415  when first shown

    return PeopleSection(context)


SECTION = SectionInfo("people", str(QT_TRANSLATE_NOOP("pages", "客服与店铺")), _build)
