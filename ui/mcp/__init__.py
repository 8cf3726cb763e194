"""The Model Context Protocol: the same answers, passages and units as tools for programs that speak it."""

from __future__ import annotations

import importlib.util

from ui.errors import UiError


def require_mcp() -> None:
    """Raise UiError where the optional package is not there."""
    if importlib.util.find_spec("mcp") is None:
        raise UiError("The package 'mcp' is not installed; add it by: .venv/bin/python -m pip install 'mcp>=2'")
