"""Fixtures: the tiny corpus as editions, and a real index of it on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests_support import GARDEN_DECLARATION, GARDEN_LAW, GARDEN_NEWS, TopicEmbedder, make_edition

from index.build import build_index
from index.store import PassageIndex
from sources.edition import Edition


@pytest.fixture
def garden_editions() -> list[Edition]:
    """A law, a news report and a declaration about parks."""
    return [
        make_edition("garden-declaration", "en", GARDEN_DECLARATION),
        make_edition("garden-law", "zh", GARDEN_LAW),
        make_edition("garden-news", "zh", GARDEN_NEWS),
    ]


@pytest.fixture
def garden_names(garden_editions: list[Edition]) -> dict[str, dict[str, list[str]]]:
    return {edition.source_id: {edition.language: [edition.title]} for edition in garden_editions}


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> TopicEmbedder:
    """The topic embedder in place of the bundled one, at the one door that builds and opens use."""
    topic_embedder = TopicEmbedder()
    monkeypatch.setattr("index.build.load_embedder", lambda _name: topic_embedder)
    monkeypatch.setattr("index.store.load_embedder", lambda _name: topic_embedder)
    return topic_embedder


@pytest.fixture
def garden_index(
    tmp_path: Path,
    garden_editions: list[Edition],
    garden_names: dict[str, dict[str, list[str]]],
    embedder: TopicEmbedder,
) -> PassageIndex:
    """A real index on disk over the tiny corpus."""
    build_index(garden_editions, garden_names, tmp_path / "index")
    return PassageIndex.open(tmp_path / "index")
