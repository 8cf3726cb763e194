"""`POST /v1/chat/completions` as OpenAI's clients speak it; citations stand in the message's annotations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException

from rag.answer import Answer, Citation
from rag.export.address import canonical_address
from rag.question import Turn
from rag.record import citation_record
from ui.claims import number_citations
from ui.conversation import QUESTION_LIMIT
from ui.kept import answer_id
from ui.panel import text_fragment
from ui.reference import citation_fragment
from ui.running import Site

MODEL = "bletchley-qa"


class TextPart(BaseModel):
    """A piece of a message; only text is read."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]
    text: Annotated[str, StringConstraints(max_length=20_000)]


class MessageBody(BaseModel):
    """One message; what a system message says is not obeyed."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, StringConstraints(max_length=20_000)] | list[TextPart]

    @property
    def text(self) -> str:
        """The words of the message."""
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class CompletionBody(BaseModel):
    """What is used of a request; sampling settings have no meaning here and are ignored."""

    model_config = ConfigDict(extra="ignore")

    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=100)]
    stream: bool = False


def completion_routes(site: Site) -> APIRouter:
    """The two addresses that such clients use."""
    router = APIRouter()

    @router.get("/v1/models")
    def models() -> dict[str, object]:
        """The one model there is."""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]}

    @router.post("/v1/chat/completions", response_model=None)
    async def complete(body: CompletionBody) -> Response:
        """Answer the last message in the light of those before it."""
        spoken = [message for message in body.messages if message.role in ("user", "assistant")]
        question = spoken[-1].text.strip() if spoken and spoken[-1].role == "user" else ""
        if not question or len(question) > QUESTION_LIMIT:
            raise HTTPException(
                422, f"The last message must be the user's, of 1 to {QUESTION_LIMIT} characters; send it again."
            )
        turns = [Turn(message.role, message.text) for message in spoken[:-1][-12:]]
        answer = await site.gate.run(site.answer, question, turns, None, "completions")
        if body.stream:
            return StreamingResponse(_chunks(answer, site), media_type="text/event-stream")
        return JSONResponse(_completion(answer, site))

    return router


def _completion(answer: Answer, site: Site) -> dict[str, object]:
    message = {"role": "assistant", "content": marked_text(answer), "annotations": citation_annotations(answer, site)}
    return {
        **_head(answer, "chat.completion"),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        "bletchley": {"status": answer.status.value, "index": answer.index_id, "language": answer.language},
    }


def _chunks(answer: Answer, site: Site) -> Iterator[str]:
    pieces = [piece for _, piece in _pieces(answer)]
    deltas: list[dict[str, object]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in pieces]
    deltas.append({"annotations": citation_annotations(answer, site)})
    for delta in deltas:
        yield _chunk(answer, delta, None)
    yield _chunk(answer, {}, "stop")
    yield "data: [DONE]\n\n"


def _chunk(answer: Answer, delta: dict[str, object], reason: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {**_head(answer, "chat.completion.chunk"), "choices": [choice]}
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def _head(answer: Answer, kind: str) -> dict[str, object]:
    return {"id": f"chatcmpl-{answer_id(answer)}", "object": kind, "created": 0, "model": MODEL}


def _pieces(answer: Answer) -> Iterator[tuple[tuple[Citation, ...], str]]:
    """The text in pieces, claim by claim with markers; joined they are the message."""
    if answer.reason and not answer.note:
        yield (), answer.reason + ("\n" if answer.claims else "")
    numbers = number_citations(answer.claims)
    for position, claim in enumerate(answer.claims):
        marks = "".join(f"[{numbers[(c.edition_key, c.start, c.end)]}]" for c in claim.citations)
        start = ("\n" if position else "") + (f"{claim.heading}: " if claim.heading else "")
        yield claim.citations, f"{start}{claim.text} {marks}"
    if answer.note:
        yield (), f"\n{answer.note}"


def marked_text(answer: Answer) -> str:
    """The whole message: the reason if there is one, the claims with numbered markers, and what they leave open."""
    return "".join(piece for _, piece in _pieces(answer))


def citation_annotations(answer: Answer, site: Site) -> list[dict[str, object]]:
    """One `url_citation` a citation: the characters of the message that rest on it, its address, and our own fields."""
    found: list[dict[str, object]] = []
    at = 0
    for citations, piece in _pieces(answer):
        for citation in citations:
            address = {"url": _address(citation, site), "title": f"{citation.title} · {citation.place}"}
            span = {"start_index": at, "end_index": at + len(piece)}
            found.append({"type": "url_citation", "url_citation": {**span, **address}, **citation_record(citation)})
        at += len(piece)
    return found


def _address(citation: Citation, site: Site) -> str:
    """The published page at the quote, or the place in our own page where none is published."""
    now = site.now()
    edition = now.shelf.editions.get(citation.edition_key)
    url = canonical_address(edition, now.catalogue.get(citation.source_id)) if edition is not None else ""
    return url + text_fragment(citation.quote, citation.language) if url else "/" + citation_fragment(citation)
