"""Questions that ask several things: each part is decided on its own, and what is not answered is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer import Claim, Status
from rag.compose import Draft
from rag.decide import Decision, decide
from rag.question import Question
from rag.reader import Candidate, Reader
from rag.retrieve import Retrieval


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked, with what was found for it."""

    question: Question
    retrieval: Retrieval
    candidates: Sequence[Candidate]
    draft: Draft


@dataclass(frozen=True, slots=True)
class Outcome:
    """The draft of the parts that are answered, what to do with it, and the parts that are not answered."""

    draft: Draft
    decision: Decision
    unanswered: tuple[str, ...] = ()


def decided(parts: Sequence[Part], reader: Reader, *, has_history: bool) -> Outcome:
    """What to do with the parts of a question; where none is answered, what the most confident one says."""
    decisions = [
        # A later part may point back to an earlier one.
        decide(
            part.question, part.retrieval, part.candidates, part.draft, reader, has_history=has_history or number > 0
        )
        for number, part in enumerate(parts)
    ]
    told = list(zip(parts, decisions, strict=True))
    answered = [(part, decision) for part, decision in told if decision.status is Status.ANSWERED]
    corrected = [(part, decision) for part, decision in told if decision.correction is not None]
    if corrected or not answered:
        part, decision = max(corrected or told, key=lambda pair: pair[1].confidence)
        return Outcome(part.draft, decision)
    claims: list[Claim] = []
    used: list[Candidate] = []
    for part, _ in answered:
        for claim, candidate in zip(part.draft.claims, part.draft.used, strict=True):
            if claim not in claims:
                claims.append(claim)
                used.append(candidate)
    left = tuple(part.question.text for part, decision in told if decision.status is not Status.ANSWERED)
    best = max((decision for _, decision in answered), key=lambda decision: decision.confidence)
    return Outcome(Draft(tuple(claims), tuple(used)), best, left)
