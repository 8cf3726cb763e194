"""Reading: places → candidate sentences in the reader's language, scored against the question.

Where the official text is held in the reader's language its own sentences compete; otherwise the digest's do,
and the citation will quote the official unit that the digest restates.

    score = coverage + 0.3 · place + 0.4 · cosine + fit

Coverage is the idf-weighted share of the question's content terms that the sentence holds; terms found only in
its headings or its lead-in count less; names of the source count full where the sentence stands in that source.
Fit rewards what the kind of question asks for: a figure, a date, a person, a definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.analyser import terms_of_folded
from index.store import PassageIndex
from rag.blocks import Sentence, sentences_of_block
from rag.coverage import Sought, sought
from rag.fit import fit
from rag.interlingual import said_across
from rag.kinds import FIGURE_KINDS, AnswerKind
from rag.knowledge import Knowledge
from rag.question import Question
from rag.rerank import RERANKED, WEIGHT, Reranker
from rag.retrieve import Place, Retrieval, own_names, retrieve
from sources.edition import Edition, Origin, Unit
from sources.readers import language_of

READ_PLACES = 10
_MOST_SENTENCES = 120
_PLACE_WEIGHT, _SIMILARITY_WEIGHT = 0.3, 0.4
_INTRODUCES = 0.15  # bonus of a list's lead-in when a list is asked for
_KNOWN = 0.6  # worth of a known question that is the asked one
_ASKED = 0.45  # worth of words that only the known questions of the unit hold
_SIBLING = 0.7  # worth of a known question about another sentence of the unit
_SUBJECT_FROM = 0.6  # coverage from which a sentence is about what is asked
_TOGETHER = 0.8  # share of what the sentence with the subject covers more that the one with the figure is given
_ABOUT_ANOTHER = 0.25  # bonus of a sentence in one named source that speaks of the other named one
_RECITAL, _RECITAL_FOR_ARTICLE = 0.92, 0.7  # recitals explain; articles decide


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with its score and what the score is made of."""

    edition: Edition
    unit: Unit
    start: int
    end: int
    text: str
    place: Place
    score: float
    coverage: float  # share of the question's weight that the sentence and its surroundings hold, 0–1
    similarity: float  # cosine of sentence and question
    fit: float  # bonus or malus for holding what the kind of question asks for
    asked: float = 0.0  # share of the weight that only questions which its unit is known to answer hold
    likeness: float = 0.0  # of the question to those that the sentence is known to answer
    covers: frozenset[str] = frozenset()  # the question's terms that the sentence itself holds
    reranked: float | None = None  # probability that the reranker gave it, where one read it


class Reader:
    """Reads places of one index; keeps analysed sentences of the blocks read so far."""

    def __init__(self, passage_index: PassageIndex, knowledge: Knowledge, reranker: Reranker | None = None) -> None:
        self._reranker = reranker
        self.passage_index = passage_index
        self.knowledge = knowledge
        self._blocks: dict[tuple[str, str], tuple[list[Sentence], NDArray[np.float32]]] = {}

    def read(self, question: Question, retrieval: Retrieval) -> list[Candidate]:
        """Scored candidate sentences of the best places, best first."""
        wanted = self.sought(question)
        top = max((place.score for place in retrieval.places), default=1.0) or 1.0
        query_vector = self.passage_index.embedder.encode([question.search_text], is_query=True)[0]
        candidates: list[Candidate] = []
        namesakes = own_names(question, self.passage_index)
        for place in retrieval.places[:READ_PLACES]:
            own = {term for alias, of in namesakes.items() if place.source_id in of for term in terms_of_folded(alias)}
            telling = wanted.without(own)
            for edition in self._read_editions(place, question):
                sentences, vectors = self._block(edition, place.block)
                if len(candidates) + len(sentences) > _MOST_SENTENCES and candidates:
                    break
                similarities = vectors @ query_vector if sentences else ()
                across = (
                    [0.0] * len(sentences)
                    if edition.language == question.language
                    else said_across(question.folded, sentences)
                )
                candidates += [
                    self._score(question, telling, sentence, place, float(similarity), place.score / top, said)
                    for sentence, similarity, said in zip(sentences, similarities, across, strict=True)
                ]
        if question.kind in FIGURE_KINDS:
            candidates = _told_together(candidates)
        return self._reranked(question, sorted(candidates, key=lambda candidate: -candidate.score))

    def read_within(self, question: Question, source_ids: frozenset[str]) -> list[Candidate]:
        """Candidates of those sources alone, compared with the known questions of theirs, best first."""
        spoken = language_of(question.text)
        known = self.knowledge.units_asked_alike(question.search_text, question.mentions, spoken, only=source_ids)
        asked = replace(question, known=known)
        return self.read(asked, retrieve(asked, self.passage_index, only=source_ids))

    def _reranked(self, question: Question, candidates: list[Candidate]) -> list[Candidate]:
        """The best candidates in the order that the reranker, too, would have them; all as they are without one."""
        if self._reranker is None or not candidates:
            return candidates
        best = candidates[:RERANKED]
        likely = self._reranker.probabilities(question.search_text, [candidate.text for candidate in best])
        scored = [
            replace(candidate, score=candidate.score + WEIGHT * probability, reranked=probability)
            for candidate, probability in zip(best, likely, strict=True)
        ]
        return sorted([*scored, *candidates[RERANKED:]], key=lambda candidate: -candidate.score)

    def _read_editions(self, place: Place, question: Question) -> list[Edition]:
        """What is read at a place; where a figure is asked for, the digest too, which may count what the text lists."""
        editions = self.reading_editions(place, question.language)
        digests = [self.digest_of(edition) for edition in editions if question.kind is AnswerKind.COUNT]
        return [*editions, *(digest for digest in digests if digest is not None)]

    def reading_editions(self, place: Place, language: str) -> list[Edition]:
        """The edition to read at a place: official in the reader's language, else its digest, else what there is."""
        editions = self.passage_index.editions_of(place.source_id)
        preference = sorted(editions, key=lambda e: (e.language != language, e.origin is Origin.DIGEST))
        return [edition for edition in preference if edition.units_within(place.block)][:1]

    def sought(self, question: Question) -> Sought:
        """What a sentence should hold to answer."""
        return sought(question, self.passage_index.lexical)

    def _block(self, edition: Edition, block: str) -> tuple[list[Sentence], NDArray[np.float32]]:
        key = (edition.key, block)
        if key not in self._blocks:
            sentences = sentences_of_block(edition, block, self.digest_of(edition))
            vectors = self.passage_index.embedder.encode([sentence.text for sentence in sentences])
            self._blocks[key] = (sentences, vectors)
        return self._blocks[key]

    def digest_of(self, edition: Edition) -> Edition | None:
        """The digest of an official edition in the same language: other words for the same units."""
        if edition.origin is Origin.DIGEST:
            return None
        others = self.passage_index.editions_of(edition.source_id)
        return next((o for o in others if o.origin is Origin.DIGEST and o.language == edition.language), None)

    def _is_about_another(self, question: Question, sentence: Sentence) -> bool:
        """Whether a sentence of one source that the question names speaks of another one that it names."""
        own = sentence.edition.source_id
        if question.kind is AnswerKind.COMPARE or own not in question.scope:
            return False
        names = self.knowledge.names_of(question.scope - {own})
        return any(name in sentence.folded for name in names)

    def _score(
        self,
        question: Question,
        wanted: Sought,
        sentence: Sentence,
        place: Place,
        similarity: float,
        rank: float,
        said: float,
    ) -> Candidate:
        named = {
            term
            for mention in question.mentions
            if mention.source_id == place.source_id
            for term in terms_of_folded(mention.alias)
        }
        at = (sentence.edition.source_id, sentence.unit.locator)
        coverage = max(wanted.coverage(sentence, named), said)
        asked = wanted.asked(sentence, named, self.knowledge.words_asked(at, question.language))
        fitness = fit(question, sentence.folded, self.knowledge)
        score = coverage + _ASKED * asked + _PLACE_WEIGHT * rank + _SIMILARITY_WEIGHT * max(similarity, 0.0) + fitness
        likeness = _likeness(question, sentence)
        score += _KNOWN * likeness
        if question.kind is AnswerKind.LIST and sentence.introduces:
            score += _INTRODUCES
        if self._is_about_another(question, sentence):
            score += _ABOUT_ANOTHER
        if sentence.unit.locator.startswith("recital"):
            score *= _RECITAL_FOR_ARTICLE if question.kind is AnswerKind.LOCATE else _RECITAL
        return Candidate(
            edition=sentence.edition,
            unit=sentence.unit,
            start=sentence.start,
            end=sentence.end,
            text=sentence.text,
            place=place,
            score=score,
            coverage=coverage,
            similarity=similarity,
            fit=fitness,
            asked=asked,
            likeness=likeness,
            covers=wanted.held_by(sentence.terms),
        )


def _likeness(question: Question, sentence: Sentence) -> float:
    """How like the question those are that the sentence, or in an official text its unit, is known to answer."""
    known = question.known.get((sentence.edition.source_id, sentence.unit.locator))
    if known is None:
        return 0.0
    if sentence.edition.origin is not Origin.DIGEST:
        return known.unit
    return max(known.sentences.get(sentence.number, 0.0), known.sentences.get(0, 0.0), _SIBLING * known.unit)


def _told_together(candidates: Sequence[Candidate]) -> list[Candidate]:
    """A figure or date often stands in a sentence after the one that says what it is of; it is taken for both."""
    best: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        key = (candidate.edition.key, candidate.unit.locator)
        best[key] = max(best.get(key, candidate), candidate, key=lambda known: known.coverage)
    told = []
    for candidate in candidates:
        subject = best[candidate.edition.key, candidate.unit.locator]
        if candidate.fit > 0 > subject.fit and subject.coverage >= _SUBJECT_FROM:
            gained = _TOGETHER * (subject.coverage - candidate.coverage)
            candidate = replace(candidate, score=candidate.score + gained, coverage=candidate.coverage + gained)
        told.append(candidate)
    return told


def same_article(first: Candidate, second: Candidate) -> bool:
    """Whether two sentences stand in one article, section or paragraph of one source."""
    return first.edition.source_id == second.edition.source_id and (
        first.unit.locator.partition(".")[0] == second.unit.locator.partition(".")[0]
    )
