"""What counts for one metric in one group: session rows, else reports, nothing twice.

Per agent: session rows, else agent reports. A shop as a whole: session rows, else shop-level rows, else the
sum of its agents. All of it day by day, as :mod:`csdesk.metrics.coverage` chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from csdesk.domain.platforms import Platform
from csdesk.metrics.coverage import Choice, choose
from csdesk.metrics.declaration import SESSIONS, SOURCE_TITLES, MetricDefinition
from csdesk.metrics.facts import SHOP_AS_A_WHOLE
from csdesk.metrics.rules import Parts, State
from tests.metrics.reference.pieces import Lane, LanePieces, Piece
from tests.metrics.reference.sums import SessionSums, session_parts

_BY_SESSIONS = "这些天以会话明细为准"
_BY_SHOP = "这些天以全店数据为准"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One source's share of a number: a shop's or agent's, over the days of ``mask``."""

    shop: int
    source: str
    mask: int
    parts: Parts


@dataclass(slots=True)
class Gathered:
    """Everything found for one metric and group.

    ``omitted``: days (bits) that do not count by (source, reason); ``delayed`` and ``provisional`` days likewise.
    """

    contributions: list[Contribution] = field(default_factory=list)
    unweighted: list[Contribution] = field(default_factory=list)
    omitted: dict[tuple[str, str], int] = field(default_factory=dict)
    delayed: int = 0
    provisional: int = 0

    def omit(self, source: str, reason: str, days: int) -> None:
        """Note days of a source that do not count."""
        key = (source, reason)
        self.omitted[key] = self.omitted.get(key, 0) | days


@dataclass(slots=True)
class Group:
    """One row to be computed.

    ``lanes`` are the agents (and, with ``totals``, the shops as a whole) that belong to it, ``window`` its days
    as bits, ``source`` the only source that counts (None = all). ``sums`` are its session rows by lane.
    """

    key: str | int | None
    window: int
    lanes: dict[int, list[int]]
    totals: bool
    sums: SessionSums
    source: str | None = None
    sliced: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """The pieces of a group's metric and the days session rows have for it, by lane; each shop's platform."""

    pieces: Mapping[Lane, LanePieces]
    session_days: Mapping[Lane, int]
    platforms: Mapping[int, Platform]


def gather(metric: MetricDefinition, group: Group, material: Material) -> Gathered:
    """Choose what counts and collect the rest with reasons."""
    found = Gathered()
    for shop in group.lanes:
        _gather_shop(metric, group, material, shop, found)
    if found.contributions:
        for one in found.unweighted:
            found.omit(one.source, f"只有比率，没有{one.parts.missing}，不可汇总", one.mask)
        found.unweighted = []
    return found


def _gather_shop(metric: MetricDefinition, group: Group, material: Material, shop: int, found: Gathered) -> None:
    agents = group.lanes[shop]
    by_sessions: dict[int, int] = {}
    all_sessions = 0
    if group.source in (None, SESSIONS) and metric.sessions is not None:
        for agent in agents:
            days = material.session_days.get((shop, agent), 0) & group.window
            if days:
                by_sessions[agent] = days
                all_sessions |= days
        if by_sessions:
            lanes = tuple((shop, agent) for agent in by_sessions)
            parts = session_parts(metric.sessions, group.sums, lanes, material.platforms[shop])
            found.contributions.append(Contribution(shop, SESSIONS, all_sessions, parts))
    if group.source == SESSIONS or group.sliced:
        return
    shop_days = 0
    if group.totals:
        shop_days = _gather_lane(group, material, (shop, SHOP_AS_A_WHOLE), ((all_sessions, _BY_SESSIONS),), found)
    for agent in agents:
        taken = ((by_sessions.get(agent, 0), _BY_SESSIONS), (shop_days, _BY_SHOP))
        _gather_lane(group, material, (shop, agent), taken, found)


def _gather_lane(
    group: Group, material: Material, lane: Lane, taken: tuple[tuple[int, str], ...], found: Gathered
) -> int:
    """Reports of one lane; returns the days they cover."""
    pieces = material.pieces.get(lane)
    if pieces is None:
        return 0
    shop = lane[0]
    choice = _choose(pieces.whole, group, taken)
    for piece in choice.chosen:
        found.contributions.append(Contribution(shop, piece.source, piece.mask, piece.parts))
        # Somebody who did nothing (0 of 0, as every export lists the idle) leaves no day open for the others.
        idle = lane[1] != SHOP_AS_A_WHOLE and not piece.parts.numerator and not piece.parts.denominator
        if piece.parts.provisional and not idle:
            found.provisional |= piece.mask & group.window
    for piece, reason in choice.left:
        found.omit(piece.source, reason, piece.mask)
    if pieces.unweighted or pieces.rest:
        _gather_rest(group, pieces, shop, (*taken, (choice.used, "这些天已采用能汇总的报表")), found)
    return choice.used


def _gather_rest(
    group: Group, pieces: LanePieces, shop: int, taken: tuple[tuple[int, str], ...], found: Gathered
) -> None:
    """What cannot be summed: rates without a weight, 延迟统计, half cells."""
    alone = _choose(pieces.unweighted, group, taken)
    found.unweighted += [Contribution(shop, piece.source, piece.mask, piece.parts) for piece in alone.chosen]
    for piece, reason in alone.left:
        found.omit(piece.source, reason, piece.mask)
    used = 0
    for days, _ in taken:
        used |= days
    for piece in pieces.rest:
        if group.source not in (None, piece.source) or not piece.mask & group.window or not piece.mask & ~used:
            continue
        if piece.parts.state is State.DELAYED:
            if not piece.mask & ~group.window:
                found.delayed |= piece.mask & ~used
            found.omit(piece.source, "延迟统计，数值还没出", piece.mask)
        else:
            found.omit(piece.source, f"缺少{piece.parts.missing}", piece.mask)


def _choose(by_source: Mapping[str, list[Piece]], group: Group, taken: tuple[tuple[int, str], ...]) -> Choice[Piece]:
    if group.source is not None:
        by_source = {group.source: by_source[group.source]} if group.source in by_source else {}
    return choose(by_source, group.window, taken, SOURCE_TITLES) if by_source else Choice()
