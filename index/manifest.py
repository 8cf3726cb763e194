"""The manifest: an index folder's own settings, counts and checksums, read back before it is used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.durable import Content, digest_of, file_checksum, write_file
from index.errors import IndexBroken, IndexMissing

FORMAT = 4
LOCAL = "local"
NEAR_FROM = 2000  # passages of a language in a large index that get an approximate index of their vectors
EXACT_UP_TO = 50_000  # passages that are all kept in memory and scored for each question; beyond, candidates are
MANIFEST_NAME = "manifest.json"
# What a generation's folder holds beside the manifest, as data: name → what it is. Large ones also hold
# approximate indexes of the vectors, and hashes.npy, where terms are looked up.
FILES = {
    "editions.json": "what editions are besides their texts, names of sources",
    "texts.bin": "canonical texts",
    "units.bin": "units of each text",
    "ends.npy": "where each edition's text and units end",
    "passages.npy": "passages as spans of editions",
    "passages.json": "locators and headings of passages",
    "keys.npy": "hash of each passage's search text: finds what the next build can take over",
    "vectors.faiss": "one vector a passage",
    "terms.json": "the analyser's terms, sorted; their positions are the columns of BM25",
    "starts.npy": "where each term's postings start",
    "rows.npy": "passage of each posting",
    "weights.npy": "BM25 of each posting",
    "counts.npy": "occurrences behind each posting: what the next build weighs anew",
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from and with; `id` is a hash of all of it, so equal content has equal id."""

    id: str
    format: int
    embedder: str
    embedder_fingerprint: str
    dimension: int
    analyser: str
    splitter: str
    editions: dict[str, str]  # key → sha256 of the canonical text
    passages: int
    checksums: dict[str, str]  # file → sha256
    store: str = LOCAL  # who searches the passages: these files, or a Milvus
    collection: str = ""  # where the passages are in that Milvus
    average_length: float = 0.0  # terms of a passage, as the collection's rows are weighed by
    near: dict[str, Any] | None = None  # of a large index: language → how its approximate index is searched

    def save(self, folder: Path) -> None:
        """Write `manifest.json`; written last, so its presence means that the rest is complete."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        write_file(folder / MANIFEST_NAME, text.encode("utf-8"))

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read and validate; raises IndexMissing or IndexBroken."""
        path = folder / MANIFEST_NAME
        try:
            manifest = cls(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise IndexMissing(
                f"No index at {str(folder)!r}; build one with: python -m index build --index {folder}"
            ) from None
        except OSError as error:
            raise IndexBroken(f"{str(path)!r} cannot be read ({error.strerror}); allow reading it.") from None
        except (ValueError, TypeError) as error:
            raise IndexBroken(f"{path.name} in {str(folder)!r} is damaged ({error}); rebuild the index.") from None
        if manifest.format != FORMAT:
            raise IndexBroken(
                f"Index {str(folder)!r} has format {manifest.format}, this program reads {FORMAT}; rebuild the index."
            )
        for name in {**FILES, **manifest.checksums}:
            if not (folder / name).exists():
                raise IndexBroken(f"Index {str(folder)!r} lacks {name}; rebuild the index.")
        return manifest

    def differing_files(self, folder: Path, names: Iterable[str] = ()) -> list[str]:
        """Those of the files, or of all, whose bytes are not the ones that were written."""
        return [name for name in names or self.checksums if not _is_sound(folder / name, self.checksums[name])]


def near_file(language: str) -> str:
    """The name of a language's approximate index of vectors."""
    return f"near.{content_id([language])}.faiss"


def content_id(parts: Iterable[str | Content]) -> str:
    """Hash of everything that search results depend on, 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(digest_of(part.encode("utf-8") if isinstance(part, str) else part))
    return digest.hexdigest()[:12]


def _is_sound(path: Path, checksum: str) -> bool:
    try:
        return file_checksum(path) == checksum
    except OSError:
        return False
