"""The parts of a company's name: place, brand, trade, legal form, branch, numbers; in one script, width and case."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from duobiao.customers.domain.naming import LEGAL_FORMS, NOT_A_LETTER
from duobiao.customers.domain.places import COUNTRY, LONGEST_PLACE, PLACES

TRADES: Final = [
    "机械制造",
    "装备制造",
    "信息技术",
    "电子科技",
    "网络科技",
    "智能科技",
    "环保科技",
    "生物科技",
    "新能源",
    "新材料",
    "自动化",
    "半导体",
    "互联网",
    "物联网",
    "房地产",
    "科技",
    "技术",
    "实业",
    "贸易",
    "商贸",
    "机械",
    "设备",
    "装备",
    "制造",
    "工程",
    "电子",
    "电气",
    "电器",
    "电力",
    "能源",
    "信息",
    "网络",
    "通信",
    "通讯",
    "软件",
    "数据",
    "数码",
    "控股",
    "发展",
    "工业",
    "国际",
    "投资",
    "建设",
    "建筑",
    "环保",
    "环境",
    "材料",
    "化工",
    "化学",
    "化纤",
    "医药",
    "药业",
    "生物",
    "医疗",
    "食品",
    "汽车",
    "汽配",
    "零部件",
    "精密",
    "精工",
    "五金",
    "模具",
    "塑料",
    "橡胶",
    "钢铁",
    "金属",
    "重工",
    "物流",
    "运输",
    "供应链",
    "置业",
    "地产",
    "物业",
    "文化",
    "传媒",
    "广告",
    "教育",
    "咨询",
    "服务",
    "管理",
    "产业",
    "经济",
    "农业",
    "纺织",
    "服饰",
    "家居",
    "智能",
    "光电",
    "光伏",
    "仪器",
    "仪表",
    "控制",
    "系统",
    "集成",
    "股份",
    "企业",
]
"""Words of trade and of form within a name, that by themselves name nobody; longer ones first where they overlap."""

LATIN_TRADES: Final = frozenset(
    [
        "the",
        "and",
        "of",
        "company",
        "co",
        "technology",
        "technologies",
        "tech",
        "group",
        "holding",
        "holdings",
        "international",
        "industries",
        "industry",
        "solutions",
        "systems",
        "services",
        "enterprises",
        "global",
    ]
)
BRANCH: Final = re.compile(r"([^分]{0,8}?)(分公司|分行|支行|分厂|分院|分部|办事处|代表处|事业部|营业部|项目部)$")
PLACE_SUFFIXES: Final = ("特别行政区", "自治区", "自治州", "省", "市", "区", "县")
NUMBER: Final = re.compile(r"\d+|[〇零一二三四五六七八九十]+")
LATIN_NUMBER: Final = re.compile(r"\d+|\b(?:ii|iii|iv|vi|vii|viii|ix)\b")
HAN: Final = re.compile(r"[㐀-鿿]")
WORD: Final = re.compile(r"[^\W_]+")
_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name taken apart.

    Attributes:
        letters: All letters in one script, width and case, without punctuation.
        core: Without place, country, legal form and branch.
        brand: Core without words of trade; the core itself where nothing would stay.
        trade: The words of trade that were taken out.
        places: Places in it, without 省 and the like; those inside the core too.
        branch: ``"苏州分公司"``; "" for the company itself.
        numbers: Numbers in the core, as digits, in their order.
        is_chinese: It is written in Chinese characters.
        sound: Brand as it is spoken, in pinyin; "" for names in Latin letters.
    """

    letters: str
    core: str
    brand: str
    trade: str
    places: frozenset[str]
    branch: str
    numbers: tuple[str, ...]
    is_chinese: bool
    sound: str


@lru_cache(maxsize=4096)
def parts_of(name: str) -> CompanyName:
    """Take a name apart."""
    folded = fold(name)
    if not HAN.search(folded):
        return _latin(folded)
    return _chinese(NOT_A_LETTER.sub("", folded))


def fold(text: str) -> str:
    """Return a text in simplified characters, half width and lower case."""
    return _simplified()(unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=1)
def _simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # its dictionary too is loaded by who compares names

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def spoken(text: str) -> str:
    """Return a Chinese text in pinyin without tones, as one word."""
    from pypinyin import lazy_pinyin  # its dictionary takes 12 MB: not before a name is compared

    return "".join(lazy_pinyin(text))


def _chinese(letters: str) -> CompanyName:
    rest, branch = letters, ""
    if found := BRANCH.search(letters):
        head = letters[: found.start()]
        form = next((form for form in LEGAL_FORMS if form in letters), "")
        cut = letters.index(form) + len(form) if form else len(head)
        rest, branch = letters[: max(cut, 2)], letters[max(cut, 2) :]
    places, rest = _without_places(_without_form(rest))
    rest = _without_form(rest)
    core = rest or letters
    brand, trade = _without_trades(core)
    numbers = tuple(_number(text) for text in NUMBER.findall(core))
    places |= {core[at : at + 2] for at in range(len(core) - 1)} & PLACES
    return CompanyName(letters, core, brand, trade, places, branch, numbers, True, spoken(brand))


def _without_form(text: str) -> str:
    rest = text
    while (form := next((form for form in LEGAL_FORMS if rest.endswith(form)), "")) and rest != form:
        rest = rest.removesuffix(form)
    return rest


def _without_places(text: str) -> tuple[frozenset[str], str]:
    """Take places out of the beginning and the end of a name, as ``苏州恒力`` and ``恒力（苏州）`` have them."""
    places: set[str] = set()
    rest = text
    while found := _leading_place(rest):
        place, length = found
        rest = rest[length:]
        if place not in COUNTRY:
            places.add(place)
    while found := _ending_place(rest):
        place, length = found
        rest = rest[:-length]
        if place not in COUNTRY:
            places.add(place)
    return frozenset(places), rest


def _leading_place(text: str) -> tuple[str, int] | None:
    for length in range(min(LONGEST_PLACE, len(text) - 2), 1, -1):
        place = text[:length]
        if place in PLACES or place in COUNTRY:
            suffix = next((s for s in PLACE_SUFFIXES if text.startswith(s, length)), "")
            return (place, length + len(suffix)) if len(text) - length - len(suffix) >= 2 else (place, length)
    return None


def _ending_place(text: str) -> tuple[str, int] | None:
    for length in range(min(LONGEST_PLACE, len(text) - 2), 1, -1):
        if (place := text[-length:]) in PLACES or place in COUNTRY:
            return place, length
    return None


def _without_trades(core: str) -> tuple[str, str]:
    taken: list[str] = []
    rest = core
    shrinking = True
    while shrinking:
        shrinking = False
        for word in TRADES:
            if rest.endswith(word) and len(rest) - len(word) >= 2:
                rest = rest.removesuffix(word)
                taken.insert(0, word)
                shrinking = True
                break
    return rest, "".join(taken)


def _latin(folded: str) -> CompanyName:
    words = WORD.findall(folded)
    kept = [word for word in words if word not in LEGAL_FORMS and word not in COUNTRY]
    core = "".join(kept) or "".join(words)
    brand = "".join(word for word in kept if word not in LATIN_TRADES) or core
    trade = "".join(word for word in kept if word in LATIN_TRADES)
    numbers = tuple(LATIN_NUMBER.findall(" ".join(kept)))
    return CompanyName("".join(words), core, brand, trade, frozenset(), "", numbers, False, "")


def _number(text: str) -> str:
    if text.isdigit():
        return text
    if "十" not in text:
        return text.translate(_DIGITS)
    tens, _sign, ones = text.partition("十")
    return str(int(tens.translate(_DIGITS) or 1) * 10 + int(ones.translate(_DIGITS) or 0)) if "十" not in ones else text
