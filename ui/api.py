"""The HTTP interface beside the page: every door in one router, health and figures, and errors as one sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from index.errors import StoreUnavailable
from ui.files import PAGE_FILES, page_text
from ui.limits import Busy, out_of_reach
from ui.metrics import MEDIA_TYPE
from ui.pages.api_page import api_page
from ui.pages.routes import site_pages
from ui.pages.shell import page_response, reader_language
from ui.panel import Spot, empty_panel, missing_panel, source_panel
from ui.refusals import refusal_language, refused_in
from ui.routes.admin import admin_routes
from ui.routes.asking import asking_routes
from ui.routes.completions import completion_routes
from ui.routes.evidence import evidence_route
from ui.routes.fetching import fetching_routes
from ui.routes.schemas import refusals
from ui.routes.taking import taking_routes
from ui.running import Site

_log = logging.getLogger(__name__)


def routes(site: Site) -> APIRouter:
    """All routes that are ours."""
    router = APIRouter()
    page_doors = (evidence_route, site_pages)
    for doors in (asking_routes, completion_routes, taking_routes, admin_routes, fetching_routes, *page_doors):
        router.include_router(doors(site))
    _add_health_routes(router, site)
    _add_page_routes(router, site)
    _add_description(router)
    return router


def _add_description(router: APIRouter) -> None:
    @router.get("/api", include_in_schema=False)
    def api(request: Request) -> HTMLResponse:
        """What this interface offers, to read."""
        return page_response(request, reader_language(request), "api", "HTTP API", api_page(request.app.openapi()))


def _add_health_routes(router: APIRouter, site: Site) -> None:
    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        """Whether the process is alive."""
        return {"status": "ok"}

    @router.get("/readyz", response_model=None, responses=refusals(503))
    def readyz() -> dict[str, object] | JSONResponse:
        """Whether questions can be answered, and from what."""
        shelf = site.now().shelf
        try:
            shelf.search("AI", limit=1)
        except StoreUnavailable as error:
            record = {"status": "unavailable", "index": shelf.id, "error": str(out_of_reach(error))}
            return JSONResponse(record, 503, {"Retry-After": str(Busy.seconds)})
        editions = shelf.editions.values()
        return {
            "status": "ready",
            "index": shelf.id,
            "sources": len({edition.source_id for edition in editions}),
            "editions": len(editions),
            "units": sum(len(edition.units) for edition in editions),
        }

    @router.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        """Figures for Prometheus."""
        return Response(site.metrics.text(site.now().shelf.id), media_type=MEDIA_TYPE)


def _add_page_routes(router: APIRouter, site: Site) -> None:
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
        found = source_panel(site.now(), Spot(edition, start, end, check), language)
        return HTMLResponse(found) if found is not None else HTMLResponse(missing_panel(language), status_code=404)

    @router.get("/page/{name}", include_in_schema=False)
    def page_file(name: str) -> Response:
        """The page's own style sheets, scripts and icon; nothing else."""
        if name not in PAGE_FILES:
            raise HTTPException(404, "There is no such page file.")
        return Response(
            page_text(name),
            media_type=PAGE_FILES[name],
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )


def add_error_handlers(app: FastAPI, site: Site) -> None:
    """Make every error one sentence of JSON in the reader's language, without traces, paths or what was sent."""

    def busy(request: Request, error: Exception) -> JSONResponse:
        site.metrics.refused()
        return _sentence(request, str(error), 503, {"Retry-After": str(Busy.seconds)})

    handlers: list[tuple[type[Exception], Callable[[Request, Exception], JSONResponse]]] = [
        (RequestValidationError, _invalid),
        (HTTPException, _refused),
        (Busy, busy),
        (Exception, _broken),
    ]
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": "it is malformed"}
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query")) or "body"
    return _sentence(
        request, f"Field {field!r} of the request is not valid ({first['msg']}); correct it and send it again.", 422
    )


def _refused(request: Request, error: Exception) -> JSONResponse:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return _sentence(request, detail or "The request was refused.", status)


def _broken(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _sentence(request, "An internal error occurred and was logged; please retry.", 500)


def _sentence(request: Request, sentence: str, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A refusal as JSON, in the language of who reads it."""
    return JSONResponse({"error": refused_in(sentence, refusal_language(request))}, status, headers)
