"""The manifest: an index folder's own settings, counts and checksums, read back before it is used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import IndexBroken, IndexMissing

FORMAT = 2
MANIFEST_NAME = "manifest.json"
# What a generation's folder holds, as data: name → what it is.
FILES = {
    "editions.json": "canonical texts and units",
    "passages.json": "passages as spans of editions",
    "vectors.faiss": "one vector a passage",
    "lexical": "BM25 over the passages",
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

    def save(self, folder: Path) -> None:
        """Write `manifest.json`; written last, so its presence means that the rest is complete."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read and validate; raises IndexMissing or IndexBroken."""
        path = folder / MANIFEST_NAME
        if not path.exists():
            raise IndexMissing(f"No index at {str(folder)!r}; build one with: python -m index build --index {folder}")
        try:
            manifest = cls(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise IndexBroken(f"{path.name} in {str(folder)!r} is damaged ({error}); rebuild the index.") from None
        if manifest.format != FORMAT:
            raise IndexBroken(
                f"Index {str(folder)!r} has format {manifest.format}, this program reads {FORMAT}; rebuild the index."
            )
        for name in FILES:
            if not (folder / name).exists():
                raise IndexBroken(f"Index {str(folder)!r} lacks {name}; rebuild the index.")
        return manifest


def content_id(parts: Iterable[str]) -> str:
    """Hash of everything that search results depend on, 12 hex digits."""
    return hashlib.sha256("\x1e".join(parts).encode("utf-8")).hexdigest()[:12]


def file_checksum(path: Path) -> str:
    """sha256 of a file, or of a folder's files by name."""
    digest = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(path.rglob("*")):
        if file.is_file():
            digest.update(file.name.encode("utf-8") + b"\x00" + file.read_bytes())
    return digest.hexdigest()
