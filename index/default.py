"""The default index: shipped digests and the user's own texts, built on first use.

What only building needs (the catalogue with its validation, the digests) is imported when something is built, so
that asking does not pay for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexMissing
from index.store import PassageIndex
from sources.data import DEFAULT_DATA_FOLDER

if TYPE_CHECKING:
    from index.build import BuildReport

DEFAULT_INDEX_FOLDER = DEFAULT_DATA_FOLDER / "index"


def build_default() -> tuple[BuildReport, list[str]]:
    """Build the default index; returns the report and one sentence per text left out."""
    from index.build import build_index
    from sources.collection import bundled_collection
    from sources.holdings import Holdings

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
