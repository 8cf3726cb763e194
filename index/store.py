"""PassageIndex: one generation on disk, opened read-only; search over it.

Everything is read or mapped while opening, so an open index goes on working when its generation is removed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analyser import fold
from index.codec import EditionTable, PassageTable
from index.embedder import Embedder, load_embedder
from index.errors import EmbedderUnavailable, IndexBroken, IndexFault
from index.fusion import DENSE_WEIGHT
from index.generations import current_generation
from index.lexical import LexicalIndex
from index.manifest import EXACT_UP_TO, LOCAL, Manifest, near_file
from index.passage import Hit, Passage, SearchMethod
from index.searching import ExactSearch, Found, Query, Searcher
from index.split import block_locator
from index.vectors import NearIndex, VectorIndex
from sources.edition import Edition

__all__ = ["PassageIndex", "current_generation"]

_KEPT_SOURCES = 1024  # whose passages by place are kept in memory, at most


class PassageIndex:
    """Passages with their lexical and dense scores. Holds state; the scoring itself is in the modules it names."""

    def __init__(
        self,
        manifest: Manifest,
        editions: EditionTable,
        passages: PassageTable,
        vectors: VectorIndex | None,
        lexical: LexicalIndex,
        near: Mapping[str, NearIndex],
        embedder: Embedder | None = None,
    ) -> None:
        """`vectors` are None where a Milvus has them; `near` is by language, where they are very many."""
        self.manifest = manifest
        self.editions: Mapping[str, Edition] = editions
        self.names: Mapping[str, Mapping[str, list[str]]] = editions.names
        #: all of them made now where that is quick, else each when it is asked for
        self.passages: Sequence[Passage] = list(passages) if len(passages) <= EXACT_UP_TO else passages
        self._editions, self._passages = editions, passages
        self._places_of = lru_cache(_KEPT_SOURCES)(self._find_places)
        self.vectors = vectors
        self.lexical = lexical
        self.near = near
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
            editions = EditionTable(generation)
            passages = PassageTable.load(generation, editions)
            vectors = None
            if manifest.store == LOCAL:
                vectors = VectorIndex.load(generation / "vectors.faiss", is_mapped=manifest.near is not None)
            near = {
                language: NearIndex.load(generation / near_file(language), how["probes"])
                for language, how in (manifest.near or {}).items()
            }
            lexical = LexicalIndex.load(generation, len(passages))
        except (ValueError, KeyError, IndexError, TypeError, RuntimeError, OSError, EOFError) as error:
            raise IndexBroken(f"Index {str(generation)!r} is damaged ({error}); rebuild the index.") from None
        count = len(passages) if vectors is None else vectors.count
        if not len(passages) == count == manifest.passages:
            raise IndexBroken(
                f"Index {str(generation)!r} holds {len(passages)} passages and {count} vectors, its manifest "
                f"says {manifest.passages}; rebuild the index."
            )
        if embedder is not None and embedder.fingerprint != manifest.embedder_fingerprint:
            embedder = None
        return cls(manifest, editions, passages, vectors, lexical, near, embedder)

    @cached_property
    def searcher(self) -> Searcher:
        """Finds passages, wherever this index keeps them."""
        if self.vectors is not None and self.manifest.near is not None:
            from index.large import LargeSearch

            return LargeSearch(self._editions, self._passages, self.lexical, self.vectors, self.near)
        if self.vectors is not None:
            return ExactSearch(self.passages, self.lexical, self.vectors)
        from index.milvus_search import MilvusSearch

        return MilvusSearch(self.manifest.store, self.manifest.collection, self.passages, self.lexical)

    @property
    def id(self) -> str:
        """Identity of the content: equal texts, model and settings give equal ids."""
        return self.manifest.id

    @cached_property
    def _by_source(self) -> dict[str, list[int]]:
        """Numbers of the editions of each source."""
        sources: dict[str, list[int]] = {}
        for number, head in enumerate(self._editions.heads):
            sources.setdefault(head.source_id, []).append(number)
        return sources

    @cached_property
    def source_ids(self) -> tuple[str, ...]:
        """All sources, in the order of their editions."""
        return tuple(self._by_source)

    @cached_property
    def all_sources(self) -> frozenset[str]:
        """The same, to look one up."""
        return frozenset(self.source_ids)

    @cached_property
    def _folded_names(self) -> tuple[str, list[str], list[int]]:
        """Folded names of all sources, one after the other; their ids; and where the names of each begin."""
        texts = [
            fold("\n".join(name for known in by_language.values() for name in known)) + "\n"
            for by_language in self.names.values()
        ]
        return "".join(texts), list(self.names), [0, *accumulate(map(len, texts))]

    def sources_named(self, part: str) -> frozenset[str]:
        """Sources that have `part`, folded and within a line, in one of their names."""
        text, sources, starts = self._folded_names
        found, position = set(), text.find(part)
        while position >= 0:
            number = bisect_right(starts, position) - 1
            found.add(sources[number])
            position = text.find(part, starts[number + 1])
        return frozenset(found)

    def editions_of(self, source_id: str) -> list[Edition]:
        """All editions of one source."""
        return [self.editions[self._editions.keys_in_order[number]] for number in self._by_source.get(source_id, ())]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages of the passages, sorted."""
        with_passages = np.unique(self._passages.edition_numbers).tolist()
        return tuple(sorted({self._editions.heads[number].language for number in with_passages}))

    def passage_counts(self) -> dict[str, int]:
        """How many passages each edition has."""
        return {key: len(self._passages.rows_of(number)) for number, key in enumerate(self._editions.keys_in_order)}

    def passages_at(self, source_id: str, block: str) -> list[Passage]:
        """Passages of every edition of a source at one block."""
        return [self.passages[row] for row in self._places_of(source_id).get(block, ())]

    def _find_places(self, source_id: str) -> dict[str, list[int]]:
        """Rows of a source's passages by block."""
        places: dict[str, list[int]] = {}
        for number in self._by_source.get(source_id, ()):
            for row in self._passages.rows_of(number):
                places.setdefault(block_locator(self.passages[row].locator), []).append(row)
        return places

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
        """Cosine of the question with every passage, shape (passages,); raises IndexFault where a Milvus has them."""
        if self.vectors is None:
            raise IndexFault(
                f"The vectors of index {self.id} are at {self.manifest.store!r}, which does not score them all; "
                "build a local index for this."
            )
        return self.vectors.scores(self.embedder.encode([query], is_query=True)[0])

    def search(self, query: str, *, limit: int = 10, dense_weight: float = DENSE_WEIGHT) -> list[Hit]:
        """The best `limit` passages by fused score, best first; ties go to the earlier passage."""
        vector = self.embedder.encode([query], is_query=True)[0]
        return self.hits(self.searcher.find([Query((query,), vector)], limit, dense_weight)[0])

    def hits(self, found: Found) -> list[Hit]:
        """What a searcher found, as passages with the score and the rank that each method gave them."""
        scores = zip(
            found.rows.tolist(),
            found.fused.tolist(),
            found.lexical.tolist(),
            found.dense.tolist(),
            found.lexical_ranks.tolist(),
            found.dense_ranks.tolist(),
            strict=True,
        )
        return [
            Hit(
                self.passages[row],
                fused,
                {SearchMethod.LEXICAL: lexical, SearchMethod.DENSE: dense},
                {
                    method: rank
                    for method, rank in ((SearchMethod.LEXICAL, lexical_rank), (SearchMethod.DENSE, dense_rank))
                    if rank
                },
            )
            for row, fused, lexical, dense, lexical_rank, dense_rank in scores
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
