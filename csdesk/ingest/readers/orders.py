"""What the program wants of a sheet whose first rows it has seen: the rows as they are, or cleaned by its rules.

The child asks with the first chunk of each sheet that has more, and reads on until the answer is there.
"""

from __future__ import annotations

import pickle
import threading
from typing import TYPE_CHECKING

from csdesk.ingest.readers.frames import Frame

if TYPE_CHECKING:
    from csdesk.ingest.rowclean import RowRules

RAW, CLEAN = "raw", "clean"


def order(question: int, rules: object | None) -> Frame:
    """The program's answer to the child's ``question``; without rules the rows come as they are."""
    return (RAW, question) if rules is None else (CLEAN, question, pickle.dumps(rules, pickle.HIGHEST_PROTOCOL))


class Orders:
    """In the child: the answers that have come so far. Filled by one thread, asked by another."""

    def __init__(self) -> None:
        self._answers: dict[int, Frame] = {}
        self._news = threading.Condition()
        self._asked = 0

    def next_question(self) -> int:
        """A number for the next question."""
        self._asked += 1
        return self._asked

    def take(self, frame: Frame) -> None:
        """Keep an answer."""
        with self._news:
            self._answers[int(frame[1])] = frame
            self._news.notify_all()

    def answered(self, question: int, *, wait: bool) -> bool:
        """Whether the answer is there; with ``wait`` it is afterwards."""
        with self._news:
            while wait and question not in self._answers:
                self._news.wait()
            return question in self._answers

    def rules(self, question: int) -> RowRules | None:
        """What was answered: rules to clean by, None for rows as they are."""
        with self._news:
            frame = self._answers.pop(question)
        if frame[0] != CLEAN:
            return None
        rules: RowRules = pickle.loads(frame[2])  # noqa: S301  (from the program that started this process)
        return rules
