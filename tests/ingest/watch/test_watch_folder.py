"""The watched folder: what is offered, when, and that nothing is offered twice."""

from __future__ import annotations

import os
import threading
import time
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from csdesk.bootstrap import Services
from csdesk.errors import Cancelled, StoreUnavailable, UserFault
from csdesk.ingest.model import Need, Plan, RowCounts, Status
from csdesk.ingest.watch.folder import STILL_SECONDS, Look, NewExport, WatchFolder
from csdesk.ingest.watch.listing import list_exports
from csdesk.settings.store import Settings

DAYS = 24 * 3600.0


class World:
    """A watched folder with a clock of its own; files say in their text what would become of them."""

    def __init__(self, tmp_path: Path) -> None:
        self.data, self.folder = tmp_path / "data", tmp_path / "下载"
        self.data.mkdir()
        self.folder.mkdir()
        self.now = 100.0
        self.read: list[str] = []
        self.live: set[str] = set()
        self.mark = "1"
        self.trouble: Exception | None = None
        self.watch = self.opened()

    def opened(self) -> WatchFolder:
        """The program started (again)."""
        self.watch = WatchFolder(
            Settings(self.data), self.data, plan_file=self.plan, import_files=self.bring,
            live_contents=lambda: self.live, mark=lambda: self.mark,
        )  # fmt: skip
        self.watch.enabled = True
        return self.watch

    def plan(self, path: Path, cancel: threading.Event | None) -> list[Plan]:
        if self.trouble is not None:
            raise self.trouble
        self.read.append(path.name)
        word, *_ = path.read_text(encoding="utf-8").split()
        digest = sha256(path.read_bytes()).hexdigest()
        plan = Plan(
            str(path), path, digest, Status.IMPORTED, layout="chitu", layout_name="赤兔名品 自定义报表", shop="云间",
            rows=RowCounts(read=12, summary=2),
        )  # fmt: skip
        if word == "asks":
            plan.status, plan.needs = Status.NEEDS_INPUT, [Need("period", "哪一天？")]
        elif word != "good":
            plan.status, plan.layout = Status(word), None
        if digest in self.live:
            plan.status = Status.DUPLICATE
        if word == "failed":
            plan.sha256 = ""
        return [plan]

    def bring(self, paths: Sequence[Path], cancel: threading.Event | None) -> list[Plan]:
        plans = [plan for path in paths for plan in self.plan(path, cancel)]
        self.live |= {plan.sha256 for plan in plans}
        return plans

    def put(self, name: str, text: str = "good", age: float = 0.0) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        moment = time.time() - age
        os.utime(path, (moment, moment))
        return path

    def look(self, seconds: float = STILL_SECONDS) -> Look:
        self.now += seconds
        return self.watch.look(self.now)

    def offered(self) -> list[str]:
        """Two looks with a rest between them, and those that follow at once: the names offered."""
        looks = [self.look(), self.look()]
        while looks[-1].more:
            looks.append(self.look(looks[-1].again_in or 0.0))
        return [found.path.name for look in looks for found in look.new]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.watch.choose(made.folder)
    return made


def test_a_new_export_is_offered_once_it_lies_still(world: World) -> None:
    path = world.put("a.xlsx")
    first = world.look()
    assert (first.new, first.again_in) == ((), STILL_SECONDS)
    path.write_text("good more", encoding="utf-8")  # still growing
    assert world.look().new == ()
    assert world.look(STILL_SECONDS / 2).new == ()
    assert world.read == []
    last = world.look()
    assert last.new == (NewExport(path, ("赤兔名品 自定义报表",), "云间", None, 10),)
    assert last.again_in is None
    assert last.waiting == (path,)
    assert last.events


def test_nothing_is_offered_twice_also_after_a_restart(world: World) -> None:
    world.put("a.xlsx", "good one")
    assert world.offered() == ["a.xlsx"]
    assert world.offered() == []
    world.opened()
    assert world.offered() == []
    (world.folder / "a.xlsx").rename(world.folder / "a (1).xlsx")
    os.utime(world.folder / "a (1).xlsx")
    assert world.offered() == []  # the same bytes under another name
    assert world.read == ["a.xlsx", "a (1).xlsx"]
    world.put("a (1).xlsx", "good two")
    assert world.offered() == ["a (1).xlsx"]  # other bytes under the same name


def test_what_came_while_the_program_was_closed_is_offered(world: World) -> None:
    assert world.offered() == []
    old = world.put("b.csv", age=9 * DAYS)  # copied there with its old time
    world.opened()
    assert world.offered() == [old.name]


def test_at_the_choice_only_files_of_the_last_day_are_looked_at(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.put("old.xlsx", "good old", age=2 * DAYS)
    world.put("fresh.xlsx", "good fresh", age=3600)
    world.watch.choose(world.folder)
    assert world.offered() == ["fresh.xlsx"]
    assert world.read == ["fresh.xlsx"]


@pytest.mark.parametrize("text", ["asks", "unrecognised", "skipped", "duplicate", "failed"])
def test_what_is_not_certain_is_never_mentioned(world: World, text: str) -> None:
    world.put("a.xlsx", text)
    assert world.offered() == []
    assert world.watch.waiting == ()
    for _ in range(5):
        assert not world.look(60.0).more
    assert len(world.read) == (3 if text == "failed" else 1)  # one that cannot be read is tried again, not for ever


def test_a_file_imported_by_hand_is_passed_over(world: World) -> None:
    path = world.put("a.xlsx")
    world.live.add(sha256(path.read_bytes()).hexdigest())
    assert world.offered() == []


def test_offered_files_wait_until_they_are_imported_or_gone(world: World) -> None:
    one, two = world.put("a.xlsx", "good 1"), world.put("b.xlsx", "good 2")
    assert sorted(world.offered()) == ["a.xlsx", "b.xlsx"]
    world.opened()
    assert world.look().waiting == (one, two)
    assert [plan.path for plan in world.watch.bring([one])] == [str(one)]
    assert world.watch.waiting == (two,)
    assert world.look().waiting == (two,)
    two.unlink()
    assert world.look().waiting == ()


def test_with_new_knowledge_what_was_not_understood_is_read_again(world: World) -> None:
    world.put("a.xlsx", "unrecognised")
    assert world.offered() == []
    world.opened()
    assert world.offered() == []
    assert len(world.read) == 1
    world.mark = "2"
    world.opened()
    world.plan = lambda path, cancel: [  # type: ignore[method-assign]
        Plan(str(path), path, "x", Status.IMPORTED, layout="own", layout_name="自己的表")
    ]
    world.opened()
    assert world.offered() == ["a.xlsx"]


@pytest.mark.parametrize(
    "name", ["~$a.xlsx", ".~a.xlsx", "a.xlsx.crdownload", "a.xlsx.part", "a.tmp", "b.pdf", ".a.xlsx.1f.part", "空.xlsx"]
)
def test_locks_half_downloads_and_other_things_are_not_touched(world: World, name: str) -> None:
    path = world.put(name)
    if name == "空.xlsx":
        path.write_bytes(b"")
    assert world.offered() == []
    assert world.read == []


def test_a_download_with_its_part_beside_it_is_waited_for(world: World) -> None:
    world.put("a.xlsx")
    part = world.put("a.xlsx.part")
    assert world.offered() == []
    part.unlink()
    assert world.offered() == ["a.xlsx"]


def test_files_only_shown_here_are_not_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("a.xlsx")
    monkeypatch.setattr("csdesk.ingest.watch.listing.is_placeholder", lambda status: True)
    assert world.offered() == []
    monkeypatch.undo()
    assert world.offered() == ["a.xlsx"]


def test_a_file_held_open_is_taken_when_it_is_let_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("a.xlsx")
    monkeypatch.setattr("csdesk.ingest.watch.folder.can_be_opened", lambda path: False)
    assert world.offered() == []
    assert world.look().again_in is None  # no hurry: at one of the slow looks
    monkeypatch.undo()
    assert [found.path.name for found in world.look().new] == ["a.xlsx"]


def test_archives_are_read_only_if_they_hold_tables(world: World) -> None:
    for name, member in (("a.zip", "setup.exe"), ("b.zip", "表.csv")):
        with zipfile.ZipFile(world.folder / name, "w") as archive:
            archive.writestr(member, "good")
    seen: list[str] = []
    world.plan = lambda path, cancel: seen.append(path.name) or []  # type: ignore[method-assign, func-returns-value]
    world.opened()
    world.offered()
    assert seen == ["b.zip"]


def test_a_vanished_folder_is_said_once_and_watching_resumes(world: World) -> None:
    world.look()
    aside = world.folder.with_name("拔出")
    world.folder.rename(aside)
    assert world.look() == Look(lost=True)
    assert world.watch.is_lost
    assert world.look() == Look()
    (aside / "new.xlsx").write_text("good", encoding="utf-8")
    aside.rename(world.folder)
    assert world.offered() == ["new.xlsx"]
    assert not world.watch.is_lost


def test_choosing_stopping_and_a_second_window(world: World) -> None:
    world.put("a.xlsx")
    with pytest.raises(UserFault, match="不是文件夹"):
        world.watch.choose(world.folder / "a.xlsx")
    assert world.watch.folder == world.folder
    world.watch.enabled = False
    assert world.look() == Look()
    world.watch.enabled = True
    world.watch.stop()
    assert world.watch.folder is None
    assert world.offered() == []
    world.watch.set_automatic(automatic=True)
    assert world.opened().automatic


def test_another_folder_chosen_while_a_file_is_read_drops_it(world: World, tmp_path: Path) -> None:
    world.put("a.xlsx")
    world.look()
    other = tmp_path / "other"
    other.mkdir()
    plan = world.plan

    def slow(path: Path, cancel: threading.Event | None) -> list[Plan]:
        world.watch.choose(other)
        return plan(path, cancel)

    world.watch._plan_file = slow
    assert world.look() == Look()
    assert world.watch.folder == other


def test_trouble_and_cancelling_leave_the_file_for_later(world: World) -> None:
    world.put("a.xlsx")
    world.look()
    for trouble in (StoreUnavailable("忙"), Cancelled(), StoreUnavailable("忙"), StoreUnavailable("忙")):
        world.trouble = trouble
        if isinstance(trouble, Cancelled):
            with pytest.raises(Cancelled):
                world.look(60.0)
        else:
            found = world.look(60.0)
            assert (found.new, found.more, found.again_in) == ((), False, None)
            assert world.look(5.0).again_in is None
    world.trouble = None
    assert [found.path.name for found in world.look(60.0).new] == ["a.xlsx"]


def test_a_file_that_breaks_the_reading_does_so_three_times_at_most(world: World) -> None:
    world.put("a.xlsx", "good a", age=60)
    world.put("b.xlsx", "good b")
    world.look()
    world.trouble = RuntimeError("our bug")
    for _ in range(3):
        with pytest.raises(RuntimeError):
            world.watch._examine(world.folder, "a.xlsx", list_exports(world.folder)["a.xlsx"], world.now, None)
    world.trouble = None
    assert world.offered() == ["b.xlsx"]
    world.look(60.0)
    assert world.read == ["b.xlsx"]
    assert not world.watch._arriving


def test_a_held_file_does_not_stand_in_the_way_of_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put("a.xlsx", "good a", age=60)
    world.put("b.xlsx", "good b")
    monkeypatch.setattr("csdesk.ingest.watch.folder.can_be_opened", lambda path: path.name != "a.xlsx")
    assert world.offered() == ["b.xlsx"]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"folder": 1, "new": 1, "mark": "", "files": {"a": [1]}}', b"\xff"])
def test_a_damaged_memory_is_no_trouble(world: World, content: bytes) -> None:
    world.put("a.xlsx")
    (world.data / "watch.json").write_bytes(content)
    world.opened()
    assert world.offered() == ["a.xlsx"]


def test_names_no_text_can_hold(world: World) -> None:
    name = os.fsdecode(b"\xff\xfe.csv") if os.name == "posix" else "\ud800.csv"
    world.put(name)
    world.put("🧵双11.csv", "good 2")
    assert sorted(world.offered()) == sorted([name, "🧵双11.csv"])
    world.opened()
    assert world.offered() == []


def test_a_folder_that_cannot_be_listed_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        list_exports(tmp_path / "nowhere")


def test_with_the_real_import(tmp_path: Path) -> None:
    folder = tmp_path / "下载"
    folder.mkdir()
    services = Services(tmp_path / "data")
    try:
        services.be_the_window()
        services.watch.choose(folder)
        table = "会话ID,店铺,客服,买家昵称,开始时间\nS1,云间小铺,小美,甲,2026-03-01 09:00:00\n"
        path = folder / "会话明细_2026-03-01.csv"
        path.write_text(table, encoding="utf-8-sig")
        (folder / "讲义.csv").write_text("章,节\n1,2\n", encoding="utf-8")
        assert services.watch.look(1.0).new == ()
        (found,) = services.watch.look(10.0).new
        assert (found.path, found.shop, found.rows) == (path, "云间小铺", 1)
        (plan,) = services.watch.bring([path])
        assert plan.status is Status.IMPORTED
        assert services.watch.look(20.0).waiting == ()
        path.with_name("copy.csv").write_text(table, encoding="utf-8-sig")
        services.watch.look(30.0)
        assert services.watch.look(40.0).new == ()
    finally:
        services.close()


def test_a_second_window_is_told_and_leaves_watching_to_the_first(tmp_path: Path) -> None:
    first, second = Services(tmp_path / "data"), Services(tmp_path / "data")
    try:
        first.be_the_window()
        assert (first.watch.enabled, first.take_notices()) == (True, [])
        second.be_the_window()
        assert (second.watch.enabled, second.watch.elsewhere) == (False, True)
        (notice,) = second.take_notices()
        assert "另一个窗口" in notice
        assert [second.facts(), first.facts()] == [first.facts()] * 2  # both can be used
        first.close()
        third = Services(tmp_path / "data")
        third.be_the_window()
        assert third.watch.enabled
        third.close()
    finally:
        first.close()
        second.close()
