"""A bilingual dictionary over token ids, for word-for-word translation of running text."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ints = NDArray[np.int64]
_MOST_SENSES = 4  # later senses are rare ones
_MOST_TOKENS = 6  # longer glosses explain rather than translate


class Lexicon:
    """Token id → translations, each a few token ids with a probability; unknown tokens translate to nothing."""

    def __init__(self, entries: dict[int, list[tuple[list[int], float]]], size: int) -> None:
        counts = np.zeros(size, dtype=np.int64)
        lengths: list[int] = []
        flat: list[int] = []
        cumulative: list[float] = []
        for token in range(size):
            senses = entries.get(token, [])
            counts[token] = len(senses)
            total = sum(weight for _, weight in senses)
            running = 0.0
            for ids, weight in senses:
                running += weight / total
                cumulative.append(running)
                lengths.append(len(ids))
                flat += ids
        self.known = int((counts > 0).sum())
        self._counts = counts
        self._first = np.cumsum(counts) - counts
        self._cumulative = np.asarray(cumulative)
        self._ids = np.asarray(flat, dtype=np.int64)
        self._ends = np.cumsum(lengths)
        self._starts = self._ends - np.asarray(lengths)

    def translate(self, ids: Ints, lengths: Ints, random: np.random.Generator) -> tuple[Ints, Ints]:
        """Rows of translated tokens, flat, with their lengths; one random sense for each token."""
        rows = np.repeat(np.arange(len(lengths)), lengths)
        known = self._counts[ids] > 0
        ids, rows = ids[known], rows[known]
        draw = random.random(len(ids))
        sense = self._first[ids].copy()
        for step in range(_MOST_SENSES - 1):
            further = (
                (self._counts[ids] > step + 1) & (sense == self._first[ids] + step) & (draw > self._cumulative[sense])
            )
            sense[further] += 1
        starts, ends = self._starts[sense], self._ends[sense]
        counts = ends - starts
        positions = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts - starts, counts)
        translated = np.bincount(rows, weights=counts, minlength=len(lengths)).astype(np.int64)
        return self._ids[positions], translated


def both_directions(
    tokenizer: Tokenizer, dictionary: Iterable[tuple[str, list[str]]], frequency: NDArray[np.int64]
) -> tuple[Lexicon, Lexicon]:
    """Chinese→English and English→Chinese, the second from glosses of one token, weighted by Chinese frequency."""
    forward: dict[int, list[tuple[list[int], float]]] = {}
    backward: dict[int, Counter[int]] = defaultdict(Counter)
    for word, glosses in dictionary:
        source = tokenizer.encode(word, add_special_tokens=False).ids
        if len(source) != 1 or source[0] == 0:
            continue
        token = source[0]
        for rank, gloss in enumerate(glosses[:_MOST_SENSES]):
            ids = tokenizer.encode(gloss, add_special_tokens=False).ids
            if not 0 < len(ids) <= _MOST_TOKENS or 0 in ids:
                continue
            known = min(int(frequency[part]) for part in ids)
            senses = forward.setdefault(token, [])
            if len(senses) < _MOST_SENSES:
                senses.append((ids, (known + 1) ** 0.25 / (rank + 1)))
            if len(ids) == 1:
                backward[ids[0]][token] += int((frequency[token] + 1) ** 0.5 * 100 / (rank + 1))
    reverse = {
        token: [([word], float(weight)) for word, weight in words.most_common(_MOST_SENSES)]
        for token, words in backward.items()
    }
    size = tokenizer.get_vocab_size()
    return Lexicon(forward, size), Lexicon(reverse, size)
