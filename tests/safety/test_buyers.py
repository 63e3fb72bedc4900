"""Buyers as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from csdesk.safety.buyers import KEY_BYTES, BuyerKeys

SECRET = bytes(range(32))


def test_the_key_is_an_hmac_of_the_folded_nick() -> None:
    expected = hmac.new(SECRET, "tb小美".encode(), hashlib.sha256).digest()[:KEY_BYTES]
    assert BuyerKeys(SECRET).of("TB小美") == (expected, "T***美")


def test_the_same_person_however_written() -> None:
    keys = BuyerKeys(SECRET)
    assert len({keys.of(nick)[0] for nick in ("tb123", " TB123 ", "tb123", "cntaobaotb123")}) == 1


def test_another_secret_gives_another_key() -> None:
    assert BuyerKeys(SECRET).of("tb123")[0] != BuyerKeys(SECRET[::-1]).of("tb123")[0]


@pytest.mark.parametrize("nick", ["tb6***70", "张**", "t**1", "匿名买家", "匿名"])
def test_masked_nicks_are_no_keys(nick: str) -> None:
    assert BuyerKeys(SECRET).of(nick) == (None, nick)


@pytest.mark.parametrize("nick", ["", "  ", "-", "--", "暂无数据"])
def test_blanks_are_nobody(nick: str) -> None:
    assert BuyerKeys(SECRET).of(nick) == (None, "")


def test_the_nick_is_not_in_what_comes_out() -> None:
    key, shown = BuyerKeys(SECRET).of("tb13812345678")
    assert key is not None
    assert b"138" not in key
    assert shown == "t***8"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="short"):
        BuyerKeys(b"abc")
