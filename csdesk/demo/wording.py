"""How the platforms write numbers into cells."""

from __future__ import annotations

DELAYED = "延迟统计"


def percent(value: float | None) -> str:
    """0.984 → ``98.40%``; ``-`` where there is none."""
    return "-" if value is None else f"{value * 100:.2f}%"


def duration(seconds: float | None) -> str:
    """150 → ``2分30秒``; ``-`` where there is none."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}小时{minutes}分{rest}秒"
    return f"{minutes}分{rest}秒" if minutes else f"{rest}秒"


def fraction(value: float | None) -> float | None:
    """Four decimals, as the reports round."""
    return None if value is None else round(value, 4)


def seconds(value: float | None) -> float | None:
    """Two decimals."""
    return None if value is None else round(value, 2)


def yuan(fen: int) -> float:
    """分 to yuan."""
    return fen / 100
