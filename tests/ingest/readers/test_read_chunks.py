"""Reading whole files through the child process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from csdesk.errors import Cancelled
from csdesk.ingest.readers import source
from csdesk.ingest.readers.faults import WORDS
from csdesk.ingest.readers.source import ReadFault, ReadLimits, read_chunks, worker_command
from tests.ingest.readers import hostile

ROWS: list[list[object]] = [["客服", "接待", "时间"], ["小美", 82, datetime(2026, 3, 1, 9, 5)], ["小丽", None, None]]


def cells_of(path: Path) -> dict[str, dict[str, Any]]:
    """sheet → {address: cell} of the filled cells."""
    found: dict[str, dict[str, Any]] = {}
    for chunk in read_chunks(path):
        for row, cells in chunk.rows():
            for column, cell in enumerate(cells):
                if cell is not None:
                    found.setdefault(chunk.sheet, {})[f"{chr(65 + column)}{row}"] = cell
    return found


def kind_of(path: Path, **limits: float) -> str:
    """The kind of fault a file gives, "rows" if none."""
    try:
        for _ in read_chunks(path, limits=ReadLimits(**limits)):  # type: ignore[arg-type]
            pass
    except ReadFault as found:
        fault = found
    else:
        return "rows"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in fault.message)
    assert fault.advice
    return fault.kind


# ---------------------------------------------------------------- honest files


def test_workbook_with_real_addresses(tmp_path: Path) -> None:
    file = hostile.workbook(tmp_path / "a.xlsx", [[], ["", ""], ["", "", "x"], [], ["", "", "", "", 3]])
    assert cells_of(file) == {"Sheet1": {"C3": "x", "E5": 3.0}}


def test_workbook_values(tmp_path: Path) -> None:
    found = cells_of(hostile.workbook(tmp_path / "a.xlsx", ROWS))["Sheet1"]
    assert found["C2"] == datetime(2026, 3, 1, 9, 5)
    assert found["B2"] == 82.0
    assert "B3" not in found


def test_every_sheet_hidden_ones_too(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "一"
    book.create_sheet("空")
    hidden = book.create_sheet("藏")
    hidden["B2"] = "二"
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert cells_of(tmp_path / "a.xlsx") == {"Sheet": {"A1": "一"}, "藏": {"B2": "二"}}


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.et", "a.txt", "a", "表 (1).XLSX"])
def test_a_workbook_under_any_name(tmp_path: Path, name: str) -> None:
    file = hostile.workbook(tmp_path / "b.xlsx", ROWS).rename(tmp_path / name)
    assert cells_of(file)["Sheet1"]["A2"] == "小美"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.xls", "a.tsv"])
def test_text_under_any_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes("客服,接待\n小美,82\n".encode("gb18030"))
    assert list(cells_of(file).values()) == [{"A1": "客服", "B1": "接待", "A2": "小美", "B2": "82"}]


def test_html_table_called_xls(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_text(
        "<html><head><meta charset='gbk'></head><body><table><tr><th>客服<th colspan=2>接待 &amp; 转出</tr>"
        "<tr><td>小美</td><td>8<br>2</td><td style='x'>&nbsp;3 </td></tr></table></body></html>",
        encoding="gb18030",
    )
    assert cells_of(file) == {"a": {"A1": "客服", "B1": "接待 & 转出", "A2": "小美", "B2": "8\n2", "C2": "3"}}


def test_excel_2003_xml(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Worksheet ss:Name="绩效"><Table><Row ss:Index="2">'
        '<Cell ss:Index="3"><Data ss:Type="String">小美</Data></Cell>'
        '<Cell><Data ss:Type="Number">82.5</Data></Cell></Row></Table></Worksheet>'
        '<Worksheet ss:Name="二"><Table><Row><Cell><Data ss:Type="DateTime">2026-03-01T09:05:00.000</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    assert cells_of(file) == {"绩效": {"C2": "小美", "D2": 82.5}, "二": {"A1": "2026-03-01 09:05:00"}}


def test_opendocument_without_styles_is_read(tmp_path: Path) -> None:
    rows = (
        '<table:table table:name="表"><table:table-row table:number-rows-repeated="2">'
        "<table:table-cell/></table:table-row>"
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="float" office:value="1.5"><text:p>1.5</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>小<text:s text:c="2"/>美</text:p><text:p>行</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    file = hostile.opendocument(tmp_path / "a.ods", rows)
    assert cells_of(file) == {"表": {"C3": 1.5, "D3": "小  美\n行"}}


def test_progress_ends_at_one_and_never_falls_out_of_range(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n" + "1,2\n" * 20_000, encoding="utf-8")
    seen: list[float] = []
    rows = sum(chunk.height for chunk in read_chunks(file, on_progress=seen.append))
    assert rows == 20_001
    assert seen[-1] == 1.0
    assert all(0 <= share <= 1 for share in seen)


def test_replaced_letters_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"\xef\xbb\xbf" + "客服,接待\n小美,1\n".encode() + b"\xff,2\n")
    stream = read_chunks(file)
    assert sum(chunk.height for chunk in stream) == 3
    assert stream.notes


# ---------------------------------------------------------------- files that are no table


def test_kinds_of_faults(tmp_path: Path) -> None:
    good = hostile.workbook(tmp_path / "good.xlsx", ROWS).read_bytes()
    made = {
        "a.xlsx": (b"", "empty"),
        "zeros.xlsx": (bytes(4096), "empty"),
        "half.xlsx": (good[: len(good) // 2], "damaged"),
        "a.pdf": (b"%PDF-1.7 ...", "not_a_table"),
        "pdf.xlsx": (b"%PDF-1.7 ...", "not_a_table"),
        "a.png": (b"\x89PNG\r\n\x1a\n" + bytes(64), "not_a_table"),
        "a.jpg": (b"\xff\xd8\xff\xe0" + bytes(64), "not_a_table"),
        "a.rar": (b"Rar!\x1a\x07", "not_a_table"),
        "a.csv": (bytes(range(256)) * 8, "not_a_table"),
        "blank.csv": (b"\r\n\r\n,,\r\n", "empty"),
        "~$a.xlsx": (good, "lock_file"),
        ".~a.xlsx": (good, "lock_file"),
        "a.xlsx.crdownload": (good[:100], "partial_download"),
        "a.tmp": (good, "partial_download"),
        "a.part": (good, "partial_download"),
    }
    found = {}
    for name, (content, _) in made.items():
        (tmp_path / name).write_bytes(content)
        found[name] = kind_of(tmp_path / name)
    assert found == {name: kind for name, (_, kind) in made.items()}


def test_word_documents_and_other_archives(tmp_path: Path) -> None:
    for name, member in (("a.docx", "word/document.xml"), ("a.pptx", "ppt/presentation.xml"), ("a.zip", "readme.md")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(member, "x")
        assert kind_of(tmp_path / name) == "not_a_table"
    (tmp_path / "a.doc").write_bytes(hostile.OLE2 + bytes(1000) + "WordDocument".encode("utf-16-le") + bytes(500))
    assert kind_of(tmp_path / "a.doc") == "not_a_table"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert kind_of(tmp_path / "nowhere.xlsx") == "unreadable"
    assert kind_of(tmp_path) in {"not_a_table", "unreadable"}


def test_every_kind_has_words() -> None:
    assert all(message.endswith("。") and advice.endswith("。") for message, advice in WORDS.values())


# ---------------------------------------------------------------- hostile files


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (hostile.zip_bomb, {"too_large"}),
        (hostile.billion_laughs, {"damaged"}),
        (hostile.far_corner, {"damaged", "too_large", "rows", "stalled"}),
        (hostile.encrypted, {"encrypted"}),
    ],
)
def test_hostile_files_get_an_answer_in_time(tmp_path: Path, make: Any, kinds: set[str]) -> None:
    file = make(tmp_path / "a.xlsx")
    started = time.monotonic()
    assert kind_of(file) in kinds
    assert time.monotonic() - started < 10


def test_a_sheet_repeated_a_million_times(tmp_path: Path) -> None:
    text = 'office:value-type="string"><text:p>x</text:p></table:table-cell>'
    cell = f'<table:table-cell table:number-columns-repeated="16384" {text}'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    file = hostile.opendocument(tmp_path / "a.ods", f'<table:table table:name="t">{row}</table:table>')
    started = time.monotonic()
    assert kind_of(file) in {"too_large", "stalled", "damaged"}
    assert time.monotonic() - started < 10


def child_script(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Let a few lines stand in for the reading child."""
    code = f"import os,sys,time\nfrom csdesk.ingest.readers.frames import read_frame,write_frame\nread_frame(0)\n{body}"
    monkeypatch.setattr(source, "worker_command", lambda: [sys.executable, "-c", code])


def test_a_child_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_script(monkeypatch, "time.sleep(60)")
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    started = time.monotonic()
    assert kind_of(tmp_path / "a.csv", stall_seconds=0.5) == "stalled"
    assert time.monotonic() - started < 5


def test_a_child_that_only_looks_busy_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_script(monkeypatch, "while True: write_frame(1, ('beat', 0.5))")
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    started = time.monotonic()
    assert kind_of(tmp_path / "a.csv", stall_seconds=0.5) == "stalled"
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform != "linux", reason="reads the child's counters from /proc")
def test_reading_on_counts_as_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "for _ in range(15):\n time.sleep(0.2)\n open(sys.executable,'rb').read(5000)\nwrite_frame(1, ('done', 1.0))"
    child_script(monkeypatch, body)
    file = tmp_path / "a.csv"
    with file.open("wb") as out:
        out.truncate(8 << 20)  # a large file has patience for more than one stall
    assert kind_of(file, stall_seconds=1.0) == "rows"


def test_a_child_that_dies_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_script(monkeypatch, "os.abort()")
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    assert kind_of(tmp_path / "a.csv") == "damaged"


def test_a_reader_that_kills_the_child_is_left_out_the_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import os\nfrom csdesk.ingest.readers.frames import read_frame,write_frame\nrequest=read_frame(0)\n"
        "if 'first' in request[3]:\n"
        " write_frame(1,('rows','s',0,1,[('l',['x'])],1.0,0));write_frame(1,('done',1.0))\n"
        "else:\n write_frame(1,('kind','xls','first'));os.abort()"
    )
    monkeypatch.setattr(source, "worker_command", lambda: [sys.executable, "-c", code])
    (tmp_path / "a.xls").write_text("a", encoding="utf-8")
    assert cells_of(tmp_path / "a.xls") == {"s": {"A1": "x"}}


def test_nonsense_from_the_child_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_script(monkeypatch, "os.write(1, b'\\x05\\0\\0\\0hello there')")
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    assert kind_of(tmp_path / "a.csv") == "damaged"


def test_cancel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_script(monkeypatch, "time.sleep(60)")
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    cancel = threading.Event()
    threading.Timer(0.2, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        list(read_chunks(tmp_path / "a.csv", cancel=cancel))
    assert time.monotonic() - started < 3


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is a Job Object there")
def test_the_child_is_bounded_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "from csdesk.ingest.readers.limits import bound_this_process\nbound_this_process(200<<20)\n"
        "try:\n x=bytearray(400<<20)\nexcept MemoryError:\n write_frame(1,('fault','too_large','',''))"
    )
    child_script(monkeypatch, body)
    (tmp_path / "a.csv").write_text("a", encoding="utf-8")
    assert kind_of(tmp_path / "a.csv") == "too_large"


@pytest.mark.skipif(sys.platform == "win32", reason="looks at POSIX processes")
def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n" + "1,2\n" * 200_000, encoding="utf-8")
    code = (
        "import sys,os,time\nfrom pathlib import Path\nfrom csdesk.ingest.readers import source\n"
        "stream=source.read_chunks(Path(sys.argv[1]))\nnext(stream)\n"
        "print(next(p for p in os.listdir('/proc') if p.isdigit() and "
        "b'readers.worker' in open(f'/proc/{p}/cmdline','rb').read() and "
        "f'\\nPPid:\\t{os.getpid()}\\n' in open(f'/proc/{p}/status').read()),flush=True)\nos.kill(os.getpid(),9)"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc")
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False)
    child = int(done.stdout)
    for _ in range(50):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        state = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        if state == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the child outlived its parent")


def test_giving_up_halfway_ends_the_child(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n" + "1,2\n" * 400_000, encoding="utf-8")
    before = threading.active_count()
    with read_chunks(file) as stream:
        next(stream)
    assert threading.active_count() == before


def test_the_child_starts_without_the_heavy_libraries() -> None:
    heavy = "{'PySide6', 'pandas', 'numpy', 'openpyxl', 'xlrd', 'python_calamine', 'subprocess'}"
    code = f"import sys; import csdesk.ingest.readers.worker; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert worker_command()[0] == sys.executable


def test_a_stream_nobody_wants_any_more_ends_its_child(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n" + "1,2\n" * 400_000, encoding="utf-8")
    before = threading.active_count()
    stream = read_chunks(file)
    next(stream)
    assert threading.active_count() > before
    del stream
    assert threading.active_count() == before


def test_nothing_comes_after_the_end(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    stream = read_chunks(file)
    assert len(list(stream)) == 1
    assert list(stream) == []
