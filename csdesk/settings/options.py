"""Every setting, declared once: key, type, default and the words it is shown with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bool, int, float, str, list[str], dict[str, str])


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One setting. ``default`` also fixes the type; a stored value of another type is ignored."""

    key: str
    default: T
    title: str = ""

    def accepts(self, value: object) -> bool:
        """Whether a value read from the file has this option's type (an int will do for a float)."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, float):
            return isinstance(value, int | float)
        return isinstance(value, type(self.default))


THEME: Option[str] = Option("look.theme", "system", "外观")  # system | light | dark
SMALL_SAMPLE: Option[int] = Option("metrics.small_sample", 30, "样本少于多少算小样本")
PERIOD_PRESET: Option[str] = Option("filter.period", "last30", "时间段")
COMPARE: Option[str] = Option("filter.compare", "previous", "对比")
WINDOW_GEOMETRY: Option[str] = Option("window.geometry", "")
COLUMN_WIDTHS: Option[dict[str, str]] = Option("window.columns", {})
LAST_FOLDER: Option[str] = Option("window.last_folder", "")

OPTIONS: tuple[
    Option[str] | Option[int] | Option[dict[str, str]],
    ...,
] = (THEME, SMALL_SAMPLE, PERIOD_PRESET, COMPARE, WINDOW_GEOMETRY, COLUMN_WIDTHS, LAST_FOLDER)
