"""Fit: whether a sentence holds the sort of thing that a question asks for."""

from __future__ import annotations

import re

from rag.kinds import AnswerKind
from rag.knowledge import Knowledge
from rag.question import Question

_FITS, _LACKS = 0.12, -0.08
_DEFINES = 0.35
_MONTH = r"(january|february|march|april|may|june|july|august|september|october|november|december)"
# Signs of what each kind expects, as alternatives on folded text.
_SIGNS: dict[AnswerKind, tuple[str, ...]] = {
    AnswerKind.COUNT: (
        r"(?<![a-z])\d|[一二三四五六七八九十两百]+[个项条名位国家天日年种份]",
        r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|third)\b",
    ),
    AnswerKind.WHEN: (
        r"\b(19|20)\d\d\b|\d+\s*(月|日|年|天|小时|个工作日|days?|months?|years?|weeks?|hours?)",
        rf"{_MONTH} \d|\d(st|nd|rd|th)? {_MONTH}|日前|近期|每年|annually",
    ),
    AnswerKind.WHERE: (r"园|市|国|中心|总部", r"\bat\b|\bin\b|park|headquarter"),
    AnswerKind.WHY: (
        r"为了|因为|由于|因此|旨在|以便|从而|目的|以(加强|防|确保|应对|保|促)",
        r"\b(because|in order to|so that|so as|to ensure|aims?|aimed|purpose|since|therefore|given)\b",
    ),
    AnswerKind.LIST: (r"、|，|;|；|包括", r"\b(and|including|include)\b|,"),
}
_EXPECTED = {kind: re.compile("|".join(signs)) for kind, signs in _SIGNS.items()}
_DEFINING = (
    r"[”’」\")）]{0,2}[^。；.;]{0,24}?(是指|指的是|指|即|means|mean|refers? to|(is|are) defined as|understood as|"
    r"(have|has) the meaning)"
)
_ACTOR_KINDS = frozenset({"person", "institution", "country"})


def fit(question: Question, folded: str, knowledge: Knowledge) -> float:
    """Bonus for a folded sentence with what the question's kind expects, malus without; 0 for plain facts."""
    if question.kind is AnswerKind.DEFINITION:
        return _DEFINES if defines(question, folded) else _LACKS
    if question.kind is AnswerKind.WHO:
        known = {mention.term.id for mention in question.mentions if mention.term}
        return _FITS if knowledge.names_actor(folded, _ACTOR_KINDS, besides=known) else _LACKS
    expected = _EXPECTED.get(question.kind)
    if expected is None:
        return 0.0
    return _FITS if expected.search(folded) else _LACKS


def defines(question: Question, folded: str) -> bool:
    """Whether the sentence defines a name that the question mentions: “X是指…”, “‘X’ means …”."""
    for mention in question.mentions:
        names = (
            [mention.alias, *(name.lower() for name in (*mention.term.zh, *mention.term.en))]
            if mention.term
            else [mention.alias]
        )
        if any(re.search(re.escape(name) + _DEFINING, folded) for name in names if name in folded):
            return True
    return False
