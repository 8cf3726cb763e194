"""The program's own files may not know the cases: neither their words nor nearly their questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eval.case import Case
from eval.leaks import known_question_problems, leak_problems
from sources.known_questions import KnownQuestion

NewCase = Callable[..., Case]


def test_the_answer_path_may_not_hold_a_question(tmp_path: Path, new_case: NewCase) -> None:
    (tmp_path / "rag").mkdir()
    (tmp_path / "rag" / "trick.py").write_text('CHEAT = {"折了树枝最多要交多少钱？": "200元"}', encoding="utf-8")
    assert list(leak_problems([new_case()], tmp_path)) == [
        f"x: '折了树枝最多要交多少钱？' stands in {Path('rag') / 'trick.py'}; the program may not know the cases."
    ]


@pytest.mark.parametrize("name", ["rag/settings.toml", "index/words.json", "sources/readers/deep.py"])
def test_configuration_may_not_hold_a_question_either(tmp_path: Path, new_case: NewCase, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("x = '折了树枝最多要交多少钱？'", encoding="utf-8")
    assert len(list(leak_problems([new_case()], tmp_path))) == 1


def test_what_states_the_facts_may_state_the_answer(tmp_path: Path, new_case: NewCase) -> None:
    for name in ("sources/library/park.toml", "sources/catalogue.toml", "index/model/tokenizer.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("折了树枝最多要交多少钱？", encoding="utf-8")
    assert list(leak_problems([new_case()], tmp_path)) == []


def test_of_a_list_of_everyday_words_what_people_say_may_not_be_a_question(tmp_path: Path, new_case: NewCase) -> None:
    path = tmp_path / "rag" / "everyday" / "zh.txt"
    path.parent.mkdir(parents=True)
    path.write_text("折了树枝最多要交多少钱？ = 罚金", encoding="utf-8")  # a word of the digests
    assert list(leak_problems([new_case()], tmp_path)) == []
    path.write_text("罚款 = 罚金, 折了树枝最多要交多少钱？", encoding="utf-8")
    assert len(list(leak_problems([new_case()], tmp_path))) == 1


@pytest.mark.parametrize(
    ("text", "is_near"),
    [
        ("折了树枝最多要交多少钱？", True),
        ("折了树枝，最多要交多少錢", True),  # the same when folded
        ("折了公园的树枝最多要交多少钱？", True),
        ("踩了草地最多要交多少钱？", False),
        ("谁来收树枝的罚款？", False),
    ],
)
def test_a_known_question_may_not_be_nearly_a_cases_own(new_case: NewCase, text: str, is_near: bool) -> None:
    known = KnownQuestion("park-rules", "art3.1", 1, "zh", text)
    told = list(known_question_problems([new_case()], [known]))
    assert told == (["x: nearly a known question of park-rules art3.1; remove that one."] if is_near else [])
