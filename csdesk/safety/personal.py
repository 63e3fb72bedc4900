"""Which columns of an export are about persons, told by their headers and cells: they are dropped while reading."""

from __future__ import annotations

import re

_PERSONAL = re.compile(
    r"手机|电话|座机|传真|地址|街道|乡镇|邮编|邮箱|e-?mail|收货人|收件人|收货信息|收件信息|签收人|取件人|寄件人|发件人|联系人|联系方式|"
    r"身份证|证件|微信|wechat|QQ|支付宝账号|银行卡|真实姓名|(?:买家|客户|顾客|用户|会员|收货|收件)姓名|(?:买家|客户|顾客|用户)留言|oaid",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[数量率]|时长|时间|时段|次|占比|金额|是否|已")  # 电话接待量 is a number, no phone
_CIPHER = re.compile(r"(?:##|\$\$).*|~.{7,}~\S{0,3}", re.DOTALL)


def is_personal(header: str) -> bool:
    """Whether a header nobody mapped to a field of ours speaks of a person: phones, names, addresses, messages."""
    return bool(_PERSONAL.search(header)) and not _COUNTED.search(header)


def is_cipher(text: str) -> bool:
    """Whether a whole text is one of the platforms' ciphers (``##…``, ``$$…``, ``~…~``)."""
    return _CIPHER.fullmatch(text) is not None
