"""What the answer path knows beside the passages: the term sheet, the names of the sources in the index, and which
words of the texts people put in other ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.analyser import fold
from rag.everyday import Rewording, rewordings
from sources.terms import NAMED_KINDS, Term, load_terms

_LATIN = re.compile(r"[a-z0-9]")
# Abbreviations that are words when written small: they count only in capitals.
_ALSO_WORDS = frozenset(
    {"us", "it", "who", "dot", "pets", "laws", "doe", "sec", "doc", "aid", "arm", "ice", "hot", "most"}
)


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


class Knowledge:
    """Finds terms and source names in questions and passages, whatever their script, width or case."""

    def __init__(
        self, terms: tuple[Term, ...], names: Mapping[str, Mapping[str, list[str]]], *, everyday: bool = True
    ) -> None:
        """Without `everyday` no everyday word is understood."""
        self._everyday = everyday
        self.source_ids = frozenset(names)
        self._aliases: dict[str, tuple[Term | None, str]] = {}
        for term in terms:
            for alias in (*term.zh, *term.en):
                self._aliases.setdefault(fold(alias), (term, term.source if term.source in names else ""))
        for source_id, by_language in names.items():
            for name in (name for language in by_language.values() for name in language):
                known = self._aliases.get(fold(name))
                self._aliases[fold(name)] = (known[0] if known else None, source_id)
        self._source_names: dict[str, list[str]] = {}
        for alias, (_, source_id) in self._aliases.items():
            if source_id and len(alias) > 3:
                self._source_names.setdefault(source_id, []).append(alias)
        self._actor_names: dict[frozenset[str], list[tuple[str, str]]] = {}
        self._ordered = sorted((alias for alias in self._aliases if len(alias) > 1), key=len, reverse=True)
        self._beginning: dict[str, list[int]] = {}  # two characters → places in `_ordered` of the names they begin
        for place, alias in enumerate(self._ordered):
            self._beginning.setdefault(alias[:2], []).append(place)

    @classmethod
    def load(cls, names: Mapping[str, Mapping[str, list[str]]], *, everyday: bool = True) -> Knowledge:
        """The shipped term sheet with the names of the index's sources."""
        return cls(_terms(), names, everyday=everyday)

    def rewordings(self, folded: str, language: str) -> tuple[Rewording, ...]:
        """The everyday words of a folded question, with the words of the texts that they stand for."""
        return rewordings(folded, language) if self._everyday else ()

    def names_actor(self, folded: str, kinds: frozenset[str], besides: set[str]) -> bool:
        """Whether a folded text names a person or body of those kinds other than `besides` (term ids)."""
        return any(alias in folded for alias, term_id in self._actors(kinds) if term_id not in besides)

    def count_actors(self, folded: str, kinds: frozenset[str], besides: set[str]) -> int:
        """How many different persons or bodies of those kinds a folded text names."""
        return len({term_id for alias, term_id in self._actors(kinds) if term_id not in besides and alias in folded})

    def names_of(self, source_ids: frozenset[str]) -> list[str]:
        """Folded names of those sources."""
        return [alias for source_id in sorted(source_ids) for alias in self._source_names.get(source_id, ())]

    def _actors(self, kinds: frozenset[str]) -> list[tuple[str, str]]:
        if kinds not in self._actor_names:
            self._actor_names[kinds] = [
                (alias, term.id)
                for alias, (term, _) in self._aliases.items()
                if term and term.kind in kinds and len(alias) > 1
            ]
        return self._actor_names[kinds]

    def mentions(self, text: str) -> list[Mention]:
        """Terms and sources named in a text, longest first claimed, in text order; spans are of the folded text."""
        folded = fold(text)
        found: list[Mention] = []
        taken = [False] * len(folded)
        pairs = {folded[position : position + 2] for position in range(len(folded) - 1)}
        for place in sorted(place for pair in pairs for place in self._beginning.get(pair, ())):
            alias = self._ordered[place]
            if alias not in folded or (alias in _ALSO_WORDS and alias.upper() not in text):
                continue
            for match in re.finditer(re.escape(alias), folded):
                start, end = match.span()
                if any(taken[start:end]) or not _on_word_boundary(folded, start, end):
                    continue
                taken[start:end] = [True] * (end - start)
                term, source_id = self._aliases[alias]
                found.append(Mention(alias, start, end, term, source_id))
        return sorted(found, key=lambda mention: mention.start)


def _on_word_boundary(text: str, start: int, end: int) -> bool:
    """Latin names must not begin or end inside a word (a plural s is allowed on longer ones)."""
    if _LATIN.match(text[start]) and start and _LATIN.match(text[start - 1]):
        return False
    if _LATIN.match(text[end - 1]) and end < len(text) and _LATIN.match(text[end]):
        return end - start > 4 and text[end] == "s" and (end + 1 == len(text) or not _LATIN.match(text[end + 1]))
    return True


@lru_cache(maxsize=1)
def _terms() -> tuple[Term, ...]:
    return load_terms()
