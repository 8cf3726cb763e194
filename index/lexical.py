"""The lexical index: BM25 (Lucene variant, Robertson & Zaragoza 2009) over the analyser's terms.

The weight of every (term, passage) pair is worked out when building (`index.bm25`), so a search only adds up the
postings of the question's terms; they stay mapped from disk.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analyser import terms
from index.durable import array_bytes


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, in the order of `terms`, the passages that hold it: `rows[starts[t]:starts[t + 1]]`."""

    terms: Sequence[str]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]  # BM25 of the posting
    counts: NDArray[Any]  # occurrences of the term in the passage; unsigned, as narrow as they allow

    def files(self) -> dict[str, bytes | memoryview]:
        """Contents by file name; equal postings give equal bytes."""
        return {
            "terms.json": json.dumps(list(self.terms), ensure_ascii=False).encode("utf-8"),
            "starts.npy": array_bytes(self.starts),
            "rows.npy": array_bytes(self.rows),
            "weights.npy": array_bytes(self.weights),
            "counts.npy": array_bytes(self.counts),
        }

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Read what `files` gave, mapped rather than copied; raises ValueError or OSError."""
        words = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        starts, rows, weights, counts = (
            # A plain view of the mapping: numpy's memmap class makes every slice slow.
            np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
            for name in ("starts", "rows", "weights", "counts")
        )
        if len(starts) != len(words) + 1 or not len(rows) == len(weights) == len(counts) == starts[-1]:
            raise ValueError("the files of the lexical index do not belong together")
        return cls(words, starts, rows, weights, counts)


class LexicalIndex:
    """BM25 scores of every passage; row i is passage i."""

    def __init__(self, postings: Postings, count: int) -> None:
        self._postings = postings
        self._numbers = {term: number for number, term in enumerate(postings.terms)}
        self.count = count

    @classmethod
    def load(cls, folder: Path, count: int) -> LexicalIndex:
        """The lexical index of a generation with `count` passages; raises ValueError or OSError."""
        return cls(Postings.load(folder), count)

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of `query` with every passage, shape (count,); 0 where no term is shared."""
        starts, rows, weights = self._postings.starts, self._postings.rows, self._postings.weights
        scores = np.zeros(self.count, dtype=np.float32)
        for term in terms(query):
            number = self._numbers.get(term)
            if number is not None:
                span = slice(starts[number], starts[number + 1])
                scores[rows[span]] += weights[span]  # a passage stands at most once among a term's postings
        return scores

    def knows(self, term: str) -> bool:
        """Whether any passage holds the term."""
        return term in self._numbers

    def idf(self, term: str) -> float:
        """How rare a term is (Lucene's idf, natural logarithm); the largest possible value for an unknown term."""
        number = self._numbers.get(term)
        holders = 0 if number is None else int(self._postings.starts[number + 1] - self._postings.starts[number])
        return inverse_frequency(holders, self.count)


def inverse_frequency(holders: int, count: int) -> float:
    """ln(1 + (N − n + ½) / (n + ½)) for a term that `holders` of `count` passages hold."""
    return math.log(1 + (count - holders + 0.5) / (holders + 0.5))
