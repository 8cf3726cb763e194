"""A real HTTP server that speaks the OpenAI chat protocol, and can be told to misbehave.

The first part of the path chooses how: http://127.0.0.1:PORT/slow/v1. `reply` is what it says.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ChatServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = ""
        self.requests: list[dict[str, Any]] = []
        self.headers_seen: list[dict[str, str]] = []
        self.failures_left = 0
        self.released = threading.Event()

    def name(self, mode: str = "good") -> str:
        return f"openai:{self.address(mode)}"

    def address(self, mode: str = "good") -> str:
        return f"http://127.0.0.1:{self.server_port}/{mode}/v1#tiny"


@contextmanager
def chat_server(kind: type[ChatServer] = ChatServer) -> Iterator[ChatServer]:
    server = kind()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def log_message(self, *_arguments: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        self.server.headers_seen.append(dict(self.headers))
        mode, rest = self.path.strip("/").split("/", 1)
        assert rest == "v1/chat/completions"
        getattr(self, f"_{mode}")(body)

    def _status(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _begin(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _send(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def _piece(self, text: str, reason: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
        self._send(json.dumps({"choices": [choice]}, ensure_ascii=False))

    def _good(self, _body: dict[str, Any]) -> None:
        self._begin()
        self.wfile.write(b": a comment\n\n")
        self._send(json.dumps({"choices": [{"index": 0, "delta": {"role": "assistant"}}]}))
        for at in range(0, len(self.server.reply), 5):
            self._piece(self.server.reply[at : at + 5])
        self._piece("", "stop")
        self._send(json.dumps({"choices": [], "usage": {"total_tokens": 3}}))
        self._send("[DONE]")

    def _json(self, _body: dict[str, Any]) -> None:
        self._begin("application/json")
        message = {"role": "assistant", "content": self.server.reply}
        self.wfile.write(json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}).encode())

    def _failing(self, body: dict[str, Any]) -> None:
        """Status 503 as often as told, then well."""
        if self.server.failures_left:
            self.server.failures_left -= 1
            self._status(503)
        else:
            self._good(body)

    def _patient(self, body: dict[str, Any]) -> None:
        """Status 429 with a wish for a long pause, then well."""
        if self.server.failures_left:
            self.server.failures_left -= 1
            self._status(429, Retry_After="3600")
        else:
            self._good(body)

    def _narrow(self, body: dict[str, Any]) -> None:
        """Knows no setting but the three that must be."""
        if set(body) - {"model", "messages", "stream"}:
            self._status(400)
        else:
            self._good(body)

    def _broken(self, _body: dict[str, Any]) -> None:
        self._status(500)

    def _locked(self, _body: dict[str, Any]) -> None:
        self._status(401)

    def _away(self, _body: dict[str, Any]) -> None:
        self._status(302, Location="http://127.0.0.1:9/v1/chat/completions")

    def _missing(self, _body: dict[str, Any]) -> None:
        self._status(404)

    def _slow(self, _body: dict[str, Any]) -> None:
        """One piece, then silence."""
        self._begin()
        self._piece(self.server.reply[:5])
        self.server.released.wait(20)

    def _dripping(self, _body: dict[str, Any]) -> None:
        """Never silent, never done: a byte at a time, without a line end."""
        self._begin()
        while not self.server.released.is_set():
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.02)

    def _endless(self, _body: dict[str, Any]) -> None:
        self._begin()
        for _ in range(100_000):
            try:
                self._piece("and so on " * 100)
            except OSError:
                return

    def _truncating(self, _body: dict[str, Any]) -> None:
        """Breaks off in the middle."""
        self._begin()
        self._piece(self.server.reply[: len(self.server.reply) // 2])

    def _limited(self, _body: dict[str, Any]) -> None:
        """Runs into its token limit."""
        self._begin()
        self._piece(self.server.reply[: len(self.server.reply) // 2], "length")
        self._send("[DONE]")

    def _malformed(self, _body: dict[str, Any]) -> None:
        self._begin()
        self._piece("Well")
        self._send('{"choices": [{"delta": {"content": "Wel')

    def _strange(self, _body: dict[str, Any]) -> None:
        self._begin()
        self._send('["not", "an", "object"]')

    def _complaining(self, _body: dict[str, Any]) -> None:
        self._begin()
        self._send('{"error": {"message": "key sk-secret is wrong"}}')

    def _page(self, _body: dict[str, Any]) -> None:
        self._begin("text/html")
        self.wfile.write(b"<html>Sign in</html>")

    def _binary(self, _body: dict[str, Any]) -> None:
        self._begin("application/json")
        self.wfile.write(bytes(range(256)))
