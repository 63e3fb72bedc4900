"""Takes personal numbers and addresses out of free text before it is kept.

What is replaced: mobile and landline numbers, e-mail addresses, identity-card numbers (check digit
verified), bank cards (Luhn verified or named as such), WeChat and QQ numbers, receivers' names and
addresses finer than the city. Order numbers are left alone: they are longer than phones and fail
the check digits.
"""

from __future__ import annotations

import re

MARKS = (
    "【手机号】",
    "【电话】",
    "【邮箱】",
    "【证件号】",
    "【银行卡号】",
    "【微信号】",
    "【QQ】",
    "【姓名】",
    "【地址】",
    "【密文】",
)
"""What stands in place of what was taken out."""

_MAYBE = re.compile(r"\d|@|地址|姓名|收货人|收件人|联系人|微信|[vVwW][xX]|##|\$\$|~\S{7}")
_WORDS = re.compile(
    r"[@＠]|地址|姓名|收货人|收件人|联系人|微信|薇信|威信|[vV]信|[vVwW][xX]|加[vVqQ]|扣扣|企鹅号|[wW]e[cC]hat|[qQ]{2}|[区县旗]|##|\$\$|~\S{7}|路|街|大道|巷|弄|胡同|村|镇|小区|花园|公寓|大厦|广场|家园|苑"
)
_FEWEST_DIGITS = re.compile(r"(?:\d\D*+){10}")
"""A number that is taken out for itself has ten digits or more; anything shorter stands beside one of the words."""
_NO_DIGIT_BEFORE = r"(?<![\d])"
_NO_DIGIT_AFTER = r"(?![\d])"
_GAP = r"[-\s\u2010-\u2015.]?"

_MOBILE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|00)?86{_GAP})?[1１][3-9３-９]\d{_GAP}\d{{4}}{_GAP}\d{{4}}{_NO_DIGIT_AFTER}"
)
_LANDLINE = re.compile(
    rf"{_NO_DIGIT_BEFORE}[(\uff08]?0\d{{2,3}}[)\uff09]?[-\s\u2010-\u2015\uff0d]?[2-8]\d{{6,7}}{_NO_DIGIT_AFTER}"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}[@\uff20][A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_IDENTITY = re.compile(
    rf"{_NO_DIGIT_BEFORE}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{_NO_DIGIT_AFTER}"
)
_CARD = re.compile(rf"{_NO_DIGIT_BEFORE}(?:\d{{4}}[ -]?){{3,4}}\d{{1,4}}{_NO_DIGIT_AFTER}")
_CARD_WORD = re.compile(r"(?:银行卡|卡号|账号|帐号)\D{0,6}$")
_ORDER_WORD = re.compile(r"(?:订单|单号|运单|物流|快递|编号)\D{0,6}$")
_COLON = r"[:\uff1a]"  # escaped: the two look alike, and a half-width pair would miss every Chinese text
_SAYS = rf"\s*(?:{_COLON}|号?是|为|改成|改为)?\s*"
_WECHAT = re.compile(
    rf"((?:微信号?|薇信|威信|[vV]信|[vVwW][xX]|加[vV]|[wW]e[cC]hat){_SAYS})"
    r"(?:[A-Za-z_][-_A-Za-z0-9]{5,19}|[1-9]\d{5,10}(?![\d年月日元件]))"
)
_CIPHER = re.compile(r"(?:##|\$\$)[A-Za-z0-9+/=_-]{6,}[#$A-Za-z0-9+/=_-]*|~[A-Za-z0-9+/=_-]{8,}~(?:\d~)?")
_QQ = re.compile(rf"((?:[qQ]{{2}}\s*号?|加[qQ]|扣扣|企鹅号){_SAYS})[1-9]\d{{4,10}}(?!\d)")
_RECEIVER = re.compile(
    rf"((?:(?:收货人|收件人|联系人)(?:姓名)?\s*(?:{_COLON}|是|叫|为|改成|改为)|姓名\s*{_COLON})\s*)"
    r"[^\s,\uff0c;\uff1b。、:\uff1a【】]{1,12}"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华魏陶姜戚谢邹苏潘葛范彭鲁韦马苗花方俞任袁柳唐罗薛贺倪汤滕殷毕"
    "郝安常齐康余顾孟黄穆萧尹姚邵汪祁毛米戴宋庞熊纪舒屈项祝董梁杜阮蓝席季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍万卢莫"
    "丁邓洪包左石崔龚程邢裴陆翁段侯武刘龙叶黎白蒲赖乔谭申冉牛温庄柴阎连习艾鱼向古易廖耿关曾游曲聂肖付覃闫"
)
_RECEIVER_AT_ONCE = re.compile(
    rf"((?:收货人|收件人)(?:姓名)?)(?:欧阳|上官|司马|诸葛|慕容|司徒|夏侯|皇甫|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}"
    r"(?=$|[\s,\uff0c;\uff1b。、【])"
)
_HAN = r"[\u4e00-\u9fff]"
_APART = r"[\s,\uff0c、]{1,3}"
_NAME_BEFORE_PHONE = re.compile(
    rf"((?:收货人|收件人|联系人){_APART})?(?<!{_HAN}){_HAN}{{2,4}}(?={_APART}【手机号】)(?(1)|(?={_APART}【手机号】{_APART}{_HAN}{{2,12}}【地址】))"
)
_NAME_AFTER_ADDRESS = re.compile(rf"(【地址】{_APART}){_HAN}{{2,4}}(?={_APART}【手机号】)")
_PLACE_WORDS = r"(?:路|街|大道|巷|弄|胡同|村|镇|小区|花园|公寓|大厦|广场|新村|家园|苑)"
_HOUSE = r"(?:\d{1,5}|[A-Za-z]|[一二三四五六七八九十]{1,3})[-\d]{0,8}(?:号楼|号院|号|弄|栋|幢|座|单元|层|楼|室|户)"
_ADDRESS = re.compile(
    rf"{_HAN}{{1,20}}{_PLACE_WORDS}{_HAN}{{0,6}}{_HOUSE}(?:{_HAN}{{0,6}}{_HOUSE})*\d{{0,6}}"
    rf"|{_HAN}{{2,20}}[区县旗][\u4e00-\u9fffA-Za-z0-9 -]{{2,24}}?\d{{1,5}}(?:号楼|号|栋|幢|座|单元|室)"
)
_NAMED_ADDRESS = re.compile(
    rf"((?:收货|收件|邮寄|寄件|我的|新)?地址\s*(?:{_COLON}|是|为|改成|改为|换成)\s*)([^\n。;\uff1b!\uff01?\uff1f【】]{{4,80}})"
)
_CITY = re.compile(r"^.*?(?:省|自治区|特别行政区)?[\u4e00-\u9fff]{2,7}?市|^.*?(?:省|自治区)")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FULL_WIDTH_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}


def mask_text(text: str) -> str:
    """The text with personal numbers, names and addresses replaced by :data:`MARKS`.

    Applying it twice changes nothing. Most texts hold no digit and return at once.
    """
    if not _MAYBE.search(text) or not (_WORDS.search(text) or _FEWEST_DIGITS.search(text)):
        return text
    text = _CIPHER.sub("【密文】", text)
    text = _EMAIL.sub("【邮箱】", text)
    text = _NAMED_ADDRESS.sub(_mask_address, text)
    text = _IDENTITY.sub(lambda found: "【证件号】" if _identity_holds(found[0]) else found[0], text)
    text = _CARD.sub(_mask_card, text)
    text = _WECHAT.sub(r"\1【微信号】", text)
    text = _QQ.sub(r"\1【QQ】", text)
    text = _MOBILE.sub("【手机号】", text)
    text = _LANDLINE.sub("【电话】", text)
    text = _RECEIVER.sub(r"\1【姓名】", text)
    text = _RECEIVER_AT_ONCE.sub(r"\1【姓名】", text)
    text = _ADDRESS.sub(lambda found: _coarse(found[0]), text)
    if "【手机号】" in text:
        text = _NAME_BEFORE_PHONE.sub(lambda found: (found[1] or "") + "【姓名】", text)
        text = _NAME_AFTER_ADDRESS.sub(r"\1【姓名】", text)
    return text


def mask_nick(nick: str) -> str:
    """Display form of a buyer's nick: first and last letter around stars, the first alone where it is short."""
    return f"{nick[0]}***{nick[-1]}" if len(nick) > 2 else f"{nick[:1]}***"


def _coarse(address: str) -> str:
    """Province and city of an address, the rest replaced."""
    city = _CITY.match(address)
    return f"{city[0] if city else ''}【地址】"


def _mask_address(found: re.Match[str]) -> str:
    if found.string.startswith("【地址】", found.end()):
        return found[0]  # masked before
    return found[1] + _coarse(found[2])


def _identity_holds(number: str) -> bool:
    """Check digit of a resident identity number (GB 11643: weighted sum modulo 11)."""
    plain = number.translate(_FULL_WIDTH_DIGITS)
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, plain[:17], strict=True))
    return "10X98765432"[total % 11] == plain[17].upper()


def _mask_card(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    before = found.string[max(0, found.start() - 12) : found.start()]
    if not 15 <= len(digits) <= 19 or _ORDER_WORD.search(before):
        return found[0]
    if _CARD_WORD.search(before) or (digits.startswith("62") and _luhn_holds(digits)):
        return "【银行卡号】"
    return found[0]


def _luhn_holds(digits: str) -> bool:
    """Luhn check (ISO/IEC 7812-1)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0
