"""Which shop a file without a name belongs to, as far as the files beside it can tell. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from csdesk.ingest.model import Need, Plan, Status


def named_shops(plans: Iterable[Plan], like: Plan) -> tuple[str, ...]:
    """Shops of the same platform that the other files name themselves, in their order."""
    found = (
        plan.shop
        for plan in plans
        if plan is not like and plan.platform is like.platform and plan.shop and not plan.shop_assumed
        and plan.status in {Status.IMPORTED, Status.DUPLICATE}
    )  # fmt: skip
    return tuple(dict.fromkeys(found))


def expected_shop(plans: Sequence[Plan], plan: Plan) -> str:
    """The shop whose name an unnamed file will take when all are imported; "" where nothing tells."""
    if not plan.shop_assumed:
        return plan.shop or ""
    names = named_shops(plans, plan)
    return names[0] if len(names) == 1 else ""


def ask_where_unclear(plans: Sequence[Plan]) -> None:
    """An unnamed file beside files of several shops could be anybody's: ask instead of assuming."""
    for plan in plans:
        if plan.status is Status.IMPORTED and plan.shop_assumed:
            names = named_shops(plans, plan)
            if len(names) > 1:
                plan.status = Status.NEEDS_INPUT
                plan.needs = [*plan.needs, Need("shop", "这个表没有写店铺名。它是哪家店的？", names)]


def loading_order(plans: Iterable[Plan]) -> list[Plan]:
    """Unnamed files first: the first named one then gives the assumed shop its name, and there is one shop, not two."""
    return sorted(plans, key=lambda plan: not plan.shop_assumed)
