"""Run record: what a system returned for one case. Any system that writes these lines can be scored.

Reading is tolerant and scoring is not: a missing record is an empty failed answer, a citation that cannot
be found is a broken one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eval.spans import Span
from sources.edition import Edition, Origin

ABSTAINED = frozenset({"abstained", "not_in_sources", "out_of_scope", "needs_clarification", "clarify"})
CLARIFIED = frozenset({"needs_clarification", "clarify"})


@dataclass(frozen=True, slots=True)
class Cited:
    """A quoted or retrieved span; `quote` is None for retrieved ones. `edition_key` may be ""."""

    source_id: str
    language: str
    edition_key: str
    start: int
    end: int
    quote: str | None = None
    locator: str = ""


@dataclass(frozen=True, slots=True)
class RecordedClaim:
    """One sentence of the answer with its citations."""

    text: str
    citations: tuple[Cited, ...]


@dataclass(frozen=True)
class RunRecord:
    """One answer as recorded."""

    id: str
    status: str = "failed"
    answer: str = ""
    language: str = ""
    confidence: float = 0.0
    abstained: bool = False
    claims: tuple[RecordedClaim, ...] = ()
    retrieved: tuple[Cited, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Cited, ...]:
        """Citations of all claims in order."""
        return tuple(citation for claim in self.claims for citation in claim.citations)

    @property
    def clarified(self) -> bool:
        """Whether the system asked back."""
        return self.status in CLARIFIED


def parse_record(data: Mapping[str, object]) -> RunRecord:
    """A record from its JSON; fields that are missing or of the wrong shape are empty."""
    status = str(data.get("status") or "failed")
    declared = data.get("abstained")
    timings = data.get("timings_ms")
    versions = data.get("versions")
    return RunRecord(
        str(data.get("id", "")),
        status,
        str(data.get("answer") or ""),
        str(data.get("lang") or ""),
        _number(data.get("confidence")),
        status in ABSTAINED or (declared is True and status != "failed"),
        tuple(
            RecordedClaim(str(claim.get("text") or ""), tuple(_cited(c) for c in _objects(claim.get("citations"))))
            for claim in _objects(data.get("claims"))
        ),
        tuple(_cited(item) for item in _objects(data.get("retrieved"))),
        {str(k): _number(v) for k, v in timings.items()} if isinstance(timings, dict) else {},
        {str(k): str(v) for k, v in versions.items()} if isinstance(versions, dict) else {},
    )


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _cited(data: Mapping[str, object]) -> Cited:
    quote = data.get("quote")
    return Cited(
        str(data.get("source_id") or ""),
        str(data.get("edition") or ""),
        str(data.get("edition_key") or ""),
        int(_number(data.get("start"))),
        int(_number(data.get("end"))),
        quote if isinstance(quote, str) else None,
        str(data.get("locator") or ""),
    )


def edition_of(cited: Cited, editions: Mapping[str, Edition]) -> Edition | None:
    """The edition that a span is of.

    By key, else the source's edition of that language in which the quote stands, official before digest.
    """
    if cited.edition_key:
        return editions.get(cited.edition_key)
    same = [e for e in editions.values() if e.source_id == cited.source_id and cited.language in ("", e.language)]
    same.sort(key=lambda edition: edition.origin is Origin.DIGEST)
    holding = [e for e in same if cited.quote is not None and e.text[cited.start : cited.end] == cited.quote]
    return next(iter(holding or same), None)


def placed(cited: Cited, editions: Mapping[str, Edition]) -> tuple[str, Span] | None:
    """(edition key, span) where the span exists and, if quoted, is exactly the quote; else None."""
    edition = edition_of(cited, editions)
    if edition is None or not 0 <= cited.start < cited.end <= len(edition.text):
        return None
    if cited.quote is not None and edition.text[cited.start : cited.end] != cited.quote:
        return None
    return edition.key, (cited.start, cited.end)


def read_records(path: Path) -> dict[str, dict[str, object]]:
    """Records of a JSON Lines file by id; a line that is none is left out, and scored as missing."""
    records: dict[str, dict[str, object]] = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            data = json.loads(line) if line.strip() else None
        except ValueError:
            continue
        if isinstance(data, dict):
            records[str(data.get("id", ""))] = data
    return records


def write_lines(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """JSON Lines, one object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
