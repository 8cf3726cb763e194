"""Speak the Model Context Protocol over standard input and output, for a client that starts this as its tool server.

python -m ui.mcp [--index DIR] [--generator NAME] [--reranker NAME]
"""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

from rag.generate import EXTRACTIVE, FORMS
from rag.rerank import NONE, RERANKER_HELP
from ui.errors import exit_code
from ui.mcp import require_mcp


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ui.mcp", description="Serve the tools ask, search_passages and read_unit over stdin and stdout."
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (default: the bundled one)")
    parser.add_argument("--generator", default=EXTRACTIVE, metavar="NAME", help=f"who writes the answer: {FORMS}")
    parser.add_argument("--reranker", default=NONE, metavar="NAME", help=RERANKER_HELP)
    return parser


def _run(arguments: argparse.Namespace) -> None:
    require_mcp()
    # Imported now, not above: --help needs none of it, and may be asked where the package is missing.
    from ui.mcp.tools import tool_server
    from ui.opening import open_service, warm_up
    from ui.running import Site

    gc.disable()  # until everything is warm
    service = open_service(arguments.index, arguments.generator, arguments.reranker)
    warm_up(service, with_answers=arguments.generator == EXTRACTIVE)
    tool_server(Site(service)).run("stdio")


def main(argv: list[str] | None = None) -> int:
    """Serve until the client leaves; 0 done, 1 failed, 2 usage."""
    return exit_code(lambda: _run(_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
