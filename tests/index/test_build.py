"""Building: validated on opening, incremental equals clean, a failed build leaves the old index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests_support import GARDEN_LAW, TopicEmbedder, make_edition

from index.build import build_index, rollback
from index.errors import EmbedderUnavailable, IndexBroken, IndexFault, IndexMissing, IndexNotWritten
from index.generations import current_generation
from index.manifest import Manifest
from index.store import PassageIndex
from sources.edition import Edition

Names = dict[str, dict[str, list[str]]]
QUESTIONS = ("在公园里生火怎么办", "论坛的议题", "Which towns were represented?", "五十元罚款", "oak", "没有的词")


def results(passage_index: PassageIndex) -> list[list[tuple[str, float]]]:
    return [[(hit.passage.id, hit.score) for hit in passage_index.search(question)] for question in QUESTIONS]


def changed(editions: list[Edition]) -> list[Edition]:
    return [
        make_edition("garden-law", "zh", GARDEN_LAW.replace("五十元", "六十元")) if e.source_id == "garden-law" else e
        for e in editions
    ]


def test_index_on_disk_finds_the_passage(garden_index: PassageIndex) -> None:
    best = garden_index.search("违反本办法处多少罚款")[0]
    assert (best.passage.source_id, best.passage.locator) == ("garden-law", "art3.1")
    assert best.ranks["lexical"] == 1


def test_sources_are_found_by_a_part_of_a_name(garden_index: PassageIndex) -> None:
    assert garden_index.sources_named("园林管理") == {"garden-law"}
    assert garden_index.sources_named("pinewood") == {"garden-declaration"}
    assert garden_index.sources_named("公园论坛在松林镇开幕") == {"garden-news"}
    assert garden_index.sources_named("园") == {"garden-law", "garden-news"}
    assert garden_index.sources_named("没有") == frozenset()


def test_incremental_build_embeds_only_what_changed_and_equals_a_clean_one(
    tmp_path: Path, garden_editions: list[Edition], garden_names: Names, embedder: TopicEmbedder
) -> None:
    build_index(garden_editions, garden_names, tmp_path / "a")
    embedder.embedded.clear()
    report = build_index(changed(garden_editions), garden_names, tmp_path / "a")
    assert (report.embedded, report.reused) == (1, report.passages - 1)
    assert len(embedder.embedded) == 1
    assert "六十元" in embedder.embedded[0]
    clean = build_index(changed(garden_editions), garden_names, tmp_path / "b")
    assert clean.id == report.id
    assert results(PassageIndex.open(tmp_path / "a")) == results(PassageIndex.open(tmp_path / "b"))


def test_same_content_builds_nothing(
    tmp_path: Path, garden_editions: list[Edition], garden_names: Names, embedder: TopicEmbedder
) -> None:
    first = build_index(garden_editions, garden_names, tmp_path)
    again = build_index(garden_editions, garden_names, tmp_path)
    assert (again.id, again.switched, again.embedded) == (first.id, False, 0)


def test_failure_while_building_leaves_the_old_index_and_no_litter(
    tmp_path: Path,
    garden_editions: list[Edition],
    garden_names: Names,
    embedder: TopicEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build_index(garden_editions, garden_names, tmp_path)
    before = results(PassageIndex.open(tmp_path))

    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Manifest, "save", disk_full)
    with pytest.raises(IndexNotWritten, match="No space left"):
        build_index(changed(garden_editions), garden_names, tmp_path)
    assert results(PassageIndex.open(tmp_path)) == before
    assert [path.name for path in (tmp_path / "generations").iterdir()] == [PassageIndex.open(tmp_path).id]


def test_rollback_goes_back_and_says_so_when_there_is_nothing_to_go_back_to(
    tmp_path: Path, garden_editions: list[Edition], garden_names: Names, embedder: TopicEmbedder
) -> None:
    first = build_index(garden_editions, garden_names, tmp_path)
    with pytest.raises(IndexFault, match="no earlier generation"):
        rollback(tmp_path)
    build_index(changed(garden_editions), garden_names, tmp_path)
    assert rollback(tmp_path) == first.id
    assert PassageIndex.open(tmp_path).id == first.id


def test_verify_is_silent_on_a_sound_index_and_names_a_tampered_file(
    garden_index: PassageIndex, tmp_path: Path
) -> None:
    generation = current_generation(tmp_path / "index")
    assert garden_index.verify(generation) == []
    path = generation / "texts.bin"
    path.write_bytes(path.read_bytes().replace("五十元".encode(), "九十元".encode()))
    problems = PassageIndex.open(tmp_path / "index").verify(generation)
    assert problems[:2] == [
        "texts.bin differs from its checksum",
        "text of garden-law.zh differs from its checksum",
    ]


@pytest.mark.parametrize(
    ("damage", "error", "says"),
    [
        (lambda folder: (folder / "vectors.faiss").unlink(), IndexBroken, "lacks vectors.faiss"),
        (lambda folder: (folder / "vectors.faiss").write_bytes(b"x"), IndexBroken, "is damaged"),
        (lambda folder: (folder / "passages.json").write_text("{"), IndexBroken, "is damaged"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), IndexBroken, "is damaged"),
        (lambda folder: (folder / "manifest.json").unlink(), IndexMissing, "build one with"),
    ],
)
def test_damaged_index_is_refused_with_a_remedy(
    garden_index: PassageIndex, tmp_path: Path, damage, error, says
) -> None:
    damage(current_generation(tmp_path / "index"))
    with pytest.raises(error, match=says) as raised:
        PassageIndex.open(tmp_path / "index")
    assert "\n" not in str(raised.value)


def test_vector_that_could_never_be_found_is_refused(
    tmp_path: Path, garden_editions: list[Edition], garden_names: Names, embedder: TopicEmbedder
) -> None:
    first = build_index(garden_editions, garden_names, tmp_path)
    encode = embedder.encode
    embedder.encode = lambda texts, **options: encode(texts, **options) * (1 + ("六十元" in texts[0]))
    with pytest.raises(IndexBroken, match=r"passage art3\.1 of garden-law\.zh a vector that is not of length 1; use"):
        build_index(changed(garden_editions), garden_names, tmp_path)
    assert PassageIndex.open(tmp_path).id == first.id


def test_other_embedder_than_the_passages_were_embedded_with_is_refused(
    garden_index: PassageIndex, embedder: TopicEmbedder
) -> None:
    embedder.fingerprint = "topics-2"
    with pytest.raises(EmbedderUnavailable, match="topics-1 then, topics-2 now"):
        garden_index.search("树")


def test_unknown_format_is_refused(garden_index: PassageIndex, tmp_path: Path) -> None:
    path = current_generation(tmp_path / "index") / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "format": 99}), encoding="utf-8")
    with pytest.raises(IndexBroken, match="has format 99"):
        PassageIndex.open(tmp_path / "index")
