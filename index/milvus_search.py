"""Searching one generation's collection in Milvus, with the scores of the local store.

A passage's row holds the part of its BM25 weights that other passages hardly touch, f / (k₁ · (1 − b + b · length /
average length) + f); the question brings each term's idf, from the counts kept with the index. Their inner product is
BM25 as the local store weighs it, whatever else the collection holds: it may hold passages of other generations too,
which are passed over. The best of each method are asked for with the vector of the other method, so every candidate
gets both scores exactly; only a passage that is among the best by neither can be missed.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analyser import terms
from index.errors import StoreUnavailable
from index.fusion import DENSE_WEIGHT
from index.lexical import LexicalIndex
from index.milvus import LARGEST_ANSWER, Collections
from index.passage import Passage
from index.searching import Found, Query, ranked, reach

_DEPTH, _LEAST_DEPTH = 5, 200  # candidates of each method: so many times the passages wanted, and at least so many
_AT_ONCE = 8  # searches that wait for the server at the same time
_RETRY_SECONDS = 5.0  # between attempts to connect: each can take long, and questions meanwhile are told at once
Weights = Mapping[int, float]  # of terms, by their dimension


@lru_cache(maxsize=1 << 16)
def dimension_of(term: str) -> int:
    """A term's dimension among sparse vectors: 32 bits of a hash, below the largest value, which Milvus refuses."""
    digest = hashlib.blake2b(term.encode("utf-8"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % (2**32 - 1)


class MilvusSearch:
    """Finds a generation's passages in its collection; raises StoreUnavailable. Safe to share between threads.

    Connected to by the first question, and anew by the first one after a failure.
    """

    def __init__(self, store: str, name: str, passages: Sequence[Passage], lexical: LexicalIndex) -> None:
        self._store = store
        self._name = name
        self._passages = passages
        self._lexical = lexical
        self._connecting = threading.Lock()
        self._connected: Collections | None = None
        self._refusal, self._retry_at = "", 0.0
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="milvus")

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {passage.id: row for row, passage in enumerate(self._passages)}

    def find(self, queries: Sequence[Query], limit: int, dense_weight: float = DENSE_WEIGHT) -> list[Found]:
        """For each query its best `limit` passages; raises StoreUnavailable."""
        collections = self._connect()
        try:
            return self._found(collections, queries, limit, dense_weight)
        except StoreUnavailable:
            self._connected = None
            raise

    def _connect(self) -> Collections:
        """The collections of the store, this one loaded."""
        with self._connecting:
            if self._connected is None:
                if time.monotonic() < self._retry_at:
                    raise StoreUnavailable(self._refusal)
                try:
                    collections = Collections(self._store)
                    collections.load(self._name)
                except StoreUnavailable as error:
                    self._refusal, self._retry_at = str(error), time.monotonic() + _RETRY_SECONDS
                    raise
                self._connected = collections
            return self._connected

    def _found(
        self, collections: Collections, queries: Sequence[Query], limit: int, dense_weight: float
    ) -> list[Found]:
        depth = max(_DEPTH * limit, _LEAST_DEPTH)
        weighed = [[weights for text in query.texts if (weights := self._weights(text))] for query in queries]
        asked = [
            (
                [self._threads.submit(self._nearest, collections, "terms", each, depth, query) for each in weights],
                [
                    self._threads.submit(self._nearest, collections, "dense", each, depth, query)
                    for each in _given(query.vector)
                ],
            )
            for query, weights in zip(queries, weighed, strict=True)
        ]
        return [
            self._joined(
                query,
                weights,
                [row for answer in by_terms for row in answer.result()],
                [row for answer in by_vector for row in answer.result()],
                limit,
                dense_weight,
            )
            for query, weights, (by_terms, by_vector) in zip(queries, weighed, asked, strict=True)
        ]

    def _weights(self, text: str) -> Weights:
        """A question as a sparse vector: idf of each term that any passage holds, times how often it is asked."""
        known = {term: times for term, times in Counter(terms(text)).items() if self._lexical.knows(term)}
        return {dimension_of(term): times * self._lexical.idf(term) for term, times in known.items()}

    def _nearest(
        self, collections: Collections, field: str, vector: Any, depth: int, query: Query
    ) -> list[dict[str, Any]]:
        """The best `depth` passages of this generation by one method, with the vector of the other."""
        other, asked = ("dense" if field == "terms" else "terms"), depth
        while True:
            rows = collections.search(self._name, field, vector, asked, where(query), other)
            own = [row for row in rows if row["id"] in self._rows]
            if len(own) >= depth or len(rows) < asked or asked == LARGEST_ANSWER:
                return own[:depth]
            asked = min(2 * asked, LARGEST_ANSWER)

    def _joined(
        self,
        query: Query,
        weights: Sequence[Weights],
        by_terms: Sequence[Mapping[str, Any]],
        by_vector: Sequence[Mapping[str, Any]],
        limit: int,
        dense_weight: float,
    ) -> Found:
        """The candidates of both methods, each with both scores, ranked as the local store ranks all passages."""
        lexical: dict[str, float] = {}
        dense: dict[str, float] = {}
        for row in by_terms:
            lexical[row["id"]] = max(lexical.get(row["id"], 0.0), row["distance"])
        for row in by_vector:
            dense[row["id"]] = row["distance"]
        first = len(lexical), len(dense)
        for row in by_vector:
            if row["id"] not in lexical:
                lexical[row["id"]] = max((_product(each, row["entity"]["terms"]) for each in weights), default=0.0)
        for row in by_terms:
            if row["id"] not in dense:
                cosine = 0.0 if query.vector is None else float(np.dot(query.vector, row["entity"]["dense"]))
                dense[row["id"]] = cosine
        order = sorted((self._rows[identity], identity) for identity in dense)
        found = ranked(
            np.asarray([row for row, _ in order], dtype=np.int64),
            np.asarray([lexical[identity] for _, identity in order], dtype=np.float32),
            np.asarray([dense[identity] for _, identity in order], dtype=np.float32),
            limit,
            dense_weight,
            reach(query, self._lexical),
        )
        for ranks, known in zip((found.lexical_ranks, found.dense_ranks), first, strict=True):
            ranks[ranks > known] = 0
        return found


def where(query: Query) -> str:
    """Milvus's filter for the passages that a query is about; empty for all."""
    parts = [f"language == {json.dumps(query.language)}"] if query.language else []
    if query.sources:
        parts.append(f"source in {json.dumps(sorted(query.sources), ensure_ascii=False)}")
    return " and ".join(parts)


def _given(vector: NDArray[np.float32] | None) -> list[NDArray[np.float32]]:
    return [] if vector is None else [vector]


def _product(weights: Weights, row: Mapping[int, float]) -> float:
    return sum(weight * row[dimension] for dimension, weight in weights.items() if dimension in row)
