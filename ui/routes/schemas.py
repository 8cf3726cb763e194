"""What the HTTP interface returns, as types for its OpenAPI description; a test holds them against real answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from rag.answer import Status, Support
from sources.edition import Origin


class SpanRecord(BaseModel):
    """Characters `start` to `end` of an edition's canonical text, and where they stand."""

    source_id: str
    edition: str = Field(description="language of the edition")
    origin: Origin
    edition_key: str
    locator: str
    start: int
    end: int


class CitationRecord(SpanRecord):
    """An exact place: `quote` is characters `start` to `end` of the edition's canonical text."""

    quote: str
    title: str
    place: str = Field(description="the locator as people read it")


class ClaimRecord(BaseModel):
    """One sentence of an answer and what it rests on."""

    text: str
    support: Support
    heading: str
    citations: list[CitationRecord]


class RetrievedRecord(SpanRecord):
    """A passage that was found, whether it was used or not."""

    score: float
    stage: str
    scores: dict[str, float]
    ranks: dict[str, int]


class AskRecord(BaseModel):
    """One answer, or a status and a reason why there is none."""

    id: str = Field(description="what feedback and exports refer to")
    question: str
    standalone: str | None = Field(description="the question as understood after earlier turns")
    status: Status
    abstained: bool
    answer: str
    reason: str
    lang: str
    confidence: float
    claims: list[ClaimRecord]
    nearest: list[CitationRecord] = Field(description="the closest passages where nothing answers")
    retrieved: list[RetrievedRecord]
    timings_ms: dict[str, float]
    versions: dict[str, str]


class PassageRecord(BaseModel):
    """A found passage: `text` is characters `start` to `end` of the edition's canonical text."""

    edition_key: str
    source_id: str
    language: str
    origin: Origin
    locator: str
    start: int
    end: int
    context: str
    text: str
    score: float
    scores: dict[str, float]
    ranks: dict[str, int]


class PassagesRecord(BaseModel):
    """What a search found, best first."""

    query: str
    index: str
    passages: list[PassageRecord]


class Refusal(BaseModel):
    """Why a request was refused, in one sentence."""

    error: str


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The description of these error statuses: always one sentence."""
    told = {413: "too large", 422: "not as described here", 429: "too many requests", 503: "none can be answered now"}
    return {status: {"model": Refusal, "description": told[status]} for status in statuses}
