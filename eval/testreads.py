"""The log of every reading of the test split: who tunes on test, tunes in public."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

LOG_PATH = Path(__file__).parent / "TEST_READS.md"
_HEAD = "# Readings of the test split\n\n| date | commit | reason |\n|---|---|---|\n"


def log_test_read(reason: str, commit: str, path: Path = LOG_PATH, now: datetime | None = None) -> None:
    """Add one line; the file is begun where there is none."""
    before = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    day = (now or datetime.now(UTC)).date().isoformat()
    line = f"| {day} | {commit[:12] or '–'} | {' '.join(reason.split()).replace('|', '/')} |\n"
    path.write_text(before + line, encoding="utf-8")
