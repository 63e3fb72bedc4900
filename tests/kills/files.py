"""Exports of several kinds for the kills: reports, many sessions, orders, an archive with GBK names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tests.ingest.record_tables import DOUDIAN_75, TAOBAO_2017, table, write_raw

_START = datetime(2026, 2, 1, 9)
_SESSION_HEADERS = (
    "会话ID", "平台", "店铺", "客服", "买家昵称", "开始时间", "首次响应时长(秒)", "消息数", "咨询分类", "是否邀评",
    "是否评价", "评分", "评价内容",
)  # fmt: skip


def make_files(folder: Path, sessions: int) -> list[Path]:
    """Seven files, the sessions of two of them overlapping."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _sessions(folder / "会话明细_2月.csv", 0, sessions, 5),
        _sessions(folder / "会话明细_2月下半.csv", sessions // 2, sessions // 2, 3),
        _report(folder / "自定义报表_店长日报_下单优先判定_2026-02-10至2026-02-10.csv", 10),
        _report(folder / "自定义报表_店长日报_下单优先判定_2026-02-11至2026-02-11.csv", 11),
        _taobao_orders(folder / "ExportOrderList202603011200.csv", sessions // 10),
        _doudian_orders(folder / "抖店订单.csv", sessions // 10),
        _archive(folder / "一起.zip", sessions // 10),
    ]


def _sessions(path: Path, first: int, rows: int, rating: int) -> Path:
    path.write_text(_session_text(first, rows, rating), encoding="utf-8-sig")
    return path


def _session_text(first: int, rows: int, rating: int) -> str:
    lines = [",".join(_SESSION_HEADERS)]
    for number in range(first, first + rows):
        rated = number % 7 == 0
        cells: Sequence[object] = (
            f"S{number:09d}", "淘宝", "云间小铺旗舰店", f"客服{number % 40:02d}", f"buyer{number % 9000}",
            _START + timedelta(seconds=number * 29), number % 60 + 0.5, number % 30 + 2, ("物流", "尺码")[number % 2],
            "是" if number % 2 else "否", "是" if rated else "否", rating if rated else "", "还可以" if rated else "",
        )  # fmt: skip
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def _report(path: Path, seed: int) -> Path:
    path.write_text(_report_text(seed), encoding="utf-8-sig")
    return path


def _report_text(seed: int) -> str:
    rows = [("旺旺昵称", "咨询人数", "接待人数", "首次响应(秒)", "平均响应(秒)", "询单人数", "邀评数", "评价数")]
    rows += [(f"云间小铺旗舰店:客服{n:02d}", *(str(seed * n % 50 + k) for k in range(7))) for n in range(1, 30)]  # type: ignore[misc]
    return "\n".join(",".join(row) for row in rows) + "\n"


def _taobao_orders(path: Path, rows: int) -> Path:
    orders = [
        {
            "订单编号": f'="{4_000_000_000_000 + n}"', "买家会员名": f"tb{n % 500}", "买家应付货款": f"{n % 90}.50",
            "买家实际支付金额": f"{n % 90}.50", "订单状态": "交易成功", "店铺名称": "云间小铺旗舰店",
            "订单创建时间": str(_START + timedelta(minutes=n)), "订单付款时间 ": str(_START + timedelta(minutes=n + 1)),
            "宝贝标题 ": "杯子", "宝贝总数量": "1", "宝贝种类 ": "1", "联系手机": "'13800138000",
        }
        for n in range(rows)
    ]  # fmt: skip
    return write_raw(path, table(TAOBAO_2017, *[_known(order, TAOBAO_2017) for order in orders]), "gbk", quote=False)


def _doudian_orders(path: Path, rows: int) -> Path:
    orders = [
        {
            "主订单编号": f"{6_900_000_000_000 + n // 2}\t", "子订单编号": f"{6_900_000_500_000 + n}\t",
            "选购商品": "杯子", "商品数量": "1", "商品金额": f"{n % 70}.90", "订单应付金额": f"{n % 70}.90",
            "订单提交时间": str(_START + timedelta(minutes=n)), "支付完成时间": str(_START + timedelta(minutes=n + 2)),
            "订单状态": "已完成", "收件人手机号": "138****8000",
        }
        for n in range(rows)
    ]  # fmt: skip
    return write_raw(path, table(DOUDIAN_75, *orders), "utf-8-sig", quote=False)


def _known(row: dict[str, str], header: Sequence[str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name in header}


def _archive(path: Path, rows: int) -> Path:
    """Two tables under GBK names, as Windows writes them."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("XXXXXXXX.csv", _session_text(900_000, rows, 4).encode("utf-8-sig"))
        archive.writestr("YYYY_2026-02-12.csv", _report_text(12).encode("utf-8-sig"))
    content = plain.getvalue().replace(b"XXXXXXXX", "会话明细".encode("gbk")).replace(b"YYYY", "日报".encode("gbk"))
    path.write_bytes(content)
    return path
