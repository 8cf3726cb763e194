"""Incremental equals clean: the same files, byte for byte, whatever was taken over from the generation before."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_support import GARDEN_DECLARATION, GARDEN_LAW, GARDEN_NEWS, TopicEmbedder, make_edition

from index.analyser import terms
from index.bm25 import K1, B, count_documents, count_terms, weigh
from index.build import build_index
from index.generations import current_generation
from index.lexical import LexicalIndex
from index.manifest import FILES
from index.split import split_edition
from index.store import PassageIndex
from sources.edition import Edition

NAMES = {name: {"zh": [name]} for name in ("garden-law", "garden-news", "garden-declaration", "other")}
LINES = (
    "第四条 公园每年种树400棵。",
    "镇长说：“松鼠是居民。”",
    "The town planted oaks.",
    "生火的，处罚款。",
    "Oakham",
    "第五条 解释权归镇长。",
)
_EDIT = st.one_of(
    st.tuples(st.just("insert"), st.integers(0, 2), st.integers(0, 30), st.sampled_from(LINES)),
    st.tuples(st.just("remove"), st.integers(0, 2), st.integers(0, 30), st.just("")),
    st.tuples(st.just("rename"), st.integers(0, 2), st.just(0), st.sampled_from(["other", "garden-law"])),
    st.tuples(st.just("drop"), st.integers(0, 2), st.just(0), st.just("")),
    st.tuples(st.just("restore"), st.just(0), st.just(0), st.just("")),
)  # fmt: skip
Texts = list[tuple[str, str, str]]  # source id, language, text
START: Texts = [("garden-law", "zh", GARDEN_LAW), ("garden-news", "zh", GARDEN_NEWS), ("garden-declaration", "en", GARDEN_DECLARATION)]  # fmt: skip


def edited(texts: Texts, edit: tuple[str, int, int, str]) -> Texts:
    kind, which, line, words = edit
    if kind == "restore" or not texts:
        return list(START)
    which %= len(texts)
    source_id, language, text = texts[which]
    lines = text.split("\n")
    if kind == "insert":
        lines.insert(1 + line % len(lines), words)
    elif kind == "remove" and len(lines) > 3:
        del lines[1 + line % (len(lines) - 1)]
    elif kind == "rename" and words not in [other[0] for other in texts]:
        source_id = words
    changed = [(source_id, language, "\n".join(lines))]
    return texts[:which] + ([] if kind == "drop" and len(texts) > 1 else changed) + texts[which + 1 :]


def editions_of(texts: Texts) -> list[Edition]:
    return sorted((make_edition(*text) for text in texts), key=lambda edition: edition.key)


def contents(folder: Path) -> dict[str, bytes]:
    generation = current_generation(folder)
    return {name: (generation / name).read_bytes() for name in (*FILES, "manifest.json")}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(_EDIT, min_size=1, max_size=6))
def test_any_sequence_of_edits_leads_to_the_files_of_a_clean_build(
    edits: list[tuple[str, int, int, str]], embedder: TopicEmbedder
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, texts = Path(name), START
        build_index(editions_of(texts), NAMES, folder / "incremental")
        for number, edit in enumerate(edits):
            texts = edited(texts, edit)
            before = {passage.search_text for passage in PassageIndex.open(folder / "incremental").passages}
            report = build_index(editions_of(texts), NAMES, folder / "incremental")
            clean = build_index(editions_of(texts), NAMES, folder / str(number))
            assert report.id == clean.id
            assert contents(folder / "incremental") == contents(folder / str(number))
            passages = [passage for edition in editions_of(texts) for passage in split_edition(edition)]
            assert report.embedded <= sum(passage.search_text not in before for passage in passages)


def test_bundled_embedder_gives_changed_passages_the_vectors_of_a_clean_build(tmp_path: Path) -> None:
    changed = [(source_id, language, text.replace("五十元", "六十元")) for source_id, language, text in START]
    build_index(editions_of(START), NAMES, tmp_path / "incremental")
    assert build_index(editions_of(changed), NAMES, tmp_path / "incremental").embedded == 1
    build_index(editions_of(changed), NAMES, tmp_path / "clean")
    assert contents(tmp_path / "incremental") == contents(tmp_path / "clean")


def test_text_that_only_moved_is_not_embedded_again(tmp_path: Path, embedder: TopicEmbedder) -> None:
    """A paragraph put in at the top shifts every offset below it, and changes no other passage."""
    build_index(editions_of(START), NAMES, tmp_path)
    shifted = [START[0], ("garden-news", "zh", GARDEN_NEWS.replace("\n\n首届", "\n\n本报讯。\n\n首届")), START[2]]
    assert build_index(editions_of(shifted), NAMES, tmp_path).embedded == 1
    renamed = [START[0], ("other", "zh", shifted[1][2]), START[2]]
    assert build_index(editions_of(renamed), NAMES, tmp_path).embedded == 0


def test_edit_and_back_switches_to_the_generation_that_is_still_there(tmp_path: Path, embedder: TopicEmbedder) -> None:
    first = build_index(editions_of(START), NAMES, tmp_path)
    build_index(editions_of(START[:2]), NAMES, tmp_path)
    again = build_index(editions_of(START), NAMES, tmp_path)
    assert (again.id, again.switched, again.embedded) == (first.id, True, 0)


@pytest.mark.parametrize("name", ["vectors.faiss", "counts.npy", "keys.npy", "terms.json"])
def test_damaged_generation_is_not_built_upon(tmp_path: Path, embedder: TopicEmbedder, name: str) -> None:
    build_index(editions_of(START), NAMES, tmp_path / "damaged")
    path = current_generation(tmp_path / "damaged") / name
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    build_index(editions_of(START[:2]), NAMES, tmp_path / "damaged")
    build_index(editions_of(START[:2]), NAMES, tmp_path / "clean")
    assert contents(tmp_path / "damaged") == contents(tmp_path / "clean")


def test_damaged_generation_in_use_is_built_again(tmp_path: Path, embedder: TopicEmbedder) -> None:
    build_index(editions_of(START), NAMES, tmp_path)
    (current_generation(tmp_path) / "weights.npy").write_bytes(b"")
    report = build_index(editions_of(START), NAMES, tmp_path)
    assert report.switched
    assert PassageIndex.open(tmp_path).verify(current_generation(tmp_path)) == []


@given(st.lists(st.lists(st.sampled_from(["b", "树", "木", "树木", "oak"]), max_size=8), min_size=1, max_size=8))
def test_weights_are_those_of_bm25s_to_the_bit(documents: list[list[str]]) -> None:
    if not any(documents):
        return
    vocabulary = sorted({term for document in documents for term in document})
    numbers = {term: number for number, term in enumerate(vocabulary)}
    model = bm25s.BM25(method="lucene", k1=K1, b=B)
    model.index(([[numbers[t] for t in d] for d in documents], numbers), create_empty_token=False, show_progress=False)
    expected = dense(model.scores["indptr"], model.scores["indices"], model.scores["data"], len(documents))
    postings = weigh(count_documents(documents))
    assert list(postings.terms) == vocabulary
    assert dense(postings.starts, postings.rows, postings.weights, len(documents)).tolist() == expected.tolist()
    known = [term for term in terms("树木 oak oak b") if term in numbers]
    if known:
        scores = LexicalIndex(postings, len(documents)).scores("树木 oak oak b")
        assert scores.tolist() == model.get_scores(known).tolist()


def dense(starts: np.ndarray, rows: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    table = np.zeros((count, len(starts) - 1), dtype=np.float32)
    table[rows, np.repeat(np.arange(len(starts) - 1), np.diff(starts))] = values
    return table


@given(st.lists(st.text("甲乙树 \noak第三条a1²³٠Σς,“”", min_size=1, max_size=40), min_size=1, max_size=5))
def test_counts_of_a_passage_are_those_of_its_search_text(lines: Sequence[str]) -> None:
    """Context and text are analysed apart; no term may cross the line break between them."""
    edition = make_edition("x", "zh", "\n".join(["标题a1", *lines]))
    passages = split_edition(edition)
    counted = count_terms(passages)
    for passage, row in zip(passages, counted.matrix.toarray(), strict=True):
        found = {term: int(times) for term, times in zip(counted.terms, row, strict=True) if times}
        assert found == Counter(terms(passage.search_text))
