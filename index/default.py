"""The default index: shipped digests and the user's own texts, built on first use.

What only building needs (the catalogue with its validation, the digests) is imported when something is built, so
that asking does not pay for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.embedder import BUNDLED
from index.errors import IndexFault
from index.generations import current_generation
from index.manifest import Manifest
from index.store import PassageIndex
from sources.data import CHECKOUT, DEFAULT_DATA_FOLDER

if TYPE_CHECKING:
    from index.build import BuildReport

DEFAULT_INDEX_FOLDER = DEFAULT_DATA_FOLDER / "index"


# What the default index depends on, by size and time; content decides in the build itself.
_BUILT_FROM = "BUILT_FROM"
_INPUTS = (
    (CHECKOUT / "sources", "catalogue.toml"),
    (CHECKOUT / "sources" / "library", "**/*.toml"),
    (CHECKOUT / "index" / "model", "fingerprint.txt"),
    (DEFAULT_DATA_FOLDER / "texts", "*"),
)


def build_default() -> tuple[BuildReport, list[str]]:
    """Build the default index; returns the report and one sentence per text left out."""
    from index.build import build_index
    from sources.collection import bundled_collection
    from sources.holdings import Holdings

    state = inputs_state()
    collection = bundled_collection(Holdings())
    report = build_index(collection.editions, collection.names, DEFAULT_INDEX_FOLDER, embedder_name=_embedder_in_use())
    remember(state)
    return report, collection.problems


def _embedder_in_use() -> str:
    """The embedder that the default index was built with, so that following its sources does not change it."""
    try:
        return Manifest.load(current_generation(DEFAULT_INDEX_FOLDER)).embedder
    except IndexFault:
        return BUNDLED


def remember(state: str) -> None:
    """Note what the default index, just built, was made of."""
    (DEFAULT_INDEX_FOLDER / _BUILT_FROM).write_text(state, encoding="utf-8")


def open_or_build(folder: Path | None) -> PassageIndex:
    """The index in `folder`; None means the default one, which is built where it is missing, old or broken."""
    if folder is not None:
        return PassageIndex.open(folder)
    if _is_current():
        try:
            return PassageIndex.open(DEFAULT_INDEX_FOLDER)
        except IndexFault:
            pass  # left by another version of this program: built anew
    build_default()
    return PassageIndex.open(DEFAULT_INDEX_FOLDER)


def _is_current() -> bool:
    """Whether nothing that the default index depends on has changed since it was built."""
    recorded = DEFAULT_INDEX_FOLDER / _BUILT_FROM
    return recorded.exists() and recorded.read_text(encoding="utf-8") == inputs_state()


def inputs_state() -> str:
    """Names, sizes and times of everything that the default index depends on."""
    paths = [path for folder, pattern in _INPUTS for path in sorted(folder.glob(pattern)) if path.is_file()]
    return "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in paths)
