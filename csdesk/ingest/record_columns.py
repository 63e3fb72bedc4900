"""Cleaning one column of a table that is kept row by row: the cell readers that only such tables need.

Everything else (ids, instants, money, counts, buyers) is cleaned as session rows are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from csdesk.domain.regions import city_of, coarse_place, province_of
from csdesk.ingest import cells
from csdesk.ingest.cells import Reading, State
from csdesk.ingest.headers import squeeze
from csdesk.ingest.row_columns import CellCleaner, CleanColumn, Cleaner, plain_cleaner
from csdesk.safety.masking import mask_text
from csdesk.safety.personal import is_cipher

if TYPE_CHECKING:
    from csdesk.ingest.layouts import FieldInfo
    from csdesk.ingest.rowclean import ColumnRule
    from csdesk.safety.buyers import BuyerKeys

REPAIR_CIPHER = "平台加密的内容不保存"
REPAIR_PLACE = "收货地址只存省和市"
_LONGEST_PLACE = 16
_MOST_HEADS = 50_000
_GRADES = {
    "好评": "好评", "正面评价": "好评", "正面": "好评", "好": "好评",
    "中评": "中评", "中性评价": "中评", "中性": "中评", "中": "中评",
    "差评": "差评", "负面评价": "差评", "负面": "差评", "差": "差评",
}  # fmt: skip
_FORMS = {
    "text": "文字", "masked": "文字，手机号等打码", "id": "按文本读，不丢位数", "instant": "日期时间",
    "integer": "整数",
    "money": "金额（元）", "boolean": "是/否", "rating": "1–5 分", "grade": "1–5 分或好中差评", "nps": "0–10 分",
    "buyer": "只存加密标识，不存原名", "address": "只存省和市", "place": "地区", "word": "统一成固定说法",
    "duration": "换算成秒", "points": "0–100 分",
}  # fmt: skip


def how_read(info: FieldInfo) -> str:
    """How a field is read, for the preview (Chinese)."""
    return _FORMS.get(info.kind, "文字")


def cleaner_of(rule: ColumnRule, keys: BuyerKeys, *, date1904: bool = False) -> Cleaner:
    """The cleaner of one column, by the kind of its rule.

    Kinds of our own are: words (a short text), masked, word (one of a table), province, city, address, grade, nps;
    for the others see :func:`~csdesk.ingest.row_columns.plain_cleaner`.
    """
    if rule.kind == "address":
        return AddressCleaner()
    read = (lambda cell: _word(cell, rule.words)) if rule.kind == "word" else _READERS.get(rule.kind)
    if read is not None:
        return CellCleaner(read)
    return plain_cleaner(rule.kind, rule.column.unit, keys, date1904=date1904)


def kind_of(info: FieldInfo) -> str:
    """The kind of cleaner for a field of a table of records."""
    if info.kind == "place":
        return "province" if info.id == "province" else "city"
    return "words" if info.kind == "text" else info.kind


def read_words(cell: object) -> Reading:
    """A short text; ciphers are dropped, personal numbers masked."""
    found = cells.read_text(cell)
    if found.state is not State.VALUE:
        return found
    if is_cipher(found.value):
        return Reading(State.MISSING, repair=REPAIR_CIPHER)
    return Reading(State.VALUE, mask_text(found.value))


def _masked(cell: object) -> Reading:
    found = read_words(cell)
    if found.state is State.VALUE and found.value in ("订单未关闭", "''"):
        return cells.MISSING
    return found


def _word(cell: object, table: Mapping[str, str]) -> Reading:
    """A word in the spelling we keep; a number where the table gives numbers."""
    numbers = "1" in table.values()
    found = read_words(cell)
    if found.state is not State.VALUE:
        return found
    value: Any = table.get(squeeze(found.value))
    if numbers:
        return cells.problem("不认识的说法") if value is None else Reading(State.VALUE, int(value))
    return Reading(State.VALUE, found.value if value is None else value)


def read_address(cell: object) -> Reading:
    """(province, city) of an address; nothing finer is ever returned."""
    found = cells.read_text(cell)
    if found.state is not State.VALUE:
        return found
    if is_cipher(found.value):
        return Reading(State.MISSING, repair=REPAIR_CIPHER)
    province, city = coarse_place(found.value)
    if not province and not city:
        return cells.MISSING
    finer = len(found.value) > len(province) + len(city) + 1
    return Reading(State.VALUE, (province or None, city or None), REPAIR_PLACE if finer else "")


class AddressCleaner(CellCleaner):
    """Addresses: hardly two are alike, but many begin alike, and a province with one word after it is all it takes.

    The city does not reach over a space, see :func:`csdesk.domain.regions.coarse_place`.
    """

    def __init__(self) -> None:
        super().__init__(read_address)
        self._heads: dict[str, Reading | None] = {}

    def _cells(self, raw: Sequence[Any]) -> CleanColumn:
        values: list[Any] = []
        result = CleanColumn(values, self.read)
        for position, cell in enumerate(raw):
            reading = self._begins(cell) or self.read(cell)
            values.append(reading.value)
            if reading.repair or reading.state is State.PROBLEM:
                result.note(position, reading)
        return result

    def _begins(self, cell: Any) -> Reading | None:
        """What the first two words say, None where more has to be looked at."""
        words = cell.split(" ", 2) if type(cell) is str else ()
        if len(words) < 3 or not words[0].isalpha() or not words[1].isalpha() or not words[2][:1].isalnum():
            return None
        head = f"{words[0]} {words[1]}"
        if head not in self._heads:
            if len(self._heads) > _MOST_HEADS:
                self._heads.clear()
            reading = read_address(f"{head} {words[2][0]}")
            told = coarse_place(words[0])[0] and reading.repair == REPAIR_PLACE
            self._heads[head] = reading if told else None
        return self._heads[head]


def read_province(cell: object) -> Reading:
    """The full name of a province."""
    found = read_words(cell)
    if found.state is not State.VALUE:
        return found
    name = province_of(found.value)
    if name or len(found.value) > _LONGEST_PLACE:
        return Reading(State.VALUE, name) if name else cells.MISSING
    return found


def read_city(cell: object) -> Reading:
    """A city by its name alone."""
    found = read_words(cell)
    if found.state is not State.VALUE or len(found.value) <= _LONGEST_PLACE:
        return found
    city = city_of(found.value)
    return Reading(State.VALUE, city) if city else cells.MISSING


def read_grade(cell: object) -> Reading:
    """(rating 1–5 or None, 好评 | 中评 | 差评): from a number of stars or from the word alone."""
    if isinstance(cell, str):
        grade = _GRADES.get(squeeze(cell))
        if grade is not None:
            return Reading(State.VALUE, (None, grade))
    found = cells.read_rating(cell)
    if found.state is not State.VALUE:
        return found
    return Reading(State.VALUE, (found.value, grade_of(found.value)), found.repair)


def grade_of(rating: int) -> str:
    """好评 from 4 up, 中评 at 3, 差评 below."""
    return "好评" if rating >= 4 else "中评" if rating == 3 else "差评"


def read_nps(cell: object) -> Reading:
    """How likely someone would recommend: whole 0–10."""
    found = cells.read_number(cell)
    if found.state is not State.VALUE:
        return found
    if found.form == "percent" or not float(found.value).is_integer() or not 0 <= found.value <= 10:
        return cells.problem("推荐意愿应是 0–10 的整数")
    return Reading(State.VALUE, int(found.value), found.repair)


def read_points(cell: object) -> Reading:
    """Points or a total from 0 to 100."""
    found = cells.read_number(cell)
    if found.state is not State.VALUE:
        return found
    if found.form == "percent" or not 0 <= found.value <= 100:
        return cells.problem("得分应在 0–100 之间")
    return Reading(State.VALUE, float(found.value), found.repair)


_READERS: dict[str, Callable[[object], Reading]] = {
    "words": read_words,
    "masked": _masked,
    "province": read_province,
    "city": read_city,
    "grade": read_grade,
    "nps": read_nps,
    "points": read_points,
}
