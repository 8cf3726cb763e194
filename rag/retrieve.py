"""Retrieval: an understood question → places, best first, balanced between languages.

Every source may stand in the index in several editions (official and digest, Chinese and English). A *place* is
one citable block of one source; it is found through any of its editions. Scores are normalised within each
language, so that neither language's passages can crowd out the other's; a place's score is its best passage in
the question's language, or a little less than its best in the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from index.analyser import fold
from index.fusion import DENSE_WEIGHT
from index.passage import Hit, Passage
from index.searching import Found, Query
from index.split import block_locator
from index.store import PassageIndex
from rag.question import Question
from rag.wording import content
from sources.edition import Edition, Origin
from sources.locator import is_within

POOL = 60  # passages considered per language
PLACES = 12  # places kept for reading
HITS = 20  # passages reported
MENTIONS = 3  # passages of one named source about another
_MENTIONED = 1.6  # their worth: above the best that a lexical match alone is given, so they are always read
_OTHER_LANGUAGE = 0.8  # worth of a passage in the other language
_IN_SCOPE, _OUT_OF_SCOPE = 1.3, 0.75  # source named in the question, or another one named
_LEANT_TO, _ON_THEME = 1.3, 1.3  # source of a party, and source on a theme, that the question speaks of
_KNOWN = 0.5  # worth of a known question like the one asked
_ALIKE_FROM = 0.35  # likeness from which a place is read that nothing else led to
_NAMESAKES = frozenset({"place", "event", "country"})
_FEW_EDITIONS = 1000  # in which a place is looked up without knowing the source
_ASKED = 2.0  # place named in the question


@dataclass(frozen=True, slots=True)
class Place:
    """One citable block of one source, with the passages that led to it, best first."""

    source_id: str
    block: str
    score: float
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Places to read, and the passages to report: those that can be cited."""

    places: tuple[Place, ...]
    hits: tuple[Hit, ...]
    best_dense: float = 0.0
    searched: Mapping[str, str] = field(default_factory=dict)


def retrieve(question: Question, passage_index: PassageIndex, *, only: frozenset[str] = frozenset()) -> Retrieval:
    """Places for `question`, best first; `only` restricts them to those sources."""
    query = question.search_text
    translated = canonical_names(question, "en" if question.language == "zh" else "zh")
    vector = passage_index.embedder.encode([query], is_query=True)[0]
    own = _with_words_of_the_texts(question)
    worths = [1.0 if language == question.language else _OTHER_LANGUAGE for language in passage_index.languages]
    queries = [
        Query(
            (own,) if language == question.language or not translated else (own, _twice(translated)),
            vector,
            language,
            only,
        )
        for language in passage_index.languages
    ]
    found = [
        _besides_own_names(each, query.language, question, passage_index)
        for each, query in zip(passage_index.searcher.find(queries, POOL), queries, strict=True)
    ]
    pools = [hit for each, worth in zip(found, worths, strict=True) for hit in _pool(passage_index, each, worth)]
    if len(question.scope) > 1 and not only:
        pools += _about_each_other(question, passage_index)
    places = _places(pools, question, passage_index, only)
    return Retrieval(
        places[:PLACES],
        _citable_hits(places, passage_index, question.language),
        max((each.best_dense for each in found), default=0.0),
        {"own": query, "other": translated},
    )


def _with_words_of_the_texts(question: Question) -> str:
    """What is searched for; words that an everyday word stands for count half, since all else is said twice."""
    meant = " ".join(word for rewording in question.rewordings for word in rewording.meant)
    return f"{_twice(content(question.folded))} {meant}"


def _twice(text: str) -> str:
    return f"{text} {text}"


def _besides_own_names(found: Found, language: str, question: Question, passage_index: PassageIndex) -> Found:
    """What was found, without what digests owe to their source's own name, which each of their sentences repeats."""
    owed = np.zeros_like(found.lexical)
    for alias, source_ids in own_names(question, passage_index.names).items():
        told = passage_index.searcher.find([Query((_twice(alias),), None, language, source_ids)], POOL)[0]
        by_row = dict(zip(told.rows.tolist(), told.lexical.tolist(), strict=True))
        for place, row in enumerate(found.rows.tolist()):
            if row in by_row and _is_digest(passage_index, row):
                owed[place] += by_row[row]
    if not owed.any():
        return found
    words = 1 - DENSE_WEIGHT
    meaning = found.fused - words * found.lexical / found.lexical.max()
    left = np.maximum(found.lexical - owed, 0)
    fused = (meaning + words * left / max(float(left.max()), 1e-9)).astype(np.float32)
    order = np.argsort(-fused, kind="stable")
    return Found(
        found.rows[order], fused[order], left[order], found.dense[order],
        found.lexical_ranks[order], found.dense_ranks[order], found.best_dense,
    )  # fmt: skip


def _is_digest(passage_index: PassageIndex, row: int) -> bool:
    return passage_index.editions[passage_index.passages[row].edition_key].origin is Origin.DIGEST


def own_names(question: Question, names: Mapping[str, Mapping[str, list[str]]]) -> dict[str, frozenset[str]]:
    """Places, events and countries that the question speaks of → the sources not asked about that are named after them.

    Who asks how many came to Bletchley does not ask about the Bletchley Declaration.
    """
    found = {}
    for mention in question.mentions:
        if mention.source_id or mention.kind not in _NAMESAKES:
            continue
        named = frozenset(
            source_id
            for source_id, by_language in names.items()
            if source_id not in question.scope
            and any(mention.alias in _folded_name(name) for known in by_language.values() for name in known)
        )
        if named:
            found[mention.alias] = named
    return found


@lru_cache(maxsize=4096)
def _folded_name(name: str) -> str:
    """A source's name, folded: all names are looked at for nearly every question."""
    return fold(name)


def _about_each_other(question: Question, passage_index: PassageIndex) -> list[Hit]:
    """Where each source that the question names speaks of the others, by any of their names."""
    queries = []
    for source_id in sorted(question.scope):
        others = sorted(question.scope - {source_id})
        names = " ".join(name for other in others for name in passage_index.names[other].get(question.language, ()))
        queries.append(Query((names,), None, question.language, frozenset({source_id})))
    found = passage_index.searcher.find(queries, MENTIONS)
    return [hit for each in found for hit in _pool(passage_index, each, _MENTIONED)]


def canonical_names(question: Question, language: str) -> str:
    """The first name in that language of every term that the question mentions by another name."""
    names = [mention.term.names(language)[0] for mention in question.mentions if mention.term]
    return " ".join(name for name in names if fold(name) not in question.folded)


def _pool(passage_index: PassageIndex, found: Found, worth: float) -> list[Hit]:
    """What was found for one query, its scores multiplied by `worth`."""
    return passage_index.hits(replace(found, fused=found.fused * np.float32(worth)))


def _places(
    pool: Sequence[Hit], question: Question, passage_index: PassageIndex, only: frozenset[str]
) -> tuple[Place, ...]:
    """Hits grouped by place; the place's score is its best hit, plus a little for agreement, times the scope."""
    groups: dict[tuple[str, str], list[Hit]] = {}
    for hit in pool:
        groups.setdefault((hit.passage.source_id, block_locator(hit.passage.locator)), []).append(hit)
    for source_id, locator in asked_places(question, passage_index, [hit.passage.source_id for hit in pool]):
        groups.setdefault((source_id, block_locator(locator)), [])
    likeness = _by_block(question, only or frozenset(passage_index.source_ids))
    for key, alike in likeness.items():
        if alike >= _ALIKE_FROM:
            groups.setdefault(key, [])
    places = []
    for (source_id, block), hits in groups.items():
        hits.sort(key=lambda hit: -hit.score)
        score = (hits[0].score if hits else 0.5) + _KNOWN * likeness.get((source_id, block), 0.0)
        if question.scope:
            score *= _IN_SCOPE if source_id in question.scope else _OUT_OF_SCOPE
        else:
            score *= _LEANT_TO if source_id in question.leaning else 1.0
            score *= _ON_THEME if source_id in question.themes else 1.0
        if any(is_within(block, at) or is_within(at, block) for at in question.locators):
            score *= _ASKED
        places.append(Place(source_id, block, score, tuple(hits)))
    return tuple(sorted(places, key=lambda place: (-place.score, place.source_id, place.block)))


def _by_block(question: Question, among: frozenset[str]) -> dict[tuple[str, str], float]:
    """How like the question those are that units of each block are known to answer: the most alike of each."""
    blocks: dict[tuple[str, str], float] = {}
    for (source_id, locator), likeness in question.known.items():
        if source_id in among:
            key = source_id, block_locator(locator)
            blocks[key] = max(blocks.get(key, 0.0), likeness.unit)
    return blocks


def asked_places(question: Question, passage_index: PassageIndex, found: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(source, locator) for each locator that the question names and a source (a named one, if any) has.

    Among very many sources, of which none is named, only those `found` are looked at.
    """
    if not question.locators:
        return []
    few = len(passage_index.editions) <= _FEW_EDITIONS
    among = sorted(question.scope) or (passage_index.source_ids if few else sorted(set(found)))
    places = []
    for edition in (edition for source_id in among for edition in passage_index.editions_of(source_id)):
        for locator in (_held_as(locator, edition) for locator in question.locators):
            if locator and (edition.source_id, locator) not in places:
                places.append((edition.source_id, locator))
    return places


def _held_as(locator: str, edition: Edition) -> str:
    """The locator as the edition has it, or ""; the nth item of a text may be the nth point of its only list."""
    if edition.units_within(locator):
        return locator
    number = locator.removeprefix("item")
    points = [unit.locator for unit in edition.units if re.fullmatch(rf"p\d+\.{number}", unit.locator)]
    return points[0] if locator != number and len(points) == 1 else ""


def citable_editions(passage_index: PassageIndex, source_id: str, language: str) -> list[Edition]:
    """Editions of a source in the order in which they are cited: official before digest, reader's language first."""
    return sorted(
        passage_index.editions_of(source_id),
        key=lambda e: (e.origin is Origin.DIGEST, e.origin is not Origin.OFFICIAL, e.language != language),
    )


def _citable_hits(places: Sequence[Place], passage_index: PassageIndex, language: str) -> tuple[Hit, ...]:
    """For each place the passages that a citation may quote: official ones where held, found directly or by digest."""
    order = {(place.source_id, place.block): number for number, place in enumerate(places)}
    found: dict[str, Hit] = {}
    for place in places:
        if sum((hit.passage.source_id, block_locator(hit.passage.locator)) in order for hit in found.values()) >= HITS:
            break  # those of any further place come after these
        for hit in place.hits:
            if hit.score < 0.6 * place.hits[0].score:
                break
            for passage in citable_passages(hit.passage, passage_index, language):
                known = found.get(passage.id)
                if known is None or known.score < hit.score:
                    found[passage.id] = Hit(passage, hit.score, hit.scores, hit.ranks)
    ranked = sorted(
        found.values(),
        key=lambda hit: (order.get((hit.passage.source_id, block_locator(hit.passage.locator)), 99), -hit.score),
    )
    return tuple(ranked[:HITS])


def citable_passages(passage: Passage, passage_index: PassageIndex, language: str) -> list[Passage]:
    """What a citation of this place may quote: official before digest, the reader's language before the other."""
    at_place = passage_index.passages_at(passage.source_id, block_locator(passage.locator))
    editions = {other.edition_key: other for other in at_place}.values()
    for edition in sorted(editions, key=lambda e: (e.origin is Origin.DIGEST, e.language != language, e.edition_key)):
        if edition.edition_key == passage.edition_key:
            return [passage]
        own = [other for other in at_place if other.edition_key == edition.edition_key]
        clipped = [_clipped(other, passage.locator, passage_index) for other in own]
        if found := [part for part in clipped if part is not None]:
            return found
    return [passage]


def _clipped(passage: Passage, locator: str, passage_index: PassageIndex) -> Passage | None:
    """The part of a passage at, or just above, `locator`; None where it holds neither."""
    edition = passage_index.editions[passage.edition_key]
    held = edition.units_between(passage.start, passage.end)
    units = [unit for unit in held if is_within(unit.locator, locator)] or [
        unit for unit in held[:1] if is_within(locator, unit.locator)
    ]
    if not units:
        return None
    start, end = units[0].start, units[-1].end
    if (start, end) == (passage.start, passage.end):
        return passage
    return replace(
        passage, id=f"{passage.id}.{locator}", locator=locator, start=start, end=end, text=edition.text[start:end]
    )
