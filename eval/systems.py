"""Systems that test the evaluation itself, and plain baselines; each turns a case into a run record.

Degenerate systems cheat in one way each and must score H ≤ 0.10: pour out a text, decline always, echo, cite at
random, list keywords, say the right words with wrong citations. The oracle states the gold and must score
A ≥ 0.95 and H ≥ 0.95, or the gold cannot be reached. Only these two kinds may look at the gold.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from eval.answer import Record
from eval.case import Case, Expectation, Language, Nugget
from eval.gold import gold_of
from eval.matcher import matches, nugget_unit
from index.passage import Passage
from index.store import PassageIndex
from rag.sentences import sentence_spans
from sources.edition import Edition

System = Callable[[Case], Record]
LONGEST_RANKING = 20
_KEYWORD = re.compile(
    r"\d[\d,.]*%?|[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)*|《[^》]+》|“[^”]+”|[\u4e00-\u9fff]{2,4}(?=[、，])"
)


def cite(edition: Edition, start: int, end: int) -> Record:
    """A citation of an exact span."""
    return {
        "source_id": edition.source_id,
        "edition": edition.language,
        "edition_key": edition.key,
        "start": start,
        "end": end,
        "quote": edition.text[start:end],
    }


def answered(case: Case, claims: Sequence[tuple[str, Sequence[Record]]], retrieved: Sequence[Record] = ()) -> Record:
    """A record that answers with these claims."""
    joint = "" if case.lang == "zh" else " "
    return {
        "id": case.id,
        "status": "answered",
        "answer": joint.join(text for text, _ in claims),
        "lang": case.lang,
        "confidence": 0.5,
        "claims": [{"text": text, "citations": list(citations)} for text, citations in claims],
        "retrieved": list(retrieved),
    }


def declined(case: Case) -> Record:
    """A record that declines."""
    return {
        "id": case.id,
        "status": "not_in_sources",
        "abstained": True,
        "answer": "",
        "lang": case.lang,
        "claims": [],
        "retrieved": [],
    }


@dataclass
class Bench:
    """What the plain systems work with: one index, scores computed once a question."""

    passage_index: PassageIndex

    @property
    def editions(self) -> Mapping[str, Edition]:
        """Editions of the index."""
        return self.passage_index.editions

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Passages of the index."""
        return self.passage_index.passages

    @cached_property
    def sentences(self) -> list[tuple[Edition, int, int, set[str]]]:
        """Every sentence of every edition, as a span with its character pairs."""
        return [
            (self.editions[p.edition_key], p.start + start, p.start + end, _pairs(p.text[start:end]))
            for p in self.passages
            for start, end in sentence_spans(p.text, p.language)
        ]

    def retrieved(self, order: Sequence[int]) -> list[Record]:
        """Passages by number as retrieved spans."""
        chosen = [self.passages[i] for i in order[:LONGEST_RANKING]]
        return [
            {
                "source_id": p.source_id,
                "edition": p.language,
                "edition_key": p.edition_key,
                "start": p.start,
                "end": p.end,
            }
            for p in chosen
        ]

    def ranking(self, case: Case, method: str) -> list[int]:
        """Passage numbers, best first, by "lexical" or "dense"."""
        query = case.asked_text
        scores: NDArray[np.float32] = (
            self.passage_index.lexical.scores(query) if method == "lexical" else self.passage_index.dense_scores(query)
        )
        return [int(i) for i in np.argsort(-scores, kind="stable")[:LONGEST_RANKING]]

    def quote(self, passage: Passage) -> Record:
        """A citation of a whole passage."""
        return cite(self.editions[passage.edition_key], passage.start, passage.end)

    def top_edition(self, case: Case) -> Edition:
        """The edition, in the question's language if any, of the source that ranks first."""
        best = self.passages[self.ranking(case, "lexical")[0]]
        same = [e for e in self.editions.values() if e.source_id == best.source_id]
        return next((e for e in same if e.language == case.lang), self.editions[best.edition_key])


def return_all(bench: Bench, case: Case) -> Record:
    """Pours out the whole best source, and cites all of it."""
    edition = bench.top_edition(case)
    everything = {"source_id": edition.source_id, "edition_key": edition.key, "start": 0, "end": len(edition.text)}
    return answered(case, [(edition.text, [cite(edition, 0, len(edition.text))])], [everything])


def abstain_always(bench: Bench, case: Case) -> Record:
    """Declines."""
    return declined(case)


def echo(bench: Bench, case: Case) -> Record:
    """Repeats the question, and cites the best passage."""
    best = bench.ranking(case, "lexical")
    return answered(case, [(case.question, [bench.quote(bench.passages[best[0]])])], bench.retrieved(best))


def random_passage(bench: Bench, case: Case) -> Record:
    """Quotes a passage drawn by the case's id."""
    chosen = random.Random(case.id).choice(bench.passages)  # noqa: S311 - a seeded draw, nothing secret
    return answered(case, [(chosen.text, [bench.quote(chosen)])], bench.retrieved([bench.passages.index(chosen)]))


def keyword_soup(bench: Bench, case: Case) -> Record:
    """Lists every name and number of the best source, citing all of it."""
    edition = bench.top_edition(case)
    words = list(dict.fromkeys(_KEYWORD.findall(edition.text)))
    return answered(
        case,
        [(" ".join(words), [cite(edition, 0, len(edition.text))])],
        bench.retrieved(bench.ranking(case, "lexical")),
    )


def gold_words(case: Case) -> str:
    """The first alias of every nugget, in the question's language where there is one."""
    words = [_wording(nugget, case.lang) for nugget in case.nuggets]
    return "；".join(words) if case.lang == "zh" else "; ".join(words)


def _wording(nugget: Nugget, language: Language) -> str:
    """An alias, with its unit where it is a bare number that needs one."""
    alias = (nugget.aliases.get(language) or list(nugget.wordings))[0]
    return alias if matches(nugget, alias) else f"{alias} {nugget_unit(nugget).split('|')[0]}"


def right_words_wrong_citations(bench: Bench, case: Case) -> Record:
    """Says the gold and declines by the gold, but cites a passage that is no evidence."""
    if case.expect is not Expectation.ANSWER:
        return oracle(bench, case)
    gold = gold_of(case, bench.editions).span_map
    wrong = [
        p for p in bench.passages if all(p.end <= start or end <= p.start for start, end in gold.get(p.edition_key, ()))
    ]
    chosen = random.Random(case.id).choice(wrong or bench.passages)  # noqa: S311
    return answered(case, [(gold_words(case), [bench.quote(chosen)])])


def oracle(bench: Bench, case: Case) -> Record:
    """States the gold and cites the evidence of a sufficient set, at its first place."""
    if case.expect in (Expectation.ABSTAIN, Expectation.CLARIFY) or not case.nuggets:
        status = "needs_clarification" if case.expect is Expectation.CLARIFY else "not_in_sources"
        return {**declined(case), "status": status}
    gold = gold_of(case, bench.editions)
    reachable = [group for group in gold.sufficient if all(gold.places.get(name) for name in group)]
    if not reachable:
        return declined(case)
    places = [gold.places[name][0] for name in reachable[0]]
    citations = [cite(bench.editions[place.edition_key], start, end) for place in places for start, end in place.spans]
    return answered(case, [(gold_words(case), citations)], citations)


def top_passages(bench: Bench, case: Case, *, method: str, count: int) -> Record:
    """Quotes the best passages of one search method."""
    order = bench.ranking(case, method)
    claims = [(bench.passages[i].text, [bench.quote(bench.passages[i])]) for i in order[:count]]
    return answered(case, claims, bench.retrieved(order))


def top_sentences(bench: Bench, case: Case, *, method: str, count: int) -> Record:
    """Quotes, of the best passages, the sentences that share most character pairs with the question."""
    order = bench.ranking(case, method)
    asked = _pairs(case.question)
    found: list[tuple[float, int, Edition, int, int]] = []
    for rank, number in enumerate(order[:10]):
        passage = bench.passages[number]
        edition = bench.editions[passage.edition_key]
        for start, end in sentence_spans(passage.text, passage.language):
            shared = len(asked & _pairs(passage.text[start:end])) / (len(asked) or 1)
            found.append((-shared, rank, edition, passage.start + start, passage.start + end))
    found.sort(key=lambda item: (item[0], item[1], item[3]))
    claims = [(edition.text[start:end], [cite(edition, start, end)]) for _, _, edition, start, end in found[:count]]
    return answered(case, claims, bench.retrieved(order))


def full_context(bench: Bench, case: Case, *, count: int) -> Record:
    """No retrieval: quotes, out of all texts, the sentences that share most character pairs with the question."""
    asked = _pairs(case.question)
    shared = [len(asked & pairs) / (len(asked) or 1) for _, _, _, pairs in bench.sentences]
    best = sorted(range(len(shared)), key=lambda number: (-shared[number], number))[:count]
    chosen = [bench.sentences[number][:3] for number in best]
    claims = [(edition.text[start:end], [cite(edition, start, end)]) for edition, start, end in chosen]
    everything = [
        {"source_id": e.source_id, "edition_key": e.key, "start": 0, "end": len(e.text)}
        for e in bench.editions.values()
    ]
    return answered(case, claims, everything)


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"\W", "", text.lower())
    return {letters[i : i + 2] for i in range(len(letters) - 1)}


DEGENERATE: dict[str, Callable[[Bench, Case], Record]] = {
    "return all": return_all,
    "abstain always": abstain_always,
    "echo": echo,
    "random passage": random_passage,
    "keyword soup": keyword_soup,
    "right words, wrong citations": right_words_wrong_citations,
}
BASELINES: dict[str, Callable[[Bench, Case], Record]] = {
    "bm25-passage": lambda bench, case: top_passages(bench, case, method="lexical", count=1),
    "bm25-sentence": lambda bench, case: top_sentences(bench, case, method="lexical", count=1),
    "bm25-3-sentences": lambda bench, case: top_sentences(bench, case, method="lexical", count=3),
    "dense-passage": lambda bench, case: top_passages(bench, case, method="dense", count=1),
    "dense-sentence": lambda bench, case: top_sentences(bench, case, method="dense", count=1),
    "full-context": lambda bench, case: full_context(bench, case, count=3),
}
