"""The watched folder in the window: events and slow looks go to the logic, what it finds becomes one notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal

from csdesk.analysis.frame import Tone
from csdesk.charts.format import count, period_text
from csdesk.errors import CsdeskError, UserFault
from csdesk.ingest.model import Plan, Status
from csdesk.ingest.watch.folder import Look, NewExport
from csdesk.jobs import Job, Jobs, Task
from csdesk.ui.notices import Notice, NoticeBoard
from csdesk.ui.services import Services
from csdesk.ui.undoing import undo_imports

_SLOW_LOOK_MS = 60_000  # for network drives and synced folders, from where no events come
_AFTER_EVENT_MS = 700  # events come in bursts
_MOST_NAMES = 3
_TOPIC = "watched folder"


class FolderWatch(QObject):
    """Looks at the watched folder when something happens there, and now and then; asks or imports.

    Files are read in the quiet lane, so neither a slow disk nor a large file holds the window up.
    """

    changed = Signal()
    """The strip that shows the state should look again."""

    def __init__(
        self,
        services: Services,
        jobs: Jobs,
        notices: NoticeBoard,
        *,
        data_changed: Callable[[], None],
        take_files: Callable[[Sequence[Path]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._services, self._jobs, self._notices = services, jobs, notices
        self._data_changed, self._take_files = data_changed, take_files
        self._job: Job[Look] | None = None
        self._again = False
        self._found: list[NewExport] = []
        self._offered: list[NewExport] = []
        self._events = QFileSystemWatcher(self)
        self._events.directoryChanged.connect(self._something_happened)
        self._slow = QTimer(self)
        self._slow.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._slow.setInterval(_SLOW_LOOK_MS)
        self._slow.timeout.connect(self.look)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)

    # what the owner decides

    def start(self) -> None:
        """Begin where a folder was chosen before: what came while the program was closed is found too."""
        if self._services.watch.folder is not None and self._services.watch.enabled:
            self._slow.start()
            self.look()
        self.changed.emit()

    def choose(self, folder: Path) -> None:
        """Watch this folder from now on."""
        if self._keeps(lambda: self._services.watch.choose(folder)):
            self._forget()
            self.start()

    def stop(self) -> None:
        """Watch nothing any more."""
        if self._keeps(self._services.watch.stop):
            self._slow.stop()
            self._soon.stop()
            self._forget()
            self.changed.emit()

    def set_automatic(self, *, automatic: bool) -> None:
        """Import what is certain without asking."""
        self._keeps(lambda: self._services.watch.set_automatic(automatic))
        self.changed.emit()

    def see_waiting(self) -> None:
        """Show in the preview what was offered and is not imported yet."""
        self._take_files(list(self._services.watch.waiting))

    def close(self) -> None:
        """No more looks; the window goes."""
        self._slow.stop()
        self._soon.stop()
        self._forget_events()

    def _forget(self) -> None:
        self._found.clear()
        self._offered.clear()
        self._forget_events()

    def _keeps(self, decide: Callable[[], None]) -> bool:
        try:
            decide()
        except UserFault as fault:
            self._notices.fault(fault)
            return False
        except OSError:
            text = self.tr("这个选择没有存下来：数据文件夹写不进去。")
            self._notices.post(Notice(text, self.tr("请检查数据文件夹的权限和磁盘空间。"), Tone.BAD, lasting=True))
            return False
        return True

    # looking

    def look(self) -> None:
        """See what has come."""
        if self._job is not None:
            self._again = True
            return
        watch = self._services.watch

        def work(task: Task) -> Look:
            return watch.look(time.monotonic(), task.cancel)

        self._job = self._jobs.quiet(work).on_done(self._looked)
        self._job.on_fault(self._ended).on_cancelled(self._ended).on_bug(self._ended).start()

    def _something_happened(self, _folder: str) -> None:
        self._soon.start(_AFTER_EVENT_MS)

    def _ended(self, _reason: object = None) -> None:
        self._job = None
        if self._again:
            self._again = False
            self._soon.start(_AFTER_EVENT_MS)

    def _looked(self, found: Look) -> None:
        self._ended()
        self._listen(found)
        if found.lost:
            self._tell_lost()
        self._found += found.new
        if self._found and not found.more:
            new, self._found = self._found, []
            self._offer(new)
        if found.again_in is not None and not self._soon.isActive():
            self._soon.start(int(found.again_in * 1000) + 1)
        self.changed.emit()

    def _listen(self, found: Look) -> None:
        folder = self._services.watch.folder
        wanted = [str(folder)] if folder is not None and found.present and found.events else []
        if self._events.directories() != wanted:
            self._forget_events()
            if wanted:
                self._events.addPaths(wanted)
                self._soon.start(_AFTER_EVENT_MS)  # for what came after that look and before the first event

    def _forget_events(self) -> None:
        if self._events.directories():
            self._events.removePaths(self._events.directories())

    # what is said

    def _tell_lost(self) -> None:
        folder = self._services.watch.folder
        text = self.tr("监视的文件夹“{name}”打不开了。").format(name=folder_title(folder))
        advice = self.tr("可能是 U 盘拔出、网络断开，或文件夹被改名。接回来会自动继续。")
        self._notices.post(Notice(text, advice, Tone.WARN, lasting=True, topic=f"{_TOPIC} lost"))

    def _offer(self, new: Sequence[NewExport]) -> None:
        if self._services.watch.automatic:
            self.bring([found.path for found in new])
            return
        self._offered += new
        folder = folder_title(self._services.watch.folder)
        number = count(len(self._offered))
        self._notices.post(
            Notice(
                self.tr("“{folder}”里有 {number} 个新的导出").format(folder=folder, number=number),
                offer_text(self._offered),
                action=self.tr("导入"),
                on_action=self._accept,
                lasting=True,
                later=self.tr("以后再说"),
                on_later=self._offered.clear,
                topic=_TOPIC,
            )
        )

    def _accept(self) -> None:
        paths = [found.path for found in self._offered]
        self._offered.clear()
        self.bring(paths)

    def bring(self, paths: Sequence[Path]) -> None:
        """Import these files now."""
        watch = self._services.watch

        def work(task: Task) -> list[Plan]:
            plans = watch.bring(paths, task.cancel)
            self._services.after_writing()
            return plans

        job = self._jobs.write(work, self.tr("正在导入新的导出"))
        job.on_done(self._brought).on_cancelled(self._data_changed).on_fault(self._failed).start()

    def _failed(self, fault: CsdeskError) -> None:
        self._data_changed()
        self._notices.fault(fault)
        self.changed.emit()

    def _brought(self, plans: Sequence[Plan]) -> None:
        self._data_changed()
        batches = [plan.batch for plan in plans if plan.batch is not None]
        if batches:
            rows = sum(plan.rows.inserted + plan.rows.updated for plan in plans if plan.batch is not None)
            text = self.tr("从“{folder}”导入了 {number} 个表，新增或更新 {rows} 行。").format(
                folder=folder_title(self._services.watch.folder), number=count(len(batches)), rows=count(rows)
            )
            self._notices.post(Notice(text, "", Tone.GOOD, self.tr("撤销"), lambda: self._undo(batches)))
        self._ask_about([plan for plan in plans if plan.status in {Status.NEEDS_INPUT, Status.FAILED}])
        self.changed.emit()

    def _ask_about(self, plans: Sequence[Plan]) -> None:
        """Something has changed since the offer: the preview asks."""
        if plans:
            files = list(dict.fromkeys(plan.file for plan in plans if plan.file.exists()))
            text = self.tr("有 {number} 个表没有导入，要您看一下。").format(number=count(len(plans)))
            see = self.tr("看一看") if files else ""
            self._notices.post(
                Notice(text, plans[0].message, Tone.WARN, see, lambda: self._take_files(files), lasting=True)
            )

    def _undo(self, batches: Sequence[int]) -> None:
        def done(number: int) -> None:
            self._data_changed()
            text = self.tr("撤销了 {number} 个表，数据回到没有导入它们的样子。").format(number=number)
            self._notices.post(Notice(text, tone=Tone.GOOD))
            self.look()

        undo_imports(self._services, self._jobs, batches).on_done(done).start()


def folder_title(folder: Path | None) -> str:
    """The folder's own name; a drive has none."""
    return (folder.name or str(folder)) if folder is not None else ""


def offer_text(offered: Sequence[NewExport]) -> str:
    """What the files are: one in full, several shortly, one a line."""
    alone = len(offered) == 1
    lines = []
    for found in offered[:_MOST_NAMES]:
        days = period_text(found.period.first, found.period.last) if found.period else ""
        rows = f"{count(found.rows)} 行" if found.rows else ""
        parts = ("、".join(found.tables), found.shop if alone else "", days, rows if alone else "")
        lines.append(" · ".join(part for part in parts if part))
    if len(offered) > _MOST_NAMES:
        lines.append(f"…… 共 {count(len(offered))} 个")
    return "\n".join(lines)
