"""Open the chat.

python -m ui [--index DIR] [--host H] [--port P] [--generator NAME] [--reranker NAME] [--admin-token TOKEN] [--mcp]
             [--allow-private]

Beyond this machine sources are changed only with the admin token, which BLETCHLEY_ADMIN_TOKEN gives as well.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.default import DEFAULT_INDEX_FOLDER, build_default
from rag.generate import EXTRACTIVE, FORMS
from rag.rerank import NONE, RERANKER_HELP
from ui.environment import silence_network
from ui.errors import UiError, exit_code
from ui.mcp import require_mcp

if TYPE_CHECKING:
    from sources.collection import Collection
    from ui.rebuilding import Rebuilding

_ADMIN_VARIABLE = "BLETCHLEY_ADMIN_TOKEN"
_SHORTEST_TOKEN = 12


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui", description="Serve the chat page and its HTTP interface.")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (default: the bundled one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=7860, help="port (default: %(default)s; 0 = any free one)")
    parser.add_argument("--generator", default=EXTRACTIVE, metavar="NAME", help=f"who writes the answer: {FORMS}")
    parser.add_argument("--reranker", default=NONE, metavar="NAME", help=RERANKER_HELP)
    parser.add_argument(
        "--admin-token",
        default=os.environ.get(_ADMIN_VARIABLE, ""),
        metavar="TOKEN",
        help=f"asked for before sources are changed in the page (default: ${_ADMIN_VARIABLE}; other users of this "
        "machine may see an argument, not the variable)",
    )
    parser.add_argument("--mcp", action="store_true", help="serve the Model Context Protocol below /mcp as well")
    parser.add_argument(
        "--allow-private", action="store_true", help="let the sources page fetch from private networks as well"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 0 to 65535")
    return int(text)


def _run(arguments: argparse.Namespace) -> None:
    gc.disable()  # nothing that is loaded now goes away; on again once everything is warm
    silence_network()
    # Imported now, not above: the settings must stand first, and --help needs none of it.
    from ui.opening import open_service, warm_up
    from ui.running import Settings
    from ui.server import address_of, create_app, is_loopback, listen, serve

    if arguments.mcp:
        require_mcp()
    if 0 < len(arguments.admin_token) < _SHORTEST_TOKEN:
        raise UiError(f"The admin token has fewer than {_SHORTEST_TOKEN} characters; choose a longer one.")
    listener = listen(arguments.host, arguments.port)
    with listener:
        servicing = open_service(arguments.index, arguments.generator, arguments.reranker)
        settings = Settings(
            is_local=is_loopback(arguments.host),
            admin_token=arguments.admin_token,
            with_mcp=arguments.mcp,
            allow_private=arguments.allow_private,
        )
        rebuilding = _rebuilding() if arguments.index is None else None
        app = create_app(servicing, host=arguments.host, settings=settings, rebuilding=rebuilding)
        ready = partial(warm_up, servicing, with_answers=arguments.generator == EXTRACTIVE)
        announcement = f"Bletchley QA: {address_of(listener)}  (Ctrl+C stops it)"
        serve(app, [listener], announcement=announcement, when_ready=ready)


def _rebuilding() -> Rebuilding:
    """Rebuilds the default index from the digests and the texts held."""
    from ui.rebuilding import Rebuilding

    def collect() -> Collection:
        from sources.collection import bundled_collection
        from sources.holdings import Holdings

        return bundled_collection(Holdings())

    return Rebuilding(DEFAULT_INDEX_FOLDER, collect, lambda _collection: build_default()[0])


def main(argv: list[str] | None = None) -> int:
    """Serve until stopped; 0 stopped, 1 failed, 2 usage."""
    return exit_code(lambda: _run(_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
