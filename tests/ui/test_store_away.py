"""A Milvus that fails while a question is answered: one plain sentence at every door, and the next question goes on.

The engine is a real one, Milvus Lite, whose collection is dropped between the search that begins and its result.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests_support import TopicEmbedder
from ui_calls import call

pytest.importorskip("pymilvus", reason="pymilvus is not installed")
pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")

from index.build import build_index
from index.milvus import Collections, store_named
from index.store import PassageIndex
from rag.answer import Status
from rag.answerer import Answerer
from sources.catalogue import load_catalogue
from sources.edition import Edition
from ui.conversation import ask
from ui.running import Settings, Site
from ui.server import create_app
from ui.service import Service

SENTENCE = "The store that holds the passages does not answer; please ask again in a little while."
QUESTION = "在公园里可以生火吗？"


@pytest.fixture
def build(
    tmp_path: Path,
    garden_editions: list[Edition],
    garden_names: dict[str, dict[str, list[str]]],
    embedder: TopicEmbedder,
) -> Callable[[], object]:
    """Builds the garden's index in a Milvus Lite, or mends it."""
    store = store_named(f"milvus:{tmp_path / 'lite.db'}")
    return lambda: build_index(garden_editions, garden_names, tmp_path / "index", store=store)


@pytest.fixture
def service(tmp_path: Path, build: Callable[[], object]) -> Service:
    """Answers from that index."""
    build()
    passage_index = PassageIndex.open(tmp_path / "index")
    return Service(Answerer(passage_index), passage_index, load_catalogue())


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the search that comes next lose its collection under way."""
    search = Collections.search

    def failing(self: Collections, name: str, *given: Any) -> Any:
        monkeypatch.setattr(Collections, "search", search)
        self.drop(name)
        return search(self, name, *given)

    return lambda: monkeypatch.setattr(Collections, "search", failing)


def test_every_door_says_so_and_goes_on(
    service: Service, settings: Settings, build: Callable[[], object], fail: Callable[[], None], tmp_path: Path
) -> None:
    """503 with the sentence and nothing about the machine; once the collection is back, the same process answers."""
    app = create_app(service, with_page=False, settings=settings)
    doors: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/ask", {"json": {"question": QUESTION}}),
        ("GET", "/v1/passages", {"params": {"q": QUESTION}}),
        ("POST", "/v1/chat/completions", {"json": {"messages": [{"role": "user", "content": QUESTION}]}}),
        ("GET", "/readyz", {}),
    ]
    for method, path, request in doors:
        assert call(app, method, path, **request).status_code == 200, path
        fail()
        for _ in range(2):  # under way, and with the store away from the start
            response = call(app, method, path, **request)
            assert (response.status_code, response.json()["error"]) == (503, SENTENCE), path
            assert response.headers["retry-after"].isdecimal()
            assert str(tmp_path) not in response.text
        build()
        service.shelf.searcher._retry_at = 0.0  # type: ignore[attr-defined]  # five seconds later
        assert call(app, method, path, **request).status_code == 200, path


def test_a_stream_ends_with_the_sentence(service: Service, settings: Settings, fail: Callable[[], None]) -> None:
    """The status is sent by then, so the last event tells."""
    app = create_app(service, with_page=False, settings=settings)
    fail()
    told = call(app, "POST", "/v1/ask", json={"question": QUESTION, "stream": True}).text.strip().split("\n\n")[-1]
    assert told.split("\n") == ["event: error", f"data: {json.dumps({'error': SENTENCE})}"]


def test_the_chat_goes_on(
    service: Service,
    settings: Settings,
    build: Callable[[], object],
    fail: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reader gets the sentence in the page's language, the log what Milvus said, without a trace of the stack."""
    site = Site(service, settings)
    fail()
    with caplog.at_level(logging.WARNING):
        exchanges = list(ask(site, (), QUESTION, "zh-CN"))[-1]
    answer = exchanges[-1].answer
    assert answer is not None
    assert (answer.status, answer.reason) == (Status.FAILED, "存放段落的检索服务没有应答，请稍后再问。")
    assert "does not exist" in caplog.text
    assert "Traceback" not in caplog.text
    build()
    service.shelf.searcher._retry_at = 0.0  # type: ignore[attr-defined]  # five seconds later
    after = list(ask(site, exchanges, QUESTION, "zh-CN"))[-1]
    assert [exchange.answer.status for exchange in after if exchange.answer] == [Status.FAILED, Status.ANSWERED]
