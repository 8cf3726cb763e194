"""Train `rag.answerability`: first the words of a question, then the signs, both as logistic regressions.

    python -m rag.training.answerability [--out FILE]

The words tell the near misses of `near_misses.jsonl` from their answerable twins and from the library's known
questions. The signs are those of the program's own best sentence, on the bundled index, for the same near misses and
for the twins whose best sentence is right; the words' logit among them comes from a model that did not see the group
of the question (five folds). Deterministic; half a minute on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.stats import rankdata

from index.default import open_or_build
from rag.answerability import SIGNS, WEIGHTS_FILE, Answerability, Signs, wording
from rag.compose import compose
from rag.decide import signs_of
from rag.fit import MISSES
from rag.knowledge import Knowledge
from rag.question import understand
from rag.reader import Reader
from rag.retrieve import retrieve
from sources.known_questions import load_known_questions
from sources.locator import is_within

NEAR_MISSES_FILE = Path(__file__).with_name("near_misses.jsonl")
_FOLDS = 5
_FEWEST = 6  # near misses that hold a word, for it to get a weight
_WORD_PENALTY, _SIGN_PENALTY = 100.0, 1.0  # of the squared weights
_WRITTEN_FOR_IT = 20.0  # weight of a twin beside that of a known question
_ANSWERABLE = 0.78  # share of the questions asked that the texts answer, as among the development cases
_DECIMALS = 4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question, whether the texts answer it, how it is worded, and the signs of the best sentence if it is right."""

    group: str
    answerable: bool
    words: frozenset[str]
    signs: Signs | None = None
    weight: float = 1.0

    @property
    def fold(self) -> int:
        """Its fold: that of its group, so that twins stay together."""
        return zlib.crc32(self.group.encode()) % _FOLDS


def logistic(rows: Any, targets: Floats, weights: Floats, penalty: float) -> Floats:
    """Bias and weights of a logistic regression, shape (features + 1,): Newton-like descent on the penalised loss."""

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = rows @ parameters[1:] + parameters[0]
        slope = weights * (1 / (1 + np.exp(-logits)) - targets)
        value = np.sum(weights * (np.logaddexp(0, logits) - targets * logits)) + penalty * np.sum(parameters[1:] ** 2)
        return float(value), np.concatenate([[slope.sum()], rows.T @ slope + 2 * penalty * parameters[1:]])

    return np.asarray(minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x)


def train_words(examples: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Bias and weights of the words of near misses; both classes weigh as much as there are near misses."""
    held = Counter(word for example in examples if not example.answerable for word in example.words)
    words = sorted(word for word, count in held.items() if count >= _FEWEST)
    columns = {word: column for column, word in enumerate(words)}
    pairs = [(row, columns[word]) for row, e in enumerate(examples) for word in sorted(e.words) if word in columns]
    rows, places = zip(*pairs, strict=True)
    matrix = csr_matrix((np.ones(len(pairs)), (rows, places)), shape=(len(examples), len(words)))
    near_miss = np.asarray([not example.answerable for example in examples])
    weights = np.asarray([example.weight for example in examples])
    for one in (near_miss, ~near_miss):
        weights[one] *= near_miss.sum() / weights[one].sum()
    found = logistic(matrix, near_miss.astype(np.float64), weights, _WORD_PENALTY)
    return float(found[0]), dict(zip(words, found[1:].tolist(), strict=True))


def train_signs(signs: Sequence[Signs], answerable: Sequence[bool]) -> tuple[float, dict[str, float]]:
    """Bias and weights of the signs, standardised while they are trained; answers weigh as often as they are asked."""
    rows = np.asarray([astuple(sign) for sign in signs])
    targets = np.asarray(answerable, dtype=np.float64)
    share = np.where(targets == 1, _ANSWERABLE / targets.sum(), (1 - _ANSWERABLE) / (1 - targets).sum())
    weights = len(rows) * share
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    found = logistic((rows - mean) / spread, targets, weights, _SIGN_PENALTY)
    slopes = found[1:] / spread
    return float(found[0] - slopes @ mean), dict(zip(SIGNS, slopes.tolist(), strict=True))


def read_examples(knowledge: Knowledge, reader: Reader) -> list[Example]:
    """Near misses and twins with the signs of the program's best sentence, and known questions without."""
    examples = []
    for line in NEAR_MISSES_FILE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = understand(row["question"], (), knowledge)
        retrieval = retrieve(question, reader.passage_index)
        candidates = reader.read(question, retrieval)
        best = compose(question, retrieval, candidates, reader).best
        answerable = "source" in row
        right = best is not None and (
            not answerable
            or (
                best.edition.source_id == row["source"]
                and any(is_within(best.unit.locator, locator) for locator in row["locators"])
            )
        )
        is_told = best is not None and right and best.fit > MISSES  # the rest is declined anyway
        signs = signs_of(question, best, candidates, reader.digest_of(best.edition)) if best and is_told else None
        words = wording(question.search_text, question.mentions)
        examples.append(Example(row["group"], answerable, words, signs, _WRITTEN_FOR_IT))
    for number, known in enumerate(load_known_questions()):
        examples.append(Example(f"known {number}", True, wording(known.text, knowledge.mentions(known.text))))
    return examples


def train(examples: Sequence[Example]) -> tuple[Answerability, float]:
    """The weights, and the area under the curve of the signs on folds that they were not trained on."""
    word_bias, words = train_words(examples)
    seen: list[Example] = []
    for fold in range(_FOLDS):
        bias, weights = train_words([e for e in examples if e.fold != fold or e.group.startswith("known")])
        unseen = Answerability(0.0, {}, bias, weights)
        seen += [
            replace(e, signs=replace(e.signs, near_miss=unseen.word_logit(e.words)))
            for e in examples
            if e.fold == fold and e.signs is not None
        ]
    scores: list[tuple[bool, float]] = []
    for fold in range(_FOLDS):
        bias, weights = _of([e for e in seen if e.fold != fold])
        model = Answerability(bias, weights, 0.0, {})
        scores += [(e.answerable, model.logit(e.signs)) for e in seen if e.fold == fold and e.signs]
    bias, weights = _of(seen)
    rounded = {word: round(weight, _DECIMALS) for word, weight in words.items() if abs(weight) >= 10**-_DECIMALS}
    signs = {name: round(weight, _DECIMALS) for name, weight in weights.items()}
    return Answerability(round(bias, _DECIMALS), signs, round(word_bias, _DECIMALS), rounded), area(scores)


def _of(examples: Iterable[Example]) -> tuple[float, dict[str, float]]:
    told = [(example.signs, example.answerable) for example in examples if example.signs is not None]
    return train_signs([signs for signs, _ in told], [answerable for _, answerable in told])


def area(scores: Sequence[tuple[bool, float]]) -> float:
    """Area under the curve: how often a right answer scores above a near miss (Mann–Whitney)."""
    right = np.asarray([answerable for answerable, _ in scores])
    ranks = rankdata([score for _, score in scores])
    most = right.sum() * (~right).sum()
    return float((ranks[right].sum() - right.sum() * (right.sum() + 1) / 2) / most)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.answerability", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="(default: the weights that ship)")
    options = parser.parse_args(arguments)
    passage_index = open_or_build(None)
    knowledge = Knowledge.load(passage_index.names)
    examples = read_examples(knowledge, Reader(passage_index, knowledge))
    model, area_under_curve = train(examples)
    written = {name: getattr(model, name) for name in ("bias", "weights", "word_bias", "words")}
    options.out.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    told = [example for example in examples if example.signs is not None]
    print(f"{sum(e.answerable for e in told)} right answers, {sum(not e.answerable for e in told)} near misses")
    print(f"{len(model.words)} words; area under the curve, five folds: {area_under_curve:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
