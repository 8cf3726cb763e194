"""Fixtures: a desk that generators write at, and a running server that speaks the OpenAI protocol."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from generator_desk import Desk
from openai_server import ChatServer, chat_server

from index.build import build_index
from index.store import PassageIndex
from sources.collection import bundled_collection
from sources.holdings import Holdings


@pytest.fixture(scope="session")
def bundled_index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    """An index of the shipped digests, with the embedder that ships."""
    folder = tmp_path_factory.mktemp("bundled")
    collection = bundled_collection(Holdings(folder / "data"))
    build_index(collection.editions, collection.names, folder / "index")
    return PassageIndex.open(folder / "index")


@pytest.fixture
def desk(garden_index: PassageIndex) -> Desk:
    return Desk(garden_index)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running
