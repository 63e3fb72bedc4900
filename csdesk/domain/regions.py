"""Provinces and cities of China, as far as an address is kept: never anything finer."""

from __future__ import annotations

import re
import unicodedata

_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_REGIONS = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "香港": "香港特别行政区",
    "澳门": "澳门特别行政区",
}
_PROVINCES = (
    "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
    "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾",
)  # fmt: skip
_FULL = {
    **{name: f"{name}市" for name in _MUNICIPALITIES},
    **_REGIONS,
    **{name: f"{name}省" for name in _PROVINCES},
}
_PROVINCE = re.compile(
    rf"({'|'.join(_FULL)})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|维吾尔族自治区|自治区|特别行政区)?"
)
_CITY = re.compile(r"([\u4e00-\u9fff]{1,8}?市|[\u4e00-\u9fff]{1,12}?(?:自治州|地区|林区|盟|县))")


def province_of(text: str) -> str:
    """Full name of the province a text begins with (广东 → 广东省), "" if it begins with none."""
    found = _PROVINCE.match(unicodedata.normalize("NFKC", text).strip())
    return _FULL[found[1]] if found else ""


def city_of(text: str) -> str:
    """The city a text begins with, "" where none can be told."""
    found = _CITY.match(unicodedata.normalize("NFKC", text).strip())
    return found[1] if found else ""


def coarse_place(address: str) -> tuple[str, str]:
    """(province, city) of an address, "" for what it does not say; the rest of it is not looked at."""
    text = unicodedata.normalize("NFKC", address).strip().removeprefix("中国").lstrip(" ,/-")
    found = _PROVINCE.match(text)
    if found is None:
        return "", city_of(text)
    province = _FULL[found[1]]
    if found[1] in _MUNICIPALITIES:
        return province, province
    return province, city_of(text[found.end() :].lstrip(" ,/-"))
