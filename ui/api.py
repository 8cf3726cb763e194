"""The HTTP interface beside the page: `POST /v1/ask`, health, and the files and fragments the page needs."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException

from rag.question import Turn
from rag.record import answer_record
from ui.conversation import QUESTION_LIMIT
from ui.panel import Spot, empty_panel, missing_panel, source_panel
from ui.service import Service

_HERE = Path(__file__).parent
_PAGE_FILES = {"style.css": "text/css", "chat.js": "text/javascript", "icon.svg": "image/svg+xml"}
_TURN_LIMIT = 20
_TURN_CHARACTERS = 8000
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


def routes(service: Service) -> APIRouter:
    """All routes that are ours."""
    router = APIRouter()

    @router.post("/v1/ask")
    def ask(body: AskBody) -> dict[str, object]:
        """Answer a question with cited passages; the run record."""
        turns = [Turn(turn.role, turn.content) for turn in body.history]
        return answer_record(service.answerer.answer(body.question, history=turns, language=body.language))

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        """Whether the process is alive."""
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> dict[str, object]:
        """Whether questions can be answered, and from what."""
        editions = service.shelf.editions.values()
        return {
            "status": "ready",
            "index": service.shelf.id,
            "sources": len({edition.source_id for edition in editions}),
            "editions": len(editions),
            "units": sum(len(edition.units) for edition in editions),
        }

    _add_page_routes(router, service)
    return router


def _add_page_routes(router: APIRouter, service: Service) -> None:
    @router.get("/page/source", include_in_schema=False)
    def source(
        edition: Annotated[str, Query(max_length=200)] = "",
        start: Annotated[int, Query(ge=0, le=1 << 31)] = 0,
        end: Annotated[int, Query(ge=0, le=1 << 31)] = 0,
        check: Annotated[str, Query(max_length=64)] = "",
        language: Annotated[str, Query(max_length=35)] = "",
    ) -> HTMLResponse:
        """The source panel as a fragment of HTML."""
        if not edition:
            return HTMLResponse(empty_panel(language))
        found = source_panel(service, Spot(edition, start, end, check), language)
        return HTMLResponse(found) if found is not None else HTMLResponse(missing_panel(language), status_code=404)

    @router.get("/page/{name}", include_in_schema=False)
    def page_file(name: str) -> Response:
        """The page's own style sheet, script and icon; nothing else."""
        if name not in _PAGE_FILES:
            raise HTTPException(404, "There is no such page file.")
        return Response(
            page_text(name),
            media_type=_PAGE_FILES[name],
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )


@lru_cache(maxsize=len(_PAGE_FILES))
def page_text(name: str) -> str:
    """One of the page's own files."""
    return (_HERE / name).read_text(encoding="utf-8")


def page_address(name: str) -> str:
    """The relative address of a page file; it changes with the content, so browsers may keep the file."""
    version = hashlib.sha256(page_text(name).encode("utf-8")).hexdigest()[:10]
    return f"page/{name}?v={version}"


def add_error_handlers(app: FastAPI) -> None:
    """Make every error one sentence of JSON, without traces, paths or the text that was sent."""
    handlers: list[tuple[type[Exception], Callable[[Request, Exception], JSONResponse]]] = [
        (RequestValidationError, _invalid),
        (HTTPException, _refused),
        (Exception, _broken),
    ]
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": "it is malformed"}
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query")) or "body"
    return JSONResponse(
        {"error": f"Field {field!r} of the request is not valid ({first['msg']}); correct it and send it again."}, 422
    )


def _refused(request: Request, error: Exception) -> JSONResponse:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return JSONResponse({"error": detail or "The request was refused."}, status)


def _broken(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"error": "An internal error occurred and was logged; please retry."}, 500)
