"""What a file really is, by its first bytes and its content; its name's ending is only a hint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.textform import TextForm, text_form

if TYPE_CHECKING:
    import zipfile

_HEAD = 4096
_ZIP_END_WITHIN = 22 + 0xFFFF  # the end record and the longest comment after it
LOCK_PREFIXES = ("~$", ".~")
PARTIAL_SUFFIXES = frozenset({".crdownload", ".part", ".partial", ".download", ".td", ".opdownload"})
_TABLE_KINDS = frozenset({"xlsx", "xlsb", "ods", "xls", "biff", "csv", "html", "spreadsheetml"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "bitmap"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "document"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3", "database"),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")

NOT_A_TABLE: dict[str, str] = {
    "pdf": "这是 PDF 文件，不是表格。",
    "image": "这是图片，不是表格。",
    "bitmap": "这是图片，不是表格。",
    "document": "这是文字文档，不是表格。",
    "slides": "这是演示文稿，不是表格。",
    "program": "这是程序文件，不是表格。",
    "database": "这是数据库文件，不是表格。",
    "archive": "这是压缩包，不是表格。",
    "zip": "这是压缩包，里面没有认得出的表格。",
    "binary": "这不是表格文件。",
    "ole": "这是 Office 文件，但里面没有表格。",
}


class Sniffed(NamedTuple):
    """``kind``: xlsx | xlsb | ods | xls | biff | csv | html | spreadsheetml, or what it is instead.

    ``text`` is set for csv, html and spreadsheetml. ``unpacked`` is the size the archive directory
    of a zipped workbook claims, in bytes; elsewhere the file's size.
    """

    kind: str
    size: int
    unpacked: int
    text: TextForm | None = None

    @property
    def is_table(self) -> bool:
        """Whether some reader can try it."""
        return self.kind in _TABLE_KINDS

    @property
    def encoding(self) -> str | None:
        """Codec of a text file."""
        return self.text.encoding if self.text else None

    @property
    def delimiter(self) -> str | None:
        """Field separator of a delimited text file."""
        return self.text.delimiter if self.text else None


def check_name(path: Path) -> None:
    """Raise ReadFault for lock files and half downloads, which need no look inside."""
    if path.name.startswith(LOCK_PREFIXES):
        raise ReadFault("lock_file")
    if path.suffix.lower() in PARTIAL_SUFFIXES or path.suffix.lower() == ".tmp":
        raise ReadFault("partial_download")


def sniff(path: Path) -> Sniffed:
    """Look at name, first bytes and structure; OSError where the file cannot be opened."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = _kind_by_magic(head)
    if not size or not head.strip(b"\0"):
        return Sniffed("blank", size, size)
    if head.startswith(b"PK"):
        return _sniff_zip(path, size)
    if head.startswith(_OLE2):
        return Sniffed(_ole_kind(path), size, size)
    if kind == "bitmap" and not _looks_like_bitmap(head, size):
        kind = None
    if kind:
        return Sniffed(kind, size, size)
    if head.startswith(_OLD_BIFF):
        return Sniffed("biff", size, size)
    return _sniff_text(path, size)


def fault_of(found: Sniffed) -> ReadFault | None:
    """The fault of a file that is no table, None where a reader should try."""
    if found.kind == "blank":
        return ReadFault("empty", "文件是空的，一个字也没有。", "请重新导出一份。")
    if found.kind in {"encrypted", "damaged"}:
        return ReadFault(found.kind)
    if found.kind == "cut_off":
        return ReadFault("damaged", "文件不完整，多半没有下载完。", "请重新下载或导出一份，等下载完成再拖进来。")
    if found.is_table:
        return None
    advice = "请先解压，再把里面的表格拖进来。" if found.kind in {"archive", "zip"} else ""
    return ReadFault("not_a_table", NOT_A_TABLE.get(found.kind, ""), advice)


def _kind_by_magic(head: bytes) -> str | None:
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _looks_like_bitmap(head: bytes, size: int) -> bool:
    return len(head) > 14 and abs(int.from_bytes(head[2:6], "little") - size) <= 4096


def _sniff_zip(path: Path, size: int) -> Sniffed:
    import zipfile  # noqa: PLC0415  (only for archives: the child should start fast)

    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename.replace("\\", "/").lower().lstrip("/") for member in members}
            unpacked = sum(member.file_size for member in members)
            kind = _zip_kind(archive, names)
            if any(member.flag_bits & 1 for member in members):
                kind = "encrypted"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError):
        return Sniffed("damaged" if _has_zip_end(path, size) else "cut_off", size, size)
    return Sniffed(kind, size, unpacked)


def _has_zip_end(path: Path, size: int) -> bool:
    """Whether the archive's last record is there; a download cut off in the middle lacks it."""
    with path.open("rb") as file:
        file.seek(max(0, size - _ZIP_END_WITHIN))
        return b"PK\x05\x06" in file.read()


def _zip_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(name.startswith("xl/") and name.endswith(".bin") and "workbook" in name for name in names):
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return _open_document_kind(archive, names)
    if any(name.startswith("word/") for name in names):
        return "document"
    if any(name.startswith("ppt/") for name in names):
        return "slides"
    return "xlsx" if "[content_types].xml" in names else "zip"


def _open_document_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "meta-inf/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(1 << 20):
                return "encrypted"
    if "mimetype" in names:
        with archive.open("mimetype") as mimetype:
            said = mimetype.read(200)
        if b"opendocument.text" in said:
            return "document"
        if b"opendocument.presentation" in said:
            return "slides"
    return "ods"


def _ole_kind(path: Path) -> str:
    """Which Office file an OLE2 container holds, by the UTF-16 stream names in it."""
    data = path.read_bytes() if path.stat().st_size <= 64 << 20 else _ends_of(path)

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        return "encrypted"
    if has("Workbook") or has("Book") or has("WORKBOOK") or has("BOOK"):
        return "xls"
    if has("WordDocument"):
        return "document"
    if has("PowerPoint Document"):
        return "slides"
    return "xls"


def _ends_of(path: Path) -> bytes:
    with path.open("rb") as file:
        first = file.read(32 << 20)
        file.seek(-(32 << 20), 2)
        return first + file.read()


def _sniff_text(path: Path, size: int) -> Sniffed:
    form = text_form(path)
    if form is None:
        return Sniffed("binary", size, size)
    start = form.sample[:2048].lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<?xml") and "schemas-microsoft-com:office:spreadsheet" in form.sample[:8192]:
        return Sniffed("spreadsheetml", size, size, form)
    if start.startswith("<") and ("<table" in form.sample.lower() or "<html" in start):
        return Sniffed("html", size, size, form)
    return Sniffed("csv", size, size, form)
