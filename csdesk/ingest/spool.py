"""Rows kept between preview and load: in memory up to a limit, then in a temporary file."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Generic, TypeVar

from csdesk.ingest.model import RecordChunk, SessionChunk

MEMORY_ROWS = 150_000
"""Rows a preview keeps in memory (about 64 MB); more go to a temporary file."""

C = TypeVar("C", SessionChunk, RecordChunk)


class Spool(Generic[C]):
    """Cleaned rows that can be looked at again and again. Close it (or drop it) to give the space back."""

    def __init__(self, chunks: Iterable[C] = (), memory_rows: int = MEMORY_ROWS) -> None:
        self._kept: list[C] = []
        self._file: IO[bytes] | None = None
        self._one_shop = ""
        self._limit = memory_rows
        self.rows = 0
        for chunk in chunks:
            self.add(chunk)

    def add(self, chunk: C) -> None:
        """Keep one more chunk."""
        self.rows += len(chunk.rows)
        if self.rows <= self._limit:
            self._kept.append(chunk)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="csdesk-")  # noqa: SIM115  (closed in close())
        self._file.seek(0, 2)
        pickle.dump(chunk, self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[C]:
        for chunk in self._chunks():
            if self._one_shop:
                chunk.columns["shop"] = [self._one_shop] * len(chunk.rows)
            yield chunk

    def _chunks(self) -> Iterator[C]:
        yield from self._kept
        if self._file is not None:
            self._file.seek(0)
            while True:
                try:
                    chunk: C = pickle.load(self._file)  # noqa: S301  (written above by ourselves)
                except EOFError:
                    return
                yield chunk

    def all_to(self, shop: str) -> None:
        """Say that every row belongs to ``shop``."""
        self._one_shop = shop

    def close(self) -> None:
        """Give memory and file back."""
        self._kept.clear()
        if self._file is not None:
            self._file.close()
            self._file = None
