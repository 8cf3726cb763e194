"""What a build takes over from the generation in use: passages of unchanged editions, vectors and term counts.

Vectors and counts depend on a passage's search text alone, so they are found by its hash, wherever the passage has
moved. Every file is compared with its checksum before anything is taken from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analyser import ANALYSER_VERSION
from index.codec import EditionTable, PassageTable
from index.counting import Run
from index.durable import StoredArray
from index.errors import IndexFault
from index.manifest import Manifest
from index.split import SPLITTER_VERSION
from index.vectors import VectorIndex
from sources.edition import Edition

KEY_BYTES = 16
_TEXT_FILES = ("texts.bin", "units.bin", "ends.npy", "editions.json", "passages.npy", "passages.json")
_LEXICAL_FILES = ("terms.json", "starts.npy", "rows.npy", "counts.npy")
_UNREADABLE = (IndexFault, OSError, EOFError, ValueError, KeyError, TypeError, IndexError, RuntimeError)


@dataclass(frozen=True)
class Earlier:
    """A generation whose hashes of search texts, shape (passages, 16), are sound; `passages` are None where not."""

    generation: Path
    manifest: Manifest
    keys: NDArray[np.uint8]
    editions: EditionTable | None
    passages: PassageTable | None

    def rows_of(self, edition: Edition, units: bytes) -> range | None:
        """Rows of the passages of an edition that is held here with the same text and (dumped) units, or None."""
        if self.editions is None or self.passages is None:
            return None
        number = self.editions.number_of_same(edition, units)
        return None if number is None else self.passages.rows_of(number)

    @cached_property
    def _by_hash(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The beginnings of all keys, sorted, and the row of each."""
        beginnings = np.ascontiguousarray(self.keys[:, :8]).view(np.uint64).ravel()
        order = np.argsort(beginnings, kind="stable")
        return beginnings[order], order

    def rows_with(self, keys: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The row that has each key, −1 where none has."""
        beginnings, rows = self._by_hash
        if not len(rows):
            return np.full(len(keys), -1)
        sought = np.ascontiguousarray(keys[:, :8]).view(np.uint64).ravel()
        found = rows[np.minimum(np.searchsorted(beginnings, sought), len(rows) - 1)]
        return np.where((self.keys[found] == keys).all(axis=1), found, -1)

    def vectors(self, fingerprint: str) -> VectorIndex | None:
        """Its vectors, where they are sound and of an embedder of that fingerprint."""
        try:
            if self.manifest.embedder_fingerprint != fingerprint or self._differ(("vectors.faiss",)):
                return None
            vectors = VectorIndex.load(self.generation / "vectors.faiss", is_mapped=True)
        except _UNREADABLE:
            return None
        return vectors if vectors.count == len(self.keys) else None

    def counts(self) -> Run | None:
        """Its term counts, where they are sound and by this analyser."""
        try:
            if self.manifest.analyser != ANALYSER_VERSION or self._differ(_LEXICAL_FILES):
                return None
            starts, rows, counts = (StoredArray(self.generation / f"{n}.npy") for n in ("starts", "rows", "counts"))
        except _UNREADABLE:
            return None
        return Run(self._terms, starts[:], rows, counts)

    def _terms(self) -> Sequence[str]:
        found: list[str] = json.loads((self.generation / "terms.json").read_text(encoding="utf-8"))
        return found

    def _differ(self, names: Sequence[str]) -> bool:
        return bool(self.manifest.differing_files(self.generation, names))


def read_earlier(generation: Path | None) -> Earlier | None:
    """What `generation` offers; None where there is none, or nothing that could be found in it."""
    if generation is None:
        return None
    try:
        manifest = Manifest.load(generation)
        if manifest.differing_files(generation, ("keys.npy",)):
            return None
        keys = np.load(generation / "keys.npy", allow_pickle=False)
        if keys.shape != (manifest.passages, KEY_BYTES):
            return None
    except _UNREADABLE:
        return None
    return Earlier(generation, manifest, keys, *_texts(generation, manifest))


def _texts(generation: Path, manifest: Manifest) -> tuple[EditionTable | None, PassageTable | None]:
    """Editions and passages, where they are sound and cut as they would be now."""
    try:
        if manifest.splitter != SPLITTER_VERSION or manifest.differing_files(generation, _TEXT_FILES):
            return None, None
        editions = EditionTable(generation)
        passages = PassageTable.load(generation, editions)
    except _UNREADABLE:
        return None, None
    return (editions, passages) if len(passages) == manifest.passages else (None, None)
