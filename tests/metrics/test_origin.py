"""Where a number comes from is put together when it is asked for, once, and shows nowhere that it was not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from csdesk.domain.period import Period
from csdesk.metrics.model import LeftOut, MetricStatus, MetricValue, Origin, Unit, origin_of

PLAIN = MetricValue("received", Unit.COUNT, 5, MetricStatus.OK, 5.0, variant="按会话", sources=("sessions",))
TOLD = Origin(("会话.csv",), (LeftOut("chitu", None, "已采用会话明细"),), (Period(date(2026, 2, 1), date(2026, 2, 3)),))


def test_an_origin_is_asked_for_once_and_only_when_needed() -> None:
    asked: list[int] = []

    def origin() -> Origin:
        asked.append(1)
        return TOLD

    value = PLAIN.told_later(origin)
    assert (value.value, value.sources, value.variant, value.status) == (5, ("sessions",), "按会话", MetricStatus.OK)
    assert not asked
    assert value.files == ("会话.csv",)
    assert value.left_out == TOLD.left_out
    assert value.covered == TOLD.covered
    assert (value.parts, value.notes) == ((), ())
    assert origin_of(value) == TOLD
    assert len(asked) == 1


def test_it_is_a_value_like_any_other() -> None:
    plain = replace(PLAIN, files=TOLD.files, left_out=TOLD.left_out, covered=TOLD.covered)
    assert PLAIN.told_later(lambda: TOLD) == plain
    assert replace(PLAIN.told_later(lambda: TOLD), value=6) == replace(plain, value=6)
    assert repr(PLAIN.told_later(lambda: TOLD)) == repr(plain)
    assert PLAIN.told_later(lambda: TOLD, value=7, n=3.0) == replace(plain, value=7, n=3.0)


def test_what_is_no_field_is_still_missing() -> None:
    with pytest.raises(AttributeError):
        PLAIN.told_later(lambda: TOLD).nothing_of_the_kind  # type: ignore[attr-defined]  # noqa: B018
