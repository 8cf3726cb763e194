"""Speed of the bundled encoder on this machine: passages of up to 200 characters in bulk, questions one by one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from eval.models.figure import Figure, Goal
from index.embedder import BundledEmbedder
from index.training.corpora import read_rows

_CHARACTERS = 200
_ROUNDS = 3
_QUESTIONS = 1000
_BULK, _QUERY = Goal(5000), Goal(2, at_most=True)


def speed_figures(data_folder: Path) -> Iterator[Figure]:
    """Passages a second (the median of three rounds) and milliseconds a question (median)."""
    folder = data_folder / "measure"
    rows = list(read_rows(folder, "cmrc2018-dev"))
    passages = list(dict.fromkeys(row["passage"] for row in rows))
    passages += [row["passage"] for row in read_rows(folder, "obliqa-corpus")]
    passages = [passage[:_CHARACTERS] for passage in passages]
    questions = [row["question"] for row in rows[:_QUESTIONS]]
    asked = BundledEmbedder()  # one of its own, for the large tokenizer stays open once it was needed
    asked.encode(questions[:1], is_query=True)
    per_question = statistics.median(_seconds(asked, [question], is_query=True) for question in questions)
    bulk = BundledEmbedder()
    bulk.encode(passages)
    a_round = statistics.median(_seconds(bulk, passages) for _ in range(_ROUNDS))
    yield Figure("speed", "encoder", f"{len(passages):,} passages", "passages/s", len(passages) / a_round, _BULK)
    yield Figure("speed", "encoder", f"{len(questions):,} questions", "ms a question", 1000 * per_question, _QUERY)


def _seconds(embedder: BundledEmbedder, texts: list[str], *, is_query: bool = False) -> float:
    started = time.perf_counter()
    embedder.encode(texts, is_query=is_query)
    return time.perf_counter() - started
