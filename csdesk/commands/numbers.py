"""Commands that compute: ``metrics`` and ``analyse``."""

from __future__ import annotations

import argparse
import time

from csdesk.bootstrap import Services, open_services
from csdesk.commands.output import print_json, print_table
from csdesk.commands.selection import filter_words, selection
from csdesk.errors import WrongUsage


def metrics(options: argparse.Namespace) -> int:
    """``csdesk-cli metrics``."""
    from csdesk.metrics.definitions import METRICS
    from csdesk.metrics.json import metrics_json
    from csdesk.metrics.model import By

    wanted = [name.strip() for name in options.metric.split(",") if name.strip()] if options.metric else None
    unknown = [name for name in wanted or () if name not in METRICS]
    if unknown:
        raise WrongUsage(f"没有叫 {'、'.join(unknown)} 的指标。", f"有这些：{'、'.join(METRICS)}。")
    with open_services(options) as services:
        chosen = selection(services, options)
        by = By(options.by) if options.by else None
        rows = services.metrics(chosen, by, wanted)
        if options.json:
            print_json(metrics_json(rows, filter_words(options), by, services.targets.in_force(chosen)))
            return 0
    from csdesk.charts.format import metric_text

    ids = wanted or list(METRICS)
    print_table(
        ("", *(METRICS[name].name for name in ids)),
        [("全部" if row.key is None else row.key, *(metric_text(row.values[name]) for name in ids)) for row in rows],
    )
    return 0


def analyse(options: argparse.Namespace) -> int:
    """``csdesk-cli analyse PAGE``. ``--repeat`` answers again and reports the times.

    Each time as for a filter never asked before. Facts in memory stay between the answers, as they do in the
    window; the first answer, which reads them, is not among the times.
    """
    from csdesk.analysis.json import page_json

    with open_services(options) as services:
        services.planning.prepare(options.page, selection(services, options))
        result = _answer(services, options)
        timings = []
        for _ in range(options.repeat or 0):
            started = time.perf_counter()
            services.forget_results()
            result = _answer(services, options)
            timings.append(round((time.perf_counter() - started) * 1000, 3))
        answer = page_json(result, filter_words(options))
        if options.repeat:
            answer["timings_ms"] = timings
    if options.json:
        print_json(answer)
        return 0
    print(result.lead_text)
    print_table(
        ("指标", "数值", "变化", ""),
        [
            (
                kpi.title,
                kpi.text,
                kpi.change.text if kpi.change else "",
                kpi.change.note if kpi.change else kpi.status_text,
            )
            for kpi in result.kpis
        ],
    )
    return 0


def _answer(services: Services, options: argparse.Namespace):  # type: ignore[no-untyped-def]  # PageResult, imported late
    from csdesk.analysis.frame import Compare, Grain, PageRequest

    compare = Compare(options.compare or "previous")
    grain = Grain(options.grain) if options.grain else None
    return services.page(options.page, PageRequest(selection(services, options), compare, grain))
