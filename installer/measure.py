"""Size of the bundle, and the time until its window is on the screen, cold and warm, beside a bare PySide6 window's.

    python installer/measure.py dist/csdesk

Cold means that the page cache was emptied before (root only). Warm is the median of five starts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from virtual_screen import Screen, virtual_screen

HERE = Path(__file__).resolve().parent
WARM_STARTS = 5
PATIENCE_SECONDS = 60.0
DROP_CACHES = Path("/proc/sys/vm/drop_caches")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path)
    bundle = parser.parse_args().bundle.resolve()
    print(f"size of {bundle.name}: {folder_megabytes(bundle):.0f} MB")
    with tempfile.TemporaryDirectory(prefix="csdesk-measure-") as profile:
        data = Path(profile, "data")
        subprocess.run([bundle / "csdesk-cli", "--data", data, "demo"], check=True, stdout=subprocess.DEVNULL)
        programs = {
            "bare PySide6 window": [sys.executable, str(HERE / "bare_window.py")],
            "csdesk bundle, example shop": [str(bundle / "csdesk"), "--data", str(data)],
            "csdesk from source": [sys.executable, "-m", "csdesk", "--data", str(data)],
        }
        with virtual_screen() as screen:
            for name, command in programs.items():
                cold = time_to_window(screen, command, profile) if empty_page_cache() else None
                warm = [time_to_window(screen, command, profile) for _ in range(WARM_STARTS)]
                cold_text = f"{cold:.2f} s" if cold is not None else "not measured (needs root)"
                print(f"{name}: cold {cold_text}, warm {statistics.median(warm):.2f} s")
    return 0


def folder_megabytes(folder: Path) -> float:
    """Sum of the sizes of all files, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def empty_page_cache() -> bool:
    """Forget cached files; False where that is not allowed."""
    os.sync()
    try:
        DROP_CACHES.write_text("3", encoding="ascii")
    except OSError:
        return False
    return True


def time_to_window(screen: Screen, command: list[str], profile: str) -> float:
    """Seconds from starting ``command`` until its window is on the screen; the program is ended then."""
    environment = {**os.environ, "DISPLAY": screen.name, "HOME": profile, "QT_QPA_PLATFORM": "xcb"}
    began = time.perf_counter()
    program = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not screen.shows_window():
            if program.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                raise RuntimeError(f"no window from {command}")
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        program.kill()
        program.wait()
        while screen.shows_window():
            time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
