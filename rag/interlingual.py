"""Across languages: how much of a question a text in the other language says, word by word.

The bundled encoder holds words of both languages in one space. A word of the question is held as far as the nearest
word of the text is near to it (the late interaction of ColBERT, Khattab & Zaharia 2020, with static vectors); words
count by the length of their vectors, which training made large for telling ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analyser import fold
from index.embedder import bundled_embedder
from rag.blocks import Sentence
from rag.wording import content

_UNRELATED, _SAME = 0.1, 0.6  # cosine up to which two words have nothing in common, and from which they mean the same
_SETTING = 0.8  # worth of a word that only the headings hold, as within one language


def said_across(question: str, sentences: Sequence[Sentence]) -> list[float]:
    """For each sentence, the share of a folded question's words, by their weight, that it or its headings say, 0–1."""
    asked = bundled_embedder().words(content(question))
    lengths = np.linalg.norm(asked, axis=1)
    if not lengths.any():
        return [0.0] * len(sentences)
    wanted = asked / np.maximum(lengths, 1e-9)[:, None]
    settings: dict[tuple[str, ...], NDArray[np.float32]] = {}
    shares = []
    for sentence in sentences:
        headings = (sentence.edition.title, *sentence.unit.path)
        if headings not in settings:
            settings[headings] = _SETTING * _held(wanted, fold(" ".join(headings)))
        held = np.maximum(_held(wanted, sentence.folded), settings[headings])
        shares.append(float(lengths @ held / lengths.sum()))
    return shares


def _held(wanted: NDArray[np.float32], folded: str) -> NDArray[np.float32]:
    """How far each of the words `wanted`, shape (words, dimension), is held by a text, 0–1."""
    words = _words(folded)
    if not len(words):
        return np.zeros(len(wanted), dtype=np.float32)
    nearest = (wanted @ words.T).max(axis=1)
    return np.asarray(np.clip((nearest - _UNRELATED) / (_SAME - _UNRELATED), 0, 1), dtype=np.float32)


@lru_cache(maxsize=512)
def _words(folded: str) -> NDArray[np.float32]:
    """Directions of the words of a text, shape (words, dimension)."""
    words = bundled_embedder().words(folded)
    return np.asarray(words / np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-9), dtype=np.float32)
