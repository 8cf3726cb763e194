"""Limits: how many questions are answered at once, how many may wait, and how many one address may ask a minute."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio.to_thread
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import StoreUnavailable
from ui.refusals import refusal_language, refused_in

P = ParamSpec("P")
T = TypeVar("T")

_COMPARISONS = ("/compare", "/against")  # pages that search like questions do
_MOST_ADDRESSES = 10_000
_LIMITED = ("/v1/", "/mcp", "/gradio_api/queue/join", "/gradio_api/call/", "/page/export/", "/page/evidence")


_log = logging.getLogger(__name__)


class Busy(Exception):
    """No answer now, but perhaps soon: too many wait, or the store is out of reach. The message is for the asker."""

    seconds = 5


def out_of_reach(error: StoreUnavailable) -> Busy:
    """What the asker is told where a Milvus has the passages and does not serve; the log has where and why."""
    _log.warning("%s", error)
    return Busy("The store that holds the passages does not answer; please ask again in a little while.")


class Gate:
    """Lets a few callers work at once in threads, a bounded number wait, and refuses the rest."""

    def __init__(self, at_once: int, waiting: int, patience_seconds: float = 60.0) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._patience = patience_seconds
        self._inside = 0
        self._turns: asyncio.Semaphore | None = None
        self._threads: anyio.CapacityLimiter | None = None

    @property
    def inside(self) -> int:
        """How many are being answered or wait."""
        return self._inside

    async def run(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """The result of `work`, done in a thread when it is this caller's turn; raises Busy."""
        if self._turns is None or self._threads is None:
            self._turns = asyncio.Semaphore(self._at_once)
            self._threads = anyio.CapacityLimiter(self._at_once)
        if self._inside >= self._most:
            raise Busy(f"{self._inside} questions wait already; please ask again in {Busy.seconds} seconds.")
        self._inside += 1
        try:
            try:
                await asyncio.wait_for(self._turns.acquire(), self._patience)
            except TimeoutError:
                raise Busy("The questions before this one took too long; please ask again.") from None
            try:
                return await anyio.to_thread.run_sync(functools.partial(work, *given, **named), limiter=self._threads)
            except StoreUnavailable as error:
                raise out_of_reach(error) from None
            finally:
                self._turns.release()
        finally:
            self._inside -= 1


class Rates:
    """ASGI middleware: a number of requests a minute for each address elsewhere; this machine itself is not counted."""

    def __init__(self, app: ASGIApp, *, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._a_minute = a_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address → (left, when)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        address = (scope.get("client") or ("", 0))[0] if scope["type"] == "http" else ""
        is_limited = bool(address) and scope["path"].startswith((*_LIMITED, *_COMPARISONS))
        if not is_limited or _is_here(address) or self._may(address):
            await self.app(scope, receive, send)
            return
        sentence = f"More than {self._a_minute} requests a minute came from your address; please wait a little."
        told = refused_in(sentence, refusal_language(HTTPConnection(scope)))
        body = json.dumps({"error": told}, ensure_ascii=False).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"retry-after", b"10"),
        ]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _may(self, address: str) -> bool:
        """Take one from the address's share, which fills up again over a minute."""
        now = self._clock()
        left, before = self._left.pop(address, (float(self._a_minute), now))
        left = min(float(self._a_minute), left + (now - before) * self._a_minute / 60)
        self._left[address] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return left >= 1


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
