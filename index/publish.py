"""Bringing a built generation to Milvus, so that only what changed travels and nobody sees half of it.

All generations of an index whose rows would be alike (same embedder, analyser and average length) share one
collection, keyed by passage id: an id tells a passage's text, headings and place, so a row never changes. A build puts
in the passages that the collection lacks; a reader passes over what its own generation does not hold, so it goes on
undisturbed; and once the switch is done, rows that no kept generation holds are deleted. Where rows would differ, a new
collection is filled beside the old one. The alias stands for the collection in use.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.bm25 import TermCounts, average_length, damping
from index.codec import passage_ids, passage_rows
from index.durable import write_file
from index.errors import IndexFault, StoreUnavailable
from index.generations import generations
from index.lexical import Postings
from index.manifest import LOCAL, Manifest, content_id
from index.milvus import Collections
from index.milvus_search import dimension_of
from index.passage import Passage
from index.progress import Progress, quiet
from index.vectors import VectorIndex

_NAME_FILE = "COLLECTIONS"
_SENT_AT_ONCE = 500  # rows: about a megabyte, well below what Milvus takes
_DELETED_AT_ONCE = 5000
_LENGTH_DRIFT = 0.01  # of the average length: so far weights of rows already there serve on
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generation's passages are in Milvus, and the average length that they are weighed by."""

    store: str = LOCAL
    collection: str = ""
    average_length: float = 0.0


@dataclass(frozen=True, slots=True)
class Rows:
    """A generation's passages as rows of Milvus."""

    passages: Sequence[Passage]
    vectors: NDArray[np.float32]
    counts: TermCounts
    damping: NDArray[np.float64]

    @classmethod
    def of(cls, generation: Path, passages: Sequence[Passage], average: float) -> Rows:
        """Of a generation's files."""
        vectors = VectorIndex.load(generation / "vectors.faiss").rows()
        counts = TermCounts.of_postings(Postings.load(generation), len(passages))
        return cls(passages, vectors, counts, damping(counts.lengths(), average))

    def batches(self, wanted: Sequence[int]) -> Iterator[list[dict[str, Any]]]:
        """The rows of those numbers, some at a time."""
        dimensions = [dimension_of(term) for term in self.counts.terms]
        for first in range(0, len(wanted), _SENT_AT_ONCE):
            yield [self._row(number, dimensions) for number in wanted[first : first + _SENT_AT_ONCE]]

    def _row(self, number: int, dimensions: Sequence[int]) -> dict[str, Any]:
        passage, matrix = self.passages[number], self.counts.matrix
        span = slice(matrix.indptr[number], matrix.indptr[number + 1])
        weights = matrix.data[span] / (self.damping[number] + matrix.data[span])
        columns = matrix.indices[span].tolist()
        return {
            "id": passage.id,
            "source": passage.source_id,
            "language": passage.language,
            "dense": self.vectors[number],
            "terms": {dimensions[column]: weight for column, weight in zip(columns, weights.tolist(), strict=True)},
        }


def alias_of(folder: Path) -> str:
    """The alias of an index, with which its collections' names begin; drawn once, and kept in the index folder."""
    path = folder / _NAME_FILE
    if not path.exists():
        write_file(path, f"bletchley_{secrets.token_hex(4)}".encode())
    return path.read_text(encoding="utf-8").strip()


def check_store(store: str) -> None:
    """Raise StoreUnavailable where the store does not serve, before any work is done for it."""
    if store != LOCAL:
        Collections(store).names()


def place_for(folder: Path, store: str, settings: Sequence[str], counts: TermCounts, in_use: Manifest | None) -> Place:
    """Where a generation made with `settings` belongs: with the one in use, where its rows would be alike."""
    if store == LOCAL:
        return Place()
    average = round(average_length(counts.lengths()), 3)
    if in_use and in_use.store == store and _is_near(in_use.average_length, average):
        average = in_use.average_length
    return Place(store, f"{alias_of(folder)}_{content_id([*settings, str(average)])}", average)


def _is_near(length: float, other: float) -> bool:
    return abs(length - other) <= _LENGTH_DRIFT * other


def publish(
    folder: Path, manifest: Manifest, generation: Path, passages: Sequence[Passage], tell: Progress = quiet
) -> int:
    """Complete the generation's collection and point the alias at it; returns how many passages travelled.

    Raises StoreUnavailable; what serves goes on serving.
    """
    collections, name = Collections(manifest.store), manifest.collection
    if name not in collections.names():
        collections.create(name, manifest.dimension, manifest.passages)
    numbers = {passage.id: number for number, passage in enumerate(passages)}
    lacking = sorted(numbers[identity] for identity in numbers.keys() - collections.ids(name))
    if lacking:
        for number, batch in enumerate(Rows.of(generation, passages, manifest.average_length).batches(lacking), 1):
            collections.upsert(name, batch)
            tell("sending", min(number * _SENT_AT_ONCE, len(lacking)), len(lacking))
        collections.finish(name)
        if lost := numbers.keys() - collections.ids(name):
            raise StoreUnavailable(f"Milvus at {manifest.store!r} lost {len(lost)} passages of {name!r}; build again.")
    collections.point(alias_of(folder), name)
    return len(lacking)


def return_to(folder: Path, manifest: Manifest) -> None:
    """Point the alias at an earlier generation's collection; raises StoreUnavailable where it is gone."""
    collections = Collections(manifest.store)
    if manifest.collection not in collections.names():
        raise StoreUnavailable(f"Collection {manifest.collection!r} is gone from {manifest.store!r}; build again.")
    collections.point(alias_of(folder), manifest.collection)


def sweep(folder: Path, stores: Collection[str]) -> None:
    """At those stores, remove what no generation here needs: rows, and whole collections. Never fails."""
    if not set(stores) - {LOCAL}:
        return
    needed = _needed(folder)
    for store in sorted(set(stores) - {LOCAL}):
        try:
            collections = Collections(store)
            for name in collections.names():
                if (store, name) in needed:
                    _delete(collections, name, sorted(collections.ids(name) - needed[store, name]))
                elif name.startswith(f"{alias_of(folder)}_"):
                    collections.drop(name)
        except StoreUnavailable as error:
            _log.warning("Old passages stay: %s", error)


def _needed(folder: Path) -> dict[tuple[str, str], set[str]]:
    """Passage ids that the generations here need, by store and collection."""
    needed: dict[tuple[str, str], set[str]] = {}
    for generation in generations(folder):
        try:
            manifest = Manifest.load(generation)
            held = passage_ids(passage_rows(generation))
        except (IndexFault, OSError, ValueError):
            continue  # damaged: it can serve nobody
        needed.setdefault((manifest.store, manifest.collection), set()).update(held)
    return needed


def _delete(collections: Collections, name: str, ids: Sequence[str]) -> None:
    for first in range(0, len(ids), _DELETED_AT_ONCE):
        collections.delete(name, ids[first : first + _DELETED_AT_ONCE])


def problems_of(folder: Path, manifest: Manifest, passages: Sequence[Passage]) -> list[str]:
    """What is wrong with the collection of the generation in use; empty when sound."""
    collections, name = Collections(manifest.store), manifest.collection
    if name not in collections.names():
        return [f"collection {name} is missing at {manifest.store}"]
    problems = []
    if lost := {passage.id for passage in passages} - collections.ids(name):
        problems.append(f"collection {name} lacks {len(lost)} of {len(passages)} passages")
    alias = alias_of(folder)
    if (target := collections.alias_target(alias)) != name:
        problems.append(f"alias {alias} stands for {target} instead of {name}")
    return problems
