"""Told to stop, the server takes nothing new, finishes the answers under way, and ends what only waits."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai_server import ChatServer, chat_server

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "What did the Bletchley Declaration call for?"
pytestmark = pytest.mark.slow


@pytest.fixture
def model() -> Iterator[ChatServer]:
    """A language model that begins a reply and goes on only when it is released."""
    with chat_server() as server:
        server.reply = "The Declaration"
        yield server


class Process:
    """`python -m ui` with that model."""

    def __init__(self, model: ChatServer) -> None:
        command = [sys.executable, "-m", "ui", "--port", "0", "--generator", model.name("slow")]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found is not None
        self.address = found[0]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> tuple[int, str]:
        """Exit status and what was complained of."""
        _, complaints = self.process.communicate(timeout=60)
        return self.process.returncode, complaints


@pytest.fixture
def server(model: ChatServer) -> Iterator[Process]:
    """The process; ended in any case."""
    process = Process(model)
    yield process
    if process.process.poll() is None:
        process.process.kill()
        process.process.communicate()


def wait_for_model(model: ChatServer) -> None:
    """Until the model has been asked: the answer is under way."""
    waiting = threading.Event()
    for _ in range(600):
        if model.requests:
            return
        waiting.wait(0.05)
    raise AssertionError("the model was never asked")


def refuses(address: str) -> bool:
    try:
        httpx.get(f"{address}/healthz", timeout=5)
    except httpx.TransportError:
        return True
    return False


def test_a_stream_under_way_is_finished(model: ChatServer, server: Process) -> None:
    """The evidence is out, the answer is not: after SIGTERM it still comes, whole; newcomers are refused at once."""
    body = {"question": QUESTION, "stream": True}
    with httpx.stream("POST", f"{server.address}/v1/ask", json=body, timeout=60) as response:
        lines = response.iter_lines()
        assert next(lines) == "event: evidence"
        wait_for_model(model)
        server.stop()
        waiting = threading.Event()
        while not refuses(server.address):
            waiting.wait(0.05)
        model.released.set()
        events = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
    assert events[-1]["status"] == "answered"
    assert events[-1]["claims"]
    status, complaints = server.ended()
    assert status in (0, -signal.SIGTERM)
    assert complaints.count("Traceback") == 0


def test_an_answer_on_the_page_is_finished(model: ChatServer, server: Process) -> None:
    """The same through gradio's queue, while somebody else merely has the page open."""
    with (
        httpx.Client(base_url=server.address, timeout=60) as client,
        httpx.stream("GET", f"{server.address}/gradio_api/heartbeat/somebody", timeout=60) as open_page,
    ):
        event = client.post("/gradio_api/call/ask", json={"data": [QUESTION, "en"]}).json()["event_id"]
        with client.stream("GET", f"/gradio_api/call/ask/{event}") as response:
            wait_for_model(model)
            server.stop()
            assert "".join(open_page.iter_text()) is not None  # ends although nobody left
            model.released.set()
            text = "".join(response.iter_text())
    assert "event: complete" in text
    data = json.loads(re.findall("^data: (.*)$", text, re.M)[-1])
    assert data[0]["status"] == "answered"
    assert server.ended()[0] in (0, -signal.SIGTERM)


def test_with_nothing_under_way_it_stops_although_pages_are_open(server: Process) -> None:
    """Open pages and idle connections hold nothing up."""
    with (
        httpx.stream("GET", f"{server.address}/gradio_api/heartbeat/somebody", timeout=60) as open_page,
        httpx.Client(base_url=server.address) as idle,
    ):
        assert idle.get("/healthz").json() == {"status": "ok"}
        server.stop()
        assert "".join(open_page.iter_text()) is not None
        assert server.ended()[0] in (0, -signal.SIGTERM)
