"""Mapping a table by hand: what is chosen so far, what it makes of the first rows, and keeping it. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.errors import CsdeskError, UserFault
from csdesk.ingest.own.desk import MappingDesk, Suggestion, with_choices
from csdesk.ingest.own.guess import unit_for
from csdesk.ingest.own.heads import SheetHead
from csdesk.ingest.own.mapping import HeaderPlace, OwnMapping
from csdesk.ingest.own.targets import TargetField
from csdesk.ingest.own.trial import Trial
from csdesk.jobs import Job, Jobs, Task

_DATES = re.compile(r"(?:19|20)\d{2}\s*[-_./年]?\s*\d{1,2}(?:\s*[-_./月]?\s*\d{1,2})?日?|[(（]\d+[)）]|至|~")
_EDGES = " _-—–.()（）[]【】"
_LONGEST_NAME = 30


@dataclass(slots=True)
class MappingState:
    """Everything the view shows. ``choices`` and ``units`` by column, "" = not imported; ``period`` for this import."""

    title: str
    suggestion: Suggestion
    heads: tuple[SheetHead, ...] = ()
    path: Path | None = None
    layout_id: str = ""
    name: str = ""
    platform: Platform | None = None
    shop: str = ""
    period: Period | None = None
    choices: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)

    @property
    def has_rows(self) -> bool:
        """Whether there is a table to try the mapping on."""
        return self.path is not None

    @property
    def fields(self) -> dict[str, TargetField]:
        """What can be chosen, by key."""
        return {one.key: one for one in self.suggestion.fields}

    @property
    def dated(self) -> bool:
        """Whether the rows say their own days, or need not."""
        return self.suggestion.target.kind != "report" or "date" in self.choices

    @property
    def _other_bare(self) -> bool:
        """Tables without a header are told apart by their names alone: another name, another mapping."""
        kept = self.suggestion.mapping
        return kept is not None and not kept.header_rows and self.has_rows and self.name.strip() != kept.name

    def taken(self) -> dict[str, str]:
        """Field → the header of the column that has it."""
        headers = self.suggestion.headers
        return {key: headers[at] or f"第 {at + 1} 列" for at, key in enumerate(self.choices) if key}

    def mapping(self) -> OwnMapping:
        """What would be saved now."""
        found = self.suggestion
        kept = found.mapping
        blank = OwnMapping(
            kept.id if kept is not None and not self._other_bare else "",
            self.name,
            found.target.kind,
            found.source,
            found.target.grain,
            found.headers,
            (),
            found.place.height if self.has_rows or kept is None else kept.header_rows,
            self.platform,
            "" if "shop" in self.choices else self.shop,
        )
        chosen = [(at, key, self.units[at]) for at, key in enumerate(self.choices) if key]
        return with_choices(found, chosen, blank)


class MappingView(Protocol):
    """What the presenter tells the view."""

    def show_opening(self, title: str) -> None:
        """The file is being read."""

    def show_state(self, state: MappingState) -> None:
        """A table, a header or a kind of table was chosen: everything is new."""

    def show_column(self, at: int, state: MappingState) -> None:
        """One column was mapped otherwise."""

    def show_trial(self, trial: Trial) -> None:
        """What the mapping makes of the first rows."""

    def saved(self, mapping: OwnMapping, state: MappingState) -> None:
        """It is kept."""

    def leave(self) -> None:
        """Nothing is being mapped any more."""

    def explain(self, fault: CsdeskError) -> None:
        """It went wrong in a way the owner can mend."""


class MappingPresenter:
    """Reads, guesses and tries in the read lane, saves in the write lane."""

    def __init__(self, desk: Callable[[], MappingDesk], jobs: Jobs, view: MappingView) -> None:
        self._desk, self._jobs, self._view = desk, jobs, view
        self._job: Job[MappingState] | Job[OwnMapping] | None = None
        self._trial: Job[Trial] | None = None
        self.state: MappingState | None = None
        self.touched = False

    @property
    def busy(self) -> bool:
        """Whether something is being read, tried or saved."""
        return self._job is not None or self._trial is not None

    def open(self, path: Path, title: str, *, sheet: str = "", layout_id: str = "") -> None:
        """Map the table of a file; ``layout_id``: how the program read it, to be corrected."""

        def work(task: Task) -> MappingState:
            desk = self._desk()
            heads = tuple(desk.open(path, task.cancel))
            if not heads:
                raise UserFault("这个文件里没有可以对列的表。")
            head = next((one for one in heads if one.name == sheet), heads[0])
            found = desk.suggest(head, file_name=path.name, layout_id=layout_id)
            return _fresh(MappingState(title, found, heads, path, layout_id), desk)

        self._view.show_opening(title)
        self._start(work, self.close)

    def reopen(self, mapping_id: str) -> None:
        """Change a mapping without a table at hand."""

        def work(_task: Task) -> MappingState:
            desk = self._desk()
            mapping = desk.shelf.get(mapping_id)
            return _fresh(MappingState(mapping.name, desk.reopen(mapping)), desk)

        self._start(work, self.close)

    def set_sheet(self, index: int) -> None:
        """Another table of the file."""
        if self.state is not None:
            self._suggest(self.state.heads[index])

    def set_header(self, place: HeaderPlace) -> None:
        """The header is elsewhere."""
        if self.state is not None:
            self._suggest(self.state.suggestion.head, place=place, target=self.state.suggestion.target.id)

    def set_target(self, target: str) -> None:
        """It is another kind of table."""
        if self.state is not None and target != self.state.suggestion.target.id:
            self._suggest(self.state.suggestion.head, place=self.state.suggestion.place, target=target)

    def choose(self, at: int, key: str) -> None:
        """Map a column ("" = do not import it)."""
        state = self.state
        if state is None or (key and state.suggestion.columns[at].private and not _coarse(state, at, key)):
            return
        self.touched = True
        state.choices[at] = key
        chosen = state.fields.get(key)
        state.units[at] = unit_for(state.suggestion.headers[at], chosen) if chosen is not None else ""
        self._view.show_column(at, state)

    def set_unit(self, at: int, unit: str) -> None:
        """The unit of a column's bare numbers."""
        if self.state is not None:
            self.touched = True
            self.state.units[at] = unit

    def try_now(self) -> None:
        """Try what is chosen on the first rows; an older trial still under way is dropped."""
        state = self.state
        if state is None:
            return
        if self._trial is not None:
            self._trial.cancel()
        mapping, head, place = state.mapping(), state.suggestion.head, state.suggestion.place

        def done(trial: Trial) -> None:
            if self._trial is job:
                self._trial = None
                self._view.show_trial(trial)

        def ended(*_error: object) -> None:
            if self._trial is job:
                self._trial = None

        job = self._jobs.read(lambda _task: self._desk().try_out(mapping, head, place))
        self._trial = job
        job.on_done(done).on_cancelled(ended).on_fault(ended).on_bug(ended).start()

    def save(self) -> None:
        """Keep the mapping."""
        state = self.state
        if state is None or self._job is not None:
            return
        mapping = state.mapping()

        def done(kept: OwnMapping) -> None:
            self._job = None
            self.state = None
            self._view.saved(kept, state)

        def fault(error: CsdeskError) -> None:
            self._job = None
            self._view.explain(error)

        self._job = self._jobs.write(lambda _task: self._desk().save(mapping)).on_done(done).on_fault(fault)
        self._job.on_bug(lambda _bug: self._ended()).on_cancelled(self._ended).start()

    def close(self) -> None:
        """Leave without saving."""
        for job in (self._job, self._trial):
            if job is not None:
                job.cancel()
        self._job = self._trial = None
        self.state = None
        self._view.leave()

    def _ended(self) -> None:
        self._job = None

    def _suggest(self, head: SheetHead, *, place: HeaderPlace | None = None, target: str = "") -> None:
        """Guess anew; name, platform, shop and days stay."""
        state = self.state
        if state is None or self._job is not None:
            return

        def work(_task: Task) -> MappingState:
            desk = self._desk()
            chosen, kept = desk.target(target), state.suggestion.mapping
            if state.path is None and kept is not None:
                found = desk.reopen(kept, chosen)
            else:
                name = state.path.name if state.path else ""
                found = desk.suggest(head, file_name=name, place=place, target=chosen, layout_id=state.layout_id)
            fresh = MappingState(state.title, found, state.heads, state.path, state.layout_id)
            fresh.name, fresh.platform, fresh.shop, fresh.period = state.name, state.platform, state.shop, state.period
            return _with_guesses(fresh)

        self._start(work, self._ended)

    def _start(self, work: Callable[[Task], MappingState], leave: Callable[[], None]) -> None:
        def done(state: MappingState) -> None:
            self._job = None
            self.touched = self.state is not None  # another kind or header was chosen
            self.state = state
            self._view.show_state(state)

        def fault(error: CsdeskError) -> None:
            self._job = None
            leave()
            self._view.explain(error)

        self._job = self._jobs.read(work).on_done(done).on_fault(fault)
        self._job.on_bug(lambda _bug: leave()).start()


def _coarse(state: MappingState, at: int, key: str) -> bool:
    return "地址" in state.suggestion.headers[at] and state.fields[key].kind == "address"


def _fresh(state: MappingState, desk: MappingDesk) -> MappingState:
    """Name, platform and shop as kept before, or a name made of the file's."""
    kept = state.suggestion.mapping
    if kept is not None:
        state.name, state.platform, state.shop = kept.name, kept.platform, kept.shop
    else:
        state.name = desk.free_name(name_from(state.title))
        layout = state.suggestion.layout
        state.platform = layout.platform if layout is not None else None
    return _with_guesses(state)


def _with_guesses(state: MappingState) -> MappingState:
    state.choices = [guess.key for guess in state.suggestion.guesses]
    state.units = [guess.unit for guess in state.suggestion.guesses]
    return state


def name_from(title: str) -> str:
    """A name for a mapping out of a file's: without days, copies and the ending."""
    stem = title.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    return _DATES.sub(" ", stem).strip(_EDGES)[:_LONGEST_NAME].strip(_EDGES) or "我的表"
