"""Bracketed markers of legal units — (1), (a), (i) — and which level each belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.numerals import roman_to_int

BRACKETED = re.compile(r"^\(([0-9]+|[ivxl]{1,7}|[a-z]{1,2}|[A-Z]{1,2})\)\s*")


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
