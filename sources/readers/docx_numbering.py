"""The numbers that Word prints before paragraphs and does not store in their text: “1.”, “(a)”, “第一条”."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from sources.locator import chinese_number

Element = Any  # lxml has no types of its own

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE_FORMATS = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital"})
_LARGEST = 999


class Numbering:
    """Counts through a document and tells each numbered paragraph's mark."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}  # numId → level → (format, pattern, start)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        abstract = {}
        for definition in root.iter(f"{WORD}abstractNum"):
            levels = {}
            for level in definition.iter(f"{WORD}lvl"):
                form, pattern = _value(level, "numFmt") or "decimal", _value(level, "lvlText")
                levels[_integer(level.get(f"{WORD}ilvl"))] = (form, pattern, _integer(_value(level, "start"), 1))
            abstract[definition.get(f"{WORD}abstractNumId")] = levels
        for number in root.iter(f"{WORD}num"):
            self._levels[number.get(f"{WORD}numId") or ""] = abstract.get(_value(number, "abstractNumId"), {})

    def mark(self, number_id: str, level: int) -> str:
        """The mark of the next paragraph of that list and level, "" where it has none."""
        levels = self._levels.get(number_id, {})
        if level not in levels:
            return ""
        form, pattern, start = levels[level]
        counts = self._counts[number_id]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if form == "bullet":
            return "•"
        if form == "none":
            return ""

        def numeral(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            its_form, _, its_start = levels.get(which, ("decimal", "", 1))
            return format_number(counts.get(which, its_start), its_form)

        return re.sub(r"%([1-9])", numeral, pattern).strip()


def format_number(number: int, form: str) -> str:
    """A count in Word's number format: decimal, lowerLetter, upperRoman, chineseCounting …"""
    if not 0 < number <= _LARGEST:
        return str(number)
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        numeral = _roman(number)
        return numeral.upper() if form == "upperRoman" else numeral
    if form in _CHINESE_FORMATS:
        return chinese_number(number)
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, numeral in (
        (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
        (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        count, number = divmod(number, value)
        text += numeral * count
    return text


def _value(element: Element, name: str) -> str:
    child = element.find(f"{WORD}{name}")
    return (child.get(f"{WORD}val") or "") if child is not None else ""


def _integer(text: str | None, default: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,4}", text) else default
