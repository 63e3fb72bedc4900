"""Looking ahead, worked out once for each data version; pages only read what is there."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from csdesk.analysis.events import Event
from csdesk.analysis.frame import Answer, Engine
from csdesk.analysis.planning.forecast import Forecast, forecast_answer, work_out
from csdesk.analysis.planning.history import Ask, History, gather
from csdesk.domain.filters import Filter
from csdesk.domain.holdings import DataFacts, ShopFact

if TYPE_CHECKING:
    from csdesk.analysis.planning.rules import StaffingRules
    from csdesk.analysis.planning.staffing import Staffing

FORECAST_PAGES = frozenset({"overview", "response", "customers"})
"""Pages that tell the forecast."""
STAFFING_PAGES = frozenset({"response"})
"""Pages that show the staffing."""
DRAWN_ON = FORECAST_PAGES - {"overview"}
"""Pages of the window where something of it is to be seen."""
_KEPT = 32
_AFTER_TODAY = "数据从 {first} 开始，电脑上的今天是 {today}：预测要有已经过完的日子。请看看电脑的日期对不对。"
T = TypeVar("T")
_State = tuple[int, date]


class _Kept(Generic[T]):
    """What was worked out of one state of the data, by what it was worked out for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._things: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, state: _State, key: Hashable) -> T | None:
        """What was kept for this state; None if nothing was."""
        with self._lock:
            return self._things.get(key) if state == self._state else None

    def keep(self, state: _State, key: Hashable, thing: T) -> T:
        """Keep it, and forget all other states."""
        with self._lock:
            if state != self._state:
                self._things.clear()
                self._state = state
            self._things[key] = thing
            while len(self._things) > _KEPT:
                self._things.popitem(last=False)
        return thing


class Planning:
    """The forecasts and staffing of one store. Safe from any thread; ``forecast`` takes seconds, the rest does not.

    ``facts`` and ``version`` are asked for what there is and for the number that grows with every change of it,
    ``own_events`` for the owner's days that are not ordinary, ``robots`` for agents (ids) who are none, ``rules`` for
    the settings staffing is reckoned by.
    """

    def __init__(
        self,
        ask: Ask,
        facts: Callable[[], DataFacts],
        version: Callable[[], int],
        own_events: Callable[[Filter], tuple[Event, ...]] = lambda _selection: (),
        today: Callable[[], date] = date.today,
        *,
        robots: Callable[[], frozenset[int]] = frozenset,
        rules: Callable[[], StaffingRules] | None = None,
    ) -> None:
        self._ask = ask
        self._facts = facts
        self._version = version
        self._own_events = own_events
        self._today = today
        self._robots = robots
        self._rules = rules
        self._forecasts: _Kept[tuple[Forecast, History | None]] = _Kept()
        self._staffed: _Kept[Staffing] = _Kept()
        self._keys: _Kept[tuple[int, ...]] = _Kept()
        self._fitting = threading.Lock()

    def forecast(self, selection: Filter, check: Callable[[], None] = lambda: None) -> Forecast:
        """The next weeks of the selection's shops, whatever its days, agents and groups are.

        ``check`` is called now and then; what it raises ends the work, and nothing is kept.
        """
        shops = self._shops(selection)
        key = tuple(shop.id for shop in shops)
        with self._fitting:
            state = self._state()
            found = self._forecasts.get(state, key)
            if found is None:
                own = self._own_events(Filter(shops=key))
                platforms = {shop.platform for shop in shops}
                history = gather(self._ask, shops, self._today(), own)
                told = work_out(history, next(iter(platforms)) if len(platforms) == 1 else None, own, check)
                first = self._facts().first_day
                if history is None and first is not None and first >= state[1]:
                    told = replace(told, text=_AFTER_TODAY.format(first=first, today=state[1]))
                if told.days and told.days[0].day < state[1]:
                    ends = told.days[0].day - timedelta(days=1)
                    told = replace(told, notes=(*told.notes, f"数据只到 {ends}，预测从第二天算起"))
                found = self._forecasts.keep(state, key, (told, history))
        return found[0]

    def known_forecast(self, selection: Filter) -> Forecast | None:
        """The same if it has been worked out since the data last changed; never waits for it."""
        found = self._known(selection)
        return None if found is None else found[0]

    def staffing(self, engine: Engine, selection: Filter) -> Staffing:
        """The staffing of the last weeks of the selection, and of the coming one where there is a forecast.

        ``engine`` must be inside one read of the store.
        """
        from csdesk.analysis.planning import staffing as work  # noqa: PLC0415  not for the overview
        from csdesk.analysis.planning.rules import StaffingRules  # noqa: PLC0415

        rules, state = StaffingRules() if self._rules is None else self._rules(), self._state()
        key = (selection.period, selection.platform, selection.shops, selection.groups, rules)
        found = self._staffed.get(state, key)
        if found is None:
            own = self._own_events(selection)
            found = work.staffing(engine, selection, rules, self._today(), robots=self._robots(), own=own)
            self._staffed.keep(state, key, found)
        known = self._known(selection)
        if known is None or selection.groups:
            return found
        return replace(found, coming=work.coming(found, known[0], known[1], rules))

    def ready(self, selection: Filter) -> bool:
        """Whether the forecast has been worked out since the data last changed; at once."""
        return self._known(selection) is not None

    @staticmethod
    def drawn_on(page: str) -> bool:
        """Whether the page looks different with a forecast."""
        return page in DRAWN_ON

    @staticmethod
    def reach(selection: Filter) -> Filter:
        """What of the selection the forecast depends on: its shops alone."""
        return Filter(platform=selection.platform, shops=selection.shops)

    def prepare(self, page: str, selection: Filter) -> None:
        """Work out what the page would otherwise show as not ready; the overview does not wait for it."""
        if page in DRAWN_ON:
            self.forecast(selection)

    def shown(self, page: str, selection: Filter) -> Forecast | None:
        """The forecast as the page shows it, at once; None where it has none, or it has not been worked out."""
        known = self.known_forecast(selection) if page in FORECAST_PAGES else None
        if known is not None and (selection.agents or selection.groups):
            known = replace(known, notes=(*known.notes, "预测按全店算，没有只看所选的客服"))
        return known

    def answers(self, engine: Engine, page: str, selection: Filter) -> tuple[Answer, ...]:
        """What the page shows of it, at once."""
        told = []
        if page in FORECAST_PAGES:
            told.append(forecast_answer(self.shown(page, selection)))
        if page in STAFFING_PAGES:
            found = self.staffing(engine, selection)
            if selection.agents:
                found = replace(found, text=(*found.text, "这里按全店算，没有只看所选的客服。"))
            told.append(Answer("staffing", found))
        return tuple(told)

    def _known(self, selection: Filter) -> tuple[Forecast, History | None] | None:
        state, asked = self._state(), (selection.shops, selection.platform)
        key = self._keys.get(state, asked)
        if key is None:
            key = self._keys.keep(state, asked, tuple(shop.id for shop in self._shops(selection)))
        return self._forecasts.get(state, key)

    def _state(self) -> tuple[int, date]:
        return self._version(), self._today()

    def _shops(self, selection: Filter) -> list[ShopFact]:
        return [
            shop
            for shop in self._facts().shops
            if (not selection.shops or shop.id in selection.shops) and selection.platform in (None, shop.platform)
        ]
