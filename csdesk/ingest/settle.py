"""Whose numbers a table holds: platform and shop, from what the owner said, the table, its name and what is known."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from csdesk.domain.identity import fold
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Need
from csdesk.ingest.world import KnownShop, KnownWorld
from csdesk.store.shops import ASSUMED_NAMES

_PLATFORM_WORDS: tuple[tuple[Platform, tuple[str, ...]], ...] = (
    (Platform.DOUYIN, ("抖音", "抖店", "飞鸽", "douyin")),
    (Platform.TAOBAO, ("淘宝", "天猫", "千牛", "旺旺", "赤兔", "生意参谋", "taobao", "tmall")),
    (Platform.PDD, ("拼多多", "pdd")),
    (Platform.JD, ("京东", "jd.com", "咚咚")),
    (Platform.KUAISHOU, ("快手", "kuaishou")),
)
_SHOP_TOKEN = re.compile(r".+(?:店|商城|超市)")
_NO_SHOP = frozenset(("全店", "店铺", "抖店", "网店", "各店", "本店", "多店", "每周店铺", "分店", "我的店"))


@dataclass(slots=True)
class Evidence:
    """What a table itself says: shops by number of rows (prefixes of agents, column 店铺), agents (folded)."""

    file_name: str
    prefixes: Counter[str] = field(default_factory=Counter)
    shop_column: Counter[str] = field(default_factory=Counter)
    platform_column: Counter[str] = field(default_factory=Counter)
    agents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """The decision: the shop of rows that name none, whether rows may name their own, and how we know.

    ``names`` maps the folded shops of the file to the spelling used (that of the known shop).
    """

    shop: str = ""
    assumed: bool = False
    rows_decide: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    need: Need | None = None
    note: str = ""

    def of_row(self, named: str) -> str:
        """The shop of a row that names ``named`` ("" if none)."""
        if named and self.rows_decide:
            return self.names.get(fold(named), named)
        return self.shop


def platform_of_words(text: str) -> Platform | None:
    """The one platform a text speaks of, or None."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = [platform for platform, words in _PLATFORM_WORDS if any(word in folded for word in words)]
    return found[0] if len(found) == 1 else None


def platform_said(said: Platform | None, of_layout: Platform | None, evidence: Evidence) -> Platform | None:
    """The platform that layout, owner, table or file name say; None where it has to be taken from what is known."""
    words = [platform_of_words(word) for word in evidence.platform_column]
    of_words = words[0] if len(words) == 1 else None
    return of_layout or said or of_words or platform_of_words(evidence.file_name)


def settle_platform(
    said: Platform | None,
    of_layout: Platform | None,
    evidence: Evidence,
    known: KnownWorld,
    remembered: Platform | None = None,
) -> tuple[Platform, str]:
    """(platform, note): a layout knows its own; else the owner, the table, its name, its shops and agents among the
    known ones; else what the owner said of such a table before, the only platform there is, 淘宝."""
    own = platform_said(said, of_layout, evidence)
    if own is not None:
        return own, ""
    shops = known.shops()
    named = {fold(name) for name in (*evidence.prefixes, *evidence.shop_column)}
    for matching in (
        [shop for shop in shops if fold(shop.name) in named],
        [shop for shop in shops if shop.agents & evidence.agents],
        # A table that names a shop nobody knows is not another shop's, whichever of the two came first.
        [] if remembered or named else list(shops),
    ):
        platforms = {shop.platform for shop in matching}
        if len(platforms) == 1:
            return platforms.pop(), ""
    if remembered is not None:
        return remembered, ""
    return Platform.TAOBAO, "看不出是哪个平台，先按淘宝/天猫读；不对的话请指定平台再导入。"


def settle_shop(said: str | None, platform: Platform, evidence: Evidence, known: KnownWorld) -> Settled:
    """Which shop: the owner's word (unless a 店铺 column names several), the rows, the file name, the known shops."""
    shops = known.shops(platform)
    names = {fold(shop.name): shop.name for shop in shops}
    for name in (*evidence.shop_column, *evidence.prefixes):
        names.setdefault(fold(name), name)
    several = len({fold(name) for name in evidence.shop_column}) > 1
    if said:
        return Settled(names.get(fold(said), said), rows_decide=several, names=names)
    named = evidence.prefixes + evidence.shop_column
    if named:
        shop = max(named, key=lambda name: (named[name], name))
        return Settled(names[fold(shop)], names=names)
    return _unnamed(platform, evidence, shops, names)


def _unnamed(platform: Platform, evidence: Evidence, shops: Sequence[KnownShop], names: Mapping[str, str]) -> Settled:
    in_name = shop_in_name(evidence.file_name, shops)
    if in_name:
        return Settled(names.get(fold(in_name), in_name), names=names, note="店铺来自文件名。")
    if not shops:
        return Settled(ASSUMED_NAMES[platform], assumed=True, names=names)
    if len(shops) == 1:
        return Settled(shops[0].name, assumed=shops[0].assumed, names=names)
    by_match = sorted(shops, key=lambda shop: -len(shop.agents & evidence.agents))
    best, second = (len(shop.agents & evidence.agents) for shop in by_match[:2])
    if best > second:
        return Settled(by_match[0].name, names=names, note=f"按客服名认作“{by_match[0].name}”。")
    choices = tuple(shop.name for shop in shops)
    question = f"这张表没有写店铺，是哪一家的？（{'、'.join(choices)}）"
    return Settled(names=names, need=Need("shop", question, choices))


def shop_in_name(file_name: str, shops: Sequence[KnownShop] = ()) -> str:
    """A shop's name in a file name: a known one, or a word that ends in 旗舰店, 专营店 … ("" if none)."""
    text = unicodedata.normalize("NFKC", file_name)
    stem = text.rsplit(".", 1)[0]
    folded = fold(stem)
    hits = [shop.name for shop in shops if not shop.assumed and fold(shop.name) in folded]
    if hits:
        return max(hits, key=len)
    between = re.search(r"\d{8}_([^_]+)_飞鸽", stem)
    if between:
        return between[1].strip()
    for token in re.split(r"[\s_\-()\[\]【】+,、~.]+", stem):
        match = _SHOP_TOKEN.fullmatch(token)
        if match and token not in _NO_SHOP and not re.search(r"\d{4}", token) and len(token) <= 30:
            return token
    return ""


def shops_text(names: Sequence[str]) -> str:
    """甲店、乙店 or 甲店、乙店等 5 家."""
    shown = "、".join(names[:3])
    return shown if len(names) <= 3 else f"{shown}等 {len(names)} 家"
