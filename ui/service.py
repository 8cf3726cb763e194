"""What the web page needs from the rest: something that answers, the texts, and what is known of the sources."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from index.live import LiveIndex
from index.passage import Hit
from index.store import PassageIndex
from rag.answer import Answer
from rag.beside import SideBySide
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

    def search(self, query: str, *, limit: int = 10) -> Sequence[Hit]:
        """The best passages, best first."""
        ...


@dataclass(frozen=True)
class Service:
    """The running parts behind the page, all of one index generation."""

    answerer: Answering
    shelf: Shelf
    catalogue: Catalogue

    @cached_property
    def beside(self) -> SideBySide | None:
        """Compares the texts; None where there is no real index behind the shelf."""
        return SideBySide(self.shelf) if isinstance(self.shelf, PassageIndex) else None

    def now(self) -> Service:
        """The parts to use for one request."""
        return self


class Servicing(Protocol):
    """Where the parts for one request come from."""

    def now(self) -> Service:
        """The parts to use for one request; they stay the same for as long as they are held."""
        ...


class LiveService:
    """Follows an index that is rebuilt meanwhile: the next question is answered from the generation in use then."""

    def __init__(
        self, live_index: LiveIndex, catalogue: Catalogue, make_answerer: Callable[[PassageIndex], Answering]
    ) -> None:
        self._live_index = live_index
        self._catalogue = catalogue
        self._make_answerer = make_answerer
        self._making = threading.Lock()
        self._service = self._make(live_index.current())

    def now(self) -> Service:
        """The parts of the generation in use."""
        passage_index = self._live_index.current()
        if passage_index is not self._service.shelf and self._making.acquire(blocking=False):
            try:  # others go on with the generation before, until this is done
                self._service = self._make(passage_index)
            finally:
                self._making.release()
        return self._service

    def _make(self, passage_index: PassageIndex) -> Service:
        return Service(self._make_answerer(passage_index), passage_index, self._catalogue)
