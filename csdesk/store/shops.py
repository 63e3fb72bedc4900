"""Shops."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from csdesk.domain.identity import fold
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.store import batches

ASSUMED_NAMES = {
    platform: f"我的{name}店"
    for platform, name in (
        (Platform.TAOBAO, "淘宝"),
        (Platform.DOUYIN, "抖"),
        (Platform.PDD, "拼多多"),
        (Platform.JD, "京东"),
        (Platform.KUAISHOU, "快手"),
    )
}
"""What a shop is called until a file names it."""


SHOWN_NAME = "coalesce(shop.owner_name, shop.name)"
"""The owner's name of a row of ``shop``, else the files'."""

IS_DEMO = """NOT EXISTS (SELECT 1 FROM batch_shop AS bs JOIN batch AS b ON b.id = bs.batch_id
                         WHERE bs.shop_id = shop.id AND NOT b.is_demo)"""
"""Whether only example files speak of a row of ``shop``."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop; ``assumed`` while no file has named it, ``is_demo`` when only example files speak of it.

    ``name`` is what the owner calls it, else ``file_name``: what its files do.
    """

    id: int
    platform: Platform
    name: str
    assumed: bool
    is_demo: bool = False
    file_name: str = ""


def all_shops(conn: sqlite3.Connection) -> list[Shop]:
    """Every shop that has facts, by platform and name; other spellings of a shop are not shops."""
    rows = conn.execute(
        f"""SELECT id, platform, {SHOWN_NAME} AS shown, assumed, {IS_DEMO}, name
            FROM shop WHERE merged_into IS NULL ORDER BY platform, shown"""
    )
    return [
        Shop(id_, Platform(platform), name, bool(assumed), bool(demo), file_name)
        for id_, platform, name, assumed, demo, file_name in rows
    ]


def find(conn: sqlite3.Connection, name: str, platform: Platform | None = None) -> list[Shop]:
    """The shops of that name, the owner's or the files' (compared folded)."""
    key = fold(name)
    return [
        shop for shop in all_shops(conn)
        if key in (fold(shop.name), fold(shop.file_name)) and platform in (None, shop.platform)
    ]  # fmt: skip


def called(conn: sqlite3.Connection, name: str, platform: Platform) -> int | None:
    """The shop the owner calls so, whatever its files do."""
    rows = conn.execute(
        "SELECT id, owner_name FROM shop WHERE platform = ? AND owner_name IS NOT NULL AND merged_into IS NULL",
        (str(platform),),
    )
    return next((id_ for id_, own in rows if fold(own) == fold(name)), None)


def rename(conn: sqlite3.Connection, shop_id: int, name: str | None) -> None:
    """Call a shop so on the screen; None = as its files do. Raises UserFault where another shop has the name."""
    name = name.strip() if name is not None else None
    known = {shop.id: shop for shop in all_shops(conn)}
    if name == "" or shop_id not in known:
        raise UserFault("店铺名不能为空。" if name == "" else "没有这家店铺。", "请重新选。")
    others = [shop for shop in find(conn, name, known[shop_id].platform) if shop.id != shop_id] if name else []
    if others:
        raise UserFault(f"已经有一家店叫“{name}”。", "如果是同一家店，请把两家合并；不是的话，换一个名字。")
    own = None if name is None or name == known[shop_id].file_name else name
    conn.execute("UPDATE shop SET owner_name = ? WHERE id = ?", (own, shop_id))
    batches.raise_data_version(conn)
