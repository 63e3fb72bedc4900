from __future__ import annotations

from csdesk.ingest.addresses import cell_address, column_letters


def test_letters_past_column_z() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_columns_count_from_nought_and_rows_from_one() -> None:
    assert [cell_address(0, 1), cell_address(27, 30)] == ["A1", "AB30"]
