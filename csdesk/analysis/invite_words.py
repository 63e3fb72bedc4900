"""The opening sentence of the 邀评 page: per 100 buyers, so that it can be pictured."""

from __future__ import annotations

from csdesk.analysis.cards import status_text
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Run
from csdesk.analysis.funnel import receptions_aside
from csdesk.analysis.words import spaced, span_words
from csdesk.charts import format as written
from csdesk.charts.build import number


def invite_lead(facts: Facts) -> tuple[Run, ...]:
    """What happened to 100 receptions; where invitations are unknown, what is known about ratings."""
    invite, review = number(facts.total.get("invite_rate")), number(facts.total.get("review_rate"))
    if invite is None:
        return _without_invites(facts)
    when = span_words(facts.request)
    if not invite:
        return _nobody_invited(facts, when)
    runs = [
        Run(f"{when}每 100 {_who(facts)}，客服邀请了 "),
        Run(_hundred(invite), strong=True),
        Run(" 位评价"),
    ]
    aside = _not_counted(facts)
    if review is None:
        return (*runs, Run(f"；收到多少评价还没有数据{aside}。"))
    rated = invite * review
    happy = number(facts.total.get("satisfaction_rate.invited"))
    if happy is None:
        happy = number(facts.total.get("satisfaction_rate"))
    if happy is None:
        return (*runs, Run("，"), Run(_hundred(rated), strong=True), Run(f" 位给了评价{aside}。"))
    gave, pleased = _apart(rated, rated * happy)
    runs += [
        Run("，"),
        Run(gave, strong=True),
        Run(" 位给了评价，其中 "),
        Run(pleased, strong=True),
        Run(f" 位满意{aside}。"),
    ]
    return tuple(runs)


def _nobody_invited(facts: Facts, when: str) -> tuple[Run, ...]:
    all_ = facts.total["invite_rate"].denominator
    whom = f"{written.count(all_)} {_who(facts)}" if all_ else "所有接待"
    return (
        Run(f"{spaced(when, whom)}里，客服"), Run("一位也没有邀请", strong=True),
        Run(f"，评价率无从算起{_not_counted(facts)}。"),
    )  # fmt: skip


def _not_counted(facts: Facts) -> str:
    """How many receptions the sentence does not speak of."""
    aside = receptions_aside(facts.total)
    return f"（另有 {written.count(aside)} {_who(facts)}没有邀评数据，不在内）" if aside else ""


def _without_invites(facts: Facts) -> tuple[Run, ...]:
    total = facts.total
    when = span_words(facts.request)
    runs: list[Run] = []
    ratings, satisfied = number(total.get("ratings_received")), number(total.get("satisfaction_rate"))
    received = number(total.get("received"))
    if ratings is not None:
        runs += [Run(f"{spaced(when, '收到')} "), Run(written.count(ratings), strong=True), Run(" 个评价")]
        if satisfied is not None:
            runs += [Run("，满意率 "), Run(written.percent(satisfied), strong=True)]
        runs.append(Run("。"))
    elif received is not None:
        runs += [Run(f"{spaced(when, '接待')} "), Run(written.count(received), strong=True)]
        runs.append(Run(" 位，还没有评价数据。"))
    why = status_text(invites, facts.request.selection.platform) if (invites := total.get("invites_sent")) else ""
    return (*runs, Run(f"邀评数{why or '还没有数据'}，邀评率和评价率算不出来。"))


def _who(facts: Facts) -> str:
    """Buyers or receptions, by what the source counts."""
    received = facts.total.get("received")
    by_session = received is not None and ("会话" in received.variant or "session" in received.variant)
    return "次接待" if by_session else "位接待的买家"


def _apart(whole: float, part: float) -> tuple[str, str]:
    """Both out of a hundred; with a decimal where rounding would make a part look like the whole."""
    one, other = _hundred(whole), _hundred(part)
    if one == other and part < whole:
        return f"{whole * 100:.1f}", f"{part * 100:.1f}"
    return one, other


def _hundred(share: float) -> str:
    """Out of a hundred: whole, with one decimal below ten."""
    out_of = share * 100
    if out_of >= 10:
        return f"{out_of:.0f}"
    return f"{out_of:.1f}".removesuffix(".0")
