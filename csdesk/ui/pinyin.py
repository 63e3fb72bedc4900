"""Finding Chinese words by the initials of their pinyin ("myl" → 满意率). Only the words of our own screens.

The table lists initials by character for the names of pages, metrics, platforms and actions, and the
commonest characters of nicknames; a character that is not listed matches itself only.
"""

from __future__ import annotations

_BY_INITIAL = {
    "a": "阿安爱按",
    "b": "八白百班半帮报本标表别步部饱保豹冰宝不比",
    "c": "参册彩差产常厂长场成出次从存采晨春曹陈程",
    "d": "打大代单当导到的得低点店调订定动斗抖豆东对多达待段丁杜董邓",
    "e": "二额恩儿",
    "f": "发反返范方飞分服付复负风菲芳范冯",
    "g": "改干感高歌个各工购古关管广规郭国果光高桂",
    "h": "汉好号合和红后户话欢换回会绘黄华海浩何胡韩花",
    "j": "机级即集计记绩加价间简件江将交接解界今金近京景静口径静佳家洁杰娟君姜蒋贾均解决急较",
    "k": "开看可客空口库快款考咖凯康",
    "l": "来蓝类累里理历连量料列留流率路论落例力丽莉林琳玲龙陆卢梁李刘罗鹿乐",
    "m": "马买卖满慢漫没每美门米面秒名明命模梦妹敏孟毛苗木",
    "n": "拿哪那南内能年鸟娜妮宁牛",
    "o": "欧",
    "p": "排拍派盘跑评平品频破拼票苹潘彭",
    "q": "七其期齐起前千钱强青清情请求区去全缺确启琪倩晴秦邱",
    "r": "然人日如入软热任瑞蕊",
    "s": "三色删上少设失师时识使事视是适收手数刷双水说私思搜速算所索赛诉生市深升商三石苏孙宋沈史邵",
    "t": "他台态淘题提天添条调跳通同统图推退拖托糖甜桃婷唐田谭汤",
    "w": "外完晚网往望为未温文问无五物误维王吴魏汪武雯微",
    "x": "西系下夏先显现线响项消小效些新信星行修需许选询学寻写销向形徐谢薛肖萧晓雪欣霞",
    "y": "一页业依移已以意因引应英影用优由邮有于预元原源月云运样验邀言严颜要也夜音应瑶燕杨叶余袁于尹月意圆",
    "z": "在暂早造择怎增展占张账找照折这真整正支知直只指志制质中终种重周州主注转专状准桌子自字总走足"
    "组最昨左作做赵郑钟朱邹珍",
}
_INITIAL = {character: initial for initial, characters in _BY_INITIAL.items() for character in characters}
_INITIAL.update({"数": "s", "调": "d", "重": "z", "长": "c", "均": "j", "例": "l", "示": "s", "撤": "c", "填": "t"})


def initials(text: str) -> str:
    """Pinyin initials, lower case; what is not a known character stays as it is."""
    return "".join(_INITIAL.get(character, character) for character in text.casefold() if not character.isspace())


def matches(query: str, text: str) -> bool:
    """Whether the text, or its initials, hold what was typed; an empty query matches everything."""
    wanted = "".join(query.casefold().split())
    return not wanted or wanted in "".join(text.casefold().split()) or wanted in initials(text)


def rank(query: str, text: str) -> int:
    """How good a match is, for sorting: 0 begins with it, 1 initials begin with it, 2 holds it, 3 not at all."""
    wanted = "".join(query.casefold().split())
    plain, short = "".join(text.casefold().split()), initials(text)
    if plain.startswith(wanted):
        return 0
    if short.startswith(wanted):
        return 1
    return 2 if wanted in plain or wanted in short else 3
