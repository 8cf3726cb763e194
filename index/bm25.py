"""BM25 weights of all passages together, from runs of term counts, some postings at a time.

Weights depend on all passages, so they are worked out anew by every build, which is cheap. The same passages give
the same bytes, however they were cut into runs. The arithmetic is that of bm25s, to the bit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import compress, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.counting import Run, ranges
from index.lexical import Postings, inverse_frequency

K1 = 1.2
B = 0.75
_NOTHING = np.zeros(0, dtype=np.int64)
Piece = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[Any]]  # rows, weights and counts of postings


class Weighing:
    """The postings of some runs merged, in order of term and passage; each passage is in one run."""

    def __init__(self, runs: Sequence[Run], passages: int) -> None:
        """`passages` is how many there are in all."""
        self._runs = runs
        self._passages = passages
        #: terms of each passage, repeats counted, shape (passages,)
        self.lengths = np.zeros(passages, dtype=np.int64)
        self._most = 0
        holders = [self._tally(run) for run in runs]
        self.terms, self._places = _arranged(runs, holders)
        held_by = np.zeros(len(self.terms), dtype=np.int64)
        for places, of_run in zip(self._places, holders, strict=True):
            held_by += np.bincount(places, weights=of_run, minlength=len(self.terms)).astype(np.int64)
        #: where the postings of each term start, shape (terms + 1,)
        self.starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(held_by)])
        values, inverse = np.unique(held_by, return_inverse=True)
        rarity = [inverse_frequency(int(value), passages) for value in values]
        self._rarity = np.asarray(rarity, dtype=np.float32)[inverse]
        self._damping = damping(self.lengths, average_length(self.lengths))

    @property
    def count_type(self) -> np.dtype[Any]:
        """The narrowest type that every count fits."""
        return np.min_scalar_type(self._most)

    def _tally(self, run: Run) -> NDArray[np.int64]:
        """How many passages hold each term of a run; adds up the lengths of its passages."""
        found = [_NOTHING]
        for first, last in ranges(run.starts):
            holders, rows, counts = run.between(first, last)
            self.lengths += np.bincount(rows, weights=counts, minlength=self._passages).astype(np.int64)
            self._most = max(self._most, int(counts.max(initial=0)))
            found.append(holders)
        return np.concatenate(found)

    def pieces(self) -> Iterator[Piece]:
        """All postings, BM25 = idf · f / (k₁ · (1 − b + b · length / average length) + f), some at a time."""
        for first, last in ranges(self.starts):
            rows, counts = self._merged(first, last)
            weights = np.repeat(self._rarity[first:last], np.diff(self.starts[first : last + 1]))
            frequency = counts.astype(np.float32)
            weights = (weights * (frequency / (self._damping[rows] + frequency))).astype(np.float32)
            yield rows.astype(np.int32), weights, counts.astype(self.count_type)

    def _merged(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Rows and counts of the terms from `first` up to `last`, by term and row."""
        places, rows, counts = [_NOTHING], [_NOTHING], [np.zeros(0, dtype=self.count_type)]
        for run, of_run in zip(self._runs, self._places, strict=True):
            low, high = np.searchsorted(of_run, [first, last]).tolist()
            holders, held_by, occurrences = run.between(low, high)
            places.append(np.repeat(of_run[low:high], holders))
            rows.append(held_by)
            counts.append(occurrences)
        row = np.concatenate(rows)
        # Each run is in order, or nearly so: this only merges them.
        order = np.argsort(np.concatenate(places) * self._passages + row, kind="stable")
        return row[order], np.concatenate(counts)[order]

    def postings(self) -> Postings:
        """All of it in memory: for few passages."""
        rows, weights, counts = (np.concatenate(arrays) for arrays in zip(*self._with_empty(), strict=True))
        return Postings(self.terms, self.starts, rows, weights, counts)

    def _with_empty(self) -> Iterator[Piece]:
        yield np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, self.count_type)
        yield from self.pieces()


def _arranged(runs: Sequence[Run], holders: Sequence[NDArray[np.int64]]) -> tuple[list[str], list[NDArray[np.int64]]]:
    """The terms that any passage holds, sorted, and the place among them of each run's terms (ascending)."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    found = []
    for run, of_run in zip(runs, holders, strict=True):
        words = run.read_terms()
        held = words if of_run.all() else compress(words, (of_run > 0).tolist())
        found.append(np.fromiter(map(numbers.__getitem__, held), np.int64))
    terms = sorted(numbers)  # each run is in order, so this only merges them
    place = np.empty(len(terms), dtype=np.int64)
    place[np.fromiter(map(numbers.__getitem__, terms), np.int64, count=len(terms))] = np.arange(len(terms))
    places = []
    for provisional, of_run in zip(found, holders, strict=True):
        own = np.zeros(len(of_run), dtype=np.int64)
        own[of_run > 0] = place[provisional]
        places.append(np.maximum.accumulate(own))  # a term that is gone takes the place before: it has no postings
    return terms, places


def average_length(lengths: NDArray[np.int64]) -> float:
    """Mean terms of a passage; 1 where none has any, so that it can be divided by."""
    return float(lengths.mean()) if lengths.any() else 1.0


def damping(lengths: NDArray[np.int64], average: float) -> NDArray[np.float64]:
    """What a passage's term frequencies are damped by, for its length: k₁ · (1 − b + b · length / average)."""
    return np.asarray(K1 * ((1 - B) + B * lengths / average))
