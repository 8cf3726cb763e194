"""Why the nearest passages are no answer, and what source would settle the question.

Both are told by what can be checked: words of the question that a passage, its headings and its digest do not hold;
the sort of thing asked for that they lack (a figure, a date, a name); and texts of which only a digest is held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.analyser import fold, terms_of_folded
from index.store import PassageIndex
from rag.answer import Citation, Settling, Shortfall
from rag.fit import fit
from rag.kinds import AnswerKind
from rag.knowledge import Knowledge
from rag.question import Question
from rag.wording import strip_asking
from sources.edition import Origin
from sources.readers import language_of

_WORD = re.compile(r"[\u3400-\u9fff]{2,}|[a-zà-ÿ][a-zà-ÿ'’-]{2,}|\d[\d.,^/%-]*")
_TOLD = frozenset({AnswerKind.COUNT, AnswerKind.WHEN, AnswerKind.WHERE, AnswerKind.WHO, AnswerKind.WHY})
_MOST_WORDS = 4
_HELD = 0.5  # share of a run of Chinese characters, in pairs, from which a passage holds it


def shortfall(question: Question, nearest: Citation, passage_index: PassageIndex, knowledge: Knowledge) -> Shortfall:
    """What a nearest passage lacks; words are compared only where its unit is held in the question's language."""
    texts = _texts_at(nearest, passage_index)
    own = [text for text in texts if language_of(text) == language_of(question.search_text)]
    missing = _missing(question, nearest, " ".join(own)) if own else ()
    is_lacking = question.kind in _TOLD and fit(question, fold(" ".join(own or texts)), knowledge) < 0
    lacks = question.kind.value if is_lacking else ""
    return Shortfall(missing, lacks)


def settling(question: Question, nearest: Sequence[Citation], passage_index: PassageIndex) -> Settling:
    """What sort of source would say it, and which sources at hand are held as a digest only.

    At hand are those of the nearest passages that the question names, else the one that most of them come from.
    """
    digests: dict[str, str] = {}
    counted = Counter(citation.source_id for citation in nearest)
    at_hand = question.scope or {source_id for source_id, _ in counted.most_common(1)}
    for citation in (near for near in nearest if near.source_id in at_hand):
        origins = {edition.origin for edition in passage_index.editions_of(citation.source_id)}
        if origins == {Origin.DIGEST}:
            digests.setdefault(citation.source_id, citation.title)
    return Settling(question.kind.value, tuple(digests.items()))


def _texts_at(nearest: Citation, passage_index: PassageIndex) -> list[str]:
    """The cited unit in every edition of its source, with its headings."""
    return [
        " ".join([edition.title, *unit.path, edition.text_of(unit)])
        for edition in passage_index.editions_of(nearest.source_id)
        if (unit := edition.unit(nearest.locator)) is not None
    ]


def _missing(question: Question, nearest: Citation, text: str) -> tuple[str, ...]:
    """Content words of the question that the text holds in no words, as the question writes them."""
    held = set(terms_of_folded(fold(text)))
    rest = question.folded
    for mention in question.mentions:
        if mention.source_id == nearest.source_id:
            rest = rest.replace(mention.alias, " ")
    found: dict[str, None] = {}
    for rewording in question.rewordings:
        if rewording.said in rest:
            rest = rest.replace(rewording.said, " ")
            if not any(held.issuperset(terms_of_folded(word)) for word in (rewording.said, *rewording.meant)):
                found.setdefault(rewording.said)
    for word in _WORD.findall(strip_asking(rest).replace("的", " ")):
        terms = [term for term in terms_of_folded(word) if len(term) > 1 or term.isdigit()]
        if terms and sum(term in held for term in terms) < _HELD * len(terms):
            found.setdefault(word)
    return tuple(found)[:_MOST_WORDS]
