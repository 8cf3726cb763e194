"""Vectors of all passages in order, some at a time: taken over where they are known, else embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec import PassageTable
from index.durable import array_content, write_file
from index.embedder import Embedder
from index.errors import IndexBroken
from index.passage import search_text
from index.progress import Progress, quiet
from index.vectors import VectorIndex

EMBEDDED_AT_ONCE = 8192  # passages

Lots = Iterator[NDArray[np.float32]]


def vectors_in_order(
    passages: PassageTable,
    taken: NDArray[np.int64],
    earlier: VectorIndex | None,
    embedder: Embedder,
    kept: Path,
    tell: Progress = quiet,
) -> Lots:
    """Lots of vectors, together one for each passage: row `taken[i]` of `earlier`, or embedded where that is −1.

    Where many are embedded, each lot of these is kept in the folder `kept`, so that a build that was stopped goes on
    where it was. Raises IndexBroken for a vector that is not of length 1.
    """
    fresh = _taker(_embedded(passages, np.flatnonzero(taken < 0), embedder, kept, tell), embedder.dimension)
    for first in range(0, len(taken), EMBEDDED_AT_ONCE):
        rows = taken[first : first + EMBEDDED_AT_ONCE]
        old = rows >= 0
        vectors = np.empty((len(rows), embedder.dimension), dtype=np.float32)
        if earlier is not None:
            vectors[old] = earlier.rows_at(rows[old])
        vectors[~old] = fresh(int((~old).sum()))
        yield vectors


def _embedded(passages: PassageTable, rows: NDArray[np.int64], embedder: Embedder, kept: Path, tell: Progress) -> Lots:
    """Vectors of the passages of those rows, in lots."""
    for first in range(0, len(rows), EMBEDDED_AT_ONCE):
        lot = rows[first : first + EMBEDDED_AT_ONCE]
        texts = [search_text(*parts) for parts in passages.parts(lot)]
        vectors = embedder.encode(texts) if len(rows) <= EMBEDDED_AT_ONCE else _embedded_once(texts, embedder, kept)
        _check(vectors, passages, lot)
        tell("embedding", min(first + EMBEDDED_AT_ONCE, len(rows)), len(rows))
        yield vectors


def _taker(lots: Lots, dimension: int) -> Callable[[int], NDArray[np.float32]]:
    """What gives the next vectors of all lots, as many as it is asked for."""
    held = np.zeros((0, dimension), dtype=np.float32)

    def take(number: int) -> NDArray[np.float32]:
        nonlocal held
        while len(held) < number:
            held = np.concatenate([held, next(lots)])
        given, held = held[:number], held[number:]
        return given

    return take


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


def _check(vectors: NDArray[np.float32], passages: PassageTable, rows: NDArray[np.int64]) -> None:
    """Refuse what could never be found: a vector, of the passage of that row, that is no unit vector."""
    lengths = np.linalg.norm(vectors, axis=1)
    sound = np.isclose(lengths, 1, atol=1e-2) | (lengths == 0)
    if not sound.all():
        passage = passages[int(rows[np.argmin(sound)])]
        raise IndexBroken(
            f"The embedder gave passage {passage.locator} of {passage.edition_key} a vector that is not of length 1; "
            "use another one by --embedder."
        )
