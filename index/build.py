"""Building an index: editions → passages → vectors and BM25, aside, verified, then one atomic switch.

Vectors and term counts of passages that the generation in use already holds are taken over, so only new text is
analysed and embedded. Equal content gives an equal id and no new generation; a build that fails or is killed leaves
the generation in use as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.analyser import ANALYSER_VERSION
from index.codec import dump_editions, dump_units
from index.embedder import BUNDLED, Embedder, load_embedder
from index.errors import IndexFault, IndexNotWritten
from index.generations import (
    GENERATIONS_NAME,
    KEPT_NAME,
    collect_garbage,
    current_generation,
    generations,
    lock,
    switch,
)
from index.listing import list_passages
from index.making import Making, make_generation
from index.manifest import FORMAT, LOCAL, MANIFEST_NAME, Manifest, content_id
from index.progress import Progress, quiet
from index.publish import check_store, publish, return_to, sweep
from index.reuse import read_earlier
from index.split import SPLITTER_VERSION
from index.store import PassageIndex
from sources.edition import Edition


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
    settings = [str(FORMAT), ANALYSER_VERSION, SPLITTER_VERSION, embedder.fingerprint]
    units = [dump_units(edition) for edition in editions]
    with _refusals_explained(folder), lock(folder):
        in_use = _in_use(folder)
        store = store or store_in_use(folder)
        check_store(store)
        earlier = read_earlier(in_use)
        listing = list_passages(editions, units, earlier)
        texts = dump_editions(editions, units, names) | listing.passages.contents()
        identity = content_id([*settings, *([] if store == LOCAL else [store]), *texts.values()])
        target = folder / GENERATIONS_NAME / identity
        if _is_sound(target):
            embedded, switched = 0, in_use != target
            if switched:
                os.utime(target / MANIFEST_NAME)  # the order of generations is the order of use
        else:
            making = Making(editions, listing, texts, embedder, earlier, store, folder, tell)
            embedded = make_generation(making, target)
            switched = True
        sent = 0 if store == LOCAL else publish(folder, Manifest.load(target), target, listing.passages, tell)
        if switched:
            switch(folder, identity)
        stores = _stores(folder)
        collect_garbage(folder)
        shutil.rmtree(folder / KEPT_NAME, ignore_errors=True)
        if switched:
            sweep(folder, stores)
    passages = len(listing.passages)
    return BuildReport(identity, len(editions), passages, embedded, passages - embedded, switched, store, sent)


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
