"""Fixtures: a desk that generators write at, a running server that speaks the OpenAI protocol, a conversation to export."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from export_support import harbour_conversation, harbour_editions
from generator_desk import Desk
from openai_server import ChatServer, chat_server

from index.build import build_index
from index.store import PassageIndex
from rag.export.note import Conversation
from sources.collection import bundled_collection
from sources.edition import Edition
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


@pytest.fixture
def editions() -> dict[str, Edition]:
    return harbour_editions()


@pytest.fixture
def conversation(editions: dict[str, Edition]) -> Conversation:
    return harbour_conversation(editions)
