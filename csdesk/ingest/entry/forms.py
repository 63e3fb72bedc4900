"""The forms for typing data in by hand, declared once for the window and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.domain.entries import CHECK, ENTRY_TITLES, PHONE, SURVEY
from csdesk.ingest.entry.items import CheckItem
from csdesk.store.kinds import KINDS, RecordKind

ITEM = "item."
"""Fields with the points of an item are called so, the item's name after it."""


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field. ``kind``: shop agent day clock buyer satisfaction nps yes_no id words line points.

    ``words`` may be long and are masked; a ``line`` is short, masked too. ``keeps``: stays for the next entry.
    ``full``: the most points.
    """

    id: str
    title: str
    kind: str
    hint: str = ""
    required: bool = False
    keeps: bool = False
    full: float = 0.0


@dataclass(frozen=True, slots=True)
class EntryForm:
    """A form. Of the fields ``one_of`` at least one must be filled, else ``nothing`` is said.

    ``key`` and ``at`` are the columns of its record kind with the row's id and time.
    """

    id: str
    kind: RecordKind
    fields: tuple[EntryField, ...]
    one_of: tuple[str, ...]
    nothing: str
    key: str
    at: str

    @property
    def title(self) -> str:
        """Its Chinese name."""
        return ENTRY_TITLES[self.id]

    @property
    def items(self) -> tuple[CheckItem, ...]:
        """What gets points in this form."""
        return tuple(CheckItem(field.title, field.full) for field in self.fields if field.kind == "points")

    def field(self, name: str) -> EntryField:
        """The field of that id."""
        return next(field for field in self.fields if field.id == name)


_SHOP = EntryField("shop", "店铺", "shop", required=True, keeps=True)
_DAY = EntryField("day", "日期", "day", "今天、昨天、11-22 都认", required=True, keeps=True)
_CLOCK = EntryField("clock", "时间", "clock", "空着就是现在")
_SOMEBODY = EntryField("agent", "客服", "agent", "名字或拼音首字母", required=True, keeps=True)
_MAYBE_SOMEBODY = EntryField("agent", "客服", "agent", "可不填；名字或拼音首字母", keeps=True)
_CSAT = EntryField("csat", "满意度", "satisfaction", "1–5，5 最满意")

_PHONE = EntryForm(
    PHONE,
    KINDS["survey_answer"],
    (
        _SHOP, _SOMEBODY, _DAY, _CLOCK,
        EntryField("buyer", "买家昵称", "buyer", "可不填，只存加密标识"),
        _CSAT,
        EntryField("resolved", "问题解决了吗", "yes_no", "按 Y / N 也行"),
        EntryField("comment", "买家怎么说", "words", "电话、地址等会打码后再存"),
    ),
    ("csat", "resolved", "comment"),
    "满意度、是否解决、买家怎么说，至少填一项。",
    "answer_id",
    "answered_at",
)  # fmt: skip
_SURVEY = EntryForm(
    SURVEY,
    KINDS["survey_answer"],
    (
        _SHOP, _MAYBE_SOMEBODY, _DAY,
        _CSAT,
        EntryField("nps", "推荐意愿", "nps", "0–10，10 最愿意推荐"),
        EntryField("comment", "意见", "words", "电话、地址等会打码后再存"),
        EntryField("source", "来源", "line", "如 短信问卷、包裹卡片", keeps=True),
    ),
    ("csat", "nps"),
    "满意度和推荐意愿至少填一项。",
    "answer_id",
    "answered_at",
)  # fmt: skip
_CHECK = EntryForm(
    CHECK,
    KINDS["quality_check"],
    (
        _SHOP, _SOMEBODY, _DAY,
        EntryField("session", "会话 ID", "id", "可不填"),
        EntryField("remark", "备注", "words", "电话、地址等会打码后再存"),
        EntryField("inspector", "抽检人", "line", "可不填", keeps=True),
    ),
    (),
    "至少给一项打分。",
    "check_id",
    "checked_at",
)  # fmt: skip


def form_of(form_id: str, items: tuple[CheckItem, ...]) -> EntryForm:
    """A form by id; that of 抽检 has a field for each of these items. Raises KeyError."""
    form = {one.id: one for one in (_PHONE, _SURVEY, _CHECK)}[form_id]
    if form_id != CHECK:
        return form
    points = tuple(
        EntryField(ITEM + item.name, item.name, "points", f"满分 {item.full:g}", full=item.full) for item in items
    )
    place = len(form.fields) - 2
    return EntryForm(
        form.id,
        form.kind,
        (*form.fields[:place], *points, *form.fields[place:]),
        tuple(field.id for field in points),
        form.nothing,
        form.key,
        form.at,
    )
