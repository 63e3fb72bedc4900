"""``csdesk-cli enter`` and ``entries``: what is typed in by hand, without a window."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_json, print_table, say
from csdesk.errors import StoreUnavailable, UserFault, WrongUsage

if TYPE_CHECKING:
    from csdesk.ingest.entry.book import EntryBook
    from csdesk.ingest.entry.forms import EntryForm


def enter(options: argparse.Namespace) -> int:
    """``csdesk-cli enter KIND``: one JSON object or a list of them from stdin; 1 if any was refused."""
    given = _read_stdin()
    done: list[dict[str, object]] = []
    with open_services(options) as services:
        form = services.entry_book.form(options.kind)
        for number, said in enumerate(given, start=1):
            done.append({"number": number, **_one(services.entry_book, form, said)})
        services.after_writing()
    refused = [one for one in done if "faults" in one]
    if options.json:
        print_json({"kind": form.id, "saved": len(done) - len(refused), "refused": len(refused), "entries": done})
    else:
        for one in refused:
            faults = one["faults"]
            say(f"第 {one['number']} 条没有存：{' '.join(faults.values() if isinstance(faults, dict) else ())}")
        print(f"{form.title}：存好 {len(done) - len(refused)} 条，没有存 {len(refused)} 条。")
    return 1 if refused else 0


def entries(options: argparse.Namespace) -> int:
    """``csdesk-cli entries KIND``: what was typed in, the last first."""
    from csdesk.ingest.entry.spoken import entry_json

    with open_services(options) as services:
        form = services.entry_book.form(options.kind)
        rows = services.entry_book.recent(form.id, options.limit)
    found = [entry_json(form, row) for row in rows]
    if options.json:
        print_json({"kind": form.id, "entries": found})
    else:
        print_table(("编号", "店铺", "客服", "时间"), [(e["id"], e["shop"], e["agent"] or "", e["at"]) for e in found])
    return 0


def _one(book: EntryBook, form: EntryForm, said: object) -> dict[str, object]:
    from csdesk.ingest.entry.book import filled_from
    from csdesk.ingest.entry.spoken import spoken

    try:
        asked = spoken(form, said)
        if asked.delete:
            saved = book.delete(form, asked.key)
            return {"id": saved.key, "batch": saved.batch, "deleted": True}
        filled, platform = asked.filled, asked.platform
        if asked.key:
            row = book.find(form.id, asked.key)
            form, platform = book.form_for(form.id, row), platform or row.platform
            filled = filled_from(row, row.shop) | filled
        entry = book.check(form, filled, platform)
        if entry.faults:
            return {"faults": {name: _told(form, name, fault) for name, fault in entry.faults.items()}}
        saved = book.change(form, asked.key, entry) if asked.key else book.save(form, entry)
    except (UserFault, StoreUnavailable) as fault:
        return {"faults": {"": str(fault)}}
    return {"id": saved.key, "batch": saved.batch}


def _told(form: EntryForm, name: str, fault: str) -> str:
    return f"{form.field(name).title}：{fault}" if name else fault


def _read_stdin() -> list[object]:
    try:
        given = json.loads(sys.stdin.buffer.read().decode("utf-8-sig"))
    except ValueError:
        raise WrongUsage("标准输入里要有一个 JSON 对象，或由它们组成的列表。") from None
    return given if isinstance(given, list) else [given]
