"""The key of the buyer hashes: a file of its own beside the store, so that the store alone reveals no buyer."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from csdesk.domain.drafts import draft_of
from csdesk.errors import StoreUnavailable

KEY_FILE = "buyer.key"
KEY_BYTES = 32


def buyer_key(data_dir: Path) -> bytes:
    """The 32-byte key of this data folder, made at the first call (mode 0600) and never changed.

    Raises StoreUnavailable when the file is there but damaged: a new key would tear every returning
    buyer from his history.
    """
    file = data_dir / KEY_FILE
    try:
        if not file.exists():
            _create(file)
        key = file.read_bytes()
    except OSError as error:
        raise StoreUnavailable(f"读不了买家密钥文件 {file}。请检查数据文件夹的权限。") from error
    if len(key) != KEY_BYTES:
        raise StoreUnavailable(f"买家密钥文件 {file} 已损坏。请从备份里恢复这个文件，不要删除它。")
    return key


def key_mark(key: bytes) -> str:
    """A mark by which the store recognises its key without holding it."""
    return hmac.new(key, b"csdesk buyer key", hashlib.sha256).hexdigest()[:16]


def _create(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(file)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(secrets.token_bytes(KEY_BYTES))
            handle.flush()
            os.fsync(handle.fileno())
        _take_name(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _take_name(draft: Path, file: Path) -> None:
    """Give the finished draft its name unless another process was quicker; the first key stays."""
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not file.exists():
            draft.replace(file)
