"""The data directory: texts that the user added or fetched, outside the repository's tracked files.

DATA/texts/<id>.<language>.txt   canonical text
DATA/texts/<id>.<language>.json  id, language, title, read_on, canonical_url, sha256
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sources.catalogue import Catalogue
from sources.data import DEFAULT_DATA_FOLDER
from sources.edition import Edition
from sources.errors import UnknownSource
from sources.load import LoadReport, load_folder


class Holdings:
    """The user's own texts, by source id and language."""

    def __init__(self, data_folder: Path = DEFAULT_DATA_FOLDER) -> None:
        self.data_folder = data_folder
        self.folder = data_folder / "texts"

    def load(self, catalogue: Catalogue) -> LoadReport:
        """Every held text; an empty report where nothing is held."""
        return load_folder(self.folder, catalogue) if self.folder.is_dir() else LoadReport()

    def add(self, edition: Edition) -> Path:
        """Keep `edition`; an earlier text of the same id and language is replaced in one step. Returns its path."""
        name = f"{edition.source_id}.{edition.language}"
        metadata = {
            "id": edition.source_id,
            "language": edition.language,
            "title": edition.title,
            "canonical_url": edition.url,
            "read_on": (edition.read_on or datetime.now(tz=UTC).date()).isoformat(),
        }
        path = self.folder / f"{name}.txt"
        write_atomically(path, edition.text.encode())
        write_atomically(path.with_suffix(".json"), json.dumps(metadata, ensure_ascii=False, indent=1).encode())
        return path

    def text_of(self, source_id: str, language: str) -> str | None:
        """The held text of that id and language, or None."""
        try:
            return (self.folder / f"{source_id}.{language}.txt").read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def remove(self, source_id: str) -> list[str]:
        """Forget every held text of that id; returns the file names. Raises UnknownSource where none is held."""
        texts = self.folder.glob("*.txt") if self.folder.is_dir() else ()
        paths = sorted(path for path in texts if path.name.split(".")[0] == source_id)
        if not paths:
            raise UnknownSource(f"No text of {source_id!r} is held; see: python -m sources list")
        for path in paths:
            path.unlink()
            path.with_suffix(".json").unlink(missing_ok=True)
        return [path.name for path in paths]


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside, flush to disk, rename: a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
