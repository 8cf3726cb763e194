"""Seams: a sentence whose beginning stands in one text and whose end stands in another, as if it were one statement."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WHOLE = 0.94  # share of the sentence that beginning and end together make up
_OWN = 0.88  # share from which one text alone explains the sentence
_WORD = re.compile(r"[\u3400-\u9fff]|[a-z0-9à-ÿ]+")


def is_merged(sentence: str, texts: Sequence[str]) -> bool:
    """Whether `sentence` is the beginning of one of `texts` joined to the end of another, word for word."""
    words = _words(sentence)
    if len(words) < 6:
        return False
    heads, tails = [], []
    for text in texts:
        haystack = f" {' '.join(_words(text))} "
        head, tail = _run(words, haystack, 1), _run(words, haystack, -1)
        if head + tail >= _OWN * len(words):
            return False
        heads.append(head)
        tails.append(tail)
    return max(heads, default=0) + max(tails, default=0) >= _WHOLE * len(words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _run(words: Sequence[str], haystack: str, direction: int) -> int:
    """How many words from the start (1) or the end (-1) of the sentence stand in the haystack as one run."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        piece = words[:middle] if direction == 1 else words[-middle:]
        if f" {' '.join(piece)} " in haystack:
            low = middle
        else:
            high = middle - 1
    return low
