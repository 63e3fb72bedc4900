"""三句话: only what is certain, with its numbers; both groups better and all worse said as it is; quiet where quiet."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from csdesk.analysis.certainty import together
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Attention, Change, Compare, Kpi, PageRequest, Tone
from csdesk.analysis.json import page_json
from csdesk.analysis.pages import compute_page
from csdesk.analysis.summary import MOST, Sentence, summary
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.model import MetricStatus, MetricValue, Unit
from tests.fake_engine import Cell, FakeEngine

DAY = date(2026, 3, 10)
BEFORE = DAY - timedelta(days=1)
REQUEST = PageRequest(Filter(Period.of_day(DAY)))


def _cell(day: date, agent: str, happy: float, ratings: float, **counts: float) -> Cell:
    return Cell(day, agent, {"happy": happy, "ratings": ratings, "received": ratings * 3, **counts})


def _said(cells: list[Cell], request: PageRequest = REQUEST, page: str = "satisfaction") -> tuple[Sentence, ...]:
    found = compute_page(page, FakeEngine(cells), request).answer("summary_sentences")
    assert isinstance(found, tuple)
    return found


SIMPSON = [
    _cell(BEFORE, "售前", 190, 200), _cell(BEFORE, "售后", 35, 50),
    _cell(DAY, "售前", 96, 100), _cell(DAY, "售后", 108, 150),
]  # fmt: skip


def test_both_groups_better_and_all_worse() -> None:
    first, second = _said(SIMPSON)[:2]
    assert first.kind == "change"
    assert first.text == (
        "满意率比上期低 8.4 个百分点：81.6%（204/250）对 90.0%（225/250），差的 95% 区间 −14.5 至 −2.3 个百分点。"
    )
    assert second.kind == "reason"
    assert second.text == (
        "按客服分开看，每一组的满意率都变好，合计却变差，差在各组的占比："
        "满意率较低的售后占比从 20.0% 升到 60.0%（占比的影响 −9.8 个百分点，各组自己的变化 +1.4 个百分点）。"
    )
    evidence = second.evidence
    assert evidence["difference"] == pytest.approx(-0.084)
    groups = evidence["groups"]
    assert isinstance(groups, list)
    assert {one["key"]: (one["numerator"], one["denominator"]) for one in groups} == {
        "售前": (96, 100),
        "售后": (108, 150),
    }


def test_both_groups_worse_and_all_better() -> None:
    turned = [replace(cell, day=DAY if cell.day == BEFORE else BEFORE) for cell in SIMPSON]
    assert "每一组的满意率都变差，合计却变好" in _said(turned)[1].text
    assert "满意率较低的售后占比从 60.0% 降到 20.0%" in _said(turned)[1].text


def test_a_group_that_makes_the_change_is_named() -> None:
    cells = [_cell(BEFORE, "小美", 190, 200), _cell(BEFORE, "阿杰", 190, 200)]
    cells += [_cell(DAY, "小美", 190, 200), _cell(DAY, "阿杰", 130, 200)]
    change, reason = _said(cells)[:2]
    assert change.evidence["verdict"] == "down"
    assert reason.text == (
        "满意率的变化 −15.0 个百分点里，阿杰占 −15.0 个百分点："
        "满意率从 95.0%（190/200）变为 65.0%（130/200），占比从 50.0% 变为 50.0%。"
    )


def test_nothing_certain_is_said_with_its_sample() -> None:
    same = [_cell(BEFORE, "小美", 90, 100), _cell(DAY, "小美", 91, 100)]
    (only,) = _said(same)
    assert (only.kind, only.text) == ("nothing", "这段时间没有看得出的变化（样本 n=100）。")
    assert only.evidence["n"] == 100
    few = [_cell(BEFORE, "小美", 4, 5), _cell(DAY, "小美", 1, 5)]
    assert _said(few)[0].text == "样本不足，看不出变化（样本 n=5）。"
    assert _said(same[1:])[0].text == "上期没有可比的数据，看不出变化（样本 n=100）。"
    assert _said(same, replace(REQUEST, compare=Compare.NONE))[0].text == "没有选对比的时间，看不出变化（样本 n=100）。"


def test_a_change_of_one_card_alone_is_not_called_none() -> None:
    cells = [_cell(BEFORE, "小美", 180, 200), _cell(DAY, "小美", 191, 200)]
    result = compute_page("satisfaction", FakeEngine(cells), REQUEST)
    kpis = tuple(kpi for kpi in result.kpis if kpi.metric == "satisfaction_rate")
    assert kpis[0].change is not None
    assert kpis[0].change.verdict == "up"
    facts = Facts(FakeEngine(cells), REQUEST, ("satisfaction_rate",))
    others = [_kpi(f"other{number}", 50, 100, 0.01, 0.1) for number in range(9)]
    (said,) = summary(facts, (*kpis, *others), (), (), ())
    assert said.text == "满意率单看像有变化，几项一起看还可能是碰巧，先不下结论（样本 n=200）。"


def test_all_data_has_nothing_before_it() -> None:
    same = [_cell(BEFORE, "小美", 90, 100), _cell(DAY, "小美", 91, 100)]
    assert _said(same, PageRequest())[0].text == "看的是全部数据，没有更早的时间可以对比（样本 n=200）。"


def test_promotions_of_one_span_alone_stand_beside_a_change_of_counts() -> None:
    october, september = Period(date(2026, 10, 1), date(2026, 10, 31)), Period(date(2026, 9, 1), date(2026, 9, 30))
    cells = [Cell(day, "小美", {"received": 100.0}) for day in october]
    cells += [Cell(day, "小美", {"received": 150.0 if day.day % 2 else 140.0}) for day in september]
    said = _said(cells, PageRequest(Filter(october)), page="overview")
    assert said[0].metric == "received"
    assert said[0].text.endswith("；两段的大促天数不同，0 天对 3 天（99划算节）。")


def test_the_overview_opens_with_them() -> None:
    result = compute_page("overview", FakeEngine(SIMPSON), REQUEST)
    said = [one.text for one in _said(SIMPSON, page="overview")]
    assert 1 <= len(said) <= MOST
    assert result.lead_text.endswith("".join(said))
    told = page_json(result, {})["summary_sentences"]
    assert [one["text"] for one in told] == said
    assert told[0]["evidence"]["period"] == ["2026-03-10", "2026-03-10"]


def test_an_empty_page_has_none() -> None:
    assert _said([], PageRequest()) == ()


def _kpi(metric: str, k: float, n: float, difference: float, half: float) -> Kpi:
    value = MetricValue(metric, Unit.RATE, k / n, MetricStatus.OK, k, n, n=n)
    verdict = "no_clear_change" if abs(difference) < half else "up" if difference > 0 else "down"
    change = Change(difference, difference - half, difference + half, verdict, "", "", Tone.NEUTRAL)
    return Kpi(metric, metric, (), value, value, change)


def _facts() -> Facts:
    return Facts(FakeEngine([]), REQUEST, ())


def test_the_larger_and_surer_comes_first_and_twins_are_told_once() -> None:
    kpis = [
        _kpi("invite_rate", 500, 1000, 0.02, 0.01), _kpi("satisfaction_rate", 900, 1000, -0.08, 0.02),
        _kpi("dissatisfaction_rate", 90, 1000, 0.07, 0.02), _kpi("review_rate", 90, 1000, 0.05, 0.02),
        _kpi("resolution_rate", 90, 1000, 0.04, 0.02),
    ]  # fmt: skip
    assert [one.metric for one in summary(_facts(), kpis, (), (), ())] == [
        "satisfaction_rate", "review_rate", "resolution_rate",
    ]  # fmt: skip


def test_one_barely_certain_change_among_many_numbers_is_none() -> None:
    edge = _kpi("invite_rate", 500, 1000, 0.0205, 0.02)
    assert summary(_facts(), [edge], (), (), ())[0].kind == "change"
    others = [_kpi(metric, 500, 1000, 0.001, 0.02) for metric in ("review_rate", "resolution_rate", "reply_rate")]
    said = summary(_facts(), together(_facts(), [edge, *others]), (), (), ())[0]
    assert (said.kind, said.text) == (
        "nothing",
        "invite_rate单看像有变化，几项一起看还可能是碰巧，先不下结论（样本 n=1,000）。",
    )


def test_attention_has_its_place() -> None:
    one = Attention("target", "满意率到月底达到 95% 的机会约 20%（172/184）", "satisfaction_rate", day=DAY)
    again = Attention("target", "第二个", "review_rate", day=DAY)
    found = summary(_facts(), [], (), (), (one, again, Attention("provisional", "未定")))
    assert [sentence.kind for sentence in found] == ["nothing", "attention"]  # a target in danger is no change
    assert found[1].text == "满意率到月底达到 95% 的机会约 20%（172/184）。"
    assert isinstance(found[1].evidence, Mapping)
    assert found[1].evidence["kind"] == "target"
    unusual = Attention("unusual", "11-09（周一）满意率 71.4%（15/21），平常 88%–97%", "satisfaction_rate", day=DAY)
    assert [sentence.evidence["kind"] for sentence in summary(_facts(), [], (), (), (one, unusual))] == [
        "target", "unusual",
    ]  # fmt: skip


def test_quiet_shops_get_a_sentence_of_change_in_less_than_five_of_a_hundred() -> None:
    chance, raised, times = random.Random(12), 0, 200
    for _ in range(times):
        cells = []
        for day in (BEFORE, DAY):
            for agent in ("小美", "阿杰", "小李"):
                invites, judged = chance.randrange(50, 90), chance.randrange(50, 90)
                ratings = chance.randrange(40, 70)
                cells.append(
                    Cell(day, agent, {
                        "received": 100, "invites": sum(chance.random() < 0.6 for _ in range(100)),
                        "rated": sum(chance.random() < 0.3 for _ in range(invites)), "ratings": ratings,
                        "happy": sum(chance.random() < 0.92 for _ in range(ratings)), "judged": judged,
                        "solved": sum(chance.random() < 0.8 for _ in range(judged)),
                    })
                )  # fmt: skip
        raised += any(one.kind != "nothing" for one in _said(cells))
    assert raised / times <= 0.08  # 5 %, and chance on top


def test_a_shorter_month_is_no_loss() -> None:
    january, february = Period(date(2026, 1, 1), date(2026, 1, 31)), Period(date(2026, 2, 1), date(2026, 2, 28))
    steady = [Cell(day, "小美", {"received": 100 + day.day % 3}) for month in (january, february) for day in month]
    request = PageRequest(Filter(february))
    assert _said(steady, request, "overview")[0].kind == "nothing"
    received = compute_page("overview", FakeEngine(steady), request).kpis[0].change
    assert received is not None
    assert (received.difference, received.verdict) == (2828 - 3131, "no_clear_change")
    assert received.detail.startswith("28 天对 31 天，有没有变按每天的量判断")
    fewer = [replace(cell, counts={"received": 60}) if cell.day in february else cell for cell in steady]
    (only,) = _said(fewer, request, "overview")
    assert only.text.startswith("接待量比上期少 1,451：1,680 对 3,131，差的 95% 区间 ")


def test_of_numbers_that_say_the_same_the_first_is_told() -> None:
    kpis = [_kpi("dissatisfaction_rate", 90, 1000, 0.08, 0.02), _kpi("satisfaction_rate", 900, 1000, -0.08, 0.02)]
    assert [one.metric for one in summary(_facts(), kpis, (), (), ())] == ["satisfaction_rate"]


def test_a_group_that_stayed_as_it_was_makes_no_every_group() -> None:
    cells = [_cell(BEFORE, "售前", 190, 200), _cell(BEFORE, "售后", 35, 50)]
    cells += [_cell(DAY, "售前", 95, 100), _cell(DAY, "售后", 110, 150)]
    said = _said(cells)
    assert said[0].text.startswith("满意率比上期低")
    assert not any("每一组" in one.text for one in said)


def test_who_came_and_who_went_is_said_so() -> None:
    came = [_cell(BEFORE, "老手", 760, 800), _cell(DAY, "老手", 760, 800), _cell(DAY, "新人", 140, 200)]
    assert _said(came)[1].text == (
        "满意率的变化 −5.0 个百分点里，新人占 −4.5 个百分点：上期没有这一部分，现在满意率 70.0%（140/200），占 20.0%。"
    )
    went = [_cell(DAY, "老手", 760, 800), _cell(BEFORE, "老手", 760, 800), _cell(BEFORE, "新人", 140, 200)]
    assert _said(went)[1].text == (
        "满意率的变化 +5.0 个百分点里，新人占 +4.5 个百分点：上期满意率 70.0%（140/200），占 20.0%，现在没有了。"
    )


def test_the_largest_of_groups_that_moved_alike_explains_nothing() -> None:
    cells = [_cell(BEFORE, "小美", 540, 600), _cell(BEFORE, "阿杰", 360, 400)]
    cells += [_cell(DAY, "小美", 480, 600), _cell(DAY, "阿杰", 320, 400)]
    assert [one.kind for one in _said(cells)] == ["change"]
    mix = [_cell(BEFORE, "售前", 760, 800), _cell(BEFORE, "售后", 140, 200)]
    mix += [_cell(DAY, "售前", 380, 400), _cell(DAY, "售后", 420, 600)]
    assert "售后占 −6.0 个百分点" in _said(mix)[1].text
