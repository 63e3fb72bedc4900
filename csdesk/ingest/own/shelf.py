"""The owner's mappings in the data folder: ``layouts/<id>.toml``. Nothing here touches imported data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from csdesk.domain.identity import fold
from csdesk.errors import UserFault
from csdesk.ingest.layouts import Catalogue, Layout, catalogue
from csdesk.ingest.own.form import from_toml, to_toml
from csdesk.ingest.own.mapping import OWN_PREFIX, OwnMapping, id_for
from csdesk.ingest.own.rules import faults
from csdesk.ingest.own.targets import own_layout, required_fields
from csdesk.settings.files import write_atomically

FOLDER = "layouts"
_LARGEST = 4 << 20
_Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class _Read:
    """What the folder held when its files were as ``signature`` says. ``damaged`` are file names."""

    signature: _Signature
    mappings: tuple[OwnMapping, ...]
    layouts: Catalogue
    damaged: tuple[str, ...]


class OwnMappings:
    """Read, write, rename, hand on and delete the mappings of one data folder. Safe to use from any thread.

    Every question looks at the folder again, so that another window's change is seen; unchanged files are not read
    twice.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        self._known: _Read | None = None

    def all(self) -> Sequence[OwnMapping]:
        """All mappings, by name."""
        return self._now().mappings

    def damaged(self) -> Sequence[str]:
        """Names of files in the folder that cannot be read."""
        return self._now().damaged

    def layouts(self) -> Catalogue:
        """The program's layouts with the owner's beside them."""
        return self._now().layouts

    def get(self, name: str) -> OwnMapping:
        """By id or name; raises UserFault."""
        wanted = fold(name)
        for mapping in self.all():
            if wanted in (fold(mapping.id), fold(mapping.name)):
                return mapping
        raise UserFault(f"没有叫“{name}”的列映射。", "它可能已经删掉了。")

    def find(self, mapping_id: str) -> OwnMapping | None:
        """By id."""
        return next((mapping for mapping in self.all() if mapping.id == mapping_id), None)

    def save(self, mapping: OwnMapping) -> OwnMapping:
        """Keep a mapping (one for each header: the one before gives way); raises UserFault naming what is wrong."""
        mapping = replace(mapping, name=mapping.name.strip(), shop=mapping.shop.strip())
        wrong = faults(mapping, catalogue())
        if wrong:
            raise UserFault(wrong[0])
        if not mapping.id:
            mapping = replace(mapping, id=id_for(mapping.headers, mapping.header_rows, mapping.name))
        self._refuse_name(mapping)
        self._write(self._path(mapping.id), mapping)
        return mapping

    def rename(self, mapping_id: str, name: str) -> OwnMapping:
        """Give another name; raises UserFault where it is empty or taken."""
        return self.save(replace(self.get(mapping_id), name=name))

    def delete(self, mapping_id: str) -> None:
        """Forget a mapping. What was imported by it stays."""
        try:
            self._path(mapping_id).unlink(missing_ok=True)
            self._known = None
        except OSError as error:
            raise UserFault("删不掉这个列映射。", f"请看看数据文件夹是不是只读（{error.strerror}）。") from None

    def export(self, mapping_id: str, path: Path) -> None:
        """Write a mapping to a file that can be given to somebody."""
        mapping = self.get(mapping_id)
        self._write(path, mapping)

    def read(self, path: Path) -> OwnMapping:
        """The mapping in a file somebody gave, checked as if it had been made here; raises UserFault."""
        try:
            content = path.read_bytes() if path.stat().st_size <= _LARGEST else b"\xff"
        except OSError as error:
            raise UserFault("打不开这个文件。", f"请确认它还在原处（{error.strerror}）。") from None
        mapping = from_toml(content)
        mapping = replace(mapping, id=id_for(mapping.headers, mapping.header_rows, mapping.name))
        wrong = faults(mapping, catalogue())
        if wrong:
            raise UserFault("这份列映射不能用。", wrong[0])
        return mapping

    def take_in(self, mapping: OwnMapping) -> OwnMapping:
        """Keep a mapping that :meth:`read` gave, in place of the one for that header; a taken name gets a number."""
        return self.save(replace(mapping, name=self.free_name(mapping.name, mapping.id)))

    def free_name(self, wanted: str, mapping_id: str = "") -> str:
        """``wanted``, with a number behind it where another mapping (or a layout of the program) is called so."""
        taken = {fold(one.name) for one in self.all() if one.id != mapping_id} | _shipped_names()
        name, number = wanted, 2
        while fold(name) in taken:
            name, number = f"{wanted} {number}", number + 1
        return name

    def _refuse_name(self, mapping: OwnMapping) -> None:
        wanted = fold(mapping.name)
        if wanted in _shipped_names():
            raise UserFault(f"“{mapping.name}”是程序自带的格式名。", "请换一个名字。")
        if any(fold(one.name) == wanted and one.id != mapping.id for one in self.all()):
            raise UserFault(f"已经有叫“{mapping.name}”的列映射。", "请换一个名字。")

    def _path(self, mapping_id: str) -> Path:
        if not mapping_id.startswith(OWN_PREFIX) or not mapping_id.removeprefix(OWN_PREFIX).isalnum():
            raise UserFault("这不是自己对的列映射。")
        return self._folder / f"{mapping_id}.toml"

    def _write(self, path: Path, mapping: OwnMapping) -> None:
        text = to_toml(mapping, required_fields(mapping, catalogue()))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text.encode("utf-8"))
            self._known = None  # a file of equal size written in the same tick of the clock looks unchanged
        except OSError as error:
            raise UserFault("存不下列映射。", f"请看看磁盘是不是满了、文件夹是不是只读（{error.strerror}）。") from None

    def _now(self) -> _Read:
        signature = self._signature()
        known = self._known
        if known is None or known.signature != signature:
            known = self._known = self._read(signature)
        return known

    def _signature(self) -> _Signature:
        try:
            files = [(path, path.stat()) for path in self._folder.glob(f"{OWN_PREFIX}*.toml")]
        except OSError:
            return ()
        return tuple(sorted((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in files))

    def _read(self, signature: _Signature) -> _Read:
        shipped = catalogue()
        found: list[OwnMapping] = []
        damaged: list[str] = []
        for name, _, _ in signature:
            path = self._folder / name
            try:
                mapping = replace(from_toml(path.read_bytes()), id=path.stem)
                broken = bool(faults(mapping, shipped))
            except (UserFault, OSError):
                broken = True
            if broken:
                damaged.append(name)
            else:
                found.append(mapping)
        found.sort(key=lambda mapping: (fold(mapping.name), mapping.id))
        layouts = tuple(own_layout(mapping, shipped) for mapping in found)
        return _Read(signature, tuple(found), with_own(shipped, layouts), tuple(damaged))


def with_own(shipped: Catalogue, own: tuple[Layout, ...]) -> Catalogue:
    """The program's catalogue with own layouts beside its own."""
    if not own:
        return shipped
    return replace(shipped, own=own, by_id={**shipped.by_id, **{layout.id: layout for layout in own}})


def _shipped_names() -> set[str]:
    return {fold(name) for layout in catalogue().layouts for name in (layout.id, layout.name)}
