"""Support: does a cited text say what a sentence says? No model judges; words, figures, names and denials are compared.

A sentence is *supported* when one sentence of the cited text (not a mixture of several) holds

- nearly all of its content words, and no longer run of words is foreign to it;
- every number with its unit, every date, every place in a text, every name, every quoted string;
- the same denials, duties and permissions over the same words.

Where the cited text is in another language, its digest in the sentence's language is compared instead; without one
the sentence cannot be supported. What another retrieved text supports is *misattributed*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.answer import Support
from rag.facts import dates, figures, places, quoted
from rag.knowledge import Knowledge
from rag.named import foreign_names, without_numbered_names
from rag.polarity import Force, clashes, markers
from rag.seams import is_merged
from rag.sentences import Span, sentence_spans
from rag.wordlist import Analysis, analysed
from sources.readers.languages import language_of

COVERED = 0.8  # share of a sentence's content words that one cited sentence must hold
HALF = 0.5  # share from which it is partly supported, and which every clause of it must reach
LONGEST_FOREIGN = {"zh": 5, "en": 3}  # foreign characters or words in a row, from which part of it is another's
BORROWED = {"zh": 2, "en": 1}  # foreign characters or words in a row, where another sentence of the unit has them
_CLOSE = 0.05  # a cited sentence that holds that much less than the best one is not what is restated
_NEAR_COPY = 0.9  # share of words held both ways, from which denials must be equal in number
_TRIED = 3  # best cited sentences that are compared in full
_EDGES = re.compile(r"^[\s\W]+|[\s\W]+$")
_CLAUSE = re.compile(r"[，；：。,;:.](?!\d)")
_PRONOUN = re.compile(
    r"^(it|they|he|she|this|these|those|such|its|their|his|her|the latter|其|该|它|他|她|这|此|上述|前款|前述)", re.I
)


class Fault(StrEnum):
    """What keeps a sentence from being supported."""

    LANGUAGE = "language"  # nothing to compare with in the sentence's language
    WORDS = "words"  # too many content words are not in one cited sentence
    RUN = "run"  # a run of words, or a whole clause, comes from elsewhere
    MERGED = "merged"  # halves of two sentences
    FIGURE = "figure"
    DATE = "date"
    PLACE = "place"
    NAME = "name"
    QUOTE = "quote"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault with the words that show it."""

    fault: Fault
    detail: str


@dataclass(frozen=True, slots=True)
class CitedText:
    """What a sentence is checked against: the exact words of a unit, and what surrounds them.

    `context` (title, headings, lead-in, place) may supply names, dates and words, never support alone; `glosses` are
    digests of the same unit by language.
    """

    text: str
    language: str
    source_id: str = ""
    context: str = ""
    glosses: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str) -> list[str]:
        """Texts of this unit in one language, the cited words first."""
        own = [self.text] if self.language == language else []
        return own + [gloss for spoken, gloss in self.glosses if spoken == language]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a sentence stands to a cited text; `span` is the cited sentence in `text` that supports it, if it is there.

    `span` is None where only a gloss was compared.
    """

    support: Support
    findings: tuple[Finding, ...] = ()
    span: Span | None = None
    coverage: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the sentence may be shown with this citation."""
        return self.support in (Support.VERBATIM, Support.SUPPORTED)


def judge(sentence: str, cited: CitedText, others: Iterable[CitedText], knowledge: Knowledge) -> Verdict:
    """How `sentence` stands to `cited`; misattributed where one of `others` (also retrieved) supports it instead."""
    verdict = check(sentence, cited, knowledge)
    if not verdict.holds and any(check(sentence, other, knowledge).holds for other in others):
        return Verdict(Support.MISATTRIBUTED, verdict.findings, None, verdict.coverage)
    return verdict


def check(sentence: str, cited: CitedText, knowledge: Knowledge) -> Verdict:
    """How `sentence` stands to `cited` alone."""
    language = language_of(sentence)
    verdicts = [
        _against(sentence, text, cited, language, knowledge, own=text is cited.text)
        for text in cited.in_language(language)
    ]
    if not verdicts:
        return Verdict(Support.UNSUPPORTED, (Finding(Fault.LANGUAGE, language),))
    return max(verdicts, key=lambda verdict: (verdict.holds, verdict.support is Support.VERBATIM, verdict.coverage))


def _against(sentence: str, text: str, cited: CitedText, language: str, knowledge: Knowledge, *, own: bool) -> Verdict:
    """The sentence against one text of the cited unit, sentence by sentence."""
    spans = sentence_spans(text, language)
    core = _EDGES.sub("", sentence)
    for span in [*spans, (0, len(text))]:
        if core and core == _EDGES.sub("", text[span[0] : span[1]]):
            return Verdict(Support.VERBATIM, (), span if own else None, 1.0)
    told, around = analysed(sentence), analysed(cited.context)
    scored = sorted(
        ((told.coverage(analysed(text[start:end]), around), start, end) for start, end in spans),
        key=lambda row: (-row[0], row[1]),
    )
    best: Verdict | None = None
    for coverage, start, end in scored[:_TRIED]:
        if coverage < scored[0][0] - _CLOSE:
            break
        beside = [text[other[0] : other[1]] for other in spans if other != (start, end)]
        found = tuple(_findings(sentence, text, (start, end), cited, knowledge, beside))
        verdict = Verdict(_grade(found, coverage), found, (start, end) if own else None, coverage)
        if verdict.holds:
            return verdict
        best = best or verdict
    return best or Verdict(Support.UNSUPPORTED, (Finding(Fault.WORDS, ""),))


def _grade(found: Sequence[Finding], coverage: float) -> Support:
    if not found:
        return Support.SUPPORTED
    only_words = all(finding.fault in (Fault.WORDS, Fault.RUN, Fault.MERGED) for finding in found)
    return Support.PARTIAL if only_words and coverage >= HALF else Support.UNSUPPORTED


def _findings(
    sentence: str, text: str, span: Span, cited: CitedText, knowledge: Knowledge, beside: Sequence[str]
) -> Iterable[Finding]:
    """Every fault of `sentence` beside the sentence `span` of `text`; `beside` are the other sentences there."""
    source = text[span[0] : span[1]]
    before = text[: span[0]][-200:] if _PRONOUN.match(source) else ""
    context = f"{before}\n{cited.context}"
    yield from _foreign_words(sentence, source, cited.context, beside)
    yield from _foreign_facts(without_numbered_names(sentence, knowledge), source, context)
    for name in foreign_names(sentence, f"{source}\n{context}", knowledge, cited.source_id):
        yield Finding(Fault.NAME, name)
    for words in quoted(sentence):
        if not _holds_words(words, cited.text if cited.language == language_of(sentence) else source):
            yield Finding(Fault.QUOTE, words)
    yield from _clashes(sentence, source)


def _foreign_words(sentence: str, source: str, context: str, beside: Sequence[str]) -> Iterable[Finding]:
    """Words that the source does not have: too many of them, too many in a row, or from the sentence beside it."""
    told, held, around = analysed(sentence), analysed(source), analysed(context)
    coverage = told.coverage(held, around)
    if coverage < COVERED:
        yield Finding(Fault.WORDS, f"{coverage:.2f}")
    neighbours = [analysed(other).terms for other in beside]
    language = language_of(sentence)
    for run in told.foreign_runs(held, around):
        words = " ".join(word for word, _ in run)
        if len(run) >= LONGEST_FOREIGN[language]:
            yield Finding(Fault.RUN, words)
        elif len(run) >= BORROWED[language] and any(
            all(terms.intersection(keys) for _, keys in run) for terms in neighbours
        ):
            yield Finding(Fault.MERGED, words)
    for clause in _CLAUSE.split(sentence):
        part = analysed(clause)
        if len(part.words) > 1 and part.coverage(Analysis((), held.terms | around.terms)) < HALF:
            yield Finding(Fault.RUN, clause.strip())
    if is_merged(sentence, [source, *beside]):
        yield Finding(Fault.MERGED, "")


def _foreign_facts(sentence: str, source: str, context: str) -> Iterable[Finding]:
    """Figures, dates and places that the source does not have, or that its title gives where it has none itself."""
    known = figures(source) or figures(context)
    for figure in sorted(figures(sentence), key=lambda figure: (figure.value, figure.unit)):
        units = {other.unit for other in known if other.value == figure.value}
        if not units or (figure.unit and not units & {figure.unit, ""}):
            yield Finding(Fault.FIGURE, f"{figure.value} {figure.unit}".strip())
    known_dates = dates(source) or dates(context)
    for date in sorted(dates(sentence), key=lambda date: (date.year, date.month, date.day)):
        if not any(date.within(other) for other in known_dates):
            yield Finding(Fault.DATE, f"{date.year}-{date.month}-{date.day}")
    for place in sorted(places(sentence) - (places(source) or places(context))):
        yield Finding(Fault.PLACE, place)


def _holds_words(words: str, text: str) -> bool:
    """Whether quoted words stand in the text, whatever the white space and the punctuation at their ends."""
    squeezed = re.sub(r"\s+", " ", words).strip(" ,.;，。；")
    return squeezed in re.sub(r"\s+", " ", text)


def _clashes(sentence: str, source: str) -> Iterable[Finding]:
    """Denials, duties and permissions that differ; in a near copy even their number must be the same."""
    told, held = analysed(sentence), analysed(source)
    mine, theirs = markers(sentence), markers(source)
    found = clashes(mine, theirs, told.terms)
    if not found and min(told.coverage(held), held.coverage(told)) >= _NEAR_COPY:
        counts = [sum(marker.force is Force.DENIED for marker in side) for side in (mine, theirs)]
        if counts[0] != counts[1]:
            found = [f"{counts[0]} denials for {counts[1]}"]
    for words in found:
        yield Finding(Fault.DENIAL, words)
