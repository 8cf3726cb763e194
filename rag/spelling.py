"""Misspelt names: “Bletchly” → “Bletchley”.

Only Latin words that no passage holds are looked at, and only words of names are put in their place: one that begins
alike and differs by a letter or two. A Chinese name with one wrong character is found by its other pairs anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

from index.analyser import fold, terms

_WORD = re.compile(r"[A-Za-z]{6,}")  # shorter words are too easily another one
_ALIKE = 0.86  # 2 · letters in common / letters of both, as difflib counts them


class Spelling:
    """The words that names consist of."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are folded."""
        self._words: dict[str, set[str]] = {}  # by first letter
        for name in names:
            for word in _WORD.findall(name):
                self._words.setdefault(word[0], set()).add(word)

    def respelled(self, text: str, is_known: Callable[[str], bool]) -> str:
        """`text` with each misspelt word as a name has it; `is_known` tells of a term whether any passage holds it."""

        def correct(match: re.Match[str]) -> str:
            word = fold(match.group())
            known = self._words.get(word[0], set())
            if word in known or any(map(is_known, terms(word))):
                return match.group()
            meant = get_close_matches(word, sorted(known), n=1, cutoff=_ALIKE)
            return (meant[0].capitalize() if match.group()[0].isupper() else meant[0]) if meant else match.group()

        return _WORD.sub(correct, text)
