"""Messages between the program and its reading child: a length and one marshalled tuple.

``marshal`` builds plain values only (no objects, no imports), so nothing the child sends can run
code here; both ends are the same interpreter, so its format is the same.
"""

from __future__ import annotations

import marshal
import os
import struct
from typing import Any

_LENGTH = struct.Struct("<I")
_MAX_FRAME = 512 * 1024 * 1024

Frame = tuple[Any, ...]
"""First element names the message; see :mod:`csdesk.ingest.readers.worker`."""


def write_frame(fd: int, frame: Frame) -> None:
    """Send one message; raises OSError when the other end is gone."""
    body = marshal.dumps(frame, 2)
    view = memoryview(_LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]


def read_frame(fd: int) -> Frame | None:
    """Receive one message; None at the end of the stream, also when it ends inside a message."""
    head = _read_exactly(fd, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _MAX_FRAME:
        return None
    body = _read_exactly(fd, length)
    if body is None:
        return None
    frame = marshal.loads(body)  # noqa: S302  (own child, plain values; see the module's docstring)
    return frame if isinstance(frame, tuple) else None


def _read_exactly(fd: int, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
