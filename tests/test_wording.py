"""Texts for the owner: full-width punctuation beside Chinese characters, Chinese quotation marks."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
CHINESE = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{CHINESE}”》][,:;?!()]|[,:;?!(][{CHINESE}“]|[{CHINESE}] ?\(|[「」『』]")

# Words of other programs: headers of the platforms' exports, and patterns that match what files contain.
FOREIGN_FILES = {
    f"csdesk/demo/{name}.py" for name in ("aftercare", "chitu", "details", "doudian", "feige", "sycm", "taobao_trade")
}
FOREIGN_KEYS = {"signature", "words", "aliases", "texts", "title", "skus"}
# ``title`` is the header of a column in files and templates; names of measures are ours and are read too (see below).
ALLOWED = (
    re.compile(rf"[{CHINESE}]*店铺?:小美"),  # how platforms write an agent with its shop
    re.compile(r"单位:[秒分小时钟元万%]+"),  # how headers name a unit
    re.compile(re.escape("[]【】{}「」〔〕")),  # brackets that are read as one
    re.compile(r"订单号;订单号"),  # how a cell lists orders
    re.compile(r" \(\*[^)]*\)(?:;;所有文件)?"),  # how Qt lists file kinds
    re.compile(r"^.*(?:\\[dsSDwu]|\(\?|\)\?|\.[+*]|\[\(|\^).*$", re.DOTALL),  # a pattern, not a text
)


def wrong(text: str) -> bool:
    """Whether a text has half-width punctuation beside a Chinese character, what is allowed aside."""
    for pattern in ALLOWED:
        text = pattern.sub("", text)
    return bool(HALF_WIDTH.search(text))


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every string of a module but docstrings; of f-strings with their values as a blank."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    inside |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "\ufffd" for part in node.values]
            yield node.lineno, "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def entries(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, text) of every text of a TOML file."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from entries(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from entries(inner, key)
    elif isinstance(value, str):
        yield key, value


def test_texts_in_the_code() -> None:
    found = [
        f"{path.relative_to(REPO).as_posix()}:{line}: {text}"
        for path in sorted((REPO / "csdesk").rglob("*.py"))
        if path.relative_to(REPO).as_posix() not in FOREIGN_FILES
        for line, text in literals(path)
        if wrong(text)
    ]
    assert found == []


def test_texts_in_the_resources() -> None:
    found = [
        f"{path.relative_to(REPO).as_posix()}: {key} = {text}"
        for path in sorted((REPO / "resources").rglob("*.toml"))
        for key, text in entries(tomllib.loads(path.read_text(encoding="utf-8")))
        if key not in FOREIGN_KEYS and wrong(text)
    ]
    assert found == []


def test_names_of_measures() -> None:
    fields = tomllib.loads((REPO / "resources/layouts/fields.toml").read_text(encoding="utf-8"))
    titles = [measure["title"] for measure in fields["measures"].values() if "title" in measure]
    assert len(titles) > 30
    assert [title for title in titles if wrong(title)] == []


@pytest.mark.parametrize("text", ["没有保存,请再试", "问题:这里", "(整列判断)", "叫「小美」", "3 行(已导入)", "对吗?"])
def test_the_scan_finds(text: str) -> None:
    assert wrong(text)


@pytest.mark.parametrize(
    "text", ["没有保存，请再试。", "例如 某某旗舰店:小美", "2026-02-01..2026-02-28，全部", "9:30 起"]
)
def test_the_scan_lets_pass(text: str) -> None:
    assert not wrong(text)


def test_the_scan_reads_f_strings_and_leaves_docstrings(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text('"""说明,不看"""\nx = f"共 {1} 行,好"\n', encoding="utf-8")
    assert [(line, wrong(text)) for line, text in literals(path)] == [(2, True)]
