"""PassageIndex: one generation on disk, opened read-only; search over it.

Everything is read or mapped while opening, so an open index goes on working when its generation is removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec import load_editions, load_passages
from index.embedder import Embedder, load_embedder
from index.errors import EmbedderUnavailable, IndexBroken, IndexFault
from index.fusion import DENSE_WEIGHT, fuse
from index.generations import current_generation
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.passage import Hit, Passage, SearchMethod
from index.split import block_locator
from index.vectors import VectorIndex
from sources.edition import Edition

__all__ = ["PassageIndex", "current_generation"]


class PassageIndex:
    """Passages with their lexical and dense scores. Holds state; the scoring itself is in the modules it names."""

    def __init__(
        self,
        manifest: Manifest,
        editions: Mapping[str, Edition],
        names: Mapping[str, Mapping[str, list[str]]],
        passages: list[Passage],
        vectors: VectorIndex,
        lexical: LexicalIndex,
        embedder: Embedder | None = None,
    ) -> None:
        self.manifest = manifest
        self.editions = editions
        self.names = names
        self.passages = passages
        self.vectors = vectors
        self.lexical = lexical
        self._given_embedder = embedder

    @classmethod
    def open(cls, folder: Path, *, embedder: Embedder | None = None) -> PassageIndex:
        """The generation in use below `folder`; raises IndexMissing or IndexBroken.

        `embedder` is one that is open already, used if the passages were embedded with it.
        """
        while True:
            generation = current_generation(folder)
            try:
                return cls.open_generation(generation, embedder=embedder)
            except IndexFault:
                if current_generation(folder) == generation:
                    raise
                # Builders switched on and removed that generation while it was being opened.

    @classmethod
    def open_generation(cls, generation: Path, *, embedder: Embedder | None = None) -> PassageIndex:
        """One generation's folder; counts are checked against the manifest. Raises IndexMissing or IndexBroken."""
        manifest = Manifest.load(generation)
        try:
            editions, names = load_editions((generation / "editions.json").read_text(encoding="utf-8"))
            passages = load_passages((generation / "passages.json").read_text(encoding="utf-8"), editions)
            vectors = VectorIndex.load(generation / "vectors.faiss")
            lexical = LexicalIndex.load(generation, len(passages))
        except (ValueError, KeyError, IndexError, TypeError, RuntimeError, OSError, EOFError) as error:
            raise IndexBroken(f"Index {str(generation)!r} is damaged ({error}); rebuild the index.") from None
        if not len(passages) == vectors.count == manifest.passages:
            raise IndexBroken(
                f"Index {str(generation)!r} holds {len(passages)} passages and {vectors.count} vectors, its manifest "
                f"says {manifest.passages}; rebuild the index."
            )
        if embedder is not None and embedder.fingerprint != manifest.embedder_fingerprint:
            embedder = None
        return cls(manifest, editions, names, passages, vectors, lexical, embedder)

    @property
    def id(self) -> str:
        """Identity of the content: equal texts, model and settings give equal ids."""
        return self.manifest.id

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], list[Passage]]:
        places: dict[tuple[str, str], list[Passage]] = {}
        for passage in self.passages:
            places.setdefault((passage.source_id, block_locator(passage.locator)), []).append(passage)
        return places

    @cached_property
    def _by_source(self) -> dict[str, list[Edition]]:
        sources: dict[str, list[Edition]] = {}
        for edition in self.editions.values():
            sources.setdefault(edition.source_id, []).append(edition)
        return sources

    def editions_of(self, source_id: str) -> list[Edition]:
        """All editions of one source."""
        return self._by_source.get(source_id, [])

    @cached_property
    def rows_by_language(self) -> dict[str, NDArray[np.int64]]:
        """Row numbers of the passages of each language."""
        languages = np.asarray([passage.language for passage in self.passages])
        return {str(language): np.flatnonzero(languages == language) for language in np.unique(languages)}

    def passages_at(self, source_id: str, block: str) -> list[Passage]:
        """Passages of every edition of a source at one block."""
        return self._by_place.get((source_id, block), [])

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder that the passages were embedded with; raises EmbedderUnavailable if it is another now."""
        embedder = self._given_embedder or load_embedder(self.manifest.embedder)
        if embedder.fingerprint != self.manifest.embedder_fingerprint:
            raise EmbedderUnavailable(
                f"Embedder {self.manifest.embedder!r} has changed since the index was built "
                f"({self.manifest.embedder_fingerprint} then, {embedder.fingerprint} now); rebuild the index."
            )
        return embedder

    def dense_scores(self, query: str) -> NDArray[np.float32]:
        """Cosine of the question with every passage, shape (passages,)."""
        return self.vectors.scores(self.embedder.encode([query], is_query=True)[0])

    def search(self, query: str, *, limit: int = 10, dense_weight: float = DENSE_WEIGHT) -> list[Hit]:
        """The best `limit` passages by fused score, best first; ties go to the earlier passage."""
        lexical = self.lexical.scores(query)
        dense = self.dense_scores(query)
        return self.hits(lexical, dense, fuse(lexical, dense, dense_weight), limit)

    def hits(
        self, lexical: NDArray[np.float32], dense: NDArray[np.float32], fused: NDArray[np.float32], limit: int
    ) -> list[Hit]:
        """Hits of the best `limit` fused scores above 0, with each method's score and rank."""
        order = _best(fused, limit)
        lexical_rank = _ranks(lexical, order)
        dense_rank = _ranks(dense, order)
        return [
            Hit(
                self.passages[i],
                float(fused[i]),
                {SearchMethod.LEXICAL: float(lexical[i]), SearchMethod.DENSE: float(dense[i])},
                {SearchMethod.LEXICAL: int(lexical_rank[position]), SearchMethod.DENSE: int(dense_rank[position])},
            )
            for position, i in enumerate(order)
            if fused[i] > 0
        ]

    def verify(self, generation: Path) -> list[str]:
        """Problems found when every checksum, span and a sample of self-retrieval is checked; empty when sound."""
        problems = [f"{name} differs from its checksum" for name in self.manifest.differing_files(generation)]
        for key, digest in self.manifest.editions.items():
            if key not in self.editions or self.editions[key].sha256 != digest:
                problems.append(f"text of {key} differs from its checksum")
        for passage in self.passages[:: max(len(self.passages) // 50, 1)]:
            best = self.search(passage.text[:300], limit=5)
            if passage.text not in [hit.passage.text for hit in best]:
                problems.append(f"passage {passage.locator} of {passage.edition_key} does not find itself")
        return problems


def _best(scores: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
    """Rows of the `limit` highest scores, best first; of equal scores the earlier row first."""
    if limit < len(scores):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit] if limit > 0 else np.inf
        rows = np.flatnonzero(scores >= least)
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")[:limit]]


def _ranks(scores: NDArray[np.float32], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank (1 = best) of the passages in `order` among all scores."""
    return len(scores) - np.searchsorted(np.sort(scores), scores[order], side="right") + 1
