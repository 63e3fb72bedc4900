"""One table put in twice at once — loose and inside an archive, say — is written once."""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.ingest.model import Plan, Status


def mark_twins(plans: Sequence[Plan]) -> list[Plan]:
    """Make every further plan of the same bytes, read as the same thing, a duplicate of the first.

    What was marked before is judged anew: when the first is taken out, the next one counts. Returns the plans
    that count again.
    """
    first: dict[tuple[str, str], Plan] = {}
    twins_before = [plan for plan in plans if plan.twin_of]
    for plan in twins_before:
        plan.status, plan.twin_of = Status.IMPORTED, ""
    for plan in plans:
        if plan.status is not Status.IMPORTED or not plan.sha256:
            continue
        original = first.setdefault((plan.sha256, plan.claim), plan)
        if original is not plan:
            plan.status, plan.twin_of = Status.DUPLICATE, original.path
    return [plan for plan in twins_before if not plan.twin_of]


def tell_twin(plan: Plan, tried: set[tuple[str, str]]) -> None:
    """Where nothing is written: a plan whose very table was tried before (it is added to ``tried``) is a duplicate."""
    table = (plan.sha256, plan.claim)
    if table not in tried:
        tried.add(table)
        return
    plan.status = Status.DUPLICATE
    plan.message = f"{plan.message}这次选的文件里已经有同样的一份。"
    rows = plan.rows
    rows.duplicate += rows.inserted + rows.updated
    rows.inserted = rows.updated = 0
