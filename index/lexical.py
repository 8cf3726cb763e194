"""The lexical index: BM25 (Lucene variant, Robertson & Zaragoza 2009) over the analyser's terms, by bm25s."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.analyser import terms

_K1 = 1.2
_B = 0.75


class LexicalIndex:
    """BM25 scores of every passage; document i is passage i."""

    def __init__(self, model: bm25s.BM25, count: int) -> None:
        self._model = model
        self.count = count

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        """Index documents given as term lists."""
        vocabulary = {
            term: number for number, term in enumerate(sorted({term for document in documents for term in document}))
        }
        numbers = [[vocabulary[term] for term in document] for document in documents]
        model = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        model.index((numbers, vocabulary or {"": 0}), create_empty_token=False, show_progress=False)
        return cls(model, len(documents))

    @classmethod
    def load(cls, folder: Path, count: int) -> LexicalIndex:
        """Read an index that `save` wrote, memory-mapped."""
        return cls(bm25s.BM25.load(str(folder), mmap=True, load_corpus=False), count)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        self._model.save(str(folder), show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of `query` with every passage, shape (count,); 0 where no term is shared."""
        vocabulary = self._model.vocab_dict
        known = [term for term in terms(query) if term in vocabulary]
        if not known:
            return np.zeros(self.count, dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    def knows(self, term: str) -> bool:
        """Whether any passage holds the term."""
        return term in self._model.vocab_dict

    def idf(self, term: str) -> float:
        """How rare a term is (Lucene's idf); the largest possible value for an unknown term."""
        if self._idf is None:
            lengths = np.diff(np.asarray(self._model.scores["indptr"]))
            frequencies = {
                word: int(lengths[number]) for word, number in self._model.vocab_dict.items() if number < len(lengths)
            }
            self._idf = {
                word: float(np.log(1 + (self.count - df + 0.5) / (df + 0.5))) for word, df in frequencies.items()
            }
        return self._idf.get(term, float(np.log(1 + (self.count + 0.5) / 0.5)))

    _idf: dict[str, float] | None = None
