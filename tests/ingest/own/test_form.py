"""A mapping's file: what is saved reads back equal; what is damaged says so."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.own.form import from_toml, to_toml
from csdesk.ingest.own.mapping import OwnColumn, OwnMapping, header_text
from csdesk.ingest.own.targets import TARGETS, UNITS, fields_of

TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(['"', "\\", "\x7f", "#", "]]", "'''", "=", "满意\u2028率", "\ud800", "a\tb", "𠮷" * 200]),
)


@st.composite
def mappings(draw: st.DrawFn) -> OwnMapping:
    target = draw(st.sampled_from(TARGETS))
    headers = tuple(header_text(text) for text in draw(st.lists(TEXT, min_size=1, max_size=12)))
    places = draw(st.lists(st.integers(0, len(headers) - 1), unique=True, min_size=1, max_size=len(headers)))
    fields = draw(st.permutations(fields_of(target, catalogue())))
    columns = []
    for at, field in zip(places, fields, strict=False):
        name, _, group = field.key.partition(".")
        unit = draw(st.sampled_from(UNITS.get(field.kind, ("",))))
        columns.append(OwnColumn(at, headers[at], name, unit, group))
    return OwnMapping(
        "own-" + draw(st.text(string.hexdigits, min_size=12, max_size=12)),
        header_text(draw(TEXT)),
        target.kind,
        draw(st.sampled_from(("own", "chitu", "orders"))),
        target.grain,
        headers,
        tuple(columns),
        draw(st.integers(0, 3)),
        draw(st.sampled_from((None, *Platform))),
        header_text(draw(TEXT)),
        draw(st.booleans()),
    )


@given(mappings())
@settings(max_examples=120, deadline=None)
def test_what_is_saved_reads_back_equal(mapping: OwnMapping) -> None:
    content = to_toml(mapping, ("agent",)).encode("utf-8")
    assert from_toml(content) == mapping
    assert from_toml(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")) == mapping  # passed through a Windows editor


def test_the_file_has_the_keys_of_a_shipped_layout() -> None:
    columns = (OwnColumn(0, "人", "agent"), OwnColumn(1, "量", "received"))
    mapping = OwnMapping("own-1", "日报", "report", "own", "agent", ("人", "量"), columns)
    table = tomllib.loads(to_toml(mapping, ("agent",)))
    assert {"id", "name", "kind", "source", "grain", "required", "columns"} <= set(table)
    assert table["own"] is True
    assert table["fingerprint"] == mapping.fingerprint


GOOD = to_toml(
    OwnMapping(
        "own-1",
        "日报",
        "report",
        "own",
        "agent",
        ("人", "量"),
        (OwnColumn(0, "人", "agent"), OwnColumn(1, "量", "received")),
    )
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "没有列映射"),
        (b"\xff\xfe\x00", "坏了"),
        (b"PK\x03\x04", "坏了"),
        (GOOD.encode()[:-3], "坏了"),
        (GOOD.encode()[: GOOD.encode().rindex(b"[[columns]]")], "不完整"),
        (Path(__file__).read_bytes(), "坏了"),
        (b'id = "sycm"\nname = "x"\n', "没有列映射"),
        (GOOD.replace("format = 1", "format = 2").encode(), "更新的版本"),
        (GOOD.replace("at = 2", "at = 3").encode(), "不完整"),
        (GOOD.replace("at = 2", 'at = "2"').encode(), "不完整"),
        (GOOD.replace("header_rows = 1", "header_rows = true").encode(), "不完整"),
        (GOOD.replace('title = "量"', 'title = "人"').encode(), "不完整"),
        (GOOD.replace('kind = "report"\n', "").encode(), "不完整"),
        (GOOD.replace('name = "日报"', 'name = "日报"\nplatform = "ebay"').encode(), "不完整"),
    ],
)
def test_damaged_files_say_so(content: bytes, words: str) -> None:
    with pytest.raises(UserFault, match=words):
        from_toml(content)
