"""References to sources without their names: “拜登那道命令”, “管换脸的那部规章”, “the EU's rules” → source ids.

A reference is a word for whose a text is or what it is about, closely followed by a word for its form; the catalogue
says which words fit which source (`known_by`). Words of a party alone only lean towards its sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.analyser import fold
from sources.known_by import KnownBy, load_known_by

_CHINESE_GAP, _ENGLISH_GAP = 9, 24  # most characters between the two words of a reference
_LONGEST_VERB, _LONGEST_ENGLISH_VERB = 4, 9  # letters of what may be said of a form that is meant alone
_CLOSE = 8  # most characters between two parties said in one breath
_BREAK = re.compile(r"[，,。;；:：、？?！!（）()]|\b(and|or|does|do|did|is|are|that|which|what|how)\b|和|跟|与")

Worth = tuple[int, int]  # of what was said for a source: how much, and how close to the form its party


@dataclass(frozen=True, slots=True)
class Reference:
    """A span of the folded question and the sources that it may mean; `exact` where it also says their form."""

    start: int
    end: int
    source_ids: frozenset[str]
    exact: bool


def references(folded: str, held: Iterable[str], taken: Iterable[tuple[int, int]]) -> list[Reference]:
    """References in a folded question to sources among `held`, outside the spans `taken` by names, in text order."""
    all_held = set(held)
    profiles = {source_id: profile for source_id, profile in _profiles().items() if source_id in all_held}
    free = _blanked(folded, taken)
    exact = _exact(free, profiles)
    rest = _blanked(free, [(found.start, found.end) for found in exact])
    return sorted([*exact, *_leanings(rest, profiles)], key=lambda found: found.start)


def themes(folded: str, held: Iterable[str]) -> frozenset[str]:
    """Sources among `held` whose theme a folded question speaks of: 换脸, chatbots."""
    spoken_of = {source for source, profile in _profiles().items() if _spans(folded, profile.theme)}
    return frozenset(spoken_of.intersection(held))


def is_ambiguous(folded: str, asked: str, names: Mapping[str, Mapping[str, list[str]]]) -> bool:
    """Whether a folded question is about “the initiative” or “办法” and no more, and several sources are called that.

    `asked` is the question without the words that ask; besides the form it may hold a short verb (“提出的”, “adopted”).
    """
    forms = {form for source_id in names if (profile := _profiles().get(source_id)) for form in profile.form}
    for form in sorted(forms, key=len, reverse=True):
        spans = _spans(asked, (form,))
        if not spans:
            continue
        rest = _blanked(asked, spans)
        longest = _LONGEST_VERB if _is_chinese(asked, spans[0][0]) else _LONGEST_ENGLISH_VERB
        if len(re.sub(r"[\W_]", "", rest)) > longest or references(folded, names, []):
            return False
        return sum(_is_called(form, by_language) for by_language in names.values()) > 1
    return False


def _is_called(form: str, by_language: Mapping[str, list[str]]) -> bool:
    return any(_spans(fold(name), (form,)) for names in by_language.values() for name in names)


def _exact(folded: str, profiles: Mapping[str, KnownBy]) -> list[Reference]:
    """Owner or theme, then form: for each form word the sources for which most was said just before it.

    Of several parties the last one owns it: “since Trump came, Biden's order”.
    """
    found: dict[tuple[int, int], dict[str, Worth]] = {}
    for source_id, profile in profiles.items():
        for start, end in _spans(folded, profile.form):
            before = folded[max(0, start - _ENGLISH_GAP) : start]
            window = _BREAK.split(before[-_CHINESE_GAP - 6 :] if _is_chinese(folded, start) else before)[-1] or ""
            party, theme = _said(window, profile.party), _said(window, profile.theme)
            if party or theme:
                first = start - len(window) + min(said[0] for said in (party, theme) if said)
                owner = max((last for _, last in _spans(window, profile.party)), default=0)
                found.setdefault((first, end), {})[source_id] = 2 * bool(theme) + bool(party), owner
    return _longest(found)


def _longest(found: Mapping[tuple[int, int], Mapping[str, Worth]]) -> list[Reference]:
    """Overlapping spans joined; of the sources named there, those of which most was said."""
    groups: list[tuple[int, int, dict[str, Worth]]] = []
    for (start, end), said in sorted(found.items()):
        if groups and start < groups[-1][1]:
            before = groups.pop()
            start, end = before[0], max(end, before[1])
            said = {
                source: max(said.get(source, (0, 0)), before[2].get(source, (0, 0))) for source in {*said, *before[2]}
            }
        groups.append((start, end, dict(said)))
    return [
        Reference(start, end, frozenset(source for source, worth in said.items() if worth == max(said.values())), True)
        for start, end, said in groups
    ]


def _leanings(folded: str, profiles: Mapping[str, KnownBy]) -> list[Reference]:
    """Words of a party alone, the longest of those that overlap."""
    found: dict[tuple[int, int], set[str]] = {}
    for source_id, profile in profiles.items():
        for span in _spans(folded, profile.party):
            found.setdefault(span, set()).add(source_id)
    kept: list[Reference] = []
    for (start, end), sources in sorted(found.items(), key=lambda item: item[0][0] - item[0][1]):
        if all(end <= other.start or start >= other.end for other in kept):
            kept.append(Reference(start, end, frozenset(sources), False))
    return _narrowed(sorted(kept, key=lambda reference: reference.start), folded)


def _narrowed(found: list[Reference], folded: str) -> list[Reference]:
    """Parties said in one breath mean what they have in common: “China's ambassador to the UN”."""
    kept: list[Reference] = []
    for reference in found:
        if kept and (both := kept[-1].source_ids & reference.source_ids):
            between = folded[kept[-1].end : reference.start]
            if len(between) <= _CLOSE and not _BREAK.search(between):
                kept[-1] = Reference(kept[-1].start, reference.end, both, False)
                continue
        kept.append(reference)
    return kept


def _said(window: str, words: tuple[str, ...]) -> tuple[int, int] | None:
    return next(iter(_spans(window, words)), None)


def _spans(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    return [match.span() for match in _pattern(words).finditer(text)] if words else []


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, longest first; Latin ones whole, a plural or possessive s allowed."""
    ordered = sorted(words, key=len, reverse=True)
    latin = [re.escape(word) for word in ordered if word.isascii()]
    other = [re.escape(word) for word in ordered if not word.isascii()]
    return re.compile("|".join([*other, *(rf"(?<![a-z0-9]){word}(?:['’]?s)?(?![a-z0-9])" for word in latin)]))


def _is_chinese(text: str, at: int) -> bool:
    return "\u3400" <= text[at] <= "\u9fff"


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


@lru_cache(maxsize=1)
def _profiles() -> dict[str, KnownBy]:
    return load_known_by()
