"""Opening the zip archives that office documents are, without being flooded by them."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from sources.errors import UnreadableFile

MOST_ENTRIES = 5000
MOST_PART_BYTES = 64 * 1024 * 1024  # of one part, unpacked


class Archive:
    """The parts of a zip file, each read only up to a limit."""

    def __init__(self, raw: bytes, name: str) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(raw))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, IndexError, OverflowError):
            raise UnreadableFile(f"{name} is not a whole archive; download or save it again.") from None
        if len(entries) > MOST_ENTRIES:
            raise UnreadableFile(f"{name} packs {len(entries):,} parts, more than {MOST_ENTRIES:,}; save it as PDF.")
        self._names = {entry.filename for entry in entries}

    def part(self, path: str) -> bytes | None:
        """One part, unpacked, or None where there is none; raises UnreadableFile where it is broken or too large."""
        if path not in self._names:
            return None
        try:
            with self._zip.open(path) as file:
                data = file.read(MOST_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
            raise UnreadableFile(f"{self._name} has a broken part {path!r}; download or save it again.") from None
        if len(data) > MOST_PART_BYTES:
            raise UnreadableFile(f"{self._name} unpacks to more than {MOST_PART_BYTES:,} bytes; save the text alone.")
        return data
