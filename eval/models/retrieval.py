"""Retrieval: the index as it ships, with and without its encoder, over the passages of a public set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from eval.inference import mcnemar
from eval.models.figure import Figure, Goal
from eval.models.passages import index_of, source_id_of
from index.embedder import load_embedder
from index.searching import Query, best
from index.store import PassageIndex
from index.training.retrieval_sets import MEASURED, RetrievalSet

LISTED = 60  # passages of the index that are looked at, as in answering
_BEYOND = 10**9  # the rank of what is not among them
_LEAD = Goal(0.03, of_lead=True)
_GOALS = {
    ("cmrc2018-dev", 1): Goal(0.965),
    ("cjrc-dev", 1): _LEAD,
    ("obliqa-dev", 1): _LEAD,
    ("ncp-policy", 1): _LEAD,
    ("crud-questions-dev", 1): _LEAD,
    ("squad2 zh→en", 5): Goal(0.75),
    ("squad2 en→zh", 5): Goal(0.75),
    ("flores zh→en", 1): Goal(0.97),
    ("flores en→zh", 1): Goal(0.97),
}


def retrieval_figures(data_folder: Path, name: str) -> Iterator[Figure]:
    """R@1 and R@5 of each set behind one of the names in `MEASURED`."""
    for retrieval_set in MEASURED[name](data_folder):
        ranks = ranks_of(retrieval_set) if retrieval_set.lexical else {"cosine": parallel_ranks(retrieval_set)}
        yield from _figures(retrieval_set, ranks)


def ranks_of(retrieval_set: RetrievalSet) -> dict[str, list[int]]:
    """Rank (1 = best) of the right passage of each question, by BM25 alone and by the index's own search."""
    ranks: dict[str, list[int]] = {"BM25": [], "fused": []}
    with index_of(retrieval_set.passages) as passage_index:
        vectors = passage_index.embedder.encode(retrieval_set.questions, is_query=True)
        for question, vector, gold in zip(retrieval_set.questions, vectors, retrieval_set.gold, strict=True):
            right = {source_id_of(position) for position in gold}
            found = passage_index.searcher.find([Query((question,)), Query((question,), vector)], LISTED)
            for method, each in zip(("BM25", "fused"), found, strict=True):
                ranks[method].append(_rank(passage_index, each.rows.tolist(), right))
    return ranks


def _rank(passage_index: PassageIndex, rows: Iterable[int], right: set[str]) -> int:
    """Rank of the first row of a right source; each source is one passage."""
    sources = (passage_index.passages[row].source_id for row in rows)
    return next((rank for rank, source_id in enumerate(sources, 1) if source_id in right), _BEYOND)


def parallel_ranks(retrieval_set: RetrievalSet) -> list[int]:
    """Rank of each question's translation by cosine: across languages there are no words to share."""
    embedder = load_embedder()
    scores = embedder.encode(retrieval_set.questions, is_query=True) @ embedder.encode(retrieval_set.passages).T
    return [
        next(rank for rank, place in enumerate(best(row, len(row)).tolist(), 1) if place in gold)
        for row, gold in zip(scores, retrieval_set.gold, strict=True)
    ]


def _figures(retrieval_set: RetrievalSet, ranks: dict[str, list[int]]) -> Iterator[Figure]:
    sizes = f"{len(retrieval_set.questions):,} × {len(retrieval_set.passages):,}"
    *others, method = ranks
    for depth in (1, 5):
        found = {name: within(of, depth) for name, of in ranks.items()}
        yield Figure(
            "retrieval",
            retrieval_set.name,
            sizes,
            f"R@{depth} {method}",
            found[method],
            _GOALS.get((retrieval_set.name, depth)),
            compared={other: found[other] for other in others},
            best=others[0] if others else "",
            p=paired(ranks[others[0]], ranks[method], depth) if others else None,
        )


def within(ranks: Sequence[int], depth: int) -> float:
    """Share of questions whose right passage is among the first `depth`."""
    return float(np.mean(np.asarray(ranks) <= depth))


def paired(before: Sequence[int], after: Sequence[int], depth: int) -> float:
    """Exact two-sided McNemar p of being among the first `depth`."""
    first, second = np.asarray(before) <= depth, np.asarray(after) <= depth
    return mcnemar(int((first & ~second).sum()), int((second & ~first).sum()))
