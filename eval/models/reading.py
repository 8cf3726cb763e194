"""What both measures of the reader start from: sentences of a set's passages, and the reader over an index of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.analyser import terms
from index.bm25 import Weighing
from index.counting import count_documents
from index.lexical import LexicalIndex
from index.store import PassageIndex
from rag.blocks import unit_sentences
from rag.knowledge import Knowledge
from rag.question import Question, understand
from rag.reader import Candidate, Reader
from rag.retrieve import Retrieval, retrieve
from sources.edition import Edition

Span = tuple[int, int]


def spans_of(edition: Edition) -> list[Span]:
    """The sentences of a passage, cut as the reader cuts them."""
    return [span for unit in edition.units for span in unit_sentences(edition, unit)]


class Sentences:
    """All sentences of a set's passages, scored against a question by the words they share with it."""

    def __init__(self, editions: Sequence[Edition]) -> None:
        self.spans = [spans_of(edition) for edition in editions]
        self.texts = [
            [edition.text[start:end] for start, end in spans]
            for edition, spans in zip(editions, self.spans, strict=True)
        ]
        found = [[terms(text) for text in of_passage] for of_passage in self.texts]
        self._terms = [list(map(frozenset, of_passage)) for of_passage in found]
        counted = count_documents(of_sentence for of_passage in found for of_sentence in of_passage)
        count = sum(map(len, self.texts))
        self.lexical = LexicalIndex(Weighing([counted], count).postings(), count)
        self._rows = np.cumsum([0, *map(len, self.texts)])

    def coverage(self, question: str, position: int) -> list[float]:
        """For each sentence of one passage, the share of the question's terms, by rarity, that it holds, 0–1."""
        weights = {term: self.lexical.idf(term) for term in terms(question)}
        total = sum(weights.values()) or 1.0
        return [
            sum(weight for term, weight in weights.items() if term in held) / total for held in self._terms[position]
        ]

    def bm25(self, question: str, position: int) -> list[float]:
        """BM25 of the question with each sentence of one passage, among all sentences."""
        rows = np.arange(self._rows[position], self._rows[position + 1])
        return [float(score) for score in self.lexical.scores_at(question, rows)]


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the program understood it, what it retrieved from one passage, and its sentences, best first."""

    question: Question
    retrieval: Retrieval
    candidates: list[Candidate]


class PassageReader:
    """The program's own steps up to reading, with retrieval restricted to one passage."""

    def __init__(self, passage_index: PassageIndex) -> None:
        self.passage_index = passage_index
        self._knowledge = Knowledge.load(passage_index.names)
        self.reader = Reader(passage_index, self._knowledge)

    def read(self, question: str, source_id: str) -> Reading:
        """Understand, retrieve from that source only, read."""
        understood = understand(question, (), self._knowledge)
        retrieval = retrieve(understood, self.passage_index, only=frozenset({source_id}))
        return Reading(understood, retrieval, self.reader.read(understood, retrieval))
