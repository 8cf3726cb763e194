"""Incremental equals clean: the same files, byte for byte, whatever was taken over from the generation before."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_support import GARDEN_DECLARATION, GARDEN_LAW, GARDEN_NEWS, TopicEmbedder, make_edition

from index.analyser import terms
from index.bm25 import K1, B, Weighing
from index.build import build_index
from index.codec import dump_units
from index.counting import count_documents, count_passages
from index.generations import current_generation
from index.lexical import LexicalIndex
from index.listing import list_passages
from index.manifest import FILES
from index.passage import Passage
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


@contextmanager
def pieces(is_small: bool) -> Iterator[None]:
    """Where they are small, a build of a dozen passages works piece by piece, as one of a million does."""
    with pytest.MonkeyPatch.context() as patch:
        if is_small:
            patch.setattr("index.counting.COUNTED_AT_ONCE", 3)
            patch.setattr("index.counting.POSTINGS_AT_ONCE", 5)
            patch.setattr("index.embedding.EMBEDDED_AT_ONCE", 2)
        yield


@pytest.mark.parametrize("is_small", [False, True], ids=["whole", "in pieces"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(_EDIT, min_size=1, max_size=6))
def test_any_sequence_of_edits_leads_to_the_files_of_a_clean_build(
    edits: list[tuple[str, int, int, str]], embedder: TopicEmbedder, is_small: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, texts = Path(name), START
        build_index(editions_of(texts), NAMES, folder / "incremental")
        for number, edit in enumerate(edits):
            texts = edited(texts, edit)
            before = {passage.search_text for passage in PassageIndex.open(folder / "incremental").passages}
            with pieces(is_small):
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


def test_texts_that_have_not_changed_are_not_split_again(
    tmp_path: Path, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(editions_of(START), NAMES, tmp_path)
    split: list[str] = []

    def watched(edition: Edition) -> list[Passage]:
        split.append(edition.key)
        return split_edition(edition)

    monkeypatch.setattr("index.listing.split_edition", watched)
    changed = [START[0], ("garden-news", "zh", GARDEN_NEWS + "\n松鼠出席。\n"), START[2]]
    build_index(editions_of(changed), NAMES, tmp_path)
    assert split == ["garden-news.zh"]
    retitled = [replace(edition, title="公园") for edition in editions_of(changed)[:1]] + editions_of(changed)[1:]
    build_index(retitled, NAMES, tmp_path)
    assert split == ["garden-news.zh", "garden-declaration.en"]  # its title is in every context
    read_otherwise = [*retitled[:2], replace(retitled[2], units=retitled[2].units[:-1])]
    report = build_index(read_otherwise, NAMES, tmp_path)
    assert split == ["garden-news.zh", "garden-declaration.en", "garden-news.zh"]
    assert report.id == build_index(read_otherwise, NAMES, tmp_path / "clean").id


def test_edit_and_back_switches_to_the_generation_that_is_still_there(tmp_path: Path, embedder: TopicEmbedder) -> None:
    first = build_index(editions_of(START), NAMES, tmp_path)
    build_index(editions_of(START[:2]), NAMES, tmp_path)
    again = build_index(editions_of(START), NAMES, tmp_path)
    assert (again.id, again.switched, again.embedded) == (first.id, True, 0)


@pytest.mark.parametrize(
    "name", ["vectors.faiss", "counts.npy", "keys.npy", "terms.json", "texts.bin", "passages.npy", "editions.json"]
)
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
    postings = Weighing([count_documents(documents)], len(documents)).postings()
    assert list(postings.terms) == vocabulary
    assert dense(postings.starts, postings.rows, postings.weights, len(documents)).tolist() == expected.tolist()
    known = [term for term in terms("树木 oak oak b") if term in numbers]
    if known:
        scores = LexicalIndex(postings, len(documents)).scores("树木 oak oak b")
        assert scores.tolist() == model.get_scores(known).tolist()


_WORDS = st.lists(st.sampled_from(["b", "树", "木", "树木", "oak"]), max_size=8)


@given(st.lists(st.tuples(_WORDS, st.integers(0, 2)), min_size=1, max_size=8), st.integers(1, 9))
def test_runs_in_any_pieces_give_the_postings_of_all_together(
    documents: list[tuple[list[str], int]], at_once: int
) -> None:
    """Each document goes into one of three runs; the third is numbered otherwise first, as an earlier build's is."""
    whole = Weighing([count_documents([words for words, _ in documents])], len(documents)).postings()
    runs = []
    for which in range(3):
        rows = np.flatnonzero([chosen == which for _, chosen in documents])
        lot = [documents[row][0] for row in rows.tolist()]
        if which < 2:
            runs.append(count_documents(lot, rows))
        else:
            backwards = count_documents([*lot[::-1], ["gone", "b"]])  # in another order, with one that is gone
            runs.append(backwards.renumbered(np.array([*rows[::-1], -1])))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.counting.POSTINGS_AT_ONCE", at_once)
        found = Weighing(runs, len(documents)).postings()
    assert list(found.terms) == list(whole.terms)
    for name in ("starts", "rows", "weights", "counts"):
        assert getattr(found, name).tobytes() == getattr(whole, name).tobytes()


def dense(starts: np.ndarray, rows: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    table = np.zeros((count, len(starts) - 1), dtype=np.float32)
    table[rows, np.repeat(np.arange(len(starts) - 1), np.diff(starts))] = values
    return table


@given(st.lists(st.text("甲乙树 \noak第三条a1²³٠Σς,“”", min_size=1, max_size=40), min_size=1, max_size=5))
def test_counts_of_a_passage_are_those_of_its_search_text(lines: Sequence[str]) -> None:
    """Context and text are analysed apart; no term may cross the line break between them."""
    edition = make_edition("x", "zh", "\n".join(["标题a1", *lines]))
    passages = list_passages([edition], [dump_units(edition)], None).passages
    run = count_passages(passages, np.arange(len(passages)))
    table = dense(run.starts, run.rows, run.counts, len(passages))
    for passage, row in zip(passages, table, strict=True):
        found = {term: int(times) for term, times in zip(run.read_terms(), row, strict=True) if times}
        assert found == Counter(terms(passage.search_text))
