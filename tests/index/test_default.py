"""The default index follows what it is made of, without being asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests_support import TopicEmbedder

from index import default
from index.errors import IndexMissing
from sources.collection import Collection
from sources.edition import Edition


@pytest.fixture
def sources_folder(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    garden_editions: list[Edition],
    garden_names: dict[str, dict[str, list[str]]],
    embedder: TopicEmbedder,
) -> Path:
    """A default index in a folder of its own, made of the tiny corpus and depending on one file."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "a.toml").write_text("1", encoding="utf-8")
    monkeypatch.setattr(default, "DEFAULT_INDEX_FOLDER", tmp_path / "index")
    monkeypatch.setattr(default, "_INPUTS", ((folder, "*.toml"),))
    monkeypatch.setattr("sources.collection.bundled_collection", lambda _: Collection(garden_editions, garden_names))
    return folder


def test_it_is_built_where_it_is_missing(sources_folder: Path) -> None:
    assert default.open_or_build(None).passages


def test_an_unchanged_one_is_opened_and_a_changed_source_is_noticed(
    sources_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default.open_or_build(None)
    builds = []
    real = default.build_default
    monkeypatch.setattr(default, "build_default", lambda: builds.append(1) or real())
    default.open_or_build(None)
    assert builds == []
    (sources_folder / "b.toml").write_text("2", encoding="utf-8")
    default.open_or_build(None)
    assert builds == [1]


def test_one_that_another_version_left_is_built_anew(sources_folder: Path, tmp_path: Path) -> None:
    default.open_or_build(None)
    for path in (tmp_path / "index" / "generations").rglob("manifest.json"):
        path.write_text("{}", encoding="utf-8")
    assert default.open_or_build(None).passages


def test_a_named_folder_is_never_built_by_asking(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        default.open_or_build(tmp_path / "nothing")
