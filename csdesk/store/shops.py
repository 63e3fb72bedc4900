"""Shops."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from csdesk.domain.identity import fold
from csdesk.domain.platforms import Platform

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


IS_DEMO = """NOT EXISTS (SELECT 1 FROM batch_shop AS bs JOIN batch AS b ON b.id = bs.batch_id
                         WHERE bs.shop_id = shop.id AND NOT b.is_demo)"""
"""Whether only example files speak of a row of ``shop``."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop; ``assumed`` while no file has named it, ``is_demo`` when only example files speak of it."""

    id: int
    platform: Platform
    name: str
    assumed: bool
    is_demo: bool = False


def all_shops(conn: sqlite3.Connection) -> list[Shop]:
    """Every shop that has facts, by platform and name; other spellings of a shop are not shops."""
    rows = conn.execute(
        f"SELECT id, platform, name, assumed, {IS_DEMO} FROM shop WHERE merged_into IS NULL ORDER BY platform, name"
    )
    return [
        Shop(id_, Platform(platform), name, bool(assumed), bool(demo)) for id_, platform, name, assumed, demo in rows
    ]


def find(conn: sqlite3.Connection, name: str, platform: Platform | None = None) -> list[Shop]:
    """The shops of that name (compared folded); at most one for each platform."""
    key = fold(name)
    return [shop for shop in all_shops(conn) if fold(shop.name) == key and platform in (None, shop.platform)]
