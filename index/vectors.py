"""Vectors of passages in FAISS, row i is passage i: exact inner product, and an approximate index for very many."""

from __future__ import annotations

import math
import os
import struct
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.durable import Content, Sink

# How FAISS's file of an exact index begins: its kind, dimension, vectors, two numbers that mean nothing, whether it is
# trained, its metric, and how many values follow. A test compares it with the library's own.
_HEADER = struct.Struct("<4siqqq?iQ")


def _write(index: faiss.Index, sink: Sink) -> None:
    faiss.write_index(index, faiss.PyCallbackIOWriter(sink.write))  # type: ignore[attr-defined]  # it is there


class VectorIndex:
    """An exact FAISS index over L2-normalised rows, so inner product is cosine."""

    def __init__(self, index: faiss.Index, descriptor: int | None = None) -> None:
        """`descriptor` is of the file that the index is mapped from; the vectors are its last bytes."""
        self._index = index
        self._descriptor = descriptor
        if descriptor is not None:
            weakref.finalize(self, os.close, descriptor)
        # A view of the vectors where FAISS keeps them; `_index` above keeps them alive.
        stored = faiss.downcast_index(index)
        values = stored.get_xb()  # type: ignore[attr-defined]  # every flat index has it
        self._rows = faiss.rev_swig_ptr(values, stored.ntotal * stored.d).reshape(stored.ntotal, stored.d)

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> VectorIndex:
        """Index `vectors` of shape (passages, dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @staticmethod
    def write(sink: Sink, count: int, dimension: int, lots: Iterable[NDArray[np.float32]]) -> None:
        """Write the file of an index of `count` vectors, given some at a time, as FAISS writes one held in memory."""
        sink.write(_HEADER.pack(b"IxFI", dimension, count, 1 << 20, 1 << 20, True, faiss.METRIC_INNER_PRODUCT,
                                count * dimension))  # fmt: skip
        written = 0
        for lot in lots:
            sink.write_array(np.asarray(lot, dtype="<f4"))
            written += len(lot)
        if written != count:
            raise ValueError(f"{written} vectors were given for {count} passages")

    @classmethod
    def load(cls, path: Path, *, is_mapped: bool = False) -> VectorIndex:
        """Read, or only map, an index that `write` gave; raises RuntimeError on a damaged file.

        A mapping is for few rows at a time: it is not aligned, so that a product with all would copy them.
        """
        if not is_mapped:
            return cls(faiss.read_index(str(path)))
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), os.open(path, os.O_RDONLY))

    @property
    def count(self) -> int:
        """Number of rows."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Values of a row."""
        return int(self._index.d)

    def scores_at(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cosine of `query` with some rows, shape (len(rows),)."""
        return np.asarray(self.rows_at(rows) @ query.astype(np.float32, copy=False))

    def rows_at(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of some rows, shape (len(rows), dimension).

        Where they are mapped they are read from the file: looking at them through the mapping would bring in 64 KiB
        around each, and count as memory of this process.
        """
        if self._descriptor is None:
            return np.asarray(self._rows[rows])
        width = self._rows.shape[1] * self._rows.itemsize
        first = os.fstat(self._descriptor).st_size - self._rows.nbytes
        cuts = np.flatnonzero(np.diff(rows) != 1) + 1  # rows that follow one another are read at once
        starts, ends = rows[np.r_[0, cuts][: len(rows)]], rows[np.r_[cuts, len(rows)][: len(rows)] - 1] + 1
        parts = [
            os.pread(self._descriptor, (end - start) * width, first + start * width)
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        return np.frombuffer(b"".join(parts), dtype=np.float32).reshape(len(rows), self._rows.shape[1])

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine of `query` (shape (dimension,)) with every row, shape (count,).

        All scores are wanted in row order, so they are a plain product, without FAISS's sorting of the best.
        """
        if query.shape != (self._index.d,):
            raise ValueError(f"a vector of shape {query.shape} cannot be compared with {self._index.d} dimensions")
        return np.asarray(self._rows @ query.astype(np.float32, copy=False))


LEAST_RECALL = 0.98
_RECALL_AT, _DEPTH = 60, 300  # the best that must be found, among so many candidates scored exactly
_TRAINING, _LEAST_TRAINING = 64, 39  # vectors for each cell, to place the cells by
_ADDED_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Nearness:
    """How an approximate index is searched, and what share of the exact best 60 that found when it was built."""

    kind: str
    probes: int
    recall: float


class NearIndex:
    """An inverted file over cells of vectors, each kept as bytes (IVF, SQ8): a quarter of the size, mapped from disk.

    Candidates are to be scored again with the exact vectors. Each language has one, for a question lies nearer to its
    own language's cells than to those where the other's best are.
    """

    def __init__(self, index: faiss.Index, probes: int) -> None:
        self._index = index
        self._probes = probes

    @classmethod
    def build(
        cls, vectors: VectorIndex, rows: NDArray[np.int64], questions: NDArray[np.float32]
    ) -> tuple[NearIndex, Nearness]:
        """Index some rows of `vectors`, with as few cells looked into as find `LEAST_RECALL` of the exact best.

        The best are those among `rows` (ascending) for `questions`, shape (questions, dimension).
        """
        cells = max(min(2 ** round(math.log2(4 * math.sqrt(len(rows)))), len(rows) // _LEAST_TRAINING), 1)
        kind = f"IVF{cells},SQ8"
        index = faiss.index_factory(vectors.dimension, kind, faiss.METRIC_INNER_PRODUCT)
        sample = np.random.default_rng(0).choice(rows, min(len(rows), cells * _TRAINING), replace=False)
        index.train(vectors.rows_at(np.sort(sample)))
        best = np.zeros((len(questions), 0), dtype=np.float32)
        places = np.zeros((len(questions), 0), dtype=np.int64)
        for first in range(0, len(rows), _ADDED_AT_ONCE):
            lot = rows[first : first + _ADDED_AT_ONCE]
            values = vectors.rows_at(lot)
            index.add_with_ids(values, lot)
            best = np.hstack([best, questions @ values.T])
            places = np.hstack([places, np.broadcast_to(lot, (len(questions), len(lot)))])
            order = np.argsort(-best, axis=1)[:, :_RECALL_AT]
            best, places = np.take_along_axis(best, order, 1), np.take_along_axis(places, order, 1)
        near, recall = cls(index, 1), 0.0
        for probes in (2**power for power in range(2, math.ceil(math.log2(cells)) + 1)):
            near._probes = probes
            recall = near._recall(vectors, questions, places)
            if recall >= LEAST_RECALL:
                break
        return near, Nearness(kind, near._probes, round(recall, 4))

    def _recall(self, vectors: VectorIndex, questions: NDArray[np.float32], exact: NDArray[np.int64]) -> float:
        found = 0
        for question, best in zip(questions, exact, strict=True):
            rows = self.nearest(question, _DEPTH)
            rows = rows[np.argsort(-vectors.scores_at(question, rows))[:_RECALL_AT]]
            found += len(np.intersect1d(rows, best))
        return found / exact.size

    @classmethod
    def load(cls, path: Path, probes: int) -> NearIndex:
        """Map an index that `content` gave; raises RuntimeError on a damaged file."""
        faiss.omp_set_num_threads(1)  # one question is too little work to share, and there may be others
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP), probes)

    def content(self) -> Content:
        """The index as its file holds it."""
        return lambda sink: _write(self._index, sink)

    def nearest(self, query: NDArray[np.float32], depth: int) -> NDArray[np.int64]:
        """Rows (ascending) of about the `depth` nearest."""
        parameters = faiss.SearchParametersIVF(nprobe=self._probes)  # type: ignore[call-arg]
        _, rows = self._index.search(query[None].astype(np.float32, copy=False), depth, params=parameters)
        return np.sort(rows[0][rows[0] >= 0])
