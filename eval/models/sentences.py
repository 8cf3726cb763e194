"""Answer-sentence selection: which sentence of the right passage answers, by the reader and by plain scores.

A sentence is right where at least half of its characters are evidence, or else where most of the evidence lies.
Passages of one sentence leave nothing to choose, so their questions are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.inference import mean_interval, sign_flip
from eval.models.figure import Figure, Goal
from eval.models.passages import edition_of_passage, index_of, source_id_of
from eval.models.reading import PassageReader, Sentences, Span
from index.training.corpora import read_rows

_LEAD = Goal(0.10, of_lead=True)
_LEXICAL = ("coverage", "BM25")


def _evidence_of_people(row: Mapping[str, Any]) -> list[str]:
    return [text for text in row["evidences"] if text in row["passage"]]


def _selected_sentence(row: Mapping[str, Any]) -> list[str]:
    return [row["selected_sentence"].strip()] if row["selected_sentence"] else []


#: file of each set → what of a passage is evidence, in any of its wordings
SENTENCE_SETS: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "expmrc-cmrc2018-dev": _evidence_of_people,
    "qed-nq-dev": _selected_sentence,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the number of its passage, and the spans of that passage that are evidence."""

    question: str
    position: int
    evidence: tuple[Span, ...]


def read_asked(data_folder: Path, name: str) -> tuple[list[Asked], list[str]]:
    """Questions with evidence, and the passages that they are about."""
    positions: dict[str, int] = {}
    asked = []
    for row in read_rows(data_folder / "measure", name):
        position = positions.setdefault(row["passage"], len(positions))
        starts = [(row["passage"].index(text), len(text)) for text in SENTENCE_SETS[name](row)]
        if starts:
            evidence = tuple((start, start + length) for start, length in starts)
            asked.append(Asked(row["question"], position, evidence))
    return asked, list(positions)


def right_sentences(spans: Sequence[Span], evidence: Sequence[Span]) -> set[int]:
    """Places of the sentences that are evidence; at least one span of it is given."""
    shared = [max(max(0, min(end, e) - max(start, s)) for s, e in evidence) for start, end in spans]
    halves = {place for place, (start, end) in enumerate(spans) if 2 * shared[place] >= end - start}
    return halves or {int(np.argmax(shared))}


def first_right(scores: Sequence[float], right: set[int]) -> int:
    """Rank (1 = best) of the best right sentence; of equal scores the earlier sentence first."""
    order = np.argsort(-np.asarray(scores), kind="stable").tolist()
    return next(rank for rank, place in enumerate(order, 1) if place in right)


def sentence_figures(data_folder: Path, name: str) -> Iterator[Figure]:
    """MRR and share of first places of the reader, beside coverage, BM25 and cosine."""
    asked, passages = read_asked(data_folder, name)
    sentences = Sentences([edition_of_passage(position, text) for position, text in enumerate(passages)])
    asked = [each for each in asked if len(sentences.spans[each.position]) > 1]
    with index_of(passages) as passage_index:
        reader = PassageReader(passage_index)
        vectors = [passage_index.embedder.encode(texts) for texts in sentences.texts]
        ranks: dict[str, list[int]] = {method: [] for method in (*_LEXICAL, "cosine", "reader")}
        for each in asked:
            right = right_sentences(sentences.spans[each.position], each.evidence)
            query = passage_index.embedder.encode([each.question], is_query=True)[0]
            scores = {
                "coverage": sentences.coverage(each.question, each.position),
                "BM25": sentences.bm25(each.question, each.position),
                "cosine": (vectors[each.position] @ query).tolist(),
            }
            for method, of_sentences in scores.items():
                ranks[method].append(first_right(of_sentences, right))
            ranks["reader"].append(_rank_read(reader, each, {sentences.spans[each.position][place] for place in right}))
    yield from _figures(name, len(passages), ranks, [each.position for each in asked])


def _rank_read(reader: PassageReader, asked: Asked, right: set[Span]) -> int:
    """Rank of the first right sentence that the reader gives; 0 where it gives none."""
    read = reader.read(asked.question, source_id_of(asked.position)).candidates
    order = dict.fromkeys((candidate.start, candidate.end) for candidate in read)
    return next((rank for rank, span in enumerate(order, 1) if span in right), 0)


def _figures(name: str, passages: int, ranks: Mapping[str, Sequence[int]], clusters: Sequence[int]) -> Iterator[Figure]:
    sizes = f"{len(clusters):,} × {passages:,}"
    gained = {method: [1 / rank if rank else 0.0 for rank in of] for method, of in ranks.items()}
    first = {method: [float(rank == 1) for rank in of] for method, of in ranks.items()}
    for measure, values, goal in (("MRR", gained, _LEAD), ("first", first, None)):
        means = {method: float(np.mean(of)) for method, of in values.items()}
        strongest = max(_LEXICAL, key=means.__getitem__)
        differences = [own - other for own, other in zip(values["reader"], values[strongest], strict=True)]
        yield Figure(
            "answer sentence",
            name,
            sizes,
            f"{measure} reader",
            means.pop("reader"),
            goal,
            mean_interval(values["reader"], clusters),
            means,
            strongest,
            sign_flip(differences, clusters),
        )
