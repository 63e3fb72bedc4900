"""Writing a file so that it is either the old one or the new one, never half of each."""

from __future__ import annotations

import os
from pathlib import Path

from csdesk.domain.drafts import draft_of, sweep_drafts_of


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content`` in one step; raises OSError and leaves the old file on any failure."""
    sweep_drafts_of(path)
    part = draft_of(path)
    # Not tempfile: its files are for the owner's eyes alone, an export should get the folder's ordinary rights.
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
