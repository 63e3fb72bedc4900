"""How the platforms spell their columns, and real choices of columns."""

from __future__ import annotations

from collections.abc import Mapping

SPELT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "chitu": {
        "received": ("接待人数",), "consulted": ("聊天人数(原咨询人数)", "咨询人数"), "unreplied": ("未回复人数",),
        "avg_response": ("平均响应(秒)", "平均响应（秒）", "平均响应时长（秒)", "平均响应（s）"),
        "first_response": ("首次响应(秒)", "首次响应（秒）"), "reply_rate": ("回复率", "旺旺回复率"),
        "handle_time": ("平均接待时长",), "participation_rate": ("服务满意度评价参与率",),
        "shown_rate": ("服务满意度评价展示率",), "ratings_received": ("服务满意度评价参与量", "收到评价数"),
        "rated_5": ("服务满意度评价很满意", "很满意"), "rated_4": ("服务满意度评价满意", "满意"),
        "rated_3": ("服务满意度评价一般", "一般"), "rated_2": ("服务满意度评价不满", "不满"),
        "rated_1": ("服务满意度评价很不满", "很不满"), "satisfaction_rate": ("客户满意率", "客户满意比"),
        "conversion_rate": ("询单->最终付款转化率",), "inquiry_buyers": ("询单人数", "延 询单人数"),
        "sales_amount": ("销售额",), "sales_buyers": ("销售人数",), "sales_orders": ("销售订单数",),
        "sales_quantity": ("销售量",), "direct_received": ("直接接入人数", "直接接待人数"),
        "transferred_in": ("转发接入人数", "转入人数"), "transferred_out": ("转出人数",),
        "messages": ("总消息数", "总消息"), "buyer_messages": ("买家消息数", "买家消息"),
        "agent_messages": ("客服消息数", "客服消息"), "answer_question_ratio": ("答问比", "客服答问比"),
        "characters": ("客服字数",), "max_concurrent": ("最大同时聊天数", "最大同时接待"),
        "slow_received": ("慢接待人数", "慢响应人数"), "long_received": ("长接待人数",), "work_days": ("上班天数",),
        "invites_sent": ("发出评价数",), "send_rate": ("评价发送率",), "return_rate": ("评价返回率",),
        "first_contact_resolution_rate": ("售后一次解决率",),
    },
    "sycm": {
        "inquiry_buyers": ("询单人数", "延 询单人数"), "paying_buyers": ("询单最终付款人数",),
        "conversion_rate": ("询单最终付款转化率",), "final_paid_amount": ("询单最终付款金额",),
        "first_response": ("首次响应时长（秒)",), "avg_response": ("平均响应时长（秒)",), "reply_rate": ("旺旺回复率",),
        "satisfaction_rate": ("客户满意率",), "refund_amount": ("成功退款金额",), "valid_received": ("有效接待人数",),
        "same_day_inquiry_buyers": ("当日询单人数",), "sales_buyers": ("销售人数",), "net_sales_amount": ("净销售额",),
        "answer_question_ratio": ("答问比",), "sales_amount": ("销售额",), "consulted": ("咨询人数",),
        "unreplied": ("未回复人数",), "received": ("接待人数",), "transferred_in": ("转入人数",),
        "transferred_out": ("转出人数",), "buyer_messages": ("买家消息条数",), "agent_messages": ("客服消息条数",),
        "consult_times": ("咨询客服人次",), "ordering_buyers": ("下单人数",), "sales_orders": ("订单量",),
    },
    "feige": {
        "work_days": ("客服在线天数",), "online_seconds": ("客服在线总时长",), "rest_seconds": ("客服小休总时长",),
        "received_sessions": ("接待会话量",), "received": ("已接待人数",), "transferred_out": ("转出会话量",),
        "ratings_received": ("有效评价数",), "ratings_good": ("有效好评数",), "ratings_bad": ("有效差评数",),
        "dissatisfaction_rate": ("全天不满意率",), "satisfaction_rate": ("全天满意率",),
        "dissatisfaction_rate_window": ("工作时间不满意率",), "satisfaction_rate_window": ("工作时间满意率",),
        "avg_response": ("全天平响时长",), "avg_response_window": ("工作时间平响时长",),
        "first_response_window": ("工作时间首响时长",), "first_response": ("全天首响时长",),
        "response_3min_rate_window": ("工作时间3分钟回复率",), "response_3min_rate": ("全天3分钟回复率",),
        "inquiry_buyers": ("询单人数",), "ordering_buyers": ("下单人数",), "paying_buyers": ("支付人数",),
        "sales_amount": ("客服询单支付额",), "refund_amount": ("退款金额",), "net_sales_amount": ("退款后销售额",),
        "douyin_conversion": ("询单转化率",),
    },
    "feige 2024": {
        "received": ("人工已接待人数",), "received_sessions": ("人工已接待会话量",),
        "dissatisfaction_rate": ("不满意率",),
        "response_3min_rate_sessions": ("3分钟人工回复率 (会话)",), "response_3min_rate": ("3分钟人工回复率",),
        "first_response": ("首次响应时长（秒）",), "avg_response": ("平均响应时长（秒）",),
        "satisfaction_rate": ("满意率",),
        "sales_amount": ("客服销售额（元）",), "inquiry_buyers": ("询单人数",), "ordering_buyers": ("下单人数",),
        "paying_buyers": ("支付人数",), "douyin_conversion": ("询单转化率",),
    },
    "consult": {
        "consulted": ("咨询人数",), "received": ("接待人数",), "unreplied": ("未回复人数",),
        "valid_received": ("有效接待人数",), "avg_response": ("平均响应时长", "平均响应时长（秒)"),
        "response_3min_rate": ("3分钟人工响应率",), "consult_times": ("咨询客服人次",),
        "replied_times": ("客服回复人次",),
        "unreplied_times": ("客服未回复人次",), "reply_rate": ("旺旺回复率",), "first_response": ("首次响应时长",),
        "slow_received": ("慢响应人数",), "long_received": ("长接待人数",), "messages": ("总消息数",),
        "buyer_messages": ("买家消息条数",), "agent_messages": ("客服消息条数",), "answer_question_ratio": ("答问比",),
        "characters": ("客服字数",), "handle_time": ("平均接待时长",),
    },
    "inquiry": {
        "inquiry_buyers": ("询单人数", "延 询单人数"), "same_day_inquiry_buyers": ("当日询单人数",),
        "same_day_paying_buyers": ("当日付款人数",), "same_day_paid_amount": ("当日付款金额",),
        "paying_buyers": ("最终付款人数",), "final_paid_amount": ("最终付款金额",),
        "same_day_conversion_rate": ("询单当日付款转化率",), "conversion_rate": ("询单最终付款转化率",),
    },
}  # fmt: skip
LATE_MEASURES = frozenset(
    {"conversion_rate", "inquiry_buyers", "participation_rate", "shown_rate", "satisfaction_rate", "ratings_received",
     "rated_5", "rated_4", "rated_3", "rated_2", "rated_1", "paying_buyers", "final_paid_amount"}
)  # fmt: skip

REAL_CHITU = (
    ("received", "avg_response", "reply_rate", "conversion_rate", "work_days", "participation_rate",
     "satisfaction_rate", "rated_5", "rated_4", "rated_3", "rated_2", "rated_1"),
    ("consulted", "received", "direct_received", "transferred_in", "transferred_out", "messages", "buyer_messages",
     "agent_messages", "answer_question_ratio", "characters", "max_concurrent", "unreplied", "reply_rate",
     "slow_received", "long_received", "first_response", "avg_response", "handle_time"),
    ("consulted", "received", "inquiry_buyers", "sales_amount", "sales_quantity", "sales_buyers", "sales_orders"),
    ("avg_response", "satisfaction_rate", "sales_amount", "received", "answer_question_ratio", "work_days",
     "transferred_out", "unreplied", "rated_3", "rated_2", "rated_1", "participation_rate", "slow_received"),
    ("reply_rate", "avg_response", "first_contact_resolution_rate", "transferred_in", "direct_received",
     "satisfaction_rate", "participation_rate", "shown_rate", "ratings_received", "rated_2", "rated_1", "work_days"),
    ("consulted", "received", "direct_received", "transferred_in", "transferred_out", "messages", "buyer_messages",
     "agent_messages", "answer_question_ratio", "characters", "max_concurrent", "unreplied", "reply_rate",
     "slow_received", "long_received", "first_response", "avg_response", "handle_time", "invites_sent",
     "ratings_received", "rated_5", "rated_4", "rated_3", "rated_2", "rated_1", "send_rate", "return_rate",
     "satisfaction_rate"),
)  # fmt: skip
