"""Where a text was published, as an address that is safe to link to."""

from __future__ import annotations

from urllib.parse import urlsplit

from sources.catalogue import CatalogueEntry
from sources.edition import Edition


def safe_url(url: str) -> str:
    """`url` if it is an absolute http or https address, else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def canonical_address(edition: Edition, entry: CatalogueEntry | None) -> str:
    """Where the text was published: the edition's own address, else one from the catalogue, same language first."""
    published = entry.editions if entry is not None else ()
    same = [item.url for item in published if item.language == edition.language]
    candidates = [edition.url, *same, *(item.url for item in published)]
    return next((safe for url in candidates if (safe := safe_url(url))), "")
