"""Bytes → canonical text: UTF-8, NFC, line feeds; the text alone, without what its page or file puts around it.

.txt .md                 as they are
.html .htm .xhtml        the page's text without the site
.pdf .docx .xml          paragraphs put together again

Everything but plain text is parsed in a process of its own (`guard.py`), under time and memory limits.
"""

from __future__ import annotations

from pathlib import Path

from sources.errors import UnreadableFile
from sources.readers.languages import language_of, language_parts
from sources.readers.plain_reader import canonical_text

PLAIN_SUFFIXES = (".txt", ".md")
RICH_SUFFIXES = (".html", ".htm", ".xhtml", ".pdf", ".docx", ".xml")
READABLE_SUFFIXES = (*PLAIN_SUFFIXES, *RICH_SUFFIXES)
MOST_BYTES = 64 * 1024 * 1024

__all__ = [
    "PLAIN_SUFFIXES",
    "READABLE_SUFFIXES",
    "canonical_text",
    "language_of",
    "language_parts",
    "read_bytes",
    "read_text",
    "text_of",
]


def read_text(path: Path) -> str:
    """The canonical text of a file; raises UnreadableFile with one sentence that names the file."""
    return text_of(read_bytes(path), path.name, path.suffix.lower())


def read_bytes(path: Path) -> bytes:
    """The content of a file that is not too large; raises UnreadableFile."""
    try:
        if path.exists() and not path.is_file():
            raise UnreadableFile(f"{path.name} is not a file; name a file that holds a text.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UnreadableFile(
                f"{path.name} has {size:,} bytes, more than {MOST_BYTES:,}; split it into smaller files."
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path.name} cannot be read ({error.strerror}); check that it exists and may be read."
        ) from None


def text_of(raw: bytes, name: str, suffix: str, charset: str = "") -> str:
    """The canonical text of a file's bytes; `suffix` tells the format, `charset` what a server said of it."""
    if suffix in RICH_SUFFIXES:
        if not raw.strip():
            raise UnreadableFile(f"{name} is empty; put the text into it or remove it.")
        from sources.readers.guard import read_guarded

        return read_guarded(raw, name, suffix, charset)
    return canonical_text(raw, name)
