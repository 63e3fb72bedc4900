"""The forms for typing data in by hand: their ids, Chinese names, and what the ledger calls their batches."""

from __future__ import annotations

PHONE, SURVEY, CHECK = "phone", "survey", "check"
ENTRY_TITLES = {PHONE: "电话回访", SURVEY: "满意度问卷", CHECK: "抽检"}
TYPED_IN = "手工录入"
_LAYOUT = "hand."


def entry_layout(form: str) -> str:
    """What a batch of that form has for a layout."""
    return _LAYOUT + form


def entry_of_layout(layout: str) -> str:
    """The form a batch's layout stands for, "" for the layout of a file."""
    form = layout.removeprefix(_LAYOUT) if layout.startswith(_LAYOUT) else ""
    return form if form in ENTRY_TITLES else ""
