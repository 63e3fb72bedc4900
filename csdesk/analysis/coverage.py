"""The coverage calendar: of every shop and source, which days are there, not final, empty or missing, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from csdesk.analysis.frame import Answer, ExportHint, MissingDays
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.layouts import catalogue, delay_days
from csdesk.metrics.coverage import SOURCE_ORDER
from csdesk.metrics.declaration import SOURCE_TITLES, source_title
from csdesk.store import batches, presence, shops
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS, SESSION
from csdesk.store.presence import SourceDays, runs

PRESENT, PROVISIONAL, EMPTY, MISSING, OUTSIDE = "present", "provisional", "empty", "missing", "outside"
STOPPED = "stopped"
_STOPPED_AFTER = 62
"""Days: a source that ends so long before the shop's newest day is no longer kept rather than forgotten."""


class FileSpan(NamedTuple):
    """The days one import speaks for (epoch days)."""

    first: int
    last: int
    batch: int
    name: str


class Waiting(NamedTuple):
    """Days that are not final, and from which epoch day on an export is."""

    first: int
    last: int
    ready: int


@dataclass(frozen=True, slots=True)
class SourceCalendar:
    """One strip of the calendar. Spans are (first, last) in epoch days, ascending, both included.

    ``hints`` say where the days can be exported: the layouts the shop has used for this source first.
    """

    shop_id: int
    shop: str
    platform: Platform
    source: str
    title: str
    present: tuple[tuple[int, int], ...]
    provisional: tuple[tuple[int, int], ...]
    empty: tuple[tuple[int, int], ...]
    missing: tuple[tuple[int, int], ...]
    waiting: tuple[Waiting, ...]
    files: tuple[FileSpan, ...]
    hints: tuple[ExportHint, ...]

    @property
    def last_day(self) -> int:
        """The newest day that is there."""
        return max((last for _, last in (*self.present, *self.empty)), default=0)

    def state(self, day: int) -> str:
        """PROVISIONAL, PRESENT, MISSING, EMPTY or OUTSIDE (before the first file, or not expected yet)."""
        for spans, state in (
            (self.provisional, PROVISIONAL), (self.present, PRESENT), (self.missing, MISSING), (self.empty, EMPTY),
        ):  # fmt: skip
            if any(first <= day <= last for first, last in spans):
                return state
        return OUTSIDE

    def brought_by(self, day: int) -> tuple[FileSpan, ...]:
        """The imports that speak for a day, the newest first."""
        return tuple(sorted((one for one in self.files if one.first <= day <= one.last), key=lambda one: -one.batch))

    def ready_on(self, day: int) -> int | None:
        """From which day on an export of ``day`` is final; None where it is."""
        return next((one.ready for one in self.waiting if one.first <= day <= one.last), None)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days to be exported (again). ``kind``: missing | stopped (nothing since) | provisional."""

    kind: str
    text: str
    strip: SourceCalendar
    period: Period

    @property
    def where(self) -> str:
        """The places to export from, in one line."""
        return "；".join(hint.where for hint in self.strip.hints)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole calendar; ``gaps`` newest first. ``first``/``last`` are the outermost days of anything."""

    strips: tuple[SourceCalendar, ...] = ()
    gaps: tuple[Gap, ...] = ()
    first: date | None = None
    last: date | None = None
    today: date = date.min

    @property
    def shops(self) -> tuple[str, ...]:
        """The shops, in the order of the strips."""
        return tuple(dict.fromkeys(strip.shop for strip in self.strips))


class CoverageBook:
    """Answers what is there; safe in any thread."""

    def __init__(self, store: Store, today: Callable[[], date] = date.today) -> None:
        self._store = store
        self._today = today
        self._whole: tuple[tuple[int, date], Coverage] | None = None
        self._missing: tuple[tuple[int, date], tuple[MissingDays, ...]] | None = None

    def calendar(self, selection: Filter | None = None) -> Coverage:
        """The calendar of a selection (agents and groups do not narrow it)."""
        today = self._today()
        with self._store.reading() as conn:
            found = presence.source_days(conn, selection or Filter(), to_epoch_day(today))
            known = {shop.id: shop for shop in shops.all_shops(conn)}
            imports = {batch.id: batch for batch in batches.ledger(conn)}
        names = _shop_names(known.values())
        files = {
            batch.id: f"{batch.file_name} › {batch.member}" if batch.member else batch.file_name
            for batch in imports.values()
        }
        layouts = {batch.id: batch.layout for batch in imports.values()}
        strips = sorted(
            (_strip(days, names[days.shop_id], known[days.shop_id].platform, files, layouts) for days in found
             if days.shop_id in known),
            key=lambda strip: (list(Platform).index(strip.platform), strip.shop, _rank(strip.source)),
        )  # fmt: skip
        return _coverage(tuple(strips), today)

    def whole(self) -> Coverage:
        """The calendar of all shops, worked out once for each data version and day."""
        known = (self._store.data_version, self._today())
        if self._whole is None or self._whole[0] != known:
            self._whole = known, self.calendar()
        return self._whole[1]

    def missing(self) -> tuple[MissingDays, ...]:
        """The days to be exported yet, of all shops, newest first; worked out once for each data version and day.

        Sources that were given up long ago are not in it.
        """
        known = (self._store.data_version, self._today())
        if self._missing is None or self._missing[0] != known:
            calendar = self.whole()
            several = len(calendar.shops) > 1
            self._missing = known, tuple(
                MissingDays(
                    gap.strip.title, gap.period, gap.strip.shop_id, gap.strip.platform,
                    f"{gap.strip.shop}：" if several else "", gap.strip.hints[0].where if gap.strip.hints else "",
                    counted=gap.strip.source == SESSION.name or gap.strip.source not in KINDS,
                )
                for gap in calendar.gaps if gap.kind == MISSING
            )  # fmt: skip
        return self._missing[1]


def _coverage(strips: tuple[SourceCalendar, ...], today: date) -> Coverage:
    ends = [span for strip in strips for span in (*strip.present, *strip.missing, *strip.empty)]
    gaps = [gap for strip in strips for gap in _gaps(strip, today, several=len({one.shop for one in strips}) > 1)]
    gaps.sort(key=lambda gap: (gap.period.last, gap.period.first), reverse=True)
    return Coverage(
        strips,
        tuple(gaps),
        from_epoch_day(min(first for first, _ in ends)) if ends else None,
        from_epoch_day(max(last for _, last in ends)) if ends else None,
        today,
    )


def _shop_names(known: Iterable[shops.Shop]) -> dict[int, str]:
    """Names; with the platform where two platforms have a shop of the same name."""
    listed = list(known)
    names = [shop.name for shop in listed]
    return {
        shop.id: shop.name if names.count(shop.name) == 1 else f"{shop.name}（{shop.platform.short}）"
        for shop in listed
    }


def title_of(source: str) -> str:
    """What a source is called: 飞鸽, 会话明细, 订单."""
    if source in KINDS and source != SESSION.name:
        return KINDS[source].title
    return SOURCE_TITLES["sessions"] if source == SESSION.name else source_title(source)


def _rank(source: str) -> tuple[int, int, str]:
    if source in KINDS:
        return 1, list(KINDS).index(source), source
    return 0, SOURCE_ORDER.index(source) if source in SOURCE_ORDER else len(SOURCE_ORDER), source


def _strip(
    days: SourceDays, shop: str, platform: Platform, files: Mapping[int, str], layouts: Mapping[int, str]
) -> SourceCalendar:
    return SourceCalendar(
        days.shop_id, shop, platform, days.source, title_of(days.source),
        tuple(runs(days.present)), tuple(runs(days.provisional)), tuple(runs(days.empty)), tuple(runs(days.missing)),
        _waiting(days),
        tuple(FileSpan(first, last, batch, files.get(batch, "")) for first, last, batch in sorted(days.brought)),
        _hints(days.source, platform, [layouts.get(batch, "") for *_, batch in days.brought]),
    )  # fmt: skip


def _waiting(days: SourceDays) -> tuple[Waiting, ...]:
    if not days.late:
        return ()  # before anything is read about delays: the overview of a shop whose numbers are final opens sooner
    delays = delay_days()
    ready: dict[int, int] = {}
    for first, last, measure in days.late:
        final = last + delays.get(measure, 0) + 1
        for day in range(first, last + 1):
            ready[day] = max(final, ready.get(day, 0))
    found: list[Waiting] = []
    for day, final in sorted(ready.items()):
        if found and found[-1].last == day - 1:
            found[-1] = Waiting(found[-1].first, day, max(found[-1].ready, final))
        else:
            found.append(Waiting(day, day, final))
    return tuple(found)


def _hints(source: str, platform: Platform, used: Sequence[str]) -> tuple[ExportHint, ...]:
    """Where the source is exported: the kinds of tables the shop brought, else all of the platform."""
    fitting = [
        layout for layout in catalogue().layouts
        if layout.where and layout.platform in (None, platform) and _family(layout.kind, layout.source) == source
    ]  # fmt: skip
    own = [layout for layout in fitting if layout.id in used]
    found: dict[str, ExportHint] = {}
    for layout in own or fitting:
        found.setdefault(layout.where, ExportHint(layout.name, layout.where))
    return tuple(found.values())


def _family(kind: str, source: str) -> str:
    if kind == "sessions":
        return SESSION.name
    return source if kind == "report" else kind.partition(":")[2]


# -- sentences --------------------------------------------------------------------------------------------------------


def _gaps(strip: SourceCalendar, today: date, *, several: bool) -> list[Gap]:
    head = f"{strip.shop}：" if several else ""
    gaps = []
    for first, last in strip.missing:
        period = Period(from_epoch_day(first), from_epoch_day(last))
        if first > strip.last_day and period.days > _STOPPED_AFTER:
            ended = span_words(from_epoch_day(strip.last_day), from_epoch_day(strip.last_day), today)
            gaps.append(Gap(STOPPED, f"{head}{ended}之后没有再导入 {strip.title} 数据", strip, period))
            continue
        words = span_words(period.first, period.last, today)
        gaps.append(Gap(MISSING, f"{head}{words}缺 {strip.title} 数据", strip, period))
    for first, last, ready in strip.waiting:
        period = Period(from_epoch_day(first), from_epoch_day(last))
        words = span_words(period.first, period.last, today)
        text = f"{head}{words}的 {strip.title} 数据导出时还没定，{again(ready, today)}"
        gaps.append(Gap(PROVISIONAL, text, strip, period))
    return gaps


def again(ready: int, today: date) -> str:
    """``等 2 天再导出一次`` or that it can be done now."""
    days = ready - to_epoch_day(today)
    return f"等 {days} 天再导出一次" if days > 0 else "现在再导出一次就是最终数"


def span_words(first: date, last: date, today: date) -> str:
    """``3 月 4–6 日``; ``2 月 27 日–3 月 2 日``; with the year where it is not this one."""
    year = f"{first.year} 年 " if first.year != today.year or last.year != today.year else ""
    if first == last:
        return f"{year}{first.month} 月 {first.day} 日"
    if (first.year, first.month) == (last.year, last.month):
        return f"{year}{first.month} 月 {first.day}–{last.day} 日"
    end_year = f"{last.year} 年 " if last.year != first.year else ""
    return f"{year}{first.month} 月 {first.day} 日–{end_year}{last.month} 月 {last.day} 日"


# -- for other programs -----------------------------------------------------------------------------------------------


def coverage_answer(coverage: Coverage, selection: Filter) -> Answer:
    """The calendar of the selection's shops as a page tells it, files left out: spans of days, and what is missing.

    Agents and groups do not narrow it, and a period only which gaps are told.
    """

    def chosen(strip: SourceCalendar) -> bool:
        here = selection.platform in (None, strip.platform)
        return here and (not selection.shops or strip.shop_id in selection.shops)

    strips = [strip for strip in coverage.strips if chosen(strip)]
    gaps = [
        gap.text for gap in coverage.gaps
        if chosen(gap.strip) and (selection.period is None or gap.period.overlaps(selection.period))
    ]  # fmt: skip
    return Answer(
        "coverage",
        {
            "sources": [
                {
                    "shop": strip.shop, "platform": str(strip.platform), "source": strip.source, "title": strip.title,
                    "days": {
                        "present": _pairs(strip.present), "provisional": _pairs(strip.provisional),
                        "empty": _pairs(strip.empty), "missing": _pairs(strip.missing),
                    },
                }
                for strip in strips
            ],
            "gaps": gaps,
            "text": f"{'。'.join(gaps)}。" if gaps else "没有缺的天。" if strips else "还没有数据。",
        },
    )  # fmt: skip


def coverage_json(coverage: Coverage) -> dict[str, object]:
    """The answer of ``csdesk-cli coverage --json``; days as [from, to] pairs."""
    return {
        "today": coverage.today.isoformat(),
        "sources": [
            {
                "shop": strip.shop,
                "platform": str(strip.platform),
                "source": strip.source,
                "title": strip.title,
                "days": {
                    "present": _pairs(strip.present),
                    "provisional": _pairs(strip.provisional),
                    "empty": _pairs(strip.empty),
                    "missing": _pairs(strip.missing),
                },
                "imports": [
                    {"batch": one.batch, "file": one.name, "from": _iso(one.first), "to": _iso(one.last)}
                    for one in strip.files
                ],
            }
            for strip in coverage.strips
        ],
        "gaps": [
            {
                "text": gap.text,
                "kind": gap.kind,
                "shop": gap.strip.shop,
                "source": gap.strip.source,
                "from": gap.period.first.isoformat(),
                "to": gap.period.last.isoformat(),
                "where": gap.where,
            }
            for gap in coverage.gaps
        ],
    }


def _pairs(spans: Iterable[tuple[int, int]]) -> list[list[str]]:
    return [[_iso(first), _iso(last)] for first, last in spans]


def _iso(day: int) -> str:
    return from_epoch_day(day).isoformat()
