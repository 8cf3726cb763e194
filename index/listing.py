"""The passages of a build, as rows: those of editions that have not changed are taken over without splitting them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.codec import PASSAGE_ROW, HeldEditions, PassageTable
from index.reuse import KEY_BYTES, Earlier
from index.split import split_edition
from sources.edition import Edition


@dataclass(frozen=True, slots=True)
class Listing:
    """Passages in order, and by row: the hash of its search text, and the row of the generation before it comes from.

    `keys` has shape (passages, 16); `taken` is −1 where a passage is new.
    """

    passages: PassageTable
    keys: NDArray[np.uint8]
    taken: NDArray[np.int64]


class _Words:
    """Words by number, in the order in which they came."""

    def __init__(self, known: Sequence[str]) -> None:
        self._numbers = {word: number for number, word in enumerate(known)}

    def number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    def numbered_anew(self, column: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], list[str]]:
        """The column with words numbered by where they first stand in it, and these words."""
        words = list(self._numbers)
        used, firsts, inverse = np.unique(column, return_index=True, return_inverse=True)
        order = np.argsort(firsts)
        place = np.empty(len(order), dtype=np.uint32)
        place[order] = np.arange(len(order), dtype=np.uint32)
        return place[inverse], [words[number] for number in used[order].tolist()]


def list_passages(editions: Sequence[Edition], units: Sequence[bytes], earlier: Earlier | None) -> Listing:
    """Passages of all editions, whose dumped units are given; `earlier` is the generation in use.

    What is listed depends on the editions alone, whatever is taken over.
    """
    before = earlier.passages if earlier else None
    locators, contexts = _Words(before.locators if before else ()), _Words(before.contexts if before else ())
    rows, keys, taken = [np.zeros(0, PASSAGE_ROW)], [np.zeros((0, KEY_BYTES), np.uint8)], [np.zeros(0, np.int64)]
    for number, (edition, its_units) in enumerate(zip(editions, units, strict=True)):
        same = earlier.rows_of(edition, its_units) if earlier else None
        if earlier and before and same is not None:
            own = before.rows[same.start : same.stop].copy()
            own["edition"] = number
            keys.append(earlier.keys[same.start : same.stop])
            taken.append(np.arange(same.start, same.stop))
        else:
            own, of_own = _split(edition, number, locators, contexts)
            keys.append(of_own)
            taken.append(earlier.rows_with(of_own) if earlier else np.full(len(own), -1))
        rows.append(own)
    listed = np.concatenate(rows)
    listed["locator"], of_locators = locators.numbered_anew(listed["locator"])
    listed["context"], of_contexts = contexts.numbered_anew(listed["context"])
    passages = PassageTable(listed, of_locators, of_contexts, HeldEditions(editions))
    return Listing(passages, np.concatenate(keys), np.concatenate(taken))


def _split(
    edition: Edition, number: int, locators: _Words, contexts: _Words
) -> tuple[NDArray[np.void], NDArray[np.uint8]]:
    """Rows and keys of the passages of one edition."""
    found, keys = [], []
    for p in split_edition(edition):
        row = (p.id.encode("ascii"), number, locators.number(p.locator), p.start, p.end, contexts.number(p.context))
        found.append(row)
        keys.append(hashlib.blake2b(p.search_text.encode("utf-8"), digest_size=KEY_BYTES).digest())
    rows = np.array(found, dtype=PASSAGE_ROW)
    return rows, np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), KEY_BYTES)
