"""What the answer path knows beside the passages: the term sheet, the names of the sources in the index, and which
words of the texts people put in other ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from index.analyser import fold
from rag.everyday import Rewording, rewordings
from rag.known_questions import Likeness, Place, known_questions
from rag.mention import Mention
from rag.spelling import Spelling
from sources.terms import Term, load_terms

_NO_COUNTRY = "发展中国家"  # which holds 中国
_LATIN = re.compile(r"[a-z0-9]")
# Abbreviations that are words when written small: they count only in capitals.
_ALSO_WORDS = frozenset(
    {"us", "it", "who", "dot", "pets", "laws", "doe", "sec", "doc", "aid", "arm", "ice", "hot", "most"}
)


class Knowledge:
    """Finds terms and source names in questions and passages, whatever their script, width or case."""

    def __init__(
        self,
        terms: tuple[Term, ...],
        names: Mapping[str, Mapping[str, list[str]]],
        *,
        everyday: bool = True,
        known_questions: bool = True,
    ) -> None:
        """Without `everyday` no everyday word is understood; without `known_questions` none is compared with."""
        self._everyday, self._asked_before = everyday, known_questions
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

    def respelled(self, text: str, is_known: Callable[[str], bool]) -> str:
        """`text` with misspelt words of names put right; `is_known` tells of a term whether any passage holds it."""
        return self._spelling.respelled(text, is_known)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._aliases)

    @classmethod
    def load(
        cls, names: Mapping[str, Mapping[str, list[str]]], *, everyday: bool = True, known_questions: bool = True
    ) -> Knowledge:
        """The shipped term sheet with the names of the index's sources."""
        return cls(_terms(), names, everyday=everyday, known_questions=known_questions)

    def rewordings(self, folded: str, language: str) -> tuple[Rewording, ...]:
        """The everyday words of a folded question, with the words of the texts that they stand for."""
        return rewordings(folded, language) if self._everyday else ()

    def units_asked_alike(
        self, text: str, mentions: Sequence[Mention], language: str, *, only: frozenset[str] = frozenset()
    ) -> dict[Place, Likeness]:
        """Units of the index's sources, or of `only` some, that are known to answer questions like this one."""
        if not self._asked_before or not self.source_ids:
            return {}
        return known_questions(language).units_like(text, mentions, only or self.source_ids)

    def knows_questions_of(self, source_id: str) -> bool:
        """Whether the library knows questions that the source answers."""
        return self._asked_before and source_id in known_questions("zh").source_ids

    @cached_property
    def holds_library(self) -> bool:
        """Whether any text of the index is one that the library knows questions of."""
        return not self.source_ids.isdisjoint(known_questions("zh").source_ids)

    def words_asked(self, place: Place, language: str) -> frozenset[str]:
        """Every term of the questions that a unit is known to answer."""
        return known_questions(language).words_asked(place) if self._asked_before else frozenset()

    def names_actor(self, folded: str, kinds: frozenset[str], besides: set[str]) -> bool:
        """Whether a folded text names a person or body of those kinds other than `besides` (term ids)."""
        folded = folded.replace(_NO_COUNTRY, "")
        return any(alias in folded for alias, term_id in self._actors(kinds) if term_id not in besides)

    def count_actors(self, folded: str, kinds: frozenset[str], besides: set[str]) -> int:
        """How many different persons or bodies of those kinds a folded text names."""
        folded = folded.replace(_NO_COUNTRY, "")
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
