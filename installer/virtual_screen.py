"""A virtual X screen (Xvfb) to start programs on, and a look at which windows are shown there."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IS_VIEWABLE = 2
_XWD_HEADER_WORDS = 25


class _WindowAttributes(ctypes.Structure):
    """XWindowAttributes up to ``override_redirect``; Xlib fills the whole of it."""

    _fields_ = [
        ("x", ctypes.c_int),
        ("y", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("border_width", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        ("window_class", ctypes.c_int),
        ("bit_gravity", ctypes.c_int),
        ("win_gravity", ctypes.c_int),
        ("backing_store", ctypes.c_int),
        ("backing_planes", ctypes.c_ulong),
        ("backing_pixel", ctypes.c_ulong),
        ("save_under", ctypes.c_int),
        ("colormap", ctypes.c_ulong),
        ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int),
        ("rest", ctypes.c_byte * 128),
    ]


class Screen:
    """A running virtual screen. ``name`` goes into DISPLAY."""

    def __init__(self, name: str, frame: Path) -> None:
        self.name = name
        self._frame = frame
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(name.encode()))
        if not self._display.value:
            raise RuntimeError(f"no X server answers at {name}")
        self._root = ctypes.c_ulong(self._x11.XDefaultRootWindow(self._display))

    def shows_window(self, at_least: int = 300) -> bool:
        """Whether a top-level window of some size is on the screen."""
        return any(width >= at_least and height >= at_least for width, height in self._windows())

    def _windows(self) -> Iterator[tuple[int, int]]:
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        self._x11.XQueryTree(
            self._display,
            self._root,
            ctypes.byref(root),
            ctypes.byref(parent),
            ctypes.byref(children),
            ctypes.byref(count),
        )
        windows = [children[index] for index in range(count.value)]
        if children:
            self._x11.XFree(children)
        for window in windows:
            found = _WindowAttributes()
            known = self._x11.XGetWindowAttributes(self._display, ctypes.c_ulong(window), ctypes.byref(found))
            if known and found.map_state == _IS_VIEWABLE:
                yield found.width, found.height

    def colours(self) -> int:
        """How many different colours a grid of points of the screen shows; 1 = nothing painted."""
        width, height, rows = self._pixels()
        return len({rows[y][x * 4 : x * 4 + 3] for y in range(0, height, 7) for x in range(0, width, 7)})

    def save(self, path: Path) -> None:
        """Write what the screen shows as PNG."""
        width, height, rows = self._pixels()
        lines = b"".join(b"\0" + _rgb(row) for row in rows)
        size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        parts = ((b"IHDR", size), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_png_part(kind, data) for kind, data in parts))

    def _pixels(self) -> tuple[int, int, list[bytes]]:
        """Width, height and rows of BGRX bytes, from the dump file Xvfb keeps."""
        dump = self._frame.read_bytes()
        words = struct.unpack(f">{_XWD_HEADER_WORDS}I", dump[: _XWD_HEADER_WORDS * 4])
        header, width, height, stride, colours = words[0], words[4], words[5], words[12], words[19]
        start = header + colours * 12
        return width, height, [dump[start + y * stride : start + y * stride + width * 4] for y in range(height)]


def _rgb(row: bytes) -> bytes:
    pixels = bytearray(len(row) // 4 * 3)
    pixels[0::3], pixels[1::3], pixels[2::3] = row[2::4], row[1::4], row[0::4]
    return bytes(pixels)


def _png_part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@contextmanager
def virtual_screen(width: int = 1440, height: int = 900) -> Iterator[Screen]:
    """Start Xvfb on a free display and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="csdesk-screen-") as folder:
        reader, writer = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-fbdir", folder, "-noreset"],
            pass_fds=[writer],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        try:
            with os.fdopen(reader) as pipe:
                number = pipe.readline().strip()
            if not number:
                raise RuntimeError("Xvfb did not start")
            yield Screen(f":{number}", Path(folder, "Xvfb_screen0"))
        finally:
            server.terminate()
            server.wait()
