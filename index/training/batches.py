"""Batches of token bags for contrastive training, drawn without touching text again.

Texts are tokenised once; a batch is two lists of bags (`Bags`) whose rows belong together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.training.corpora import Pairs
from index.training.lexicon import Lexicon

Ints = NDArray[np.int64]

LONGEST_BAG = 320  # tokens; longer passages give a random window


@dataclass(frozen=True, slots=True)
class Bags:
    """Token ids of many texts, one after the other, and where each text starts."""

    ids: Ints
    offsets: Ints


@dataclass(frozen=True, slots=True)
class Batch:
    """Two sides of the same length; equal groups are not negatives of each other."""

    task: str
    left: Bags
    right: Bags
    groups: Ints


class Sampler(Protocol):
    """Anything that draws a batch."""

    name: str
    size: int

    def draw(self, random: np.random.Generator) -> Batch:
        """A batch of `size` pairs."""
        ...


class TokenStore:
    """Many tokenised texts in two flat arrays."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
        lengths: list[int] = []
        parts: list[NDArray[np.int32]] = []
        for start in range(0, len(texts), 20_000):
            encodings = tokenizer.encode_batch_fast(list(texts[start : start + 20_000]), add_special_tokens=False)
            ids = [encoding.ids for encoding in encodings]
            lengths += [len(row) for row in ids]
            parts.append(np.fromiter((token for row in ids for token in row), dtype=np.int32))
        self.ids: NDArray[np.int32] = np.concatenate([np.zeros(0, dtype=np.int32), *parts])
        self.bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)

    def take(self, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Ids of the texts first…last−1 of each row, flat, with the length of each row."""
        return take_ranges(self.ids, self.bounds[first], self.bounds[last])


def take_ranges(ids: NDArray[np.int32], starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Slices ids[start:end] of all rows, flat, with the length of each."""
    lengths = ends - starts
    total = int(lengths.sum())
    before = np.cumsum(lengths) - lengths
    positions = np.arange(total) - np.repeat(before - starts, lengths)
    return ids[positions].astype(np.int64), lengths


def to_bags(ids: Ints, lengths: Ints) -> Bags:
    """Bags from flat ids and lengths."""
    return Bags(ids, np.cumsum(lengths) - lengths)


def drop_tokens(ids: Ints, lengths: Ints, share: float, random: np.random.Generator) -> tuple[Ints, Ints]:
    """The same rows without a random share of their tokens."""
    if share <= 0:
        return ids, lengths
    kept = random.random(len(ids)) >= share
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return ids[kept], np.bincount(rows[kept], minlength=len(lengths)).astype(np.int64)


class PairSampler:
    """Draws rows of a `Pairs` table."""

    def __init__(self, tokenizer: Tokenizer, pairs: Pairs, size: int, drop: float) -> None:
        self.name, self.size, self._drop = pairs.name, min(size, len(pairs.left)), drop
        self._left, self._right = TokenStore(tokenizer, pairs.left), TokenStore(tokenizer, pairs.right)
        self._groups = np.asarray(pairs.group, dtype=np.int64)

    def draw(self, random: np.random.Generator) -> Batch:
        """Random rows; long passages are cut to a random window."""
        rows = random.choice(len(self._groups), self.size, replace=False)
        sides = []
        for store in (self._left, self._right):
            starts, ends = store.bounds[rows], store.bounds[rows + 1]
            surplus = np.maximum(ends - starts - LONGEST_BAG, 0)
            starts = starts + (random.random(len(rows)) * (surplus + 1)).astype(np.int64)
            ids, lengths = take_ranges(store.ids, starts, np.minimum(ends, starts + LONGEST_BAG))
            sides.append(to_bags(*drop_tokens(ids, lengths, self._drop, random)))
        return Batch(self.name, sides[0], sides[1], self._groups[rows])


class ContextSampler:
    """Draws a sentence and the sentences around it, which it does not contain."""

    def __init__(self, name: str, tokenizer: Tokenizer, documents: list[list[str]], size: int, drop: float) -> None:
        self.name, self.size, self._drop = name, size, drop
        self.store = TokenStore(tokenizer, [sentence for document in documents for sentence in document])
        self._ends = np.cumsum([len(document) for document in documents])
        self._starts = self._ends - np.asarray([len(document) for document in documents])

    def draw(self, random: np.random.Generator) -> Batch:
        """One sentence each of `size` documents, with up to three sentences before and after it."""
        documents, sentence = self.choose(random)
        before = np.maximum(self._starts[documents], sentence - random.integers(0, 4, self.size))
        after = np.minimum(self._ends[documents], sentence + 1 + random.integers(1, 4, self.size))
        before = np.where(
            (before == sentence) & (after == sentence + 1), np.maximum(self._starts[documents], sentence - 2), before
        )
        left = drop_tokens(*self.store.take(sentence, sentence + 1), self._drop, random)
        firsts = np.stack([before, sentence + 1], axis=1).ravel()
        lasts = np.stack([sentence, after], axis=1).ravel()
        ids, lengths = self.store.take(firsts, lasts)
        right = drop_tokens(ids, lengths.reshape(-1, 2).sum(axis=1), self._drop, random)
        return Batch(self.name, to_bags(*left), to_bags(*right), documents)

    def choose(self, random: np.random.Generator) -> tuple[Ints, Ints]:
        """Distinct documents and one sentence of each."""
        documents = random.choice(len(self._starts), self.size, replace=False)
        counts = self._ends[documents] - self._starts[documents]
        return documents, self._starts[documents] + (random.random(self.size) * counts).astype(np.int64)


class WordForWordSampler:
    """Draws sentences with their own word-for-word dictionary translation, or that of a neighbour."""

    def __init__(self, name: str, source: ContextSampler, lexicon: Lexicon, size: int, drop: float) -> None:
        self.name, self.size, self._source, self._lexicon, self._drop = (
            name,
            min(size, source.size),
            source,
            lexicon,
            drop,
        )

    def draw(self, random: np.random.Generator) -> Batch:
        """Left: one to three sentences put into the other language; right: the same sentences as they stand."""
        documents, sentence = self._source.choose(random)
        documents, sentence = documents[: self.size], sentence[: self.size]
        last = np.minimum(sentence + random.integers(1, 4, self.size), len(self._source.store.bounds) - 1)
        ids, lengths = drop_tokens(*self._source.store.take(sentence, last), self._drop, random)
        left = self._lexicon.translate(ids, lengths, random)
        right = drop_tokens(*self._source.store.take(sentence, last), self._drop, random)
        return Batch(self.name, to_bags(*left), to_bags(*right), documents)


class TranslatedQuestionSampler:
    """Draws questions put word for word into the other language, with the passages that answer them."""

    def __init__(self, name: str, source: PairSampler, lexicon: Lexicon) -> None:
        self.name, self.size, self._source, self._lexicon = name, source.size, source, lexicon

    def draw(self, random: np.random.Generator) -> Batch:
        """A batch of the source with its left side translated."""
        batch = self._source.draw(random)
        lengths = np.diff(batch.left.offsets, append=len(batch.left.ids))
        left = self._lexicon.translate(batch.left.ids, lengths, random)
        return Batch(self.name, to_bags(*left), batch.right, batch.groups)
