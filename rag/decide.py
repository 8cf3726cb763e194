"""Deciding: answer, decline, ask back, or correct the question's premise.

Confidence is `rag.answerability` where the source's known questions are at hand. For any other source it is a logistic
function of how much of the question the best sentence covers, how alike they are, whether the names in the question
stand in the place that was read, whether the sentence holds the sort of thing asked for, and how far it leads the rest.
Its weights within one language were fitted on the development cases, and so were the thresholds; those across languages
on the readers' questions in sight, asked of the digests of the other language alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.analyser import fold, terms_of_folded
from rag.answer import Status
from rag.answerability import Signs, shipped
from rag.bridge import doubted
from rag.compose import Draft
from rag.fit import MISSES
from rag.kinds import AnswerKind
from rag.knowledge import Knowledge
from rag.places import text_named
from rag.premise import contradiction, presumes
from rag.question import Question
from rag.reader import Candidate, Reader, same_article
from rag.references import is_ambiguous
from rag.retrieve import Retrieval, asked_places
from rag.wording import content
from sources.edition import Edition, SourceKind
from sources.terms import NAMED_KINDS

_NO_RIVALRY = 0.45  # lead taken for a comparison, whose sides do not compete
_LARGEST_LEAD = 0.6
_MISSED = -4.0  # logit of a sentence that lacks the sort of thing asked for: it hardly ever answers
ANSWER_FROM = 0.42  # confidence from which an answer is given
CORRECT_FROM = 0.25  # confidence from which a figure in the question is held against the sources
COVERED_FROM = 0.12  # coverage below which no sentence is about the question
IN_DOMAIN_FROM = 0.28  # cosine from which a question is on the sources' subject
_VAGUE = re.compile(r"^\W*(它|他|她|这|那|该|其|(?:it|this|that|they|he|she)\b)", re.IGNORECASE)
# In the middle of a question, where no conversation tells what is meant: “Who signed it?”, “what about …”.
_VAGUE_WITHIN = re.compile(
    r"\b(do|does|did|have|are|were|must|should|can) (they|he|she)\b|\b(it|them|(that|this) one)\W*$|"
    r"^\W*what about\b|(?<=[了由是为])[它他她]们?"
)
# Work to be done or advice wanted, which no text of the collection gives.
_TASK = re.compile(
    r"^\W*(请|能|可以)?(推荐(一下|几|一些|个|本)|[帮替]我(写|做|查|翻译|订|买|编))|买哪|选哪个|哪个好|"
    r"\bshould i (buy|invest|choose|study)|recommend me|help me (write|find|buy|choose|code)|"
    r"write (me )?an? (poem|essay|email|letter|story)\b"
)
_SHORT = 30  # characters of a question that a pronoun may leave without a subject
_FEW_SOURCES = 200  # looked at for a form that several of them have
_TELLING = NAMED_KINDS - {"country"}  # “它在中国何时施行” names a country and still leaves open what “它” is


class _Worth(NamedTuple):
    """What each sign adds to the logit where no known question tells more."""

    bias: float
    coverage: float
    similarity: float
    names: float
    lead: float
    unfit: float


_WITHIN = _Worth(-2.0, 1.2, 0.7, 1.6, 3.1, -0.6)
_ACROSS = _Worth(-2.9, 1.6, 0.7, 1.3, 2.4, -0.5)  # the sentence is not in the question's language


@dataclass(frozen=True, slots=True)
class Decision:
    """The status, how sure, and the sentence that corrects a premise, or the place that is missing, if there is one."""

    status: Status
    confidence: float
    correction: Candidate | None = None
    missing: str = ""  # locator that the text asked about does not have


def decide(
    question: Question,
    retrieval: Retrieval,
    candidates: Sequence[Candidate],
    draft: Draft,
    reader: Reader,
    *,
    has_history: bool,
) -> Decision:
    """What to do with the draft."""
    best = draft.best
    named = bool(question.scope) or any(mention.kind in _TELLING for mention in question.mentions)
    names = reader.passage_index.names if len(reader.passage_index.names) <= _FEW_SOURCES else {}
    vague = len(question.folded) < _SHORT and (
        _VAGUE.match(question.folded) or (not question.mentions and _VAGUE_WITHIN.search(question.folded))
    )
    if not has_history and not named and (vague or is_ambiguous(question.folded, content(question.folded), names)):
        return Decision(Status.NEEDS_CLARIFICATION, 0.0)
    if _TASK.search(question.folded):
        return Decision(Status.OUT_OF_SCOPE, 0.0)
    if missing := _missing_place(question, reader):
        return Decision(Status.NOT_IN_SOURCES, 0.0, missing=missing)
    if question.locators and not question.scope and not _may_be_held(text_named(question.folded), reader):
        return Decision(Status.NOT_IN_SOURCES, 0.0)
    if best is None:
        return Decision(Status.OUT_OF_SCOPE if not question.mentions else Status.NOT_IN_SOURCES, 0.0)
    if best.edition.source_id in doubted(question):
        return Decision(Status.NOT_IN_SOURCES, 0.0)  # a text cannot tell what became of it
    if question.locators and best.coverage == 1.0:
        return Decision(Status.ANSWERED, 0.95)
    beside = [used for used in draft.used if not same_article(used, best)]
    rivals = [found for found in candidates if not any(same_article(found, used) for used in beside)]
    confidence = confidence_of(question, best, rivals, reader.digest_of(best.edition), reader.knowledge)
    if (confidence >= CORRECT_FROM or presumes(question)) and (
        correction := contradiction(question, candidates)
    ) is not None:
        return Decision(Status.PREMISE_REJECTED, confidence, correction)
    if best.coverage + best.asked < COVERED_FROM and best.edition.language == question.language:
        return Decision(Status.NOT_IN_SOURCES if question.mentions else Status.OUT_OF_SCOPE, 0.0)
    if confidence >= ANSWER_FROM:
        return Decision(Status.ANSWERED, confidence)
    in_domain = bool(question.mentions) or retrieval.best_dense >= IN_DOMAIN_FROM
    return Decision(Status.NOT_IN_SOURCES if in_domain else Status.OUT_OF_SCOPE, confidence)


def _missing_place(question: Question, reader: Reader) -> str:
    """The place that a question names and no source that it names has, or "".

    A point within an article is not called missing, nor is a paragraph but of a Chinese law: not every text is told
    apart, or counted, so finely.
    """
    if not question.scope or not question.locators or asked_places(question, reader.passage_index):
        return ""
    editions = [edition for source in sorted(question.scope) for edition in reader.passage_index.editions_of(source)]
    levels = 2 if all(edition.kind is SourceKind.LAW for edition in editions) else 1
    place = ".".join(question.locators[0].split(".")[:levels])
    return "" if any(edition.units_within(place) for edition in editions) else place


def _may_be_held(words: str, reader: Reader) -> bool:
    """Whether a text with those words in its name, or with none, may be among the sources."""
    parts = {words[place : place + 2] for place in range(max(len(words) - 1, 1))} if not words.isascii() else {words}
    known = (fold(name) for names in reader.passage_index.names.values() for of in names.values() for name in of)
    return any(all(part in name for part in parts) for name in known) or not words


def confidence_of(
    question: Question, best: Candidate, candidates: Sequence[Candidate], digest: Edition | None, knowledge: Knowledge
) -> float:
    """Confidence in [0, 1] that the best sentence answers."""
    signs = signs_of(question, best, candidates, digest)
    if knowledge.knows_questions_of(best.edition.source_id) and not _sides_stand_together(question):
        logit = shipped().logit(signs)
    else:
        worth = _WITHIN if best.edition.language == question.language else _ACROSS
        logit = (
            worth.bias
            + worth.coverage * signs.coverage
            + worth.similarity * max(best.similarity, 0.0)
            + worth.names * signs.names
            + worth.lead * signs.lead
            + worth.unfit * (best.fit < 0)
        )
    return 1 / (1 + math.exp(-logit - _MISSED * (best.fit <= MISSES)))


def signs_of(question: Question, best: Candidate, candidates: Sequence[Candidate], digest: Edition | None) -> Signs:
    """What tells whether the best sentence answers.

    `lead` is how far it leads the best one of any other article or paragraph; the sides of a comparison do not compete.
    """
    rival = max((c.score for c in candidates if not same_article(c, best)), default=0.0)
    known = question.known.get((best.edition.source_id, best.unit.locator))
    return Signs(
        coverage=best.coverage,
        asked=best.asked,
        alike=known.kinds.get(question.kind, 0.0) if known else 0.0,
        closest=max((likeness.best for likeness in question.known.values()), default=0.0),
        lead=_NO_RIVALRY if _sides_stand_together(question) else min(max(best.score - rival, 0.0), _LARGEST_LEAD),
        names=names_present(question, best, digest),
        terms=math.log1p(len(terms_of_folded(content(question.folded)))),
        near_miss=shipped().near_miss(question.search_text, question.mentions),
    )


def _sides_stand_together(question: Question) -> bool:
    return question.kind is AnswerKind.COMPARE or question.sets_side_by_side


def names_present(question: Question, best: Candidate, digest: Edition | None) -> float:
    """Share of the question's names that the article or paragraph, its headings or its digest hold, else 0.5."""
    if not question.mentions:
        return 0.5
    head = best.unit.locator.partition(".")[0]
    held = [
        edition.text_of(unit) for edition in (best.edition, digest) if edition for unit in edition.units_within(head)
    ]
    text = fold(" ".join([best.edition.title, *best.unit.path, *held]))
    hits = 0
    for mention in question.mentions:
        own = best.edition.source_id == mention.source_id or (
            mention.kind == "country" and best.edition.source_id in question.leaning  # its own text need not name it
        )
        hits += own or any(form in text for form in mention.forms)
    return hits / len(question.mentions)
