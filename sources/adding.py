"""Taking the user's own texts into the data directory: files, folders and web pages."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sources.catalogue import Catalogue
from sources.edition import Edition
from sources.errors import FetchFailed
from sources.fetch.download import Downloader
from sources.fetch.judge import is_barrier, says_gone
from sources.fetch.snapshots import SnapshotStore
from sources.load import load_parts
from sources.readers import READABLE_SUFFIXES

_URL = re.compile(r"^https?://", re.IGNORECASE)


def is_url(given: str) -> bool:
    """Whether a command-line argument is a web address."""
    return bool(_URL.match(given))


def paths_of(given: str) -> list[Path]:
    """The file itself, or every readable file of a folder, in name order."""
    path = Path(given)
    if not path.is_dir():
        return [path]
    return sorted(inner for inner in path.iterdir() if inner.suffix.lower() in READABLE_SUFFIXES)


def editions_from_url(
    url: str, catalogue: Catalogue, store: SnapshotStore, downloader: Downloader
) -> Iterator[Edition]:
    """Download a page, keep its snapshot and yield the editions that it holds; raises SourceError."""
    download = downloader.get(url)
    if download.status >= 400:
        raise FetchFailed(f"{url!r} answers with status {download.status}; check the address.")
    store.keep(download)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name_of(url)}{download.suffix}"
        path.write_bytes(download.content)
        editions = load_parts(path, catalogue, {"canonical_url": url}, charset=download.charset)
    whole = "\n".join(edition.text for edition in editions)
    if says_gone(whole) or is_barrier(whole):
        raise FetchFailed(f"{url!r} shows a notice instead of a text; open it in a browser and add the saved file.")
    yield from editions


def name_of(url: str) -> str:
    """A file name for a page: the last speaking part of its address, else its host."""
    parts = urlsplit(url)
    pieces = [
        re.sub(r"[^\w-]+", "-", unquote(piece).rpartition(".")[0] or unquote(piece)) for piece in parts.path.split("/")
    ]
    speaking = [piece.strip("-_") for piece in pieces if re.search(r"[^\W\d_]{2}", piece)]
    return (speaking[-1] if speaking else (parts.hostname or "page").replace(".", "-"))[:80]
