"""The filter shared by all pages, remembered between starts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from PySide6.QtCore import QObject, Signal

from csdesk.analysis.frame import Compare, PageRequest
from csdesk.domain.holdings import DataFacts
from csdesk.settings.options import COMPARE, PERIOD_PRESET
from csdesk.settings.store import Settings
from csdesk.ui.selection import Preset, Selection, request_of, with_known_only


class FilterModel(QObject):
    """Holds the selection and the facts it chooses from; ``changed`` when either makes a difference."""

    changed = Signal()

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        super().__init__()
        self._settings = settings
        self.today = today
        self.facts = DataFacts()
        self.selection = _remembered(settings)

    def choose(self, selection: Selection) -> None:
        """Take a new selection (choices that exclude each other fall away)."""
        wanted = with_known_only(selection, self.facts)
        if wanted == self.selection:
            return
        self.selection = wanted
        if wanted.preset is not Preset.CUSTOM:
            _remember(self._settings, wanted)
        self.changed.emit()

    def learn(self, facts: DataFacts) -> None:
        """Take new facts after a change of the store."""
        if facts == self.facts:
            return
        self.facts = facts
        self.selection = with_known_only(self.selection, facts)
        self.changed.emit()

    def request(self) -> PageRequest:
        """The question for the analysis pages."""
        return request_of(self.selection, self.facts, self.today())


def _remembered(settings: Settings) -> Selection:
    preset, compare = settings.get(PERIOD_PRESET), settings.get(COMPARE)
    known = {member.value for member in Preset} - {Preset.CUSTOM.value}
    return Selection(
        preset=Preset(preset) if preset in known else Preset.LAST_30,
        compare=Compare(compare) if compare in {member.value for member in Compare} else Compare.PREVIOUS,
    )


def _remember(settings: Settings, selection: Selection) -> None:
    with suppress(OSError):  # a read-only data folder: the choice holds for this run
        settings.set(PERIOD_PRESET, selection.preset.value)
        settings.set(COMPARE, selection.compare.value)
