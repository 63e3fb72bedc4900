"""Order, refund and review files written as the platforms write them, and what is staged of them."""

# ruff: noqa: E501  (headers as the platforms write them)
from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from csdesk.ingest.model import Plan
from tests.ingest.tables import headers

DOUDIAN_74 = headers(
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,达人优惠",
    "商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,详细地址,是否修改过地址,地址修改时段,买家留言",
    "订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,APP渠道,流量来源,订单状态,承诺发货时间,订单类型,鲁班落地页ID,达人ID",
    "达人昵称,所属门店ID,售后状态,取消原因,预约发货时间,仓库ID,仓库名称,序列号,是否安心购,广告渠道,流量类型,流量体裁,流量渠道,发货主体",
    "发货主体明细,发货时间,降价类优惠,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,预计送达时间,是否平台仓自流转,车型",
    "商品69码,发货SN码,发货IMEI码1,发货IMEI码2,预约送达时间,建议发货时间（起）,建议发货时间（止）,物流SN码,物流IMEI码1,物流IMEI码2",
)
DOUDIAN_75 = headers(
    "主订单编号,子订单编号,支付方式,选购商品,货号,商品ID,商家编码,商品数量,商品金额,订单提交时间,支付完成时间,订单完成时间,承诺发货时间",
    "预约发货时间,买家留言,旗帜颜色,商家备注,APP渠道,订单状态,取消原因,售后状态,订单类型,发货时间,车型,是否是以旧换新,换新额外补贴",
    "换新额外补贴发放状态,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,达人优惠,商家改价,支付优惠,手续费,红包抵扣,降价类优惠",
    "平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,收件人,收件人手机号,省,市,区,街道,详细地址,是否修改过地址,快递信息",
    "序列号,达人ID,达人昵称,拼团订单团编号,商品单价是否含税,税费,鲁班落地页ID,所属门店ID,流量来源,仓库ID,仓库名称,是否安心购,广告渠道",
    "流量类型,流量体裁,流量渠道,发货主体,发货主体明细,教育优惠,预计送达时间,是否平台仓自流转,是否是渠道商品,预约送达时间",
    "建议发货时间（起）,建议发货时间（止）",
)
DOUDIAN_REFUND = headers(
    "售后单号,订单号,商品单号,商品名称,商品ID,应付金额（元）,商品运费（元）,支付优惠（元）,商品税费（元）,商品发货状态,售后类型",
    "退商品金额（元）,退运费金额（元）,退支付优惠（元）,退税费金额（元）,售后状态,售后申请时间,退款方式,是否已上传退款凭证,售后原因",
    "售后原因标签,退货物流单号,退货异常,退货发货时间,退货物流公司,自动处理截止时间,同意售后申请时间,商家退款时间,用户到账时间,售后关闭时间",
    "商家退货地址,商家退货联系人姓名,商家退货联系人电话,仲裁状态,纠纷责任方,是否极速退款,是否拒签后退款,发货物流单号,发货物流状态",
    "换货物流单号,退货物流状态,售后完结时间,订单备注,用户售后说明,售后备注,操作人,协商记录,换货商品信息,商家编码,门店名称",
)
TAOBAO_2017 = headers(
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态",
    "买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注",
    "宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片",
    "是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,退款金额,预约门店",
)
TAOBAO_2022 = headers(
    "订单编号,买家会员名,买家会员昵称,支付单号,支付详情,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分",
    "订单状态,买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,虚拟号过期时间,订单创建时间,订单付款时间,宝贝标题,宝贝种类,物流单号",
    "物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id",
    "是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易",
    "新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额",
    "含应开票给个人的个人红包,是否信用购,体验期结束时间,前N有礼,配送类型,直播返现状态,返现金额,延迟发货自动赔付金额,新零售成交门店昵称",
    "新零售成交门店id,新零售成交经销商id,预售订单,发货时间,商家备忘,主订单编号",
)
TAOBAO_DETAILS = headers("订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码")
TAOBAO_SUB_2022 = headers(
    "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,买家实际支付金额",
    "退款状态,退款金额,订单创建时间,订单付款时间",
)
QIANNIU_SUB = headers(
    "子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,订单状态,商家编码,支付单号,买家应付货款,买家实付金额,退款状态",
    "退款金额,订单创建时间,订单付款时间,发货时间,物流单号,物流公司,应发货时间,商品ID",
)
QIANNIU_MAIN = headers(
    "订单编号,订单状态,买家实付金额,买家应付货款,买家应付邮费,总金额,支付详情,订单创建时间,订单付款时间,宝贝总数量,退款金额,发货时间",
    "确认收货时间,确认收货打款金额,商家编码,商家备注,订单关闭原因,收货地址",
)
TAOBAO_REFUND = headers(
    "订单编号,退款编号,支付宝交易号,订单付款时间,商品编码,退款完结时间,买家实际支付金额,宝贝标题,买家退款金额,手工退款/系统退款,是否需要退货",
    "退款的申请时间,超时时间,退款状态,货物状态,退货物流信息,发货物流信息,客服介入状态,卖家真实姓名,卖家真实姓名新,卖家退货地址,卖家邮编",
    "卖家电话,卖家手机,退货物流单号,退货物流公司,买家退款原因,买家退款说明,买家退货时间,责任方,售中或售后,商家备注,完结时间",
    "部分退款/全部退款,审核操作人,举证超时,是否零秒响应,退款操作人,退款原因标签,业务类型,是否帮他退款,帮他退款操作账号",
)


def table(header: Sequence[str], *rows: dict[str, Any], empty: Any = "") -> list[list[Any]]:
    """Rows given by column name under a header; every name must be in it."""
    for row in rows:
        assert set(row) <= set(header), set(row) - set(header)
    return [list(header), *([row.get(name, empty) for name in header] for row in rows)]


def write_raw(path: Path, lines: Iterable[Sequence[Any]], encoding: str, *, tail: str = "", quote: bool = True) -> Path:
    """A csv as the old exports write it: everything quoted, data rows followed by ``tail``, CRLF."""
    out = []
    for number, line in enumerate(lines):
        cells = [f'"{cell}"' if quote else str(cell) for cell in line]
        out.append(",".join(cells) + (tail if number else ""))
    path.write_bytes(("\r\n".join(out) + "\r\n").encode(encoding))
    return path


def staged(plan: Plan, kind: str) -> list[dict[str, Any]]:
    """The staged rows of one kind, each as column → value."""
    found: list[dict[str, Any]] = []
    for chunks in plan.staged.records.values():
        for chunk in chunks:
            if chunk.kind == kind:
                names = list(chunk.columns)
                found += [
                    dict(zip(names, row, strict=True)) for row in zip(*chunk.columns.values(), strict=True)
                ]  # fmt: skip
    return found


def everything(plan: Plan) -> str:
    """All that would leave the mapping, as one text: to look for what must not be in it."""
    parts = [str(plan.columns), str(plan.problems), str(plan.repairs), str(plan.staged.rejected), plan.message]
    for chunks in plan.staged.records.values():
        parts += [str(chunk.columns) for chunk in chunks]
    return "\n".join(parts)
