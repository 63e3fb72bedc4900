"""Why a list of a page's answers is empty: a Chinese sentence for each, so that no gap goes unexplained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csdesk.analysis.frame import Answer


def why_empty(answers: Sequence[Answer], reasons: Mapping[str, str]) -> tuple[Answer, ...]:
    """``answers`` and, after them, ``why_empty``: the reason by id for those of them that hold nothing.

    Answers with a sentence of their own (``text``) say it themselves and need no reason here.
    """
    return (
        *answers,
        Answer("why_empty", {one.id: reasons[one.id] for one in answers if not one.value and one.id in reasons}),
    )
