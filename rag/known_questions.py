"""Known questions: which of the questions that the library is known to answer is most like the one asked.

Readers ask in words that no text uses; a question is best found by another question (query expansion by documents'
questions: Nogueira et al. 2019, “Document Expansion by Query Prediction”; here the questions were written by hand).

    likeness = 0.6 · cosine of the terms, weighted by rarity + 0.4 · cosine of the encoder's vectors

Names of sources are left out on both sides, since the scope of a question is treated elsewhere; all other names count
as their entry of the term sheet. The questions are packed beforehand (`tools/pack_questions.py`), so that asking pays
for no analysis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analyser import fold, terms_of_folded
from index.durable import array_content, write_file
from index.embedder import bundled_embedder
from index.lexical import inverse_frequency
from rag.everyday import rewordings
from rag.kinds import AnswerKind, kind_of
from rag.mention import Mention
from sources.known_questions import KnownQuestion

FOLDER = Path(__file__).with_name("known_questions")
_DENSE = 0.4  # share of the encoder in the likeness
_UNKNOWN = 0.5  # worth of a term that no known question holds
_ONE_BYTE = 127.0
_SECOND = 0.25  # worth of the second question of a unit that is like the asked one
_MOST = 120  # questions looked at, best first
_MOST_GROUPS = 64  # groups of sources whose rows are remembered

Place = tuple[str, str]  # source, locator


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like the asked question those are that a unit is known to answer."""

    unit: float  # the most alike of all, and a little for the next one: a second one says that it is no chance
    best: float  # the most alike of all, 0–1
    sentences: Mapping[int, float]  # the most alike of those about each sentence, 0–1
    kinds: Mapping[AnswerKind, float]  # the most alike of those that ask for each kind of answer, 0–1


def without_sources(folded: str, mentions: Iterable[Mention]) -> str:
    """A folded question without the names of sources."""
    for mention in mentions:
        if mention.source_id:
            folded = f"{folded[: mention.start]}{' ' * (mention.end - mention.start)}{folded[mention.end :]}"
    return folded


def compared(text: str, mentions: Sequence[Mention], language: str) -> tuple[frozenset[str], str]:
    """The terms by which a question is compared, and its folded text: without sources, under names' canonical forms."""
    folded = fold(text)
    for mention in reversed(mentions):  # from the end, so that spans stay true
        if mention.source_id or (mention.is_name and mention.term):
            name = "" if mention.source_id or not mention.term else fold(mention.term.names(language)[0])
            folded = f"{folded[: mention.start]} {name} {folded[mention.end :]}"
    words = terms_of_folded(folded)
    telling = [word for word in words if len(word) > 1 or word.isascii()] or words
    meant = [term for said in rewordings(folded, language) for word in said.meant for term in terms_of_folded(word)]
    named = [f"#{mention.term.id}" for mention in mentions if mention.term and not mention.source_id]
    return frozenset([*telling, *(term for term in meant if len(term) > 1), *named]), folded


class KnownQuestions:
    """The packed questions of one language."""

    def __init__(self, folder: Path) -> None:
        """Open what `pack` gave in a folder named after the language; raises OSError or ValueError."""
        self._language = folder.name
        rows = (folder / "places.txt").read_text(encoding="utf-8").splitlines()
        self._places: list[Place] = []
        self._aims: list[tuple[int, AnswerKind]] = []  # the sentence that answers, and the kind of answer asked for
        for source_id, locator, sentence, kind in map(str.split, rows):
            self._places.append((source_id, locator))
            self._aims.append((int(sentence), AnswerKind(kind)))
        self._sources = list(dict.fromkeys(source_id for source_id, _ in self._places))
        numbers = {source_id: number for number, source_id in enumerate(self._sources)}
        self._source_of = np.asarray([numbers[source_id] for source_id, _ in self._places], dtype=np.uint16)
        self.source_ids = frozenset(self._sources)
        self._spans: dict[Place, tuple[int, int]] = {}  # where the questions of a unit stand: one after the other
        for row, place in enumerate(self._places):
            self._spans[place] = (self._spans.get(place, (row, row))[0], row + 1)
        self._words = (folder / "terms.txt").read_text(encoding="utf-8").splitlines()
        self._numbers = dict(zip(self._words, range(len(self._words)), strict=True))
        self._words_asked: dict[Place, frozenset[str]] = {}
        self._rows_of: dict[frozenset[str], NDArray[np.int64]] = {}
        self._starts = np.load(folder / "starts.npy", allow_pickle=False)
        self._rows = np.load(folder / "rows.npy", allow_pickle=False)
        self._held = np.load(folder / "held.npy", allow_pickle=False)
        self._ends = np.load(folder / "ends.npy", allow_pickle=False)
        self._lengths = np.load(folder / "lengths.npy", allow_pickle=False)
        self._vectors = np.load(folder / "vectors.npy", allow_pickle=False).astype(np.float32) / _ONE_BYTE

    def words_asked(self, place: Place) -> frozenset[str]:
        """Every term of the questions that a unit is known to answer."""
        if place not in self._words_asked:
            first, last = self._spans.get(place, (0, 0))
            held = self._held[self._ends[first] : self._ends[last]]
            self._words_asked[place] = frozenset(self._words[number] for number in held.tolist())
        return self._words_asked[place]

    def _rarity(self, term: str) -> float:
        number = self._numbers.get(term)
        if number is None:
            return _UNKNOWN * inverse_frequency(0, len(self._places))
        return inverse_frequency(int(self._starts[number + 1] - self._starts[number]), len(self._places))

    def likeness(self, terms: Collection[str], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Likeness of every known question to one with these terms and this vector, shape (questions,)."""
        shared = np.zeros(len(self._places), dtype=np.float32)
        rarities = {term: self._rarity(term) for term in sorted(terms)}
        for term, rarity in rarities.items():
            if (number := self._numbers.get(term)) is not None:
                shared[self._rows[self._starts[number] : self._starts[number + 1]]] += rarity * rarity
        length = math.sqrt(math.fsum(rarity * rarity for rarity in rarities.values())) or 1.0
        likeness = (1 - _DENSE) * shared / (self._lengths * length) + _DENSE * (self._vectors @ vector)
        return np.asarray(likeness, dtype=np.float32)

    def units_like(self, text: str, mentions: Sequence[Mention], within: Collection[str]) -> dict[Place, Likeness]:
        """Units of the sources `within` that are known to answer the questions most like `text`, best first."""
        terms, folded = compared(text, mentions, self._language)
        likeness = self.likeness(terms, bundled_embedder().encode([folded])[0])
        own = self._rows_within(frozenset(within))
        if len(own) > _MOST:  # the rest need not be put in order
            least = np.partition(likeness[own], len(own) - _MOST)[len(own) - _MOST]
            own = own[likeness[own] >= least]
        best = own[np.argsort(-likeness[own], kind="stable")[:_MOST]]
        rows: dict[Place, list[tuple[int, float]]] = {}
        for row, alike in zip(best.tolist(), likeness[best].tolist(), strict=True):
            rows.setdefault(self._places[row], []).append((row, alike))
        return {place: self._likeness_of(of_unit) for place, of_unit in rows.items()}

    def _rows_within(self, source_ids: frozenset[str]) -> NDArray[np.int64]:
        """Rows (ascending) of the questions of some sources; nearly always those of the whole index, looked up once."""
        if source_ids not in self._rows_of:
            meant = [number for number, source_id in enumerate(self._sources) if source_id in source_ids]
            if len(self._rows_of) >= _MOST_GROUPS:
                self._rows_of.clear()
            self._rows_of[source_ids] = np.flatnonzero(np.isin(self._source_of, meant))
        return self._rows_of[source_ids]

    def _likeness_of(self, alike: Sequence[tuple[int, float]]) -> Likeness:
        """From the rows of one unit's questions and their likeness, the most alike first."""
        sentences: dict[int, float] = {}
        kinds: dict[AnswerKind, float] = {}
        for row, value in alike:
            sentence, kind = self._aims[row]
            sentences.setdefault(sentence, value)
            kinds.setdefault(kind, value)
        best, second = alike[0][1], alike[1][1] if len(alike) > 1 else 0.0
        return Likeness(best + _SECOND * second, best, sentences, kinds)


@lru_cache(maxsize=2)
def known_questions(language: str) -> KnownQuestions:
    """The packed questions of a language, opened once."""
    return KnownQuestions(FOLDER / language)


def pack(questions: Sequence[KnownQuestion], named: Callable[[str], Sequence[Mention]], folder: Path) -> None:
    """Write questions of one language as `KnownQuestions` opens them; `named` finds the names in a text."""
    folder.mkdir(parents=True, exist_ok=True)
    both = [compared(question.text, named(question.text), question.language) for question in questions]
    held = [terms for terms, _ in both]
    vectors = bundled_embedder().encode([folded for _, folded in both])
    postings: dict[str, list[int]] = {}
    for row, terms in enumerate(held):
        for term in terms:
            postings.setdefault(term, []).append(row)
    words = sorted(postings)
    numbers = {word: number for number, word in enumerate(words)}
    rarity = {word: inverse_frequency(len(postings[word]), len(questions)) for word in words}
    lengths = [math.sqrt(math.fsum(rarity[term] ** 2 for term in sorted(terms))) or 1.0 for terms in held]
    starts = np.cumsum([0, *(len(postings[word]) for word in words)])
    arrays: dict[str, NDArray[Any]] = {
        "starts": starts.astype(np.int32),
        "rows": np.asarray([row for word in words for row in postings[word]], dtype=np.uint16),
        "held": np.asarray(
            [number for terms in held for number in sorted(numbers[term] for term in terms)], dtype=np.uint16
        ),
        "ends": np.cumsum([0, *map(len, held)]).astype(np.int32),
        "lengths": np.asarray(lengths, dtype=np.float32),
        "vectors": np.round(vectors * _ONE_BYTE).astype(np.int8),
    }
    for name, array in arrays.items():
        write_file(folder / f"{name}.npy", array_content(array))
    kinds = [kind_of(folded) for _, folded in both]
    places = (
        f"{question.source_id} {question.locator} {question.sentence} {kind}\n"
        for question, kind in zip(questions, kinds, strict=True)
    )
    write_file(folder / "places.txt", "".join(places).encode())
    write_file(folder / "terms.txt", "".join(f"{word}\n" for word in words).encode())
