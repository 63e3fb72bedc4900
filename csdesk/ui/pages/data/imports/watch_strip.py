"""The strip on the imports section that chooses the watched folder and shows how it is doing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame

from csdesk.charts.format import count
from csdesk.ui.folder_watch import FolderWatch, folder_title
from csdesk.ui.look import Look
from csdesk.ui.widgets.pieces import ElidedLabel, IconButton, button, column, label, row

if TYPE_CHECKING:
    from csdesk.ingest.watch.folder import WatchFolder


class WatchStrip(QFrame):
    """Nothing chosen: 下载 is suggested. Watching: what is watched, automatic or not, what waits, and the way out."""

    def __init__(self, look: Look, watcher: FolderWatch, watch: WatchFolder) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._watcher, self._watch = watcher, watch
        line = row(margins=(18, 12, 18, 12), spacing=14)
        picture = IconButton(look, "folder", "", "accent_text", 22)
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(picture)
        texts = column(spacing=2)
        self.title = label("", "cardTitle")
        self.state = ElidedLabel("", "second")
        texts.addWidget(self.title)
        texts.addWidget(self.state)
        line.addLayout(texts, 1)
        self.waiting = button("", "link", watcher.see_waiting)
        self.automatic = QCheckBox(self.tr("认得准就自动导入"))
        self.automatic.setToolTip(self.tr("自动导入的表也能一键撤销。"))
        self.suggest = button("", "quiet", self._take_suggestion)
        self.choose = button("", "quiet", self._choose)
        self.stop = button(self.tr("停止监视"), "quiet", watcher.stop)
        for widget in (self.waiting, self.automatic, self.suggest, self.choose, self.stop):
            line.addWidget(widget)
        self.setLayout(line)
        self.automatic.clicked.connect(lambda on: watcher.set_automatic(automatic=on))
        watcher.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show how things are."""
        folder, suggested = self._watch.folder, suggested_folder()
        watching = folder is not None
        self.title.setText(self._title(folder))
        self.state.setText(self._state(folder))
        self.suggest.setText(self.tr("监视“{name}”").format(name=folder_title(suggested)))
        self.suggest.setVisible(not watching and suggested is not None)
        self.choose.setText(self.tr("换一个…") if watching else self.tr("选文件夹…"))
        self.stop.setVisible(watching)
        self.automatic.setVisible(watching)
        self.automatic.setChecked(self._watch.automatic)
        number = len(self._watch.waiting) if watching else 0
        self.waiting.setText(self.tr("{number} 个还没导入").format(number=count(number)))
        self.waiting.setVisible(number > 0)

    def _title(self, folder: Path | None) -> str:
        if folder is None:
            return self.tr("监视一个文件夹")
        if self._watch.is_lost:
            return self.tr("“{name}”现在打不开").format(name=folder_title(folder))
        if self._watch.elsewhere:
            return self.tr("另一个窗口正在监视“{name}”").format(name=folder_title(folder))
        return self.tr("正在监视“{name}”").format(name=folder_title(folder))

    def _state(self, folder: Path | None) -> str:
        if folder is None:
            return self.tr("新导出的表会自动认出来，问一声就导入，不用再拖。")
        if self._watch.is_lost:
            return self.tr("U 盘、网络接回来，或文件夹改回原名后，会自动继续。")
        return self.tr("新导出的表会自动认出来 · {path}").format(path=folder)

    def _take_suggestion(self) -> None:
        suggested = suggested_folder()
        if suggested is not None:
            self._watcher.choose(suggested)

    def _choose(self) -> None:
        start = self._watch.folder or suggested_folder() or Path.home()
        name = QFileDialog.getExistingDirectory(self, self.tr("监视哪个文件夹？"), str(start))
        if name:
            self._watcher.choose(Path(name))


def suggested_folder() -> Path | None:
    """Where browsers put what they download, if there is such a folder."""
    name = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    folder = Path(name)
    return folder if name and folder.is_dir() else None
