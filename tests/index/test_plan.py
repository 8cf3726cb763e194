"""The plan tells what a build would change, by content, and the build then does just that."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests_support import GARDEN_LAW, GARDEN_NEWS, TopicEmbedder, make_edition

from index.__main__ import main
from index.build import build_index
from index.generations import current_generation
from index.plan import ChangePlan, describe_plan, expected_seconds, make_plan
from index.reuse import read_earlier
from index.store import PassageIndex
from sources.edition import Edition

NAMES: dict[str, dict[str, list[str]]] = {}


@pytest.fixture
def built(tmp_path: Path, embedder: TopicEmbedder) -> Path:
    """An index of the law and the news."""
    build_index(editions(), NAMES, tmp_path / "index")
    return tmp_path / "index"


def editions(law: str = GARDEN_LAW, news: str = GARDEN_NEWS, news_id: str = "garden-news") -> list[Edition]:
    return [make_edition("garden-law", "zh", law), make_edition(news_id, "zh", news)]


def plan(folder: Path, after: list[Edition]) -> ChangePlan:
    earlier = read_earlier(current_generation(folder))
    return make_plan(after, PassageIndex.open(folder).editions, earlier, TopicEmbedder.fingerprint)


def test_nothing_changed(built: Path) -> None:
    found = plan(built, editions())
    assert (found.added, found.changed, found.renamed, found.removed, found.to_embed) == ((), (), (), (), ())
    assert found.passages == 7


def test_changed_words_are_a_changed_unit(built: Path) -> None:
    found = plan(built, editions(law=GARDEN_LAW.replace("五十元", "六十元")))
    assert found.changed == (("garden-law.zh", "art3.1"),)
    assert (found.added, found.renamed, found.removed) == ((), (), ())
    assert [passage.locator for passage in found.to_embed] == ["art3.1"]


def test_another_source_id_is_renaming_and_embeds_nothing(built: Path) -> None:
    found = plan(built, editions(news_id="park-news"))
    assert (found.added, found.changed, found.removed, found.to_embed) == ((), (), (), ())
    assert (("garden-news.zh", "p1"), ("park-news.zh", "p1")) in found.renamed


def test_article_put_in_before_another_is_added_and_what_follows_is_renamed(built: Path) -> None:
    """The words of the old article 3 are those of the new article 4, whatever its label."""
    law = GARDEN_LAW.replace("第三条 违反", "第三条 松鼠归公园所有。\n\n第四条 违反")
    found = plan(built, editions(law=law))
    assert found.renamed == ((("garden-law.zh", "art3.1"), ("garden-law.zh", "art4.1")),)
    assert found.added == (("garden-law.zh", "art3.1"),)
    assert (found.changed, found.removed) == ((), ())


def test_paragraph_taken_out_is_removed_and_the_next_one_takes_its_place(built: Path) -> None:
    lines = GARDEN_NEWS.rstrip("\n").split("\n\n")
    found = plan(built, editions(news="\n\n".join([*lines[:2], lines[3]])))
    assert found.renamed == ((("garden-news.zh", "p3"), ("garden-news.zh", "p2")),)
    assert ("garden-news.zh", "p2.1") in found.removed
    assert (found.added, found.changed, found.to_embed) == ((), (), ())


def test_a_new_text_and_a_text_that_is_gone(built: Path) -> None:
    news = make_edition("squirrel-news", "zh", "松鼠报\n\n松鼠在冬天储存橡子。\n")
    found = plan(built, [editions()[0], news])
    assert ("squirrel-news.zh", "p1") in found.added
    assert ("garden-news.zh", "p1") in found.removed
    assert {passage.source_id for passage in found.to_embed} == {"squirrel-news"}


def test_the_build_embeds_what_the_plan_said(built: Path) -> None:
    after = editions(law=GARDEN_LAW.replace("五十元", "六十元"), news=GARDEN_NEWS.replace("12个", "13个"))
    told = plan(built, after).to_embed
    assert build_index(after, NAMES, built).embedded == len(told) == 2


def test_other_embedder_means_embedding_everything(built: Path) -> None:
    earlier = read_earlier(current_generation(built))
    assert len(make_plan(editions(), PassageIndex.open(built).editions, earlier, "another").to_embed) == 7


def test_plan_in_words(built: Path, embedder: TopicEmbedder) -> None:
    told = describe_plan(
        editions(news_id="park-news", law=GARDEN_LAW.replace("五十元", "六十元")), built, embedder=embedder
    )
    assert told.splitlines()[:5] == [
        "added: 0 units",
        "changed: 1 units",
        "renamed: 7 units",
        "removed: 0 units",
        "to embed: 1 of 7 passages, about 0.0 s",
    ]
    assert "  changed garden-law.zh art3.1" in told
    assert "  renamed garden-news.zh p1 → park-news.zh p1" in told


def test_without_an_index_everything_is_added(tmp_path: Path, embedder: TopicEmbedder) -> None:
    told = describe_plan(editions(), tmp_path, embedder=embedder)
    assert "to embed: 7 of 7 passages" in told
    assert not list(tmp_path.iterdir())


def test_time_is_told_from_a_sample_by_length(built: Path) -> None:
    """An embedder of 5 ms a passage: 700 of them take about 3.5 s, told from a few."""

    class Slow(TopicEmbedder):
        def encode(self, texts: Sequence[str], *, is_query: bool = False) -> NDArray[np.float32]:
            time.sleep(0.005 * len(texts))
            return super().encode(texts, is_query=is_query)

    passages, slow = PassageIndex.open(built).passages * 100, Slow()
    assert 3 < expected_seconds(passages, slow) < 35  # a loaded machine is slower, never faster
    assert len(slow.embedded) == 2 * 8 + 2 * 64


def test_dry_run_prints_the_plan_and_builds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "news.zh.txt").write_text(GARDEN_NEWS, encoding="utf-8")
    arguments = ["build", "--sources", str(texts), "--index", str(tmp_path / "index")]
    assert main([*arguments, "--dry-run"]) == 0
    assert "to embed: 3 of 3 passages" in capsys.readouterr().out
    assert not (tmp_path / "index").exists()
    assert main(arguments) == 0
    (texts / "news.zh.txt").touch()
    assert main([*arguments, "--dry-run"]) == 0
    assert "to embed: 0 of 3 passages" in capsys.readouterr().out
