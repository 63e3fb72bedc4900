"""Buyers as keyed hashes: the same person is recognised again, the file alone reveals nobody."""

from __future__ import annotations

import hashlib
import unicodedata

from csdesk.safety.masking import mask_nick, mask_text

KEY_BYTES = 16
_BLOCK = 64
_MEMO_LIMIT = 50_000
_NOBODY = frozenset(
    ["匿名", "匿名买家", "匿名用户", "匿名评价", "-", "--", "—", "无", "暂无", "暂无数据", "null", "none", "nan"]
)
_LONG_NICK = "cntaobao"

BuyerKey = tuple[bytes | None, str]
"""(HMAC-SHA256 of the folded nick cut to :data:`KEY_BYTES`, display form); no key for masked nicks."""


class BuyerKeys:
    """Turns nicks into keys with the secret of this data folder. Safe to share between threads."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ValueError("the secret is too short")
        self._key = key
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
        self._memo: dict[str, BuyerKey] = {}

    def __reduce__(self) -> tuple[type[BuyerKeys], tuple[bytes]]:
        """What it takes to be the same keys in another process: the secret."""
        return BuyerKeys, (self._key,)

    def of(self, nick: str) -> BuyerKey:
        """Key and display form of one nick. ``tb6***70``, ``张**`` and 匿名买家 give no key; blanks give "" too."""
        known = self._memo.get(nick)
        if known is None:
            known = self._find(nick)
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            self._memo[nick] = known
        return known

    def of_all(self, nicks: list[str]) -> tuple[list[bytes | None], list[str]]:
        """(keys, display forms) of many nicks, hardly two of which are alike; "" where :meth:`of` shows nothing."""
        joined = "\n".join(nicks)
        names = joined if joined.isascii() else unicodedata.normalize("NFKC", joined)
        folded = names.casefold()
        alone = folded.split("\n")
        plain = "*" not in names and _LONG_NICK not in folded and folded.split() == alone
        if not plain or not _NOBODY.isdisjoint(alone):
            pairs = list(map(self.of, nicks))
            return [key for key, _ in pairs], [shown for _, shown in pairs]
        inner, outer = self._inner.copy, self._outer.copy
        keys: list[bytes | None] = []
        for name in alone:
            one = inner()
            one.update(name.encode("utf-8", "surrogatepass"))
            other = outer()
            other.update(one.digest())
            keys.append(other.digest()[:KEY_BYTES])
        return keys, list(map(mask_nick, names.split("\n")))

    def _find(self, nick: str) -> BuyerKey:
        name = nick.strip() if nick.isascii() else unicodedata.normalize("NFKC", nick).strip()
        folded = name.casefold()
        if folded.startswith(_LONG_NICK):
            name, folded = name[len(_LONG_NICK) :], folded[len(_LONG_NICK) :]
        if not folded or folded in _NOBODY:
            return None, name if folded.startswith("匿名") else ""
        if "*" in name:
            return None, mask_text(name)
        return self._hmac(folded.encode("utf-8", "surrogatepass")), mask_nick(name)

    def digest(self, text: str) -> bytes:
        """The same kind of key for any text that must not be guessed back."""
        return self._hmac(text.encode("utf-8", "surrogatepass"))

    def _hmac(self, message: bytes) -> bytes:
        """HMAC-SHA256 (RFC 2104) with the key's two halves hashed beforehand: a third of hmac.digest's time."""
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()[:KEY_BYTES]
