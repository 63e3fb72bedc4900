"""The example files: real layouts, numbers that agree with each other, the same bytes for the same seed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from csdesk.demo import generate
from csdesk.errors import UserFault

LAST_DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return generate(tmp_path_factory.mktemp("demo"), agents=6, days=45, seed=3, last_day=LAST_DAY)


def table(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def named(files: list[Path], *words: str) -> list[Path]:
    return [path for path in files if all(word in path.name for word in words)]


def records(path: Path) -> Iterator[dict[str, Any]]:
    head, *rows = table(path)
    return (dict(zip(head, row, strict=True)) for row in rows)


def sessions(files: list[Path]) -> list[dict[str, Any]]:
    rows = list(records(named(files, "会话明细", ".xlsx")[0]))
    with named(files, "会话明细", ".csv")[0].open(encoding="gb18030", newline="") as file:
        return [*csv.DictReader(file), *rows]


def test_same_seed_writes_same_bytes(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", agents=3, days=12, seed=5, last_day=LAST_DAY)
    second = generate(tmp_path / "b", agents=3, days=12, seed=5, last_day=LAST_DAY)
    other = generate(tmp_path / "c", agents=3, days=12, seed=6, last_day=LAST_DAY)
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert any(a.read_bytes() != b.read_bytes() for a, b in zip(first, other, strict=True))


def test_every_layout_is_there(files: list[Path]) -> None:
    for words in (
        ("自定义报表_店长日报_下单优先判定_2026-11-21至2026-11-21",),
        ("自定义报表_店长周报",),
        ("生意参谋_接待评价",),
        ("生意参谋_咨询接待",),
        ("生意参谋_业绩询单",),
        ("自制报表-报表查看-客服绩效_", "_全部.xlsx"),
        ("抖音_20261121_云间小铺官方店_飞鸽_客服表现",),
        ("会话明细_淘宝_云间小铺旗舰店", ".xlsx"),
        ("会话明细_淘宝_云间小铺旗舰店", ".csv"),
    ):
        assert named(files, *words), words


def test_old_feige_export_covers_the_time_before_the_new_one(tmp_path: Path) -> None:
    files = generate(tmp_path, agents=2, days=90, last_day=LAST_DAY)
    rows = list(records(named(files, "飞鸽_接待量")[0]))
    assert {row["店铺名称"] for row in rows} == {"云间小铺官方店"}
    assert rows[0]["日期"] == "2026-08-24"


def test_chitu_daily_has_summary_rows_prefixes_and_late_numbers(files: list[Path]) -> None:
    rows = list(records(named(files, "店长日报", "2026-11-21至")[0]))
    names = [row["客服昵称"] for row in rows]
    assert names[-2:] == ["汇总", "均值"]
    assert "云间小铺旗舰店:小美" in names
    assert "云间小铺旗舰店" in names  # the main account
    assert rows[0]["客户满意率"] == "延迟统计"
    assert rows[0]["询单->最终付款转化率"] == "延迟统计"
    assert rows[-2]["接待人数"] == sum(row["接待人数"] for row in rows[:-2])
    settled = next(records(named(files, "店长日报", "2026-11-13至")[0]))
    assert 0 <= settled["服务满意度评价展示率"] <= 1


def test_chitu_day_equals_the_sessions_of_the_day(files: list[Path]) -> None:
    day = "2026-11-16"
    own = [row for row in sessions(files) if str(row["开始时间"]).startswith(day) and row["客服"] == "小美"]
    report = next(row for row in records(named(files, "店长日报", day)[0]) if row["客服昵称"].endswith(":小美"))
    assert report["接待人数"] == len(own) > 0
    invited = [row for row in own if row["是否邀评"] == "是"]
    assert report["服务满意度评价展示率"] == pytest.approx(len(invited) / len(own), abs=5e-5)
    assert report["服务满意度评价很满意"] == sum(row["评分"] == 5 for row in invited)
    paid = sum(float(row["支付金额"] or 0) for row in own)
    assert report["销售额"] == pytest.approx(paid)


def test_ratings_have_two_header_rows_and_groups_that_add_up(files: list[Path]) -> None:
    rows = table(named(files, "接待评价", "20261101")[0])
    assert len(rows[1]) == 35
    assert [cell for cell in rows[0] if cell] == ["总", "邀请", "自主"]
    day = next(row for row in rows if row[0] == "2026-11-16")
    assert [day[2 + i] for i in range(7)] == [day[13 + i] + day[24 + i] for i in range(7)]
    late = next(row for row in rows if row[0] == "2026-11-21")
    assert set(late[2:]) == {"延迟统计"}
    own = [row for row in sessions(files) if str(row["开始时间"]).startswith("2026-11-16")]
    assert day[1] == len(own)
    assert day[3] == sum(row["是否评价"] == "是" for row in own)


def test_peers_only_for_whole_months(files: list[Path]) -> None:
    whole = [row[0] for row in table(named(files, "接待评价", "20261101")[0])]
    assert "同行同层均值" not in whole
    agents = [row[0] for row in table(named(files, "自制报表")[0])]
    assert agents[-6:] == ["汇总值", "平均值", "全店汇总值", "全店平均值", "同行同层优秀", "同行同层均值"]


def test_feige_has_a_nameless_column_and_rates_only_in_the_mean_row(files: list[Path]) -> None:
    head, summary, mean, first, *_ = table(named(files, "飞鸽_客服表现")[0])
    assert len(head) == 35
    assert head[19] == ""
    rate = head.index("全天满意率")
    assert (summary[0], summary[rate]) == ("店铺汇总值", "-")
    assert mean[0] == "店铺平均值"
    assert str(mean[rate]).endswith("%")
    assert str(first[head.index("全天平响时长")]).endswith("秒")
    assert first[head.index("有效好评数")] + first[head.index("有效差评数")] == first[head.index("有效评价数")]


def test_feige_sums_are_those_of_the_rows_below(files: list[Path]) -> None:
    head, summary, _mean, *agents = table(named(files, "飞鸽_客服表现")[0])
    added = ("客服在线天数", "接待会话量", "有效评价数", "服务问题会话数", "询单人数", "支付人数", "退款人数")
    for title in added:
        at = head.index(title)
        assert summary[at] == sum(row[at] for row in agents), title
    money = head.index("客服询单支付额")
    assert summary[money] == pytest.approx(sum(row[money] for row in agents))
    assert summary[head.index("退款后销售额")] != "-"


def test_sessions_are_unique_and_stop_before_the_last_days(files: list[Path]) -> None:
    rows = sessions(files)
    keys = [row["会话ID"] for row in rows]
    assert len(set(keys)) == len(keys) > 1000
    assert max(str(row["开始时间"])[:10] for row in rows) == "2026-11-18"
    assert isinstance(rows[-1]["开始时间"], datetime)
    assert any("降价" in (row["评价内容"] or "") or "快递" in (row["评价内容"] or "") for row in rows)


def test_double_eleven_is_fuller(files: list[Path]) -> None:
    per_day = {row[0]: row[1] for row in table(named(files, "接待评价", "20261101")[0])}
    assert per_day["2026-11-11"] > 1.7 * per_day["2026-11-04"]


def test_files_carry_the_time_of_their_export(files: list[Path]) -> None:
    assert {path.stat().st_mtime for path in files} == {datetime(2026, 11, 22, 9).timestamp()}


@pytest.mark.parametrize(("agents", "days"), [(1, 1), (2, 3), (1, 40), (45, 5)])
def test_small_and_large_casts_work(tmp_path: Path, agents: int, days: int) -> None:
    files = generate(tmp_path, agents=agents, days=days, last_day=LAST_DAY)
    daily = list(records(named(files, f"至{LAST_DAY}")[0]))
    people = {row["客服昵称"] for row in daily}
    assert len(people) == len(daily)
    assert bool(named(files, "飞鸽")) == (agents > 1)


@pytest.mark.parametrize(("agents", "days"), [(0, 10), (5, 0), (10_000, 10)])
def test_impossible_numbers_are_refused_with_advice(tmp_path: Path, agents: int, days: int) -> None:
    with pytest.raises(UserFault, match="示例数据做不了"):
        generate(tmp_path, agents=agents, days=days)
