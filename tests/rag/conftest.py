"""Fixtures: a desk that generators write at, and a running server that speaks the OpenAI protocol."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from generator_desk import Desk
from openai_server import ChatServer, chat_server

from index.store import PassageIndex


@pytest.fixture
def desk(garden_index: PassageIndex) -> Desk:
    return Desk(garden_index)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running
