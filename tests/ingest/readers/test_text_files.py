"""Encodings, separators and rows of delimited text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csdesk.ingest.readers.delimited import delimited_rows
from csdesk.ingest.readers.sniff import sniff
from csdesk.ingest.readers.textform import sniff_delimiter, text_form

TABLE = "客服昵称,接待人数,平均响应(秒)\n小美,82,37.79\n小丽,91,12秒\n"
NAMES = st.text(st.characters(codec="gb18030", categories=["L"], max_codepoint=0x9FFF), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_encoding_is_found(tmp_path: Path, written: str, expected: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TABLE.encode(written))
    form = text_form(file)
    assert form is not None
    assert (form.encoding, form.delimiter, form.strict) == (expected, ",", True)
    assert form.sample.lstrip("\ufeff") == TABLE


def test_a_mark_followed_by_an_invalid_byte_is_still_utf8(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"\xef\xbb\xbf" + TABLE.encode() + b"\xff\xe5,1,2\n")
    form = text_form(file)
    assert form is not None
    assert (form.encoding, form.strict) == ("utf-8-sig", False)
    assert form.sample.startswith("客服昵称")


def test_chinese_far_behind_the_sample_decides_too(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n" + b"1,2\n" * 200_000 + "小美,3\n".encode("gb18030"))
    form = text_form(file)
    assert form is not None
    assert form.encoding == "gb18030"


@given(
    rows=st.lists(st.lists(NAMES, min_size=3, max_size=3), min_size=2, max_size=12),
    encoding=st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from(",\t;|"),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_table_is_read_back(tmp_path: Path, rows: list[list[str]], encoding: str, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in rows) + "\n"
    file = tmp_path / "a.csv"
    file.write_bytes(text.encode(encoding))
    form = text_form(file)
    assert form is not None
    assert form.delimiter == delimiter
    if encoding != "gb18030":  # short texts may be valid in two encodings
        assert form.sample.lstrip("\ufeff") == text


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_upset_the_sniffer(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    found = sniff(file)
    assert found.size == len(content)
    if found.text:
        with file.open("r", encoding=found.encoding, errors="replace", newline="") as lines:
            assert all(isinstance(row, list) for row in delimited_rows(lines, found.delimiter or ","))


@given(st.lists(st.lists(st.text(max_size=8).map(lambda t: t.replace("\0", "")), min_size=2, max_size=4), min_size=1))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]]) -> None:
    rows = [row for row in rows if not any(cell.startswith('="') for cell in row)]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    assert list(delimited_rows(io.StringIO(out.getvalue(), newline=""), ",")) == rows


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("a;b;c\n1,5;2,5;3\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("只有一列\n1\n2\n", ","),
        ('"x,y";"z"\n"1,2";"3"\n"4";"5"\n', ";"),
    ],
)
def test_separator(sample: str, expected: str) -> None:
    assert sniff_delimiter(sample) == expected


def test_formula_quotes_are_taken_off_and_tabs_are_left_to_the_cells() -> None:
    lines = ['="35153131473293579","\t6917926768823643751"\n']
    assert list(delimited_rows(lines, ",")) == [["35153131473293579", "\t6917926768823643751"]]


def test_quoted_newlines_and_zero_bytes() -> None:
    assert list(delimited_rows(['a,"多行\n', '评价"\n', "b\0,c\n"], ",")) == [["a", "多行\n评价"], ["b", "c"]]


def test_an_open_quote_does_not_swallow_the_rest() -> None:
    lines = ["a,b\n", '1,"没有关上\n', "2,x\n", "3,y\n"]
    assert list(delimited_rows(lines, ",")) == [["a", "b"], ["1", '"没有关上'], ["2", "x"], ["3", "y"]]


def test_a_cell_of_megabytes_is_read() -> None:
    rows = list(delimited_rows(["a,b\n", "x" * (3 << 20) + ",y\n", "c,d\n"], ","))
    assert rows == [["a", "b"], ["x" * (3 << 20), "y"], ["c", "d"]]


def test_an_open_quote_in_a_long_file_does_not_swallow_thousands_of_rows() -> None:
    lines = ["a,b\n", '1,"没有关上\n', *(f"{number},x\n" for number in range(5000))]
    rows = list(delimited_rows(lines, ","))
    assert len(rows) == 5002
    assert rows[-1] == ["4999", "x"]


@pytest.mark.parametrize("before", [0, 2046, 2047, 2048, 2049])
def test_a_cell_over_several_lines_wherever_the_blocks_end(before: int) -> None:
    lines = [f"{number},x\n" for number in range(before)] + ['a,"一\n', "二\n", '三"\n', 'b,"y"\n']
    rows = list(delimited_rows(lines, ","))
    assert rows[-2:] == [["a", "一\n二\n三"], ["b", "y"]]
    assert len(rows) == before + 2


def test_quotes_inside_plain_cells_are_letters() -> None:
    assert list(delimited_rows(['5" 屏,2\n', "6,3\n"], ",")) == [['5" 屏', "2"], ["6", "3"]]
