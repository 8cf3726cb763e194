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

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> VectorIndex:
        """Index `vectors` of shape (passages, dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Read an index that `save` wrote."""
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write the index to `path`."""
        faiss.write_index(self._index, str(path))

    @property
    def count(self) -> int:
        """Number of rows."""
        return int(self._index.ntotal)

    def rows(self) -> NDArray[np.float32]:
        """All vectors, shape (count, dimension): reused by the next build."""
        return np.asarray(self._index.reconstruct_n(0, self.count), dtype=np.float32)

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine of `query` (shape (dimension,)) with every row, shape (count,)."""
        scores, ids = self._index.search(query.reshape(1, -1), self.count)
        result = np.zeros(self.count, dtype=np.float32)
        result[ids[0]] = scores[0]
        return result
