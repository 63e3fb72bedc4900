"""Keys of rows the platform gave no number of its own: made of what tells them apart, the same in every export."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from csdesk.domain.identity import fold
from csdesk.store.kinds import ORDINAL, RecordKind

_ID_JOINT = "/"
_HASH_BYTES = 12


class KeyMaker:
    """Makes the keys of one kind for the rows of one file, chunk by chunk (ordinals go on from chunk to chunk)."""

    def __init__(self, kind: RecordKind) -> None:
        self._kind = kind
        self._met: Counter[int] = Counter()  # by hash: a million rows are told apart in 80 MB

    def keys(self, columns: Mapping[str, Sequence[Any]], shops: Sequence[int]) -> list[str | None]:
        """The key of each row; None for a row that says nothing to make one of.

        A recipe of ids alone is used by the rows that have all of them, and the key stays readable
        (``order/line``); any other by the rows that have at least one part, and the key is a hash.
        """
        keys: list[str | None] = [None] * len(shops)
        for recipe in self._kind.key_recipes:
            parts = [self._part(name, columns, len(shops)) for name in recipe if name != ORDINAL]
            plain = all(name.endswith("_id") for name in recipe)
            for index, row in enumerate(zip(*parts, strict=True)):
                if keys[index] is None and (all(row) if plain else any(row)):
                    keys[index] = _ID_JOINT.join(row) if plain else self._hashed(recipe, shops[index], row)
        return keys

    def _hashed(self, recipe: tuple[str, ...], shop: int, row: tuple[str, ...]) -> str:
        digest = _digest("\x1f".join(row))
        if ORDINAL in recipe:
            same = hash((shop, digest))
            self._met[same] += 1
            digest = _digest("\x1f".join((*row, str(self._met[same]))))
        return "~" + digest.hex()

    def _part(self, name: str, columns: Mapping[str, Sequence[Any]], size: int) -> list[str]:
        """The texts of one part, "" where unknown."""
        nothing = [None] * size
        if name == "buyer":
            hashes, masks = columns.get("buyer_key", nothing), columns.get("buyer_mask", nothing)
            return [_text(mask if key is None else key) for key, mask in zip(hashes, masks, strict=True)]
        found = columns.get(name, nothing)
        if name == "agent":
            folded = {text: fold(text) if text else "" for text in set(found)}
            return [folded[text] for text in found]
        return [_text(value) for value in found]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)
