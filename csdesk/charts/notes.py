"""The lines that go with an exported chart or table: what was selected, how each number is defined, what to mind."""

from __future__ import annotations

from csdesk.analysis.frame import PageResult
from csdesk.charts.spec import TableSpec
from csdesk.metrics.definitions import METRICS


def export_notes(result: PageResult, table: TableSpec) -> list[str]:
    """Filter sentence, the formula of every metric among the columns, and the page's remarks."""
    return [line for line in (result.sentence, *_formulas(table), *result.notes) if line]


def _formulas(table: TableSpec) -> list[str]:
    ids = dict.fromkeys(column.key.partition(".")[0] for column in table.columns)
    return [f"{METRICS[metric].name}：{METRICS[metric].formula}" for metric in ids if metric in METRICS]
