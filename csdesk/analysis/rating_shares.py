"""The ratings level by level as an answer: counts and shares, platforms apart where they have other levels."""

from __future__ import annotations

from collections.abc import Mapping

from csdesk.analysis.apart import platforms_differ
from csdesk.analysis.frame import Answer
from csdesk.charts import format as written
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import MetricValue


def levels_answer(value: MetricValue | None) -> Answer:
    """The answer ``levels`` out of ``rating_distribution``: one entry for all, or one a platform."""
    entries: list[Mapping[str, object]] = []
    if value is not None and platforms_differ(value):
        for part in value.parts:
            shares = part.value if isinstance(part.value, dict) else {}
            counts = {level: share * (part.denominator or 0.0) for level, share in shares.items()}
            entries.append(_entry(part.key, counts))
    elif value is not None and value.counts and sum(value.counts.values()):
        entries.append(_entry(None, value.counts))
    text = "；".join(str(one["text"]) for one in entries)
    return Answer("levels", {"platforms": entries, "text": f"{text}。" if text else "还没有评价的分档数据。"})


def _entry(platform: str | None, counts: Mapping[str, float]) -> Mapping[str, object]:
    n = sum(counts.values())
    shares = {level: count / n for level, count in counts.items()} if n else {}
    whose = f"{Platform(platform).short}：" if platform else ""
    said = "、".join(f"{level} {written.percent(share)}" for level, share in shares.items())
    return {
        "platform": platform, "counts": dict(counts), "shares": shares, "n": n,
        "text": f"{whose}{written.count(n)} 个评价，{said}" if shares else f"{whose}还没有评价",
    }  # fmt: skip
