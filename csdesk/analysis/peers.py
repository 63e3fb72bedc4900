"""Peers beside a page's numbers, as the platform gave them: dated, never computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from csdesk.analysis.frame import Answer, Engine, PageRequest
from csdesk.metrics.declaration import source_title
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import Figure, Unit

_PEERS = ("peer_average", "peer_top")


NO_PEERS = "导入的报表里没有同行的数。生意参谋的导出里有“同行同层均值”“同行同层优秀”两行时才有。"


@dataclass(frozen=True, slots=True)
class PeerFigure:
    """One figure: ``peer`` peer_average | peer_top, of ``first``–``last``; money in ``amount_fen``, else ``value``."""

    metric: str
    title: str
    unit: str
    peer: str
    peer_title: str
    value: float | None
    amount_fen: float | None
    shop: str
    platform: str
    source: str
    file: str
    first: date
    last: date


def peers_answer(engine: Engine, request: PageRequest, metrics: Sequence[str]) -> Answer:
    """The figures of ``metrics`` for the selection, empty where the platform gave none."""
    rows = engine(request.selection, None, _PEERS)
    values = rows[0].values if rows else {}
    return Answer("peers", tuple(
        _plain(peer, figure)
        for peer in _PEERS
        if peer in values
        for figure in values[peer].figures
        if figure.key in metrics
    ))  # fmt: skip


def _plain(peer: str, figure: Figure) -> PeerFigure:
    money = figure.unit is Unit.YUAN
    return PeerFigure(
        figure.key, figure.title, str(figure.unit), peer, METRICS[peer].name,
        None if money else figure.value, figure.value if money else None,
        figure.shop, figure.platform, source_title(figure.source), figure.file,
        figure.period.first, figure.period.last,
    )  # fmt: skip
