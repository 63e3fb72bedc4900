"""Files imported together: the order in which they are named does not decide what a file leaves open."""

from __future__ import annotations

import gc
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from csdesk.bootstrap import Services
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Given, Plan, Status
from csdesk.ingest.turns import in_turn
from tests.ingest.tables import write_csv, write_xlsx

FEIGE = ["客服账号", "客服昵称", "接待会话量", "待回复会话量", "工作饱和度", "有效评价数", "有效好评数", "全天平响时长"]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    talks = [[f"S{at}", "小美", "2026-05-09 10:00:00"] for at in range(3)]
    sessions = write_csv(tmp_path / "会话明细.csv", [["会话ID", "客服", "开始时间"], *talks])
    rows = [FEIGE, ["a1", "小美", 50, 0, "50%", 10, 9, "20秒"]]
    return sessions, write_xlsx(tmp_path / "飞鸽_客服表现_2026-05-09.xlsx", ("Sheet1", rows))


def imported(tmp_path: Path, paths: Sequence[Path], given: Given | None = None) -> list[Plan]:
    services = Services(tmp_path / "data")
    try:
        return list(services.import_files(paths, given or Given()))
    finally:
        services.close()


@pytest.mark.parametrize("backwards", [False, True])
def test_what_a_file_leaves_open_is_taken_from_the_others(
    tmp_path: Path, files: tuple[Path, Path], *, backwards: bool
) -> None:
    paths = files[::-1] if backwards else files
    plans = imported(tmp_path, paths)
    assert [plan.status for plan in plans] == [Status.IMPORTED] * 2
    assert {plan.platform for plan in plans} == {Platform.DOUYIN}
    assert [Path(plan.path) for plan in sorted(plans, key=lambda plan: plan.turn)] == list(paths)


def test_the_owners_word_and_a_file_alone_need_no_second_look(tmp_path: Path, files: tuple[Path, Path]) -> None:
    (plan,) = imported(tmp_path, files[:1])
    assert (plan.platform, plan.leans) == (Platform.TAOBAO, True)
    (plan,) = imported(tmp_path / "other", files[:1], Given(platform=Platform.PDD))
    assert (plan.platform, plan.leans) == (Platform.PDD, False)


def test_only_those_that_lean_wait() -> None:
    asked: list[str] = []

    def plan(item: str) -> list[Plan]:
        asked.append(item)
        return [Plan(item, Path(item), "", Status.IMPORTED, leans=item.startswith("?"))]

    assert [place for place, _ in in_turn(["?a", "b", "?c", "d"], plan)] == [1, 3, 0, 2]
    assert asked == ["?a", "b", "?c", "d", "?a", "?c"]
    assert [place for place, _ in in_turn(["?a"], plan)] == [0]


def test_no_reader_is_left_of_a_plan_that_is_made_again(
    tmp_path: Path, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            begun.append(self)

    monkeypatch.setattr("csdesk.ingest.readers.source.subprocess.Popen", Kept)
    many = [[f"S{at}", "小美", f"2026-05-09 10:{at % 60:02}:00"] for at in range(40_000)]
    write_csv(files[0], [["会话ID", "客服", "开始时间"], *many])
    gc.disable()
    try:
        services = Services(tmp_path / "data")
        imports = services.import_files(files, Given())
        assert Path(next(imports).path) == files[1], "the other one has to wait"
        assert [one.poll() is None for one in begun] == [False, False]
        assert next(imports).rows.read == 40_000
        imports.close()
        services.close()
    finally:
        gc.enable()
