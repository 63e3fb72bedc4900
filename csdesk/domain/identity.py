"""Who a name in an export means: shop prefix, display name and comparison key of an agent."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_LONG_NICK = "cntaobao"


@dataclass(frozen=True, slots=True)
class AgentName:
    """One agent cell taken apart.

    ``shop`` is the prefix before the last colon ("" if none), ``name`` what is shown,
    ``key`` what is compared (NFKC, case-folded, no spaces), ``is_main`` whether it looks
    like the shop's main account (no colon although the export writes prefixes is decided elsewhere).
    """

    shop: str
    name: str

    @property
    def key(self) -> str:
        """Comparison form of the name."""
        return fold(self.name)


def fold(text: str) -> str:
    """NFKC, case-folded, without white space: the form in which names are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def parse_agent(cell: str) -> AgentName:
    """Split ``cntaobao立邦漆官方旗舰店:小美`` into shop and name at the last half- or full-width colon."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if text.casefold().startswith(_LONG_NICK):
        text = text[len(_LONG_NICK) :]
    shop, colon, name = text.rpartition(":")
    if not colon or not name.strip():
        return AgentName("", text.rstrip(":").strip())
    return AgentName(shop.strip(), name.strip())
