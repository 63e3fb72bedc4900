"""What a table itself says about whose it is."""

from __future__ import annotations

from csdesk.domain.identity import fold, parse_agent
from csdesk.ingest import cells
from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.model import RawChunk
from csdesk.ingest.reports import ReportTable
from csdesk.ingest.settle import Evidence


def evidence_of_rows(file_name: str, table: ReportTable) -> Evidence:
    """What the rows of a report say about their shop."""
    evidence = Evidence(file_name)
    evidence.prefixes.update(row.shop for row in table.rows if row.shop and row.shop_from == "prefix")
    evidence.shop_column.update(row.shop for row in table.rows if row.shop and row.shop_from == "column")
    evidence.platform_column.update(table.platforms)
    evidence.agents = frozenset(fold(row.agent.name) for row in table.rows if row.agent is not None)
    return evidence


def evidence_of_sessions(file_name: str, mapping: ColumnMapping, chunk: RawChunk) -> Evidence:
    """Evidence in the first rows of a session file."""
    evidence = Evidence(file_name)
    agents: set[str] = set()
    columns = {name: mapping.column(name) for name in ("agent", "shop", "platform")}
    for number, row in chunk.rows():
        if number < mapping.data_row:
            continue
        texts = {
            name: str(cells.read_text(row[column.index]).value or "") if column and column.index < len(row) else ""
            for name, column in columns.items()
        }
        agent = parse_agent(texts["agent"])
        agents.add(fold(agent.name))
        evidence.prefixes.update([agent.shop] if agent.shop else [])
        evidence.shop_column.update([texts["shop"]] if texts["shop"] else [])
        evidence.platform_column.update([texts["platform"]] if texts["platform"] else [])
    evidence.agents = frozenset(agents - {""})
    return evidence
