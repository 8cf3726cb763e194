"""Questions that name one text by what another says of it: “The article mentions a UN body. Who chairs it?”

The best sentence names the other text, or the question does; the answer is then looked for there as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum

from rag.parts import stated_before_asking
from rag.question import Question
from rag.reader import Candidate, Reader
from rag.retrieve import retrieve
from sources.readers import language_of

_WORTH_ADDING = 0.45  # share of the first sentence's score


def bridged(question: Question, chosen: Sequence[Candidate], reader: Reader) -> list[Candidate]:
    """The best sentence of the other texts that the question, or the first chosen sentence, names; or none."""
    stated = len(stated_before_asking(question.folded))
    named = [mention.start for mention in question.mentions if mention.source_id]
    named += [reference.start for reference in question.references if reference.exact]
    if not chosen or not any(start < stated for start in named):
        return []
    first = max(chosen, key=lambda candidate: candidate.score)
    told = {mention.source_id for mention in reader.knowledge.mentions(first.text) if mention.source_id}
    others = frozenset((told | question.scope) - {candidate.edition.source_id for candidate in chosen})
    if not others:
        return []
    alike = reader.knowledge.units_asked_alike(
        question.search_text, question.mentions, language_of(question.text), only=others
    )
    asked = replace(question, known=alike)
    found = reader.read(asked, retrieve(asked, reader.passage_index, only=others))[:1]
    weights = reader.sought(question).weights
    return [_told_with(first, other, weights) for other in found if other.score >= _WORTH_ADDING * first.score]


def _told_with(first: Candidate, other: Candidate, weights: Mapping[str, float]) -> Candidate:
    """`other` as the one that answers, where it alone holds what is asked for: what both say is said together."""
    if other.fit <= first.fit:
        return other
    more = fsum(weights[term] for term in sorted(first.covers - other.covers))
    return replace(other, score=max(first.score, other.score), coverage=min(1.0, other.coverage + more))
