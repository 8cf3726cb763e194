"""Deciding: answer, decline, ask back, or correct the question's premise.

Confidence is a logistic function of how much of the question the best sentence covers, how alike they are,
and whether the names in the question stand in the place that was read. Weights and thresholds are fixed here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.analyser import fold
from rag.answer import Status
from rag.compose import Draft
from rag.kinds import AnswerKind
from rag.premise import contradicted_figure
from rag.question import Question
from rag.reader import Candidate
from rag.retrieve import Retrieval

ANSWER_FROM = 0.5  # confidence from which an answer is given
CORRECT_FROM = 0.25  # confidence from which a figure in the question is held against the sources
COVERED_FROM, IN_DOMAIN_FROM = 0.15, 0.28  # coverage and cosine from which a question is on the sources' subject
_VAGUE = re.compile(r"^\W*(它|他|她|这|那|该|其|(?:it|this|that|they|he|she)\b)", re.IGNORECASE)
_NAMING = frozenset({"document", "person", "institution", "event", "place"})


@dataclass(frozen=True, slots=True)
class Decision:
    """The status, how sure, and the sentence that corrects a premise where there is one."""

    status: Status
    confidence: float
    correction: Candidate | None = None


def decide(
    question: Question, retrieval: Retrieval, candidates: Sequence[Candidate], draft: Draft, *, has_history: bool
) -> Decision:
    """What to do with the draft."""
    best = draft.best
    named = any(mention.source_id or (mention.term and mention.term.kind in _NAMING) for mention in question.mentions)
    if not has_history and not named and _VAGUE.match(question.folded) and len(question.folded) < 30:
        return Decision(Status.NEEDS_CLARIFICATION, 0.0)
    if best is None:
        return Decision(Status.OUT_OF_SCOPE if not question.mentions else Status.NOT_IN_SOURCES, 0.0)
    if question.locators and best.coverage == 1.0:
        return Decision(Status.ANSWERED, 0.95)
    confidence = confidence_of(question, best)
    if confidence >= CORRECT_FROM and (correction := contradicted_figure(question, candidates)) is not None:
        return Decision(Status.PREMISE_REJECTED, confidence, correction)
    if confidence >= ANSWER_FROM:
        return Decision(Status.ANSWERED, confidence)
    on_subject = best.coverage >= COVERED_FROM and retrieval.best_dense >= IN_DOMAIN_FROM
    in_domain = bool(question.mentions) or on_subject
    return Decision(Status.NOT_IN_SOURCES if in_domain else Status.OUT_OF_SCOPE, confidence)


def confidence_of(question: Question, best: Candidate) -> float:
    """Probability-like confidence in [0, 1] that the best sentence answers."""
    names = names_present(question, best)
    fits = 0.0 if question.kind is AnswerKind.FACT else 0.1
    logit = -3.2 + 5.0 * best.coverage + 2.0 * max(best.similarity, 0.0) + 1.2 * names + fits
    return 1 / (1 + math.exp(-logit))


def names_present(question: Question, best: Candidate) -> float:
    """Share of the names in the question that the article or paragraph, its headings or title hold, else 0.5."""
    names = [mention for mention in question.mentions if mention.alias]
    if not names:
        return 0.5
    block = " ".join(
        best.edition.text_of(unit) for unit in best.edition.units_within(best.unit.locator.partition(".")[0])
    )
    text = fold(" ".join([best.edition.title, *best.unit.path, block]))
    hits = 0
    for mention in names:
        aliases = [
            mention.alias,
            *(fold(alias) for alias in ((*mention.term.zh, *mention.term.en) if mention.term else ())),
        ]
        hits += best.edition.source_id == mention.source_id or any(alias in text for alias in aliases)
    return hits / len(names)
