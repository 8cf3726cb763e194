"""Numerals: Chinese, Roman and English ones, months, and the numbers that a text holds."""

from __future__ import annotations

import re
import unicodedata

CHINESE_NUMERAL = "[零〇一二两三四五六七八九十百千]+"
ROMAN_NUMERAL = "[IVXLC]+"
# English words in order: their places tell their values.
ZERO_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
FIRST_TO_TENTH = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
MONTHS = "january february march april may june july august september october november december".split()
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LONGEST_ROMAN = 15  # characters: ccclxxxviii has eleven
_WORDS = (
    {word: value for value, word in enumerate(ZERO_TO_TWENTY)}
    | {word: value for value, word in enumerate(FIRST_TO_TENTH, 1)}
    | {"twentieth": 20}
)
_MONTH_NAME = re.compile(rf"\b({'|'.join(MONTHS)}) \d|\d ({'|'.join(MONTHS)})\b")
_ROMAN = re.compile(r"\b(?:annex(?:es)?|chapter|title|section)s? ([ivx]+)\b(?: (?:and|or|to) ([ivx]+)\b)?")
_MYRIADS = re.compile(r"(\d+(?:\.\d+)?)(万|亿)")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CHINESE = re.compile(
    rf"(?:第|约|近|共|超过|至少|每)?({CHINESE_NUMERAL})(?=[个条款项名位国家种天日年月届类分倍次份人件大点%时])"
)


def chinese_to_int(numeral: str) -> int:
    """Value of a Chinese numeral below 10,000: 一百一十三 → 113."""
    total, digit = 0, 0
    for character in numeral:
        if character in _CHINESE_UNITS:
            total += (digit or 1) * _CHINESE_UNITS[character]
            digit = 0
        else:
            digit = _CHINESE_DIGITS[character]
    return total + digit


def roman_to_int(numeral: str) -> int:
    """Value of a Roman numeral in either case, or 0 where it is none."""
    values = [_ROMAN_DIGITS.get(character, 0) for character in numeral.lower()[: _LONGEST_ROMAN + 1]]
    if not values or 0 in values or len(values) > _LONGEST_ROMAN:
        return 0
    total = 0
    for position, value in enumerate(values):
        total += -value if any(later > value for later in values[position + 1 :]) else value
    return total


def numbers_in(text: str) -> frozenset[str]:
    """Numbers of a text as digits: figures, Chinese numerals before a measure word, English number words, months."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = re.sub(r"(?<=\d)[, \u00a0](?=\d{3}(?!\d))", "", folded)
    folded = _MYRIADS.sub(lambda match: str(round(float(match[1]) * (10**4 if match[2] == "万" else 10**8))), folded)
    found = {plain_number(number) for number in _DIGITS.findall(folded)}
    found |= {str(chinese_to_int(numeral)) for numeral in _CHINESE.findall(folded) if numeral not in "百千"}
    found |= {str(_WORDS[word]) for word in re.findall(r"[a-z]+", folded) if word in _WORDS}
    found |= {str(roman_to_int(numeral)) for pair in _ROMAN.findall(folded) for numeral in pair if numeral}
    for month in _MONTH_NAME.findall(folded):  # only beside a figure: “may” is mostly a verb
        found.add(str(MONTHS.index(month[0] or month[1]) + 1))
    return frozenset(found)


def plain_number(number: str) -> str:
    """A number in digits without zeros that say nothing: 007 → 7, 1.50 → 1.5."""
    return number.rstrip("0").rstrip(".") if "." in number else str(int(number))
