"""Files of a synced folder that are only shown here and lie on a server."""

from __future__ import annotations

import os

_OFFLINE = 0x1000
_RECALL_ON_OPEN = 0x40000
_RECALL_ON_ACCESS = 0x400000
"""Windows file attributes (FILE_ATTRIBUTE_OFFLINE, …_RECALL_ON_OPEN, …_RECALL_ON_DATA_ACCESS)."""


def is_placeholder(status: os.stat_result) -> bool:
    """Whether reading the file would first fetch it from a server (OneDrive and others say so on Windows)."""
    attributes = int(getattr(status, "st_file_attributes", 0))
    return bool(attributes & (_OFFLINE | _RECALL_ON_OPEN | _RECALL_ON_ACCESS))
