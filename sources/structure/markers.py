"""Labels of legal units: numerals, and which level a bracketed marker belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CHINESE = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LONGEST_ROMAN = 15  # characters: ccclxxxviii has eleven
CHINESE_NUMERAL = "[零〇一二两三四五六七八九十百千]+"
ROMAN_NUMERAL = "[IVXLC]+"
BRACKETED = re.compile(r"^\(([0-9]+|[ivxl]{1,7}|[a-z]{1,2}|[A-Z]{1,2})\)\s*")


def chinese_to_int(numeral: str) -> int:
    """Value of a Chinese numeral below 10,000: 一百一十三 → 113."""
    total, digit = 0, 0
    for character in numeral:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _CHINESE[character]
    return total + digit


def roman_to_int(numeral: str) -> int:
    """Value of a Roman numeral in either case, or 0 where it is none."""
    values = [_ROMAN.get(character, 0) for character in numeral.lower()[: _LONGEST_ROMAN + 1]]
    if not values or 0 in values or len(values) > _LONGEST_ROMAN:
        return 0
    total = 0
    for position, value in enumerate(values):
        total += -value if any(later > value for later in values[position + 1 :]) else value
    return total


class Ladder:
    """Follows nested bracketed markers — (1), (a), (i), (A) — and tells each one's full path.

    Level styles are learnt as they appear. The one ambiguity, “(i)” as letter or as numeral, is decided
    by what is expected and by the marker that follows.
    """

    def __init__(self) -> None:
        self._levels: list[tuple[str, str]] = []  # (style, marker) from outermost to innermost

    def reset(self) -> None:
        """Forget all levels: a new article or paragraph begins."""
        self._levels.clear()

    @property
    def path(self) -> list[str]:
        """Markers from outermost to innermost."""
        return [marker for _, marker in self._levels]

    def pop(self) -> None:
        """Leave the innermost level."""
        if self._levels:
            self._levels.pop()

    def enter(self, marker: str, following: Sequence[str]) -> list[str]:
        """Place `marker` and return the path to it; `following` are the next markers in the text."""
        style = self._style(marker, following)
        styles = [known for known, _ in self._levels]
        if style in styles:
            del self._levels[styles.index(style) :]
        self._levels.append((style, marker))
        return self.path

    def _style(self, marker: str, following: Sequence[str]) -> str:
        if marker.isdigit():
            return "number"
        if marker.isupper():
            return "capital"
        current = dict(self._levels)
        if not roman_to_int(marker):
            return "letter"
        roman_before = roman_to_int(current["roman"]) if "roman" in current else 0
        letter_before = current.get("letter", "")
        if roman_before and roman_to_int(marker) == roman_before + 1:
            return "roman"
        if _next_letter(letter_before) == marker:
            return "roman" if following and roman_to_int(following[0]) == roman_to_int(marker) + 1 != 0 else "letter"
        return "roman" if marker[0] == "i" or roman_before else "letter"


def _next_letter(marker: str) -> str:
    """The marker after `marker`: a → b, z → aa, aa → bb (as US orders count)."""
    if not marker:
        return "a"
    if marker[0] == "z":
        return "a" * (len(marker) + 1)
    return chr(ord(marker[0]) + 1) * len(marker)
