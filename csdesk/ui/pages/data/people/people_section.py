"""客服与店铺 as a section: questions, people, groups and shops; every change says itself and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtWidgets import QPushButton

from csdesk.analysis.frame import Tone
from csdesk.errors import CsdeskError
from csdesk.store.people import Change, People, Person, Roster, ShopCard
from csdesk.ui.context import Context
from csdesk.ui.exporting import Exporter
from csdesk.ui.notices import Notice
from csdesk.ui.pages.data.people import presenter as words
from csdesk.ui.pages.data.people.asks_card import AsksCard
from csdesk.ui.pages.data.people.popups import GroupPopup, NamePopup
from csdesk.ui.pages.data.section import ScrollBody, Section, first_steps
from csdesk.ui.widgets.choice_popup import Choice, ChoicePopup
from csdesk.ui.widgets.pieces import Popup, button, column
from csdesk.ui.widgets.table_card import TableCard

Work = Callable[[People], Change]
T = TypeVar("T")


class PeopleSection(Section):
    """Reads the roster in a lane, shows it, and carries out what the owner says."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._version = -1
        self._asked = 0
        self._busy = 0
        self.roster = Roster()
        self.popup: Popup | None = None
        self.exporter = Exporter(self, context)
        look = context.look
        self.asks = AsksCard(look)
        self.people, self.spans, self.shops = (TableCard(look) for _ in range(3))
        self._build_tools()
        self._body = ScrollBody(look)
        for card in (self.asks, self.people, self.spans, self.shops):
            self._body.lines.addWidget(card)
        self.empty = first_steps(context, words.EMPTY_STATE)
        self._body.lines.addWidget(self.empty)
        lines = column()
        lines.addWidget(self._body)
        self.setLayout(lines)
        self.asks.answered.connect(self.do)
        self.asks.taken_back.connect(self._open_refused)
        for card in (self.people, self.spans, self.shops):
            card.remember_with(context.services.settings)
            card.menu_wanted.connect(self.exporter.fill_table_menu)
            card.table.selectionModel().selectionChanged.connect(lambda _new, _old: self._offer_tools())
            card.table.setSelectionBehavior(card.table.SelectionBehavior.SelectRows)
        self._show()

    # what the window asks

    def refresh(self, *, force: bool = False) -> None:
        """Read the roster anew where anything has changed."""
        version = self._context.services.data_version()
        if version == self._version and not force:
            return
        self._version = version
        self._read()

    def show_demo_at_work(self, fraction: float | None) -> None:
        """Say so on the button that offers them."""
        self.empty.show_demo_at_work(fraction)

    def search(self) -> None:
        """Ctrl+F: find somebody."""
        if self.people.isVisible():
            self.people.focus_search()

    def ready(self) -> bool:
        """Whether nothing is being read or written."""
        return not self._busy

    # reading and writing

    def _read(self) -> None:
        self._asked += 1
        asked = self._asked
        self._busy += 1
        self._context.jobs.read(lambda _task: self._context.services.people.roster()).on_done(
            lambda found: self._take(found, asked)
        ).start()

    def _take(self, found: Roster, asked: int) -> None:
        self._busy -= 1
        if asked == self._asked:
            self.roster = found
            self._show()

    def do(self, work: Work) -> None:
        """Carry out a piece of work, say so, and offer to take it back."""
        people = self._context.services.people

        def say(change: Change) -> None:
            self._context.notices.post(
                Notice(change.text, "", Tone.GOOD, self.tr("撤销"), lambda: self._take_back(change))
            )

        self._write(lambda: work(people), say, self.tr("正在重新计算"))

    def _take_back(self, change: Change) -> None:
        def say(_nothing: object) -> None:
            self._context.notices.post(Notice(self.tr("撤销了，和改之前一样。"), tone=Tone.GOOD))

        self._write(change.undo, say, self.tr("正在撤销"))

    def _write(self, work: Callable[[], T], say: Callable[[T], None], title: str) -> None:
        def done(result: T) -> None:
            self._busy -= 1
            self._context.data_changed()
            self._read()
            say(result)

        def failed(fault: CsdeskError) -> None:
            self._busy -= 1
            self._context.notices.fault(fault)

        def forget(_bug: BaseException) -> None:
            self._busy -= 1

        self._busy += 1
        self._context.jobs.write(lambda _task: work(), title).on_done(done).on_fault(failed).on_bug(forget).start()

    # showing

    def _show(self) -> None:
        found = self.roster
        self._body.show_lead(words.lead(found))
        asked = words.asks(found)
        self.asks.setVisible(bool(asked or found.refused))
        self.asks.show_asks(asked, len(found.refused))
        self.people.setVisible(bool(found.people))
        self.empty.setVisible(not found.people and not found.shops and not self._busy)
        self.people.show_table(words.people_table(found))
        self.spans.setVisible(bool(words.spans_of(found)))
        self.spans.show_table(words.spans_table(found))
        self.shops.setVisible(bool(found.shops))
        self.shops.show_table(words.shops_table(found))
        self._offer_tools()

    def _offer_tools(self) -> None:
        people, shops = self.chosen_people(), self.chosen_shops()
        one_shop = len({one.shop_id for one in people}) == 1
        self.merge.setEnabled(len(people) > 1 and one_shop)
        self.group.setEnabled(bool(people))
        self.kind.setEnabled(bool(people))
        self.separate.setEnabled(len(people) == 1 and len(people[0].accounts) > 1)
        self.forget.setEnabled(bool(self.spans.chosen_rows()))
        self.rename.setEnabled(len(shops) == 1)
        self.merge_shops.setEnabled(len(shops) == 2 and shops[0].platform is shops[1].platform)
        self.separate_shop.setEnabled(len(shops) == 1 and bool(shops[0].spellings))

    def chosen_people(self) -> list[Person]:
        """The people whose rows are selected, in the order of the roster."""
        return [self.roster.people[place] for place in self.people.chosen_rows()]

    def chosen_shops(self) -> list[ShopCard]:
        """The shops whose rows are selected."""
        return [self.roster.shops[place] for place in self.shops.chosen_rows()]

    # what the owner does

    def _open(self, popup: Popup, under: QPushButton) -> None:
        self.popup = popup
        popup.open_under(under)

    def _choose(self, under: QPushButton, choices: Sequence[tuple[str, str]], take: Callable[[str], None]) -> None:
        popup = ChoicePopup(self, [Choice(key, text) for key, text in choices], set(), multiple=False)
        popup.chosen.connect(lambda keys: take(next(iter(keys))))
        self._open(popup, under)

    def _open_merge(self) -> None:
        chosen = self.chosen_people()
        ids = [one.id for one in chosen]
        choices = [(str(one.id), self.tr("合并后叫“{name}”").format(name=one.name)) for one in chosen]
        self._choose(
            self.merge, choices,
            lambda key: self.do(lambda people: people.merge([one for one in ids if one != int(key)], int(key))),
        )  # fmt: skip

    def _open_separate(self) -> None:
        (one,) = self.chosen_people()
        choices = [(str(each.id), self.tr("“{name}”单独算").format(name=each.name)) for each in one.accounts[1:]]
        self._choose(self.separate, choices, lambda key: self.do(lambda people: people.separate(int(key))))

    def _open_kind(self) -> None:
        ids = [one.id for one in self.chosen_people()]
        self._choose(
            self.kind, words.KIND_CHOICES,
            lambda key: self.do(lambda people: people.set_kind(ids, None if key == words.BY_FILES else key)),
        )  # fmt: skip

    def _open_group(self) -> None:
        chosen = self.chosen_people()
        ids = [one.id for one in chosen]
        who = (
            chosen[0].name
            if len(chosen) == 1
            else self.tr("{name}等 {number} 位").format(name=chosen[0].name, number=len(chosen))
        )
        popup = GroupPopup(self, who, self.roster.groups, words.usual_days(chosen), self._context.filter.today())
        popup.chosen.connect(lambda name, first, last: self.do(lambda people: people.assign(ids, name, first, last)))
        popup.cleared.connect(lambda first, last: self.do(lambda people: people.ungroup(ids, first, last)))
        self._open(popup, self.group)

    def _forget_spans(self) -> None:
        known = words.spans_of(self.roster)
        chosen = [known[place][1] for place in self.spans.chosen_rows()]
        self.do(lambda people: people.forget_spans(chosen))

    def _open_rename(self) -> None:
        (shop,) = self.chosen_shops()
        popup = NamePopup(self, shop.name)
        popup.chosen.connect(lambda name: self.do(lambda people: people.rename_shop(shop.id, name)))
        self._open(popup, self.rename)

    def _open_merge_shops(self) -> None:
        one, other = self.chosen_shops()
        choices = [(str(shop.id), self.tr("合并后叫“{name}”").format(name=shop.name)) for shop in (one, other)]

        def take(key: str) -> None:
            kept, gone = (one, other) if int(key) == one.id else (other, one)
            self.do(lambda people: people.merge_shops(gone.id, kept.id))

        self._choose(self.merge_shops, choices, take)

    def _open_separate_shop(self) -> None:
        (shop,) = self.chosen_shops()
        choices = [(str(id_), self.tr("“{name}”是另一家店").format(name=name)) for id_, name in shop.spellings]
        self._choose(self.separate_shop, choices, lambda key: self.do(lambda people: people.separate_shop(int(key))))

    def _open_refused(self) -> None:
        known = {str(place): one for place, one in enumerate(self.roster.refused)}
        choices = [(key, f"“{one.account_name}”和“{one.person_name}”") for key, one in known.items()]
        self._choose(self.asks.again, choices, lambda key: self.do(lambda people: people.ask_again(known[key])))

    # layout

    def _build_tools(self) -> None:
        self.merge = button(self.tr("合并"), "quiet", self._open_merge)
        self.separate = button(self.tr("拆开"), "quiet", self._open_separate)
        self.group = button(self.tr("分组…"), "quiet", self._open_group)
        self.kind = button(self.tr("是什么"), "quiet", self._open_kind)
        self.forget = button(self.tr("删除"), "quiet", self._forget_spans)
        self.rename = button(self.tr("改名…"), "quiet", self._open_rename)
        self.merge_shops = button(self.tr("合并"), "quiet", self._open_merge_shops)
        self.separate_shop = button(self.tr("拆开"), "quiet", self._open_separate_shop)
        for card, tools in (
            (self.people, (self.kind, self.group, self.separate, self.merge)),
            (self.spans, (self.forget,)),
            (self.shops, (self.rename, self.separate_shop, self.merge_shops)),
        ):
            for tool in tools:
                card.tool(tool, first=True)
