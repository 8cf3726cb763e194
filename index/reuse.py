"""What the next build takes over from a generation: vectors and term counts of passages that are still there.

Both depend on a passage's search text alone, so they are found by its hash, wherever the passage has moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from index.analyser import ANALYSER_VERSION
from index.bm25 import TermCounts, count_terms, merge_counts
from index.durable import array_content, write_file
from index.embedder import Embedder
from index.errors import IndexFault
from index.lexical import Postings
from index.manifest import Manifest
from index.passage import Passage
from index.progress import Progress, quiet
from index.vectors import VectorIndex

EMBEDDED_AT_ONCE = 8192  # passages
_KEY_BYTES = 16
_LEXICAL_FILES = ("keys.npy", "terms.json", "starts.npy", "rows.npy", "counts.npy")
_DENSE_FILES = ("keys.npy", "vectors.faiss")


def passage_keys(passages: Sequence[Passage]) -> NDArray[np.uint8]:
    """Hash of each passage's search text, shape (passages, 16)."""
    digests = [hashlib.blake2b(p.search_text.encode("utf-8"), digest_size=_KEY_BYTES).digest() for p in passages]
    return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(len(passages), _KEY_BYTES)


@dataclass(frozen=True, slots=True)
class Reuse:
    """What a generation offers: row of each key, and its vectors and counts where they still hold."""

    rows: dict[bytes, int]
    vectors: NDArray[np.float32] | None = None
    counts: TermCounts | None = None

    def taken(self, keys: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The row that each key has here, −1 where it is new."""
        return np.asarray([self.rows.get(key, -1) for key in _as_bytes(keys)], dtype=np.int64)


def _as_bytes(keys: NDArray[np.uint8]) -> list[bytes]:
    return cast("list[bytes]", keys.view(np.dtype((np.void, _KEY_BYTES))).ravel().tolist())


NOTHING = Reuse({})


def read_reuse(generation: Path | None, fingerprint: str) -> Reuse:
    """What `generation` offers to an embedder of that fingerprint; none, or files that are damaged, offer nothing."""
    if generation is None:
        return NOTHING
    try:
        manifest = Manifest.load(generation)
        vectors = counts = None
        if manifest.embedder_fingerprint == fingerprint and not manifest.differing_files(generation, _DENSE_FILES):
            vectors = VectorIndex.load(generation / "vectors.faiss").rows()
        if manifest.analyser == ANALYSER_VERSION and not manifest.differing_files(generation, _LEXICAL_FILES):
            counts = TermCounts.of_postings(Postings.load(generation), manifest.passages)
        if vectors is None and counts is None:
            return NOTHING
        keys = np.load(generation / "keys.npy", allow_pickle=False)
    except (IndexFault, OSError, EOFError, ValueError, RuntimeError):
        return NOTHING
    return Reuse({key: row for row, key in enumerate(_as_bytes(keys))}, vectors, counts)


def counts_for(passages: Sequence[Passage], taken: NDArray[np.int64], reuse: Reuse) -> TermCounts:
    """Term counts of the passages; only those that have no row to take over are analysed."""
    if reuse.counts is None:
        return count_terms(passages)
    fresh = count_terms([passages[row] for row in np.flatnonzero(taken < 0).tolist()])
    return merge_counts(reuse.counts, taken, fresh)


def vectors_for(
    passages: Sequence[Passage],
    taken: NDArray[np.int64],
    reuse: Reuse,
    embedder: Embedder,
    kept: Path,
    tell: Progress = quiet,
) -> tuple[NDArray[np.float32], int]:
    """Vectors of the passages, and how many had to be embedded: those that have no row to take over.

    Where these are many, each lot is kept in the folder `kept` until the build is done, so that a build that was
    stopped goes on where it was.
    """
    vectors = np.zeros((len(passages), embedder.dimension), dtype=np.float32)
    missing = np.arange(len(passages))
    if reuse.vectors is not None:
        vectors[taken >= 0] = reuse.vectors[taken[taken >= 0]]
        missing = np.flatnonzero(taken < 0)
    for first in range(0, len(missing), EMBEDDED_AT_ONCE):
        rows = missing[first : first + EMBEDDED_AT_ONCE]
        texts = [passages[row].search_text for row in rows.tolist()]
        vectors[rows] = (
            embedder.encode(texts) if len(missing) <= EMBEDDED_AT_ONCE else _embedded_once(texts, embedder, kept)
        )
        tell("embedding", min(first + EMBEDDED_AT_ONCE, len(missing)), len(missing))
    return vectors, len(missing)


def _embedded_once(texts: Sequence[str], embedder: Embedder, kept: Path) -> NDArray[np.float32]:
    """Vectors of the texts, read where an earlier build kept them, else kept."""
    name = hashlib.blake2b("\x1e".join([embedder.fingerprint, *texts]).encode("utf-8"), digest_size=16).hexdigest()
    path = kept / f"{name}.npy"
    try:
        known = np.load(path, allow_pickle=False)
        if known.shape == (len(texts), embedder.dimension) and known.dtype == np.float32:
            return np.asarray(known)
    except (OSError, ValueError, EOFError):
        pass
    vectors = embedder.encode(texts)
    kept.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    write_file(aside, array_content(vectors))
    aside.replace(path)
    return vectors
