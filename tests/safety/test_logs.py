"""The log names nobody, and an unwritable folder is no reason not to start."""

from __future__ import annotations

import faulthandler
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from csdesk.safety.logs import LOG_FOLDER, MaskingFormatter, start_log


@pytest.fixture
def root_as_it_was() -> Iterator[None]:
    """The root logger and the fault handler, put back afterwards."""
    root = logging.getLogger()
    handlers, level, enabled = root.handlers[:], root.level, faulthandler.is_enabled()
    root.handlers[:] = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    if enabled:
        faulthandler.enable()
    else:
        faulthandler.disable()


def test_message_and_traceback_are_masked() -> None:
    fault = ValueError("收货人:王小明 13812345678")
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "电话 %s", ("13912345678",), (ValueError, fault, None))
    text = MaskingFormatter("%(message)s").format(record)
    assert "13812345678" not in text
    assert "13912345678" not in text
    assert "王小明" not in text
    assert "ValueError" in text


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("root_as_it_was")
def test_it_is_written_into_the_data_folder(tmp_path: Path) -> None:
    start_log(tmp_path)
    logging.getLogger("csdesk.x").info("订单 %s", "13812345678")
    line = (tmp_path / LOG_FOLDER / "csdesk.log").read_text(encoding="utf-8")
    assert "【手机号】" in line
    assert (tmp_path / LOG_FOLDER / "crash.log").exists()


@pytest.mark.usefixtures("root_as_it_was")
def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    start_log(tmp_path / "file")
    assert [type(handler) for handler in logging.getLogger().handlers] == [logging.StreamHandler]
