"""A large index on one machine: candidates from both methods, scored exactly, nearly always the exact hits."""

from __future__ import annotations

import random
import shutil
import tracemalloc
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from tests_support import make_edition

from index.__main__ import main
from index.build import build_index
from index.codec import PassageTable
from index.counting import Run, count_passages
from index.embedder import load_embedder
from index.errors import IndexBroken
from index.generations import KEPT_NAME, current_generation
from index.large import LargeSearch
from index.lexical import LexicalIndex
from index.manifest import Manifest, near_file
from index.searching import ExactSearch, Query
from index.store import PassageIndex
from index.vectors import LEAST_RECALL, NearIndex, VectorIndex
from sources.edition import Edition

THINGS = {
    "zh": "公园 古树 松鼠 长椅 湖水 花坛 游客 镇长 论坛 罚款 管理员 松林镇 草地 喷泉 灯光 步道 桥梁 博物馆 图书馆 学校".split(),
    "en": "park oak squirrel bench lake flower visitor mayor forum fine warden meadow fountain lantern path bridge".split(),
}
DEEDS = {
    "zh": "修建 保护 禁止 介绍 讨论 登记 检查 关闭 开放 资助".split(),
    "en": "builds protects forbids presents discusses registers inspects closes opens funds".split(),
}


def generated(sources: int, paragraphs: int) -> list[Edition]:
    """Texts of made-up sentences in two languages, the same ones each time."""
    draw, editions = random.Random(7), []
    for number in range(sources):
        language = "en" if number % 4 == 3 else "zh"
        things, deeds, space = THINGS[language], DEEDS[language], " " if language == "en" else ""
        lines = [
            space.join([draw.choice(things), draw.choice(deeds), draw.choice(things), str(draw.randrange(900)),
                        draw.choice(things), draw.choice(deeds), draw.choice(things)])
            for _ in range(paragraphs)
        ]  # fmt: skip
        editions.append(make_edition(f"report-{number}", language, f"Report {number}\n\n" + "\n\n".join(lines)))
    return editions


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that takes itself for large: 3,000 passages, and every table mapped."""
    folder = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.making.NEAR_FROM", 1000)  # so one language has an approximate index, and one has not
        for module in ("making", "store"):
            patch.setattr(f"index.{module}.EXACT_UP_TO", 100)
        patch.setattr("index.lexical._MANY_TERMS", 10)
        build_index(generated(100, 30), {}, folder)
    return folder


@pytest.fixture
def opened(large: Path, monkeypatch: pytest.MonkeyPatch) -> PassageIndex:
    monkeypatch.setattr("index.store.EXACT_UP_TO", 100)
    return PassageIndex.open(large)


def exact(opened: PassageIndex) -> ExactSearch:
    assert opened.vectors is not None
    return ExactSearch(list(opened.passages), opened.lexical, opened.vectors)


def queries_of(opened: PassageIndex) -> list[Query]:
    texts = [passage.text[:24] for passage in opened.passages[::60]]
    vectors = opened.embedder.encode(texts, is_query=True)
    return [
        Query((text,), vector, language)
        for text, vector in zip(texts, vectors, strict=True)
        for language in ("", "zh", "en")
    ]


def test_hits_are_nearly_always_the_exact_ones(opened: PassageIndex) -> None:
    assert isinstance(opened.searcher, LargeSearch)
    queries = queries_of(opened)
    expected, found = exact(opened).find(queries, 20), opened.searcher.find(queries, 20)
    shares = [len(np.intersect1d(e.rows, f.rows)) / max(len(e.rows), 1) for e, f in zip(expected, found, strict=True)]
    assert np.mean(shares) >= LEAST_RECALL
    for each, other in zip(expected, found, strict=True):
        assert other.rows[:1].tolist() == each.rows[:1].tolist()
        assert set(other.rows.tolist()) <= set(range(len(opened.passages)))


def test_scores_of_hits_are_exact(opened: PassageIndex) -> None:
    for query, found in zip(queries_of(opened), opened.searcher.find(queries_of(opened), 5), strict=True):
        lexical = opened.lexical.scores(query.texts[0])
        np.testing.assert_allclose(found.lexical, lexical[found.rows], rtol=1e-5)
        np.testing.assert_allclose(found.dense, opened.vectors.scores(query.vector)[found.rows], atol=1e-5)
        if query.language:
            assert {opened.passages[row].language for row in found.rows.tolist()} == {query.language}


def test_named_sources_are_scored_all(opened: PassageIndex) -> None:
    queries = [Query(("公园 桥梁 12",), None, "zh", frozenset({"report-4", "report-8"}))]
    expected, found = exact(opened).find(queries, 30)[0], opened.searcher.find(queries, 30)[0]
    assert found.rows.tolist() == expected.rows.tolist()
    assert {opened.passages[row].source_id for row in found.rows.tolist()} == {"report-4", "report-8"}


def test_common_terms_alone_still_find(opened: PassageIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.lexical._ADDED_POSTINGS", 1)
    rows = opened.lexical.candidates("公园公园", 50, None)
    assert rows.size == 50
    assert (opened.lexical.scores("公园公园")[rows] > 0).all()
    assert opened.lexical.candidates("zzzz", 50, None).size == 0


def test_terms_looked_up_in_the_mapped_table_are_those_of_the_dictionary(opened: PassageIndex, large: Path) -> None:
    generation = current_generation(large)
    plain = LexicalIndex.load(generation, len(opened.passages))
    (generation / "hashes.npy").rename(generation / "aside")
    try:
        listed = LexicalIndex.load(generation, len(opened.passages))
    finally:
        (generation / "aside").rename(generation / "hashes.npy")
    for text in ("公园", "oak bench 12", "unknown 镇长"):
        assert plain.scores(text).tolist() == listed.scores(text).tolist()
    for term in ("公园", "oak", "unknown"):
        assert (plain.knows(term), plain.idf(term)) == (listed.knows(term), listed.idf(term))


def test_manifest_tells_the_recall_that_was_measured(opened: PassageIndex, large: Path) -> None:
    near = Manifest.load(current_generation(large)).near
    assert near is not None
    assert list(near) == ["zh"]
    assert near["zh"]["recall"] >= LEAST_RECALL
    assert opened.verify(current_generation(large)) == []


def test_recall_is_measured_against_all_vectors() -> None:
    """Vectors without any order: many cells must be looked into, and the figure told is the true one."""
    draw = np.random.default_rng(3)
    vectors = draw.standard_normal((4000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near, told = NearIndex.build(VectorIndex.build(vectors), np.arange(4000), vectors[:40] + 0.1)
    assert told.probes > 4
    shares = []
    for question in vectors[:40] + 0.1:
        rows = near.nearest(question, 300)
        best = rows[np.argsort(-(vectors[rows] @ question))[:60]]
        shares.append(len(np.intersect1d(best, np.argsort(-(vectors @ question))[:60])) / 60)
    assert np.mean(shares) == pytest.approx(told.recall, abs=1e-3)


def test_damaged_approximate_index_is_told(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = current_generation(large) / near_file("zh")
    sound = path.read_bytes()
    path.write_bytes(b"x")
    try:
        with pytest.raises(IndexBroken, match="is damaged"):
            PassageIndex.open(large)
    finally:
        path.write_bytes(sound)


class Stopping:
    """The bundled embedder, which is stopped after some lots."""

    def __init__(self, lots: int) -> None:
        self._inner, self.lots = load_embedder(), lots
        self.name, self.dimension, self.fingerprint = "bundled", self._inner.dimension, self._inner.fingerprint

    def encode(self, texts: list[str], *, is_query: bool = False) -> np.ndarray:
        if self.lots == 0:
            raise KeyboardInterrupt
        self.lots -= 1
        return self._inner.encode(texts, is_query=is_query)


def test_build_that_was_stopped_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedding.EMBEDDED_AT_ONCE", 50)
    monkeypatch.setattr("index.counting.COUNTED_AT_ONCE", 100)
    counted: list[int] = []

    def watched(passages: PassageTable, rows: np.ndarray) -> Run:
        counted.append(len(rows))
        return count_passages(passages, rows)

    monkeypatch.setattr("index.counting.count_passages", watched)
    editions = generated(10, 30)  # six lots to embed, three to count
    with pytest.raises(KeyboardInterrupt):
        build_index(editions, {}, tmp_path / "index", embedder=Stopping(4))
    kept = tmp_path / "index" / KEPT_NAME
    assert (len(list(kept.glob("*.npy"))), len(list(kept.glob("*/counts.npy"))), counted) == (4, 3, [100] * 3)
    (next(kept.glob("*/rows.npy"))).write_bytes(b"")  # as a power cut may leave it
    embedder = Stopping(100)
    report = build_index(editions, {}, tmp_path / "index", embedder=embedder)
    assert (100 - embedder.lots, counted) == (2, [100] * 4)
    assert not kept.exists()
    clean = build_index(editions, {}, tmp_path / "clean")
    assert report.id == clean.id
    names = sorted(path.name for path in current_generation(tmp_path / "clean").iterdir())
    for name in names:
        parts = [(current_generation(tmp_path / each) / name).read_bytes() for each in ("index", "clean")]
        assert parts[0] == parts[1], name


def wordy(sources: int, paragraphs: int) -> list[Edition]:
    """Texts whose paragraphs hold 700 words each, of 800."""
    draw = random.Random(5)
    words = ["".join(letters) for letters in product("bcdfghjk", "aeiou", "lmnprstvwz", "ox")]
    return [
        make_edition(f"log-{number}", "en", f"Log {number}\n\n" + "\n\n".join(
            " ".join(draw.sample(words, 700)) for _ in range(paragraphs)))
        for number in range(sources)
    ]  # fmt: skip


class WideEmbedder:
    """Vectors of 1,024 values, so that holding all of them would show."""

    name, dimension, fingerprint = "wide", 1024, "wide-1"

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        vectors[np.arange(len(texts)), [len(text) % self.dimension for text in texts]] = 1
        return vectors


def test_memory_of_a_build_does_not_grow_with_vectors_or_postings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times the passages, each with 4 KiB of vectors and 700 postings: the peak grows by less than either."""
    monkeypatch.setattr("index.embedding.EMBEDDED_AT_ONCE", 16)
    monkeypatch.setattr("index.counting.COUNTED_AT_ONCE", 16)
    monkeypatch.setattr("index.counting.POSTINGS_AT_ONCE", 1 << 12)
    peaks = []
    for sources in (10, 30):
        editions = wordy(sources, 30)
        for _ in range(2):  # once anew, once over what is there
            tracemalloc.start()
            build_index(editions[-len(peaks) % 2 :], {}, tmp_path / str(sources), embedder=WideEmbedder())
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    grown = [(large - small) / (20 * 30) for small, large in zip(peaks[:2], peaks[2:], strict=True)]
    assert max(grown) < 2500, grown  # bytes a passage


def test_build_that_goes_on_from_a_large_one_gives_the_files_of_a_clean_one(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"making.NEAR_FROM": 1000, "making.EXACT_UP_TO": 100, "lexical._MANY_TERMS": 10,
                        "counting.COUNTED_AT_ONCE": 700, "counting.POSTINGS_AT_ONCE": 5000,
                        "embedding.EMBEDDED_AT_ONCE": 900}.items():  # fmt: skip
        monkeypatch.setattr(f"index.{name}", value)
    shutil.copytree(large, tmp_path / "going on")
    editions = [*generated(101, 30)[2:], *generated(101, 30)[:1]]  # one new, one gone, one moved to the end
    report = build_index(editions, {}, tmp_path / "going on")
    assert report.embedded == 30
    build_index(editions, {}, tmp_path / "clean")
    parts = [
        {path.name: path.read_bytes() for path in current_generation(tmp_path / each).iterdir()}
        for each in ("going on", "clean")
    ]
    assert parts[0] == parts[1]
    assert near_file("zh") in parts[0]


def test_status_tells_how_each_language_is_searched(large: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--index", str(large)]) == 0
    near = Manifest.load(current_generation(large)).near
    assert near is not None
    told = f"Vectors of zh by {near['zh']['kind']}, {near['zh']['probes']} cells a question: {near['zh']['recall']:.3f}"
    assert told in capsys.readouterr().out


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedding.EMBEDDED_AT_ONCE", 50)
    told: list[tuple[str, int, int]] = []
    build_index(generated(4, 30), {}, tmp_path, tell=lambda *step: told.append(step))
    assert told == [("embedding", 50, 120), ("embedding", 100, 120), ("embedding", 120, 120)]
