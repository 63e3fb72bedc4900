"""Buyers as keyed hashes: the same person is recognised again, the file alone reveals nobody."""

from __future__ import annotations

import hmac
import unicodedata

from csdesk.safety.masking import mask_nick, mask_text

KEY_BYTES = 16
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
        self._memo: dict[str, BuyerKey] = {}

    def of(self, nick: str) -> BuyerKey:
        """Key and display form of one nick. ``tb6***70``, ``张**`` and 匿名买家 give no key; blanks give "" too."""
        known = self._memo.get(nick)
        if known is None:
            known = self._find(nick)
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            self._memo[nick] = known
        return known

    def _find(self, nick: str) -> BuyerKey:
        name = nick.strip() if nick.isascii() else unicodedata.normalize("NFKC", nick).strip()
        if name[: len(_LONG_NICK)].casefold() == _LONG_NICK:
            name = name[len(_LONG_NICK) :]
        folded = name.casefold()
        if not name or folded in _NOBODY:
            return None, "" if not name or not folded.startswith("匿名") else name
        if "*" in name:
            return None, mask_text(name)
        digest = hmac.digest(self._key, folded.encode("utf-8", "surrogatepass"), "sha256")
        return digest[:KEY_BYTES], mask_nick(name)
