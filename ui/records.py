"""Exchanges ↔ JSON for the browser's own storage: a conversation survives a reload, with the index of each answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from index.passage import Hit, Passage, SearchMethod
from rag.answer import Answer, Citation, Claim, Rejection, Settling, Shortfall, Status, Support
from rag.record import answer_record
from sources.edition import Edition, Origin
from ui.conversation import QUESTION_LIMIT, Exchange, Exchanges

MOST_EXCHANGES = 40
MOST_CHARACTERS = 300_000
_HITS = 20
_TRACED = ("kind", "searched", "withheld")
_Short = Annotated[str, StringConstraints(max_length=500)]
_Long = Annotated[str, StringConstraints(max_length=20_000)]
_Offset = Annotated[int, Field(ge=0, le=1 << 31)]


class _Kept(BaseModel):
    """What comes from a browser is data: unknown fields are ignored, everything else is checked."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Citation(_Kept):
    source_id: _Short
    edition: Annotated[str, StringConstraints(max_length=35)]
    origin: Origin
    edition_key: _Short
    locator: _Short
    start: _Offset
    end: _Offset
    quote: _Long
    title: _Short
    place: _Short

    def citation(self) -> Citation:
        return Citation(
            self.source_id, self.edition_key, self.edition, self.origin, self.locator, self.start, self.end,
            self.quote, self.title, self.place,
        )  # fmt: skip


class _Claim(_Kept):
    text: _Long
    support: Support
    heading: _Short = ""
    citations: Annotated[list[_Citation], Field(min_length=1, max_length=20)]


class _Hit(_Kept):
    edition_key: _Short
    locator: _Short
    start: _Offset
    end: _Offset
    score: float
    scores: dict[SearchMethod, float] = {}
    ranks: dict[SearchMethod, int] = {}


class _Shortfall(_Kept):
    missing: Annotated[list[_Short], Field(max_length=10)] = []
    lacks: _Short = ""


class _Named(_Kept):
    source_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    title: _Short


class _Settling(_Kept):
    kind: _Short = ""
    digests: Annotated[list[_Named], Field(max_length=10)] = []

    def settling(self) -> Settling:
        return Settling(self.kind, tuple((named.source_id, named.title) for named in self.digests))


class _Rejected(_Kept):
    hit: Annotated[int, Field(ge=0, lt=_HITS)]
    reason: _Short


class _Trace(_Kept):
    kind: _Short = ""
    searched: dict[_Short, _Long] = {}
    withheld: Annotated[list[_Long], Field(max_length=60)] = []


class _Record(_Kept):
    question: Annotated[str, StringConstraints(max_length=QUESTION_LIMIT)]
    standalone: _Long | None = None
    status: Status
    reason: _Long = ""
    lang: Literal["zh", "en"]
    confidence: float = 0.0
    claims: Annotated[list[_Claim], Field(max_length=60)] = []
    nearest: Annotated[list[_Citation], Field(max_length=10)] = []
    shortfalls: Annotated[list[_Shortfall], Field(max_length=10)] = []
    settling: _Settling | None = None
    retrieved: Annotated[list[_Hit], Field(max_length=_HITS)] = []
    rejected: Annotated[list[_Rejected], Field(max_length=_HITS)] = []
    trace: _Trace = _Trace()
    timings_ms: dict[str, float] = {}
    versions: dict[str, str] = {}


def exchange_records(exchanges: Sequence[Exchange]) -> list[dict[str, object]]:
    """The latest finished exchanges as JSON, within what a browser may keep."""
    records: list[dict[str, object]] = []
    room = MOST_CHARACTERS
    for exchange in reversed(exchanges[-MOST_EXCHANGES:]):
        if exchange.answer is None or not exchange.is_whole:
            continue
        record = answer_record(exchange.answer)
        for name in ("id", "answer", "abstained"):
            del record[name]
        retrieved = record["retrieved"]
        record["retrieved"] = retrieved[:_HITS] if isinstance(retrieved, list) else []
        record["rejected"] = _rejected(exchange.answer)
        record["trace"] = {name: exchange.answer.trace[name] for name in _TRACED if name in exchange.answer.trace}
        room -= len(str(record))
        if room < 0:
            break
        records.append(record)
    return records[::-1]


def _rejected(answer: Answer) -> list[dict[str, object]]:
    """Which of the hits kept were not used, by their place among them, and why."""
    places = {id(hit): place for place, hit in enumerate(answer.hits[:_HITS])}
    return [
        {"hit": places[id(rejection.hit)], "reason": rejection.reason}
        for rejection in answer.rejected
        if id(rejection.hit) in places
    ]


def stored(exchanges: Sequence[Exchange]) -> str:
    """What the browser keeps, as one text: gradio copies what it keeps at every event, and objects are slow to copy."""
    return json.dumps(exchange_records(exchanges), ensure_ascii=False)


def restored(kept: object, editions: Mapping[str, Edition]) -> Exchanges:
    """The exchanges that a browser kept, as text or as its records; whatever is not as we wrote it is left out."""
    found: list[Exchange] = []
    records = _parsed(kept) if isinstance(kept, str) else kept
    for row in records[-MOST_EXCHANGES:] if isinstance(records, list) else []:
        try:
            record = _Record.model_validate(row)
        except ValidationError:
            continue
        found.append(Exchange(record.question, _answer(record, editions)))
    return tuple(found)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _answer(record: _Record, editions: Mapping[str, Edition]) -> Answer:
    claims = tuple(
        Claim(claim.text, claim.support, tuple(c.citation() for c in claim.citations), claim.heading)
        for claim in record.claims
    )
    found = [_hit(row, editions) for row in record.retrieved]
    hits = tuple(hit for hit in found if hit is not None)
    rejected = tuple(
        Rejection(hit, row.reason)
        for row in record.rejected
        if row.hit < len(found) and (hit := found[row.hit]) is not None
    )
    return Answer(
        record.question, record.lang, record.status, claims, record.reason, tuple(c.citation() for c in record.nearest),
        record.standalone, record.confidence, hits, rejected, timings_ms=record.timings_ms,
        trace=record.trace.model_dump(),
        index_id=record.versions.get("index", ""), generator=record.versions.get("generator", ""),
        shortfalls=tuple(Shortfall(tuple(row.missing), row.lacks) for row in record.shortfalls),
        settling=record.settling.settling() if record.settling else None,
    )  # fmt: skip


def _hit(row: _Hit, editions: Mapping[str, Edition]) -> Hit | None:
    """A hit whose text is taken from the texts held now; None where there is none."""
    edition = editions.get(row.edition_key)
    if edition is None or row.end > len(edition.text):
        return None
    passage = Passage(
        "", edition.key, edition.source_id, edition.language, edition.origin, row.locator, row.start, row.end, "",
        edition.text[row.start : row.end],
    )  # fmt: skip
    return Hit(passage, row.score, row.scores, row.ranks)
