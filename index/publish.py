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

from index.bm25 import damping
from index.codec import passage_ids, passage_rows
from index.counting import ranges
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
_GATHERED_AT_ONCE = 1 << 15  # rows whose terms are looked for in one pass over the postings
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
    """A generation's passages as rows of Milvus; vectors and postings are read when they are sent."""

    passages: Sequence[Passage]
    vectors: VectorIndex
    postings: Postings
    damping: NDArray[np.float64]

    @classmethod
    def of(cls, generation: Path, passages: Sequence[Passage], average: float) -> Rows:
        """Of a generation's files."""
        vectors = VectorIndex.load(generation / "vectors.faiss", is_mapped=True)
        postings = Postings.load(generation)
        lengths = np.zeros(len(passages), dtype=np.int64)
        for first, last in ranges(postings.starts):
            span = slice(postings.starts[first], postings.starts[last])
            counted = np.bincount(postings.rows[span], weights=postings.counts[span], minlength=len(passages))
            lengths += counted.astype(np.int64)
        return cls(passages, vectors, postings, damping(lengths, average))

    def batches(self, wanted: Sequence[int]) -> Iterator[list[dict[str, Any]]]:
        """The rows of those numbers (ascending), some at a time."""
        dimensions = np.asarray([dimension_of(term) for term in self.postings.terms], dtype=np.int64)
        rows = np.asarray(wanted, dtype=np.int64)
        for start in range(0, len(rows), _GATHERED_AT_ONCE):
            lot = rows[start : start + _GATHERED_AT_ONCE]
            ends, terms, counts = self._terms_of(lot)
            for first in range(0, len(lot), _SENT_AT_ONCE):
                batch, sent = [], lot[first : first + _SENT_AT_ONCE]
                for place, (row, vector) in enumerate(
                    zip(sent.tolist(), self.vectors.rows_at(sent), strict=True), first
                ):
                    span = slice(ends[place], ends[place + 1])
                    batch.append(self._row(row, vector, dimensions[terms[span]], counts[span]))
                yield batch

    def _terms_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Where each row's terms end, with a 0 before; the terms' numbers (ascending for each row); their counts."""
        starts, places, terms, counts = self.postings.starts, [], [], []
        for first, last in ranges(starts):
            span = slice(starts[first], starts[last])
            found = np.searchsorted(rows, self.postings.rows[span])
            held = rows[np.minimum(found, len(rows) - 1)] == self.postings.rows[span]
            places.append(found[held])
            terms.append(np.repeat(np.arange(first, last), np.diff(starts[first : last + 1]))[held])
            counts.append(self.postings.counts[span][held].astype(np.int64))
        place = np.concatenate(places)
        order = np.argsort(place, kind="stable")
        ends = np.searchsorted(place[order], np.arange(len(rows) + 1))
        return ends, np.concatenate(terms)[order], np.concatenate(counts)[order]

    def _row(
        self, number: int, vector: NDArray[np.float32], dimensions: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> dict[str, Any]:
        passage = self.passages[number]
        weights = counts / (self.damping[number] + counts)
        return {
            "id": passage.id,
            "source": passage.source_id,
            "language": passage.language,
            "dense": vector,
            "terms": dict(zip(dimensions.tolist(), weights.tolist(), strict=True)),
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
        collections = Collections(store)
        collections.names()
        collections.check_version()


def place_for(folder: Path, store: str, settings: Sequence[str], average: float, in_use: Manifest | None) -> Place:
    """Where a generation made with `settings` belongs: with the one in use, where its rows would be alike.

    `average` is the mean length of its passages in terms.
    """
    if store == LOCAL:
        return Place()
    average = round(average, 3)
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
