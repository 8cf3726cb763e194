"""Texts from the network: official ones by the catalogue, and any page by its address. Behind `ui.guard`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException

from ui.guard import administrator
from ui.refusals import refusal_language
from ui.routes.admin import check_room
from ui.running import Site

_Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]


class FetchBody(BaseModel):
    """Which sources of the catalogue to fetch; all where none is named."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[_Id], Field(max_length=200)] = []


class PageBody(BaseModel):
    """The address of a page to add."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://", max_length=2000)]


def fetching_routes(site: Site) -> APIRouter:
    """Start, watch and stop."""
    router = APIRouter()

    @router.post("/v1/fetch", status_code=202)
    def fetch(body: FetchBody, request: Request) -> dict[str, object]:
        """Fetch official texts in the background."""
        administrator(request, site.settings)
        catalogue = site.now().catalogue
        unknown = [name for name in body.ids if name not in catalogue]
        if unknown:
            raise HTTPException(404, f"No source {unknown[0]!r} is in the catalogue; take an id from the sources page.")
        _started(site.fetching.fetch_official(catalogue, body.ids))
        return site.fetching.progress.record(refusal_language(request))

    @router.post("/v1/fetch/page", status_code=202)
    def add(body: PageBody, request: Request) -> dict[str, object]:
        """Add the text at an address, in the background."""
        administrator(request, site.settings)
        check_room(site)
        _started(site.fetching.add_page(site.now().catalogue, body.url))
        return site.fetching.progress.record(refusal_language(request))

    @router.get("/v1/fetch")
    def progress(request: Request) -> dict[str, object]:
        """Where the latest job stands."""
        administrator(request, site.settings)
        return site.fetching.progress.record(refusal_language(request))

    @router.delete("/v1/fetch", status_code=202)
    def stop(request: Request) -> dict[str, object]:
        """End the job after the page being read; what was read stays."""
        administrator(request, site.settings)
        site.fetching.stop()
        return site.fetching.progress.record(refusal_language(request))

    return router


def _started(is_started: bool) -> None:
    if not is_started:
        raise HTTPException(409, "Texts are being fetched; wait until that is done, or stop it.")
