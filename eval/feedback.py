"""Feedback → case drafts: what readers found wrong, as lines that a person completes into cases.

python -m eval feedback [--data DIR] [--out FILE]

A draft has the fields of a case that are known; `nuggets` and `evidence` are for a person to write, and `draft`
says what the reader complained of. Drafts are no cases: `python -m eval lint` refuses them until they are complete.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sources.data import DEFAULT_DATA_FOLDER

FEEDBACK_NAME = "feedback.jsonl"
# What a right system does with the question, as far as the complaint tells.
_EXPECTATIONS = {
    "should_have_declined": "abstain",
    "should_have_answered": "answer",
    "wrong_citation": "answer",
    "wrong_answer": "answer",
    "incomplete": "answer",
}


def read_feedback(path: Path) -> list[dict[str, object]]:
    """Every whole line; one that a crash cut short is left out."""
    rows: list[dict[str, object]] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows


def drafts(rows: Iterable[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    """One draft a question that was found wrong, with every complaint about it, in order of the first."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    complaints: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in rows:
        if row.get("verdict") != "bad":
            continue
        key = (str(row.get("question", "")), str(row.get("standalone") or ""))
        found.setdefault(key, _draft(row, len(found) + 1))
        fields = ("reason", "comment", "answer_id", "index", "status", "answer", "citations", "at")
        complaints.setdefault(key, []).append({name: row.get(name) for name in fields})
    for key, draft in found.items():
        yield {**draft, "draft": complaints[key]}


def _draft(row: Mapping[str, object], number: int) -> dict[str, object]:
    reason = str(row.get("reason", ""))
    return {
        "id": f"feedback-{number:04d}",
        "version": 1,
        "split": "dev",
        "lang": row.get("language"),
        "question": row.get("standalone") or row.get("question"),
        "expect": _EXPECTATIONS.get(reason, "answer"),
        "nuggets": [],
        "evidence": {},
    }


def feedback(arguments: argparse.Namespace) -> int:
    """Write the drafts to a file, or print them; says how much feedback there was."""
    rows = read_feedback((arguments.data or DEFAULT_DATA_FOLDER) / FEEDBACK_NAME)
    lines = [json.dumps(draft, ensure_ascii=False) for draft in drafts(rows)]
    text = "".join(line + "\n" for line in lines)
    if arguments.out is None:
        print(text, end="")
    else:
        arguments.out.write_text(text, encoding="utf-8")
    good = sum(row.get("verdict") == "good" for row in rows)
    print(f"{len(rows)} verdicts, {good} of them good: {len(lines)} case drafts.", file=sys.stderr)
    return 0
