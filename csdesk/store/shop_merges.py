"""The same shop under two spellings: counted as one by the owner's word, and taken apart again.

The facts move to the shop that stays, so that rows both spellings brought count once; ``batch_spelling`` remembers
which files used the other spelling, and later files that use it are written to the shop that stays at once.
"""

from __future__ import annotations

import re
import sqlite3
from itertools import combinations

from csdesk.domain.identity import fold
from csdesk.errors import UserFault
from csdesk.store import batch_moves, batches
from csdesk.store.identities import drop_if_idle
from csdesk.store.shops import SHOWN_NAME, Shop, all_shops

_SIGNS = re.compile(r"[\W_]+")
_USUAL_ENDS = re.compile(r"(官方)?(旗舰店|专卖店|专营店|企业店|直营店|自营店|店铺|店)?$")
_SHORTEST_NAME = 2


def merge(conn: sqlite3.Connection, spelling: int, shop: int) -> None:
    """Count the shop ``spelling`` as ``shop`` from now on; seconds for a large shop.

    Raises UserFault where that cannot be: two platforms, a file that names both as two shops, a shop no file has
    named (merge that one into the other).
    """
    query = f"""SELECT id, platform, {SHOWN_NAME}, assumed AND owner_name IS NULL
                FROM shop WHERE id IN (?, ?) AND merged_into IS NULL"""
    rows = {row[0]: row[1:] for row in conn.execute(query, (spelling, shop))}
    if len(rows) != 2:
        raise UserFault("这两个店铺现在不能合并：其中一个已经并入别的店铺。", "请刷新后再选。")
    (platform, name, _), (other_platform, other_name, assumed) = rows[spelling], rows[shop]
    if platform != other_platform:
        raise UserFault("不同平台的店铺不能合并。", "只有同一个店铺的两种写法才需要合并。")
    if assumed:
        raise UserFault(f"“{other_name}”还没有真正的店名。", f"请反过来，把它并入“{name}”。")
    both = conn.execute(
        """SELECT count(*) FROM batch_shop AS a JOIN batch_shop AS b ON b.batch_id = a.batch_id
           WHERE a.shop_id = ? AND b.shop_id = ?""",
        (spelling, shop),
    ).fetchone()[0]
    if both:
        raise UserFault(f"同一个文件里既有“{name}”又有“{other_name}”，它们是两个店铺。", "请检查是不是选错了。")
    # Files that used a third spelling, merged into this one before, keep that one.
    conn.execute(
        """INSERT OR IGNORE INTO batch_spelling (batch_id, shop_id)
           SELECT bs.batch_id, bs.shop_id FROM batch_shop AS bs WHERE bs.shop_id = ?1 AND NOT EXISTS (
             SELECT 1 FROM batch_spelling AS sp JOIN shop AS s ON s.id = sp.shop_id
             WHERE sp.batch_id = bs.batch_id AND s.merged_into = ?1)""",
        (spelling,),
    )
    for (batch_id,) in conn.execute("SELECT batch_id FROM batch_shop WHERE shop_id = ?", (spelling,)).fetchall():
        batch_moves.move(conn, batch_id, spelling, shop)
    batch_moves.repoint(conn, spelling, shop)
    conn.execute("UPDATE shop SET merged_into = ?1 WHERE id = ?2 OR merged_into = ?2", (shop, spelling))
    batches.raise_data_version(conn)


def separate(conn: sqlite3.Connection, spelling: int) -> None:
    """Take :func:`merge` back: files that used the spelling speak of a shop of their own again.

    A file imported since that uses both spellings stays with the other shop.
    """
    row = conn.execute("SELECT merged_into FROM shop WHERE id = ?", (spelling,)).fetchone()
    if row is None or row[0] is None:
        return
    shop = int(row[0])
    own = conn.execute(
        """SELECT batch_id FROM batch_spelling AS sp WHERE shop_id = ?1 AND NOT EXISTS (
             SELECT 1 FROM batch_spelling AS other JOIN shop AS s ON s.id = other.shop_id
             WHERE other.batch_id = sp.batch_id AND other.shop_id <> ?1 AND (s.id = ?2 OR s.merged_into = ?2))""",
        (spelling, shop),
    ).fetchall()
    conn.execute("UPDATE shop SET merged_into = NULL WHERE id = ?", (spelling,))
    for (batch_id,) in own:
        batch_moves.move(conn, batch_id, shop, spelling)
    conn.execute("DELETE FROM batch_spelling WHERE shop_id = ?", (spelling,))
    for each in (spelling, shop):
        drop_if_idle(conn, each)
    batches.raise_data_version(conn)


def merged(conn: sqlite3.Connection) -> list[tuple[int, str, int]]:
    """(id, name, shop it counts as) of every other spelling."""
    return conn.execute("SELECT id, name, merged_into FROM shop WHERE merged_into IS NOT NULL ORDER BY name").fetchall()


def suggestions(conn: sqlite3.Connection) -> list[tuple[Shop, Shop]]:
    """(other spelling, shop) pairs of one platform whose names differ only in signs, case or an end like 旗舰店.

    None the owner has refused.
    """
    apart = set(refused(conn))
    pairs = []
    for one, other in combinations([shop for shop in all_shops(conn) if not shop.assumed and not shop.is_demo], 2):
        same = len(_bare(one.name)) >= _SHORTEST_NAME and _bare(one.name) == _bare(other.name)
        known_apart = (min(one.id, other.id), max(one.id, other.id)) in apart
        if one.platform == other.platform and same and not known_apart:
            short, long = sorted((one, other), key=lambda shop: (len(shop.name), shop.id))
            pairs.append((short, long))
    return pairs


def refuse(conn: sqlite3.Connection, one: int, other: int) -> None:
    """The owner says these are two shops: not suggested again."""
    conn.execute("INSERT OR IGNORE INTO shop_distinct (one, other) VALUES (?, ?)", (min(one, other), max(one, other)))


def allow(conn: sqlite3.Connection, one: int, other: int) -> None:
    """Take back :func:`refuse`."""
    conn.execute("DELETE FROM shop_distinct WHERE one = ? AND other = ?", (min(one, other), max(one, other)))


def refused(conn: sqlite3.Connection) -> list[tuple[int, int]]:
    """The pairs of :func:`refuse`."""
    return conn.execute("SELECT one, other FROM shop_distinct ORDER BY one, other").fetchall()


def _bare(name: str) -> str:
    return _USUAL_ENDS.sub("", _SIGNS.sub("", fold(name)))
