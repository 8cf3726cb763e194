"""The page's own style sheets, scripts and icon, under addresses that change with their content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent
PAGE_FILES = {
    "style.css": "text/css",
    "pages.css": "text/css",
    "compare.css": "text/css",
    "panel.js": "text/javascript",
    "early.js": "text/javascript",
    "chat.js": "text/javascript",
    "admin.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@lru_cache(maxsize=len(PAGE_FILES))
def page_text(name: str) -> str:
    """One of the page's own files."""
    return (_HERE / name).read_text(encoding="utf-8")


@lru_cache(maxsize=len(PAGE_FILES))
def page_address(name: str) -> str:
    """The relative address of a page file; it changes with the content, so browsers may keep the file."""
    version = hashlib.sha256(page_text(name).encode("utf-8")).hexdigest()[:10]
    return f"page/{name}?v={version}"
