"""数据覆盖: its place among the sections of the data page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.data.section import Section, SectionInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context


def _build(context: Context) -> Section:
    from csdesk.ui.pages.data.coverage.coverage_section import CoverageSection  # noqa: PLC0415  when first shown

    return CoverageSection(context)


SECTION = SectionInfo("coverage", str(QT_TRANSLATE_NOOP("pages", "数据覆盖")), _build)
