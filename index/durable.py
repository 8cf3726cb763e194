"""Writing that survives a power cut: the bytes of a file, and a folder's list of names, reach the disk."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

# How numpy's file of a one-dimensional array begins: length of the header, type, size. numpy itself reads it by way of
# Python's own parser, which in 3.11 fails now and then where two threads use it at once.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': '([^']+)', 'fortran_order': False, 'shape': \((\d+),\), \}", re.DOTALL
)
_LONGEST_HEADER = 256
_SYNCED_AT_ONCE = 8  # files: waiting for the disk is most of it, and the disk takes them together


class Sink:
    """Takes the pieces of a file's content: they are hashed, and written where there is a file."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self.digest = hashlib.sha256()
        self._file = file

    def write(self, piece: bytes | memoryview) -> None:
        """Take the next piece; raises OSError."""
        self.digest.update(piece)
        if self._file is not None:
            self._file.write(piece)

    def write_array(self, array: NDArray[Any]) -> None:
        """Take the values of an array, without a header; raises OSError."""
        self.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)


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


class FolderWriter:
    """Writes the files of a new folder; each is brought to the disk and read back while the next ones are made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checksums: dict[str, str] = {}  # name → sha256 of what was meant
        self._read_back: dict[str, Future[str]] = {}
        self._threads = ThreadPoolExecutor(_SYNCED_AT_ONCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()

    @contextmanager
    def file(self, name: str) -> Iterator[Sink]:
        """What takes the pieces of a new file; raises OSError."""
        with (self.folder / name).open("wb") as file:
            sink = Sink(file)
            yield sink
        self.checksums[name] = sink.digest.hexdigest()
        self._read_back[name] = self._threads.submit(_synced_checksum, self.folder / name)

    def write(self, name: str, content: Content) -> None:
        """Write a whole file; raises OSError."""
        with self.file(name) as sink:
            _give(content, sink)

    def differing(self) -> list[str]:
        """Wait until all files are on the disk; the names of those that do not read as meant. Raises OSError."""
        return [name for name, found in self._read_back.items() if found.result() != self.checksums[name]]


def _synced_checksum(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def remove_folder(folder: Path) -> None:
    """Remove a folder of files, several at once: freeing what was just written may wait for the disk. Never fails."""
    with suppress(OSError), ThreadPoolExecutor(_SYNCED_AT_ONCE) as threads:
        for removed in [threads.submit(path.unlink) for path in folder.iterdir() if not path.is_dir()]:
            removed.exception()
    shutil.rmtree(folder, ignore_errors=True)


def array_content(array: NDArray[Any]) -> Content:
    """An array in numpy's own file format; it must stay as it is until it is written."""
    return lambda sink: np.save(sink, array, allow_pickle=False)


def pieces_content(pieces: Sequence[bytes]) -> Content:
    """Pieces that follow one another."""

    def give(sink: Sink) -> None:
        for piece in pieces:
            sink.write(piece)

    return give


def array_header(kind: np.dtype[Any], length: int) -> bytes:
    """How numpy's file of a one-dimensional array begins."""
    header = io.BytesIO()
    described = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": (length,)}
    np.lib.format.write_array_header_1_0(header, described)
    return header.getvalue()


class StoredArray:
    """A one-dimensional array in numpy's file format whose slices are read when asked for.

    A mapping would count what it has read as memory of this process.
    """

    def __init__(self, path: Path) -> None:
        """Read the header; raises OSError or ValueError."""
        with path.open("rb") as file:
            header = _HEADER.match(file.read(_LONGEST_HEADER))
        if header is None:
            raise ValueError(f"{path.name} is no one-dimensional array")
        self.dtype, self._length = np.dtype(header[2].decode("ascii")), int(header[3])
        self._path, self._first = path, header.start(2) - len("{'descr': '") + int.from_bytes(header[1], "little")
        if path.stat().st_size != self._first + self._length * self.dtype.itemsize:
            raise ValueError(f"{path.name} does not hold the {self._length} values that it says")

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, span: slice) -> NDArray[Any]:
        first, last, _ = span.indices(self._length)
        offset = self._first + first * self.dtype.itemsize
        return np.fromfile(self._path, self.dtype, max(last - first, 0), offset=offset)
