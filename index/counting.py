"""Term counts of passages, by term: what BM25 is weighed from.

A run holds the counts of some passages. Passages are counted in lots, each of them a run; a build of many keeps its
runs on disk, so one lot is in memory at a time, and one that was stopped goes on from them. What the generation
before has counted is a run too, its passages renumbered.
"""

from __future__ import annotations

import hashlib
import shutil
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analyser import ANALYSER_VERSION, terms
from index.codec import PassageTable
from index.durable import StoredArray, array_content, write_file
from index.progress import Progress, quiet

COUNTED_AT_ONCE = 1 << 14  # passages
POSTINGS_AT_ONCE = 1 << 20
_RUN_ARRAYS = ("starts", "rows", "counts")


@dataclass(frozen=True, slots=True)
class Run:
    """For each of its terms, sorted, the passages that hold it: `rows[starts[t]:starts[t + 1]]`."""

    read_terms: Callable[[], Sequence[str]]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32] | StoredArray
    counts: NDArray[Any] | StoredArray  # occurrences of the term in the passage; unsigned
    numbers: NDArray[np.int64] | None = None  # the row that each row has now, −1 where it is gone; None: the same

    def renumbered(self, numbers: NDArray[np.int64]) -> Run:
        """The same counts, `numbers` telling the row that each row has now, −1 where it is gone."""
        return replace(self, numbers=numbers)

    def between(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
        """Of the terms from `first` up to `last`: how many passages hold each, their rows, and the counts."""
        starts = self.starts[first : last + 1] - self.starts[first]
        span = slice(int(self.starts[first]), int(self.starts[last]))
        rows, counts = self.rows[span], self.counts[span]
        if self.numbers is None:
            return np.diff(starts), rows.astype(np.int64), counts
        rows = self.numbers[rows]
        gone = np.flatnonzero(rows < 0)
        if not len(gone):
            return np.diff(starts), rows, counts
        lost = np.bincount(np.searchsorted(starts, gone, side="right") - 1, minlength=last - first)
        return np.diff(starts) - lost, np.delete(rows, gone), np.delete(counts, gone)


def ranges(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut terms into ranges that have about `POSTINGS_AT_ONCE` postings each, given where their postings start."""
    first = 0
    while first < len(starts) - 1:
        last = int(np.searchsorted(starts, starts[first] + POSTINGS_AT_ONCE, side="right")) - 1
        yield first, max(last, first + 1)
        first = max(last, first + 1)


def count_documents(documents: Iterable[Sequence[str]], rows: NDArray[np.int64] | None = None) -> Run:
    """Counts of documents given as lists of terms; `rows` (ascending) are their numbers, 0, 1, … where None."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    columns, lengths = array("i"), array("q")
    for document in documents:
        columns.extend(map(numbers.__getitem__, document))
        lengths.append(len(document))
    words = list(numbers)
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words), dtype=np.int64)
    place[order] = np.arange(len(words))
    documents_of = np.repeat(np.arange(len(lengths)), np.asarray(lengths))
    pairs = place[np.asarray(columns)] * max(len(lengths), 1) + documents_of  # by term, then by document
    pairs.sort()
    firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
    counts = np.diff(firsts, append=len(pairs))
    column, document_of = np.divmod(pairs[firsts], max(len(lengths), 1))
    return Run(
        [words[number] for number in order].copy,
        np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(words)))]).astype(np.int64),
        (document_of if rows is None else rows[document_of]).astype(np.int32),
        counts.astype(np.min_scalar_type(int(counts.max(initial=0)))),
    )


def count_passages(passages: PassageTable, rows: NDArray[np.int64]) -> Run:
    """Analyse the passages of those rows (ascending)."""
    return count_documents(_documents(passages.parts(rows)), rows)


def _documents(parts: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """No term crosses a line, so a context that neighbours share is analysed once."""
    known, of_context = "", list[str]()
    for context, text in parts:
        if context != known:
            known, of_context = context, terms(context)
        yield of_context + terms(text)


def count_in_lots(
    passages: PassageTable, rows: NDArray[np.int64], keys: NDArray[np.uint8], kept: Path, tell: Progress = quiet
) -> list[Run]:
    """Runs of the passages of those rows (ascending); where these are many, each run is kept in the folder `kept`.

    `keys` are hashes of all search texts: what an earlier build kept is recognised by them.
    """
    if len(rows) <= COUNTED_AT_ONCE:
        return [count_passages(passages, rows)] if len(rows) else []
    runs = []
    for first in range(0, len(rows), COUNTED_AT_ONCE):
        lot = rows[first : first + COUNTED_AT_ONCE]
        digest = hashlib.blake2b(ANALYSER_VERSION.encode(), digest_size=16)
        digest.update(lot.tobytes())
        digest.update(keys[lot].tobytes())
        runs.append(_counted_once(passages, lot, kept / digest.hexdigest()))
        tell("counting terms", min(first + COUNTED_AT_ONCE, len(rows)), len(rows))
    return runs


def _counted_once(passages: PassageTable, rows: NDArray[np.int64], folder: Path) -> Run:
    """The run in `folder`, counted and written there first where there is none."""
    try:
        return _stored(folder)
    except (OSError, ValueError):
        pass
    run = count_passages(passages, rows)
    aside = folder.with_suffix(".part")
    aside.mkdir(parents=True, exist_ok=True)
    write_file(aside / "terms.txt", "\n".join(run.read_terms()).encode("utf-8"))
    for name in _RUN_ARRAYS:
        write_file(aside / f"{name}.npy", array_content(getattr(run, name)))
    shutil.rmtree(folder, ignore_errors=True)  # damaged, or it would have been read
    aside.rename(folder)
    return _stored(folder)


def _stored(folder: Path) -> Run:
    """The run that was written to `folder`; raises OSError or ValueError."""
    starts, rows, counts = (StoredArray(folder / f"{name}.npy") for name in _RUN_ARRAYS)
    return Run(partial(_lines, folder / "terms.txt"), starts[:], rows, counts)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")
