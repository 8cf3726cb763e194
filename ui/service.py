"""What the web page needs from the rest: something that answers, the texts, and what is known of the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.answer import Answer
from rag.question import Turn
from sources.catalogue import Catalogue
from sources.edition import Edition


class Answering(Protocol):
    """Anything that answers a question with citations."""

    def answer(self, question: str, *, history: Sequence[Turn] = (), language: str | None = None) -> Answer:
        """The answer to one question."""
        ...


class Shelf(Protocol):
    """The texts that citations point into."""

    @property
    def id(self) -> str:
        """Identity of the index."""
        ...

    @property
    def editions(self) -> Mapping[str, Edition]:
        """Editions by key."""
        ...


@dataclass(frozen=True)
class Service:
    """The running parts behind the page."""

    answerer: Answering
    shelf: Shelf
    catalogue: Catalogue
