from __future__ import annotations

from pathlib import Path

from csdesk.settings.options import SMALL_SAMPLE, THEME
from csdesk.settings.store import FILE_NAME, Settings


def test_values_survive_and_unknown_keys_stay(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"of.a.newer.version": [1]}', encoding="utf-8")
    Settings(tmp_path).set(THEME, "dark")
    again = Settings(tmp_path)
    assert again.get(THEME) == "dark"
    assert "of.a.newer.version" in (tmp_path / FILE_NAME).read_text(encoding="utf-8")


def test_wrong_type_and_damaged_file_fall_back_to_defaults(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"metrics.small_sample": "viele", "look.theme": true}', encoding="utf-8")
    settings = Settings(tmp_path)
    assert settings.get(SMALL_SAMPLE) == 30
    assert settings.get(THEME) == "system"
    (tmp_path / FILE_NAME).write_text("{half a fi", encoding="utf-8")
    assert Settings(tmp_path).get(SMALL_SAMPLE) == 30
    assert (tmp_path / "settings.damaged.json").exists()


def test_what_is_changed_while_untouched_is_forgotten(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set(THEME, "dark")
    before = (tmp_path / "settings.json").read_bytes()
    with settings.untouched():
        settings.set(THEME, "light")
        assert settings.get(THEME) == "light"
    assert settings.get(THEME) == "dark"
    assert (tmp_path / "settings.json").read_bytes() == before
    settings.set(THEME, "light")
    assert Settings(tmp_path).get(THEME) == "light"


def test_no_leftovers_after_saving(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    for theme in ("dark", "light", "dark"):
        settings.set(THEME, theme)
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_what_another_process_stored_meanwhile_stays(tmp_path: Path) -> None:
    window, other = Settings(tmp_path), Settings(tmp_path)
    other.set(SMALL_SAMPLE, 50)
    window.set(THEME, "dark")
    assert Settings(tmp_path).get(SMALL_SAMPLE) == 50
    assert window.get(SMALL_SAMPLE) == 50
