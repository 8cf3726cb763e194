"""The other doors: streams, passages, OpenAI's protocol, exports, feedback, limits and figures."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from ui_calls import run_apart

from eval.feedback import FEEDBACK_NAME, drafts, read_feedback
from rag.export.formats import FORMATS
from rag.verify_export import verify_export
from ui.feedback import FILE_NAME, append_feedback
from ui.limits import Busy, Gate, Rates
from ui.routes.completions import marked_text
from ui.running import Settings
from ui.server import create_app
from ui.service import Service

ENGLISH = "What does the Declaration say of harm?"


class Door:
    """One server without the page, called without a network."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self.app = create_app(service, with_page=False, settings=settings)

    def call(self, method: str, path: str, *, client: str = "127.0.0.1", **request: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(client, 4711))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as caller:
                return await caller.request(method, path, **request)

        return run_apart(send())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path, result_folders=(tmp_path / "runs",))


@pytest.fixture
def door(service: Service, settings: Settings) -> Door:
    return Door(service, settings)


def events(text: str) -> list[tuple[str, Any]]:
    return [
        (re.search("^event: (.*)$", block, re.M)[1], json.loads(re.search("^data: (.*)$", block, re.M)[1]))  # type: ignore[index]
        for block in text.strip().split("\n\n")
    ]


def test_stream_sends_evidence_then_claims_then_the_record(door: Door) -> None:
    """Server-sent events end with what JSON would have given."""
    response = door.call("POST", "/v1/ask", json={"question": ENGLISH}, headers={"accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    seen = events(response.text)
    assert [name for name, _ in seen] == ["evidence", "claim", "claim", "answer"]
    plain = door.call("POST", "/v1/ask", json={"question": ENGLISH}).json()
    assert seen[-1][1] == plain
    assert [claim for name, claim in seen if name == "claim"] == plain["claims"]


def test_a_broken_stream_tells_so_in_one_sentence(door: Door) -> None:
    """The status is sent already, so the last event says that it failed, and nothing about the machine."""
    response = door.call("POST", "/v1/ask", json={"question": "!", "stream": True})
    assert events(response.text)[-1][0] == "error"
    assert "private" not in response.text


def test_passages_are_found_and_filtered(door: Door) -> None:
    """Search without an answer; each passage is the slice that it names."""
    found = door.call("GET", "/v1/passages", params={"q": "灯", "limit": 2}).json()
    assert len(found["passages"]) == 2
    assert found["index"] == "0123456789abcdef"
    chinese = door.call("GET", "/v1/passages", params={"q": "灯", "language": "zh"}).json()["passages"]
    assert {passage["language"] for passage in chinese} == {"zh"}
    assert door.call("GET", "/v1/passages").status_code == 422
    assert door.call("GET", "/v1/passages", params={"q": "x", "limit": 99}).status_code == 422


def test_completions_speak_openai(door: Door) -> None:
    """The message's marked stretches are what the annotations say; a system message is not obeyed."""
    body = {
        "model": "any", "temperature": 0,
        "messages": [{"role": "system", "content": "Say hello."}, {"role": "user", "content": [{"type": "text", "text": ENGLISH}]}],
    }  # fmt: skip
    completion = door.call("POST", "/v1/chat/completions", json=body).json()
    message = completion["choices"][0]["message"]
    assert completion["object"] == "chat.completion"
    assert message["content"].startswith("There is potential for serious, even catastrophic, harm. [1]")
    for note in message["annotations"]:
        cited = note["url_citation"]
        assert note["quote"] in message["content"][cited["start_index"] : cited["end_index"]]
        assert cited["url"].startswith("https://www.gov.uk/d#:~:text=")
    streamed = door.call("POST", "/v1/chat/completions", json={**body, "stream": True}).text
    chunks = [json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: {")]
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == message["content"]
    notes = [note for chunk in chunks for note in chunk["choices"][0]["delta"].get("annotations", [])]
    assert notes == message["annotations"] != []
    assert streamed.rstrip().endswith("data: [DONE]")
    assert door.call("GET", "/v1/models").json()["data"][0]["id"] == "bletchley-qa"


def test_a_message_ends_with_what_is_left_open(service: Service) -> None:
    """A note stands after the claims; the reason of a declined question is the message."""
    answered = replace(service.answerer.answer(ENGLISH), reason="Nobody says who pays.")
    assert marked_text(answered).startswith("There is potential")
    assert marked_text(answered).endswith("\nNobody says who pays.")
    declined = service.answerer.answer("Who pays?")
    assert marked_text(declined).strip() == declined.reason


@pytest.mark.parametrize(
    "messages", [[], [{"role": "assistant", "content": "x"}], [{"role": "user", "content": "x" * 2001}]]
)
def test_completions_without_a_question_are_refused(door: Door, messages: list[object]) -> None:
    """One sentence, and no answer."""
    response = door.call("POST", "/v1/chat/completions", json={"messages": messages})
    assert response.status_code == 422
    assert list(response.json()) == ["error"]


@pytest.mark.parametrize("name", FORMATS)
def test_exports_come_as_files_that_verify(door: Door, service: Service, tmp_path: Path, name: str) -> None:
    """What was asked can be taken away in every format, and every quote holds."""
    ids = [door.call("POST", "/v1/ask", json={"question": q}).json()["id"] for q in (ENGLISH, "宣言说了什么？")]
    response = door.call("GET", f"/page/export/{name}", params={"answers": ",".join(ids), "language": "zh-CN"})
    assert response.status_code == 200
    file_name = re.search('attachment; filename="([^"]+)"', response.headers["content-disposition"])
    assert file_name is not None
    path = tmp_path / file_name[1]
    path.write_bytes(response.content)
    check = verify_export(path, service.shelf.editions)
    assert (check.problems, check.quotes) == ([], 2)
    assert door.call("GET", f"/page/export/{name}", params={"answers": "0" * 16}).status_code == 404


def test_unknown_export_formats_are_refused(door: Door) -> None:
    """The sentence names those that there are."""
    assert "bibtex" in door.call("GET", "/page/export/exe", params={"answers": "0" * 16}).json()["error"]


def test_feedback_becomes_a_case_draft(door: Door, tmp_path: Path) -> None:
    """A verdict is one line with answer and index id; `eval feedback` makes drafts of the bad ones."""
    asked = door.call("POST", "/v1/ask", json={"question": ENGLISH}).json()
    body = {"answer_id": asked["id"], "verdict": "bad", "reason": "wrong_citation", "comment": "第二句不对\n<b>"}
    assert door.call("POST", "/v1/feedback", json=body).status_code == 201
    assert door.call("POST", "/v1/feedback", json={"answer_id": asked["id"], "verdict": "good"}).status_code == 201
    rows = read_feedback(tmp_path / FILE_NAME)
    assert [row["verdict"] for row in rows] == ["bad", "good"]
    assert (rows[0]["answer_id"], rows[0]["index"]) == (asked["id"], "0123456789abcdef")
    assert "第二句不对" in (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    found = list(drafts(rows))
    assert [(draft["question"], draft["expect"]) for draft in found] == [(ENGLISH, "answer")]
    assert FEEDBACK_NAME == FILE_NAME


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"answer_id": "0" * 16}, 404),
        ({"answer_id": "../../x"}, 422),
        ({"verdict": "maybe"}, 422),
        ({"reason": "because"}, 422),
        ({"comment": "x" * 1001}, 422),
    ],
)
def test_unfit_feedback_is_refused(door: Door, tmp_path: Path, change: dict[str, str], status: int) -> None:
    """Nothing is written for answers that were not given, or for verdicts that do not exist."""
    asked = door.call("POST", "/v1/ask", json={"question": ENGLISH}).json()
    body = {"answer_id": asked["id"], "verdict": "bad", **change}
    assert door.call("POST", "/v1/feedback", json=body).status_code == status
    assert not (tmp_path / FILE_NAME).exists()


def test_other_sites_cannot_judge(door: Door) -> None:
    """A page elsewhere is refused by its origin."""
    body = {"answer_id": "0" * 16, "verdict": "good"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert door.call("POST", "/v1/feedback", json=body, headers=headers).status_code == 403


def test_feedback_lines_never_mix(tmp_path: Path) -> None:
    """Many writers at once, and a line that a crash cut short: every later line is whole."""
    (tmp_path / FILE_NAME).write_text('{"cut', encoding="utf-8")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_feedback(tmp_path, {"n": n, "text": "字" * 3000}), range(40)))
    rows = read_feedback(tmp_path / FILE_NAME)
    assert sorted(row["n"] for row in rows) == list(range(40))


def test_figures_for_prometheus(door: Door) -> None:
    """Questions by status, and the index in use."""
    door.call("POST", "/v1/ask", json={"question": ENGLISH})
    text = door.call("GET", "/metrics").text
    assert 'bletchley_questions_total{door="ask",status="answered"} 1.0' in text
    assert 'bletchley_index_info{index="0123456789abcdef"} 1.0' in text


def test_fifty_askers_get_answers(service: Service, settings: Settings) -> None:
    """Fifty at once: no error, and never more at work than allowed."""
    working, most, lock = 0, 0, threading.Lock()
    answerer: Any = service.answerer
    known = answerer.answer

    def counted(*given: Any, **named: Any) -> Any:
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
        time.sleep(0.01)
        try:
            return known(*given, **named)
        finally:
            with lock:
                working -= 1

    answerer.answer = counted
    app = create_app(service, with_page=False, settings=settings)

    async def crowd() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as caller:
            asked = [caller.post("/v1/ask", json={"question": ENGLISH}, timeout=30) for _ in range(50)]
            return [response.status_code for response in await asyncio.gather(*asked)]

    assert run_apart(crowd()) == [200] * 50
    assert 1 < most <= settings.at_once


def test_beyond_the_queue_is_one_sentence(service: Service, tmp_path: Path) -> None:
    """When all places are taken the rest is told when to come back, at once."""
    answerer: Any = service.answerer
    answerer.delay = 0.2
    app = create_app(service, with_page=False, settings=Settings(data_folder=tmp_path, at_once=1, waiting=1))

    async def crowd() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as caller:
            asked = [caller.post("/v1/ask", json={"question": ENGLISH}, timeout=30) for _ in range(6)]
            return list(await asyncio.gather(*asked))

    responses = run_apart(crowd())
    assert sorted(response.status_code for response in responses) == [200, 200, 503, 503, 503, 503]
    refused = next(response for response in responses if response.status_code == 503)
    assert refused.headers["retry-after"] == "5"
    assert "please ask again" in refused.json()["error"]


def test_waiting_has_an_end() -> None:
    """Who waits longer than the patience is told so, and leaves no place taken."""

    async def scene() -> int:
        gate = Gate(1, 5, patience_seconds=0.05)
        slow = asyncio.create_task(gate.run(time.sleep, 0.2))
        await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            await gate.run(time.sleep, 0)
        await slow
        return gate.inside

    assert run_apart(scene()) == 0


def test_rates_hold_for_others_only(service: Service, tmp_path: Path) -> None:
    """An address elsewhere gets its share a minute; this machine is not counted, nor are pages."""
    door = Door(service, Settings(data_folder=tmp_path, requests_a_minute=2))
    codes = [door.call("GET", "/v1/models", client="203.0.113.9").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert door.call("GET", "/v1/models", client="203.0.113.10").status_code == 200
    assert door.call("GET", "/healthz", client="203.0.113.9").status_code == 200
    assert [door.call("GET", "/v1/models").status_code for _ in range(5)] == [200] * 5


def test_a_share_fills_up_again() -> None:
    """Two a minute: after half a minute there is one more."""
    now = [0.0]
    rates = Rates(lambda *_: None, a_minute=2, clock=lambda: now[0])  # type: ignore[arg-type, return-value]
    assert [rates._may("a") for _ in range(3)] == [True, True, False]
    now[0] = 30.0
    assert [rates._may("a") for _ in range(2)] == [True, False]
