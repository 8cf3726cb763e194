"""A conversation as it grows, and as it comes back from the browser."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from ui_browser import CHINESE
from ui_calls import call, run_apart

from rag.answer import Status
from ui.conversation import answer_safely, ask, history
from ui.kept import Kept, answer_id
from ui.limits import Rates
from ui.records import restored, stored
from ui.render import conversation_page, exchange_block
from ui.running import Site
from ui.server import create_app
from ui.service import Service


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
    again = restored(stored(exchanges), site.now().shelf.editions)
    records = json.loads(stored(exchanges))
    assert [answer_id(e.answer) for e in again if e.answer] == [answer_id(e.answer) for e in exchanges if e.answer]
    first, second = conversation_page(exchanges, "zh-CN"), conversation_page(again, "zh-CN")
    assert first.split("<details")[0] == second.split("<details")[0]
    assert restored([{"question": 3}, "x", records[0] | {"status": "obeyed"}, records[1]], {})[0].question == "谁赢了？"
    assert [restored(kept, {}) for kept in ("nonsense", "", "{}", "[[", 7, None, "[" * 100_000)] == [()] * 7


@pytest.mark.parametrize("most", [1, 3])
def test_kept_answers_are_bounded(site: Site, most: int) -> None:
    """The longest kept answers go first."""
    kept = Kept(most)
    names = [kept.keep(site.answer(f"问{n}？", (), None, "ask")) for n in range(4)]
    assert [name for name in names if kept.get(name)] == names[-most:]


def test_the_early_block_is_the_one_that_follows(site: Site, service: Service) -> None:
    """Same question, number and passages as the page's first step; markup is text; an empty question is refused."""
    app = create_app(service, with_page=False, settings=site.settings)
    asked = f"<b>{CHINESE}"
    early = call(app, "POST", "/page/evidence", json={"question": asked, "number": 3, "language": "zh-TW"})
    first = next(ask(site, (), asked, "zh-TW"))[-1]
    assert early.text == exchange_block(first, 3, "zh-TW")
    assert early.text.count("<li>") == 3
    assert "&lt;b&gt;" in early.text
    assert call(app, "POST", "/page/evidence", json={"question": " ", "number": 1}).status_code == 422


def test_early_evidence_is_rationed() -> None:
    """Somebody elsewhere cannot search by it without limit."""
    passed: list[str] = []

    async def page(scope: Any, _receive: object, _send: object) -> None:
        passed.append(scope["path"])

    async def visits() -> None:
        rates = Rates(page, a_minute=1)
        for path in ("/page/evidence", "/page/evidence", "/page/chat.js"):
            scope = {"type": "http", "path": path, "client": ("203.0.113.9", 1), "headers": []}
            await rates(scope, lambda: None, lambda _message: anyio.sleep(0))  # type: ignore[arg-type, return-value]

    run_apart(visits())
    assert passed == ["/page/evidence", "/page/chat.js"]
