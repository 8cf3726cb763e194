"""Misspelt names in questions."""

from __future__ import annotations

import pytest

from index.store import PassageIndex
from rag.answer import Status
from rag.answerer import Answerer
from rag.spelling import Spelling

SPELLING = Spelling(["pinewood charter", "the harbour treaty", "松林宪章"])


def is_known(term: str) -> bool:
    return term in {"charter", "pinewood"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Who signed the Pinwood Charter?", "Who signed the Pinewood Charter?"),
        ("the harbor treaty", "the harbour treaty"),
        ("Pinewoods", "Pinewoods"),
        ("Pinewood", "Pinewood"),
        ("Spinewood", "Spinewood"),
        ("Pine", "Pine"),
        ("松林宪张", "松林宪张"),
    ],
)
def test_only_unknown_words_near_a_name_are_put_right(typed: str, meant: str) -> None:
    assert SPELLING.respelled(typed, is_known) == meant


def test_a_misspelt_name_is_understood_and_shown_as_understood(bundled_index: PassageIndex) -> None:
    answer = Answerer(bundled_index).answer("Who signed the Bletchly Declaration?")
    assert answer.status is Status.ANSWERED
    assert answer.question == "Who signed the Bletchly Declaration?"
    assert answer.standalone == "Who signed the Bletchley Declaration?"
    assert answer.claims[0].citations[0].source_id == "bletchley-declaration"


def test_a_question_that_is_spelt_well_is_left_alone(bundled_index: PassageIndex) -> None:
    assert Answerer(bundled_index).answer("Who signed the Bletchley Declaration?").standalone is None
