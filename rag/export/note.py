"""Answers → numbered notes: everything that a citation needs in any style, gathered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rag.answer import Answer, Citation
from rag.cite import place_name
from rag.export.address import canonical_address
from rag.export.anchor import Anchor
from sources.catalogue import Catalogue
from sources.edition import Edition, Origin, SourceKind


@dataclass(frozen=True, slots=True)
class Note:
    """One quoted span with what is known of its text."""

    number: int
    anchor: Anchor
    quote: str
    source_id: str
    title: str
    place: str  # in the language of the export
    places: Mapping[str, str]  # in both languages
    issuer: str
    language: str
    origin: Origin
    kind: SourceKind
    published: date | None
    read_on: date | None
    url: str

    @property
    def key(self) -> str:
        """A name for reference managers, unique in an export: `bletchley-declaration.en-p2-44`."""
        return f"{self.anchor.edition_key}-{self.anchor.locator}-{self.anchor.start}"


@dataclass(frozen=True)
class Conversation:
    """Answers with the texts that they cite, ready to be written in any format."""

    answers: Sequence[Answer]
    editions: Mapping[str, Edition]
    catalogue: Catalogue
    language: str
    day: date
    _numbers: dict[tuple[str, int, int], int] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """One note a quoted span, numbered in order of first use; spans whose text is no longer held are left out."""
        notes: dict[tuple[str, int, int], Note] = {}
        for answer in self.answers:
            for claim in answer.claims:
                for citation in claim.citations:
                    span = _span(citation)
                    edition = self.editions.get(citation.edition_key)
                    if span not in notes and edition is not None:
                        notes[span] = self._note(len(notes) + 1, citation, edition)
        return tuple(notes.values())

    def number_of(self, citation: Citation) -> int | None:
        """The number of the note that a citation points to."""
        if not self._numbers:
            self._numbers.update(
                {(note.anchor.edition_key, note.anchor.start, note.anchor.end): note.number for note in self.notes}
            )
        return self._numbers.get(_span(citation))

    def numbers_of(self, citations: Sequence[Citation]) -> tuple[int, ...]:
        """The numbers of several citations, each once, in order."""
        found = (self.number_of(citation) for citation in citations)
        return tuple(dict.fromkeys(number for number in found if number is not None))

    @property
    def index_ids(self) -> tuple[str, ...]:
        """The indexes that the answers came from, in order."""
        return tuple(dict.fromkeys(answer.index_id for answer in self.answers if answer.index_id))

    def _note(self, number: int, citation: Citation, edition: Edition) -> Note:
        entry = self.catalogue.get(edition.source_id)
        reader = "zh" if self.language.startswith("zh") else "en"
        places = {name: place_name(edition, citation.locator, name) for name in ("zh", "en")}
        anchor = Anchor(edition.key, citation.locator, citation.start, citation.end, edition.sha256)
        dates = entry.dates if entry is not None else None
        return Note(
            number,
            anchor,
            citation.quote,
            edition.source_id,
            edition.title,
            places[reader],
            places,
            entry.issuer.in_language(edition.language) if entry is not None else "",
            edition.language,
            edition.origin,
            edition.kind,
            (dates.published or dates.adopted or dates.held) if dates is not None else None,
            edition.read_on,
            canonical_address(edition, entry),
        )


def _span(citation: Citation) -> tuple[str, int, int]:
    return (citation.edition_key, citation.start, citation.end)
