"""What the values of a column look like, told from a sample: the ground of guesses and of their reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from csdesk.ingest import cells
from csdesk.ingest.cells import State
from csdesk.ingest.model import RawCell

_DATE_TEXT = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|^(?:19|20)\d{6}(?:\d{6})?$")
_YES_NO = frozenset(("是", "否", "y", "n", "yes", "no", "true", "false", "有", "无", "已", "未"))
_ID = re.compile(r"(?=.*\d{4})[A-Za-z0-9_-]{8,64}")
_SAMPLE = 100
_MOST = 0.8
WORDS = {
    "date": "里面是日期", "instant": "里面是日期时间", "duration": "里面是时长", "percent": "里面是百分数",
    "whole": "里面是整数", "number": "里面是数字", "id": "里面像编号", "boolean": "里面是 是/否",
    "text": "里面是文字", "empty": "里面是空的",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """``form`` is a key of :data:`WORDS`; ``low`` and ``high`` of numbers; ``unique``: no value comes twice."""

    form: str
    low: float = 0.0
    high: float = 0.0
    unique: bool = False

    @property
    def words(self) -> str:
        """What it looks like, in Chinese."""
        return WORDS[self.form]


def profile(column: Sequence[RawCell]) -> Profile:
    """What most of the first values are."""
    values = [cell for cell in column if cells.absent(cell) is None][:_SAMPLE]
    if not values:
        return Profile("empty")
    forms = [_form(cell) for cell in values]
    unique = len(set(map(str, values))) == len(values)
    counts = {form: forms.count(form) for form in set(forms)}
    top = max(counts, key=lambda form: counts[form])
    if top in ("date", "instant") and counts.get("date", 0) + counts.get("instant", 0) >= _MOST * len(values):
        return Profile("instant" if counts.get("instant") else "date", unique=unique)
    numbers = [reading.value for cell in values if (reading := cells.read_number(cell)).state is State.VALUE]
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 0.0)
    numeric = counts.get("whole", 0) + counts.get("number", 0)
    if numeric >= _MOST * len(values):
        return Profile("number" if counts.get("number") else "whole", low, high, unique)
    if counts.get("percent", 0) and counts["percent"] + numeric >= _MOST * len(values):
        return Profile("percent", low, high, unique)
    if counts[top] < _MOST * len(values):
        return Profile("text", unique=unique)
    return Profile(top, low, high, unique)


def _form(cell: RawCell) -> str:  # noqa: PLR0911  (one line a form)
    if isinstance(cell, datetime):
        return "duration" if cell.year <= 1904 else "instant" if cell.time() != time() else "date"
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int | float):
        return "id" if abs(cell) >= 1e11 else "whole" if float(cell).is_integer() else "number"
    text = cells.plain(str(cell))
    if _DATE_TEXT.search(text) and cells.read_datetime(text).state is State.VALUE:
        return "instant" if ":" in text else "date"
    if text.casefold() in _YES_NO:
        return "boolean"
    number = cells.read_number(text)
    if number.state is State.VALUE and number.form == "percent":
        return "percent"
    if text.isdigit() and len(text) >= 12:
        return "id"
    duration = cells.read_duration(text)
    if duration.state is State.VALUE and duration.form in ("clock", "unit"):
        return "duration"
    if number.state is State.VALUE:
        return "whole" if float(number.value).is_integer() and "." not in text else "number"
    return "id" if _ID.fullmatch(text) else "text"


_FITS = {
    "date": ("date", "instant"),
    "instant": ("date", "instant"),
    "count": ("whole",),
    "integer": ("whole",),
    "money": ("whole", "number"),
    "number": ("whole", "number"),
    "score": ("whole", "number", "text"),
    "ratio": ("whole", "number", "percent"),
    "rate": ("number", "percent", "whole"),
    "duration": ("duration", "whole", "number"),
    "id": ("id", "whole", "text"),
    "boolean": ("boolean", "whole"),
    "rating": ("whole", "text"),
    "grade": ("whole", "text"),
    "nps": ("whole",),
}


def fits(kind: str, seen: Profile) -> bool:
    """Whether such values can stand in a column of a field's kind."""
    if seen.form == "empty":
        return True
    if seen.form not in _FITS.get(kind, ("text", "id", "whole", "boolean")):
        return False
    if kind == "rate" and seen.form != "percent":
        return seen.low >= 0 and seen.high <= 100
    if kind in ("rating", "grade") and seen.form == "whole":
        return seen.low >= 0 and seen.high <= 10
    return not (kind in ("count", "integer") and seen.low < 0)
