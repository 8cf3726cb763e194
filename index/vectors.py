"""Vectors of passages in FAISS: exact inner product, row i is passage i."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray


class VectorIndex:
    """An exact FAISS index over L2-normalised rows, so inner product is cosine."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
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

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Map an index that `content` gave; raises RuntimeError on a damaged file."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def content(self) -> memoryview:
        """The index as the bytes of its file."""
        return faiss.serialize_index(self._index).data

    @property
    def count(self) -> int:
        """Number of rows."""
        return int(self._index.ntotal)

    def rows(self) -> NDArray[np.float32]:
        """All vectors, shape (count, dimension): reused by the next build."""
        return np.array(self._rows)

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine of `query` (shape (dimension,)) with every row, shape (count,).

        All scores are wanted in row order, so they are a plain product, without FAISS's sorting of the best.
        """
        if query.shape != (self._index.d,):
            raise ValueError(f"a vector of shape {query.shape} cannot be compared with {self._index.d} dimensions")
        return np.asarray(self._rows @ query.astype(np.float32, copy=False))
