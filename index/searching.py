"""What every store does for a question: `Searcher`, and the exact one, which scores every passage.

A store finds passages by two methods, BM25 and cosine, and adds them up (`index.fusion`) among the passages that a
query is about, so each language's passages compete among themselves only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.fusion import DENSE_WEIGHT, fuse, lexical_weight
from index.lexical import LexicalIndex
from index.passage import Passage
from index.vectors import VectorIndex


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought, and among which passages.

    A passage's BM25 is its best with any of `texts`; without a `vector` (shape (dimension,)) BM25 decides alone.
    An empty `language` is any, and empty `sources` are all.
    """

    texts: tuple[str, ...]
    vector: NDArray[np.float32] | None = None
    language: str = ""
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of passages by fused score, best first, all above 0; arrays of one length.

    Ranks (1 = best) are among the passages that the query is about; 0 where a store knows only that it is not among
    the best. `best_dense` is the highest cosine of any of them, at least 0.
    """

    rows: NDArray[np.int64]
    fused: NDArray[np.float32]
    lexical: NDArray[np.float32]
    dense: NDArray[np.float32]
    lexical_ranks: NDArray[np.int64]
    dense_ranks: NDArray[np.int64]
    best_dense: float
    lexical_weight: float  # of the best lexical score in `fused`


class Searcher(Protocol):
    """The passages of one generation, searched wherever they are kept."""

    def find(self, queries: Sequence[Query], limit: int, dense_weight: float = DENSE_WEIGHT) -> list[Found]:
        """For each query its best `limit` passages; queries asked together share their work. Raises IndexFault."""
        ...


class ExactSearch:
    """Scores every passage: exact, and the quickest way while there are some ten thousands."""

    def __init__(self, passages: Sequence[Passage], lexical: LexicalIndex, vectors: VectorIndex) -> None:
        self._passages = passages
        self._lexical = lexical
        self._vectors = vectors

    @cached_property
    def _languages(self) -> NDArray[np.str_]:
        return np.asarray([passage.language for passage in self._passages])

    @cached_property
    def _sources(self) -> NDArray[np.str_]:
        return np.asarray([passage.source_id for passage in self._passages])

    @cached_property
    def _rows_by_language(self) -> dict[str, NDArray[np.int64]]:
        return {str(name): np.flatnonzero(self._languages == name) for name in np.unique(self._languages)}

    def _rows(self, query: Query) -> NDArray[np.int64]:
        none = np.zeros(0, dtype=np.int64)
        rows = self._rows_by_language.get(query.language, none) if query.language else np.arange(self._lexical.count)
        return rows[np.isin(self._sources[rows], sorted(query.sources))] if query.sources else rows

    def find(self, queries: Sequence[Query], limit: int, dense_weight: float = DENSE_WEIGHT) -> list[Found]:
        """For each query its best `limit` passages; of equal scores the earlier passage first."""
        lexical = {text: self._lexical.scores(text) for query in queries for text in query.texts}
        dense = {id(query.vector): self._dense(query.vector) for query in queries}
        found = []
        for query in queries:
            rows = self._rows(query)
            of_texts = [lexical[text][rows] for text in query.texts]
            own = np.maximum.reduce(of_texts) if len(of_texts) > 1 else of_texts[0]
            found.append(
                ranked(rows, own, dense[id(query.vector)][rows], limit, dense_weight, reach(query, self._lexical))
            )
        return found

    def _dense(self, vector: NDArray[np.float32] | None) -> NDArray[np.float32]:
        return np.zeros(self._lexical.count, dtype=np.float32) if vector is None else self._vectors.scores(vector)


def reach(query: Query, lexical: LexicalIndex) -> float:
    """What a passage could score for a query at most; 0, for not known, where only words decide."""
    return 0.0 if query.vector is None else lexical.reachable(query.texts[0])


def ranked(
    rows: NDArray[np.int64],
    lexical: NDArray[np.float32],
    dense: NDArray[np.float32],
    limit: int,
    dense_weight: float,
    reachable: float,
) -> Found:
    """The best `limit` of all the passages that a query is about, whose rows (ascending) and scores are given."""
    fused = fuse(lexical, dense, dense_weight, reachable)
    order = best(fused, limit)
    order = order[fused[order] > 0]
    return Found(
        rows[order],
        fused[order],
        lexical[order],
        dense[order],
        _ranks(lexical, order),
        _ranks(dense, order),
        float(dense.max(initial=0.0)),
        lexical_weight(float(lexical.max(initial=0.0)), dense_weight, reachable),
    )


def best(scores: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
    """Places of the `limit` highest scores, best first; of equal scores the earlier place first."""
    if limit < len(scores):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit] if limit > 0 else np.inf
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    return places[np.argsort(-scores[places], kind="stable")[:limit]]


def _ranks(scores: NDArray[np.float32], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank (1 = best) of the passages in `order` among all scores."""
    return len(scores) - np.searchsorted(np.sort(scores), scores[order], side="right") + 1
