"""The owner's mappings in the data folder: one for each header, named, handed on, deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.own.mapping import OwnColumn, OwnMapping
from csdesk.ingest.own.rules import faults, private_reason
from csdesk.ingest.own.shelf import OwnMappings

COLUMNS = (OwnColumn(0, "人", "agent"), OwnColumn(1, "量", "received"))
MAPPING = OwnMapping("", "日报", "report", "own", "agent", ("人", "量", "其他"), COLUMNS)


def test_saved_found_renamed_and_deleted(tmp_path: Path) -> None:
    shelf = OwnMappings(tmp_path)
    assert list(shelf.all()) == []
    assert shelf.layouts() is catalogue()
    kept = shelf.save(MAPPING)
    assert list(OwnMappings(tmp_path).all()) == [kept]  # another window sees it
    assert shelf.get("日报") == shelf.get(kept.id) == kept
    assert shelf.layouts().layout("日报") is shelf.layouts().by_id[kept.id]
    assert "日报" not in {layout.name for layout in catalogue().layouts}  # nothing global
    named = shelf.rename(kept.id, "外包 日报")
    assert [mapping.name for mapping in shelf.all()] == ["外包 日报"]
    assert named.id == kept.id
    shelf.delete(kept.id)
    assert list(shelf.all()) == []
    assert list((tmp_path / "layouts").iterdir()) == []
    with pytest.raises(UserFault):
        shelf.get(kept.id)


def test_one_mapping_for_one_header(tmp_path: Path) -> None:
    shelf = OwnMappings(tmp_path)
    first = shelf.save(MAPPING)
    second = shelf.save(replace(MAPPING, name="又一次", columns=(COLUMNS[0], OwnColumn(2, "其他", "received"))))
    assert second.id == first.id
    assert [mapping.name for mapping in shelf.all()] == ["又一次"]
    other = shelf.save(replace(MAPPING, name="日报二", headers=("人", "量", "别的")))
    assert other.id != first.id


def test_tables_without_a_header_are_told_apart_by_name(tmp_path: Path) -> None:
    shelf = OwnMappings(tmp_path)
    bare = replace(MAPPING, headers=("A 列", "B 列"), header_rows=0, columns=())
    columns = (OwnColumn(0, "A 列", "agent"), OwnColumn(1, "B 列", "received"))
    one = shelf.save(replace(bare, name="一", columns=columns))
    two = shelf.save(replace(bare, name="二", columns=columns))
    assert one.id != two.id


def test_names_are_the_owner_s_own_and_different(tmp_path: Path) -> None:
    shelf = OwnMappings(tmp_path)
    shelf.save(MAPPING)
    with pytest.raises(UserFault, match="已经有叫"):
        shelf.save(replace(MAPPING, headers=("人", "量", "别的")))
    with pytest.raises(UserFault, match="自带"):
        shelf.save(replace(MAPPING, name="会话明细"))
    with pytest.raises(UserFault, match="名字"):
        shelf.save(replace(MAPPING, name="  "))


def test_handed_to_a_colleague(tmp_path: Path) -> None:
    mine, theirs = OwnMappings(tmp_path / "a"), OwnMappings(tmp_path / "b")
    kept = mine.save(replace(MAPPING, platform=Platform.JD, shop="京东一店"))
    file = tmp_path / "给同事.toml"
    mine.export(kept.id, file)
    theirs.save(
        replace(
            MAPPING,
            headers=("别的", "表"),
            columns=(replace(COLUMNS[0], header="别的"), replace(COLUMNS[1], header="表")),
        )
    )
    taken = theirs.take_in(theirs.read(file))
    assert replace(taken, name=kept.name) == kept
    assert taken.name == "日报 2"  # the name was taken by another table
    assert len(theirs.all()) == 2


def test_a_damaged_file_is_told_and_harms_nothing(tmp_path: Path) -> None:
    shelf = OwnMappings(tmp_path)
    kept = shelf.save(MAPPING)
    (tmp_path / "layouts" / "own-broken.toml").write_text("format = 1\nown = true\n", encoding="utf-8")
    assert list(shelf.all()) == [kept]
    assert shelf.damaged() == ("own-broken.toml",)
    bad = tmp_path / "坏.toml"
    bad.write_bytes(b"\x00\x01")
    with pytest.raises(UserFault, match="坏了"):
        shelf.read(bad)
    with pytest.raises(UserFault, match="打不开"):
        shelf.read(tmp_path / "没有.toml")


def test_an_imported_file_is_held_to_the_same_rules(tmp_path: Path) -> None:
    shelf = OwnMappings(tmp_path)
    kept = shelf.save(MAPPING)
    file = tmp_path / "x.toml"
    shelf.export(kept.id, file)
    text = file.read_text(encoding="utf-8")
    for wrong, words in (
        (text.replace('"人"', '"手机号"'), "个人信息"),
        (text.replace('field = "received"', 'field = "agent"'), "数字"),
        (text.replace('field = "received"', 'field = "secret"'), "没有"),
        (text.replace('kind = "report"', 'kind = "records:moon"'), "不认识"),
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(UserFault, match=words):
            shelf.read(file)
    file.write_text(text.replace(kept.id, "../../etc/passwd"), encoding="utf-8")
    assert shelf.read(file).id == kept.id  # the id in a file is not believed
    with pytest.raises(UserFault):
        shelf.delete("../own-x")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (replace(MAPPING, columns=COLUMNS[1:]), "客服"),
        (replace(MAPPING, columns=COLUMNS[:1]), "数字"),
        (replace(MAPPING, columns=(*COLUMNS, OwnColumn(2, "其他", "received"))), "两列"),
        (replace(MAPPING, columns=(*COLUMNS, OwnColumn(2, "其他", "shop")), shop="一店"), "店铺"),
        (replace(MAPPING, columns=(COLUMNS[0], replace(COLUMNS[1], unit="秒"))), "单位"),
        (replace(MAPPING, kind="sessions", grain="session", columns=(OwnColumn(0, "人", "agent"),)), "会话ID"),
        (replace(MAPPING, kind="records:ticket", grain="row", columns=(OwnColumn(0, "人", "agent"),)), "工单编号"),
        (replace(MAPPING, name="长" * 61), "太长"),
    ],
)
def test_mistakes_are_named(changed: OwnMapping, words: str) -> None:
    assert faults(MAPPING, catalogue()) == []
    assert any(words in fault for fault in faults(changed, catalogue()))


def test_what_is_about_people_cannot_be_mapped() -> None:
    known = catalogue()
    assert private_reason("收货人", (), known)
    assert private_reason("联系电话", (), known)
    assert "手机号" in private_reason("备用", ["13812345678", 13912345678.0, "138-1234-5678"], known)
    assert "邮箱" in private_reason("备用", ["a@b.com"], known)
    assert "加密" in private_reason("买家", ["##abc", "$$def=="], known)
    assert not private_reason("电话接待量", [3, 4], known)
    assert not private_reason("订单号", ["2026030112345678"], known)
    order = OwnMapping(
        "", "订单", "records:order_head", "orders", "row", ("订单号", "收货地址"),
        (OwnColumn(0, "订单号", "order_id"), OwnColumn(1, "收货地址", "address")),
    )  # fmt: skip
    assert faults(order, known) == []  # of an address only province and city are kept
    assert any(
        "个人信息" in fault
        for fault in faults(
            replace(order, columns=(order.columns[0], replace(order.columns[1], field="channel"))), known
        )
    )
