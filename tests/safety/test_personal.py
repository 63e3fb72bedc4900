"""Which columns are about persons."""

from __future__ import annotations

import pytest

from csdesk.safety.personal import is_cipher, is_personal


@pytest.mark.parametrize(
    "header",
    [
        "收件人手机号",
        "联系电话 ",
        "客户手机2",
        "签收人",
        "买家姓名",
        "收货地址（新）",
        "微信号",
        "E-mail",
        "身份证号",
        "客户留言",
        "OAID",
    ],
)
def test_personal_columns(header: str) -> None:
    assert is_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        "电话接待量",
        "微信接待人数",
        "是否修改过地址",
        "地址修改时段",
        "是否手机订单",
        "客服姓名",
        "商品名称",
        "邮件数",
        "接待人数",
        "",
    ],
)
def test_other_columns(header: str) -> None:
    assert not is_personal(header)


def test_ciphers() -> None:
    assert all(map(is_cipher, ("##密文", "$$密文", "~QWdlaGVpbU9haWQ~1~")))
    assert not any(map(is_cipher, ("", "#1 好", "好的~~谢谢", "~ok~")))
