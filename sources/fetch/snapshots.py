"""Every version of a page ever read, by content hash, and what is known of each page.

DATA/snapshots/ab/abcd….pdf            the bytes as they came; never overwritten, never removed
DATA/pages/<id>.<language>.json        url, state, days, validators, and the history of snapshots
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sources.errors import BadMetadata
from sources.holdings import write_atomically

if TYPE_CHECKING:
    from sources.fetch.download import Download


class PageState(StrEnum):
    """What was found when a page was last asked for."""

    READ = "read"  # the text is there and held
    CHANGED = "changed"  # the text is there and differs from the one held before
    UNCHANGED = "unchanged"
    MISSING = "missing"  # 404 or 410
    SOFT_MISSING = "soft-missing"  # delivered as found, but says that there is nothing
    NOT_THE_TEXT = "not-the-text"  # a page about the source, a barrier, or an unreadable file
    FAILED = "failed"  # not reached


TROUBLES = frozenset({PageState.MISSING, PageState.SOFT_MISSING, PageState.NOT_THE_TEXT, PageState.FAILED})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version: hash of the bytes, format, hash of the text in them, the day it was first and last read."""

    sha256: str
    suffix: str
    read_on: str
    text_sha256: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """All that is known of the page of one edition."""

    id: str
    language: str
    url: str
    state: PageState = PageState.FAILED
    said: str = ""  # one sentence on what was found
    checked_on: str = ""
    final_url: str = ""
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    history: tuple[Snapshot, ...] = field(default=())

    @property
    def latest(self) -> Snapshot | None:
        """The last version whose text was held."""
        return next((snapshot for snapshot in reversed(self.history) if snapshot.text_sha256), None)

    @property
    def is_trouble(self) -> bool:
        """Whether the text was not there when it was last asked for."""
        return self.state in TROUBLES


class SnapshotStore:
    """Snapshots and page records in the data directory."""

    def __init__(self, data_folder: Path) -> None:
        self._snapshots = data_folder / "snapshots"
        self._pages = data_folder / "pages"

    def keep(self, download: Download) -> Snapshot:
        """Store the bytes under their hash, once."""
        digest = hashlib.sha256(download.content).hexdigest()
        path = self._path(digest, download.suffix)
        if not path.exists():
            write_atomically(path, download.content)
        return Snapshot(digest, download.suffix, datetime.now(tz=UTC).date().isoformat(), charset=download.charset)

    def content(self, snapshot: Snapshot) -> bytes:
        """The bytes of a snapshot; raises BadMetadata where they are gone or differ."""
        path = self._path(snapshot.sha256, snapshot.suffix)
        try:
            content = path.read_bytes()
        except OSError:
            raise BadMetadata(f"Snapshot {snapshot.sha256[:12]}… is gone from {path.parent}; fetch it again.") from None
        if hashlib.sha256(content).hexdigest() != snapshot.sha256:
            raise BadMetadata(f"Snapshot {path.name[:12]}… is damaged; remove that file and fetch again.")
        return content

    def record(self, source_id: str, language: str) -> PageRecord | None:
        """What is known of an edition's page, or None where it was never asked for."""
        path = self._pages / f"{source_id}.{language}.json"
        if not path.exists():
            return None
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            history = tuple(Snapshot(**snapshot) for snapshot in data.pop("history"))
            return replace(PageRecord(**data), state=PageState(data["state"]), history=history)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise BadMetadata(f"{path.name} is not a page record; remove {path} and fetch again.") from None

    def write(self, record: PageRecord) -> None:
        """Replace the record of a page in one step."""
        path = self._pages / f"{record.id}.{record.language}.json"
        write_atomically(path, json.dumps(asdict(record), ensure_ascii=False, indent=1).encode())

    def _path(self, digest: str, suffix: str) -> Path:
        return self._snapshots / digest[:2] / f"{digest}{suffix}"
