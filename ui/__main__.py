"""Open the chat.

python -m ui [--index DIR] [--host H] [--port P] [--generator NAME]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index.default import open_or_build
from index.errors import IndexFault
from rag.answerer import Answerer
from sources.catalogue import load_catalogue
from sources.errors import SourceError
from ui.environment import silence_network
from ui.errors import UiError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui", description="Serve the chat page and its HTTP interface.")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (default: the bundled one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=7860, help="port (default: %(default)s; 0 = any free one)")
    parser.add_argument("--generator", default="extractive", choices=("extractive",), help="who writes the answer")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 0 to 65535")
    return int(text)


def _run(arguments: argparse.Namespace) -> None:
    silence_network()
    # Imported now, not above: the settings must stand first, and --help needs none of it.
    from ui.server import address_of, create_app, listen, serve
    from ui.service import Service

    listener = listen(arguments.host, arguments.port)
    with listener:
        passage_index = open_or_build(arguments.index)
        service = Service(Answerer(passage_index), passage_index, load_catalogue())
        app = create_app(service, host=arguments.host)
        serve(app, [listener], announcement=f"Bletchley QA: {address_of(listener)}  (Ctrl+C stops it)")


def main(argv: list[str] | None = None) -> int:
    """Serve until stopped; 0 stopped, 1 failed, 2 usage."""
    try:
        _run(_parser().parse_args(argv))
    except (UiError, IndexFault, SourceError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
