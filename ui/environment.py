"""Settings of the process that must stand before gradio is imported: no telemetry, no hub, no look-ups."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_MCP_SERVER": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Else gradio builds a pandas table of all events so far after every event.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "DO_NOT_TRACK": "1",
}


def silence_network() -> None:
    """Make gradio and its libraries contact no host; call it before the first import of gradio."""
    os.environ.update(_QUIET)


@contextmanager
def without(package: str) -> Iterator[None]:
    """Make imports inside fail for a package that is not loaded yet, as if it were not installed.

    gradio loads the package mcp wherever it finds it, which costs a third of a second and 25 MiB for nothing.
    """
    is_free = package not in sys.modules
    if is_free:
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_free:
            del sys.modules[package]
