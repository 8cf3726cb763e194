"""Term counts of passages, and their BM25 weights: what building the lexical index takes.

Counts are a sparse matrix, a row a passage and a column a term, terms in sorted order. Rows that the generation
before already counted are taken over; the weights depend on all passages and are worked out anew, which is cheap.
The same passages give the same bytes, whatever was taken over. The arithmetic is that of bm25s, to the bit.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from index.analyser import terms
from index.lexical import Postings, inverse_frequency
from index.passage import Passage

K1 = 1.2
B = 0.75
_WEIGHED_AT_ONCE = 1 << 22  # postings


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each term (column, sorted) stands in each passage (row)."""

    terms: Sequence[str]
    matrix: Any  # scipy.sparse.csr_array of int32

    @classmethod
    def of_postings(cls, postings: Postings, passages: int) -> TermCounts:
        """The counts behind the postings of that many passages."""
        shape = (passages, len(postings.terms))
        columns = sparse.csc_array((postings.counts.astype(np.int32), postings.rows, postings.starts), shape=shape)
        return cls(postings.terms, columns.tocsr())

    def lengths(self) -> NDArray[np.int64]:
        """Terms of each passage, repeats counted, shape (passages,)."""
        return np.asarray(self.matrix.sum(axis=1), dtype=np.int64)


def count_terms(passages: Sequence[Passage]) -> TermCounts:
    """Analyse passages. No term crosses a line, so a context that many passages share is analysed once."""
    return count_documents(_documents(passages))


def _documents(passages: Iterable[Passage]) -> Iterator[list[str]]:
    context, of_context = "", list[str]()
    for passage in passages:
        if passage.context != context:  # those that share it mostly stand together
            context, of_context = passage.context, terms(passage.context)
        yield of_context + terms(passage.text)


def count_documents(documents: Iterable[Sequence[str]]) -> TermCounts:
    """Counts of documents given as lists of terms, one after the other; terms are held as numbers only."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    columns, offsets = array("i"), array("q", [0])
    for document in documents:
        columns.extend(map(numbers.__getitem__, document))
        offsets.append(len(columns))
    arrays = np.ones(len(columns), dtype=np.int32), np.asarray(columns), np.asarray(offsets)
    return _sorted(list(numbers), sparse.csr_array(arrays, shape=(len(offsets) - 1, len(numbers))))


def merge_counts(known: TermCounts, taken: NDArray[np.int64], fresh: TermCounts) -> TermCounts:
    """Counts whose row i is row `taken[i]` of `known`, or the next row of `fresh` where that is −1.

    Terms that no row holds any more are left out.
    """
    kept = known.matrix[taken[taken >= 0]]
    used = np.bincount(kept.indices, minlength=len(known.terms)) > 0
    words = list(compress(known.terms, used.tolist()))
    held = set(words)
    new = [term for term in fresh.terms if term not in held]
    words = sorted([*words, *new])  # two runs in order, so this only merges them
    # Both lists of terms are sorted, so columns move, but never past one another.
    place = np.zeros(len(known.terms), dtype=np.int32)
    fresh_place = np.asarray([bisect_left(words, term) for term in fresh.terms], dtype=np.int32)
    is_old = np.ones(len(words), dtype=np.bool_)
    is_old[[bisect_left(words, term) for term in new]] = False
    place[used] = np.flatnonzero(is_old)
    columns = np.concatenate([place[kept.indices], fresh_place[fresh.matrix.indices]])
    offsets = np.concatenate([kept.indptr, kept.indptr[-1] + fresh.matrix.indptr[1:]])
    counts = np.concatenate([kept.data, fresh.matrix.data])
    stacked = sparse.csr_array((counts, columns, offsets), shape=(len(taken), len(words)))
    order = np.argsort(np.concatenate([np.flatnonzero(taken >= 0), np.flatnonzero(taken < 0)]))
    return TermCounts(words, stacked[order])


def _sorted(words: list[str], matrix: Any) -> TermCounts:
    """The same counts with terms in order, columns in order within each row, and each pair once."""
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words), dtype=np.int32)
    place[order] = np.arange(len(words), dtype=np.int32)
    arranged = sparse.csr_array((matrix.data, place[matrix.indices], matrix.indptr), shape=matrix.shape)
    arranged.sum_duplicates()
    return TermCounts([words[number] for number in order], arranged)


def average_length(lengths: NDArray[np.int64]) -> float:
    """Mean terms of a passage; 1 where none has any, so that it can be divided by."""
    return float(lengths.mean()) if lengths.any() else 1.0


def damping(lengths: NDArray[np.int64], average: float) -> NDArray[np.float64]:
    """What a passage's term frequencies are damped by, for its length: k₁ · (1 − b + b · length / average)."""
    return np.asarray(K1 * ((1 - B) + B * lengths / average))


def weigh(counted: TermCounts) -> Postings:
    """BM25 of every (term, passage) pair: idf · f / (k₁ · (1 − b + b · length / average length) + f)."""
    columns = counted.matrix.tocsc()
    lengths = counted.lengths()
    holders = np.diff(columns.indptr)
    values, inverse = np.unique(holders, return_inverse=True)
    rarity = np.asarray([inverse_frequency(int(value), len(lengths)) for value in values], dtype=np.float32)[inverse]
    damped = damping(lengths, average_length(lengths))
    weights = np.repeat(rarity, holders).astype(np.float32, copy=False)
    for first in range(0, len(weights), _WEIGHED_AT_ONCE):
        span = slice(first, first + _WEIGHED_AT_ONCE)
        frequency = columns.data[span].astype(np.float32)
        weights[span] = weights[span] * (frequency / (damped[columns.indices[span]] + frequency))
    narrow = np.min_scalar_type(int(columns.data.max(initial=0)))
    return Postings(
        counted.terms,
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.int32, copy=False),
        weights,
        columns.data.astype(narrow),
    )
