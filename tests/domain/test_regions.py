"""Places are kept down to the city and never finer."""

from __future__ import annotations

import pytest

from csdesk.domain.regions import city_of, coarse_place, province_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("广东省深圳市南山区科技园路 1 号", ("广东省", "深圳市")),
        ("广东深圳市南山区", ("广东省", "深圳市")),
        ("中国 浙江省 杭州市 西湖区", ("浙江省", "杭州市")),
        ("北京市朝阳区建国路", ("北京市", "北京市")),
        ("内蒙古自治区锡林郭勒盟多伦县", ("内蒙古自治区", "锡林郭勒盟")),
        ("新疆维吾尔族自治区喀什地区", ("新疆维吾尔自治区", "喀什地区")),
        ("火星基地 3 号", ("", "")),
    ],
)
def test_an_address_keeps_province_and_city(address: str, place: tuple[str, str]) -> None:
    assert coarse_place(address) == place


def test_provinces_get_their_full_name() -> None:
    assert [province_of(text) for text in ("广东", "重庆", "广西", "Ontario")] == [
        "广东省",
        "重庆市",
        "广西壮族自治区",
        "",
    ]


def test_a_city_is_found_only_at_the_start() -> None:
    assert (city_of("苏州市工业园区"), city_of("")) == ("苏州市", "")
