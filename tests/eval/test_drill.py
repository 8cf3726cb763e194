"""The drill: regressions in the program and in its records raise an alarm, clean runs none; and the ablations."""

from __future__ import annotations

import argparse
import json
from copy import copy
from pathlib import Path

import numpy as np
import pytest

from eval import ablate, drill
from eval.case import Case
from eval.gate import make_baseline, write_baseline
from eval.run import Run, run_answerer
from eval.switched import (
    PARTS,
    applies,
    without_dense,
    without_digests,
    without_everyday,
    without_lexical,
    without_reader,
    without_terms,
)
from index.store import PassageIndex
from rag.answerer import Answerer
from rag.question import understand
from rag.retrieve import retrieve

TINY = Path(__file__).parent / "tiny.jsonl"


@pytest.fixture
def clean(park_index: PassageIndex, tiny_cases: list[Case]) -> Run:
    return run_answerer(Answerer(park_index), tiny_cases)


@pytest.fixture
def arguments(
    park_index: PassageIndex, clean: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> argparse.Namespace:
    monkeypatch.setattr(drill, "open_or_build", lambda _: park_index)
    monkeypatch.setattr(ablate, "indexes_of", lambda _: [("bundled", park_index)])
    write_baseline(tmp_path / "baseline.json", make_baseline(clean, ""))
    return argparse.Namespace(
        cases=TINY, index=None, baseline=tmp_path / "baseline.json", clean=2, out=tmp_path, json=False
    )


def test_every_regression_is_caught_and_no_clean_run(
    arguments: argparse.Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drill.drill(arguments) == 0
    printed = capsys.readouterr().out
    assert "every regression caught, no false alarm" in printed
    for name in ("clean run 2", *drill.IN_PROGRAM, *drill.IN_RECORDS):
        assert f"| {name} |" in printed


def test_a_gate_that_sees_nothing_fails_the_drill(
    arguments: argparse.Namespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drill, "alarms", lambda *_: ([], []))
    assert drill.drill(arguments) == 1
    assert "6 not as it should be" in capsys.readouterr().out


def test_a_gate_that_always_cries_fails_the_drill(
    arguments: argparse.Namespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drill, "alarms", lambda *_: (["fire"], []))
    assert drill.drill(arguments) == 1
    assert "2 not as it should be" in capsys.readouterr().out


def test_what_the_regressions_do_to_records(clean: Run) -> None:
    def changed(name: str) -> drill.Records:
        records = json.loads(json.dumps(dict(clean.records)))
        drill.IN_RECORDS[name](records)
        return records  # type: ignore[no-any-return]

    assert all(record["abstained"] for record in changed("always decline").values())
    assert not any(record["abstained"] for record in changed("always answer").values() if record["nearest"])
    swapped, shuffled = changed("swap citations"), changed("shuffle spans")
    assert all(record["claims"] == [] for name, record in swapped.items() if not clean.records[name]["claims"])
    assert swapped != clean.records
    assert shuffled != clean.records


def test_parts_that_are_switched_off_are_silent(park_index: PassageIndex) -> None:
    with without_dense(park_index) as answerer:
        assert not answerer.passage_index.dense_scores("罚款").any()
        assert answerer.passage_index.lexical.scores("罚款").any()
    with without_lexical(park_index) as answerer:
        assert not answerer.passage_index.lexical.scores("罚款").any()
        assert answerer.passage_index.lexical.idf("罚款") == park_index.lexical.idf("罚款")
        assert np.array_equal(answerer.passage_index.dense_scores("罚款"), park_index.dense_scores("罚款"))
    with without_digests(park_index) as answerer:
        assert set(answerer.passage_index.editions) == {"park-rules.zh", "park-news.zh.digest"}
    with without_terms(park_index) as answerer:
        assert answerer._knowledge.mentions("联合国在公园规则中") != Answerer(park_index)._knowledge.mentions(
            "联合国在公园规则中"
        )


def test_without_everyday_words_none_is_understood_and_without_reader_the_first_sentence_of_a_place_leads(
    park_index: PassageIndex,
) -> None:
    question = "在公园里乱扔东西要罚多少钱？"
    knowledge = Answerer(park_index)._knowledge
    assert understand(question, (), knowledge).rewordings
    with without_everyday(park_index) as answerer:
        assert not understand(question, (), answerer._knowledge).rewordings
    with without_reader(park_index) as answerer:
        understood = understand(question, (), answerer._knowledge)
        retrieval = retrieve(understood, park_index)
        read = answerer._reader.read(understood, retrieval)
        assert (read[0].place.source_id, read[0].place.block) == (
            retrieval.places[0].source_id,
            retrieval.places[0].block,
        )
        assert read[0].start == min(found.start for found in read if found.place == read[0].place)
        assert read[0].score > read[1].score


def test_digests_alone_cannot_be_left_out(park_index: PassageIndex) -> None:
    assert all(applies(part, park_index) for part in PARTS)
    bare = copy(park_index)
    bare.editions = {key: edition for key, edition in park_index.editions.items() if key.endswith("digest")}
    assert not applies("no digests", bare)


def test_ablations_are_compared_with_the_whole(
    arguments: argparse.Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ablate.ablate(arguments) == 0
    rows = json.loads((arguments.out / "ablations.json").read_text(encoding="utf-8"))["editions"]["bundled"]
    assert [row["name"] for row in rows] == ["whole program", *PARTS]
    whole = rows[0]
    assert whole["differences"]["g"]["difference"] == 0.0
    for row in rows[1:]:
        assert row["differences"]["g"]["difference"] == pytest.approx(row["A"] - whole["A"])
    assert "| no lexical |" in capsys.readouterr().out
