"""Files are given piece by piece, hashed on the way, and nothing large is in memory twice for it."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.durable import array_content, digest_of, file_checksum, write_file
from index.vectors import VectorIndex


@pytest.mark.parametrize("shape", [(0, 16), (1,), (3000, 7)])
def test_array_is_written_as_numpy_saves_it(tmp_path: Path, shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape), dtype=np.int32).reshape(shape)
    saved = io.BytesIO()
    np.save(saved, array)
    checksum = write_file(tmp_path / "file", array_content(array))
    assert (tmp_path / "file").read_bytes() == saved.getvalue()
    assert checksum == file_checksum(tmp_path / "file") == digest_of(array_content(array)).hex()


def test_vectors_are_written_as_faiss_serialises_them(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).random((500, 32), dtype=np.float32)
    index = faiss.IndexFlatIP(32)
    index.add(vectors)
    checksum = write_file(tmp_path / "file", VectorIndex.content(vectors))
    assert (tmp_path / "file").read_bytes() == faiss.serialize_index(index).tobytes()
    assert checksum == file_checksum(tmp_path / "file")


def test_writing_takes_no_copy_of_the_array(tmp_path: Path) -> None:
    array = np.zeros(1 << 26, dtype=np.uint8)
    tracemalloc.start()
    try:
        write_file(tmp_path / "file", array_content(array))
        assert tracemalloc.get_traced_memory()[1] < array.nbytes / 1.5  # a few pieces of 16 MiB
    finally:
        tracemalloc.stop()


def test_full_disk_is_told_as_such() -> None:
    """The system's own refusal comes through FAISS too."""
    vectors = np.zeros((3000, 256), dtype=np.float32)
    for content in (VectorIndex.content(vectors), array_content(vectors)):
        with pytest.raises(OSError, match="No space left"):
            write_file(Path("/dev/full"), content)
