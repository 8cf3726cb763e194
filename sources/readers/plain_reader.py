"""Bytes → canonical text: UTF-8, NFC, line feeds; nothing else is changed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from sources.errors import UnreadableFile

READABLE_SUFFIXES = (".txt", ".md")
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST_LINE = 1_000_000  # characters; a longer line is no prose


def read_text(path: Path) -> str:
    """The canonical text of a `.txt` or `.md` file; raises UnreadableFile with one sentence that names the file."""
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise UnreadableFile(
                f"{path.name} has {size:,} bytes, more than {_MOST_BYTES:,}; split it into smaller files."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path.name} cannot be read ({error.strerror}); check that it exists and may be read."
        ) from None
    return canonical_text(raw, path.name)


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
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise UnreadableFile(f"{name} is empty; put the text into it or remove it.")
    longest = max(len(line) for line in text.split("\n"))
    if longest > _LONGEST_LINE:
        raise UnreadableFile(
            f"{name} has a line of {longest:,} characters, more than {_LONGEST_LINE:,}; break it into paragraphs."
        )
    return text


def language_of(text: str) -> str:
    """Return "zh" where at least a fifth of the letters are Chinese, else "en"."""
    letters = [character for character in text[:20_000] if character.isalpha()]
    chinese = sum("\u3400" <= character <= "\u9fff" for character in letters)
    return "zh" if letters and chinese >= len(letters) / 5 else "en"
