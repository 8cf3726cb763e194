"""The passages in a Milvus: the same hits as the local store's, and a switch that cannot hurt. A real engine, Lite."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests_support import GARDEN_LAW, TopicEmbedder, make_edition

pytest.importorskip("pymilvus", reason="pymilvus is not installed")
pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")

from milvus_support import NAMES, build, fine

from index.build import build_index, rollback, store_in_use
from index.errors import StoreUnavailable
from index.generations import KEEP_GENERATIONS, current_generation
from index.manifest import Manifest
from index.milvus import Collections, store_named
from index.milvus_search import where
from index.publish import alias_of, problems_of
from index.searching import Query
from index.store import PassageIndex
from rag.answerer import Answerer
from rag.record import answer_record
from sources.collection import bundled_collection, folder_collection
from sources.holdings import Holdings

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture
def store(tmp_path: Path) -> str:
    return store_named(f"milvus:{tmp_path / 'lite.db'}")


@pytest.mark.slow
@pytest.mark.parametrize(("texts", "step"), [("bundled", 70), ("corpus", 110)])
def test_hits_are_those_of_the_local_store(tmp_path: Path, store: str, texts: str, step: int) -> None:
    """Queries made from passages spread over all of the texts, in their own language and in the other."""
    if texts == "corpus" and not CORPUS.is_dir():
        pytest.skip("the official texts are not here")
    collection = bundled_collection(Holdings(tmp_path)) if texts == "bundled" else folder_collection([CORPUS])
    for folder, where_ in (("local", "local"), ("milvus", store)):
        build_index(collection.editions, collection.names, tmp_path / folder, store=where_)
    local, remote = PassageIndex.open(tmp_path / "local"), PassageIndex.open(tmp_path / "milvus")
    asked = [f"{passage.text[:24]}？" for passage in local.passages[::step]]
    vectors = local.embedder.encode(asked, is_query=True)
    assert len(asked) > 50
    for text, vector in zip(asked, vectors, strict=True):
        queries = [Query((text,), vector, language) for language in local.languages]
        for expected, found in zip(local.searcher.find(queries, 20), remote.searcher.find(queries, 20), strict=True):
            np.testing.assert_allclose(found.fused, expected.fused, atol=1e-5)
            differing = found.rows != expected.rows  # only among equals may the order differ
            assert all(np.sum(np.abs(expected.fused - score) < 1e-5) > 1 for score in found.fused[differing])
            assert found.best_dense == pytest.approx(expected.best_dense, abs=1e-5)


def test_answers_are_those_of_the_local_store(tmp_path: Path, store: str, embedder: TopicEmbedder) -> None:
    build(tmp_path / "local", 50)
    build(tmp_path / "milvus", 50, store)
    answers = [
        [answer_record(Answerer(PassageIndex.open(tmp_path / folder)).answer(question)) for question in
         ("在公园里可以生火吗？", "论坛的三个议题是什么？", "What did the towns resolve?", "第三条怎么规定？")]
        for folder in ("local", "milvus")
    ]  # fmt: skip
    for local, remote in zip(*answers, strict=True):
        assert [claim["text"] for claim in local["claims"]] == [claim["text"] for claim in remote["claims"]]
        assert local["status"] == remote["status"]


def test_filter_by_source_and_several_texts(tmp_path: Path, store: str, embedder: TopicEmbedder) -> None:
    build(tmp_path / "local", 50)
    build(tmp_path / "milvus", 50, store)
    queries = [
        Query(("古树", "松鼠"), None, "zh", frozenset({"garden-news"})),
        Query(("oaks", "罚款"), embedder.encode(["oak"])[0]),
        Query(("zzz",), None, "zh"),
        Query(("古树",), None, "fr"),
    ]
    local, remote = PassageIndex.open(tmp_path / "local"), PassageIndex.open(tmp_path / "milvus")
    for expected, found in zip(local.searcher.find(queries, 5), remote.searcher.find(queries, 5), strict=True):
        assert found.rows.tolist() == expected.rows.tolist()
        np.testing.assert_allclose(found.lexical, expected.lexical, atol=1e-5)
    assert len(local.searcher.find(queries, 5)[0].rows) > 0


def test_names_in_filters_are_quoted() -> None:
    quoted = where(Query(("x",), None, 'z"h', frozenset({'a" or id != "'})))
    assert quoted == 'language == "z\\"h" and source in ["a\\" or id != \\""]'


def test_only_changed_passages_travel_and_old_ones_go(tmp_path: Path, store: str, embedder: TopicEmbedder) -> None:
    folder = tmp_path / "index"
    passages = build(folder, 0, store)
    assert passages == Manifest.load(current_generation(folder)).passages
    assert [build(folder, number) for number in range(1, 6)] == [1] * 5  # the store of the index in use is kept to
    assert build(folder, 5) == 0
    manifest = Manifest.load(current_generation(folder))
    held = Collections(store).ids(manifest.collection)
    assert len(held) == passages + KEEP_GENERATIONS - 1
    assert "5元" in fine(folder)
    assert Collections(store).alias_target(alias_of(folder)) == manifest.collection
    assert problems_of(folder, manifest, PassageIndex.open(folder).passages) == []


def test_rollback_goes_back_in_milvus_too(tmp_path: Path, store: str, embedder: TopicEmbedder) -> None:
    folder = tmp_path / "index"
    for number in (1, 2, 3):
        build(folder, number, store)
    assert "3元" in fine(folder)
    rollback(folder)
    assert "2元" in fine(folder)
    rollback(folder)
    assert "1元" in fine(folder)


def test_moving_between_stores_and_back(tmp_path: Path, store: str, embedder: TopicEmbedder) -> None:
    folder = tmp_path / "index"
    build(folder, 1)
    build(folder, 1, store)
    assert store_in_use(folder) == store
    build(folder, 2)
    build(folder, 2, "local")
    assert (store_in_use(folder), "2元" in fine(folder)) == ("local", True)
    rollback(folder)
    assert (store_in_use(folder), "2元" in fine(folder)) == (store, True)
    for number in range(3, 8):  # nothing here needs the collection in the end
        build(folder, number, "local")
    assert Collections(store).names() == []


def test_texts_of_another_length_go_to_a_collection_of_their_own(
    tmp_path: Path, store: str, embedder: TopicEmbedder
) -> None:
    """Rows are weighed by the average length: far from it, they are weighed anew, beside those in use."""
    folder = tmp_path / "index"
    build(folder, 1, store)
    first = Manifest.load(current_generation(folder)).collection
    longer = [make_edition("garden-law", "zh", GARDEN_LAW.replace("树木", "树木、花草、松鼠以及长椅" * 5))]
    report = build_index(longer, NAMES, folder)
    second = Manifest.load(current_generation(folder)).collection
    assert (report.sent, second != first) == (report.passages, True)
    assert Collections(store).alias_target(alias_of(folder)) == second
    assert sorted(Collections(store).names()) == sorted([first, second])


def test_passages_of_other_generations_do_not_crowd_out_those_in_use(
    tmp_path: Path, store: str, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus_search._LEAST_DEPTH", 1)
    monkeypatch.setattr("index.build.sweep", lambda *_: None)
    folder = tmp_path / "index"
    for number in range(9):
        build(folder, number, store)
    assert "8元" in fine(folder)


_CHILD = """
import os, signal, sys
from pathlib import Path
import index.build
from tests_support import GARDEN_DECLARATION, GARDEN_LAW, GARDEN_NEWS, TopicEmbedder, make_edition
folder, store, number, end = sys.argv[1:]
if end == "killed":
    index.build.switch = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
law = GARDEN_LAW.replace("五十元", number + "元")
texts = [("garden-declaration", "en", GARDEN_DECLARATION), ("garden-law", "zh", law), ("garden-news", "zh", GARDEN_NEWS)]
names = {source: {"zh": [source]} for source, _, _ in texts}
index.build.build_index([make_edition(*text) for text in texts], names, Path(folder), embedder=TopicEmbedder(), store=store)
"""


def test_killed_between_upload_and_switch_the_old_one_serves(
    tmp_path: Path, store: str, embedder: TopicEmbedder
) -> None:
    """Built in processes of their own, for a Lite file is open in one process at a time."""
    folder = tmp_path / "index"
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    ended = [
        subprocess.run([sys.executable, "-c", _CHILD, str(folder), store, *how], cwd=ROOT, timeout=120, check=False,
                       env=os.environ | {"PYTHONPATH": paths}).returncode
        for how in (("1", "well"), ("2", "killed"))
    ]  # fmt: skip
    assert ended == [0, -signal.SIGKILL]
    manifest = Manifest.load(current_generation(folder))
    assert "1元" in fine(folder)
    assert len(Collections(store).ids(manifest.collection)) == manifest.passages + 1  # the new one has travelled
    assert build(folder, 2) == 0
    assert "2元" in fine(folder)


def test_index_whose_collection_is_gone_is_told_and_mended(tmp_path: Path, store: str, embedder: TopicEmbedder) -> None:
    folder = tmp_path / "index"
    build(folder, 1, store)
    manifest = Manifest.load(current_generation(folder))
    Collections(store).drop(manifest.collection)
    with pytest.raises(StoreUnavailable):
        fine(folder)
    assert "is missing" in problems_of(folder, manifest, PassageIndex.open(folder).passages)[0]
    assert build(folder, 1) == manifest.passages
    assert "1元" in fine(folder)


def _release(folder: Path, store: str) -> None:
    """What a server that was started anew looks like: the collection is on its disk, but not in its memory."""
    Collections(store)._client.release_collection(Manifest.load(current_generation(folder)).collection)


def _stop(_folder: Path, store: str) -> None:
    """The engine's process goes; a new connection starts another."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(store.removeprefix("milvus:"))


@pytest.mark.parametrize("happens", [_release, _stop])
def test_store_that_was_away_is_connected_to_anew(
    tmp_path: Path, store: str, embedder: TopicEmbedder, happens: Callable[[Path, str], None]
) -> None:
    folder = tmp_path / "index"
    build(folder, 1, store)
    passage_index = PassageIndex.open(folder)
    before = passage_index.search("罚款多少元")
    happens(folder, store)
    with pytest.raises(StoreUnavailable, match=r"Milvus at .* does not serve"):
        passage_index.search("罚款多少元")
    assert passage_index.search("罚款多少元") == before


def test_store_that_stays_away_does_not_hold_up_each_question(
    tmp_path: Path, store: str, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attempt to connect may take its ten seconds; questions soon after it are told the same at once."""
    build(tmp_path / "index", 1, store)
    passage_index = PassageIndex.open(tmp_path / "index")
    attempts: list[str] = []

    def away(named: str) -> Collections:
        attempts.append(named)
        raise StoreUnavailable("Milvus is away; start it.")

    monkeypatch.setattr("index.milvus_search.Collections", away)
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="is away"):
            passage_index.search("罚款多少元")
    assert attempts == [store]


def test_reading_needs_no_files_that_only_builds_use(tmp_path: Path, store: str, embedder: TopicEmbedder) -> None:
    folder = tmp_path / "index"
    build(folder, 1, store)
    for name in ("vectors.faiss", "keys.npy"):
        os.truncate(current_generation(folder) / name, 0)
    assert "1元" in fine(folder)
