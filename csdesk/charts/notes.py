"""The lines that go with an exported chart or table: what was selected, how each number is defined, what to mind."""

from __future__ import annotations

from pathlib import Path

from csdesk.analysis.frame import PageResult
from csdesk.charts.spec import TableSpec
from csdesk.charts.tables import TABLE_SUFFIXES
from csdesk.metrics.definitions import METRICS


def export_notes(result: PageResult, table: TableSpec) -> list[str]:
    """Filter sentence, the formula of every metric among the columns, and the page's remarks."""
    return [line for line in (result.sentence, *_formulas(table), *result.notes) if line]


def notes_for(path: Path, result: PageResult, table: TableSpec) -> list[str]:
    """What goes with the file ``path``: a sheet says everything, a picture has room for the filter only."""
    return export_notes(result, table) if path.suffix.lower() in TABLE_SUFFIXES else [result.sentence]


def metrics_of(table: TableSpec) -> list[str]:
    """Ids of the metrics among the columns, in their order."""
    ids = dict.fromkeys(column.key.partition(".")[0] for column in table.columns)
    return [metric for metric in ids if metric in METRICS]


def _formulas(table: TableSpec) -> list[str]:
    return [f"{METRICS[metric].name}：{METRICS[metric].formula}" for metric in metrics_of(table)]
