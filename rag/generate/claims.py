"""A model's text → claims: sentences, their markers mapped to evidence, each verified, each with an exact span.

The model's own words are shown only where the cited text supports them; what it quotes is never taken from the model.
A sentence without a marker rests on nothing and is withheld; so is one in the wrong language or with a bad marker.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.store import PassageIndex
from rag.answer import Citation, Claim, Support
from rag.cite import claim_of
from rag.generate.evidence import Evidence
from rag.generate.prompt import NO_ANSWER
from rag.knowledge import Knowledge
from rag.reader import Candidate
from rag.sentences import sentence_spans
from rag.support import Verdict, judge
from rag.suspicious import suspicions
from sources.readers.languages import language_of

_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_MARKER = re.compile(
    r"[\[［【]\s*\^?(?:passage |段落)?(\d{1,3}(?:\s*[,，、;；–-]\s*\d{1,3})*)\s*[\]］】]", re.IGNORECASE
)
_AFTER_STOP = re.compile(rf"([.。!！?？]+[”’\"』」]?)[ \t]*((?:{_MARKER.pattern}[ \t]*)+)")
_MARKED_STOP = re.compile(rf"({_MARKER.pattern}\s*[.。!！?？]+)")
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)、])\s+", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__|^#+ )", re.MULTILINE)
_LONGEST = 600  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence of the model that is not shown, and why."""

    text: str
    support: str  # a Support, or "uncited", "suspicious", "language", "too long"
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a model's text."""

    claims: tuple[Claim, ...]
    withheld: tuple[Withheld, ...]
    unknown_markers: int
    is_no_answer: bool = False

    @property
    def counts(self) -> Mapping[str, int]:
        """How many sentences were withheld for which reason."""
        return dict(Counter(sentence.support for sentence in self.withheld))


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence without its markers, and the numbers that they name."""

    text: str
    numbers: tuple[int, ...]


def marked_sentences(text: str, language: str) -> Iterator[Marked]:
    """Sentences with the numbers they cite; thinking aloud, list marks and emphasis left out."""
    plain = _EMPHASIS.sub("", _LIST_MARK.sub("", _THINKING.sub("", text)))
    plain = _AFTER_STOP.sub(lambda match: f"{match[2].strip()}{match[1]} ", plain)
    plain = _MARKED_STOP.sub(r"\1\n", plain)  # a marker and a stop end a sentence, whatever the language
    for start, end in sentence_spans(plain, language):
        sentence = plain[start:end]
        numbers = [int(number) for match in _MARKER.finditer(sentence) for number in _numbers(match[1])]
        words = re.sub(r"\s+([.。,，;；!！?？])", r"\1", _MARKER.sub("", sentence)).strip()
        if any(map(str.isalnum, words)):
            yield Marked(re.sub(r"[ \t]{2,}", " ", words), tuple(dict.fromkeys(numbers)))


def _numbers(inside: str) -> Iterator[int]:
    """Numbers between brackets: 1, 3 and 5–7."""
    for part in re.split(r"\s*[,，、;；]\s*", inside):
        first, _, last = (piece.strip() for piece in part.replace("–", "-").partition("-"))
        yield from range(int(first), min(int(last or first), int(first) + 9) + 1)


def read_claims(
    text: str, evidence: Sequence[Evidence], passage_index: PassageIndex, knowledge: Knowledge, language: str
) -> Reading:
    """Verify every sentence of a model's text against what it cites."""
    known = {piece.number: piece for piece in evidence}
    claims: dict[str, Claim] = {}
    withheld: list[Withheld] = []
    unknown = 0
    for sentence in marked_sentences(text, language):
        if NO_ANSWER in sentence.text:
            continue
        unknown += sum(number not in known for number in sentence.numbers)
        cited = [known[number] for number in sentence.numbers if number in known]
        outcome = _claim(sentence.text, cited, evidence, passage_index, knowledge, language)
        if isinstance(outcome, Withheld):
            withheld.append(outcome)
        else:
            claims.setdefault(outcome.text, outcome)
    return Reading(tuple(claims.values()), tuple(withheld), unknown, NO_ANSWER in text)


def _claim(
    sentence: str,
    cited: Sequence[Evidence],
    evidence: Sequence[Evidence],
    passage_index: PassageIndex,
    knowledge: Knowledge,
    language: str,
) -> Claim | Withheld:
    """The sentence as a claim with the citations that each support all of it, or why it is withheld."""
    if reason := _unfit(sentence, cited, language):
        return Withheld(sentence, reason)
    others = [piece.cited for piece in evidence if piece not in cited]
    verdicts = [(piece, judge(sentence, piece.cited, others, knowledge)) for piece in cited]
    holding = [(piece, verdict) for piece, verdict in verdicts if verdict.holds]
    if not holding:
        _, best = max(verdicts, key=lambda row: (row[1].support is not Support.UNSUPPORTED, row[1].coverage))
        return Withheld(sentence, best.support.value, tuple(f"{f.fault} {f.detail}".strip() for f in best.findings))
    supporting = [_supporting_claim(piece, verdict, passage_index, language) for piece, verdict in holding]
    if any(_rests_on_suspicious(claim) for claim in supporting):
        return Withheld(sentence, "suspicious")
    citations: dict[Citation, None] = {citation: None for claim in supporting for citation in claim.citations}
    if holding[0][1].support is Support.VERBATIM and supporting[0].support is not Support.SUPPORTED:
        return replace(supporting[0], citations=tuple(citations))
    return Claim(sentence, Support.SUPPORTED, tuple(citations))


def _unfit(sentence: str, cited: Sequence[Evidence], language: str) -> str:
    """Why a sentence need not be verified at all, or "" where it is to be."""
    if suspicions(sentence):
        return "suspicious"
    if len(sentence) > _LONGEST:
        return "too long"
    if language_of(sentence) != language:
        return "language"
    return "" if cited else "uncited"


def _supporting_claim(piece: Evidence, verdict: Verdict, passage_index: PassageIndex, language: str) -> Claim:
    """The cited sentence itself as the extractive answer would claim it: exact span, official text behind a digest."""
    edition, unit = piece.candidate.edition, piece.candidate.unit
    if verdict.span is None:  # only a digest in the sentence's language supports it: the unit is cited whole
        start, end = unit.body, unit.end
        claim = claim_of(_spanned(piece, start, end), passage_index, language)
        return replace(claim, support=Support.SUPPORTED)
    start, end = unit.body + verdict.span[0], unit.body + verdict.span[1]
    claim = claim_of(_spanned(piece, start, end), passage_index, language)
    assert edition.text[start:end] == claim.text
    return claim


def _spanned(piece: Evidence, start: int, end: int) -> Candidate:
    text = piece.candidate.edition.text[start:end]
    return replace(piece.candidate, start=start, end=end, text=text)


def _rests_on_suspicious(claim: Claim) -> bool:
    return any(suspicions(citation.quote) for citation in claim.citations)
