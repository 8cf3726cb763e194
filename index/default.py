"""The default index: shipped digests and the user's own texts, built on first use."""

from __future__ import annotations

from pathlib import Path

from index.build import BuildReport, build_index
from index.errors import IndexMissing
from index.store import PassageIndex
from sources.collection import bundled_collection
from sources.holdings import DEFAULT_DATA_FOLDER, Holdings

DEFAULT_INDEX_FOLDER = DEFAULT_DATA_FOLDER / "index"


def build_default() -> tuple[BuildReport, list[str]]:
    """Build the default index; returns the report and one sentence per text left out."""
    collection = bundled_collection(Holdings())
    return build_index(collection.editions, collection.names, DEFAULT_INDEX_FOLDER), collection.problems


def open_or_build(folder: Path | None) -> PassageIndex:
    """The index in `folder`; None means the default one, which is built where it is missing."""
    if folder is not None:
        return PassageIndex.open(folder)
    try:
        return PassageIndex.open(DEFAULT_INDEX_FOLDER)
    except IndexMissing:
        build_default()
        return PassageIndex.open(DEFAULT_INDEX_FOLDER)
