"""Money: integer 分 inside, yuan with two decimals outside."""

from __future__ import annotations


def yuan_text(fen: int | float) -> str:
    """分 to ``"1234.50"``: the machine form, no thousands separators."""
    whole = round(fen)
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(whole) // 100}.{abs(whole) % 100:02d}"
