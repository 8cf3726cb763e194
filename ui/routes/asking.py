"""`POST /v1/ask` and `GET /v1/passages`: cited answers as JSON or as server-sent events, and plain search."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from index.passage import Hit
from rag.answer import Answer
from rag.question import Turn
from rag.record import answer_record
from ui.conversation import QUESTION_LIMIT, evidence
from ui.kept import answer_id
from ui.limits import Busy
from ui.routes.schemas import AskRecord, PassagesRecord, refusals
from ui.running import Site

_TURN_LIMIT = 20
_TURN_CHARACTERS = 8000
_EVENTS = "text/event-stream"
_log = logging.getLogger(__name__)


class TurnBody(BaseModel):
    """One earlier message."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    content: Annotated[str, StringConstraints(max_length=_TURN_CHARACTERS)]


class AskBody(BaseModel):
    """A question, what was said before it, and the language the answer shall have."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_LIMIT)]
    history: Annotated[list[TurnBody], Field(max_length=_TURN_LIMIT)] = []
    language: Literal["zh", "en"] | None = None
    stream: bool = False


def asking_routes(site: Site) -> APIRouter:
    """Questions and searches."""
    router = APIRouter()

    @router.post(
        "/v1/ask",
        response_model=None,
        responses={200: {"model": AskRecord, "content": {_EVENTS: {}}}, **refusals(413, 422, 429, 503)},
    )
    async def ask(body: AskBody, accept: Annotated[str, Header()] = "") -> Response:
        """Answer a question with cited passages; with `stream` the evidence first, then claim after claim."""
        if body.stream or accept.startswith(_EVENTS):
            found = await site.gate.run(evidence, site, body.question)  # refuses here, while a status can be sent
            return StreamingResponse(
                _events(site, body, found), media_type=_EVENTS, headers={"Cache-Control": "no-store"}
            )
        return JSONResponse(record_of(await _answered(site, body)))

    @router.get(
        "/v1/passages", response_model=None, responses={200: {"model": PassagesRecord}, **refusals(422, 429, 503)}
    )
    async def passages(
        q: Annotated[str, Query(min_length=1, max_length=QUESTION_LIMIT, description="what to search for")],
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
        language: Annotated[Literal["zh", "en"] | None, Query(description="only texts in this language")] = None,
    ) -> dict[str, object]:
        """The passages that a search finds, best first, with their scores and ranks by method."""
        now = site.now()
        wanted = limit if language is None else 8 * limit
        hits = await site.gate.run(now.shelf.search, q, limit=wanted)
        shown = [hit for hit in hits if language in (None, hit.passage.language)][:limit]
        return {"query": q, "index": now.shelf.id, "passages": [passage_record(hit) for hit in shown]}

    return router


def record_of(answer: Answer) -> dict[str, object]:
    """The run record with the id that feedback and exports refer to."""
    return answer_record(answer, case_id=answer_id(answer))


def passage_record(hit: Hit) -> dict[str, object]:
    """One found passage as JSON, with its text."""
    passage = hit.passage
    return {
        "edition_key": passage.edition_key,
        "source_id": passage.source_id,
        "language": passage.language,
        "origin": passage.origin.value,
        "locator": passage.locator,
        "start": passage.start,
        "end": passage.end,
        "context": passage.context,
        "text": passage.text,
        "score": round(hit.score, 6),
        "scores": {method.value: round(score, 6) for method, score in hit.scores.items()},
        "ranks": {method.value: rank for method, rank in hit.ranks.items()},
    }


def event(name: str, data: object) -> str:
    """One server-sent event; JSON holds no line break, so it is one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def _answered(site: Site, body: AskBody) -> Answer:
    turns = [Turn(turn.role, turn.content) for turn in body.history]
    return await site.gate.run(site.answer, body.question, turns, body.language, "ask")


async def _events(site: Site, body: AskBody, found: tuple[Hit, ...]) -> AsyncIterator[str]:
    yield event("evidence", [passage_record(hit) for hit in found])
    try:
        record = record_of(await _answered(site, body))
    except Busy as error:
        yield event("error", {"error": str(error)})
        return
    except Exception:  # noqa: BLE001 — the status is sent already, so the stream must tell
        _log.exception("a streamed question could not be answered")
        yield event("error", {"error": "An internal error occurred and was logged; please retry."})
        return
    claims = record["claims"]
    for claim in claims if isinstance(claims, list) else []:
        yield event("claim", claim)
    yield event("answer", record)
