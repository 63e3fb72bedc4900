"""How many agents does it take? Erlang C and Erlang A for chats, several of which one agent serves at a time.

A position serves one chat; an agent who serves ``concurrency`` chats at a time is so many positions. Erlang C lets
everyone wait for ever; Erlang A (Palm 1946) lets buyers give up after an exponential patience.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_MOST_POSITIONS = 5000


@dataclass(frozen=True, slots=True)
class Demand:
    """What comes in: chats an hour, and the seconds an agent is busy with one."""

    per_hour: float
    handle_seconds: float

    @property
    def load(self) -> float:
        """Offered load in Erlang: positions that would be busy all the time."""
        return self.per_hour * self.handle_seconds / 3600


@dataclass(frozen=True, slots=True)
class Goal:
    """Answered within ``within_seconds`` for a share ``level``; no position busier than ``occupancy``.

    ``shrinkage`` is the share of paid time agents are not there (breaks, training).
    """

    within_seconds: float
    level: float = 0.8
    occupancy: float = 0.85
    shrinkage: float = 0.0


@dataclass(frozen=True, slots=True)
class Service:
    """What ``positions`` give: chance to wait, share answered in time, share of time busy, share that gives up."""

    positions: int
    wait_chance: float
    service_level: float
    occupancy: float
    abandoned: float = 0.0


@dataclass(frozen=True, slots=True)
class Staff:
    """``agents`` at work at a time, ``rostered`` with shrinkage on top, and the service they give."""

    agents: int
    rostered: int
    service: Service


def erlang_c(demand: Demand, positions: int, within_seconds: float) -> Service:
    """The service of ``positions`` when everyone waits; nobody is answered in time where load ≥ positions."""
    load = demand.load
    if load <= 0:
        return Service(positions, 0.0, 1.0, 0.0)
    if positions <= load:
        return Service(positions, 1.0, 0.0, 1.0)
    blocked = 1.0
    for servers in range(1, positions + 1):  # Erlang B by its recurrence, which neither overflows nor cancels
        blocked = load * blocked / (servers + load * blocked)
    waits = positions * blocked / (positions - load * (1 - blocked))
    in_time = 1 - waits * math.exp(-(positions - load) * within_seconds / demand.handle_seconds)
    return Service(positions, waits, in_time, load / positions)


def erlang_a(demand: Demand, positions: int, within_seconds: float, patience_seconds: float) -> Service:
    """The service of ``positions`` when buyers give up after ``patience_seconds`` on average.

    ``service_level`` is the share of all that is answered within ``within_seconds`` = t: with k ahead in the queue
    that chance is a / (a + k + 1) · I_x(k + 1, a + 1), where a = positions · patience / handle time,
    x = 1 − e^(−t / patience) and I is the regularised incomplete beta function.
    """
    load = demand.load
    if load <= 0:
        return Service(positions, 0.0, 1.0, 0.0)
    if positions < 1:
        return Service(0, 1.0, 0.0, 0.0, 1.0)
    per_wait = demand.handle_seconds / patience_seconds
    # Weights of the states relative to "all positions busy, none waiting", in both directions from there.
    below, weight = 0.0, 1.0
    for busy in range(positions, 0, -1):
        weight *= busy / load
        below += weight
        if weight < 1e-18 * (1 + below):
            break
    queue, waits = [1.0], 1.0
    while queue[-1] > 1e-17 * waits:
        queue.append(queue[-1] * load / (positions + len(queue) * per_wait))
        waits += queue[-1]
    total = below + math.fsum(queue)
    waits = math.fsum(queue) / total
    waiting = math.fsum(place * weight for place, weight in enumerate(queue)) / total
    abandoned = waiting * per_wait / load
    room = positions / per_wait
    reached = _beta_shares(room + 1, -math.expm1(-within_seconds / patience_seconds), len(queue))
    in_time = below / total + math.fsum(
        weight / total * room / (room + ahead + 1) * share
        for ahead, (weight, share) in enumerate(zip(queue, reached, strict=True))
    )
    return Service(positions, waits, in_time, load * (1 - abandoned) / positions, abandoned)


def _beta_shares(b: float, x: float, number: int) -> list[float]:
    """I_x(1, b), I_x(2, b), … by I_x(k + 1, b) = I_x(k, b) − x^k (1 − x)^b Γ(k + b) / (Γ(k + 1) Γ(b))."""
    if x >= 1:
        return [1.0] * number
    step = math.exp(b * math.log1p(-x))
    share = 1 - step
    shares = []
    for k in range(1, number + 1):
        shares.append(max(0.0, share))
        step *= x * (k - 1 + b) / k
        share -= step
    return shares


def staff(
    demand: Demand,
    goal: Goal,
    *,
    concurrency: float = 1.0,
    patience_seconds: float | None = None,
    guess: int | None = None,
) -> Staff | None:
    """The fewest agents that meet the goal; None where even thousands would not.

    ``patience_seconds`` None: nobody gives up (Erlang C). ``guess``: where to begin; a near one saves much of Erlang A,
    whose queues are long far from it.
    """

    def service(positions: int) -> Service:
        if patience_seconds is None:
            return erlang_c(demand, positions, goal.within_seconds)
        return erlang_a(demand, positions, goal.within_seconds, patience_seconds)

    def good(number: int) -> bool:
        return _meets(service(math.floor(number * concurrency)), goal)

    agents = _fewest(good, concurrency) if guess is None else _fewest_about(guess, good, concurrency)
    if agents is None:
        return None
    found = service(math.floor(agents * concurrency))
    return Staff(agents, math.ceil(agents / (1 - goal.shrinkage) - 1e-9), found)


@dataclass(frozen=True, slots=True)
class ManyStaff:
    """Erlang C for many hours at once, one entry an hour.

    ``agents`` at work at a time (NaN where even thousands would not do) and the ``service_level`` they give;
    ``service_now`` is what the agents there are now give.
    """

    agents: Floats
    service_level: Floats
    service_now: Floats


def staff_many(
    per_hour: ArrayLike, handle_seconds: float, goal: Goal, *, concurrency: float = 1.0, now: ArrayLike | None = None
) -> ManyStaff:
    """As :func:`staff` for every load of ``per_hour`` chats; ``now``: agents there are (fractions of one count down).

    One pass of Erlang B's recurrence over all hours together; NaN stays NaN.
    """
    arrivals = np.asarray(per_hour, dtype=np.float64)
    load = arrivals * handle_seconds / 3600
    there = np.zeros_like(load) if now is None else np.asarray(now, dtype=np.float64)
    idle = load <= 0
    agents = np.where(idle, 0.0, np.nan)
    level, service_now = np.where(idle, 1.0, np.nan), np.where(idle, 1.0, np.nan)
    positions_now = np.floor(np.nan_to_num(there) * concurrency + 1e-9)
    service_now[(load > 0) & (positions_now <= load)] = 0.0
    blocked, unsure = np.ones_like(load), np.ones_like(load)
    needed = int(np.nan_to_num(positions_now).max(initial=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        for positions in range(1, _MOST_POSITIONS + 1):
            open_ = np.isnan(agents) & np.isfinite(load)
            if not open_.any() and (positions > needed or bool((unsure < 1e-12).all())):
                break
            blocked = load * blocked / (positions + load * blocked)
            waits = positions * blocked / (positions - load * (1 - blocked))
            in_time = np.where(
                positions > load, 1 - waits * np.exp(-(positions - load) * goal.within_seconds / handle_seconds), 0.0
            )
            # Those with still more people are as good as always answered once this many give as much.
            service_now = np.where((positions_now >= positions) & (load > 0), in_time, service_now)
            unsure = np.where((positions_now > positions) & (load > 0), 1 - in_time, 0.0)
            staffed = math.ceil(positions / concurrency - 1e-9)
            if math.floor(staffed * concurrency + 1e-9) != positions:
                continue  # an agent more or less is several positions
            meets = open_ & (in_time >= goal.level) & (load / positions <= goal.occupancy + 1e-12)
            agents[meets], level[meets] = staffed, in_time[meets]
    return ManyStaff(agents, level, service_now)


def _meets(service: Service, goal: Goal) -> bool:
    return service.service_level >= goal.level and service.occupancy <= goal.occupancy + 1e-12


def _fewest_about(guess: int, good: Callable[[int], bool], concurrency: float) -> int | None:
    """The same step by step from a number near it."""
    number = max(0, guess)
    if good(number):
        while number > 0 and good(number - 1):
            number -= 1
        return number
    most = max(1, int(_MOST_POSITIONS / concurrency))
    while number < most:
        number += 1
        if good(number):
            return number
    return None


def _fewest(good: Callable[[int], bool], concurrency: float) -> int | None:
    """The smallest number that is good, all larger ones being good too."""
    if good(0):
        return 0
    most = max(1, int(_MOST_POSITIONS / concurrency))
    low, high = 0, 1
    while not good(high):
        if high >= most:
            return None
        low, high = high, min(most, high * 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high
