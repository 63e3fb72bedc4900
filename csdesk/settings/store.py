"""The settings file: JSON in the data folder, written atomically, forgiving when read."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from csdesk.settings.files import write_atomically
from csdesk.settings.options import Option, T

FILE_NAME = "settings.json"


class Settings:
    """Values of the declared options. Keys of other versions are kept as they are.

    A damaged file is set aside as ``settings.damaged.json`` and the defaults apply: settings are
    never a reason not to start.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._folder_was_there = folder.is_dir()
        self._lock = threading.Lock()
        self._kept = True
        self._values: dict[str, object] = self._read()

    def _read(self) -> dict[str, object]:
        try:
            values = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            self._set_aside()
            return {}
        return values if isinstance(values, dict) else {}

    def _set_aside(self) -> None:
        try:
            self._path.replace(self._path.with_name("settings.damaged.json"))
        except OSError:
            return  # cannot be moved (read-only, locked): the next save will say so

    def get(self, option: Option[T]) -> T:
        """The value in force: the stored one if it has the right type, else the default."""
        value = self._values.get(option.key, option.default)
        return value if option.accepts(value) else option.default  # type: ignore[return-value]

    def set(self, option: Option[T], value: T) -> None:
        """Store a value at once, beside what another process has stored since; raises OSError when that fails."""
        with self._lock:
            if self._values.get(option.key) == value:
                return
            if not self._kept:
                self._values[option.key] = value
                return
            self._values = {**self._values, **self._read(), option.key: value}
            text = json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True)
            if not self._folder_was_there:  # else it has gone: an empty one in its place would look like lost data
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._folder_was_there = True
            write_atomically(self._path, text.encode())

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """While this lasts, changes hold in memory only; at its end everything is as it was."""
        before, self._kept = dict(self._values), False
        try:
            yield
        finally:
            self._values, self._kept = before, True
