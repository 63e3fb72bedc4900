"""The upper block of a 店铺DSR数据 sheet: three indicators with the shop's score and the mean of its industry."""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.domain.period import Period
from csdesk.ingest import cells
from csdesk.ingest.columns import read_column
from csdesk.ingest.headers import squeeze, take_apart
from csdesk.ingest.layouts import PEER_AVERAGE, Catalogue
from csdesk.ingest.model import RawCell
from csdesk.ingest.reports import PeerRow

_NAMES = frozenset(("指标", "指标名称"))
_PEERS = frozenset(("行业均值", "同行均值", "行业平均", "行业平均值"))


def industry_means(above: Sequence[Sequence[RawCell]], period: Period | None, known: Catalogue) -> list[PeerRow]:
    """The industry's means among the rows above the daily block, as one peer row for ``period``; none if not there."""
    values: dict[str, float] = {}
    name = mean = -1
    for row in above:
        keys = [frozenset(take_apart(cell).keys) if isinstance(cell, str) else frozenset() for cell in row]
        names = [at for at, found in enumerate(keys) if found & _NAMES]
        means = [at for at, found in enumerate(keys) if found & _PEERS]
        if names and means:
            name, mean = names[0], means[0]
            continue
        if name < 0 or max(name, mean) >= len(row):
            continue
        label = cells.read_text(row[name]).value
        alias = known.vocabulary.aliases.get(squeeze(str(label))) if label else None
        score = read_column("score", [row[mean]]).values[0]
        if alias is not None and alias.kind == "score" and score is not None:
            values[alias.field] = float(score)
    return [PeerRow(0, PEER_AVERAGE, period, values)] if values else []
