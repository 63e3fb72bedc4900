"""The bar on top: period, comparison, platform, shop and agents, and the page's own actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from csdesk.analysis.frame import Compare
from csdesk.domain.platforms import Platform
from csdesk.ui.filter_model import FilterModel
from csdesk.ui.look import Look, restyle
from csdesk.ui.selection import (
    Preset,
    Selection,
    agent_words,
    group_words,
    period_of,
    shop_words,
    short_period,
    visible_shops,
)
from csdesk.ui.widgets.choice_popup import Choice, ChoicePopup
from csdesk.ui.widgets.period_popup import PeriodPopup
from csdesk.ui.widgets.pieces import button, row

_SIDE, _GAP = 24, 8
_ICON_WIDTH, _ANY_WIDTH = 40, (1 << 24) - 1
_NAME_WIDTH, _NARROW_NAME_WIDTH = 12, 6


class Chip(QToolButton):
    """One choice: what it is about in grey, what is chosen, a small arrow."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._room, self._tight = _NAME_WIDTH, False
        self._said = ("", "", False, "", "")

    def give_room(self, characters: int, *, tight: bool) -> None:
        """How many characters of the choice are shown, and whether the shorter words; the rest is in the tool tip."""
        if (characters, tight) != (self._room, self._tight):
            self._room, self._tight = characters, tight
            about, chosen, active, hint, shorter = self._said
            self.say(about, chosen, active=active, hint=hint, shorter=shorter)

    def say(self, about: str, chosen: str, *, active: bool, hint: str = "", shorter: str = "") -> None:
        """Show the choice; ``active`` tints the chip because it narrows the data; ``shorter`` is for a tight bar."""
        self._said = (about, chosen, active, hint, shorter)
        short = shorter if self._tight and shorter else chosen
        if about and len(short) > self._room:
            short = short[: self._room - 1] + "…"
        self.setText(f"{about} {short} ▾" if about else f"{short} ▾")
        self.setToolTip(hint or (chosen if short != chosen else ""))
        self.setAccessibleName(f"{about} {chosen}".strip())
        if self.property("active") != active:
            self.setProperty("active", active)
            restyle(self)


class FilterBar(QWidget):
    """Shows and changes the :class:`FilterModel`; palette, printing and export are asked for by its buttons."""

    palette_wanted = Signal()
    print_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, look: Look, model: FilterModel) -> None:
        super().__init__()
        self.setObjectName("filterBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(look.theme.size("filter_bar"))
        self._look, self._model = look, model
        self.period, self.compare, self.platform, self.shop, self.group, self.agent = (Chip() for _ in range(6))
        line = row(margins=(_SIDE, 0, _SIDE, 0), spacing=_GAP)
        for chip, opens in (
            (self.period, self._open_period),
            (self.compare, self._open_compare),
            (self.platform, self._open_platform),
            (self.shop, self._open_shops),
            (self.group, self._open_groups),
            (self.agent, self._open_agents),
        ):
            chip.clicked.connect(lambda _checked=False, call=opens: call())
            line.addWidget(chip)
        self.reset = button(self.tr("清除"), "link", self._reset)
        line.addWidget(self.reset)
        line.addStretch(1)
        self._search = button(self.tr("搜索 Ctrl K"), "quiet", self.palette_wanted.emit)
        self._print = button(self.tr("打印"), "quiet", self.print_wanted.emit)
        self.export = button(self.tr("导出"), "primary", self.export_wanted.emit)
        for made in (self._search, self._print, self.export):
            line.addWidget(made)
        self.setLayout(line)
        model.changed.connect(self._show)
        look.changed.connect(self._tint)
        self._tint()
        self._show()

    def offer_print_and_export(self, *, offered: bool) -> None:
        """Grey the page's own actions while it has nothing to show."""
        self._print.setEnabled(offered)
        self.export.setEnabled(offered)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """The bar makes itself fit; it must not keep the window wide."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Say it in as many words as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Whole words where they fit; else two buttons keep their pictures alone, then names are cut shorter, last
        what is said beside the main thing (the dates of 近 30 天, how many 全部 are) is left to the tool tips.
        """
        steps = (
            (True, _NAME_WIDTH, False), (False, _NAME_WIDTH, False),
            (False, _NARROW_NAME_WIDTH, False), (False, _NARROW_NAME_WIDTH, True),
        )  # fmt: skip
        for words, characters, tight in steps:
            for made, text in ((self._search, self.tr("搜索 Ctrl K")), (self._print, self.tr("打印"))):
                made.setText(text if words else "")
                made.setMaximumWidth(_ANY_WIDTH if words else _ICON_WIDTH)
                if made.property("alone") is not (not words):
                    made.setProperty("alone", not words)  # the style gives buttons with words a width at least
                    restyle(made)
            for chip in (self.period, self.compare, self.platform, self.shop, self.group, self.agent):
                chip.give_room(characters, tight=tight)
            if self.needed() <= self.width():
                return

    def needed(self) -> int:
        """The width all that is shown asks for."""
        shown = [
            each for each in (
                self.period, self.compare, self.platform, self.shop, self.group, self.agent, self.reset,
                self._search, self._print, self.export,
            ) if not each.isHidden()
        ]  # fmt: skip
        widths = (min(each.sizeHint().width(), each.maximumWidth()) for each in shown)
        return sum(widths) + _GAP * len(shown) + 2 * _SIDE

    def _tint(self) -> None:
        self._search.setIcon(self._look.icon("search"))
        self._print.setIcon(self._look.icon("print"))
        self.export.setIcon(self._look.icon("export", "on_accent"))

    def _show(self) -> None:
        selection, facts = self._model.selection, self._model.facts
        today = self._model.today()
        dates = short_period(period_of(selection, facts, today), today)
        name = "" if selection.preset is Preset.CUSTOM else selection.preset.label
        self.period.say("", " · ".join(part for part in (name, dates) if part), active=True, shorter=name)
        against = selection.compare.label if selection.compare is not Compare.NONE else self.tr("不对比")
        self.compare.say("", self.tr("对比 {against}").format(against=against), active=False, shorter=against)
        self.platform.say(self.tr("平台"), self._platform_words(selection), active=selection.platform is not None)
        shops = visible_shops(replace(selection, shops=()), facts)
        self.shop.say(
            self.tr("店铺"), shop_words(selection, facts) or self._all_shops(shops), active=bool(selection.shops),
            shorter="" if shop_words(selection, facts) else self.tr("全部"),
        )  # fmt: skip
        people = sum(agent.shop_id in visible_shops(selection, facts) for agent in facts.agents)
        everyone = self.tr("全部 {people} 人").format(people=people)
        self.agent.say(
            self.tr("客服"), agent_words(selection, facts) or everyone, active=bool(selection.agents),
            shorter="" if agent_words(selection, facts) else self.tr("全部"),
        )  # fmt: skip
        self.group.say(self.tr("客服组"), group_words(selection) or self.tr("全部"), active=bool(selection.groups))
        self.group.setVisible(len(facts.groups) > 1)
        self.platform.setVisible(len(facts.platforms) > 1)
        self.shop.setVisible(len(facts.shops) > 1 or bool(selection.shops))
        self.agent.setVisible(len(facts.agents) > 1)
        for made, hint in ((self._search, self.tr("搜索 Ctrl K")), (self._print, self.tr("打印"))):
            made.setToolTip(hint)
            made.setAccessibleName(hint)
        self.reset.setVisible(bool(selection.platform or selection.shops or selection.agents or selection.groups))
        self._fit()

    def _all_shops(self, shops: set[int]) -> str:
        return self.tr("全部 {shops} 家").format(shops=len(shops))

    def _platform_words(self, selection: Selection) -> str:
        return selection.platform.label if selection.platform else self.tr("全部")

    def _reset(self) -> None:
        self._model.choose(replace(self._model.selection, platform=None, shops=(), agents=(), groups=()))

    def _open_period(self) -> None:
        popup = PeriodPopup(self, self._look, self._model)
        popup.open_under(self.period)

    def _open_compare(self) -> None:
        choices = [
            Choice(compare.value, compare.label) for compare in (Compare.PREVIOUS, Compare.LAST_YEAR, Compare.NONE)
        ]
        self._open_single(
            self.compare,
            choices,
            self._model.selection.compare.value,
            lambda value: replace(self._model.selection, compare=Compare(value)),
        )

    def _open_platform(self) -> None:
        choices = [Choice("", self.tr("全部平台"))]
        choices += [Choice(platform.value, platform.label) for platform in self._model.facts.platforms]
        current = self._model.selection.platform
        self._open_single(
            self.platform,
            choices,
            current.value if current else "",
            lambda value: replace(self._model.selection, platform=Platform(value) if value else None),
        )

    def _open_single(self, chip: Chip, choices: Sequence[Choice], current: str, change: object) -> None:
        popup = ChoicePopup(self, choices, {current}, multiple=False)
        popup.chosen.connect(lambda keys: self._model.choose(change(next(iter(keys)))))  # type: ignore[operator]
        popup.open_under(chip)

    def _open_shops(self) -> None:
        selection, facts = self._model.selection, self._model.facts
        allowed = visible_shops(replace(selection, shops=()), facts)
        choices = [Choice(str(shop.id), shop.name, shop.platform.label) for shop in facts.shops if shop.id in allowed]
        popup = ChoicePopup(
            self, choices, {str(shop) for shop in selection.shops}, multiple=True, everything=self.tr("全部店铺")
        )
        popup.chosen.connect(
            lambda keys: self._model.choose(
                replace(self._model.selection, shops=tuple(sorted(int(key) for key in keys)))
            )
        )
        popup.open_under(self.shop)

    def _open_groups(self) -> None:
        choices = [Choice(group, group) for group in self._model.facts.groups]
        popup = ChoicePopup(
            self, choices, set(self._model.selection.groups), multiple=True, everything=self.tr("全部客服组")
        )
        popup.chosen.connect(
            lambda keys: self._model.choose(
                replace(
                    self._model.selection, groups=tuple(group for group in self._model.facts.groups if group in keys)
                )
            )
        )
        popup.open_under(self.group)

    def _open_agents(self) -> None:
        selection, facts = self._model.selection, self._model.facts
        allowed = visible_shops(selection, facts)
        shop_names = {shop.id: shop.name for shop in facts.shops} if len(allowed) > 1 else {}
        choices = [
            Choice(
                str(agent.id),
                agent.name,
                " · ".join(part for part in (agent.team, shop_names.get(agent.shop_id, "")) if part),
            )
            for agent in facts.agents
            if agent.shop_id in allowed
        ]
        popup = ChoicePopup(
            self, choices, {str(agent) for agent in selection.agents}, multiple=True, everything=self.tr("全部客服")
        )
        popup.chosen.connect(
            lambda keys: self._model.choose(
                replace(self._model.selection, agents=tuple(sorted(int(key) for key in keys)))
            )
        )
        popup.open_under(self.agent)
