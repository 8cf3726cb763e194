"""False premises: a figure or a date in the question that the sources give differently."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.analyser import fold
from rag.facts import counts, dates, item_counts, ordinals
from rag.kinds import AnswerKind
from rag.question import Question
from rag.reader import Candidate

_PRESUMES = re.compile(r"既然|^(given that|since|now that|considering)\b")
# A date that says which text or event is meant: “the January 2025 order”, “2023年11月的那份宣言”.
_MEANT = re.compile(
    r"(?:\b\d{1,2} )?\b(?:[a-z]{3,9} )?(?:\d{1,2},? )?(?:19|20)\d\d"
    r"(?: \w+){0,2}? (?:order|act|law|summit|declaration|statement|report|resolution|meeting)\b|"
    r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:的|那|这|该)\w{0,8}(?:令|法|办法|规定|宣言|声明|报告|决议|峰会|大会|会议)"
)
_ITEM_NAME = 12  # characters after 项 within which the items are named
_NEAR = 0.75  # a sentence counts as on the subject from this share of the best score


def presumes(question: Question) -> bool:
    """Whether a question takes something for granted: “既然…”, “Since …”."""
    return bool(_PRESUMES.search(question.folded))


def contradiction(question: Question, candidates: Sequence[Candidate]) -> Candidate | None:
    """The sentence on the subject that gives another figure or date than the question takes for granted, or None."""
    if not candidates:
        return None
    near = [candidate for candidate in candidates if candidate.score >= _NEAR * candidates[0].score]
    return _other_figure(question, near) or _too_few(question, near) or _other_date(question, near)


def _other_figure(question: Question, near: Sequence[Candidate]) -> Candidate | None:
    """The best sentence with another figure for what the question counts, where none gives the question's own."""
    told = [(candidate, counts(candidate.text) | item_counts(candidate.text, _ITEM_NAME)) for candidate in near]
    given = frozenset[tuple[str, str]]().union(*(found for _, found in told))
    asserted = counts(question.search_text) | item_counts(question.search_text, 1)
    doubted = {counted for _, counted in asserted - given}
    return next((candidate for candidate, found in told if any(counted in doubted for _, counted in found)), None)


def _too_few(question: Question, near: Sequence[Candidate]) -> Candidate | None:
    """The best sentence with fewer than the question's “third day” takes for granted, where none speaks of that one."""
    told = frozenset[tuple[int, str]]().union(*(ordinals(candidate.text) for candidate in near))
    for number, counted in sorted(ordinals(question.search_text) - told):
        for candidate in near:
            if any(
                name == counted and value.isdigit() and int(value) < number for value, name in counts(candidate.text)
            ):
                return candidate
    return None


def _other_date(question: Question, near: Sequence[Candidate]) -> Candidate | None:
    """A sentence with one date that the question's cannot be, where none gives the question's own.

    Only for questions that presume or ask why: elsewhere a date mostly says which text or event is meant.
    """
    asserted = dates(_MEANT.sub(" ", fold(question.search_text)))
    if not asserted or not (presumes(question) or question.kind is AnswerKind.WHY):
        return None
    told = [(candidate, dates(candidate.text)) for candidate in near]
    if any(date.within(other) or other.within(date) for date in asserted for _, given in told for other in given):
        return None
    return next((candidate for candidate, given in told if len(given) == 1), None)
