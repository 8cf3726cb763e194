"""Files are given piece by piece, hashed on the way, and nothing large is in memory twice for it."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index.durable import (
    Content,
    FolderWriter,
    StoredArray,
    array_content,
    array_header,
    digest_of,
    file_checksum,
    remove_folder,
    write_file,
)
from index.vectors import VectorIndex


def file_of(vectors: NDArray[np.float32]) -> Content:
    """The vectors' file, given in three lots."""
    lots = np.array_split(vectors, 3)
    return lambda sink: VectorIndex.write(sink, *vectors.shape, lots)


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
    checksum = write_file(tmp_path / "file", file_of(vectors))
    assert (tmp_path / "file").read_bytes() == faiss.serialize_index(index).tobytes()
    assert checksum == file_checksum(tmp_path / "file")


@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.float32])
def test_array_in_pieces_is_the_file_that_numpy_saves_and_is_read_in_slices(tmp_path: Path, kind: type) -> None:
    array = np.arange(100).astype(kind)
    with FolderWriter(tmp_path) as writer:
        with writer.file("pieces.npy") as sink:
            sink.write(array_header(array.dtype, 100))
            for piece in np.array_split(array, 7):
                sink.write_array(piece)
        writer.write("whole.npy", array_content(array))
    assert (tmp_path / "pieces.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()
    assert writer.checksums["pieces.npy"] == writer.checksums["whole.npy"] == file_checksum(tmp_path / "whole.npy")
    stored = StoredArray(tmp_path / "pieces.npy")
    assert len(stored) == 100
    for span in (slice(0, 0), slice(3, 40), slice(None), slice(90, 200)):
        assert stored[span].tolist() == array[span].tolist()
    (tmp_path / "cut.npy").write_bytes((tmp_path / "whole.npy").read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"cut\.npy does not hold the 100 values"):
        StoredArray(tmp_path / "cut.npy")


def test_every_file_is_brought_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr("os.fsync", lambda number: synced.append(Path(f"/proc/self/fd/{number}").readlink().name))
    with FolderWriter(tmp_path) as writer:
        for name in ("a", "b", "c"):
            writer.write(name, b"words")
        assert writer.differing() == []
    assert sorted(synced) == ["a", "b", "c"]


def test_file_that_was_not_written_as_meant_is_named(tmp_path: Path) -> None:
    with FolderWriter(tmp_path) as writer:
        writer.write("sound", b"words")
        with writer.file("unsound") as sink:
            sink.write(b"words")
            sink.digest.update(b"meant, and not written")
        assert writer.differing() == ["unsound"]


def test_folder_is_removed_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "doomed" / "deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (tmp_path / "doomed" / name).write_bytes(b"words")
    remove_folder(tmp_path / "doomed")
    remove_folder(tmp_path / "never there")
    assert list(tmp_path.iterdir()) == []


def test_mapped_vectors_are_read_by_rows(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).random((40, 8), dtype=np.float32)
    write_file(tmp_path / "file", file_of(vectors))
    mapped = VectorIndex.load(tmp_path / "file", is_mapped=True)
    for rows in ([], [0], [39], [3, 4, 5], [5, 4, 9, 10, 11, 2, 2, 3], list(range(40))):
        assert mapped.rows_at(np.asarray(rows, dtype=np.int64)).tolist() == vectors[rows].tolist()


def test_lots_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 vectors were given for 3 passages"):
        write_file(tmp_path / "file", lambda sink: VectorIndex.write(sink, 3, 8, [np.zeros((2, 8), np.float32)]))


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
    for content in (file_of(vectors), array_content(vectors)):
        with pytest.raises(OSError, match="No space left"):
            write_file(Path("/dev/full"), content)
