"""`python -m eval models`: every figure that is claimed of the shipped models, beside what was wanted."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.documents import print_document, write_document
from eval.errors import NothingThere
from eval.inputs import commit
from eval.models.answerability import ANSWERABILITY_SETS, answerability_figures
from eval.models.figure import HEAD, Figure, row_of, shown
from eval.models.retrieval import retrieval_figures
from eval.models.sentences import SENTENCE_SETS, sentence_figures
from eval.models.speed import speed_figures
from eval.report import markdown_table
from eval.saved import machine
from index.fusion import DENSE_WEIGHT
from index.training.retrieval_sets import MEASURED

_ABOUT = """\
Written by `python -m eval models`. None of these sets was trained or tuned on, but their figures were seen along the
way. Each passage of a set is a source of its own, kept whole and without title, in a real index with the settings that
ship: a passage has one vector, and the cosine weighs {dense_weight}.

- retrieval: the place of the right source in the index's own search, by BM25 alone and fused with the encoder's cosine;
  translations (flores) share no words and are found by cosine alone. p: exact McNemar.
- answer sentence: the sentences of the right passage, ranked by the share of the question's terms that they hold,
  weighted by rarity (coverage), by BM25 among all sentences, by cosine, and by the reader with retrieval restricted to
  that passage. The lead is over the better of coverage and BM25. 95 % bootstrap intervals and sign-flip p, by passage.
- answerability: the area under the curve of the confidence of the decision on the reader's best sentence, retrieval
  restricted to the passage: no other passage is a rival, and so the strongest sign that confidence goes by says little
  here. Coverage is that of the passage's best sentence. 95 % bootstrap intervals, by passage.
- speed: of the encoder alone, on the machine named above; a passage is its first 200 characters."""
_SETS: dict[str, Callable[[Path, str], Iterator[Figure]]] = {
    **dict.fromkeys(MEASURED, retrieval_figures),
    **dict.fromkeys(SENTENCE_SETS, sentence_figures),
    **dict.fromkeys(ANSWERABILITY_SETS, answerability_figures),
    "speed": lambda data_folder, _name: speed_figures(data_folder),
}


def models(arguments: argparse.Namespace) -> int:
    """Measure, print the tables, and write them where a folder is named."""
    figures = list(_told(measured(arguments.data, arguments.only or ())))
    document = {
        "created": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "machine": machine(),
        "dense_weight": DENSE_WEIGHT,
        "figures": [figure.record() for figure in figures],
    }
    text = markdown(document)
    if arguments.out:
        write_document(arguments.out, "models", document, text)
    print_document(document, text, as_json=arguments.json)
    return 0


def measured(data_folder: Path, only: Sequence[str] = ()) -> Iterator[Figure]:
    """The figures of the sets that are named, of all where none is; raises NothingThere."""
    if not (data_folder / "measure").is_dir():
        raise NothingThere(
            f"{str(data_folder)!r} holds no folder 'measure'; name the folder of the public sets by --data DIR."
        )
    if unknown := sorted(set(only) - set(_SETS)):
        raise NothingThere(f"There is no set {unknown[0]!r}; name some of {', '.join(_SETS)}.")
    for name, figures_of in _SETS.items():
        if not only or name in only:
            yield from figures_of(data_folder, name)


def _told(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Each figure as it comes is told on standard error: the whole takes minutes."""
    started = time.monotonic()
    for figure in figures:
        print(f"{time.monotonic() - started:4.0f} s  {figure.name} {figure.measure}", file=sys.stderr, flush=True)
        yield figure


def markdown(document: Mapping[str, Any]) -> str:
    """A table for each part."""
    head = f"{document['created']} · commit {document['commit'][:12] or '–'} · {document['machine']}"
    parts = [
        "# What the shipped models are worth",
        head,
        _ABOUT.format(dense_weight=shown(document["dense_weight"], 2)),
    ]
    figures = document["figures"]
    for part in dict.fromkeys(figure["part"] for figure in figures):
        rows = [row_of(figure) for figure in figures if figure["part"] == part]
        parts.append(f"## {part.capitalize()}\n\n{markdown_table([HEAD, *rows])}")
    return "\n\n".join(parts) + "\n"
