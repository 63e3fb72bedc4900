"""Lines cut where they lie give what the csv module and cleaning cell by cell give, whatever stands in them."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.ingest import cells
from csdesk.ingest.model import RawChunk
from csdesk.ingest.readers import delimited, emit, quick_text, worker
from csdesk.ingest.readers.byte_table import ByteColumn, cut
from csdesk.ingest.readers.columns import unpack
from csdesk.ingest.readers.emit import Emitter
from csdesk.ingest.readers.frames import Frame
from csdesk.ingest.readers.orders import Orders, order
from csdesk.ingest.readers.rows import unpack_rows
from csdesk.ingest.row_columns import plain_cleaner
from csdesk.safety.buyers import BuyerKeys
from tests.ingest.readers.test_cleaned_rows import (
    FLAGS,
    INSTANTS,
    KEYS,
    MONEY,
    NICKS,
    NUMBERS,
    ORDER,
    SESSION,
    TEXTS,
    WORDS,
    rules_for,
    table,
)

Change = Callable[[str, random.Random], str]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (emit, quick_text):
        monkeypatch.setattr(module, "FIRST_ROWS", 5)
        monkeypatch.setattr(module, "CHUNK_ROWS", 40)
        monkeypatch.setattr(module, "CHUNK_CELLS", 20_000)


def frames(path: Path, layout: str) -> list[Any]:
    """What the program gets of a file, asked to have it cleaned: chunks by value, progress left out."""
    orders, found = Orders(), []

    def send(frame: Frame) -> None:
        match frame:
            case ("rows", sheet, index, first_row, columns, _, question):
                chunk = RawChunk(sheet, index, first_row, [unpack(column) for column in columns])
                found.append(("rows", first_row, [list(column) for column in chunk.columns]))
                if question:
                    orders.take(order(question, rules_for(layout, chunk) if layout else None))
            case ("clean", _, _, first_row, span, columns, findings, _):
                cleaned = unpack_rows(span, columns, findings)
                found.append(("clean", first_row, list(cleaned.rows), cleaned.values, cleaned.found))
            case ("beat", _):
                pass
            case _:
                found.append(frame)

    worker.read_into(path, Emitter(send, orders), send)
    return found


def both_ways(path: Path, layout: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Any], int]:
    """(frames the ordinary way, frames the quick way, how many blocks were cut)."""
    made = []

    def counted(block: bytes, delimiter: str, encoding: str) -> Any:
        made.append(cut(block, delimiter, encoding))
        return made[-1]

    monkeypatch.setattr(quick_text, "cut", counted)
    monkeypatch.setattr(delimited, "WORTH_CUTTING", 1 << 40)
    ordinary = frames(path, layout)
    monkeypatch.setattr(delimited, "WORTH_CUTTING", 0)
    return ordinary, frames(path, layout), sum(1 for one in made if one is not None)


def tamed(rows: list[list[str]]) -> list[list[str]]:
    """No line breaks in cells."""
    return [[cell.replace("\n", " ") for cell in row] for row in rows]


def as_text(rows: list[list[str]], **options: Any) -> str:
    out = io.StringIO()
    csv.writer(out, **options).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize(("layout", "pools"), [("sessions", SESSION), ("taobao_orders", ORDER)])
def test_messy_cells(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    layout: str,
    pools: dict[str, list[str]],
    delimiter: str,
    encoding: str,
) -> None:
    ending = "\r\n" if delimiter == "," else "\n"
    text = as_text(tamed(table(pools, 11, rows=500)), delimiter=delimiter, lineterminator=ending)
    file = tmp_path / "a.csv"
    file.write_bytes(text.encode(encoding))
    ordinary, quick, cut_blocks = both_ways(file, layout, monkeypatch)
    assert quick == ordinary
    assert cut_blocks > 8


CHANGES: dict[str, Change] = {
    "line breaks all over": lambda line, _: ",".join(f'"{cell}\r\n{cell}"' for cell in line.split(",")),
    "three hundred lines": lambda line, _: line.replace(",", ',"' + "a\n" * 300 + '",', 1),
    "two hundred lines": lambda line, _: line.replace(",", ',"' + "a\n" * 199 + '",', 1),
    "a line break in a cell": lambda line, _: line.replace(",", ',"two\nlines",', 1),
    "a quote in the middle": lambda line, _: line.replace(",", ',in"side,', 1),
    "two quotes in the middle": lambda line, _: line.replace(",", ',"in"side"s",', 1),
    "a quote never closed": lambda line, _: line.replace(",", ',"open,', 1),
    "a cell behind its quotes": lambda line, _: line.replace(",", ',"a"b,', 1),
    "a formula": lambda line, _: '="' + line.replace(",", '",', 1),
    "a formula cut in two": lambda line, _: '="1,2"' + line,
    "a formula with quotes": lambda line, _: line.replace(",", ',="a""b",', 1),
    "half a formula": lambda line, _: line.replace(",", ',="a",="b"c,', 1),
    "a quoted formula": lambda line, _: '"=""' + line.replace(",", '""",', 1),
    "nothing but quotes": lambda line, _: '"","""",' + line,
    "a line end of its own kind": lambda line, _: line.replace(",", "\r", 1),
    "no line feed": lambda line, _: line + "\r",
    "a zero": lambda line, _: line.replace(",", "\0,", 1),
    "a blank line": lambda _line, _: "",
    "a short line": lambda line, _: line[: line.index(",")],
    "a long line": lambda line, _: line + ",more,and more",
    "a cell of a megabyte": lambda line, _: "x" * ((1 << 20) + 5) + line,
    "a page of cells": lambda line, _: line + "," * 3000,
    "any letter": lambda line, chance: line.replace(line[chance.randrange(len(line))], chance.choice('",=\r\n ;'), 1),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("layout", ["sessions", ""])
def test_lines_out_of_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, layout: str) -> None:
    chance = random.Random(what)
    for number in range(6):
        lines = as_text(tamed(table(SESSION, number, rows=150)), lineterminator="\n").split("\n")[:-1]
        for _ in range(number // 2 + 1):
            at = chance.randrange(8, len(lines))
            if "," in lines[at]:
                lines[at] = CHANGES[what](lines[at], chance)
        end = chance.choice(["\n", "", "\n\n\n", "\r\n"])
        file = tmp_path / f"{number}.csv"
        file.write_bytes(("\n".join(lines) + end).encode())
        ordinary, quick, _ = both_ways(file, layout, monkeypatch)
        assert quick == ordinary


def test_blocks_that_are_left_to_the_csv_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One odd row costs its block alone, a quote never closed the rest of the file."""
    rows = tamed(table(SESSION, 3, rows=600))
    lines = as_text([rows[0], *[row for row in rows[1:] if any(row)]], lineterminator="\n").split("\n")
    regular = cut_blocks(tmp_path, lines, monkeypatch)
    good = lines[300]
    lines[300] = good.replace(",", ',in"side",', 1)
    assert cut_blocks(tmp_path, lines, monkeypatch) == regular - 1
    lines[300] = '"two\nlines"' + good[good.index(",") :]
    assert cut_blocks(tmp_path, lines, monkeypatch) == regular
    lines[300] = good.replace(",", ',"open,', 1)
    assert cut_blocks(tmp_path, lines, monkeypatch) == (300 - 5) // 40


def cut_blocks(folder: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    file = folder / "a.csv"
    file.write_text("\n".join(lines), "utf-8")
    ordinary, quick, made = both_ways(file, "sessions", monkeypatch)
    assert quick == ordinary
    return made


PIECES = st.lists(
    st.sampled_from(["a", ",", '"', '""', "\n", "\r\n", "\r", "=", '="', "好", "1", '","', '",\n"']), max_size=40
)


@settings(max_examples=300)
@given(PIECES)
def test_what_is_cut_is_what_the_csv_module_reads(pieces: list[str]) -> None:
    text = "".join(pieces) + "\n"
    found = cut(text.encode(), ",", "utf-8")
    if found is not None:
        rows = list(delimited.delimited_rows(text.splitlines(keepends=True), ","))
        width = max(1, *map(len, rows))
        assert [column.texts() for column in found.columns()] == [
            [row[at] if row else "" for row in rows] for at in range(width)
        ]
        assert [list(column) for column in found.columns()] == [
            [column[row] for row in range(len(column))] for column in found.columns()
        ]


CELLS = st.one_of(
    st.sampled_from([*MONEY, *NUMBERS, *WORDS, *INSTANTS, *FLAGS, *NICKS, *TEXTS, "1000000000000000000", "ab-12"]),
    st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{0,7})?", fullmatch=True),
    st.from_regex(r"[0-9]{15,16}000", fullmatch=True),
    st.from_regex(r"(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True),
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Zl", "Zp"], codec="utf-8"), max_size=12),
).map(lambda cell: cell.replace("\n", " "))
KINDS = ["money", "duration", "instant", "integer", "id", "boolean", "text", "rating", "remark"]


@pytest.mark.parametrize("kind", KINDS)
@given(st.lists(CELLS, min_size=1, max_size=40))
def test_columns_are_read_as_their_cells_are(kind: str, column: list[str]) -> None:
    quick, ordinary = plain_cleaner(kind, "", KEYS), plain_cleaner(kind, "", KEYS)
    for texts in (column, column[::-1]):
        block = as_text([[cell, "x"] for cell in texts], lineterminator="\n")
        found, rows = cut(block.encode(), ",", "utf-8"), delimited.rows_of_lines(block.splitlines(keepends=True), ",")
        assert found is not None
        assert rows is not None
        here, there = quick.clean(found.columns()[0]), ordinary.clean([row[0] for row in rows])
        assert list(here.values) == list(there.values)
        assert list(map(type, here.values)) == list(map(type, there.values))
        assert (here.problems, here.repairs) == (there.problems, there.repairs)
        assert [here.reason_of(cell) for cell in texts] == [there.reason_of(cell) for cell in texts]


@given(st.lists(st.one_of(st.sampled_from([*NICKS, *WORDS, "cntaobaoAb", "ｃntaobao好", "好人"]), st.text(max_size=8))))
def test_many_buyers_at_once(nicks: list[str]) -> None:
    nicks = [nick.replace("\n", " ") for nick in nicks]
    keys, shown = BuyerKeys(bytes(range(32))).of_all(nicks)
    assert list(zip(keys, shown, strict=True)) == [KEYS.of(nick) for nick in nicks]


def test_buyers_without_stars_or_blanks() -> None:
    nicks = ["tb1234", "小明的店", "ＴＢ９", "Straße"]
    keys, shown = KEYS.of_all(nicks)
    assert list(zip(keys, shown, strict=True)) == [KEYS.of(nick) for nick in nicks]


def test_every_day_and_second() -> None:
    chance = random.Random(2)
    moments = [f"{y}-{m:02d}-{d:02d} {chance.randrange(24):02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}"
               for y in (1990, 1999, 2000, 2023, 2024, 2100) for m in range(1, 13) for d in range(1, 32)]  # fmt: skip
    column = column_of(moments)
    values, others = column.moments()
    for at, text in enumerate(moments):
        try:
            known = (datetime.fromisoformat(text) - datetime(1970, 1, 1)).total_seconds()
        except ValueError:
            assert at in others
        else:
            assert values[at] == known
    assert len(others) == 6 * 7 - 2  # three leap years, the 31 days of no month


def test_numbers_are_rounded_as_their_texts_are() -> None:
    chance = random.Random(3)
    texts = [f"{chance.randrange(10**chance.randrange(1, 8))}.{chance.randrange(10**6):06d}"[: chance.randrange(9, 15)]
             for _ in range(5000)]  # fmt: skip
    texts = [text.rstrip(".") for text in texts]
    values, others = column_of(texts).decimals(7, 6)
    assert not others
    assert values.tolist() == [float(text) for text in texts]
    money = [f"{fen // 100}.{fen % 100:02d}" for fen in range(0, 10**11 - 1, 19_999_999)]
    fen, others = column_of(money).hundredths(9)
    assert not others
    assert fen.tolist() == [cells.read_money(text).value for text in money]


def test_quotes_are_taken_off_where_they_are_meant_so() -> None:
    assert column_of(['="12"', '=""', '"a""b"', '""', "=1", '"a\'b"']).texts() == ["12", "", 'a"b', "", "=1", "a'b"]
    for odd in ('="1"2', 'a"b"', '"a"b', '="a""b"', '"=a"",', '=="a"'):
        assert cut(f"{odd}\n".encode(), ",", "utf-8") is None


def test_texts_that_differ_behind_their_first_letters() -> None:
    texts = [f"{'一二三四五六七八'[: n % 9]}{n % 7}" for n in range(300)]
    few = column_of(texts).few()
    assert few is not None
    assert list(few) == texts
    assert column_of([str(n) for n in range(300)]).few() is None
    assert column_of(["长" * 11] * 10).few() is None


def column_of(texts: list[str]) -> ByteColumn:
    found = cut("".join(f"{text}\n" for text in texts).encode(), ",", "utf-8")
    assert found is not None
    return found.columns()[0]
