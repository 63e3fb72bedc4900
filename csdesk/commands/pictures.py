"""Commands that draw: ``charts``, ``chart``, ``page``. Only these load Qt, and only when a picture is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from csdesk.commands.output import print_json, print_table, say
from csdesk.commands.selection import selection
from csdesk.errors import UserFault

TABLE_SUFFIXES = (".csv", ".xlsx")
PICTURE_SUFFIXES = (".png", ".svg", ".pdf")


def list_charts(options: argparse.Namespace) -> int:
    """``csdesk-cli charts``: ids of all charts."""
    from csdesk.charts.catalogue import CHARTS, charts_json

    if options.json:
        print_json(charts_json())
    else:
        print_table(("图", "页", "标题"), [(info.id, info.page, info.title) for info in CHARTS.values()])
    return 0


def chart(options: argparse.Namespace) -> int:
    """``csdesk-cli chart``: one chart as a picture or as its numbers."""
    suffix = _known_suffix(options.out, PICTURE_SUFFIXES + TABLE_SUFFIXES)
    from csdesk.analysis.frame import PageRequest
    from csdesk.bootstrap import open_services
    from csdesk.charts.catalogue import page_of
    from csdesk.charts.notes import notes_for

    page_id = page_of(options.chart)
    with open_services(options) as services:
        services.planning.prepare(page_id, selection(services, options))
        result = services.page(page_id, PageRequest(selection(services, options)))
    spec = result.chart(options.chart)
    notes = notes_for(options.out, result, spec.table)
    if suffix in TABLE_SUFFIXES:
        from csdesk.charts.tables import export_table

        export_table(spec, options.out, notes=notes)
    else:
        _offscreen()
        from csdesk.settings.theme import load_theme
        from csdesk.ui.app import headless

        with headless():
            from csdesk.charts.export import export_chart

            export_chart(spec, options.out, load_theme(options.theme), notes=notes)
    if spec.empty:
        say(spec.empty)
    return 0


def page(options: argparse.Namespace) -> int:
    """``csdesk-cli page``: a page of the window as it is drawn."""
    _known_suffix(options.out, (".png",))
    from csdesk.analysis.frame import PageRequest
    from csdesk.bootstrap import open_services

    _offscreen()
    with open_services(options) as services:
        services.planning.prepare(options.page, selection(services, options))
        request = PageRequest(selection(services, options)) if options.page.partition("/")[0] != "data" else None
        from csdesk.ui.app import headless
        from csdesk.ui.picture import save_page

        with headless():
            save_page(services, options.page, request, options.out, size=options.size, theme=options.theme)
    return 0


def _known_suffix(path: Path, known: tuple[str, ...]) -> str:
    suffix = path.suffix.lower()
    if suffix not in known:
        raise UserFault(f"不会写“{suffix or path.name}”这种文件。", f"请把文件名的结尾改成 {'、'.join(known)} 之一。")
    return suffix


def _offscreen() -> None:
    """Draw without a display unless the caller chose a platform."""
    if sys.platform != "win32" or "QT_QPA_PLATFORM" in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    else:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
