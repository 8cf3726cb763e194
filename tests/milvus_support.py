"""Versions of the garden texts, built into a Milvus and asked."""

from __future__ import annotations

from pathlib import Path

from tests_support import GARDEN_DECLARATION, GARDEN_LAW, GARDEN_NEWS, make_edition

from index.build import build_index
from index.store import PassageIndex
from sources.edition import Edition

NAMES = {name: {"zh": [name]} for name in ("garden-law", "garden-news", "garden-declaration")}


def version(number: int) -> list[Edition]:
    """Contents that differ in one unit."""
    return [
        make_edition("garden-declaration", "en", GARDEN_DECLARATION),
        make_edition("garden-law", "zh", GARDEN_LAW.replace("五十元", f"{number}元")),
        make_edition("garden-news", "zh", GARDEN_NEWS),
    ]


def build(folder: Path, number: int, store: str | None = None) -> int:
    """Build a version; how many passages travelled."""
    return build_index(version(number), NAMES, folder, store=store).sent


def fine(folder: Path) -> str:
    """The passage about the fine, as the index in use finds it."""
    found = PassageIndex.open(folder).search("罚款多少元", limit=1)[0].passage
    assert found.locator == "art3.1"
    return found.text
