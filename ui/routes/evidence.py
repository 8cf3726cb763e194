"""The passages found first, for the page's own script: on the screen before gradio's event has gone to and fro."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ui.conversation import QUESTION_LIMIT, searching
from ui.render import exchange_block
from ui.running import Site


class EarlyBody(BaseModel):
    """A question that is being sent, and which one of its conversation it is, from 1."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_LIMIT)]
    number: Annotated[int, Field(ge=1, le=10_000)]
    language: Annotated[str, StringConstraints(max_length=35)] = ""


def evidence_route(site: Site) -> APIRouter:
    """One address, for `early.js`."""
    router = APIRouter()

    @router.post("/page/evidence", include_in_schema=False)
    async def early(body: EarlyBody) -> HTMLResponse:
        """The very block that the conversation then shows while the answer is looked for."""
        exchange = await site.gate.run(searching, site, body.question, body.language)
        return HTMLResponse(exchange_block(exchange, body.number, body.language))

    return router
