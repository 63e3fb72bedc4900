"""Starts the packaged program for real, on a virtual screen, with an empty profile, and uses it as an owner would.

    python installer/smoke.py dist/csdesk [--keep DIR]

The example shop's files are written and imported by the ordinary door, every page is drawn, a chart is exported in
every format, the window is opened, tested from inside and closed. Any line on stderr that is not expected fails.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import folder_megabytes
from virtual_screen import Screen, virtual_screen

from csdesk.cli import PAGES

LAST_DAY = "2026-11-21"
FORMATS: dict[str, bytes] = {
    "png": b"\x89PNG",
    "svg": b"<",
    "pdf": b"%PDF-",
    "csv": b"\xef\xbb\xbf",
    "xlsx": b"PK\x03\x04",
}
EXPECTED_ON_STDERR: tuple[str, ...] = ()
STEP_SECONDS = 180
WINDOW_SECONDS = 30.0
PAINTED_COLOURS = 8


class SmokeFailure(Exception):
    """Something the packaged program should do and did not."""


class Bundle:
    """The two programs of the folder, run with an empty profile on a screen of their own."""

    def __init__(self, folder: Path, profile: Path, screen: Screen) -> None:
        self.folder = folder
        self.data = profile / "data"
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(profile),
            "XDG_DATA_HOME": str(profile / "share"),
            "XDG_CONFIG_HOME": str(profile / "config"),
            "XDG_CACHE_HOME": str(profile / "cache"),
            "XDG_RUNTIME_DIR": str(profile / "run"),
            "LANG": "C.UTF-8",
            "DISPLAY": screen.name,
        }
        profile.mkdir()
        (profile / "run").mkdir(mode=0o700)

    def cli(self, *arguments: str | Path) -> str:
        """Run ``csdesk-cli`` on the profile's data; returns stdout."""
        return self._run("csdesk-cli", "--data", self.data, *arguments)

    def answer(self, *arguments: str | Path) -> dict[str, Any]:
        """The JSON object ``csdesk-cli … --json`` prints."""
        found: dict[str, Any] = json.loads(self.cli(*arguments, "--json"))
        return found

    def window(self, data: Path, *arguments: str | Path) -> None:
        """Run the window program on ``data`` until it quits by itself."""
        self._run("csdesk", "--data", data, *arguments)

    def open_window(self) -> subprocess.Popen[str]:
        """Start the window program and leave it running."""
        return subprocess.Popen(
            [self.folder / "csdesk", "--data", self.data],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def _run(self, program: str, *arguments: str | Path) -> str:
        done = subprocess.run(
            [self.folder / program, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=STEP_SECONDS,
            check=False,
        )
        words = f"{program} {' '.join(str(word) for word in arguments[2:5])} …"
        if done.returncode:
            raise SmokeFailure(f"{words} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        quiet(words, done.stderr)
        return done.stdout


def quiet(what: str, stderr: str) -> None:
    """Raise unless every line of ``stderr`` is expected."""
    lines = [line for line in stderr.splitlines() if line.strip() and not line.startswith(EXPECTED_ON_STDERR or "\0")]
    if lines:
        raise SmokeFailure(f"{what} wrote to stderr:\n" + "\n".join(lines[:40]))


def check_import(bundle: Bundle, folder: Path) -> str:
    """The example files, one plan each, all imported; a second time adds nothing."""
    examples = folder / "examples"
    bundle.cli("demo", "--agents", "6", "--days", "45", "--last-day", LAST_DAY, "--files-only", examples)
    files = sorted(examples.iterdir())
    planned = bundle.answer("import", "--dry-run", *files)["files"]
    done = bundle.answer("import", *files)["files"]
    for result in (planned, done):
        odd = [(entry["path"], entry["status"], entry["message"]) for entry in result if entry["status"] != "imported"]
        if odd or len(result) != len(files):
            raise SmokeFailure(f"import: {len(result)} answers for {len(files)} files, not imported: {odd}")
    again = bundle.answer("import", files[0])["files"][0]
    if again["status"] != "duplicate":
        raise SmokeFailure(f"the same file again: {again}")
    if not bundle.answer("check")["ok"]:
        raise SmokeFailure("the store does not pass its own check")
    return f"{len(files)} files, {sum(entry['rows']['inserted'] for entry in done)} rows"


def check_numbers(bundle: Bundle) -> str:
    """The 邀评 numbers are there and sensible."""
    row = bundle.answer("metrics", "--metric", "received,invite_rate,satisfaction_rate")["rows"][0]["metrics"]
    for name in ("invite_rate", "satisfaction_rate"):
        if not 0.3 < row[name]["value"] < 1:
            raise SmokeFailure(f"{name} is {row[name]}")
    return f"received {row['received']['value']}, satisfaction {row['satisfaction_rate']['value']:.3f}"


def check_pages(bundle: Bundle, folder: Path) -> str:
    """Every page in light and dark becomes a picture."""
    for page in PAGES:
        for theme in ("light", "dark"):
            out = folder / f"page-{page}-{theme}.png"
            bundle.cli("page", page, "--out", out, "--theme", theme)
            expect_file(out, FORMATS["png"], at_least=10_000)
    return f"{len(PAGES)} pages × 2 themes"


def check_charts(bundle: Bundle, folder: Path) -> str:
    """One chart in every format, every chart of the 邀评 page as PNG."""
    charts = bundle.answer("charts")["charts"]
    ids = [chart["id"] for chart in charts if chart["page"] == "invites"]
    for suffix, magic in FORMATS.items():
        out = folder / f"chart.{suffix}"
        bundle.cli("chart", ids[0], "--out", out)
        expect_file(out, magic, at_least=100)
    for chart in ids:
        out = folder / f"chart-{chart}.png"
        bundle.cli("chart", chart, "--out", out)
        expect_file(out, FORMATS["png"], at_least=1_000)
    return f"{len(FORMATS)} formats, {len(ids)} of {len(charts)} charts"


def check_from_inside(bundle: Bundle, folder: Path) -> str:
    """The program's own self-test in a real window: example shop, every page, exports, preview, themes, quit."""
    out = folder.resolve() / "selftest"
    bundle.window(bundle.data.with_name("empty"), "--selftest", out)
    lines = (out / "selftest.txt").read_text(encoding="utf-8").splitlines()
    if not lines or not all(line.startswith("ok ") for line in lines):
        raise SmokeFailure("self-test:\n" + "\n".join(lines))
    return f"{len(lines)} steps"


def check_window(bundle: Bundle, folder: Path, screen: Screen) -> str:
    """The window opens, paints, and ends when asked to."""
    began = time.perf_counter()
    program = bundle.open_window()
    try:
        wait_until(screen.shows_window, program, "no window")
        shown = time.perf_counter() - began
        wait_until(lambda: screen.colours() >= PAINTED_COLOURS, program, "nothing painted")
        time.sleep(1.5)
        screen.save(folder / "window.png")
    finally:
        program.send_signal(signal.SIGTERM)
        _, stderr = program.communicate(timeout=20)
    quiet("csdesk", stderr)
    return f"on the screen after {shown:.2f} s"


def wait_until(happened: Callable[[], bool], program: subprocess.Popen[str], otherwise: str) -> None:
    """Poll until ``happened``; raise SmokeFailure if the program ends or time runs out first."""
    deadline = time.perf_counter() + WINDOW_SECONDS
    while not happened():
        if program.poll() is not None:
            raise SmokeFailure(f"{otherwise}: the program ended with {program.returncode}")
        if time.perf_counter() > deadline:
            raise SmokeFailure(f"{otherwise} within {WINDOW_SECONDS:.0f} s")
        time.sleep(0.01)


def expect_file(path: Path, magic: bytes, at_least: int) -> None:
    """Raise unless the file is of its kind and has some content."""
    content = path.read_bytes()
    if not content.startswith(magic) or len(content) < at_least:
        raise SmokeFailure(f"{path.name}: {len(content)} bytes beginning with {content[:8]!r}")


def main() -> int:
    """Run all steps; returns 0 if every one passed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--keep", type=Path, default=Path("out/smoke"), help="where pictures are left")
    options = parser.parse_args()
    keep: Path = options.keep
    shutil.rmtree(keep, ignore_errors=True)
    keep.mkdir(parents=True)
    print(f"bundle: {folder_megabytes(options.bundle):.0f} MB")
    with tempfile.TemporaryDirectory(prefix="csdesk-smoke-") as profile, virtual_screen() as screen:
        work = Path(profile)
        bundle = Bundle(options.bundle.resolve(), work / "profile", screen)
        steps: dict[str, Callable[[], str]] = {
            "version": lambda: bundle.cli("--version").strip(),
            "import": lambda: check_import(bundle, work),
            "numbers": lambda: check_numbers(bundle),
            "charts": lambda: check_charts(bundle, keep),
            "pages": lambda: check_pages(bundle, keep),
            "self-test": lambda: check_from_inside(bundle, keep),
            "window": lambda: check_window(bundle, keep, screen),
        }
        for name, step in steps.items():
            began = time.perf_counter()
            try:
                result = step()
            except (SmokeFailure, subprocess.TimeoutExpired) as failure:
                print(f"FAILED {name}: {failure}", file=sys.stderr)
                return 1
            print(f"ok {name}: {result} ({time.perf_counter() - began:.1f} s)", flush=True)
    print(f"smoke passed; pictures are in {keep}{os.sep}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
