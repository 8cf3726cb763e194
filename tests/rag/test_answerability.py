"""Answerability: the formula, the words of a question, and that the committed data gives the weights that ship."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from library_questions import UNANSWERABLE, readers_questions

from index.store import PassageIndex
from rag.answerability import SIGNS, Answerability, Signs, shipped, wording
from rag.answerer import Answerer
from rag.knowledge import Knowledge
from rag.training.answerability import NEAR_MISSES_FILE, Example, area, main, train_words
from sources.library import digest_files, read_digest
from sources.locator import is_within

SURE = Signs(0.9, 0.1, 0.8, 0.8, 0.4, 1.0, 2.0, -2.0)


def test_the_logit_is_the_weighted_sum_of_the_signs() -> None:
    model = Answerability(-1.0, dict.fromkeys(SIGNS, 0.5) | {"near_miss": -2.0}, 0.0, {})
    assert model.logit(SURE) == pytest.approx(-1.0 + 0.5 * (0.9 + 0.1 + 0.8 + 0.8 + 0.4 + 1.0 + 2.0) - 2.0 * -2.0)


def test_words_of_a_near_miss_add_up() -> None:
    model = Answerability(0.0, {}, -1.0, {"so far": 0.7, "far": 0.2, "^has": 0.1, "unheard": 9.0})
    assert model.near_miss("Has it been used so far?", ()) == pytest.approx(-1.0 + 0.7 + 0.2 + 0.1)


def test_the_wording_holds_no_name() -> None:
    knowledge = Knowledge.load({})
    text = "How did Elon Musk vote?"
    assert wording(text, knowledge.mentions(text)) == {"how", "did", "vote", "how did", "did vote", "^how"}
    text = "马斯克投了票吗"
    assert "马" not in wording(text, knowledge.mentions(text))


def test_every_sign_that_ships_counts_as_it_should() -> None:
    """More of what speaks for an answer makes it likelier, more of what speaks against it less."""
    sure = shipped().logit(SURE)
    for name in SIGNS:
        less = shipped().logit(replace(SURE, **{name: getattr(SURE, name) - 0.05}))
        assert (less > sure) is (name == "near_miss"), name


def test_a_word_of_near_misses_alone_weighs_against_an_answer() -> None:
    near = [Example(f"n{number}", False, frozenset({"cost", "what"})) for number in range(10)]
    twins = [Example(f"n{number}", True, frozenset({"duty", "what"})) for number in range(10)]
    _, words = train_words([*near, *twins])
    assert words["cost"] > 0.02 > abs(words["what"])
    assert "duty" not in words  # only words of near misses get a weight


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order() -> None:
    assert area([(True, 0.9), (False, 0.1), (True, 0.4), (False, 0.6)]) == 0.75
    assert area([(True, 0.5), (False, 0.5)]) == 0.5


def test_near_misses_come_with_twins_that_name_units() -> None:
    rows = [json.loads(line) for line in NEAR_MISSES_FILE.read_text(encoding="utf-8").splitlines()]
    units = {
        source: {entry.locator for entry in read_digest(source, paths)} for source, paths in digest_files().items()
    }
    for row in (row for row in rows if "source" in row):
        assert all(any(is_within(unit, at) for unit in units[row["source"]]) for at in row["locators"]), row
    assert len({row["question"] for row in rows}) == len(rows)


@pytest.mark.slow
def test_training_gives_the_weights_that_ship(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "weights.json")]) == 0
    told = Answerability(**json.loads((tmp_path / "weights.json").read_text(encoding="utf-8")))
    assert told.words.keys() == shipped().words.keys()
    assert told.weights == pytest.approx(shipped().weights, rel=0.1, abs=0.05)
    assert float(capsys.readouterr().out.rsplit(" ", 1)[-1]) >= 0.85


def test_readers_questions_that_are_answered_score_above_those_that_are_not(bundled_index: PassageIndex) -> None:
    """None of them was trained on."""
    answerer = Answerer(bundled_index)
    asked = [q for q in readers_questions() if q.held_out and q.kind not in ("unclear", "false_premise", "compare")]
    scores = [
        (question.kind not in UNANSWERABLE, answer.confidence)
        for question in asked[::2]
        if (answer := answerer.answer(question.text)).status.abstained
        or question.kind in UNANSWERABLE
        or question.answered_by(answer)
    ]
    assert area(scores) >= 0.8
