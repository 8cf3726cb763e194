"""The lexical index: BM25 (Lucene variant, Robertson & Zaragoza 2009) over the analyser's terms.

The weight of every (term, passage) pair is worked out when building (`index.bm25`), so a search only adds up the
postings of the question's terms; they stay mapped from disk.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analyser import terms
from index.durable import Content, array_content

_MANY_TERMS = 300_000  # beyond, terms are looked up by hash in a mapped table
_ADDED_POSTINGS = 300_000  # of a question's rarest terms, added up to find candidates
_LOOKED_UP = 4  # candidates that are scored with all terms, for each that is wanted


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, in the order of `terms`, the passages that hold it: `rows[starts[t]:starts[t + 1]]`."""

    terms: Sequence[str]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]  # BM25 of the posting
    counts: NDArray[Any]  # occurrences of the term in the passage; unsigned, as narrow as they allow

    @classmethod
    def load(cls, folder: Path, *, with_terms: bool = True) -> Postings:
        """Read what a build wrote, mapped rather than copied; raises ValueError or OSError."""
        words = json.loads((folder / "terms.json").read_text(encoding="utf-8")) if with_terms else None
        starts, rows, weights, counts = (
            # A plain view of the mapping: numpy's memmap class makes every slice slow.
            np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
            for name in ("starts", "rows", "weights", "counts")
        )
        fitting = words is None or len(starts) == len(words) + 1
        if not fitting or not len(rows) == len(weights) == len(counts) == starts[-1]:
            raise ValueError("the files of the lexical index do not belong together")
        return cls(words or (), starts, rows, weights, counts)


def term_files(words: Sequence[str], starts: NDArray[np.int64]) -> dict[str, Content]:
    """Contents, by file name, of what is known of terms beside their postings."""
    files: dict[str, Content] = {
        "terms.json": json.dumps(list(words), ensure_ascii=False).encode("utf-8"),
        "starts.npy": array_content(starts),
    }
    if len(words) > _MANY_TERMS:
        files["hashes.npy"] = array_content(_hashed(words))
    return files


def _hash(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8"), digest_size=8).digest(), "little")


def _hashed(words: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes of terms in order, and the number of the term of each, shape (2, terms)."""
    hashes = np.fromiter(map(_hash, words), np.uint64, count=len(words))
    order = np.argsort(hashes, kind="stable")
    return np.stack([hashes[order], order.astype(np.uint64)])


class _Hashes:
    """Numbers of terms, looked up in a mapped table: for more terms than a dictionary should hold."""

    def __init__(self, path: Path) -> None:
        self._hashes, self._numbers = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))

    def get(self, term: str) -> int | None:
        """The number of a term, or None."""
        sought = np.uint64(_hash(term))
        place = int(np.searchsorted(self._hashes, sought))
        return int(self._numbers[place]) if place < len(self._hashes) and self._hashes[place] == sought else None


class LexicalIndex:
    """BM25 scores of passages; row i is passage i."""

    def __init__(self, postings: Postings, count: int, hashes: _Hashes | None = None) -> None:
        self._postings = postings
        self._numbers = hashes or {term: number for number, term in enumerate(postings.terms)}
        self.count = count

    @classmethod
    def load(cls, folder: Path, count: int) -> LexicalIndex:
        """The lexical index of a generation with `count` passages; raises ValueError or OSError."""
        if (folder / "hashes.npy").exists():
            return cls(Postings.load(folder, with_terms=False), count, _Hashes(folder / "hashes.npy"))
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

    def scores_at(self, query: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """BM25 of `query` with the passages of those rows (ascending), shape (len(rows),)."""
        return self._added(self._spans(query), rows)

    def candidates(self, query: str, depth: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Rows (ascending) of about the `depth` best passages, those where `allowed` is true, for BM25.

        Postings are added up from the rarest term on, as far as a fixed number of them goes; the best by these get
        the weights of the commoner terms looked up. A passage that only common terms bring up can be missed.
        """
        spans = sorted(self._spans(query), key=lambda span: (span.stop - span.start, span.start))
        sizes = np.cumsum([span.stop - span.start for span in spans])
        added = spans[: max(int(np.searchsorted(sizes, _ADDED_POSTINGS)), 1)]
        if not added:
            return np.zeros(0, dtype=np.int64)
        scores = np.zeros(self.count, dtype=np.float32)
        for span in added:
            scores[self._postings.rows[span]] += self._postings.weights[span]
        touched = np.flatnonzero(scores > 0)
        if allowed is not None:
            touched = touched[allowed[touched]]
        touched = touched[_highest(scores[touched], _LOOKED_UP * depth)]
        return touched[_highest(scores[touched] + self._added(spans[len(added) :], touched), depth)]

    def _spans(self, query: str) -> list[slice]:
        """Where the postings of each of a query's known terms are, repeats kept."""
        starts = self._postings.starts
        numbers = [number for term in terms(query) if (number := self._numbers.get(term)) is not None]
        return [slice(int(starts[number]), int(starts[number + 1])) for number in numbers]

    def _added(self, spans: Sequence[slice], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Sum of the weights that some rows (ascending) have in the postings of some terms."""
        scores = np.zeros(len(rows), dtype=np.float32)
        sought = rows.astype(np.int32)
        for span in spans:
            holders = self._postings.rows[span]
            places = np.searchsorted(holders, sought)
            places[places == len(holders)] = 0
            held = holders[places] == sought
            scores[held] += self._postings.weights[span][places[held]]
        return scores

    def reachable(self, query: str) -> float:
        """What no score of `query` can pass: the sum of its terms' idf, repeats and unknown terms counted."""
        return sum(map(self.idf, terms(query)))

    def knows(self, term: str) -> bool:
        """Whether any passage holds the term."""
        return self._numbers.get(term) is not None

    def idf(self, term: str) -> float:
        """How rare a term is (Lucene's idf, natural logarithm); the largest possible value for an unknown term."""
        number = self._numbers.get(term)
        holders = 0 if number is None else int(self._postings.starts[number + 1] - self._postings.starts[number])
        return inverse_frequency(holders, self.count)


def _highest(scores: NDArray[np.float32], number: int) -> NDArray[np.int64]:
    """Places (ascending) of the `number` highest scores."""
    if len(scores) <= number:
        return np.arange(len(scores))
    return np.sort(np.argpartition(-scores, number)[:number])


def inverse_frequency(holders: int, count: int) -> float:
    """ln(1 + (N − n + ½) / (n + ½)) for a term that `holders` of `count` passages hold."""
    return math.log(1 + (count - holders + 0.5) / (holders + 0.5))
