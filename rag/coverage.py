"""Coverage: how much of a question a sentence holds, its terms weighted by rarity.

A term of the sentence itself counts full, one that only its headings or its lead-in hold less. An everyday word is
covered by any of the words that the texts use for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from index.analyser import terms_of_folded
from index.lexical import LexicalIndex
from rag.blocks import Sentence
from rag.question import Question
from rag.wording import content, focus

_SETTING, _NEARBY = 0.8, 0.5  # worth of a term that only the headings, or only the lead-in or digest, hold
_SINGLE = 0.25  # worth of a single Chinese character beside a pair
_FOCUS = 1.8  # worth of the noun that the question is after
_UNKNOWN = 0.3  # worth of a term that no passage holds
REWORDED = 1.0  # worth of a word of the texts that an everyday word stands for


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question asks to be held: terms, or any of some sets of terms, each with its weight; they sum to 1."""

    weights: dict[str, float]
    meant: dict[str, tuple[frozenset[str], ...]]

    def without(self, terms: Collection[str]) -> Sought:
        """What is left besides `terms`; the weights keep their worth."""
        return Sought({term: weight for term, weight in self.weights.items() if term not in terms}, self.meant)

    def coverage(self, sentence: Sentence, named: Collection[str] = ()) -> float:
        """Weight that the sentence holds, 0–1; terms of `named` count as held."""
        meant, own, setting, nearby = self.meant, sentence.terms, sentence.setting, sentence.nearby
        total = 0.0
        for term, weight in self.weights.items():  # asked of every sentence that is read: plain terms without a call
            if term in meant:
                total += weight * self._worth(term, sentence, named)
            elif term in own or term in named:
                total += weight
            elif term in setting:
                total += _SETTING * weight
            elif term in nearby:
                total += _NEARBY * weight
        return total

    def asked(self, sentence: Sentence, named: Collection[str], words: frozenset[str]) -> float:
        """Weight that only `words`, of the questions that its unit is known to answer, hold."""
        if not words:
            return 0.0
        total = 0.0
        for term, weight in self.weights.items():
            if self._is_in(term, words) and term not in named and not self._is_in(term, sentence.terms):
                total += weight * (1.0 - _SETTING if self._is_in(term, sentence.setting) else 1.0)
        return total

    def held_by(self, terms: frozenset[str]) -> frozenset[str]:
        """What of it a text with these terms holds."""
        plain = terms.intersection(self.weights)
        return plain.union(term for term in self.meant if term in self.weights and self._is_in(term, terms))

    def _worth(self, term: str, sentence: Sentence, named: Collection[str]) -> float:
        """What holding a term is worth where any of some sets of terms will do."""
        if term in named or self._is_in(term, sentence.terms):
            return 1.0
        return _SETTING if self._is_in(term, sentence.setting) else _NEARBY * self._is_in(term, sentence.nearby)

    def _is_in(self, term: str, terms: frozenset[str]) -> bool:
        if term in self.meant:
            return any(word <= terms for word in self.meant[term])
        return term in terms


def sought(question: Question, lexical: LexicalIndex) -> Sought:
    """The question's content terms weighted by rarity, summing to 1.

    Single characters count little, and so do terms that no passage holds: they are mostly the reader's own wording.
    """
    wanted = set(terms_of_folded(focus(question.folded)))
    weights: dict[str, float] = {}
    for term in terms_of_folded(content(question.folded)):
        factor = _SINGLE if len(term) == 1 and not term.isdigit() else 1.0
        factor *= _FOCUS if term in wanted else 1.0
        weights[term] = factor * lexical.idf(term) * (1.0 if lexical.knows(term) else _UNKNOWN)
    meant: dict[str, tuple[frozenset[str], ...]] = {}
    for rewording in question.rewordings:
        words = [frozenset(_telling(word)) for word in rewording.meant]
        known = [word for word in words if word and all(map(lexical.knows, word))]
        if known:
            meant[f"={rewording.said}"] = (*known, frozenset(_telling(rewording.said)))  # its own word covers it too
            weights[f"={rewording.said}"] = REWORDED * min(sum(map(lexical.idf, word)) for word in known)
    total = sum(weights.values()) or 1.0
    return Sought({term: weight / total for term, weight in weights.items()}, meant)


def _telling(word: str) -> list[str]:
    """Its terms, without single Chinese characters beside pairs."""
    found = terms_of_folded(word)
    return [term for term in found if len(term) > 1] or found
