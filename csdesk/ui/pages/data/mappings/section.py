"""列映射: its place among the sections of the data page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.data.section import Section, SectionInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context


def _build(context: Context) -> Section:
    from csdesk.ui.pages.data.mappings.mappings_section import MappingsSection  # noqa: PLC0415  when first shown

    return MappingsSection(context)


SECTION = SectionInfo("mappings", str(QT_TRANSLATE_NOOP("pages", "列映射")), _build)
