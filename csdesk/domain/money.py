"""Money: integer 分 inside, yuan with two decimals outside."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def fen_from_yuan(yuan: str | float | int | Decimal) -> int:
    """Yuan to 分, rounded half up. ``1.005`` given as a float counts as what it prints."""
    return int((Decimal(str(yuan)) * 100).to_integral_value(ROUND_HALF_UP))


def yuan_text(fen: int | float) -> str:
    """分 to ``"1234.50"``: the machine form, no thousands separators."""
    whole = round(fen)
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(whole) // 100}.{abs(whole) % 100:02d}"
