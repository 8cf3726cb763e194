"""What the tools return, as types: their JSON schemas are what a client is told. Offsets count characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from index.passage import Hit
from rag.answer import Answer, Citation, Status, Support
from rag.cite import place_name
from rag.export.address import canonical_address
from sources.edition import Edition, Origin
from ui.kept import answer_id
from ui.service import Service

Language = Literal["zh", "en"]


class SpanResult(BaseModel):
    """Characters `start` to `end` of an edition's canonical text, and where they stand."""

    source_id: str
    title: str
    place: str = Field(description="the locator as people read it")
    locator: str
    language: str
    origin: Origin = Field(description="whose words: the issuer's, a translation, or this project's digest")
    edition_key: str
    start: int
    end: int


class CitationResult(SpanResult):
    """An exact place: `quote` is characters `start` to `end` of the edition's canonical text."""

    quote: str
    url: str = Field(description="where the text was published; empty where that is not known")


class ClaimResult(BaseModel):
    """One sentence of an answer and what it rests on."""

    text: str
    support: Support = Field(description="how the sentence stands to its quotes")
    heading: str
    citations: list[CitationResult]


class AnswerResult(BaseModel):
    """A cited answer, or a status that says why there is none."""

    id: str
    question: str
    standalone: str | None = Field(description="the question as it was understood after earlier turns")
    status: Status
    reason: str = Field(description="why the status is what it is, or what an answer leaves open; in its language")
    language: str
    answer: str
    claims: list[ClaimResult]
    nearest: list[CitationResult] = Field(description="the closest passages where nothing answers")
    index: str
    generator: str


class PassageResult(SpanResult):
    """One found passage: `text` is characters `start` to `end` of the edition's canonical text."""

    text: str
    score: float


class SearchResult(BaseModel):
    """What a search finds, best first."""

    query: str
    index: str
    passages: list[PassageResult]


class UnitText(BaseModel):
    """A unit in one edition."""

    title: str
    place: str
    language: str
    origin: Origin
    edition_key: str
    start: int
    end: int
    text: str
    headings: list[str] = Field(description="the headings above it, outermost first")
    sha256: str = Field(description="hash of the edition's whole canonical text")
    read_on: date | None
    url: str


class UnitResult(BaseModel):
    """A unit in every edition held, official words first, with its neighbours."""

    source_id: str
    locator: str
    legal_status: str
    legal_status_as_of: date | None
    previous: str | None = Field(description="locator of the unit before")
    following: str | None = Field(description="locator of the unit after")
    editions: list[UnitText]


def answer_result(answer: Answer, service: Service) -> AnswerResult:
    """An answer as the tool returns it."""
    claims = [
        ClaimResult(
            text=claim.text,
            support=claim.support,
            heading=claim.heading,
            citations=_citations(claim.citations, service),
        )
        for claim in answer.claims
    ]
    return AnswerResult(
        id=answer_id(answer),
        question=answer.question,
        standalone=answer.standalone,
        status=answer.status,
        reason=answer.reason,
        language=answer.language,
        answer=answer.text,
        claims=claims,
        nearest=_citations(answer.nearest, service),
        index=answer.index_id,
        generator=answer.generator,
    )


def _citations(citations: Iterable[Citation], service: Service) -> list[CitationResult]:
    return [
        CitationResult(**asdict(citation), url=_address(service.shelf.editions.get(citation.edition_key), service))
        for citation in citations
    ]


def passage_result(hit: Hit, service: Service) -> PassageResult:
    """A hit as the tool returns it."""
    passage = hit.passage
    edition = service.shelf.editions[passage.edition_key]
    return PassageResult(
        source_id=passage.source_id,
        title=edition.title,
        place=place_name(edition, passage.locator, passage.language),
        locator=passage.locator,
        language=passage.language,
        origin=passage.origin,
        edition_key=passage.edition_key,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=round(hit.score, 6),
    )


def unit_text(edition: Edition, locator: str, service: Service) -> UnitText | None:
    """The unit, with everything below it, in one edition; None where the edition has no such unit."""
    units = edition.units_within(locator)
    if not units:
        return None
    start, end = units[0].start, units[-1].end
    return UnitText(
        title=edition.title,
        place=place_name(edition, locator, edition.language),
        language=edition.language,
        origin=edition.origin,
        edition_key=edition.key,
        start=start,
        end=end,
        text=edition.text[start:end],
        headings=list(units[0].path),
        sha256=edition.sha256,
        read_on=edition.read_on,
        url=_address(edition, service),
    )


def _address(edition: Edition | None, service: Service) -> str:
    return canonical_address(edition, service.catalogue.get(edition.source_id)) if edition is not None else ""
