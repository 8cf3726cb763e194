"""A conversation as it grows, and as it comes back from the browser."""

from __future__ import annotations

import json

import pytest

from rag.answer import Status
from ui.conversation import answer_safely, ask, history
from ui.kept import Kept, answer_id
from ui.records import exchange_records, restored
from ui.render import conversation_page
from ui.running import Site


def test_conversation_passes_history_and_hides_failures(site: Site) -> None:
    """A follow-up gets the earlier turns; an error becomes a sentence without the machine in it."""
    first = list(ask(site, (), " 宣言说了什么？ ", "zh-CN"))
    assert [step[-1].answer is None for step in first] == [True, False]
    turns = history(first[-1])
    assert [turn.role for turn in turns] == ["user", "assistant"]
    failed = answer_safely(site, first[-1], "!", "en")
    assert failed.status is Status.FAILED
    assert "private" not in failed.reason
    assert list(ask(site, (), "   ", "en")) == []
    assert answer_safely(site, (), "x" * 3000, "en").status is Status.FAILED


def test_evidence_comes_first_then_claim_after_claim(site: Site) -> None:
    """Each step shows more than the one before; only the last is whole and can be taken away."""
    steps = [step[-1] for step in ask(site, (), "What does the Declaration say of harm?", "en")]
    assert [len(step.answer.claims) if step.answer else 0 for step in steps] == [0, 1, 2]
    assert [step.is_pending for step in steps] == [True, True, False]
    assert len(steps[0].evidence) == 3
    pages = [conversation_page((step,), "en") for step in steps]
    assert "Found first" in pages[0]
    assert "take-away" not in pages[1]
    assert "page/export/markdown?answers=" in pages[2]


def test_an_old_generation_is_said_to_be_old(site: Site) -> None:
    """Each answer names its index, and whether another one answers now."""
    exchange = list(ask(site, (), "宣言说了什么？", "zh-CN"))[-1][-1]
    assert "来自较早的索引" not in conversation_page((exchange,), "zh-CN", index_id=site.now().shelf.id)
    assert "索引 0123456789ab" in conversation_page((exchange,), "zh-CN")
    assert "来自较早的索引 0123456789ab" in conversation_page((exchange,), "zh-CN", index_id="fedc")


def test_kept_exchanges_come_back_as_they_were(site: Site) -> None:
    """What the browser keeps gives the same page again; what is not ours is left out, and none of it is obeyed."""
    exchanges = (*list(ask(site, (), "宣言说了什么？", "zh-CN"))[-1], *list(ask(site, (), "谁赢了？", "zh-CN"))[-1])
    records = json.loads(json.dumps(exchange_records(exchanges)))
    again = restored(records, site.now().shelf.editions)
    assert [answer_id(e.answer) for e in again if e.answer] == [answer_id(e.answer) for e in exchanges if e.answer]
    first, second = conversation_page(exchanges, "zh-CN"), conversation_page(again, "zh-CN")
    assert first.split("<details")[0] == second.split("<details")[0]
    assert restored([{"question": 3}, "x", records[0] | {"status": "obeyed"}, records[1]], {})[0].question == "谁赢了？"
    assert restored("nonsense", {}) == ()


@pytest.mark.parametrize("most", [1, 3])
def test_kept_answers_are_bounded(site: Site, most: int) -> None:
    """The longest kept answers go first."""
    kept = Kept(most)
    names = [kept.keep(site.answer(f"问{n}？", (), None, "ask")) for n in range(4)]
    assert [name for name in names if kept.get(name)] == names[-most:]
