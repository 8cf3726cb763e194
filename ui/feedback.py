"""Feedback as lines of JSON in the data directory: one write a line, under a lock, flushed to disk."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from rag.answer import Answer

FILE_NAME = "feedback.jsonl"
_VERSION = 1


def feedback_record(answer: Answer, answer_id: str, verdict: str, reason: str, comment: str) -> dict[str, object]:
    """What is kept of a verdict: enough to make a test case of it, nothing of the person."""
    citations = [citation for claim in answer.claims for citation in claim.citations]
    return {
        "version": _VERSION,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "answer_id": answer_id,
        "index": answer.index_id,
        "generator": answer.generator,
        "verdict": verdict,
        "reason": reason,
        "comment": comment,
        "question": answer.question,
        "standalone": answer.standalone,
        "language": answer.language,
        "status": answer.status.value,
        "answer": answer.text,
        "citations": [
            {"source_id": c.source_id, "edition_key": c.edition_key, "locator": c.locator, "quote": c.quote}
            for c in citations
        ],
    }


def append_feedback(data_folder: Path, record: dict[str, object]) -> None:
    """Add one line; a line that a crash cut short before is ended first, so that it spoils no other."""
    data_folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n"
    handle = os.open(data_folder / FILE_NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        while line:
            line = line[os.write(handle, line) :]
        os.fsync(handle)
    finally:
        os.close(handle)
