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
from sources.edition import Edition
from sources.errors import UnknownSource
from sources.load import LoadReport, load_folder

DEFAULT_DATA_FOLDER = Path(__file__).resolve().parent.parent / ".data"


class Holdings:
    """The user's own texts, by source id and language."""

    def __init__(self, data_folder: Path = DEFAULT_DATA_FOLDER) -> None:
        self.folder = data_folder / "texts"

    def load(self, catalogue: Catalogue) -> LoadReport:
        """Every held text; an empty report where nothing is held."""
        return load_folder(self.folder, catalogue) if self.folder.is_dir() else LoadReport()

    def add(self, edition: Edition) -> Path:
        """Keep `edition`; an earlier text of the same id and language is replaced in one step. Returns its path."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{edition.source_id}.{edition.language}"
        metadata = {
            "id": edition.source_id,
            "language": edition.language,
            "title": edition.title,
            "canonical_url": edition.url,
            "read_on": (edition.read_on or datetime.now(tz=UTC).date()).isoformat(),
        }
        path = self.folder / f"{name}.txt"
        _write_atomically(path, edition.text)
        _write_atomically(path.with_suffix(".json"), json.dumps(metadata, ensure_ascii=False, indent=1))
        return path

    def remove(self, source_id: str) -> list[str]:
        """Forget every held text of that id; returns the file names. Raises UnknownSource where none is held."""
        paths = sorted(self.folder.glob(f"{source_id}.*.txt")) if self.folder.is_dir() else []
        if not paths:
            raise UnknownSource(f"No text of {source_id!r} is held; see: python -m sources list")
        for path in paths:
            path.unlink()
            path.with_suffix(".json").unlink(missing_ok=True)
        return [path.name for path in paths]


def _write_atomically(path: Path, text: str) -> None:
    """Write beside, flush to disk, rename: a reader sees the old file or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
