"""Searching some hundred thousands of passages and more on one machine, without scoring them all.

Each method brings candidates, the lexical one from the rarest terms' postings, the dense one from an approximate
index; then every candidate gets both scores exactly. All files stay mapped, so memory is what the system can spare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.codec import EditionTable, PassageTable
from index.fusion import DENSE_WEIGHT
from index.lexical import LexicalIndex
from index.searching import Found, Query, ranked, reach
from index.vectors import NearIndex, VectorIndex

_DEPTH, _LEAST_DEPTH = 5, 300  # candidates of each method: so many times the passages wanted, and at least so many
_SCORED_ALL = 50_000  # passages of named sources that are all scored


class LargeSearch:
    """Finds passages by candidates; safe to share between threads."""

    def __init__(
        self,
        editions: EditionTable,
        passages: PassageTable,
        lexical: LexicalIndex,
        vectors: VectorIndex,
        near: Mapping[str, NearIndex],
    ) -> None:
        self._editions = editions
        self._passages = passages
        self._lexical = lexical
        self._vectors = vectors
        self._near = near
        self._languages = sorted({head.language for head in editions.heads})
        self._allowed = lru_cache(maxsize=16)(self._find_allowed)

    def find(self, queries: Sequence[Query], limit: int, dense_weight: float = DENSE_WEIGHT) -> list[Found]:
        """For each query its best `limit` passages, all but exactly."""
        return [self._find(query, limit, dense_weight) for query in queries]

    def _find(self, query: Query, limit: int, dense_weight: float) -> Found:
        allowed = self._allowed(query.language, query.sources)
        depth = max(_DEPTH * limit, _LEAST_DEPTH)
        known: NDArray[np.int64] | None = None
        if allowed is not None and query.sources:
            known = np.flatnonzero(allowed)
        if known is not None and len(known) <= _SCORED_ALL:
            return self._ranked(query, known, limit, dense_weight)
        by_terms = [self._lexical.candidates(text, depth, allowed) for text in query.texts]
        by_vector = [] if query.vector is None else self._nearest(query.vector, query.language, depth)
        found = self._ranked(query, np.unique(np.concatenate([*by_terms, *by_vector])), limit, dense_weight)
        found.lexical_ranks[found.lexical_ranks > depth] = 0
        found.dense_ranks[found.dense_ranks > depth] = 0
        return found

    def _nearest(self, vector: NDArray[np.float32], language: str, depth: int) -> list[NDArray[np.int64]]:
        """Candidates of each language that is asked for; all passages of one that has few."""
        found = []
        for each in [language] if language else self._languages:
            if each in self._near:
                found.append(self._near[each].nearest(vector, depth))
            else:
                allowed = self._allowed(each, frozenset())
                found.append(np.flatnonzero(allowed) if allowed is not None else np.arange(len(self._passages)))
        return found

    def _ranked(self, query: Query, rows: NDArray[np.int64], limit: int, dense_weight: float) -> Found:
        of_texts = [self._lexical.scores_at(text, rows) for text in query.texts]
        dense = np.zeros(len(rows), np.float32) if query.vector is None else self._vectors.scores_at(query.vector, rows)
        return ranked(rows, np.maximum.reduce(of_texts), dense, limit, dense_weight, reach(query, self._lexical))

    def _find_allowed(self, language: str, sources: frozenset[str]) -> NDArray[np.bool_] | None:
        """Whether each passage is one that a query is about; None for all."""
        heads = self._editions.heads
        editions = [
            (not language or head.language == language) and (not sources or head.source_id in sources) for head in heads
        ]
        return None if all(editions) else np.asarray(editions)[self._passages.edition_numbers]
