"""Protection around every response: headers, a nonce for the page's own scripts, limits, and closed gradio doors."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.refusals import refusal_language, refused_in

BODY_LIMIT = 512 * 1024
UPLOAD_LIMIT = 20 * 1024 * 1024
_UPLOADS = "/v1/sources/files/"
# Inline styles stay allowed because gradio's components set them; scripts run only from here or with the nonce,
# and nothing may be evaluated from text.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
# Doors of gradio that this page does not use: files, uploads, proxying, run history, monitoring, development.
_CLOSED = re.compile(
    r"^/(gradio_api/)?(upload|upload_progress|file|file=.*|proxy=.*|stream|component_server|deep_link|runs|monitoring|"
    r"vibe-.*|dev|process_recording|agents|skills)(/|$)"
)
_HEARTBEAT = re.compile(r"^/gradio_api/heartbeat/")  # open for as long as somebody has the page open
_SCRIPT = re.compile(rb"<script(?=[\s>])")
_SOCIAL = re.compile(rb"<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*>\s*")


@dataclass(frozen=True)
class Closing:
    """The two moments of stopping: from `begun` on streams that only wait end, from `drained` on all others."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    drained: asyncio.Event = field(default_factory=asyncio.Event)

    def for_path(self, path: str) -> asyncio.Event:
        """The moment at which a stream at this address is ended."""
        return self.begun if _HEARTBEAT.match(path) else self.drained


class Protection:
    """ASGI middleware: see the module's first line."""

    def __init__(self, app: ASGIApp, *, closing: Closing) -> None:
        self.app = app
        self.closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        limit = UPLOAD_LIMIT if scope["path"].startswith(_UPLOADS) and scope["method"] == "PUT" else BODY_LIMIT
        guarded = _Response(send, nonce, refusal_language(HTTPConnection(scope)))
        if _CLOSED.match(scope["path"]):
            await guarded.refuse(404, "There is nothing at this address.")
        elif _announced_length(scope["headers"]) > limit:
            await guarded.refuse(413, f"The request is larger than {limit} bytes; send a smaller one.")
        else:
            await self.app(
                _uncompressed(scope), _limited(receive, self.closing.for_path(scope["path"]), limit), guarded
            )


class _Response:
    """Passes a response on with our headers; a page of HTML is held back until its scripts carry the nonce."""

    def __init__(self, send: Send, nonce: str, language: str) -> None:
        self._send = send
        self._language = language
        self._nonce = nonce
        self._held: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        """Take one ASGI message."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            headers["Content-Security-Policy"] = _POLICY.format(nonce=self._nonce)
            if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
                self._held = message
                return
        elif self._held is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._release(self._held)
            return
        await self._send(message)

    async def _release(self, start: Message) -> None:
        page = _SOCIAL.sub(b"", bytes(self._body))
        page = _SCRIPT.sub(b'<script nonce="' + self._nonce.encode("ascii") + b'"', page)
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(page))
        headers["Cache-Control"] = "no-store"
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})

    async def refuse(self, status: int, sentence: str) -> None:
        """Answer with one sentence of JSON, in the reader's language."""
        body = json.dumps({"error": refused_in(sentence, self._language)}, ensure_ascii=False).encode("utf-8")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode("ascii"))]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})


def _announced_length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    value = next((value for name, value in headers if name == b"content-length"), b"0")
    return int(value) if value.isdigit() else 0


def _limited(receive: Receive, closing: asyncio.Event, limit: int) -> Receive:
    """Stop reading a body, chunked ones too, at the limit; and tell open streams when the server closes."""
    received = 0
    is_whole = False

    async def limited() -> Message:
        nonlocal received, is_whole
        message = await (_until_closing(receive, closing) if is_whole else receive())
        received += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        return {"type": "http.disconnect"} if received > limit else message

    return limited


async def _until_closing(receive: Receive, closing: asyncio.Event) -> Message:
    """The client's next message, or that it is gone because the server closes: streams then end by themselves."""
    waits = (asyncio.ensure_future(receive()), asyncio.ensure_future(closing.wait()))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        return waits[0].result() if waits[0].done() else {"type": "http.disconnect"}
    finally:
        for wait in waits:
            wait.cancel()


def _uncompressed(scope: Scope) -> Scope:
    """The request without Accept-Encoding where a page is asked for, so that the page can be given its nonce."""
    if b"text/html" not in next((value for name, value in scope["headers"] if name == b"accept"), b""):
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
