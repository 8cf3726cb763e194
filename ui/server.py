"""The server: our routes and the chat page in one FastAPI application, served by uvicorn."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ui.api import add_error_handlers, routes
from ui.environment import without
from ui.errors import PortUnavailable
from ui.limits import Rates
from ui.rebuilding import Rebuilding
from ui.running import Settings, Site
from ui.security import Closing, Protection
from ui.service import Servicing

if TYPE_CHECKING:
    from ui.mcp.tools import HttpDoor

_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]", "::1")
_SECONDS_TO_FINISH = 20  # for answers under way when the server is told to stop
_SECONDS_OF_REST = 0.4  # without work, before what was answered last has surely been sent
_SECONDS_KEPT_ALIVE = 75  # longer than what stands in front of a server usually keeps a connection
_BACKLOG = 512


def create_app(
    servicing: Servicing,
    *,
    with_page: bool = True,
    host: str = "127.0.0.1",
    settings: Settings | None = None,
    rebuilding: Rebuilding | None = None,
) -> FastAPI:
    """The whole application; without the page gradio is not imported."""
    settings = settings or Settings(is_local=is_loopback(host))
    site = Site(servicing, settings, rebuilding)
    door = _mcp_door(site, host) if settings.with_mcp else None
    app = FastAPI(
        title="Bletchley QA",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        lifespan=door.lifespan if door is not None else None,
    )
    app.include_router(routes(site))
    if door is not None:
        door.open(app)
    add_error_handlers(app, site)
    if with_page:
        with without("mcp"):
            from ui.page import mount

        app = mount(app, site)
    app.add_middleware(Rates, a_minute=settings.requests_a_minute)
    if is_loopback(host):  # a page elsewhere cannot reach us under another name that it points here
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_LOCAL_NAMES, host])
    app.state.site = site
    app.state.closing = Closing()
    app.add_middleware(Protection, closing=app.state.closing)
    return app


def _mcp_door(site: Site, host: str) -> HttpDoor:
    from ui.mcp.tools import HttpDoor

    return HttpDoor(site, [*_LOCAL_NAMES, host], is_local=is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """A socket that already accepts connections, so that an early visitor waits instead of failing."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise PortUnavailable(
            f"Host {host!r} is not an address of this machine; name one by --host, such as 127.0.0.1."
        ) from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise PortUnavailable(
            f"Port {port} of {host} cannot be used ({(error.strerror or 'refused').lower()}); choose another by --port."
        ) from None
    return listener


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """uvicorn that says in one line when it is ready."""

    def __init__(self, app: FastAPI, *, announcement: str = "", when_ready: Callable[[], None] | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=_SECONDS_TO_FINISH + 1,
                timeout_keep_alive=_SECONDS_KEPT_ALIVE,
                server_header=False,
                lifespan="on",
            )
        )
        self._announcement = announcement
        self._when_ready = when_ready
        self._closing: Closing = app.state.closing
        self._site: Site = app.state.site

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then say so."""
        await super().startup(sockets)
        if self.started and self._announcement:
            print(self._announcement, flush=True)  # noqa: T201
        if self.started and self._when_ready is not None:
            self._when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no new questions, finish those under way, then end what is still open and stop."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # streams cut short now are no news
        self._closing.begun.set()
        draining = asyncio.create_task(self._drain())
        await super().shutdown(sockets)
        await draining

    async def _drain(self) -> None:
        """Tell when nobody waits for an answer any more, or has waited too long."""
        clock = asyncio.get_running_loop().time
        given_up, rested = clock() + _SECONDS_TO_FINISH, clock()
        while clock() - rested < _SECONDS_OF_REST and clock() < given_up and not self.force_exit:
            await asyncio.sleep(0.05)
            rested = clock() if self._site.is_busy else rested
        self._closing.drained.set()


def serve(
    app: FastAPI,
    listeners: Sequence[socket.socket],
    *,
    announcement: str = "",
    when_ready: Callable[[], None] | None = None,
) -> None:
    """Serve until interrupted or terminated; running requests may finish. `when_ready` must return at once."""
    try:
        Server(app, announcement=announcement, when_ready=when_ready).run(sockets=list(listeners))
    except KeyboardInterrupt:
        return
