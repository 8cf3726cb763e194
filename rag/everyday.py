"""Everyday words → the words that the texts use: who asks 罚多少钱 means 罚款, who says “get in trouble” a penalty.

The lists (`everyday/zh.txt`, `everyday/en.txt`) are our own: word of the texts = what people say for it, all folded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.analyser import stems

FOLDER = Path(__file__).with_name("everyday")
_WORD = re.compile(r"[a-zà-ÿ]+(?:['’][a-z]+)?")
_UNIT = re.compile(r"[a-z0-9]+|.", re.DOTALL)  # a Latin word or figure counts whole in Chinese

Sayings = dict[tuple[str, ...], tuple[str, ...]]  # what is said, cut into units → words of the texts


@dataclass(frozen=True, slots=True)
class Rewording:
    """What a question says, and the words of the texts, any of which may be meant."""

    said: str
    meant: tuple[str, ...]


def rewordings(folded: str, language: str) -> tuple[Rewording, ...]:
    """The everyday words of a folded question in its language, of two that overlap the one that begins first or else
    the longer one, in text order, each once. What the question says in words of the texts anyway is left out.
    """
    sayings, longest = _sayings(language)
    units = _units(folded, language)
    keys = stems(units) if language == "en" else units
    found: dict[str, tuple[str, ...]] = {}
    start = 0
    while start < len(units):
        sizes = range(min(longest, len(units) - start), 0, -1)
        size = next((size for size in sizes if tuple(keys[start : start + size]) in sayings), 0)
        if size:
            said = (" " if language == "en" else "").join(units[start : start + size])
            found[said] = tuple(word for word in sayings[tuple(keys[start : start + size])] if word not in folded)
        start += size or 1
    return tuple(Rewording(said, meant) for said, meant in found.items() if meant)


def _units(folded: str, language: str) -> list[str]:
    return (_WORD if language == "en" else _UNIT).findall(folded)


@lru_cache(maxsize=2)
def _sayings(language: str) -> tuple[Sayings, int]:
    """What people say in a language, and the most units that one saying has; English words by their stems."""
    sayings: Sayings = {}
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        word, _, said = line.partition(" = ")
        for units in (_units(one, language) for one in said.split(", ")):
            key = tuple(stems(units) if language == "en" else units)
            sayings[key] = (*sayings.get(key, ()), word)
    return sayings, max(map(len, sayings), default=0)
