"""A name found in a question or passage."""

from __future__ import annotations

from dataclasses import dataclass

from index.analyser import fold
from sources.terms import NAMED_KINDS, Term


@dataclass(frozen=True, slots=True)
class Mention:
    """A term or source named in a text; `alias` is the folded form found there."""

    alias: str
    start: int
    end: int
    term: Term | None = None
    source_id: str = ""

    @property
    def kind(self) -> str:
        """The kind of its term, "" for a source without one."""
        return self.term.kind if self.term else ""

    @property
    def is_name(self) -> bool:
        """Whether it is a name: of a source, person, body, event, place or country, not of a notion."""
        return bool(self.source_id) or self.kind in NAMED_KINDS

    @property
    def forms(self) -> frozenset[str]:
        """Every folded form of the name, the one found among them."""
        others = (*self.term.zh, *self.term.en) if self.term else ()
        return frozenset({self.alias, *map(fold, others)})
