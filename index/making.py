"""Making a generation: its files computed and written piece by piece into a folder aside, then read back.

Nothing that grows with the number of passages is held as a whole but their rows, the terms, and, while the
approximate index of the vectors is made, one byte a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analyser import ANALYSER_VERSION
from index.bm25 import Weighing, average_length
from index.codec import Contents, PassageTable
from index.counting import Run, count_in_lots
from index.durable import FolderWriter, array_content, array_header
from index.embedder import Embedder
from index.embedding import vectors_in_order
from index.errors import IndexBroken
from index.generations import KEPT_NAME, building
from index.lexical import term_files
from index.listing import Listing
from index.manifest import EXACT_UP_TO, FORMAT, LOCAL, NEAR_FROM, Manifest, near_file
from index.progress import Progress
from index.publish import place_for
from index.reuse import Earlier
from index.split import SPLITTER_VERSION
from index.vectors import NearIndex, VectorIndex
from sources.edition import Edition

_QUESTIONS, _OPENING = 100, 24  # tried, and characters of each


@dataclass(frozen=True, slots=True)
class Making:
    """What a generation is made of and with; `texts` are the contents of the files that its id was drawn from."""

    editions: Sequence[Edition]
    listing: Listing
    texts: Contents
    embedder: Embedder
    earlier: Earlier | None
    store: str
    folder: Path  # of the index
    tell: Progress


def make_generation(making: Making, target: Path) -> int:
    """Write a generation and give it its name; returns how many passages were embedded.

    Raises IndexFault or OSError, and leaves nothing then but what a large build can go on from.
    """
    listing, embedder = making.listing, making.embedder
    with building(target) as aside, FolderWriter(aside) as writer, ThreadPoolExecutor(1) as second_core:
        # Tokenising is done outside Python, so both cores work.
        embedding = second_core.submit(_write_vectors, making, writer)
        for name, content in making.texts.items():
            writer.write(name, content)
        writer.write("keys.npy", array_content(listing.keys))
        lengths = _write_postings(_runs(making), len(listing.passages), writer)
        embedded = embedding.result()
        near = None
        if making.store == LOCAL and len(listing.passages) > EXACT_UP_TO:
            near = _write_near(making, writer)
        settings = [ANALYSER_VERSION, embedder.fingerprint, str(embedder.dimension)]
        in_use = making.earlier.manifest if making.earlier else None
        place = place_for(making.folder, making.store, settings, average_length(lengths), in_use)
        if differing := writer.differing():
            raise IndexBroken(f"{differing[0]} was not written as meant; check the disk of {str(target.parent)!r}.")
        Manifest(
            id=target.name,
            format=FORMAT,
            embedder=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            analyser=ANALYSER_VERSION,
            splitter=SPLITTER_VERSION,
            editions={edition.key: edition.sha256 for edition in making.editions},
            passages=len(listing.passages),
            checksums=writer.checksums,
            **asdict(place),
            near=near,
        ).save(aside)
    return embedded


def _write_vectors(making: Making, writer: FolderWriter) -> int:
    """Write the vectors; returns how many had to be embedded."""
    passages, taken, embedder = making.listing.passages, making.listing.taken, making.embedder
    earlier = making.earlier.vectors(embedder.fingerprint) if making.earlier else None
    if earlier is None:
        taken = np.full(len(passages), -1)
    with writer.file("vectors.faiss") as sink:
        lots = vectors_in_order(passages, taken, earlier, embedder, making.folder / KEPT_NAME, making.tell)
        VectorIndex.write(sink, len(passages), embedder.dimension, lots)
    return int((taken < 0).sum())


def _runs(making: Making) -> list[Run]:
    """Term counts of all passages: of the generation before, of its passages that are still there, and of the rest."""
    passages, taken = making.listing.passages, making.listing.taken
    counted, runs = np.zeros(len(passages), dtype=np.bool_), []
    if making.earlier and (known := making.earlier.counts()):
        # A row is taken over once; further passages of the same words are counted like new ones.
        rows, firsts = np.unique(taken, return_index=True)
        rows, firsts = rows[rows >= 0], firsts[rows >= 0]
        numbers = np.full(len(making.earlier.keys), -1)
        numbers[rows] = firsts
        counted[firsts] = True
        runs.append(known.renumbered(numbers))
    fresh = np.flatnonzero(~counted)
    return runs + count_in_lots(passages, fresh, making.listing.keys, making.folder / KEPT_NAME, making.tell)


def _write_postings(runs: Sequence[Run], passages: int, writer: FolderWriter) -> NDArray[np.int64]:
    """Weigh and write the postings; returns the length of each passage in terms."""
    weighing = Weighing(runs, passages)
    count = int(weighing.starts[-1])
    with writer.file("rows.npy") as rows, writer.file("weights.npy") as weights, writer.file("counts.npy") as counts:
        sinks = ((rows, np.dtype(np.int32)), (weights, np.dtype(np.float32)), (counts, weighing.count_type))
        for sink, kind in sinks:
            sink.write(array_header(kind, count))
        for piece in weighing.pieces():
            for (sink, _), array in zip(sinks, piece, strict=True):
                sink.write_array(array)
            if not (np.isfinite(piece[1]) & (piece[1] >= 0)).all():
                raise IndexBroken("A BM25 weight is out of range; report the texts that led to it.")
    for name, content in term_files(weighing.terms, weighing.starts).items():
        writer.write(name, content)
    return weighing.lengths


def _write_near(making: Making, writer: FolderWriter) -> dict[str, Any]:
    """Write an approximate index for each language that has enough passages for one; how each is to be searched."""
    passages, how = making.listing.passages, {}
    vectors = VectorIndex.load(writer.folder / "vectors.faiss", is_mapped=True)
    questions = _questions(passages, making.embedder)
    of_editions = np.asarray([edition.language for edition in making.editions])
    known = np.unique(of_editions[np.unique(passages.edition_numbers)]).tolist()
    for number, language in enumerate(known):
        making.tell("arranging vectors", number, len(known))
        rows = np.flatnonzero((of_editions == language)[passages.edition_numbers])
        if len(rows) >= NEAR_FROM:
            index, nearness = NearIndex.build(vectors, rows, questions)
            writer.write(near_file(language), index.content())
            how[language] = asdict(nearness)
    making.tell("arranging vectors", len(known), len(known))
    return how


def _questions(passages: PassageTable, embedder: Embedder) -> NDArray[np.float32]:
    """Vectors of questions to try the approximate index with: opening words of passages spread over all."""
    rows = np.arange(0, len(passages), max(len(passages) // _QUESTIONS, 1))[:_QUESTIONS]
    return embedder.encode([text[:_OPENING] for _, text in passages.parts(rows)], is_query=True)
