"""A chat whose index is rebuilt in a loop: no question fails, and no answer mixes two generations."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from tests_support import GARDEN_DECLARATION, GARDEN_LAW, make_edition

from index.build import build_index, rollback
from index.generations import current_generation
from index.live import LiveIndex
from rag.answer import Answer, Status
from rag.answerer import Answerer
from sources.catalogue import Catalogue
from sources.edition import Edition
from ui.service import LiveService

ASKERS, BUILDS = 20, 16
QUESTIONS = ("园林管理办法规定罚款多少元？", "How many oaks does the Pinewood Declaration resolve to plant?")
NAMES = {"garden-law": {"zh": ["园林管理办法"]}, "garden-declaration": {"en": ["The Pinewood Declaration"]}}


def version(number: int) -> list[Edition]:
    """Two texts, each of which tells the version's number where its question is answered."""
    return [
        make_edition("garden-declaration", "en", GARDEN_DECLARATION.replace("400 oaks", f"{number} oaks")),
        make_edition("garden-law", "zh", GARDEN_LAW.replace("五十元以上二百元", f"{number}元以上9000元")),
    ]


@pytest.mark.slow
def test_twenty_askers_under_rebuilds_get_whole_answers_of_one_generation(tmp_path: Path) -> None:
    numbers = {build_index(version(100), NAMES, tmp_path).id: 100}
    live = LiveService(LiveIndex(tmp_path), Catalogue(()), Answerer)
    stop, faults = threading.Event(), list[str]()
    answers: list[list[tuple[str, Answer]]] = [[] for _ in range(ASKERS)]

    def ask(asker: int) -> None:
        try:
            while not stop.is_set():
                service = live.now()
                answers[asker].append((service.shelf.id, service.answerer.answer(QUESTIONS[asker % 2])))
                time.sleep(0.01)  # or the builder would hardly get a turn
        except Exception as error:  # noqa: BLE001  any fault at all is what this looks for
            faults.append(repr(error))

    askers = [threading.Thread(target=ask, args=(asker,)) for asker in range(ASKERS)]
    for thread in askers:
        thread.start()
    for number in range(101, 101 + BUILDS):
        numbers[build_index(version(number), NAMES, tmp_path).id] = number
        if number % 8 == 0:
            rollback(tmp_path)
    time.sleep(0.2)
    stop.set()
    for thread in askers:
        thread.join(30)

    assert faults == []
    assert min(map(len, answers)) > 1
    given = [answer for of_asker in answers for answer in of_asker]
    assert len({identity for identity, _ in given}) > BUILDS / 4
    for identity, answer in given:
        assert answer.index_id == identity
        assert answer.status is Status.ANSWERED
        told = {int(found) for claim in answer.claims for found in re.findall(r"(?<!\d)\d{3}(?!\d)", claim.text)}
        quoted = {
            int(n)
            for claim in answer.claims
            for c in claim.citations
            for n in re.findall(r"(?<!\d)\d{3}(?!\d)", c.quote)
        }
        assert told == quoted == {numbers[identity]}
    assert live.now().shelf.id == current_generation(tmp_path).name
