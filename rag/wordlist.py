"""The content words of a sentence, and how far another text holds them.

A Chinese character is held where one of the two pairs that it forms with its neighbours is; a Latin word where its
stem is. Grammar words and figures are left out: figures are compared exactly elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.analyser import fold, terms_of_folded

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-zà-ÿ]+(?:['’][a-z]+)?")
_GRAMMAR_CHARACTERS = frozenset("的了在和与及或等以对为于是有将其这那也都并而所就之从由向把被给着过则但且又该此各")
_GRAMMAR_PAIRS = re.compile(
    r"必须|应当|可以|需要|包括|是指|以及|并且|或者|同时|因此|其中|通过|对于|关于|根据|按照|不得|没有|有关|进行|方面"
)
_GRAMMAR_WORDS = frozenset(
    "these those they them he she him her his been being has had having also such as so than then into under upon over "
    "out up off if when while where there here more most very much many some any each every other others another own "
    "both either same one ones between among within through during before after above below again further once only "
    "just not no nor neither must should could might ought cannot never without all an and are but because until "
    "against too don now we us our you your i me my am does did doing".split()
)


@dataclass(frozen=True)
class Analysis:
    """One text's content words in order, each with the terms by which it is found, and all its search terms."""

    words: tuple[tuple[str, tuple[str, ...]], ...]
    terms: frozenset[str]

    def _compared(self, around: Analysis | None) -> list[tuple[str, tuple[str, ...]]]:
        """The words that count: not those which title and headings give anyway, if others are left."""
        own = [word for word in self.words if around is None or not around.terms.intersection(word[1])]
        return own or list(self.words)

    def coverage(self, other: Analysis, around: Analysis | None = None) -> float:
        """Share of the content words that `other` holds, 0–1; words of `around` (title, headings) do not count."""
        words = self._compared(around)
        if not words:
            return 1.0
        return sum(bool(other.terms.intersection(keys)) for _, keys in words) / len(words)

    def foreign_runs(self, other: Analysis, around: Analysis) -> list[list[tuple[str, tuple[str, ...]]]]:
        """Runs of neighbouring content words that neither `other` nor `around` holds, in order."""
        runs: list[list[tuple[str, tuple[str, ...]]]] = [[]]
        for word in self.words:
            if other.terms.intersection(word[1]) or around.terms.intersection(word[1]):
                runs.append([])
            else:
                runs[-1].append(word)
        return [run for run in runs if run]


@lru_cache(maxsize=8192)
def analysed(text: str) -> Analysis:
    """The analysis of a text; kept, because the same cited sentence is compared often."""
    folded = fold(text)
    words: list[tuple[str, tuple[str, ...]]] = []
    for run in _RUN.findall(folded):
        if "\u3400" <= run[0] <= "\u9fff":
            words += _characters(run)
        elif run not in _GRAMMAR_WORDS and (stems := terms_of_folded(run)):
            words.append((run, tuple(stems)))
    return Analysis(tuple(words), frozenset(terms_of_folded(folded)))


def _characters(run: str) -> list[tuple[str, tuple[str, ...]]]:
    if len(run) == 1:
        return [] if run in _GRAMMAR_CHARACTERS else [(run, (run,))]
    grammar = {position for match in _GRAMMAR_PAIRS.finditer(run) for position in range(*match.span())}
    return [
        (character, tuple(run[start : start + 2] for start in (position - 1, position) if 0 <= start < len(run) - 1))
        for position, character in enumerate(run)
        if character not in _GRAMMAR_CHARACTERS and position not in grammar
    ]
