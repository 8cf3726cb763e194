"""Passage and Hit: what is retrieved, and how it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sources.edition import Origin


class SearchMethod(StrEnum):
    """The ways of searching; FUSED combines the others."""

    LEXICAL = "lexical"
    DENSE = "dense"
    FUSED = "fused"


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more neighbouring units of one edition; `start:end` are offsets into its canonical text.

    `locator` is the place that all its units share (art14.2, p4); `context` is its heading path, searched
    with the text but never quoted. `id` is stable: a hash of edition key, locator and text.
    """

    id: str
    edition_key: str
    source_id: str
    language: str
    origin: Origin
    locator: str
    start: int
    end: int
    context: str
    text: str

    @property
    def search_text(self) -> str:
        """What is analysed and embedded: headings, then the text itself."""
        return search_text(self.context, self.text)


def search_text(context: str, text: str) -> str:
    """Headings, then the text itself."""
    return f"{context}\n{text}" if context else text


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its fused score and, per search method, its score and rank (1 = best)."""

    passage: Passage
    score: float
    scores: Mapping[SearchMethod, float] = field(default_factory=dict)
    ranks: Mapping[SearchMethod, int] = field(default_factory=dict)
