"""Cell addresses as the owner's spreadsheet program shows them."""

from __future__ import annotations


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_address(index: int, row: int) -> str:
    """(0, 1) → A1: the column is counted from 0, the row from 1."""
    return f"{column_letters(index)}{row}"
