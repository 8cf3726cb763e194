"""Plain text and Markdown → canonical text: UTF-8, NFC, line feeds; nothing else is changed."""

from __future__ import annotations

import unicodedata

from sources.errors import UnreadableFile

_LONGEST_LINE = 1_000_000  # characters; a longer line is no prose


def canonical_text(raw: bytes, name: str) -> str:
    """Decode and normalise; `name` is for the error message."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding != "utf-16" and b"\x00" in raw:
        raise UnreadableFile(f"{name} is a binary file, not text; save it as UTF-8 text.")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{name} is not UTF-8 text (byte {error.start} cannot be decoded); save it as UTF-8."
        ) from None
    return checked_text(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")), name)


def checked_text(text: str, name: str) -> str:
    """The text itself, unless it is empty or no prose."""
    if not text.strip():
        raise UnreadableFile(f"{name} is empty; put the text into it or remove it.")
    longest = max(len(line) for line in text.split("\n"))
    if longest > _LONGEST_LINE:
        raise UnreadableFile(
            f"{name} has a line of {longest:,} characters, more than {_LONGEST_LINE:,}; break it into paragraphs."
        )
    return text
