"""Measure the encoder alone, BM25 alone and both fused, and print one table.

    python -m index.training.measure --model index/model --news

`--held-out` measures on the part of the training data kept for choosing settings instead.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from bm25s.tokenization import Tokenized
from numpy.typing import NDArray
from scipy.stats import binomtest

from index.analyser import fold, terms_of_folded
from index.fusion import DENSE_WEIGHT, fuse
from index.static_encoder import StaticEncoder
from index.training.corpora import DEFAULT_DATA_FOLDER, sentences
from index.training.retrieval_sets import RetrievalSet, held_out_sets, measured_sets

Scores = NDArray[np.float32]
_BATCH = 256  # questions scored at a time


class Lexical:
    """BM25 over the project's own search terms."""

    def __init__(self, folded_passages: Sequence[str]) -> None:
        self._vocabulary: dict[str, int] = {}
        rows = [
            [self._vocabulary.setdefault(term, len(self._vocabulary)) for term in terms_of_folded(passage)]
            for passage in folded_passages
        ]
        self._ranker = bm25s.BM25(k1=1.2, b=0.75)
        self._ranker.index(Tokenized(ids=rows, vocab=self._vocabulary), show_progress=False)
        self._size = len(rows)
        frequency = np.bincount(
            np.concatenate([np.unique(row) for row in rows if row]), minlength=len(self._vocabulary)
        )
        self._weights = np.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))

    def bound(self, folded_question: str) -> float:
        """What a passage could score at most; terms found nowhere count in full."""
        unseen = float(np.log(1 + (self._size + 0.5) / 0.5))
        return sum(
            float(self._weights[self._vocabulary[term]]) if term in self._vocabulary else unseen
            for term in set(terms_of_folded(folded_question))
        )

    def scores(self, folded_question: str) -> Scores:
        """One score for each passage."""
        known = sorted({term for term in terms_of_folded(folded_question) if term in self._vocabulary})
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._ranker.get_scores(known), dtype=np.float32)


class Dense:
    """Best cosine over the windows of a passage, blended with that of the whole."""

    def __init__(self, encoder: StaticEncoder, passages: Sequence[str], window: int, whole: float) -> None:
        self._encoder = encoder
        pieces: list[str] = []
        starts: list[int] = []
        for passage in passages:
            starts.append(len(pieces))
            pieces += windows(passage, window)
        self._starts = starts
        self._whole = whole
        self._passages = encoder.encode([fold(passage) for passage in passages]) if whole else None
        self._vectors = encoder.encode([fold(piece) for piece in pieces])

    def scores(self, folded_questions: Sequence[str]) -> Scores:
        """One row of passage scores for each question."""
        questions = self._encoder.encode(folded_questions)
        found = questions @ self._vectors.T
        best = np.maximum.reduceat(found, self._starts, axis=1)
        if self._passages is not None:
            best = (1 - self._whole) * best + self._whole * (questions @ self._passages.T)
        return np.asarray(best, dtype=np.float32)


def windows(passage: str, size: int) -> list[str]:
    """The passage in runs of whole sentences of about `size` characters; 0 keeps it whole."""
    if size <= 0 or len(passage) <= size:
        return [passage]
    runs = [""]
    for sentence in sentences(passage):
        if runs[-1] and len(runs[-1]) + len(sentence) > size:
            runs.append("")
        runs[-1] += sentence + " "
    return runs


def best_rank(scores: Scores, gold: set[int]) -> int:
    """Rank, from 1, of the best right passage; passages with the same score count as before it."""
    best = scores[list(gold)].max()
    return int((scores >= best).sum()) - sum(1 for position in gold if scores[position] == best) + 1


def measure_set(
    retrieval_set: RetrievalSet, encoder: StaticEncoder, window: int, whole: float, weights: Sequence[float]
) -> dict[str, list[int]]:
    """The rank of the right passage for each question: BM25, dense, and fused with each weight."""
    folded_questions = [fold(question) for question in retrieval_set.questions]
    dense = Dense(encoder, retrieval_set.passages, window, whole)
    lexical = Lexical([fold(passage) for passage in retrieval_set.passages]) if retrieval_set.lexical else None
    ranks: dict[str, list[int]] = {"dense": []}
    for start in range(0, len(folded_questions), _BATCH):
        block = folded_questions[start : start + _BATCH]
        for question, row, gold in zip(
            block, dense.scores(block), retrieval_set.gold[start : start + _BATCH], strict=True
        ):
            ranks["dense"].append(best_rank(row, gold))
            if lexical is None:
                continue
            words = lexical.scores(question)
            ranks.setdefault("bm25", []).append(best_rank(words, gold))
            for weight in weights:
                ranks.setdefault(f"fused {weight:.2f}", []).append(best_rank(fuse(words, row, weight), gold))
                bounded = fuse_bounded(words, row, lexical.bound(question), weight)
                ranks.setdefault(f"bounded {weight:.2f}", []).append(best_rank(bounded, gold))
    return ranks


def fuse_bounded(lexical: Scores, dense: Scores, bound: float, dense_weight: float) -> Scores:
    """(1 − w) · BM25 as a share of what the question could score, + w · cosine.

    Unlike division by the best score found, this gives a question in the other language almost no lexical weight.
    """
    return np.asarray((1 - dense_weight) * lexical / max(bound, 1e-9) + dense_weight * dense, dtype=np.float32)


def recall(ranks: Sequence[int], depth: int) -> float:
    """Share of questions whose right passage is among the first `depth`."""
    return float(np.mean(np.asarray(ranks) <= depth))


def paired_p(before: Sequence[int], after: Sequence[int]) -> float:
    """Exact McNemar test on first places."""
    first, second = np.asarray(before) == 1, np.asarray(after) == 1
    won, lost = int((second & ~first).sum()), int((first & ~second).sum())
    return float(binomtest(won, won + lost).pvalue) if won + lost else 1.0


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m index.training.measure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA_FOLDER, help="folder that holds train/ and measure/")
    parser.add_argument("--model", type=Path, default=Path(__file__).resolve().parents[1] / "model")
    parser.add_argument("--news", action="store_true", help="also the set over 68,000 news texts (minutes)")
    parser.add_argument("--held-out", action="store_true", help="held-out training data: for choosing settings")
    parser.add_argument("--only", nargs="*", default=[], help="beginnings of the names of the sets to measure")
    parser.add_argument("--window", type=int, default=0, help="characters of a dense window; 0: whole passages")
    parser.add_argument("--whole", type=float, default=0.0, help="share of the whole passage in the dense score")
    parser.add_argument("--weights", type=float, nargs="*", default=[DENSE_WEIGHT], help="weights of the dense score")
    parser.add_argument("--json", action="store_true", help="one JSON line for each set and method")
    options = parser.parse_args(arguments)
    encoder = StaticEncoder.from_folder(options.model)
    sets = held_out_sets(options.data) if options.held_out else measured_sets(options.data, options.news)
    if not options.json:
        print("set                 | sizes                | method       |   R@1 |   R@5 |  R@10 | p (BM25) | seconds")
    for retrieval_set in sets:
        if options.only and not retrieval_set.name.startswith(tuple(options.only)):
            continue
        started = time.time()
        ranks = measure_set(retrieval_set, encoder, options.window, options.whole, options.weights)
        _report(retrieval_set, ranks, time.time() - started, as_json=options.json)
    return 0


def _report(retrieval_set: RetrievalSet, ranks: dict[str, list[int]], seconds: float, *, as_json: bool) -> None:
    for method in sorted(ranks):
        found = [round(recall(ranks[method], depth), 4) for depth in (1, 5, 10)]
        p = paired_p(ranks["bm25"], ranks[method]) if "bm25" in ranks and method not in ("bm25", "dense") else None
        sizes = (len(retrieval_set.questions), len(retrieval_set.passages))
        if as_json:
            record = {"set": retrieval_set.name, "method": method, "questions": sizes[0], "passages": sizes[1]}
            print(
                json.dumps(record | {"r1": found[0], "r5": found[1], "r10": found[2], "p": p}, ensure_ascii=False),
                flush=True,
            )
        else:
            size = f"{sizes[0]} × {sizes[1]}"
            figures = " | ".join(f"{value:.3f}" for value in found)
            shown = "" if p is None else f"{p:.2g}"
            print(
                f"{retrieval_set.name:19} | {size:20} | {method:12} | {figures} | {shown:8} | {seconds:.0f}",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
