"""Facts that a sentence may not change: figures with their units, dates, places in a text, quoted words.

Each function takes any text, Chinese or English, and gives values that compare equal when they mean the same:
“fifteen days”, “15-day” and “15日内” all hold Figure("15", "day"); “1 November 2023” is Date(2023, 11, 1).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from index.analyser import fold
from sources.numerals import (
    CHINESE_NUMERAL,
    MONTHS,
    TENS,
    ZERO_TO_TWENTY,
    chinese_to_int,
    numbers_in,
    plain_number,
    roman_to_int,
)

_BELOW_TWENTY = ZERO_TO_TWENTY[:20]
_VALUES = {word: number for number, word in enumerate(_BELOW_TWENTY)} | {
    word: 10 * number for number, word in enumerate(TENS, 2)
}
_SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS)})[- ](?P<ones>{'|'.join(_BELOW_TWENTY[1:10])})|"
    rf"(?P<word>{'|'.join([*TENS, *_BELOW_TWENTY])}))\b"
)
# Measure words after which a Chinese numeral is a number; wider than the check of digests, which shares its meaning.
_COUNTED = re.compile(
    rf"(?<![\u4e00-\u9fff]万)({CHINESE_NUMERAL})(?=(?:个|条|款|项|章|节|段|名|位|家|国|种|类|倍|次|份|人|件|天|日|年|月|周|小时|点|分|届|元|万|亿|台|所|轮|%|大(?!会|学|国|洋|使|型|力|量|模)))"
)
_PERCENT = re.compile(rf"百分之(\d+(?:\.\d+)?|{CHINESE_NUMERAL})")
_MYRIADS = re.compile(r"(\d+(?:\.\d+)?)\s*(万亿|亿|万)")
_MILLIONS = re.compile(r"(\d+(?:\.\d+)?)\s*(thousand|million|billion|trillion)\b")
_SCALE = {"万": 4, "亿": 8, "万亿": 12, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_THOUSANDS = re.compile(r"(?<=\d)[, \u00a0\u202f](?=\d{3}(?!\d))")
_UNIT_WORDS = {
    "percent": r"%|per ?cent\b|percentage points?",
    "workday": r"个?工作日|working[- ]days?|business[- ]days?",
    "day": r"天|日(?!本|益|常)|(?:calendar[- ])?days?\b",
    "week": r"个?星期|周|weeks?\b",
    "month": r"个月|months?\b",
    "year": r"年|years?\b",
    "hour": r"个?小时|hours?\b",
    "euro": r"欧元|euros?\b|eur\b",
    "yuan": r"元|yuan\b|rmb\b|renminbi",
    "dollar": r"美元|dollars?\b|usd\b",
    "flop": r"flops?\b|次浮点|floating[- ]point|次整数|integer or floating",
}
_UNIT = re.compile("|".join(rf"(?P<{name}>{pattern})" for name, pattern in _UNIT_WORDS.items()))
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COUNT = re.compile(r"(?<![\d.^第])(\d+(?:\.\d+)?)[\s-]*(%|[\u4e00-\u9fff]{1,2}|[a-z]{3,})")
_TO_TWENTY = re.compile(rf"\b({'|'.join(ZERO_TO_TWENTY)})\b")
_NO_COUNT = re.compile(rf"^(?:[年月日条款项章节世号]|article|section|{'|'.join(month[:3] for month in MONTHS)})")
_ORDINAL = re.compile(r"第(\d+)([天轮场])")
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ENGLISH_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINAL_WORDS)}) (day|round|session)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ITEMS = re.compile(r"(?<![第\d.])(\d+)[项条]([\u4e00-\u9fff]{2,})")
_CURRENCY = {"€": "euro", "$": "dollar", "¥": "yuan", "￥": "yuan"}
_PLACE = re.compile(
    r"第(?P<chinese>\d+)(?P<level>[条款项章节段])|(?P<word>article|section|sec\.|art\.|recital|paragraph|para\.|annex|"
    r"chapter|item)s?\s+(?P<latin>\d+(?:\.\d+)*|[ivxl]+\b)"
)
_QUOTED = re.compile(r"“([^“”]{2,})”|「([^「」]{2,})」|(?<![\w\"])\"([^\"]{2,})\"(?!\w)")
_CHINESE_DATE = re.compile(r"(?:(\d{4})年)?(?<!\d)(\d{1,2})月(?:(\d{1,2})日?)?")
_YEAR_ONLY = re.compile(r"(?<!\d)(\d{4})年(?!\d{1,2}月)|\b((?:19|20)\d\d)\b(?!年)")
_MONTH = "|".join(MONTHS)
_LATIN_RANGE = re.compile(rf"\b(\d{{1,2}})\s*(?:[–—-]|to|and)\s*(\d{{1,2}}) ((?:{_MONTH})(?:,? \d{{4}})?)")
_CHINESE_RANGE = re.compile(r"(\d{1,2})月(\d{1,2})日?[至到、和—–-]+(\d{1,2})日")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b(?:,? (\d{{4}}))?")
_MONTH_FIRST = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? (\d{{4}}))?")
_MONTH_YEAR = re.compile(rf"\b({_MONTH}),? (\d{{4}})\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as plain digits, with its unit's name where one follows it, else ""."""

    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Date:
    """A date, or the parts of it that the text gives; 0 for a part left out."""

    year: int = 0
    month: int = 0
    day: int = 0

    def within(self, other: Date) -> bool:
        """Whether every part given here is the same in `other`."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine in (0, theirs) for mine, theirs in pairs)


def in_digits(text: str) -> str:
    """The text in lower case with its numbers in digits: “Fifteen days” → “15 days”, 三百万元 → 3000000元."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = _THOUSANDS.sub("", folded)
    folded = _PERCENT.sub(lambda match: f"{_chinese_value(match[1])}%", folded)
    folded = _COUNTED.sub(lambda match: str(chinese_to_int(match[1])) if match[1] not in "百千十" else match[1], folded)
    folded = _SPELLED.sub(_spelled_value, folded)
    folded = _MILLIONS.sub(_scaled, folded)
    return _MYRIADS.sub(_scaled, folded)


def _chinese_value(numeral: str) -> str:
    return numeral if numeral[0].isdigit() else str(chinese_to_int(numeral))


def _spelled_value(match: re.Match[str]) -> str:
    if match["word"]:
        return match["word"] if match["word"] in ("one", "zero") else str(_VALUES[match["word"]])
    return str(_VALUES[match["tens"]] + _VALUES[match["ones"]])


def _scaled(match: re.Match[str]) -> str:
    return str(round(float(match[1]) * 10 ** _SCALE[match[2]]))


def figures(text: str) -> frozenset[Figure]:
    """Every number of a text with its unit, but those of places (Article 5) and of dates."""
    folded = _PLACE.sub(" ", in_digits(text))
    for pattern in (_LATIN_RANGE, _CHINESE_RANGE, _CHINESE_DATE, _DAY_FIRST, _MONTH_FIRST, _MONTH_YEAR, _YEAR_ONLY):
        folded = pattern.sub(" ", folded)
    found = set()
    for match in _NUMBER.finditer(folded):
        after = _UNIT.match(folded[match.end() : match.end() + 24].lstrip(" -)"))
        unit = after.lastgroup or "" if after else _CURRENCY.get(folded[match.start() - 1 : match.start()], "")
        found.add(Figure(plain_number(match.group()), unit))
    spelled = numbers_in(re.sub(r"\d", " ", in_digits(text))) - {figure.value for figure in found} - {"1"}
    elsewhere = {number for place in places(text) for number in re.findall(r"\d+", place)}
    return frozenset(found | {Figure(number) for number in spelled - elsewhere})


def counts(text: str) -> frozenset[tuple[str, str]]:
    """Numbers with the word that each counts, by its first character or its stem: (28, 国), (11, prop)."""
    folded = _TO_TWENTY.sub(lambda match: str(ZERO_TO_TWENTY.index(match[1])), fold(text))
    found = set()
    for number, counted in _COUNT.findall(folded):
        if not _NO_COUNT.match(counted) and not _YEAR.fullmatch(number):
            name = counted.lstrip("个名位") or counted
            found.add((number, name.rstrip("s")[:4] if name.isascii() else name[:1]))
    return frozenset(found)


def ordinals(text: str) -> frozenset[tuple[int, str]]:
    """Which day or round of a row is spoken of, named as `counts` does: 第三天 is (3, 天), “third day” (3, day)."""
    folded = fold(text)
    chinese = ((int(number), counted) for number, counted in _ORDINAL.findall(folded))
    english = ((_ORDINAL_WORDS.index(word) + 1, counted[:4]) for word, counted in _ENGLISH_ORDINAL.findall(folded))
    return frozenset((*chinese, *english))


def item_counts(text: str, reach: int) -> frozenset[tuple[str, str]]:
    """Numbers of items (十一项…主张) with each two characters that may name them, from the first `reach` places on."""
    return frozenset(
        (number, named[place : place + 2])
        for number, named in _ITEMS.findall(fold(text))
        for place in range(min(reach, len(named) - 1))
    )


def places(text: str) -> frozenset[str]:
    """Places that a text names, as “条5”, “article 5”, “annex 3”."""
    found = set()
    for match in _PLACE.finditer(in_digits(text)):
        if match["chinese"]:
            found.add(f"{match['level']}{match['chinese']}")
        else:
            number = match["latin"] if match["latin"][0].isdigit() else str(roman_to_int(match["latin"]))
            word = {"sec.": "section", "art.": "article", "para.": "paragraph"}.get(match["word"], match["word"])
            found.add(f"{word} {number}")
    return frozenset(found)


def dates(text: str) -> frozenset[Date]:
    """Dates of a text, each with the parts that it gives; a year on its own is a date too."""
    folded = _LATIN_RANGE.sub(r"\1 \3 \2 \3", in_digits(text))
    folded = _CHINESE_RANGE.sub(r"\1月\2日，\1月\3日", folded)
    found: set[Date] = set()
    for year, month, day in _CHINESE_DATE.findall(folded):
        found.add(Date(int(year or 0), int(month), int(day or 0)))
    for day, month, year in _DAY_FIRST.findall(folded):
        found.add(Date(int(year or 0), MONTHS.index(month) + 1, int(day)))
    for month, day, year in _MONTH_FIRST.findall(folded):
        found.add(Date(int(year or 0), MONTHS.index(month) + 1, int(day)))
    for month, year in _MONTH_YEAR.findall(folded):
        found.add(Date(int(year), MONTHS.index(month) + 1))
    found |= {Date(int(chinese or latin)) for chinese, latin in _YEAR_ONLY.findall(folded)}
    return frozenset(found)


def quoted(text: str) -> tuple[str, ...]:
    """The words between quotation marks, in order."""
    return tuple(next(filter(None, match)).strip() for match in _QUOTED.findall(text))
