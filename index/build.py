"""Building an index: editions → passages → vectors and BM25, aside, then one atomic switch.

Vectors of passages that the generation in use already holds are taken over, so only changed passages are
embedded. Equal content gives an equal id and no new generation.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analyser import ANALYSER_VERSION, all_terms
from index.codec import dump_editions, dump_passages
from index.embedder import BUNDLED, Embedder, load_embedder
from index.errors import IndexFault
from index.lexical import LexicalIndex
from index.manifest import FILES, FORMAT, Manifest, content_id, file_checksum
from index.passage import Passage
from index.split import SPLITTER_VERSION, split_edition
from index.store import CURRENT_NAME, GENERATIONS_NAME, PassageIndex, current_generation
from index.vectors import VectorIndex
from sources.edition import Edition

KEEP_GENERATIONS = 3


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    id: str
    editions: int
    passages: int
    embedded: int
    reused: int
    switched: bool


def build_index(
    editions: Sequence[Edition], names: dict[str, dict[str, list[str]]], folder: Path, *, embedder_name: str = BUNDLED
) -> BuildReport:
    """Build the index of `editions` below `folder` and switch to it; the one in use stays valid until then."""
    if not editions:
        raise IndexFault("There is nothing to index; name a folder with texts by --sources DIR.")
    embedder = load_embedder(embedder_name)
    passages = [passage for edition in editions for passage in split_edition(edition)]
    settings = [str(FORMAT), ANALYSER_VERSION, SPLITTER_VERSION, embedder.fingerprint, repr(names)]
    texts = [f"{edition.key} {edition.sha256}" for edition in editions]
    identity = content_id([*settings, *texts, *(passage.id for passage in passages)])
    (folder / GENERATIONS_NAME).mkdir(parents=True, exist_ok=True)
    with _lock(folder):
        old = _open_current(folder)
        if old is not None and old.id == identity:
            return BuildReport(identity, len(editions), len(passages), 0, len(passages), switched=False)
        vectors, embedded = _vectors(passages, embedder, old)
        target = folder / GENERATIONS_NAME / identity
        _write_generation(target, identity, editions, names, passages, vectors, embedder)
        _switch(folder, identity)
        _collect_garbage(folder, identity)
    return BuildReport(identity, len(editions), len(passages), embedded, len(passages) - embedded, switched=True)


def _vectors(
    passages: Sequence[Passage], embedder: Embedder, old: PassageIndex | None
) -> tuple[NDArray[np.float32], int]:
    """Vectors of the passages, and how many had to be embedded."""
    vectors = np.zeros((len(passages), embedder.dimension), dtype=np.float32)
    known: dict[str, int] = {}
    if old is not None and old.manifest.embedder_fingerprint == embedder.fingerprint:
        known = {passage.id: row for row, passage in enumerate(old.passages)}
        rows = old.vectors.rows()
        for position, passage in enumerate(passages):
            if passage.id in known:
                vectors[position] = rows[known[passage.id]]
    missing = [position for position, passage in enumerate(passages) if passage.id not in known]
    if missing:
        vectors[missing] = embedder.encode([passages[position].search_text for position in missing])
    return vectors, len(missing)


def _write_generation(
    target: Path,
    identity: str,
    editions: Sequence[Edition],
    names: dict[str, dict[str, list[str]]],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    embedder: Embedder,
) -> None:
    """Write everything into a temporary folder beside `target`, the manifest last, then rename it there."""
    aside = Path(tempfile.mkdtemp(prefix=".building-", dir=target.parent))
    try:
        (aside / "editions.json").write_text(dump_editions(editions, names), encoding="utf-8")
        (aside / "passages.json").write_text(dump_passages(passages), encoding="utf-8")
        VectorIndex.build(vectors).save(aside / "vectors.faiss")
        LexicalIndex.build(all_terms([passage.search_text for passage in passages])).save(aside / "lexical")
        Manifest(
            id=identity,
            format=FORMAT,
            embedder=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            analyser=ANALYSER_VERSION,
            splitter=SPLITTER_VERSION,
            editions={edition.key: edition.sha256 for edition in editions},
            passages=len(passages),
            checksums={name: file_checksum(aside / name) for name in FILES},
        ).save(aside)
        if target.exists():
            shutil.rmtree(target)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _switch(folder: Path, identity: str) -> None:
    """Point CURRENT at the generation by one atomic rename."""
    pointer = folder / f".{CURRENT_NAME}.{os.getpid()}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(identity)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / CURRENT_NAME)


def _collect_garbage(folder: Path, identity: str) -> None:
    """Keep the newest generations, and remove what killed builds left."""
    generations = folder / GENERATIONS_NAME
    finished = sorted(
        (p for p in generations.iterdir() if not p.name.startswith(".")), key=lambda p: p.stat().st_mtime, reverse=True
    )
    for old in [p for p in finished if p.name != identity][KEEP_GENERATIONS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    for left in generations.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)


def _open_current(folder: Path) -> PassageIndex | None:
    try:
        return PassageIndex.open(folder)
    except IndexFault:
        return None


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One builder at a time; the lock goes with the process that holds it."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def rollback(folder: Path) -> str:
    """Switch to the generation before the one in use; returns its id. Raises IndexFault where there is none."""
    current = current_generation(folder)
    others = [p for p in (folder / GENERATIONS_NAME).iterdir() if p != current and not p.name.startswith(".")]
    if not others:
        raise IndexFault(f"Index {str(folder)!r} has no earlier generation; build again from the earlier sources.")
    newest = max(others, key=lambda path: path.stat().st_mtime)
    PassageIndex.open_generation(newest)
    with _lock(folder):
        _switch(folder, newest.name)
    return newest.name
