"""Imports that may have been given to the wrong shop: what counts as a reason to ask."""

from __future__ import annotations

from csdesk.analysis.quality.frame import Suspect
from csdesk.ingest.layouts import catalogue
from csdesk.store import batches, shop_suspects, shops
from csdesk.store.database import Connection
from csdesk.store.shop_suspects import Common, Stray
from csdesk.store.shops import Shop

_FEWEST_PEOPLE, _MOSTLY = 2, 0.6
_FEWEST_IDS, _MANY_IDS = 3, 0.2
_FEWEST_CELLS, _NEARLY_ALL = 8, 0.9


def find(conn: Connection) -> list[Suspect]:
    """The imports to ask about, each once for the shop it shares most with."""
    commons = shop_suspects.commons(conn)
    strays = shop_suspects.strays(conn, [one.id for one in catalogue().layouts if one.platform is None])
    if not commons and not strays:
        return []
    known = {shop.id: shop for shop in shops.all_shops(conn)}
    names = {shop.id: shop.name for shop in known.values()}
    files = batches.file_names(conn)
    found: dict[int, Suspect] = {}
    for stray in strays:
        if stray.agents >= _FEWEST_PEOPLE and stray.there >= _MOSTLY * stray.agents and stray.batch_id not in found:
            shop, other = known[stray.shop_id], known[stray.other_id]
            found[stray.batch_id] = Suspect(
                stray.batch_id, files.get(stray.batch_id, ""), shop.name, other.name, _no_platform(stray, shop, other)
            )
    for one in commons:
        if one.shop_id not in names or one.other_id not in names or one.batch_id in found:
            continue
        text = reason(one, names[one.shop_id], names[one.other_id])
        if text:
            found[one.batch_id] = Suspect(
                one.batch_id, files.get(one.batch_id, ""), names[one.shop_id], names[one.other_id], text
            )
    return list(found.values())


def _no_platform(one: Stray, shop: Shop, other: Shop) -> str:
    return (
        f"文件里没有写平台，导入时先按{shop.platform.label}读了；可是 {one.agents} 位客服里有 {one.there} 位在"
        f"“{other.name}”（{other.platform.label}）。如果放错了，请撤销这次导入，再选“{other.name}”导入一次。"
    )


def reason(one: Common, shop: str, other: str) -> str:
    """Why the import may belong to the other shop; "" where nothing says so.

    People who serve both shops are no reason: then the other shop has figures of its own for the same days, and
    other ones.
    """
    ask = f"如果放错了，请撤销这次导入，再选“{other}”导入一次。"
    if one.ids_there >= _FEWEST_IDS and one.ids_there >= _MANY_IDS * one.ids:
        return f"其中 {one.ids_there:,} 个订单或会话编号在“{other}”里已经有了。{ask}"
    if one.cells >= _FEWEST_CELLS and one.equal >= _NEARLY_ALL * one.cells:
        return f"和“{other}”同一天的 {one.cells:,} 个数里有 {one.equal:,} 个完全一样。{ask}"
    mostly_there = one.agents >= _FEWEST_PEOPLE and one.known_there >= _MOSTLY * one.agents
    if mostly_there and not one.spans_there and one.known_here * 2 < one.known_there:
        return f"文件里 {one.agents} 位客服有 {one.known_there} 位以前都在“{other}”，“{shop}”里没见过。{ask}"
    return ""
