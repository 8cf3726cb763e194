"""Answerability: does the program's confidence tell questions that a passage answers from those that it does not?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from eval.inference import SEED, Interval
from eval.models.figure import Figure, Goal
from eval.models.passages import edition_of_passage, index_of, source_id_of
from eval.models.reading import PassageReader, Sentences
from index.training.corpora import read_rows
from rag.compose import Draft
from rag.decide import decide

ANSWERABILITY_SETS = ("squad2-dev", "chinese-squad2-dev")
_WANTED = Goal(0.75)
_RESAMPLES = 1000


def answerability_figures(data_folder: Path, name: str) -> Iterator[Figure]:
    """Area under the curve of the confidence, beside that of the best sentence's coverage; rows of XQuAD left out."""
    rows = [row for row in read_rows(data_folder / "measure", name) if not row["in_xquad"]]
    positions: dict[str, int] = {}
    clusters = [positions.setdefault(row["passage"], len(positions)) for row in rows]
    answerable = [not row["unanswerable"] for row in rows]
    sentences = Sentences([edition_of_passage(position, text) for position, text in enumerate(positions)])
    with index_of(list(positions)) as passage_index:
        reader = PassageReader(passage_index)
        sure = [confidence(reader, row["question"], place) for row, place in zip(rows, clusters, strict=True)]
    covered = [
        max(sentences.coverage(row["question"], place), default=0.0) for row, place in zip(rows, clusters, strict=True)
    ]
    yield Figure(
        "answerability",
        name,
        f"{len(rows):,} × {len(positions):,}",
        "AUROC confidence",
        area(sure, answerable),
        _WANTED,
        area_interval(sure, answerable, clusters),
        {"coverage": area(covered, answerable)},
        "coverage",
    )


def confidence(reader: PassageReader, question: str, position: int) -> float:
    """How sure the program is, in [0, 1], that the best sentence of that passage answers."""
    read = reader.read(question, source_id_of(position))
    draft = Draft((), tuple(read.candidates[:1]))
    decision = decide(read.question, read.retrieval, read.candidates, draft, reader.reader, has_history=False)
    return decision.confidence


def area(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Chance that a positive scores above a negative, ties half; raises ValueError without both kinds."""
    is_positive = np.asarray(positive, dtype=np.bool_)
    count = int(is_positive.sum())
    others = len(is_positive) - count
    if not count or not others:
        raise ValueError(f"the area under the curve needs both kinds, here are {count} positive and {others} others")
    above = float(rankdata(scores)[is_positive].sum()) - count * (count + 1) / 2
    return above / (count * others)


def area_interval(scores: Sequence[float], positive: Sequence[bool], clusters: Sequence[int]) -> Interval:
    """95 % percentile interval of the area; passages are drawn with all their questions, seed fixed."""
    values, is_positive = np.asarray(scores), np.asarray(positive, dtype=np.bool_)
    members: dict[int, list[int]] = {}
    for place, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(place)
    groups = [np.asarray(group) for group in members.values()]
    generator = np.random.default_rng(SEED)
    areas = []
    for _ in range(_RESAMPLES):
        drawn = np.concatenate([groups[place] for place in generator.integers(0, len(groups), len(groups))])
        if 0 < is_positive[drawn].sum() < len(drawn):
            areas.append(area(values[drawn].tolist(), is_positive[drawn].tolist()))
    low, high = np.quantile(areas, [0.025, 0.975])
    return Interval(float(low), float(high))
