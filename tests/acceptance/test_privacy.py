"""Marked secrets in every kind of column of every layout: afterwards no byte of the data folder or of what is said has one.

Every column that is not needed to make a row valid holds either what its name promises about a person or a remark
full of such things; every file also has rows that are rejected and cells that cannot be read.
"""

# ruff: noqa: E501  (headers as the platforms write them)
from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from csdesk import cli
from csdesk.store.database import Store
from tests.acceptance.files import write
from tests.ingest import record_tables as real
from tests.ingest.tables import headers

PHONE, LINE, MAIL, CARD = "13977010001", "0571-87654321", "geheim.post@example.com", "11010519491231002X"
NAME, STREET, NICK, WECHAT, QQ = "欧阳甲乙", "文二西路778号翠苑小区3幢", "tbGeheim77", "wxgeheim_99", "776655443"
CIPHER, PAID, TILDE = "##Q2lwaGVyVGV4dA+/aa==##1", "$$R2VoZWlt/bGljaA==$$2", "~QWdlaGVpbU9haWQ123~1~"
ADDRESS = f"浙江省 杭州市 西湖区 翠苑街道 {STREET}"
REMARK = (
    f"电话{PHONE}，座机{LINE}，{MAIL}，证件{CARD}，收货人：{NAME}，微信号：{WECHAT}，QQ {QQ}，密文{CIPHER} {TILDE}，"
    f"地址：浙江省杭州市西湖区{STREET}。"
)
SECRETS = (PHONE, "87654321", MAIL, CARD, NAME, "文二西路", "翠苑", "西湖区", NICK, WECHAT, QQ, "Q2lwaGVy", "R2VoZWlt", "QWdlaGVpbU9haWQ")  # fmt: skip
NUMBERS = frozenset(("订单编号", "主订单编号", "子订单编号", "退款编号", "售后单号", "会话ID", "工单编号"))
IDS = ("订单编号", "主订单编号", "店铺名称", "店铺", "客服", "客服昵称", "平台")
NICKS = frozenset(("买家会员名", "买家会员名称", "买家会员昵称", "买家昵称", "用户昵称", "客户ID", "客户名", "买家"))


def _about(header: str, number: int) -> str:
    """What stands in a column of this name."""
    name = header.strip()
    if name in NICKS:
        return NICK
    if "地址" in name and "是否" not in name and "时段" not in name:
        return (ADDRESS, CIPHER)[number % 5 == 4]
    if "手机" in name or "电话" in name:
        return (PHONE, f"'{PHONE}", PAID, LINE, PHONE)[number % 5]
    if "姓名" in name or name in ("收件人", "收货人", "签收人"):
        return (NAME, CIPHER, TILDE, NAME, NAME)[number % 5]
    return {"买家支付宝账号": MAIL, "省": "浙江省", "市": "杭州市", "区": "西湖区", "街道": "翠苑街道"}.get(
        name, REMARK
    )


def _filled(header: Sequence[str], valid: dict[str, Any], key: str, mark: int) -> list[list[Any]]:
    """A valid row, one whose other cells cannot be read, two without a key."""
    rows = []
    for number in range(5):
        row = [valid.get(name, _about(name, number)) for name in header]
        if number == 1:
            row = [valid[name] if name in valid and name in (key, *IDS) else _about(name, number) for name in header]
        if number > 2:
            row[header.index(key)] = None if number == 3 else ""
            row = [cell if cell not in valid.values() or number == 3 else None for cell in row]
        elif isinstance(valid.get(key), str):
            row[header.index(key)] = f"{valid[key]}{mark}{number}" if key in NUMBERS else valid[key]
        rows.append(row)
    return [list(header), *rows]


WHEN = "2026-03-01 10:00:00"
TAOBAO = {
    "订单编号": "251812345678901",
    "订单创建时间": WHEN,
    "订单付款时间 ": WHEN,
    "订单付款时间": WHEN,
    "总金额": "12.50",
    "买家实际支付金额": "12.50",
    "买家实付金额": "12.50",
    "店铺名称": "某某旗舰店",
}
LINES = {
    "子订单编号": "351812345678901",
    "主订单编号": "251812345678901",
    "订单编号": "251812345678901",
    "标题": "杯",
    "价格": "5.00",
    "购买数量": 1,
    "订单创建时间": WHEN,
}
DOUDIAN = {
    "主订单编号": "\t691792676882375",
    "子订单编号": "\t691792676882375",
    "订单提交时间": WHEN,
    "订单应付金额": "12.50",
    "订单状态": "已完成",
}
REFUND = {"退款编号": "8812345678901", "订单编号": "251812345678901", "退款的申请时间": WHEN, "买家退款金额": "3.00"}
SESSIONS = headers(
    "会话ID,客服,买家昵称,开始时间,结束时间,首次响应时长(秒),是否解决,评分,评价内容,订单编号,支付金额,渠道,咨询分类,客户电话,收货地址,备注,签收人"
)
TABLES: dict[str, tuple[Sequence[str], dict[str, Any], str]] = {
    "抖店订单74": (real.DOUDIAN_74, DOUDIAN, "主订单编号"),
    "抖店订单75": (real.DOUDIAN_75, DOUDIAN, "主订单编号"),
    "抖店售后": (real.DOUDIAN_REFUND, {"售后单号": "7712345678901", "订单号": "691792676882375", "售后申请时间": WHEN}, "售后单号"),
    "ExportOrderList": (real.TAOBAO_2017, TAOBAO, "订单编号"),
    "订单2022": (real.TAOBAO_2022, TAOBAO, "订单编号"),
    "千牛订单": (real.QIANNIU_MAIN, TAOBAO, "订单编号"),
    "ExportOrderDetailList": (real.TAOBAO_DETAILS, LINES, "订单编号"),
    "子订单2022": (real.TAOBAO_SUB_2022, LINES, "子订单编号"),
    "千牛子订单": ([*real.QIANNIU_SUB, "签收人", "客户手机2"], LINES, "子订单编号"),
    "退款单": (real.TAOBAO_REFUND, REFUND, "退款编号"),
    "没有编号的订单": (headers("买家会员名,买家支付宝账号,买家实际支付金额,收货人姓名,收货地址,联系手机,订单付款时间,宝贝标题,订单备注,宝贝总数量"), {"买家实际支付金额": "5.00", "订单付款时间": WHEN, "宝贝标题": "杯"}, "买家实际支付金额"),
    "抖店评价": (headers("评价日期,订单ID,商品ID,商品名称,商品规格,商品评价得分,评价内容,用户昵称,评价等级,追评内容,回复内容,联系方式"), {"评价日期": WHEN, "商品评价得分": 5, "评价内容": REMARK, "商品名称": "杯"}, "评价内容"),
    "评价采集": (headers("平台,店铺,时间,订单编号,商品名称,评价内容,评分,买家昵称"), {"平台": "抖音", "店铺": "某店", "时间": WHEN, "评价内容": REMARK, "评分": 5}, "评价内容"),
    "会话明细": (SESSIONS, {"会话ID": "S1", "客服": "某某旗舰店:小美", "开始时间": WHEN}, "会话ID"),
    "工单": (headers("工单编号,客服,创建时间,工单分类,工单状态,是否投诉,订单编号,工单内容,客户电话,客户姓名"), {"工单编号": "T1", "客服": "小美", "创建时间": WHEN}, "工单编号"),
    "邀评记录": (headers("邀评编号,客服,买家昵称,邀评时间,邀评方式,评价时间,评分,备注"), {"邀评编号": "Y1", "客服": "小美", "邀评时间": WHEN}, "邀评时间"),
    "满意度调查": (headers("答卷编号,客服,提交时间,满意度(1-5),推荐意愿(0-10),意见,来源,手机号"), {"答卷编号": "Q1", "客服": "小美", "提交时间": WHEN, "满意度(1-5)": 5}, "提交时间"),
    "自定义报表_下单优先判定_2026-03-01至2026-03-01": (headers("客服昵称,接待人数,平均响应(秒),回复率,销售额,服务满意度评价很满意,联系电话,备注,微信"), {"客服昵称": "某某旗舰店:小美", "接待人数": 5}, "客服昵称"),
    "抖音_20260301_某店_飞鸽_客服表现": (headers("客服账号,客服昵称,客服在线总时长,接待会话量,已接待人数,全天满意率,全天平响时长,客服询单支付额,手机号"), {"客服账号": "kf1", "客服昵称": "小飞", "接待会话量": 5, "已接待人数": 5}, "客服昵称"),
    "咨询接待_2026-03-01": (headers("日期,咨询人数,接待人数,咨询客服人次,客服回复人次,3分钟人工响应率,平均响应时长,备注"), {"日期": "2026-03-01", "咨询人数": 5, "接待人数": 5}, "日期"),
}  # fmt: skip

CHAT = f"{NICK} 2026-03-01 10:00:00\n{REMARK}\n\n某某旗舰店:小美 2026-03-01 10:00:20\n亲，{REMARK}\n\n{NICK}\n2026-03-01 10:01:00\n谢谢\n"
COLLECTED: list[list[Any]] = [
    ["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"],
    [NICK, 1, "10:00:00", REMARK, NICK, "客户"],
    [NICK, 2, "10:00:09", REMARK, "某某旗舰店:小美", "客服"],
    [NICK, 3, "", REMARK, "某某旗舰店:小美", "客服"],
]
IN_CELLS: list[list[Any]] = [
    ["客户ID", "聊天记录"],
    [NICK, f"10:00:00\n{NICK}: {REMARK}\n\n10:00:20\n某某旗舰店:小美: {REMARK}\n\n10:03:00\n{REMARK}"],
]


def _files(folder: Path) -> Iterator[Path]:
    pick = random.Random(5)
    folder.mkdir()
    for mark, (name, (header, valid, key)) in enumerate(TABLES.items(), start=10):
        kind = pick.choice(("csv", "xlsx"))
        yield write(
            folder, name, kind, _filled(header, valid, key, mark), encoding=pick.choice(("utf-8-sig", "gb18030"))
        )
    chat = folder / f"聊天 {PHONE}.txt"
    chat.write_text(CHAT, encoding="utf-8")
    yield chat
    yield write(folder, "千牛聊天记录_2026-03-01", "xlsx", COLLECTED, sheet=NICK)
    yield write(folder, "千牛聊天记录_3月2日_2026-03-02", "xlsx", IN_CELLS, sheet="聊天记录")
    yield write(folder, f"认不出的表 {PHONE}", "csv", [["收件人", "手机号", "地址"], [NAME, PHONE, ADDRESS]])


def _leaks(text: bytes) -> set[str]:
    return {
        secret
        for secret in SECRETS
        for encoding in ("utf-8", "gb18030", "utf-16-le")
        if secret.encode(encoding) in text
    }


def _run(capfd: pytest.CaptureFixture[str], said: list[str], *arguments: object) -> str:
    capfd.readouterr()
    cli.main([*map(str, arguments)])
    out, err = capfd.readouterr()
    said += [out, err]
    return out


def test_no_secret_gets_in(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    said: list[str] = []
    files = list(_files(tmp_path / "files"))
    paths = {str(path): f"file{number}" for number, path in enumerate(files)}
    _run(capfd, said, "--data", data, "import", *files, "--dry-run")
    dry = json.loads(_run(capfd, said, "--data", data, "import", *files, "--dry-run", "--json"))["files"]
    found = json.loads(_run(capfd, said, "--data", data, "import", *files, "--json"))["files"]
    status = {Path(one["path"]).stem: one["status"] for one in found}
    assert {name for name, value in status.items() if value != "imported"} == {f"认不出的表 {PHONE}"}, [
        (one["status"], one["layout"], one["message"], one["problems"][:2], one["rows"])
        for one in found
        if one["status"] != "imported"
    ]
    assert any(one["rows"]["rejected"] for one in found)
    logging.getLogger("csdesk").error("beim Lesen: %s", REMARK)
    for one in found:
        for batch in one.get("batches", [one["batch"]] if one["batch"] else []):
            _run(capfd, said, "--data", data, "rejected", batch)
            _run(capfd, said, "--data", data, "rejected", batch, "--json")
            _run(capfd, said, "--data", data, "rejected", batch, "--out", data / f"rows{batch}.csv")
            _run(capfd, said, "--data", data, "changes", batch, "--json")
    _run(capfd, said, "--data", data, "imports")
    _run(capfd, said, "--data", data, "imports", "--json")
    assert "true" in _run(capfd, said, "--data", data, "check", "--json")

    spoken = "\n".join(said)
    for path, label in paths.items():
        spoken = spoken.replace(json.dumps(path, ensure_ascii=False)[1:-1], label).replace(path, label)
    spoken = spoken.replace(files[-1].name, "").replace(next(p.name for p in files if p.suffix == ".txt"), "")
    assert _leaks(spoken.encode()) == set()
    kept = {path: _leaks(path.read_bytes()) for path in data.rglob("*") if path.is_file()}
    assert {str(path): leaks for path, leaks in kept.items() if leaks} == {}
    everything = b"".join(path.read_bytes() for path in kept)
    for wanted in ("浙江省", "杭州市", "【手机号】", "小美"):
        assert wanted.encode() in everything, wanted
    _tell_what_is_dropped(dry)


def _tell_what_is_dropped(dry: list[dict[str, Any]]) -> None:
    """The preview says of every column about a person that nothing of it is kept."""
    missed = []
    for one in dry:
        for table in one.get("tables", [one]):
            for column in table["columns"]:
                personal = any(word in column["header"] for word in ("手机", "电话", "姓名", "收件人", "签收人", "微信", "支付宝账号", "联系方式"))  # fmt: skip
                if personal and "是否" not in column["header"] and "隐私" not in column["note"]:
                    missed.append((one["path"], column))
                if column["header"].strip() in ("收货地址", "收件地址") and column["field"]:
                    assert "省和市" in column["note"]
    assert missed == []


def test_masked_nicks_are_no_keys(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    header = ["订单编号", "买家会员名", "买家实际支付金额", "总金额", "订单创建时间"]
    nicks = ("tb6***70", "张**", "t**1", "匿名买家", "小明", "小明", "ＴＢ真名", "tb真名")
    rows = [[f"25181234567890{n}", nick, "1.00", "1.00", WHEN] for n, nick in enumerate(nicks)]
    path = write(tmp_path, "ExportOrderList", "csv", [header, *rows])
    (found,) = json.loads(_run(capfd, [], "--data", tmp_path / "data", "import", path, "--json"))["files"]
    assert [one["count"] for one in found["repairs"] if "打了码" in one["kind"]] == [4]
    with Store(tmp_path / "data") as store, store.reading() as conn:
        kept = conn.execute("SELECT buyer_key, buyer_mask FROM order_head ORDER BY order_id").fetchall()
    assert [key is None for key, _ in kept] == [True] * 4 + [False] * 4
    assert kept[4] == kept[5]
    assert kept[6][0] == kept[7][0], "width and case make nobody else"
    assert [mask for _, mask in kept[:4]] == list(nicks[:4])
    assert "小明" not in {mask for _, mask in kept}
