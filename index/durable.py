"""Writing that survives a power cut: the bytes of a file, and a folder's list of names, reach the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray


class Sink:
    """Takes the pieces of a file's content: they are hashed, and written where there is a file."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self.digest = hashlib.sha256()
        self._file = file

    def write(self, piece: bytes) -> None:
        """Take the next piece; raises OSError."""
        self.digest.update(piece)
        if self._file is not None:
            self._file.write(piece)


#: what a file will hold: its bytes, or what gives them piece by piece, so that nothing large is there twice
Content = bytes | Callable[[Sink], object]


def _give(content: Content, sink: Sink) -> Sink:
    if isinstance(content, bytes):
        sink.write(content)
    else:
        content(sink)
    return sink


def write_file(path: Path, content: Content) -> str:
    """Write a new file through to the disk; returns the sha256 of `content`. Raises OSError."""
    with path.open("wb") as file:
        sink = _give(content, Sink(file))
        file.flush()
        os.fsync(file.fileno())
    return sink.digest.hexdigest()


def digest_of(content: Content) -> bytes:
    """sha256 of what a file will hold."""
    return _give(content, Sink()).digest.digest()


def sync_folder(folder: Path) -> None:
    """Make renames and new names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_checksum(path: Path) -> str:
    """sha256 of a file's bytes; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def array_content(array: NDArray[Any]) -> Content:
    """An array in numpy's own file format; it must stay as it is until it is written."""
    return lambda sink: np.save(sink, array, allow_pickle=False)
