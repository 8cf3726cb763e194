"""A web server on this machine for tests of fetching; no other host is contacted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sources.fetch.download import Limits

Handler = Callable[[BaseHTTPRequestHandler], None]
QUICK = Limits(
    connect_seconds=2, read_seconds=0.5, total_seconds=3, most_bytes=200_000, tries=3, first_pause=0.01, longest_pause=0.05,
    redirects=3, pause_between=0,
)  # fmt: skip


class QuietServer(ThreadingHTTPServer):
    """Says nothing of connections that a test breaks on purpose."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class Site:
    """A web server on this machine: paths and what they answer; `asked` holds every request's path and headers."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Answerer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                handler = site.pages.get(self.path.partition("?")[0])
                if handler is None:
                    self.send_error(404)
                else:
                    handler(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                pass

        self._server = QuietServer(("127.0.0.1", 0), Answerer)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def page(self, path: str, content: str | bytes, status: int = 200, **headers: str) -> None:
        raw = content.encode() if isinstance(content, str) else content
        named = {"Content-Type": "text/html; charset=utf-8"} | {n.replace("_", "-"): v for n, v in headers.items()}

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in {**named, "Content-Length": str(len(raw))}.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(raw)

        self.pages[path] = answer

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        self.page(path, "", status, Location=target)
