"""Mapping by hand with real clicks: from an unknown file to its import, and everything done with a mapping later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.ingest.model import Given, Status
from csdesk.ingest.own.form import to_toml
from csdesk.ingest.own.mapping import NO_HEADER, OwnColumn, OwnMapping
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.imports.imports_section import ImportsSection
from csdesk.ui.pages.data.mappings.field_choice import FieldChoice
from csdesk.ui.pages.data.mappings.mappings_section import MappingsSection
from csdesk.ui.pages.data.mappings.panel import MappingPanel
from csdesk.ui.pages.data.mappings.presenter import name_from
from tests.ingest.own.tables import REPORT
from tests.ingest.tables import Table, write_csv
from tests.ui.conftest import Opener

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Services]:
    services = Services(tmp_path / "data")
    yield services
    services.close()


@pytest.fixture
def window(open_window: Opener, real: Services) -> MainWindow:
    return open_window(real)


def calm(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is read, tried or written."""
    qtbot.waitUntil(lambda: not window.busy() and window.page.ready(), timeout=20_000)


def imports(window: MainWindow) -> ImportsSection:
    assert isinstance(window.page, DataPage)
    section = window.page.section
    assert isinstance(section, ImportsSection)
    return section


def mappings(qtbot: QtBot, window: MainWindow) -> MappingsSection:
    window.go("data/mappings")
    calm(qtbot, window)
    assert isinstance(window.page, DataPage)
    section = window.page.section
    assert isinstance(section, MappingsSection)
    return section


def begin(qtbot: QtBot, window: MainWindow, *files: Path) -> MappingPanel:
    """Drop files and open the mapping view on the first."""
    window.take_files(list(files))
    calm(qtbot, window)
    section = imports(window)
    qtbot.mouseClick(section.preview.details.map, _LEFT)
    calm(qtbot, window)
    assert section.mapping.isVisible()
    return section.mapping


def pick(qtbot: QtBot, choice: FieldChoice, typed: str) -> None:
    """Choose by the keyboard alone: type pinyin initials on the button, Enter in the list."""
    qtbot.keyClicks(choice, typed[0])
    popup = choice.popup
    assert popup is not None
    qtbot.keyClicks(popup.field, typed[1:])
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)


def test_from_an_unknown_file_to_its_numbers(qtbot: QtBot, window: MainWindow, real: Services, tmp_path: Path) -> None:
    first, second = write_csv(tmp_path / "外包日报 2026-03-02.csv", REPORT), tmp_path / "b.csv"
    write_csv(second, [*REPORT[:2], ["2026-03-05", "小美", 7, 1, 90, "", 5, 2]])
    panel = begin(qtbot, window, first, second)
    rows = panel.columns.rows
    assert panel.settings.name.text() == "外包日报"
    assert (rows[0].choice.key, rows[1].choice.key) == ("date", "agent")
    assert not rows[5].choice.isEnabled()  # 手机号
    pick(qtbot, rows[2].choice, "jdrs")
    assert rows[2].choice.key == "received"
    qtbot.mouseClick(rows[4].choice, _LEFT)
    popup = rows[4].choice.popup
    assert popup is not None
    popup.field.setText("客户满意率")
    qtbot.mouseClick(popup.list.viewport(), _LEFT, pos=popup.list.visualItemRect(popup.list.item(0)).center())
    assert rows[4].choice.key == "satisfaction_rate"
    unit = rows[4].unit
    assert unit is not None
    unit.setCurrentIndex(unit.findData("百分数"))
    unit.activated.emit(unit.currentIndex())
    calm(qtbot, window)
    assert panel.trial.model.spec.rows[0][1:6] == ("2026-03-01", "小美", "120", "30 秒", "95.00%")
    assert panel.save.isEnabled()
    qtbot.mouseClick(panel.save, _LEFT)
    calm(qtbot, window)
    section = imports(window)
    assert section.preview.isVisible()
    assert [plan.status for plan in section.presenter.plans] == [Status.IMPORTED, Status.IMPORTED]
    assert {plan.layout_name for plan in section.presenter.plans} == {"外包日报"}
    qtbot.mouseClick(section.preview.go, _LEFT)
    calm(qtbot, window)
    (total,) = real.metrics(Filter(), None, ["received"])
    assert total.values["received"].value == 317
    (kept,) = real.mappings.shelf.all()
    assert kept.column("satisfaction_rate") == OwnColumn(4, "好评占比", "satisfaction_rate", "百分数")


def test_what_is_taken_and_what_is_taken_back(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    panel = begin(qtbot, window, write_csv(tmp_path / "a.csv", REPORT))
    rows = panel.columns.rows
    rows[2].choice.open_list("日期")
    popup = rows[2].choice.popup
    assert popup is not None
    item = popup.list.item(0)
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled  # another column is the date
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert rows[2].choice.key == ""
    popup.close()
    qtbot.keyClick(rows[0].choice, Qt.Key.Key_Delete)
    assert rows[0].choice.key == ""
    rows[2].choice.open_list()
    opened = rows[2].choice.popup
    assert opened is not None
    opened.field.setText("统计周期")  # another name of the same
    assert [opened.list.item(at).text() for at in range(opened.list.count())] == ["日期"]
    opened.field.setText("平均响应")  # a spelling of an earlier one too
    assert opened.list.currentItem().text() == "平均响应时长"
    opened.close()
    pick(qtbot, rows[2].choice, "rq")
    assert rows[2].choice.key == "date"
    assert panel.settings.days.isVisible() is False
    qtbot.keyClick(rows[1].choice, Qt.Key.Key_Delete)
    calm(qtbot, window)
    assert any("客服" in fault for fault in _words(panel))
    assert not panel.save.isEnabled()
    qtbot.keyClick(rows[3].choice, Qt.Key.Key_Down)
    opened = rows[3].choice.popup
    assert opened is not None
    qtbot.keyClick(opened.field, Qt.Key.Key_Escape)
    assert rows[3].choice.popup is None


def _words(panel: MappingPanel) -> list[str]:
    return [found.text() for found in panel.trial.findChildren(QLabel)]


def test_leaving_saves_nothing(qtbot: QtBot, window: MainWindow, real: Services, tmp_path: Path) -> None:
    panel = begin(qtbot, window, write_csv(tmp_path / "a.csv", REPORT))
    window.take_files([tmp_path / "a.csv"])  # refused while columns are mapped
    assert panel.isVisible()
    qtbot.keyClick(panel.columns.rows[0].choice, Qt.Key.Key_Delete)
    assert window.page.escape()
    assert panel.isVisible()  # something was changed: asked once
    assert window.page.escape()
    section = imports(window)
    assert section.preview.isVisible()
    assert [plan.status for plan in section.presenter.plans] == [Status.UNRECOGNISED]
    assert list(real.mappings.shelf.all()) == []


def test_days_said_for_a_table_without_any(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    rows: Table = [["坐席工号名", "接待人数"], ["小美", 3], ["小丽", 4]]
    panel = begin(qtbot, window, write_csv(tmp_path / "a.csv", rows))
    pick(qtbot, panel.columns.rows[0].choice, "kf")
    days = panel.settings.days
    assert days.isVisible()
    days.how.setCurrentIndex(1)
    days.first.setDate(days.first.date().addDays(-3))
    said = days.period()
    assert isinstance(said, Period)
    calm(qtbot, window)
    qtbot.mouseClick(panel.save, _LEFT)
    calm(qtbot, window)
    (plan,) = imports(window).presenter.plans
    assert (plan.status, plan.period, plan.needs) == (Status.IMPORTED, said, [])


def test_another_header_another_kind(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    rows: Table = [["甲表", "乙"], ["x", "y"], *REPORT[1:]]
    panel = begin(qtbot, window, write_csv(tmp_path / "a.csv", rows))
    settings = panel.settings
    settings.header.setCurrentIndex(settings.header.findData(0))
    settings.header.activated.emit(settings.header.currentIndex())
    calm(qtbot, window)
    assert panel.columns.rows[0].header == "甲表"
    settings.header.setCurrentIndex(settings.header.findData(-1))
    settings.header.activated.emit(settings.header.currentIndex())
    calm(qtbot, window)
    state = panel.presenter.state
    assert state is not None
    assert state.suggestion.place == NO_HEADER
    assert panel.columns.rows[1].header == "B 列"
    settings.target.setCurrentIndex(settings.target.findData("records:ticket"))
    settings.target.activated.emit(settings.target.currentIndex())
    calm(qtbot, window)
    assert panel.presenter.state is not None
    assert panel.presenter.state.suggestion.target.id == "records:ticket"
    assert not settings.days.isVisible()


def test_a_table_without_a_header_twice(qtbot: QtBot, window: MainWindow, real: Services, tmp_path: Path) -> None:
    rows: Table = [["小美", 12, "2026-03-01"], ["小丽", 9, "2026-03-01"]]
    panel = begin(qtbot, window, write_csv(tmp_path / "a.csv", rows))
    for at, key in enumerate(("agent", "received", "date")):
        panel.presenter.choose(at, key)
    calm(qtbot, window)
    qtbot.mouseClick(panel.save, _LEFT)
    calm(qtbot, window)
    section = imports(window)
    assert [plan.status for plan in section.presenter.plans] == [Status.IMPORTED]
    section.presenter.close()
    panel = begin(qtbot, window, write_csv(tmp_path / "b.csv", [["小美", 3, "2026-03-02"], ["小夏", 4, "2026-03-02"]]))
    assert [panel.columns.rows[at].choice.key for at in range(3)] == ["agent", "received", "date"]
    panel.settings.name.setText("另一种")
    panel.settings.name.textEdited.emit("另一种")
    calm(qtbot, window)
    qtbot.mouseClick(panel.save, _LEFT)
    calm(qtbot, window)
    assert [mapping.name for mapping in real.mappings.shelf.all()] == ["a", "另一种"]
    assert [plan.layout_name for plan in imports(window).presenter.plans] == ["另一种"]


def test_a_known_table_is_corrected(qtbot: QtBot, window: MainWindow, real: Services, tmp_path: Path) -> None:
    rows: Table = [
        ["日期", "旺旺昵称", "咨询人数", "接待人数", "平均响应(秒)", "询单人数"],
        ["2026-03-01", "小美", 9, 7, 30, 5],
    ]
    window.take_files([write_csv(tmp_path / "a.csv", rows)])
    calm(qtbot, window)
    section = imports(window)
    source = section.presenter.plans[0].source
    qtbot.mouseClick(section.preview.details.mend, _LEFT)
    calm(qtbot, window)
    panel = section.mapping
    assert panel.columns.rows[3].choice.key == "received"
    qtbot.keyClick(panel.columns.rows[3].choice, Qt.Key.Key_Delete)
    calm(qtbot, window)
    qtbot.mouseClick(panel.save, _LEFT)
    calm(qtbot, window)
    (plan,) = section.presenter.plans
    assert (plan.layout_name, plan.source) == ("a", source)
    assert "received" not in {cell.measure for cell in plan.staged.reports}
    assert real.mappings.shelf.all()[0].source == source


def test_a_file_imported_before_is_warned_of(qtbot: QtBot, window: MainWindow, real: Services, tmp_path: Path) -> None:
    rows: Table = [
        ["日期", "旺旺昵称", "咨询人数", "接待人数", "平均响应(秒)", "询单人数"],
        ["2026-03-01", "小美", 9, 7, 30, 5],
    ]
    file = write_csv(tmp_path / "a.csv", rows)
    assert [plan.status for plan in real.import_files([file], Given())] == [Status.IMPORTED]
    mapping = OwnMapping("", "改过的", "report", "chitu", "agent", tuple(map(str, rows[0])), COLUMNS_OF_KNOWN)
    real.mappings.save(mapping)
    window.take_files([file])
    calm(qtbot, window)
    section = imports(window)
    qtbot.mouseClick(section.preview.details.mend, _LEFT)
    calm(qtbot, window)
    qtbot.mouseClick(section.mapping.save, _LEFT)
    calm(qtbot, window)
    qtbot.waitUntil(lambda: any("以前导入过" in text for text in toasts(window)), timeout=5000)


COLUMNS_OF_KNOWN = (
    OwnColumn(0, "日期", "date"),
    OwnColumn(1, "旺旺昵称", "agent"),
    OwnColumn(3, "接待人数", "consulted"),
)


def toasts(window: MainWindow) -> list[str]:
    return [found.text() for found in window.findChildren(QLabel)]


def test_the_kind_of_a_kept_mapping_is_changed(qtbot: QtBot, window: MainWindow, real: Services) -> None:
    headers = ("甲 单号", "甲 几点开的")
    columns = (OwnColumn(0, headers[0], "ticket_id"), OwnColumn(1, headers[1], "opened_at"))
    kept = real.mappings.save(OwnMapping("", "两行表头", "records:ticket", "tickets", "row", headers, columns, 2))
    section = mappings(qtbot, window)
    qtbot.waitUntil(lambda: bool(section.list.cards), timeout=5000)
    section._edit(kept.id)
    calm(qtbot, window)
    panel = section.panel
    panel.settings.target.setCurrentIndex(panel.settings.target.findData("records:refund"))
    panel.settings.target.activated.emit(panel.settings.target.currentIndex())
    calm(qtbot, window)
    for at, key in enumerate(("refund_id", "applied_at")):
        panel.presenter.choose(at, key)
    calm(qtbot, window)
    qtbot.mouseClick(panel.save, _LEFT)
    calm(qtbot, window)
    (now,) = real.mappings.shelf.all()
    assert (now.id, now.kind, now.source, now.header_rows) == (kept.id, "records:refund", "refunds", 2)


def test_three_hundred_columns(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    header = [f"很长很长的列名{at}" * 12 for at in range(299)] + ["最后一列"]
    panel = begin(qtbot, window, write_csv(tmp_path / "a.csv", [header, *([[7] * 300] * 20)]))
    made = len(panel.columns.rows)
    assert made < 60  # made as they are looked at
    bar = panel.columns._area.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert len(panel.columns.rows) > made
    panel.columns.field.setText("最后一列")
    shown = [line.header for line in panel.columns.rows.values() if line.isVisible()]
    assert shown == ["最后一列"]
    panel.columns.field.setText("没有")
    assert panel.columns._nothing.isVisible()


HEADERS = ("人", "日", "量")
COLUMNS = (OwnColumn(0, "人", "agent"), OwnColumn(1, "日", "date"), OwnColumn(2, "量", "received"))
MAPPING = OwnMapping("", "日报", "report", "own", "agent", HEADERS, COLUMNS)


def _button(card: object, attribute: str) -> QPushButton:
    found = getattr(card, attribute)
    assert isinstance(found, QPushButton)
    return found


def test_the_list_and_all_its_doings(qtbot: QtBot, window: MainWindow, real: Services, tmp_path: Path) -> None:
    section = mappings(qtbot, window)
    assert section.list.empty.isVisible()
    real.mappings.save(MAPPING)
    section.refresh()
    calm(qtbot, window)
    (card,) = section.list.cards
    assert not section.list.empty.isVisible()
    assert card.name.text() == "日报"
    qtbot.mouseClick(card.rename_button, _LEFT)
    card.field.setText("小组日报")
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    calm(qtbot, window)
    qtbot.waitUntil(lambda: [one.name.text() for one in section.list.cards] == ["小组日报"], timeout=5000)
    file = tmp_path / "给同事"
    section.export(section.list.cards[0].mapping_id, file)
    calm(qtbot, window)
    qtbot.waitUntil(file.with_name("给同事.toml").exists, timeout=5000)
    (card,) = section.list.cards
    qtbot.mouseClick(card.edit_button, _LEFT)
    calm(qtbot, window)
    panel = section.panel
    assert panel.isVisible()
    assert [panel.columns.rows[at].choice.key for at in range(3)] == ["agent", "date", "received"]
    pick(qtbot, panel.columns.rows[2].choice, "zxrs")
    calm(qtbot, window)
    qtbot.mouseClick(panel.save, _LEFT)
    calm(qtbot, window)
    (edited,) = real.mappings.shelf.all()
    assert [column.field for column in edited.columns] == ["agent", "date", "consulted"]
    section.take_file(file.with_name("给同事.toml"))
    qtbot.waitUntil(lambda: section.list.question is not None, timeout=5000)
    question = section.list.question
    assert question is not None
    qtbot.mouseClick(question.yes, _LEFT)
    qtbot.waitUntil(lambda: real.mappings.shelf.all()[0].columns[2].field == "received", timeout=5000)
    qtbot.waitUntil(lambda: section.list.cards[0].listed.mapping.columns[2].field == "received", timeout=5000)
    (card,) = section.list.cards
    qtbot.waitUntil(lambda: not card.delete_button.visibleRegion().isEmpty(), timeout=5000)
    qtbot.mouseClick(card.delete_button, _LEFT)
    assert section.escape()
    assert len(real.mappings.shelf.all()) == 1
    qtbot.mouseClick(card.delete_button, _LEFT)
    qtbot.mouseClick(_button(card, "yes"), _LEFT)
    qtbot.waitUntil(lambda: not real.mappings.shelf.all(), timeout=5000)
    qtbot.waitUntil(section.list.empty.isVisible, timeout=5000)


def test_a_damaged_file_is_said(qtbot: QtBot, window: MainWindow, real: Services, tmp_path: Path) -> None:
    real.mappings.save(MAPPING)
    (tmp_path / "data" / "layouts" / "own-x.toml").write_text("kaputt", encoding="utf-8")
    section = mappings(qtbot, window)
    assert len(section.list.cards) == 1
    assert "own-x.toml" in section.list._lead.text()
    given = tmp_path / "给我的.toml"
    other = OwnMapping(
        "", "别的", "report", "own", "agent", ("谁", "日", "量"), (replace(COLUMNS[0], header="谁"), COLUMNS[2])
    )
    given.write_text(to_toml(replace(other, id="own-1")), encoding="utf-8")
    window.go("overview")
    window.take_files([given])  # dropped on the window
    qtbot.waitUntil(lambda: len(real.mappings.shelf.all()) == 2, timeout=5000)
    calm(qtbot, window)
    qtbot.waitUntil(lambda: len(section.list.cards) == 2, timeout=5000)
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff")
    section.take_file(bad)
    calm(qtbot, window)
    assert len(real.mappings.shelf.all()) == 2


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("外包日报 2026-03-01.xlsx", "外包日报"),
        ("包.zip!日报_20260301至20260307(1).csv", "日报"),
        ("2026-03-01.csv", "我的表"),
        ("客服2组周报.xls", "客服2组周报"),
    ],
)
def test_a_name_out_of_the_file(title: str, name: str) -> None:
    assert name_from(title) == name
