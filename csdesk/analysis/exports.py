"""Which exports feed a page, and where the platforms keep them: the words of the empty states."""

from __future__ import annotations

from csdesk.analysis.frame import ExportHint
from csdesk.domain.platforms import Platform

SYCM_REVIEWS = ExportHint(
    "生意参谋 · 接待评价", "生意参谋 → 服务 → 评价 → 接待评价 → 下载", "分总、邀请、自主三组，邀评数据最全"
)
SYCM_RECEPTION = ExportHint("生意参谋 · 咨询接待", "生意参谋 → 服务 → 接待 → 咨询接待 → 下载", "店铺每天的接待和响应")
SYCM_INQUIRY = ExportHint("生意参谋 · 业绩询单", "生意参谋 → 服务 → 销售 → 业绩询单 → 下载", "询单、付款和转化")
SYCM_AGENTS = ExportHint("生意参谋 · 自制报表", "生意参谋 → 服务 → 客服绩效 → 自制报表 → 下载", "每位客服一行")
CHITU = ExportHint(
    "赤兔名品 · 自定义报表", "赤兔名品 → 客服绩效 → 自定义报表 → 导出", "勾选接待人数和“服务满意度评价”各项"
)
FEIGE = ExportHint("飞鸽 · 客服数据", "飞鸽 → 数据 → 客服数据 → 导出", "抖店的接待、评价和响应；没有邀评数")
SESSIONS = ExportHint(
    "会话明细表", "在“导入与数据”页保存空白的会话明细模板，填好后拖进来", "一行一次会话，能按问题类别和时段看"
)
REVIEWS = ExportHint(
    "商品评价", "在“导入与数据”页保存空白的评价模板，填好后拖进来；采集工具导出的评价表也行",
    "带上订单编号、评价时间和商家回复，能看多久写评价、哪些差评没回复",
)  # fmt: skip
REVIEWED_ORDERS = ExportHint(
    "订单", "千牛 → 交易 → 已卖出的宝贝 → 批量导出；抖店 → 订单 → 订单管理 → 导出", "和评价对上，算从收货到评价要多久"
)
TAOBAO_ORDERS = ExportHint(
    "千牛 · 订单导出", "千牛 → 交易 → 已卖出的宝贝 → 批量导出", "订单表和宝贝表都拖进来；带买家昵称才能算复购"
)
DOUYIN_ORDERS = ExportHint("抖店 · 订单导出", "抖店 → 订单 → 订单管理 → 导出", "没有买家一列，算不了复购")
TAOBAO_REFUNDS = ExportHint("千牛 · 退款导出", "千牛 → 交易 → 退款管理 → 导出", "退款的原因、金额和用时")
DOUYIN_REFUNDS = ExportHint("抖店 · 售后导出", "抖店 → 售后 → 售后工作台 → 导出", "退款的原因、金额和用时")

_TAOBAO = frozenset({SYCM_REVIEWS, SYCM_RECEPTION, SYCM_INQUIRY, SYCM_AGENTS, CHITU, TAOBAO_ORDERS, TAOBAO_REFUNDS})
_DOUYIN = frozenset({FEIGE, DOUYIN_ORDERS, DOUYIN_REFUNDS})


def suited(hints: tuple[ExportHint, ...], platform: Platform | None) -> tuple[ExportHint, ...]:
    """The hints that make sense for a platform; all when none is chosen or nothing suits it."""
    if platform is Platform.TAOBAO:
        kept = tuple(hint for hint in hints if hint not in _DOUYIN)
    elif platform is Platform.DOUYIN:
        kept = tuple(hint for hint in hints if hint not in _TAOBAO)
    else:
        kept = hints
    return kept or hints
