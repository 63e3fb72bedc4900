"""Quality as plain values for the command line, and its warnings as sentences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from csdesk.analysis.quality.frame import Difference, Odd, Quality


def quality_json(quality: Quality) -> dict[str, Any]:
    """Missing values and odd values as data."""
    return {
        "missing": [{**asdict(one), "share": one.share} for one in quality.missing],
        "outliers": [_odd_json(one) for one in quality.odd],
        "unreadable": [asdict(one) for one in quality.unreadable],
        "compared": [asdict(one) for one in quality.compared],
        "contradictions": [asdict(one) for one in quality.contradictions],
        "sum_checks": [asdict(one) for one in quality.sums],
    }


def _odd_json(one: Odd) -> dict[str, Any]:
    subject = one.subject
    return {
        "id": one.id,
        "kind": subject.kind,
        "field": subject.field,
        "fault": subject.fault,
        "title": one.title,
        "source": one.source,
        "count": one.count,
        "limit": subject.bound,
        "rule": one.decided or None,
        "actions": list(one.actions),
        "examples": [asdict(example) for example in one.examples],
        "metrics": [asdict(metric) for metric in one.metrics],
    }


def warnings(quality: Quality) -> list[dict[str, Any]]:
    """What needs a look: one entry for each pair of sources and metric, failed sum check, and doubtful shop."""
    found: list[dict[str, Any]] = []
    groups: dict[tuple[str, str, str, str], list[Difference]] = defaultdict(list)
    for one in quality.differences:
        if one.explained:
            continue
        groups[one.shop, one.metric, one.one_source, one.other_source].append(one)
    for (shop, metric, one_source, other_source), members in groups.items():
        worst = members[0]
        found.append(
            {
                "kind": "cross_check",
                "text": f"{shop}的{worst.name}，{one_source}和{other_source}有 {len(members):,} 处对不上，"
                f"如 {worst.days} {worst.who}：{worst.one} 和 {worst.other}（差 {worst.difference}）。{worst.reason}",
                "severity": "warning",
                "metric": metric,
                "count": len(members),
                "differences": [asdict(one) for one in members],
            }
        )
    found += [
        {
            "kind": "contradiction",
            "text": f"{one.shop}的{one.name}，{one.days} {one.who}：{one.text}（{one.cells}；{'、'.join(one.files)}）",
            "severity": "warning", "metric": one.metric, "cells": one.cells, "files": list(one.files),
        }
        for one in quality.contradictions
    ]  # fmt: skip
    found += [
        {
            "kind": "sum_check", "text": f"{one.file}：{one.text}", "severity": "warning",
            "batch": one.batch, "file": one.file, "column": one.column,
        }
        for one in quality.sums
        if not one.agrees
    ]  # fmt: skip
    found += [
        {
            "kind": "wrong_shop", "text": f"{one.file}可能不是“{one.shop}”的。{one.text}", "severity": "warning",
            "batch": one.batch, "file": one.file, "shop": one.shop, "other": one.other,
        }
        for one in quality.suspects
    ]  # fmt: skip
    return found
