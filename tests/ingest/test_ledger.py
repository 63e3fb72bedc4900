"""The ledger in the owner's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from csdesk.domain.platforms import Platform
from csdesk.ingest import ledger
from csdesk.ingest.load import load, undo
from csdesk.store.database import Store
from csdesk.store.shops import ASSUMED_NAMES
from tests.store.builders import session, session_plan

NAMELESS = ASSUMED_NAMES[Platform.TAOBAO]
WHEN = datetime(2026, 3, 1)


def shown(store: Store) -> list[str]:
    with store.reading() as conn:
        return [entry.shop for entry in ledger.entries(conn)]


def test_a_shop_named_later_is_shown_under_its_name(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        nameless = session_plan("a", [session("1")], exported=WHEN, shop=NAMELESS)
        load(store, replace(nameless, shop=NAMELESS, shop_assumed=True))
        assert shown(store) == [NAMELESS]
        named = session_plan("b", [session("2")], exported=WHEN, shop="云间小铺旗舰店")
        load(store, named)
        assert shown(store) == ["云间小铺旗舰店", "云间小铺旗舰店"]
        assert named.batch is not None
        undo(store, named.batch)
        assert shown(store) == ["云间小铺旗舰店", NAMELESS]
