"""Every setting, declared once: key, type and default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bool, int, float, str, list[str], dict[str, str])


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One setting. ``default`` also fixes the type; a stored value of another type is ignored."""

    key: str
    default: T

    def accepts(self, value: object) -> bool:
        """Whether a value read from the file has this option's type (an int will do for a float)."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, float):
            return isinstance(value, int | float)
        return isinstance(value, type(self.default))


THEME: Option[str] = Option("look.theme", "system")  # system | light | dark
TARGETS: Option[dict[str, str]] = Option("metrics.targets", {})  # satisfaction_rate, or …@taobao → 19/20
SMALL_SAMPLE: Option[int] = Option("metrics.small_sample", 30)
REPLY_HOURS: Option[float] = Option("metrics.reply_hours", 72.0)  # a bad review is to be answered within
RETURN_DAYS: Option[float] = Option("metrics.return_days", 30.0)  # an invited buyer orders again within
CHECK_PASS: Option[float] = Option("metrics.check_pass", 80.0)  # points of a sampled conversation that was correct
RETENTION_DAYS: Option[float] = Option("metrics.retention_days", 30.0)  # a new buyer orders again within
ANSWER_WITHIN: Option[dict[str, str]] = Option("metrics.answer_within", {})  # taobao → 60 (seconds)
RESPONSE_EDGES: Option[list[str]] = Option("metrics.response_edges", [])  # seconds; none: 60, 180, 300, 600
RETURN_HOURS: Option[int] = Option("metrics.return_hours", 72)
TICKET_HOURS: Option[int] = Option("metrics.ticket_hours", 48)
PERIOD_PRESET: Option[str] = Option("filter.period", "last30")
COMPARE: Option[str] = Option("filter.compare", "previous")
WINDOW_GEOMETRY: Option[str] = Option("window.geometry", "")
COLUMN_WIDTHS: Option[dict[str, str]] = Option("window.columns", {})
LAST_FOLDER: Option[str] = Option("window.last_folder", "")
WATCH_FOLDER: Option[str] = Option("watch.folder", "")  # "" watches nothing
WATCH_AUTOMATIC: Option[bool] = Option("watch.automatic", False)
CHECK_ITEMS: Option[list[str]] = Option("entry.check_items", [])  # 响应及时=20; none: the usual ones
ENTRY_DRAFT: Option[dict[str, str]] = Option("entry.draft", {})  # half-filled forms: phone.comment → words, masked
SCORE_WEIGHTS: Option[dict[str, str]] = Option("score.weights", {})  # metric → weight, where the owner changed it
STAFF_WITHIN: Option[float] = Option("staffing.within_seconds", 30.0)  # a chat is to be answered within
STAFF_LEVEL: Option[float] = Option("staffing.level", 0.8)  # … for this share of them
STAFF_OCCUPANCY: Option[float] = Option("staffing.occupancy", 0.85)  # nobody is busier than that
STAFF_SHRINKAGE: Option[float] = Option("staffing.shrinkage", 0.15)  # share of a shift that is breaks, meals, training
STAFF_CHATS: Option[float] = Option("staffing.chats_at_a_time", 0.0)  # that one agent serves; 0 = as measured
STAFF_HANDLE: Option[float] = Option("staffing.handle_seconds", 0.0)  # length of a chat; 0 = as measured
STAFF_WEEKS: Option[float] = Option("staffing.weeks", 8.0)  # of the past it is reckoned from
STAFF_BUSY: Option[float] = Option("staffing.busy_share", 0.8)  # share of days on which the hour is to be manned enough
