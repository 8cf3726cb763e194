"""Fit: whether a sentence holds the sort of thing that a question asks for."""

from __future__ import annotations

import re

from rag.kinds import FIGURE_KINDS, AnswerKind
from rag.knowledge import Knowledge
from rag.mention import Mention
from rag.question import Question
from rag.sorts import Sort, given_in, sort_of_kind
from rag.wording import counted_noun
from sources.numerals import MONTHS, ZERO_TO_TWENTY

_FITS, _LACKS, MISSES = 0.12, -0.08, -0.3
_DEFINES = 0.35
_SEVERAL = 4  # actors in one sentence that make it a list of them
_COUNTS = 0.25  # says how many there are of what is to be counted
_TWO_TO_TWELVE = "|".join(ZERO_TO_TWENTY[2:13])
_NUMBER = rf"(?<![a-z\d.第])(?:\d+|[一二三四五六七八九十百]+|{_TWO_TO_TWELVE})"
# Numbers that count nothing: years, the names of orders and resolutions, places in a text.
_NO_COUNTS = re.compile(
    r"(?<!\d)(19|20)\d\d(?=年|\b)|第?\d{5}号?|\d+/\d+|第[\d一二三四五六七八九十百]+(条|款|项|章|节|号|段)|"
    r"\b(article|art\.|section|recital|annex|paragraph|point|chapter)s? [\divx]+|\d{1,2}月\d{1,2}日"
)
_MONTH = f"({'|'.join(MONTHS)})"
# Signs of what each kind expects, as alternatives on folded text.
_SIGNS: dict[AnswerKind, tuple[str, ...]] = {
    AnswerKind.COUNT: (
        r"(?<![a-z\d.])\d|[一二三四五六七八九十两百千万]+[个项条名位国家天日年种份元人倍次]",
        rf"\b(one|{_TWO_TO_TWELVE}|half|third)\b",
    ),
    AnswerKind.WHEN: (
        r"\b(19|20)\d\d\b|\d+\s*(个?月|周|日|年|天|小时|个工作日|days?|months?|years?|weeks?|hours?)",
        rf"{_MONTH} \d|\d(st|nd|rd|th)? {_MONTH}|日前|近期|每年|定期|annually|regularly|periodically",
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
    r"[”’」\")）]{0,2}(?:\([^)]{0,12}\))?[，,]?\s?(?:（[^）]{0,16}）)?"
    r"(是指|指的是|系指|指(?!定|导|出|南|标)|定义为|means|mean|refers? to|is understood|understood as|(is|are) defined|"
    r"(have|has) the meaning)"
)
_ACTOR_KINDS = frozenset({"person", "institution", "country"})
_PERSON_ASKED = re.compile(
    r"哪[一几些]?[位名](?!置)|哪些(专家|人物|学者)|什么名字|叫什么|"
    r"\b(which|what|who (is|was|are|were))\b[^,.;?]{0,24}"
    r"\b(minister|president|ambassador|premier|professor|lawyer|scholar|experts?|scientists?|persons?|figures)\b|"
    r"\bwho (was|were) the first\b"
)
_COUNTRIES_ASKED = re.compile(r"哪[些几]?个?(国家?|成员国)|which (countries|states|nations|governments)\b")
# What a person said: “What did Hinton say …”, “马斯克怎么说”.
_SPEECH_ASKED = re.compile(
    r"what (did|does|do|has|have) [^?]{2,40}\b(say|said|tell|told|argue|think|call)\b|"
    r"(怎么|如何)(说|看|评价|解释)|(说|讲)了?(些|点)?(什么|啥)"
)
_SPEECH_TOLD = re.compile(
    r"[“”\"「」]|说|称|表示|认为|指出|强调|主张|呼吁|建议|提出|警告|批评|评价|"
    r"\b(sa(y|ys|id)|t(ell|ells|old)|argue[sd]?|think|thinks|thought|call(s|ed)?|hold(s)?|held|warn(s|ed)?|stress(es|ed)?|"
    r"urge[sd]?|believe[sd]?|see[s]?|saw|criticise[sd]?|propose[sd]?|thanked|add(s|ed)|express(es|ed)|describe[sd]?)\b"
)
_ACTORS_ASKED = re.compile(
    r"哪[几些]?[位名]|哪[几些]?(家|个)?(专家|人物|学者|公司|企业|机构|部门|国家)|"
    r"which [a-z ]{0,24}(figures|people|experts|persons|scientists|companies|firms|bodies|"
    r"agencies|organi[sz]ations|countries|"
    r"nations)\b"
)
# Who holds an office: “由谁当主席”, “who chairs …”.
_OFFICE_ASKED = re.compile(
    r"谁[^，,。]{0,6}(当|担任|出任|任|主持|牵头)|(当|担任|出任)[^，,。]{0,8}是?谁|who (chairs?|heads?|leads?|runs)\b"
)
_OFFICE_TOLD = re.compile(
    r"担任|出任|由[^，,。]{2,24}(任|当|主持|牵头)|"
    r"chair(s|ed)? (by|is)\b|\b(is|as|be) (the )?(co-)?chair|serves? as|(head|l)ed by"
)
_PERSON_TOLD = re.compile(
    r"[\u4e00-\u9fff]{2,4}(说|表示|认为|指出|率团|签署)|先生|女士|\b(mr|ms|mrs|dr|ambassador|minister)\b"
)


def fit(question: Question, folded: str, knowledge: Knowledge) -> float:
    """Bonus for a folded sentence with what the question's kind expects, malus without; 0 for plain facts."""
    if (given := given_in(question.folded)) is not None:
        return _FITS if given.pattern.search(folded) else MISSES
    if question.kind is AnswerKind.COMPARE:
        return _DEFINES if defines(question, folded) else 0.0
    if question.kind is AnswerKind.DEFINITION:
        return _DEFINES if defines(question, folded) else _LACKS
    if question.kind is AnswerKind.WHO or (question.kind is AnswerKind.LIST and _ACTORS_ASKED.search(question.folded)):
        return _actor_fit(question, folded, knowledge)
    if question.kind is AnswerKind.COUNT:
        folded = _NO_COUNTS.sub(" ", folded)
    if question.kind is AnswerKind.COUNT and _counts(counted_noun(question.folded), folded):
        return _COUNTS
    if _lacks_speaker(question, folded):
        return MISSES
    expected = _EXPECTED.get(question.kind)
    if expected is None:
        return 0.0
    if expected.search(folded):
        return _FITS
    return MISSES if question.kind in FIGURE_KINDS else _LACKS


def sort_asked(question: Question) -> Sort | None:
    """The sort of thing without which `fit` marks a sentence down; None where it wants no sort that has a name."""
    if (given := given_in(question.folded)) is not None:
        return given.sort
    if question.kind is AnswerKind.WHO or (question.kind is AnswerKind.LIST and _ACTORS_ASKED.search(question.folded)):
        named = ((Sort.PERSON, _PERSON_ASKED), (Sort.COUNTRY, _COUNTRIES_ASKED), (Sort.OFFICE, _OFFICE_ASKED))
        return next((sort for sort, asked in named if asked.search(question.folded)), Sort.WHO)
    if question.kind not in (AnswerKind.COMPARE, AnswerKind.DEFINITION) and _speakers_asked(question):
        return Sort.SPEAKER
    return sort_of_kind(question.kind)


def _speakers_asked(question: Question) -> list[Mention]:
    """The people of whom a question asks what they said."""
    if question.scope or not _SPEECH_ASKED.search(question.folded):
        return []
    return [mention for mention in question.mentions if mention.kind == "person"]


def _lacks_speaker(question: Question, folded: str) -> bool:
    """Whether a question asks what a person said, and the sentence is no word of that person."""
    people = _speakers_asked(question)
    is_theirs = any(form in folded for mention in people for form in mention.forms) or re.match(r"[“他她]", folded)
    return bool(people) and not (is_theirs and _SPEECH_TOLD.search(folded))


def _counts(noun: str, folded: str) -> bool:
    """Whether a sentence says how many of `noun` there are: “16 organisations”, 150名代表."""
    if not noun:
        return False
    if noun.isascii():
        return bool(re.search(rf"{_NUMBER} (?:[\w-]+ ){{0,2}}{re.escape(noun.rstrip('s'))}", folded))
    return bool(re.search(rf"{_NUMBER}余?多?[个名位家项条]?[\u4e00-\u9fff]{{0,4}}{noun}", folded))


def _actor_fit(question: Question, folded: str, knowledge: Knowledge) -> float:
    """Whether a sentence names somebody whom the question does not: a person, where a person is asked for."""
    known = {mention.term.id for mention in question.mentions if mention.term}
    if _PERSON_ASKED.search(question.folded):
        named = knowledge.names_actor(folded, frozenset({"person"}), besides=known) or _PERSON_TOLD.search(folded)
        return _FITS if named else MISSES
    if _COUNTRIES_ASKED.search(question.folded):
        return _FITS if knowledge.names_actor(folded, frozenset({"country"}), besides=known) else MISSES
    if _OFFICE_ASKED.search(question.folded) and _OFFICE_TOLD.search(folded):
        return _COUNTS
    if question.kind is AnswerKind.LIST and knowledge.count_actors(folded, _ACTOR_KINDS, besides=known) >= _SEVERAL:
        return _COUNTS
    return _FITS if knowledge.names_actor(folded, _ACTOR_KINDS, besides=known) else _LACKS


def defines(question: Question, folded: str) -> bool:
    """Whether the sentence defines a name that the question mentions: “X是指…”, “‘X’ means …”."""
    for mention in question.mentions:
        names = {mention.alias}
        if mention.term:
            names |= {name.lower() for name in (*mention.term.zh, *mention.term.en)}
        if any(re.search(re.escape(name) + _DEFINING, folded) for name in names if name in folded):
            return True
    return False
