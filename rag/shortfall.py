"""Why the nearest passages are no answer, and what source would settle the question.

Both are told by what can be checked: words of the question that a passage, its headings and its digest do not hold;
the sort of thing asked for that they lack (a figure, a date, a name); and texts of which only a digest is held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.analyser import fold, terms_of_folded
from index.store import PassageIndex
from rag.answer import Citation, Settling, Shortfall
from rag.fit import fit, sort_asked
from rag.knowledge import Knowledge
from rag.question import Question
from rag.sentences import sentence_spans
from rag.wording import strip_asking
from sources.edition import Origin
from sources.readers import language_of

_WORD = re.compile(r"[\u3400-\u9fff]{2,}|[a-zà-ÿ][a-zà-ÿ'’-]{2,}|\d[\d.,^/%-]*")
_MOST_WORDS = 4
_HELD = 0.5  # share of a run of Chinese characters, in pairs, from which a passage holds it
# Where a Chinese run is cut, and what is cut off its ends: words of asking, particles and pronouns name no topic. Fewer
# than `strip_asking` takes out, which would leave half of a word: 请 of 申请, 会 of 峰会.
_CUT = re.compile(
    r"什么时候|为什么|什么|哪[些个位里几座家]?|多少|多久|几[个名位家项]?|如何|怎样|怎么样?|谁|是否|是不是|有没有|请问|告诉我|"
    r"[它他她]们|既然|看待|看法|评价|下一|说了|叫|[的了吗呢是]"
)
_EDGES = re.compile(r"^[个位名项件届座所有对中在]+|[着过们是有对所中届说]+$")
_FILLING = frozenset("given while because since also only both all other such very just now yet not".split())


def shortfall(question: Question, nearest: Citation, passage_index: PassageIndex, knowledge: Knowledge) -> Shortfall:
    """What a nearest passage lacks; words are compared only where its unit is held in the question's language."""
    texts = _texts_at(nearest, passage_index)
    own = [text for text in texts if text.language == language_of(question.search_text)]
    missing = _missing(question, nearest, " ".join(text.with_headings for text in own)) if own else ()
    sort = sort_asked(question)
    lacks = sort is not None and not any(
        fit(question, fold(sentence), knowledge) >= 0 for text in own or texts for sentence in text.sentences()
    )
    return Shortfall(missing, sort.value if sort and lacks else "")


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
    return Settling((sort_asked(question) or question.kind).value, tuple(digests.items()))


@dataclass(frozen=True, slots=True)
class _Text:
    """A unit in one language, alone and below its title and headings."""

    language: str
    own: str
    with_headings: str

    def sentences(self) -> list[str]:
        return [self.own[start:end] for start, end in sentence_spans(self.own, self.language)]


def _texts_at(nearest: Citation, passage_index: PassageIndex) -> list[_Text]:
    """The cited unit in every edition of its source."""
    return [
        _Text(edition.language, own := edition.text_of(unit), " ".join([edition.title, *unit.path, own]))
        for edition in passage_index.editions_of(nearest.source_id)
        if (unit := edition.unit(nearest.locator)) is not None
    ]


def _missing(question: Question, nearest: Citation, text: str) -> tuple[str, ...]:
    """Names and content words of the question that the text holds in no words, in the question's order."""
    folded = fold(text)
    held = set(terms_of_folded(folded))
    rest = question.folded
    found: set[str] = set()
    for mention in sorted(question.mentions, key=lambda mention: -len(mention.alias)):
        if mention.alias not in rest:
            continue
        rest = rest.replace(mention.alias, " ")
        is_own = mention.source_id == nearest.source_id and mention.source_id
        if not is_own and not any(form in folded or held.issuperset(terms_of_folded(form)) for form in mention.forms):
            found.add(mention.alias)
    for rewording in question.rewordings:
        if rewording.said in rest:
            rest = rest.replace(rewording.said, " ")
            said = strip_asking(rewording.said).strip() or rewording.said
            if not any(held.issuperset(terms_of_folded(word)) for word in (said, *rewording.meant)):
                found.add(said if said in rewording.said else rewording.said)
    for word in _WORD.findall(_CUT.sub(" ", rest)):
        found.update(_unheld(word, held) if strip_asking(word).strip() else ())
    found -= {number for locator in question.locators for number in re.findall(r"\d+", locator)}  # said already
    return tuple(sorted(found, key=question.folded.find))[:_MOST_WORDS]


def _unheld(word: str, held: set[str]) -> list[str]:
    """What of a word a text does not hold: an English word or a number as a whole, of a Chinese run its stretches."""
    terms = [term for term in terms_of_folded(word) if len(term) > 1 or term.isdigit()]
    if not terms or word in _FILLING or sum(term in held for term in terms) >= _HELD * len(terms):
        return []
    if not "\u3400" <= word[0] <= "\u9fff":
        return [word]
    left = "".join(" " if _within_held(word, at, held) else word[at] for at in range(len(word)))
    stretches = [_EDGES.sub("", stretch) for stretch in left.split()]
    return [stretch for stretch in stretches if len(stretch) > 1]


def _within_held(word: str, at: int, held: set[str]) -> bool:
    """Whether a character of a Chinese run stands in a pair that the text holds."""
    return any(len(pair) == 2 and pair in held for pair in (word[max(at - 1, 0) : at + 1], word[at : at + 2]))
