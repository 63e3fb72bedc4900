"""The frame: navigation, filter bar, pages, strips, shortcuts, drop anywhere. Knows no page by class."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QWidget

from csdesk.analysis.frame import Tone
from csdesk.errors import CsdeskError
from csdesk.jobs import Job, Jobs, Task
from csdesk.settings.options import LAST_FOLDER, THEME, WINDOW_GEOMETRY
from csdesk.ui.bridge import Bridge
from csdesk.ui.context import Context
from csdesk.ui.filter_model import FilterModel
from csdesk.ui.folder_watch import FolderWatch
from csdesk.ui.look import Look
from csdesk.ui.notices import Notice, NoticeBoard
from csdesk.ui.page import Page
from csdesk.ui.pages.page_info import PageInfo
from csdesk.ui.services import Services
from csdesk.ui.status_words import data_sentence, status_sentence
from csdesk.ui.widgets.drop_overlay import DropOverlay, DropTarget
from csdesk.ui.widgets.filter_bar import FilterBar
from csdesk.ui.widgets.navigation import Navigation
from csdesk.ui.widgets.pieces import column, row
from csdesk.ui.widgets.strips import DemoBanner, StatusStrip
from csdesk.ui.widgets.toasts import ToastStack

_SMALLEST = (1080, 640)
_FIRST_SIZE = (1440, 900)
_LISTEN_MS = 5000


class MainWindow(DropTarget, QMainWindow):
    """One window on one data folder. Closing it stops all work and frees the threads."""

    def __init__(self, services: Services, look: Look, notices: NoticeBoard, pages: Sequence[PageInfo]) -> None:
        super().__init__()
        self._services, self._look, self.notices = services, look, notices
        self._infos = {info.id: info for info in pages}
        self._pages: dict[str, Page] = {}
        self._closing = False
        self._demo_fraction: float | None = None
        self.current = ""
        self.bridge = Bridge(self)
        self.jobs = Jobs(self.bridge.deliver)
        self.filter = FilterModel(services.settings)
        self.folder_watch = FolderWatch(
            services, self.jobs, notices, data_changed=self.data_changed, take_files=self.take_files, parent=self
        )
        self.context = Context(
            services, self.jobs, look, notices, self.filter, go=self.go, take_files=self.take_files,
            choose_files=self.choose_files, load_demo=self.load_demo, remove_demo=self.remove_demo,
            data_changed=self.data_changed, folder_watch=self.folder_watch,
        )  # fmt: skip
        self.navigation = Navigation(look, pages)
        self.bar = FilterBar(look, self.filter)
        self.banner = DemoBanner()
        self.stack = QStackedWidget()
        self.status = StatusStrip()
        self._build()
        self._connect()
        self.toasts = ToastStack(look, self)
        notices.attach(self.toasts.show_notice)
        self.accept_drops(DropOverlay(look, self), self.take_files)
        self._listen = QTimer(self)  # the daily copy is made beside everything else and may fail late
        self._shown_version = 0
        self._listen.timeout.connect(self._listen_around)
        self._shortcuts()
        self._restore()
        self._painted = False
        self._show_facts()
        self.navigation.mark(pages[0].id)
        self.stack.setFocus()

    # start

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """The frame is on the screen: now open the store and build the first page."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._begin_first)

    def _begin_first(self) -> None:
        """Read what the first page is made of beside the window, which meanwhile can be moved, used and closed."""
        first, *others = self._infos.values()

        def read_others(_task: Task) -> None:
            for info in others:
                info.read_ahead()

        def begin(_result: object = None) -> None:
            self.begin()
            self.jobs.quiet(read_others).start()

        self.jobs.read(lambda _task: first.read_ahead()).on_done(begin).on_bug(begin).start()

    def begin(self, page_id: str = "") -> None:
        """Learn what data there is and show ``page_id`` (the first page), unless another was asked for meanwhile."""
        self._painted = True
        try:
            self._shown_version = self._services.data_version()
            self.filter.learn(self._services.facts())
        except CsdeskError as fault:
            self.notices.fault(fault)
            return
        if not self.current:
            self.go(page_id or next(iter(self._infos)))
        self._show_facts()
        self._tell()
        self._listen.start(_LISTEN_MS)
        self.folder_watch.start()
        # What the command line imported last may not have a copy yet.
        self.jobs.read(lambda _task: self._services.after_writing(), self.tr("每日备份")).start()

    # pages

    def go(self, place: str) -> None:
        """Show this page, or a part of it (``data/quality``); it is built when it is first shown."""
        page_id, _slash, part = place.partition("/")
        info = self._infos[page_id]
        if page_id not in self._pages:
            page = info.build(self.context)
            self._pages[page_id] = page
            self.stack.addWidget(page)
            page.show_demo_at_work(self._demo_fraction)
        if part:
            self._pages[page_id].open_part(part)
        self.current = page_id
        self.navigation.mark(page_id)
        self.bar.setVisible(info.filtered)
        self.stack.setCurrentWidget(self._pages[page_id])
        self.setWindowTitle(self.tr("{page} · 客服数据台").format(page=info.label))
        self._show_facts()
        self._refresh()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._pages[self.current]

    def print_page(self) -> None:
        """Ctrl+P."""
        if self.current:
            self.page.print_page()

    def export_page(self) -> None:
        """Ctrl+E."""
        if self.current:
            self.page.export_page()

    def search(self) -> None:
        """Ctrl+F."""
        if self.current:
            self.page.search()

    def data_changed(self) -> None:
        """The store was written to: learn the facts and refresh what is seen."""
        self._shown_version = self._services.data_version()
        self.filter.learn(self._services.facts())
        self._show_facts()
        self._refresh()

    def _filter_changed(self) -> None:
        self._show_facts()
        self._refresh()

    def _refresh(self, *, force: bool = False) -> None:
        if not self.current:
            return
        try:
            self.page.refresh(force=force)
        except CsdeskError as fault:  # the store went away under us: say so, keep what is shown
            self.notices.fault(fault)

    def refresh(self) -> None:
        """F5: compute again."""
        self._refresh(force=True)

    # files and example data

    def choose_files(self) -> None:
        """Ctrl+O."""
        folder = self._services.settings.get(LAST_FOLDER)
        kinds = self.tr(
            "表格和压缩包 (*.xlsx *.xls *.xlsm *.xlsb *.et *.ods *.csv *.txt *.zip *.html *.htm);;所有文件 (*)"
        )
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("选择导出的表格"), folder, kinds)
        if names:
            self._remember_folder(Path(names[0]).parent)
            self.take_files([Path(name) for name in names])

    def take_files(self, paths: Sequence[Path]) -> None:
        """Hand files and folders to the page that previews them."""
        for info in self._infos.values():
            if not info.filtered:
                self.go(info.id)
                if self.page.take_files(paths):
                    return

    def load_demo(self) -> None:
        """Put the example shop in."""

        if self._demo_fraction is not None:
            return

        def work(task: Task) -> None:
            self._services.add_demo(cancel=task.cancel, on_progress=task.report)

        def done(_result: None) -> None:
            self.data_changed()
            self.notices.post(
                Notice(
                    self.tr("示例店铺的数据装好了。"), self.tr("用完后点上面的“清除示例数据”，一点不留。"), Tone.GOOD
                )
            )

        def ended(_result: object = None) -> None:
            self._show_demo_at_work(None)

        def fault(error: CsdeskError) -> None:
            ended()
            self.notices.fault(error)

        self._show_demo_at_work(0.0)
        job = self._write(work, self.tr("正在准备示例数据")).on_done(ended).on_done(done)
        job.on_cancelled(ended).on_cancelled(self.remove_demo).on_fault(fault).on_bug(ended)
        job.on_progress(lambda progress: self._demo_progress(progress.fraction)).start()

    def _demo_progress(self, fraction: float | None) -> None:
        if self._demo_fraction is not None:
            self._show_demo_at_work(fraction or 0.0)

    def _show_demo_at_work(self, fraction: float | None) -> None:
        self._demo_fraction = fraction
        for page in self._pages.values():
            page.show_demo_at_work(fraction)

    def remove_demo(self) -> None:
        """Take the example shop out."""

        def done(_result: None) -> None:
            self.data_changed()
            self.notices.post(Notice(self.tr("示例数据已清除。"), tone=Tone.GOOD))

        self._write(lambda _task: self._services.remove_demo(), self.tr("正在清除示例数据")).on_done(done).start()

    def _write(self, work: Callable[[Task], None], title: str) -> Job[None]:
        self.banner.button.setEnabled(False)
        return self.jobs.write(work, title)

    def _ended(self, job: object) -> None:
        self.status.forget(job)
        self.banner.button.setEnabled(True)
        self._tell()

    def _remember_folder(self, folder: Path) -> None:
        with suppress(OSError):  # a read-only data folder: nothing worth telling about a file dialog's start
            self._services.settings.set(LAST_FOLDER, str(folder))

    def _listen_around(self) -> None:
        """What was noticed meanwhile, and what another window or the command line has written."""
        self._tell()
        if self.jobs.busy():
            return
        with suppress(CsdeskError):  # the store cannot be read now: whoever needs it will say so
            if self._services.data_version() != self._shown_version:
                self.data_changed()

    def _tell(self) -> None:
        """Show what was noticed beside the work that was asked for: trouble with the daily copy, a network folder."""
        for text in self._services.take_notices():
            self.notices.post(Notice(text, tone=Tone.WARN, lasting=True))

    # look

    def toggle_theme(self) -> None:
        """From light to dark or back, remembered."""
        choice = self._look.toggle()
        with suppress(OSError):  # a read-only data folder: it holds for this run
            self._services.settings.set(THEME, choice)

    # building

    def _build(self) -> None:
        right = column()
        for widget in (self.banner, self.bar):
            right.addWidget(widget)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        across = row(spacing=0)
        across.addWidget(self.navigation)
        across.addLayout(right, 1)
        body = QWidget()
        body.setLayout(across)
        self.setCentralWidget(body)
        self.setMinimumSize(*_SMALLEST)

    def _connect(self) -> None:
        self.navigation.chosen.connect(self.go)
        self.navigation.theme_toggled.connect(self.toggle_theme)
        self.navigation.choose_files.connect(self.choose_files)
        self.bar.palette_wanted.connect(self.open_palette)
        self.bar.print_wanted.connect(self.print_page)
        self.bar.export_wanted.connect(self.export_page)
        self.banner.remove.connect(self.remove_demo)
        self.filter.changed.connect(self._filter_changed)
        self.jobs.on_fault = self.notices.fault
        self.jobs.on_bug = self._bug
        self.jobs.on_started = self._started
        self.jobs.on_ended = self._ended

    def _started(self, job: object) -> None:
        if isinstance(job, Job):
            self.status.follow(job)

    def _bug(self, title: str, error: BaseException) -> None:
        what = title or self.tr("刚才的操作")
        self.notices.post(Notice(
            self.tr("{what}没有做完，是程序的错。").format(what=what),
            self.tr("数据没有受影响。详情在日志里：{kind}").format(kind=type(error).__name__), Tone.BAD, lasting=True,
        ))  # fmt: skip

    def _shortcuts(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+O", self.choose_files), ("Ctrl+P", self.print_page),
            ("Ctrl+E", self.export_page), ("Ctrl+F", self.search),
            ("Ctrl+K", self.open_palette), ("F5", self.refresh), ("Esc", self.escape),
        ]  # fmt: skip
        keys += [
            (f"Ctrl+{number}", lambda page=page: self.go(page))  # type: ignore[misc]
            for number, page in enumerate(self._infos, 1)
            if number <= 9
        ]
        for key, call in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(call)

    def escape(self) -> None:
        """Esc: what is open on the page first, then the newest notice, then the focus in a search field."""
        if not (self.current and self.page.escape()) and not self.toasts.drop_newest():
            self.stack.setFocus()

    def open_palette(self) -> None:
        """Ctrl+K."""
        from csdesk.ui.dialogs.palette import Palette, window_commands  # noqa: PLC0415  on first use

        Palette(self, self._look, window_commands(self, list(self._infos.values()))).open()

    def _show_facts(self) -> None:
        facts = self.filter.facts
        self.banner.setVisible(facts.demo)
        filtered = not self.current or self._infos[self.current].filtered
        self.status.words.setText(status_sentence(self.filter) if filtered else data_sentence(self.filter))
        self.status.words.update()
        self.bar.offer_print_and_export(offered=not facts.empty)

    # geometry and closing

    def _restore(self) -> None:
        kept = self._services.settings.get(WINDOW_GEOMETRY)
        if kept and self.restoreGeometry(QByteArray(base64.b64decode(kept))):
            return
        area = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(_FIRST_SIZE[0], area.width()), min(_FIRST_SIZE[1], area.height()))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        """Remember the geometry, stop all work, free the threads."""
        if not self._closing:
            self._closing = True
            self._listen.stop()
            self.folder_watch.close()
            self.notices.detach()
            self.bridge.close()
            self.jobs.close()
            geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
            with suppress(OSError):  # a full or read-only disk must not keep the program from closing
                self._services.settings.set(WINDOW_GEOMETRY, geometry)
        super().closeEvent(event)

    def busy(self) -> bool:
        """Whether work is under way or the page is not drawn yet."""
        return not self.current or self.jobs.busy() or not self.page.ready()
