"""What one text says of another: “The article mentions a UN body. Who chairs it?”, “Is that order still in force?”

Where a question states what one text says and then asks, the best sentence or the question itself names the text that
answers; whether a text still holds can only be told by a later one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum

from index.analyser import fold
from rag.parts import stated_before_asking
from rag.question import Question, understand
from rag.reader import Candidate, Reader
from rag.sorts import ISSUED, Sort, given_in

_ANOTHER = r"(?:谁|哪[一1]?[份个道条项部][^，,。?]{0,8})"
# Whether a text still holds, who revoked it, and what became of it.
_VALID_ASKED = re.compile(
    r"(还|仍|仍然|依然|是否)(有效|管用|算数)|失效了?[吗没]|(被|已)?(撤销|废止|作废|废除)了?[吗没]|"
    rf"{_ANOTHER}[^，,。?]{{0,4}}(撤销|废止|作废|废除)(?=[了的掉它\W]|$)|(现在|后来|如今|目前|上台[之以]?后)[，,]?[^，,。?]{{0,16}}(怎么样|咋样|如何)了\W*$|"
    r"still (in (force|effect)|valid|stands?|alive|binding)\b|\b(been|was|is) (revoked|rescinded|repealed|scrapped)\b|"
    r"\b(who|what|which( \w+){1,2}) (later |has )?(revoked|rescinded|repealed|scrapped)\b|"
    r"\bwhat (has )?(happened to|bec[ao]me of)\b"
)
_REVOKED = r"(?:撤销|废止|失效|作废|\b(?:revok|rescind|repeal)\w*)"
_DATE = r"(?:\d{4}年\d+月\d+日|\b\d{1,2} [a-z]+ \d{4}|\b[a-z]+ \d{1,2}, \d{4})"
_REVOKING_WORDS = {"zh": "撤销 废止 失效", "en": "revoked rescinded repealed"}
_DATING_WORDS = {"zh": "年 月 日签署 日发布", "en": "signed on, issued on, of"}
# How another text says it; NAMED stands for any name of the one asked about.
_REVOKED_IN: tuple[str, ...] = (
    rf"{_REVOKED}(?:的|了|the|\s)*NAMED",
    rf"NAMED[^。.;；]{{0,12}}(?:已|被|is|was|been)[^。.;；]{{0,6}}{_REVOKED}",
)
_OWN_DATE = re.compile(rf"{_DATE}[^。;；]{{0,8}}(?:{ISSUED})|(?:{ISSUED})[^。;；]{{0,8}}{_DATE}")
_DATED_IN: tuple[str, ...] = (
    rf"{_DATE}[^。;；]{{0,4}}(?:{ISSUED})的?NAMED",
    rf"NAMED(?:于|在)?{_DATE}[^。;；]{{0,2}}(?:{ISSUED})",
    rf"NAMED(?: of|,? (?:which was |that was |was )?(?:{ISSUED})(?: on| in| at [a-z ]+ on)?) {_DATE}",
)
_MOST_SOURCES = 200  # among which another text that revokes one is looked for
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
    found = reader.read_within(question, others)[:1]
    weights = reader.sought(question).weights
    return [_told_with(first, other, weights) for other in found if other.score >= _WORTH_ADDING * first.score]


def doubted(question: Question) -> frozenset[str]:
    """The one text, if any, of which it is asked whether it is still valid; of several the last named before."""
    asked = _VALID_ASKED.search(question.folded)
    if asked is None or len(question.scope) == 1:
        return question.scope if asked else frozenset()
    named = [(mention.start, mention.source_id) for mention in question.mentions if mention.source_id]
    named += [
        (found.start, source_id) for found in question.references if found.exact for source_id in found.source_ids
    ]
    before = [source_id for start, source_id in sorted(named) if start < asked.end()]
    return frozenset(before[-1:])


def told_by_another(question: Question, candidates: Sequence[Candidate], reader: Reader) -> list[Candidate]:
    """What a text does not tell of itself, from another one that names it: that it is revoked, or its date; or none."""
    about = doubted(question)
    says_so, words = _REVOKED_IN, _REVOKING_WORDS
    if not about and _lacks_its_date(question, candidates):
        about, says_so, words = question.scope, _DATED_IN, _DATING_WORDS
    if not about or len(reader.passage_index.source_ids) - 1 > _MOST_SOURCES:
        return []
    names = reader.knowledge.names_of(about)
    named = rf"[《“]?(?:{'|'.join(map(re.escape, names))})[》”]?"
    pattern = re.compile("|".join(form.replace("NAMED", named) for form in says_so))
    sought = f"{words[question.language]} {' '.join(names)}"
    found = reader.read_within(
        understand(sought, (), reader.knowledge, question.language), reader.passage_index.all_sources - about
    )
    return [replace(candidate, coverage=1.0) for candidate in found if pattern.search(fold(candidate.text))][:1]


def _lacks_its_date(question: Question, candidates: Sequence[Candidate]) -> bool:
    """Whether it is asked when the one text was issued that is named, and no sentence of its own says so."""
    given = given_in(question.folded)
    return (
        len(question.scope) == 1
        and given is not None
        and given.sort is Sort.WHEN
        and not any(c.edition.source_id in question.scope and _OWN_DATE.search(fold(c.text)) for c in candidates)
    )


def _told_with(first: Candidate, other: Candidate, weights: Mapping[str, float]) -> Candidate:
    """`other` as the one that answers, where it alone holds what is asked for: what both say is said together."""
    if other.fit <= first.fit:
        return other
    more = fsum(weights[term] for term in sorted(first.covers - other.covers))
    return replace(other, score=max(first.score, other.score), coverage=min(1.0, other.coverage + more))
