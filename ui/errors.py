"""What can go wrong when the page or the tools are started, and how it is told."""

from __future__ import annotations

import sys
from collections.abc import Callable

from index.errors import IndexFault
from rag.generate.errors import GeneratorFault
from rag.rerank import RerankerUnavailable
from sources.errors import SourceError


class UiError(Exception):
    """Anything about the page that the user can mend."""


class PortUnavailable(UiError):
    """The address cannot be listened on."""


def exit_code(serve: Callable[[], None]) -> int:
    """Serve until stopped: 0 stopped, 1 with one sentence on stderr where something is to be mended."""
    try:
        serve()
    except (UiError, GeneratorFault, IndexFault, RerankerUnavailable, SourceError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the commands' own last word
        return 1
    except KeyboardInterrupt:
        pass
    return 0
