"""Building an index: editions → passages → vectors and BM25, aside, verified, then one atomic switch.

Vectors and term counts of passages that the generation in use already holds are taken over, so only new text is
analysed and embedded. Equal content gives an equal id and no new generation; a build that fails or is killed leaves
the generation in use as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analyser import ANALYSER_VERSION
from index.bm25 import weigh
from index.codec import Contents, dump_editions, dump_passages
from index.durable import array_content, file_checksum, write_file
from index.embedder import BUNDLED, Embedder, load_embedder
from index.errors import IndexBroken, IndexFault, IndexNotWritten
from index.generations import (
    GENERATIONS_NAME,
    KEPT_NAME,
    building,
    collect_garbage,
    current_generation,
    generations,
    lock,
    switch,
)
from index.lexical import Postings
from index.manifest import EXACT_UP_TO, FORMAT, LOCAL, MANIFEST_NAME, NEAR_FROM, Manifest, content_id, near_file
from index.passage import Passage
from index.progress import Progress, quiet
from index.publish import check_store, place_for, publish, return_to, sweep
from index.reuse import counts_for, passage_keys, read_reuse, vectors_for
from index.split import SPLITTER_VERSION, split_edition
from index.store import PassageIndex
from index.vectors import NearIndex, Nearness, VectorIndex
from sources.edition import Edition

_QUESTIONS, _OPENING = 100, 24  # tried, and characters of each


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    id: str
    editions: int
    passages: int
    embedded: int
    reused: int
    switched: bool
    store: str = LOCAL
    sent: int = 0  # passages that travelled to the store


def build_index(
    editions: Sequence[Edition],
    names: Mapping[str, Mapping[str, list[str]]],
    folder: Path,
    *,
    embedder_name: str = BUNDLED,
    embedder: Embedder | None = None,
    store: str | None = None,
    tell: Progress = quiet,
) -> BuildReport:
    """Build the index of `editions` below `folder` and switch to it; the one in use stays valid until then.

    `embedder` is one of that name that is open already; `store` is who searches it, "local" or `milvus:URI`, and None
    is the one in use. Raises IndexFault when nothing was built.
    """
    if not editions:
        raise IndexFault("There is nothing to index; name a folder with texts by --sources DIR.")
    embedder = embedder or load_embedder(embedder_name)
    passages = [passage for edition in editions for passage in split_edition(edition)]
    texts = dump_editions(editions, names) | dump_passages(passages, editions)
    settings = [str(FORMAT), ANALYSER_VERSION, SPLITTER_VERSION, embedder.fingerprint]
    with _refusals_explained(folder), lock(folder):
        in_use = _in_use(folder)
        store = store or store_in_use(folder)
        check_store(store)
        identity = content_id([*settings, *([] if store == LOCAL else [store]), *texts.values()])
        target = folder / GENERATIONS_NAME / identity
        if _is_sound(target):
            embedded, switched = 0, in_use != target
            if switched:
                os.utime(target / MANIFEST_NAME)  # the order of generations is the order of use
        else:
            embedded = _build_generation(target, editions, passages, texts, embedder, in_use, folder, store, tell)
            switched = True
        sent = 0 if store == LOCAL else publish(folder, Manifest.load(target), target, passages, tell)
        if switched:
            switch(folder, identity)
        stores = _stores(folder)
        collect_garbage(folder)
        shutil.rmtree(folder / KEPT_NAME, ignore_errors=True)
        if switched:
            sweep(folder, stores)
    reused = len(passages) - embedded
    return BuildReport(identity, len(editions), len(passages), embedded, reused, switched, store, sent)


def _build_generation(
    target: Path,
    editions: Sequence[Edition],
    passages: Sequence[Passage],
    texts: Contents,
    embedder: Embedder,
    in_use: Path | None,
    folder: Path,
    store: str,
    tell: Progress,
) -> int:
    """Compute, write and verify everything; returns how many passages were embedded."""
    with ThreadPoolExecutor(1) as second_core:  # reading and tokenising are done outside Python, so work goes on here
        reading = second_core.submit(read_reuse, in_use, embedder.fingerprint)
        keys = passage_keys(passages)
        reuse = reading.result()
        taken = reuse.taken(keys)
        kept = folder / KEPT_NAME
        embedding = second_core.submit(vectors_for, passages, taken, reuse, embedder, kept, tell)
        counts = counts_for(passages, taken, reuse)
        postings = weigh(counts)
        settings = [ANALYSER_VERSION, embedder.fingerprint, str(embedder.dimension)]
        place = place_for(folder, store, settings, counts, _manifest(in_use))
        del counts, reading, reuse  # large, and their work is done
        vectors, embedded = embedding.result()
    _check_scores(passages, postings, vectors)
    files: Contents = {
        **texts,
        **postings.files(),
        "keys.npy": array_content(keys),
        "vectors.faiss": VectorIndex.content(vectors),
    }
    near: dict[str, Any] | None = None
    if store == LOCAL and len(passages) > EXACT_UP_TO:
        near = {}
        for language, index, nearness in _near(passages, vectors, embedder, tell):
            near[language] = asdict(nearness)
            files[near_file(language)] = index.content()
    with building(target) as aside:
        manifest = Manifest(
            id=target.name,
            format=FORMAT,
            embedder=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            analyser=ANALYSER_VERSION,
            splitter=SPLITTER_VERSION,
            editions={edition.key: edition.sha256 for edition in editions},
            passages=len(passages),
            checksums=_write(aside, files),
            **asdict(place),
            near=near,
        )
        manifest.save(aside)
    return embedded


def _write(folder: Path, files: Contents) -> dict[str, str]:
    """Write files, read each back, and return their checksums; two at a time, for hashing is most of the work."""

    def write(name: str) -> str:
        checksum = write_file(folder / name, files[name])
        if file_checksum(folder / name) != checksum:
            raise IndexBroken(f"{name} was not written as meant; check the disk of {str(folder.parent)!r}.")
        return checksum

    with ThreadPoolExecutor(2) as writers:
        return dict(zip(files, writers.map(write, files), strict=True))


def _near(
    passages: Sequence[Passage], vectors: NDArray[np.float32], embedder: Embedder, tell: Progress
) -> Iterator[tuple[str, NearIndex, Nearness]]:
    """An approximate index of each language that has enough passages for one."""
    languages = np.asarray([passage.language for passage in passages])
    questions = _questions(passages, embedder)
    known = np.unique(languages)
    for number, language in enumerate(known.tolist()):
        tell("arranging vectors", number, len(known))
        rows = np.flatnonzero(languages == language)
        if len(rows) >= NEAR_FROM:
            yield language, *NearIndex.build(vectors, rows, questions)
    tell("arranging vectors", len(known), len(known))


def _questions(passages: Sequence[Passage], embedder: Embedder) -> NDArray[np.float32]:
    """Vectors of questions to try the approximate index with: opening words of passages spread over all."""
    step = max(len(passages) // _QUESTIONS, 1)
    return embedder.encode([passage.text[:_OPENING] for passage in passages[::step]][:_QUESTIONS], is_query=True)


def _check_scores(passages: Sequence[Passage], postings: Postings, vectors: NDArray[np.float32]) -> None:
    """Refuse what could never be found: vectors that are no unit vectors, or weights out of range."""
    lengths = np.linalg.norm(vectors, axis=1)
    sound = np.isclose(lengths, 1, atol=1e-2) | (lengths == 0)
    if not sound.all():
        passage = passages[int(np.argmin(sound))]
        raise IndexBroken(
            f"The embedder gave passage {passage.locator} of {passage.edition_key} a vector that is not of length 1; "
            "use another one by --embedder."
        )
    if not (np.isfinite(postings.weights) & (postings.weights >= 0)).all():
        raise IndexBroken("A BM25 weight is out of range; report the texts that led to it.")


def store_in_use(folder: Path) -> str:
    """Who searches the index in `folder`, so that rebuilding does not move it; "local" where there is none."""
    manifest = _manifest(_in_use(folder))
    return manifest.store if manifest else LOCAL


def _manifest(generation: Path | None) -> Manifest | None:
    try:
        return Manifest.load(generation) if generation else None
    except IndexFault:
        return None


def _stores(folder: Path) -> set[str]:
    return {manifest.store for generation in generations(folder) if (manifest := _manifest(generation))} | {LOCAL}


def _in_use(folder: Path) -> Path | None:
    try:
        return current_generation(folder)
    except IndexFault:
        return None


def _is_sound(generation: Path) -> bool:
    try:
        return not Manifest.load(generation).differing_files(generation)
    except IndexFault:
        return False


@contextmanager
def _refusals_explained(folder: Path) -> Iterator[None]:
    """What the disk refuses, as one sentence."""
    try:
        yield
    except OSError as error:
        raise IndexNotWritten(
            f"The index cannot be written to {str(folder)!r} ({error.strerror or error}); make room, or name another "
            "folder by --index. The index in use is as it was."
        ) from error


def rollback(folder: Path) -> str:
    """Switch to the generation built before the one in use; returns its id. Raises IndexFault where there is none."""
    with _refusals_explained(folder), lock(folder):
        known = generations(folder)
        in_use = _in_use(folder)
        earlier = known[known.index(in_use) + 1 :] if in_use in known else known
        before = next((generation for generation in earlier if _is_sound(generation)), None)
        if before is None:
            raise IndexFault(f"Index {str(folder)!r} has no earlier generation; build again from the earlier sources.")
        PassageIndex.open_generation(before)
        manifest = Manifest.load(before)
        if manifest.store != LOCAL:
            return_to(folder, manifest)
        switch(folder, before.name)
    return before.name
