"""Fusion and BM25, with values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bm25 import Weighing
from index.counting import count_documents
from index.durable import array_content, write_file
from index.fusion import DENSE_WEIGHT, TRUSTED_FROM, fuse, lexical_weight
from index.lexical import LexicalIndex, term_files

_SCORES = st.lists(st.floats(0, 100, width=32), min_size=1, max_size=20)


def test_linear_sum_of_scores_divided_by_their_best() -> None:
    fused = fuse(np.array([4.0, 2.0, 0.0], np.float32), np.array([0.1, 0.4, -0.2], np.float32), 0.25)
    assert fused.tolist() == pytest.approx([0.75 * 1 + 0.25 * 0.25, 0.75 * 0.5 + 0.25 * 1, 0.0])


def test_no_lexical_match_leaves_the_dense_order() -> None:
    assert np.argmax(fuse(np.zeros(3, np.float32), np.array([0.1, 0.3, 0.2], np.float32))) == 1


def test_a_lexical_best_that_is_almost_nothing_does_not_outweigh_meaning() -> None:
    lexical, dense = np.array([1.0, 0.0], np.float32), np.array([0.2, 0.9], np.float32)
    assert np.argmax(fuse(lexical, dense, reachable=2.0)) == 0
    assert np.argmax(fuse(lexical, dense, reachable=100.0)) == 1
    assert fuse(lexical, dense, reachable=100.0).max() > 0.8
    assert fuse(np.zeros(2, np.float32), dense, reachable=100.0).max() == pytest.approx(DENSE_WEIGHT)


@given(st.floats(0.01, 100), st.floats(0, 1000), st.floats(0, 1000))
def test_words_count_in_full_from_the_share_on_and_never_more(top: float, one: float, other: float) -> None:
    assert lexical_weight(top, DENSE_WEIGHT, top / TRUSTED_FROM) == pytest.approx(1 - DENSE_WEIGHT)
    assert lexical_weight(top, DENSE_WEIGHT, 0.0) == pytest.approx(1 - DENSE_WEIGHT)
    less, more = sorted((one, other), reverse=True)
    if more > 0:
        assert lexical_weight(top, DENSE_WEIGHT, less) <= lexical_weight(top, DENSE_WEIGHT, more) + 1e-9


@given(_SCORES, st.floats(0, 1), st.floats(0, 1000))
def test_fused_scores_stay_in_the_unit_interval_and_keep_a_shared_order(
    scores: list[float], weight: float, reachable: float
) -> None:
    array = np.array(scores, np.float32)
    fused = fuse(array, array, weight, reachable)
    assert ((fused >= 0) & (fused <= 1 + 1e-6)).all()
    assert (np.diff(fused[np.argsort(array, kind="stable")]) >= -1e-6).all()


def test_bm25_equals_its_formula_and_survives_the_disk(tmp_path: Path) -> None:
    """Lucene's BM25: idf = ln(1 + (N − df + ½)/(df + ½)), tf part f/(f + k₁(1 − b + b·len/avg))."""
    postings = Weighing([count_documents([["tree", "oak"], ["tree", "tree", "elm", "ash"]])], 2).postings()
    files = {f"{name}.npy": array_content(getattr(postings, name)) for name in ("rows", "weights", "counts")}
    for name, content in (files | term_files(postings.terms, postings.starts)).items():
        write_file(tmp_path / name, content)
    loaded = LexicalIndex.load(tmp_path, 2)
    idf_oak = np.log(1 + (2 - 1 + 0.5) / 1.5)
    expected = idf_oak * 1 / (1 + 1.2 * (1 - 0.75 + 0.75 * 2 / 3))
    assert loaded.scores("oak").tolist() == pytest.approx([expected, 0.0], rel=1e-5)
    assert loaded.idf("oak") == pytest.approx(idf_oak)
    assert loaded.idf("unknown") > loaded.idf("oak")
    assert loaded.scores("unknown").tolist() == [0.0, 0.0]
    assert loaded.reachable("oak oak") == pytest.approx(2 * idf_oak)
    assert loaded.scores("oak elm").max() < loaded.reachable("oak elm")
