"""The door with a window: ``csdesk [--data DIR] [FILE...]``. Files given are shown in the import preview."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from csdesk.cli import READER_WORKER, run_reader_worker


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window; returns the exit code of the event loop."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == [READER_WORKER]:
        return run_reader_worker()
    parser = argparse.ArgumentParser(prog="csdesk", description="CSDesk 网店客服数据台", allow_abbrev=False)
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="数据文件夹")
    parser.add_argument("--demo", action="store_true", help="没有数据时先装入示例店铺")
    parser.add_argument(
        "--selftest", type=Path, metavar="DIR", help="自检：走一遍导入、各页、导出，结果写到 DIR，然后退出"
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="打开后显示这些文件的导入预览")
    options = parser.parse_args(arguments)

    from csdesk.bootstrap import open_window

    return open_window(options)


if __name__ == "__main__":
    sys.exit(main())
