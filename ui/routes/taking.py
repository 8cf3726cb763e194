"""Taking answers away, and saying what is wrong with them: exports and feedback, both by answer id."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.exceptions import HTTPException

from rag.export.formats import FORMATS
from rag.export.note import Conversation
from ui.feedback import append_feedback, feedback_record
from ui.guard import same_origin
from ui.running import Site
from ui.texts import words

_ID = re.compile(r"^[0-9a-f]{16}$")
_MOST = 60
AnswerId = Annotated[str, StringConstraints(pattern=_ID.pattern)]
Reason = Literal["", "wrong_citation", "wrong_answer", "incomplete", "should_have_declined", "should_have_answered"]


class FeedbackBody(BaseModel):
    """A verdict on one answer."""

    model_config = ConfigDict(extra="forbid")

    answer_id: AnswerId
    verdict: Literal["good", "bad"]
    reason: Reason = ""
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


def taking_routes(site: Site) -> APIRouter:
    """Exports and feedback."""
    router = APIRouter()

    @router.get("/page/export/{name}", include_in_schema=False)
    def export(
        name: str,
        answers: Annotated[str, Query(max_length=17 * _MOST)] = "",
        language: Annotated[str, Query(max_length=35)] = "",
    ) -> Response:
        """A file with the answers named, comma between them."""
        if name not in FORMATS:
            raise HTTPException(404, f"There is no export format of that name; choose one of {', '.join(FORMATS)}.")
        kept = site.kept.all_of(names for names in answers.split(",") if _ID.match(names))
        if not kept:
            raise HTTPException(404, words(language)["no_longer_kept"])
        now = site.now()
        today = datetime.now(UTC).date()
        conversation = Conversation(kept, now.shelf.editions, now.catalogue, language, today)
        chosen = FORMATS[name]
        file_name = f"bletchley-qa-{today.isoformat()}.{chosen.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
        return Response(chosen.encode(conversation), media_type=chosen.media_type, headers=headers)

    @router.post("/v1/feedback", response_model=None)
    def feedback(body: FeedbackBody, request: Request) -> Response:
        """Keep a verdict on an answer that was given by this server."""
        same_origin(request)
        answer = site.kept.get(body.answer_id)
        if answer is None:
            raise HTTPException(404, "That answer is no longer kept; ask the question again and judge the new answer.")
        append_feedback(
            site.settings.data_folder, feedback_record(answer, body.answer_id, body.verdict, body.reason, body.comment)
        )
        site.metrics.judged(body.verdict)
        return JSONResponse({"status": "kept"}, 201)

    return router
