"""The program with one part switched off, by giving it an index or a knowledge that lacks the part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager as Context
from contextlib import contextmanager, nullcontext
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from eval.inputs import index_over
from index.lexical import LexicalIndex
from index.store import PassageIndex
from index.vectors import VectorIndex
from rag.answerer import Answerer
from rag.knowledge import Knowledge
from rag.question import Question
from rag.reader import Candidate, Reader
from rag.retrieve import Retrieval
from sources.edition import Origin


class SilentVectors(VectorIndex):
    """Vectors that are like nothing: every cosine is 0."""

    def __init__(self, vectors: VectorIndex) -> None:
        self._size = vectors.count

    @property
    def count(self) -> int:
        """Number of rows."""
        return self._size

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """0 for every row."""
        return np.zeros(self._size, dtype=np.float32)


class SilentWords(LexicalIndex):
    """A lexical index that finds nothing, but still knows how rare a term is, which reading asks for."""

    def __init__(self, lexical: LexicalIndex) -> None:
        self.count = lexical.count
        self.knows = lexical.knows  # type: ignore[method-assign]
        self.idf = lexical.idf  # type: ignore[method-assign]

    def scores(self, query: str) -> NDArray[np.float32]:
        """0 for every passage."""
        return np.zeros(self.count, dtype=np.float32)


def _with(index: PassageIndex, vectors: VectorIndex | None = None, lexical: LexicalIndex | None = None) -> PassageIndex:
    """The same passages with other vectors or words to be found by."""
    other = copy(index)
    other.vectors, other.lexical = vectors or index.vectors, lexical or index.lexical
    vars(other).pop("searcher", None)  # made anew from what is there now
    return other


def without_dense(index: PassageIndex) -> Context[Answerer]:
    """No passage is found by its meaning; sentences within a place are still compared by it."""
    vectors = None if index.vectors is None else SilentVectors(index.vectors)
    return nullcontext(Answerer(_with(index, vectors=vectors)))


def without_lexical(index: PassageIndex) -> Context[Answerer]:
    """No passage is found by its words."""
    return nullcontext(Answerer(_with(index, lexical=SilentWords(index.lexical))))


class Unread(Reader):
    """Takes the sentences of each place as they stand, the best place's first."""

    def read(self, question: Question, retrieval: Retrieval) -> list[Candidate]:
        """The sentences that the reader would score, scored by their place alone."""
        read = super().read(question, retrieval)
        places = {(place.source_id, place.block): number for number, place in enumerate(retrieval.places)}
        by_place = sorted(read, key=lambda found: (places[found.place.source_id, found.place.block], found.start))
        return [replace(found, score=1 / (1 + number)) for number, found in enumerate(by_place)]


def without_reader(index: PassageIndex) -> Context[Answerer]:
    """No sentence is compared with the question: the first ones of the best place answer."""
    return nullcontext(Answerer(index, reader=Unread))


def without_everyday(index: PassageIndex) -> Context[Answerer]:
    """No everyday word is understood as a word of the texts."""
    return nullcontext(Answerer(index, knowledge=Knowledge.load(index.names, everyday=False)))


def without_known_questions(index: PassageIndex) -> Context[Answerer]:
    """The library knows of no question that it answers."""
    return nullcontext(Answerer(index, knowledge=Knowledge.load(index.names, known_questions=False)))


def without_terms(index: PassageIndex) -> Context[Answerer]:
    """No term sheet: only the names of the sources are known."""
    return nullcontext(Answerer(index, knowledge=Knowledge((), index.names)))


@contextmanager
def without_digests(index: PassageIndex) -> Iterator[Answerer]:
    """No digest of a source whose own text is held, as if only official texts had been indexed."""
    official = {edition.source_id for edition in index.editions.values() if edition.origin is not Origin.DIGEST}
    kept = [e for e in index.editions.values() if e.origin is not Origin.DIGEST or e.source_id not in official]
    with index_over(kept, index.names, index) as bare:
        yield Answerer(bare)


# A part that can be switched off is one line here.
PARTS: dict[str, Callable[[PassageIndex], Context[Answerer]]] = {
    "no dense": without_dense,
    "no lexical": without_lexical,
    "no term sheet": without_terms,
    "no everyday words": without_everyday,
    "no known questions": without_known_questions,
    "no digests": without_digests,
    "no reader": without_reader,
}


def applies(part: str, index: PassageIndex) -> bool:
    """Whether switching the part off changes anything: digests stand in only beside official texts."""
    origins = {edition.origin is Origin.DIGEST for edition in index.editions.values()}
    return part != "no digests" or len(origins) == 2
