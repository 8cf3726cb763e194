"""Drift: saved answers whose cited text has changed or vanished since they were given.

A run record (`python -m rag ask --json`, `python -m eval answer`) keeps each citation's place and quote. A quote that
stands where it stood, or has only moved within its edition, still holds; any other is listed with the difference.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from index.errors import IndexFault
from sources.edition import Edition, Origin


class Fate(StrEnum):
    """What became of a cited text."""

    SAME = "same"
    MOVED = "moved"  # the same words elsewhere in the edition
    CHANGED = "changed"
    VANISHED = "vanished"  # the edition, or the cited place, is no longer held


@dataclass(frozen=True, slots=True)
class CitedText:
    """One citation of a saved answer."""

    record_id: str
    question: str
    edition_key: str
    locator: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A citation, what became of its text, and the words that stand there now ("" where nothing does)."""

    citation: CitedText
    fate: Fate
    now: str

    def diff(self) -> list[str]:
        """The quote and the text of today: "- " for what is gone, "+ " for what is new, by sentence."""
        if self.fate is Fate.VANISHED:
            return [f"- {line}" for line in _sentences(self.citation.quote)]
        lines = difflib.ndiff(_sentences(self.citation.quote), _sentences(self.now))
        return [line.rstrip("\n") for line in lines if not line.startswith("? ")]


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Run records of a JSONL file; raises IndexFault naming the line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexFault(f"{str(path)!r} cannot be read ({error}); name a file of run records.") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise IndexFault(f"{path.name}, line {number}: not JSON ({error}); mend or remove the line.") from None
            if not isinstance(record, dict):
                raise IndexFault(f"{path.name}, line {number}: not a run record; mend or remove the line.")
            yield record


def cited_texts(records: Iterable[Mapping[str, Any]]) -> Iterator[CitedText]:
    """Every citation of every claim; raises IndexFault where a citation lacks a field."""
    for record in records:
        for claim in record.get("claims") or []:
            for citation in claim.get("citations") or []:
                try:
                    yield _cited(record, citation)
                except (KeyError, TypeError, ValueError) as error:
                    raise IndexFault(
                        f"Record {record.get('id')!r} has a citation without a usable {error}; save the run again."
                    ) from None


def _cited(record: Mapping[str, Any], citation: Mapping[str, Any]) -> CitedText:
    digest = ".digest" if citation.get("origin") == Origin.DIGEST else ""
    return CitedText(
        str(record.get("id") or ""),
        str(record.get("question") or ""),
        str(citation.get("edition_key") or f"{citation['source_id']}.{citation['edition']}{digest}"),
        str(citation["locator"]),
        int(citation["start"]),
        int(citation["end"]),
        str(citation["quote"]),
    )


def fate_of(citation: CitedText, editions: Mapping[str, Edition]) -> Drift:
    """What became of one cited text in the editions (by key) held now."""
    edition = editions.get(citation.edition_key)
    if edition is None:
        return Drift(citation, Fate.VANISHED, "")
    if edition.text[citation.start : citation.end] == citation.quote:
        return Drift(citation, Fate.SAME, citation.quote)
    if citation.quote and citation.quote in edition.text:
        return Drift(citation, Fate.MOVED, citation.quote)
    units = edition.units_within(citation.locator)
    if not units:
        return Drift(citation, Fate.VANISHED, "")
    return Drift(citation, Fate.CHANGED, _nearest(citation.quote, edition.text[units[0].start : units[-1].end]))


def drifted(records: Iterable[Mapping[str, Any]], editions: Mapping[str, Edition]) -> list[Drift]:
    """Citations whose text changed or vanished, in the order of the records."""
    fates = (fate_of(citation, editions) for citation in cited_texts(records))
    return [drift for drift in fates if drift.fate in (Fate.CHANGED, Fate.VANISHED)]


def describe_drift(drifts: Sequence[Drift]) -> str:
    """The list in words: how many answers are touched, then each citation with its difference."""
    answers = len({(drift.citation.record_id, drift.citation.question) for drift in drifts})
    if not answers:
        return "Every cited text stands as it was cited."
    rest = "1 answer rests" if answers == 1 else f"{answers} answers rest"
    lines = [f"{rest} on text that has changed."]
    for drift in drifts:
        citation = drift.citation
        name = " ".join(filter(None, [citation.record_id, citation.question]))
        lines.append(f"{name}: {citation.edition_key} {citation.locator} {drift.fate.value}")
        lines += [f"    {line}" for line in drift.diff()]
    return "\n".join(lines)


def _nearest(quote: str, text: str) -> str:
    """The sentences of `text` that a quote has become: the run of as many sentences that is most like it."""
    quoted, sentences = _sentences(quote), _sentences(text)
    width = min(max(len(quoted), 1), len(sentences))
    runs = ["".join(sentences[start : start + width]) for start in range(len(sentences) - width + 1)]
    return max(runs, key=lambda run: difflib.SequenceMatcher(None, quote, run, autojunk=False).ratio(), default=text)


def _sentences(text: str) -> list[str]:
    """The text cut after sentence ends and line breaks; joined again it is the same text."""
    pieces, start = [], 0
    for position, character in enumerate(text):
        ends = character in "。！？；\n" or (character in ".!?;" and text[position + 1 : position + 2].isspace())
        if ends:
            pieces.append(text[start : position + 1])
            start = position + 1
    return [*pieces, text[start:]] if start < len(text) else pieces
