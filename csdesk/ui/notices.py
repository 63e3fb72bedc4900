"""Messages to the owner that do not stop them. Kept until there is a window to show them. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from csdesk.analysis.frame import Tone
from csdesk.errors import CsdeskError, UserFault


@dataclass(frozen=True, slots=True)
class Notice:
    """``text`` in one sentence, ``advice`` what to do; an action's word and what it does.

    ``lasting`` notices stay until closed, others go by themselves. ``later`` is the word for leaving it, where that
    is a choice; ``on_later`` hears of it however the notice is left. A notice takes the place of one with the same
    ``topic``.
    """

    text: str
    advice: str = ""
    tone: Tone = Tone.NEUTRAL
    action: str = ""
    on_action: Callable[[], None] | None = None
    lasting: bool = False
    later: str = ""
    on_later: Callable[[], None] | None = None
    topic: str = ""


class NoticeBoard:
    """Where anything may post; a window attaches itself to show what comes and what came before it."""

    def __init__(self) -> None:
        self._waiting: list[Notice] = []
        self._show: Callable[[Notice], None] | None = None

    def post(self, notice: Notice) -> None:
        """Show it, or keep it until a window attaches."""
        if self._show is None:
            self._waiting.append(notice)
        else:
            self._show(notice)

    def fault(self, fault: CsdeskError) -> None:
        """Show a fault the owner can mend, with its advice."""
        if isinstance(fault, UserFault):
            self.post(Notice(fault.message, fault.advice, Tone.BAD, lasting=True))
        else:
            self.post(Notice(str(fault), tone=Tone.BAD, lasting=True))

    def attach(self, show: Callable[[Notice], None]) -> None:
        """Show through ``show`` from now on, what waited first."""
        self._show = show
        waiting, self._waiting = self._waiting, []
        for notice in waiting:
            show(notice)

    def detach(self) -> None:
        """The window is gone; keep what comes."""
        self._show = None
