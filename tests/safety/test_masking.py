"""What is taken out of free text, and what stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.safety.masking import MARKS, mask_nick, mask_text

PHONES = st.builds(lambda second, rest: f"1{second}{rest:09d}", st.integers(3, 9), st.integers(0, 999_999_999))
WORDS = st.text(st.sampled_from("你好啊请回我谢谢,。 !\n"), max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678谢谢", "电话【手机号】谢谢"),
        ("打138-1234-5678", "打【手机号】"),
        ("打 +86 138 1234 5678 吧", "打 【手机号】 吧"),
        ("打13812345678", "打【手机号】"),
        ("座机0571-88886666", "座机【电话】"),
        ("发到 Xiao.Mei+1@qq.com 吧", "发到 【邮箱】 吧"),
        ("身份证11010519491231002X", "身份证【证件号】"),
        ("卡号6222021234567890128到账", "卡号【银行卡号】到账"),
        ("加微信:xiaomei_2026", "加微信:【微信号】"),
        ("QQ:123456789", "QQ:【QQ】"),
        ("收货人:张三丰,改一下", "收货人:【姓名】,改一下"),
        ("寄到浙江省杭州市西湖区文三路138号5幢302室", "浙江省杭州市【地址】"),
        ("地址改成:广东省深圳市南山区科技园1栋", "地址改成:广东省深圳市【地址】"),
        ("收货人：张三丰，改一下", "收货人：【姓名】，改一下"),
        ("联系人叫王五", "联系人叫【姓名】"),
        ("收件人欧阳锋利 邮箱a@b.cn", "收件人【姓名】 邮箱【邮箱】"),
        ("收货人王五，改一下", "收货人【姓名】，改一下"),
        ("姓名：李小四，尽快发", "姓名：【姓名】，尽快发"),
        ("收件人不在家，放门口", "收件人不在家，放门口"),
        ("收货人信息改一下", "收货人信息改一下"),
        ("地址：广东省深圳市南山区科技园1栋。", "地址：广东省深圳市【地址】。"),
        ("QQ：77665544", "QQ：【QQ】"),
        ("扣扣77665544", "扣扣【QQ】"),
        ("微信：abc_123456", "微信：【微信号】"),
        ("WeChat 77665544", "WeChat 【微信号】"),
        ("0571－87654321", "【电话】"),
        ("张三，13812345678，浙江省杭州市文二路7号", "【姓名】，【手机号】，浙江省杭州市【地址】"),
        ("浙江省杭州市文二路7号 李四 13812345678", "浙江省杭州市【地址】 【姓名】 【手机号】"),
        ("北京市朝阳区望京SOHO塔3 1205室", "北京市【地址】"),
        ("收件人 ##Q2lwaGVyVGV4dA==##1", "收件人 【密文】"),
        ("电话$$R2VoZWlt/bGljaA==$$2", "电话【密文】"),
        ("oaid ~QWdlaGVpbU9haWQ123~1~", "oaid 【密文】"),
    ],
)
def test_personal_things_are_replaced(text: str, expected: str) -> None:
    masked = mask_text(text)
    assert masked == expected or masked.endswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "很好,回复很快",
        "订单3515313147329357913到哪了",
        "订单号 6917926768823643751",
        "主订单编号:1234567890123456789",
        "买了12件,一共1234.50元",
        "2026-03-01 10:05:00 发货",
        "快递单号 75123456789012",
        "尺码175/88A,身高175",
        "我在杭州市,什么时候到",
        "5号发货,3楼",
        "好的~~~谢谢你们啦哈哈~",
        "支持微信支付 123456",
        "退款区10号，你好地区3号仓发货",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert mask_text(text) == text


@given(WORDS, PHONES, WORDS)
def test_no_phone_survives(before: str, phone: str, after: str) -> None:
    masked = mask_text(before + phone + after)
    assert phone not in masked
    assert "【手机号】" in masked


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@given(st.from_regex(re.compile(r"(订单|电话|地址|收货人|加微信)?[:: ]?[\d 路号市@a-z.-]{0,30}"), fullmatch=True))
def test_masking_twice_changes_nothing_near_its_own_words(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@given(st.integers(10**17, 10**19 - 1))
def test_order_numbers_are_no_phones(number: int) -> None:
    assert "【手机号】" not in mask_text(f"订单{number}")


def test_marks_are_the_words_used() -> None:
    text = "13812345678 0571-88886666 a@b.cn 11010519491231002X 卡号6222021234567890128 微信:abcdef1 QQ:12345"
    assert all(mark in MARKS for mark in re.findall("【.*?】", mask_text(text)))


@pytest.mark.parametrize(
    ("nick", "shown"), [("tb123456", "t***6"), ("小美丽", "小***丽"), ("张三", "张***"), ("张", "张***")]
)
def test_display_form_of_nicks(nick: str, shown: str) -> None:
    assert mask_nick(nick) == shown
