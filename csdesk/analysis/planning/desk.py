"""Looking ahead, worked out once for each data version and selection of shops; pages only read what is there."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date

from csdesk.analysis.events import Event
from csdesk.analysis.frame import Answer
from csdesk.analysis.planning.forecast import Forecast, forecast_answer, work_out
from csdesk.analysis.planning.history import Ask, gather
from csdesk.domain.filters import Filter
from csdesk.domain.holdings import DataFacts, ShopFact

FORECAST_PAGES = frozenset({"overview", "response", "customers"})
"""Pages that show the forecast."""
_WAITED_FOR = FORECAST_PAGES - {"overview"}
_KEPT = 16


class Planning:
    """The forecasts of one store. Safe from any thread; ``forecast`` takes seconds, ``known_forecast`` does not.

    ``facts`` and ``version`` are asked for what there is and for the number that grows with every change of it,
    ``own_events`` for the owner's days that are not ordinary.
    """

    def __init__(
        self,
        ask: Ask,
        facts: Callable[[], DataFacts],
        version: Callable[[], int],
        own_events: Callable[[Filter], tuple[Event, ...]] = lambda _selection: (),
        today: Callable[[], date] = date.today,
    ) -> None:
        self._ask = ask
        self._facts = facts
        self._version = version
        self._own_events = own_events
        self._today = today
        self._lock = threading.Lock()
        self._made_for = (-1, date.min)
        self._kept: OrderedDict[tuple[int, ...], Forecast] = OrderedDict()

    def forecast(self, selection: Filter) -> Forecast:
        """The next weeks of the selection's shops, whatever its days, agents and groups are."""
        with self._lock:
            self._forget_if_stale()
            shops = self._shops(selection)
            key = tuple(shop.id for shop in shops)
            if key not in self._kept:
                own = self._own_events(Filter(shops=key))
                platforms = {shop.platform for shop in shops}
                history = gather(self._ask, shops, self._today(), own)
                self._kept[key] = work_out(history, next(iter(platforms)) if len(platforms) == 1 else None, own)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return self._kept[key]

    def known_forecast(self, selection: Filter) -> Forecast | None:
        """The same if it has been worked out since the data last changed; never waits for it."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            self._forget_if_stale()
            return self._kept.get(tuple(shop.id for shop in self._shops(selection))) if self._kept else None
        finally:
            self._lock.release()

    def prepare(self, page: str, selection: Filter) -> None:
        """Work out what the page would otherwise show as not ready; the overview does not wait for it."""
        if page in _WAITED_FOR:
            self.forecast(selection)

    def answers(self, page: str, selection: Filter) -> tuple[Answer, ...]:
        """What the page shows of it, at once."""
        return (forecast_answer(self.known_forecast(selection)),) if page in FORECAST_PAGES else ()

    def _forget_if_stale(self) -> None:
        now = (self._version(), self._today())
        if now != self._made_for:
            self._kept.clear()
            self._made_for = now

    def _shops(self, selection: Filter) -> list[ShopFact]:
        return [
            shop
            for shop in self._facts().shops
            if (not selection.shops or shop.id in selection.shops) and selection.platform in (None, shop.platform)
        ]
