"""Answerability: how probable it is that a sentence answers, where its source's known questions are at hand.

A logistic function of what the sentence and the known questions of its unit hold of the question, of how far it leads
the rest, and of how the question is worded: who asks for a cost, a vote, a reaction or what happened since mostly asks
what these texts never tell. Trained by `python -m rag.training.answerability` on questions written for it
(`rag/training/near_misses.jsonl`); the card is `rag/answerability/README.md`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from index.analyser import fold
from rag.mention import Mention

WEIGHTS_FILE = Path(__file__).with_name("answerability") / "weights.json"
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells whether the best sentence answers; the order is that of the weights."""

    coverage: float  # share of the question's weight that the sentence and its surroundings hold
    asked: float  # share that only the known questions of its unit hold
    alike: float  # likeness of the known question of the unit that asks for the same kind of answer
    closest: float  # likeness of the closest known question of any unit
    lead: float  # over the best sentence of any other article
    names: float  # share of the question's names that its article holds
    terms: float  # logarithm of how many things the question asks to be held
    near_miss: float  # how far the question is worded like one that the texts do not answer: a logit


SIGNS = tuple(sign.name for sign in fields(Signs))


@dataclass(frozen=True, slots=True)
class Answerability:
    """Weights of the signs, and of the words of a question."""

    bias: float
    weights: Mapping[str, float]
    word_bias: float
    words: Mapping[str, float]

    def logit(self, signs: Signs) -> float:
        """Logarithm of the odds that the sentence answers."""
        pairs = zip(SIGNS, astuple(signs), strict=True)
        return self.bias + math.fsum(self.weights[name] * value for name, value in pairs)

    def near_miss(self, text: str, mentions: Iterable[Mention]) -> float:
        """How far a question is worded like one that the texts do not answer: a logit."""
        return self.word_logit(wording(text, mentions))

    def word_logit(self, words: Iterable[str]) -> float:
        """The same of a question's words."""
        return self.word_bias + math.fsum(self.words.get(word, 0.0) for word in words)


@lru_cache(maxsize=1)
def shipped() -> Answerability:
    """The weights that ship."""
    return Answerability(**json.loads(WEIGHTS_FILE.read_text(encoding="utf-8")))


def wording(text: str, mentions: Iterable[Mention]) -> frozenset[str]:
    """How a question is put: its words and pairs of words, or characters and pairs of them, without any names."""
    folded = fold(text)
    for mention in mentions:
        if mention.is_name:
            folded = f"{folded[: mention.start]}{' ' * (mention.end - mention.start)}{folded[mention.end :]}"
    found: set[str] = set()
    for run in _CHINESE.findall(folded):
        found.update(run, (run[place : place + 2] for place in range(len(run) - 1)))
    if not found:
        words = _WORD.findall(folded)
        found.update(words, (f"{one} {next_one}" for one, next_one in pairwise(words)))
        found.update(f"^{word}" for word in words[:1])
    return frozenset(found)
